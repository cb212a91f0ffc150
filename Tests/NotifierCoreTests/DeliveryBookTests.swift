import CareDomain
import Testing

@testable import NotifierCore

@Suite("送达簿")
struct DeliveryBookTests {
    private struct Key: DeliveryKey {
        let owner: Int
        let notice: EventReference
        let channel = Code(unchecked: "hook")
        var seed: UInt64 { 1 }

        init(_ owner: Int, _ notice: UInt64) {
            self.owner = owner
            self.notice = EventReference(sequence: notice)
        }

        static func < (left: Key, right: Key) -> Bool { (left.owner, left.notice) < (right.owner, right.notice) }
    }

    private static func book(attempts: Int = 3, posts: Int = 2, room: Int = 4) -> DeliveryBook<Key> {
        DeliveryBook(
            NotifierConfiguration(
                channels: [], retry: RetrySchedule(attempts: attempts, first: .seconds(2), longest: .seconds(8)),
                maximumDeliveries: room, maximumPosts: posts))
    }

    private static func posts(_ attempts: [DeliveryBook<Key>.Attempt]) -> [Key] {
        attempts.compactMap { if case .post(let key, _) = $0 { key } else { nil } }
    }

    @Test("同时发出的不多于限数，先来先发；一件有了答复，下一件才发")
    func postsInTurn() {
        var book = Self.book()
        let keys = (1...4).map { Key(1, $0) }
        for key in keys { book.start(key, isPost: true, content: [1], isRepeat: false) }
        #expect(!book.hasRoom)
        #expect(Self.posts(book.takePosts()) == Array(keys[..<2]))
        #expect(Self.posts(book.takePosts()).isEmpty)
        _ = book.take(.delivered, of: keys[1], at: .zero)
        #expect(Self.posts(book.takePosts()) == [keys[2]])
        // Of a delivery that is dropped under way the place is free at once, and its late answer says nothing.
        book.drop(keys[0])
        #expect(Self.posts(book.takePosts()) == [keys[3]])
        #expect(book.take(.delivered, of: keys[0], at: .zero) == nil)
        #expect(book.hasRoom)
    }

    @Test("没有送到的隔一阵再发，到了次数搁置；不会变好的当即搁置")
    func retries() throws {
        var book = Self.book()
        let (one, other) = (Key(1, 1), Key(2, 1))
        book.start(one, isPost: true, content: [1], isRepeat: false)
        var now = Duration.zero
        for attempt in 1...3 {
            #expect(Self.posts(book.takePosts()) == [one])
            let answer = book.take(.status(503, retryAfter: nil), of: one, at: now)
            switch try #require(answer) {
            case .waits:
                #expect(attempt < 3)
                let wake = try #require(book.wakesAt)
                #expect(wake > now)
                book.resume(at: now)
                #expect(Self.posts(book.takePosts()).isEmpty)
                now = wake
                book.resume(at: now)
            case .parked(let reason, let attempts):
                #expect(attempt == 3 && attempts == 3 && reason.rawValue == "http_503")
            case .delivered: Issue.record("it was not taken")
            }
        }
        book.start(other, isPost: true, content: [1], isRepeat: false)
        _ = book.takePosts()
        guard case .parked(_, 1)? = book.take(.status(404, retryAfter: nil), of: other, at: now) else {
            Issue.record("a refusal for good is not tried again")
            return
        }
        let outcomes = book.outcomes(of: 2) { _ in .open }
        #expect(outcomes.map(\.key) == [other] && outcomes[0].delivered.outcome == .parked)
        #expect(book.has(of: 1))
    }

    @Test("记录里已有结果的不再记；搁置后由人再发的，结果要记")
    func outcomes() {
        var book = Self.book()
        let keys = [Key(1, 2), Key(1, 1), Key(1, 3)]
        book.start(keys[0], isPost: false, content: Array("a".utf8), isRepeat: false)
        book.start(keys[1], isPost: false, content: Array("b".utf8), isRepeat: true)
        book.start(keys[2], isPost: false, content: Array("c".utf8), isRepeat: false)
        #expect(book.takeLines().count == 3 && book.takeLines().isEmpty)
        for key in keys { _ = book.take(.delivered, of: key, at: .zero) }
        let known: [Key: NoticeDelivered.Outcome] = [keys[0]: .parked, keys[1]: .parked]
        // Of the third the notice itself is gone.
        let found = book.outcomes(of: 1) { key in key == keys[2] ? .gone : .init(known[key]) }
        #expect(found.map(\.key) == [keys[1]])
        #expect(book.count == 1 && book[keys[1]]?.hasArrived == true)
        book.drop(of: 1)
        #expect(book.count == 0 && !book.has(of: 1))
    }
}
