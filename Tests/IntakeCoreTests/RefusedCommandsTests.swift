import ArchiveCore
import CareTestKit
import CareWire
import EventLog
import MessageBus
import SwiftProtobuf
import Testing
import ZeroMQ

/// What was refused for good is not carried out by an attempt that was late on its way.
@Suite("档案：已拒绝的命令，迟到的发送不再办理")
struct RefusedCommandsTests {
    private typealias Asked = (method: BusMethod, body: [UInt8])

    private static let stream = LogFixtures.household(1)

    private static func at(_ second: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: second * 1_000_000_000 + 1) }

    private static func request(_ id: UInt64, submission: UInt64) -> AppendRequest {
        var request = LogFixtures.request(stream, .any, id: id)
        request.submission = submission
        return request
    }

    @Test("记住被拒的那次和之前的各次；之后重新提交的、没有编号的、别的命令不受影响；到时忘记")
    func remembers() {
        var refused = RefusedCommands(lifetime: .seconds(600), limit: 100)
        #expect(!refused.forbids(Self.request(1, submission: 7), now: Self.at(0)))
        refused.refuse(LogFixtures.appendID(1), 7, now: Self.at(0))
        for (submission, isForbidden) in [(7, true), (6, true), (1, true), (8, false), (0, false)] as [(UInt64, Bool)] {
            #expect(refused.forbids(Self.request(1, submission: submission), now: Self.at(1)) == isForbidden)
        }
        #expect(!refused.forbids(Self.request(2, submission: 7), now: Self.at(1)))
        // An earlier submission that is refused later takes nothing back.
        refused.refuse(LogFixtures.appendID(1), 5, now: Self.at(10))
        #expect(refused.forbids(Self.request(1, submission: 7), now: Self.at(609)))
        #expect(!refused.forbids(Self.request(1, submission: 7), now: Self.at(610)))
        refused.refuse(LogFixtures.appendID(2), 1, now: Self.at(700))
        #expect(refused.count == 1)
    }

    @Test("数量有上限，最早的先忘")
    func bounded() {
        var refused = RefusedCommands(lifetime: .seconds(600), limit: 1_000)
        for id in 1...5_000 as ClosedRange<UInt64> {
            refused.refuse(LogFixtures.appendID(id), 1, now: Self.at(Int64(id) / 100))
        }
        #expect(refused.count == 1_000)
        #expect(!refused.forbids(Self.request(4_000, submission: 1), now: Self.at(50)))
        #expect(refused.forbids(Self.request(4_001, submission: 1), now: Self.at(50)))
        #expect(refused.forbids(Self.request(5_000, submission: 1), now: Self.at(50)))
    }

    // MARK: The service

    private static func peer(_ rights: Set<PeerRight>) throws -> Peer {
        let key = try #require(CurvePublicKey(raw: Array(repeating: 3, count: 32)))
        return Peer(name: "intake", key: key, eventKinds: [1], rights: rights)
    }

    /// Asks in one turn.
    private static func ask(
        _ service: inout ArchiveService, at second: Int64 = 0, rights: Set<PeerRight> = [.append], _ asked: Asked...
    ) throws -> [BusReply] {
        let now = BusMoment(monotonic: at(second), utcMicroseconds: LogFixtures.noon.microseconds + second * 1_000_000)
        var actions: [ServiceAction<ArchiveWork>] = []
        for (index, asked) in asked.enumerated() {
            let number = UInt64(index + 1)
            let request = IncomingRequest(
                token: ReplyToken(number: number), peer: try peer(rights), id: RequestID(1, number),
                method: asked.method, body: asked.body, deadline: MonotonicTime(nanoseconds: .max))
            service.step(.request(request), now: now, actions: &actions)
        }
        service.turnEnded(now: now, actions: &actions)
        var replies: [UInt64: BusReply] = [:]
        for case .reply(let token, let reply) in actions { replies[token.number] = reply }
        return try asked.indices.map { try #require(replies[UInt64($0 + 1)]) }
    }

    private static func append(_ id: UInt64, submission: UInt64) -> Asked {
        var bytes: [UInt8] = []
        AppendWire.write(
            stream: stream.text, expected: 0, id: LogFixtures.appendID(id), digest: LogFixtures.digest(0),
            events: [LogFixtures.event(1)], submission: submission, to: &bytes)
        return (.append, bytes)
    }

    private static func refuse(_ id: UInt64, submission: UInt64, in stream: String = stream.text) throws -> Asked {
        let wire = Care_V1_RefuseCommand.with {
            $0.stream = stream
            $0.appendID = .init(LogFixtures.appendID(id).bytes)
            $0.contentDigest = .init(LogFixtures.digest(0).bytes)
            $0.submission = submission
        }
        return (.refuseCommand, try wire.serializedBytes())
    }

    private static func outcome(_ reply: BusReply) throws -> Care_V1_AppendReply.OneOf_Outcome? {
        try Care_V1_AppendBatchReply(serializedBytes: reply.body).replies.first?.outcome
    }

    private static func isRecorded(_ reply: BusReply) throws -> Bool {
        #expect(reply.status == .ok)
        return try Care_V1_RefuseCommandReply(serializedBytes: reply.body).recorded
    }

    private static func code(_ reply: BusReply) throws -> String? {
        if case .refused(let refusal)? = try outcome(reply) { refusal.code } else { nil }
    }

    @Test("先拒绝，后到的旧发送不记；重新提交的照记；记了以后旧发送得到回执，再拒绝就说已记")
    func refusedThenLate() throws {
        var service = try ArchiveService(log: try MemoryEventLog())
        #expect(try !Self.isRecorded(Self.ask(&service, Self.refuse(1, submission: 7))[0]))
        for submission in [7, 3] as [UInt64] {
            #expect(try Self.code(Self.ask(&service, Self.append(1, submission: submission))[0]) == "CARE-6528")
        }
        #expect(service.counters.appended == 0)
        guard case .appended? = try Self.outcome(Self.ask(&service, Self.append(1, submission: 8))[0]) else {
            Issue.record("submitted again, and not recorded")
            return
        }
        guard case .alreadyAppended? = try Self.outcome(Self.ask(&service, Self.append(1, submission: 7))[0]) else {
            Issue.record("what stands in the log is not told")
            return
        }
        #expect(try Self.isRecorded(Self.ask(&service, Self.refuse(1, submission: 9))[0]))
    }

    @Test("同一轮里谁先到谁算")
    func sameTurn() throws {
        var service = try ArchiveService(log: try MemoryEventLog())
        let first = try Self.ask(&service, Self.append(1, submission: 5), Self.refuse(1, submission: 5))
        guard case .appended? = try Self.outcome(first[0]) else {
            Issue.record("it came before the refusal")
            return
        }
        #expect(try Self.isRecorded(first[1]))
        var other = try ArchiveService(log: try MemoryEventLog())
        let second = try Self.ask(&other, Self.refuse(1, submission: 5), Self.append(1, submission: 5))
        #expect(try !Self.isRecorded(second[0]))
        #expect(try Self.code(second[1]) == "CARE-6528")
    }

    /// Keeps refusals as long as it lives, unless it is told to fail.
    private final class Store: RefusalStore {
        var refusals: [RefusedAppend] = []
        var failure: EventLogError?

        func kept() -> [RefusedAppend] { refusals }

        func keep(_ more: [RefusedAppend]) throws(EventLogError) {
            if let failure { throw failure }
            refusals += more
        }
    }

    /// A service as it has just been started, at a moment.
    private static func started(_ store: Store, at second: Int64) throws -> ArchiveService {
        var service = try ArchiveService(log: try MemoryEventLog(), refusalStore: store)
        var actions: [ServiceAction<ArchiveWork>] = []
        let now = BusMoment(monotonic: at(second), utcMicroseconds: LogFixtures.noon.microseconds)
        service.step(.started, now: now, actions: &actions)
        return service
    }

    @Test("重启后仍记得，从启动时起算；同一轮里拒绝的都记下")
    func remembersAcrossStarts() throws {
        let store = Store()
        var first = try Self.started(store, at: 0)
        _ = try Self.ask(
            &first, at: 1, Self.refuse(1, submission: 7), Self.refuse(2, submission: 3), Self.refuse(1, submission: 5))
        #expect(
            store.refusals == [
                RefusedAppend(LogFixtures.appendID(1), submission: 7),
                RefusedAppend(LogFixtures.appendID(2), submission: 3),
                RefusedAppend(LogFixtures.appendID(1), submission: 5),
            ])
        // The clock of another machine, or of this one after it was started anew, may stand anywhere.
        var second = try Self.started(store, at: 100_000)
        let early = try Self.ask(
            &second, at: 100_599, Self.append(1, submission: 7), Self.append(2, submission: 3))
        #expect(try early.map { try Self.code($0) } == ["CARE-6528", "CARE-6528"])
        guard case .appended? = try Self.outcome(Self.ask(&second, at: 100_599, Self.append(1, submission: 8))[0])
        else {
            Issue.record("submitted again, and not recorded")
            return
        }
        var third = try Self.started(store, at: 0)
        guard case .appended? = try Self.outcome(Self.ask(&third, at: 600, Self.append(2, submission: 3))[0]) else {
            Issue.record("remembered for ever")
            return
        }
    }

    @Test("记不到盘上就不算拒绝：请再来，来了照办")
    func notKept() throws {
        let store = Store()
        store.failure = EventLogError(.diskFull, "no room")
        var service = try Self.started(store, at: 0)
        for second in 1...3 as ClosedRange<Int64> {
            let reply = try Self.ask(&service, at: second, Self.refuse(1, submission: 7))[0]
            #expect(reply.status == .unavailable && reply.code == "CARE-6530" && reply.retryAfterMilliseconds > 0)
        }
        // Nobody was told that it is refused.
        guard case .appended? = try Self.outcome(Self.ask(&service, at: 4, Self.append(1, submission: 7))[0]) else {
            Issue.record("refused though nobody was told")
            return
        }
        store.failure = nil
        #expect(try !Self.isRecorded(Self.ask(&service, at: 5, Self.refuse(2, submission: 7))[0]))
        #expect(try Self.code(Self.ask(&service, at: 6, Self.append(2, submission: 7))[0]) == "CARE-6528")
    }

    @Test("过了时候的、没说在哪条流的、没有编号的、无权的")
    func edges() throws {
        var service = try ArchiveService(log: try MemoryEventLog())
        let replies = try Self.ask(
            &service, Self.refuse(1, submission: 7), Self.refuse(2, submission: 7, in: ""),
            Self.refuse(3, submission: 0))
        #expect(try !Self.isRecorded(replies[0]) && !Self.isRecorded(replies[1]))
        #expect(replies[2].status == .badRequest)
        #expect(try Self.code(Self.ask(&service, at: 599, Self.append(2, submission: 7))[0]) == "CARE-6528")
        guard case .appended? = try Self.outcome(Self.ask(&service, at: 600, Self.append(1, submission: 7))[0]) else {
            Issue.record("remembered for ever")
            return
        }
        let stranger = try Self.ask(&service, rights: [.command], Self.refuse(1, submission: 7))
        #expect(stranger[0].status == .unauthorised)
    }
}
