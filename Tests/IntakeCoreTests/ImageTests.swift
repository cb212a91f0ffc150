import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import Testing

@Suite("受理：人员与政策包日志的存盘映像", .timeLimit(.minutes(10)))
struct ImageTests {
    /// The person and pack streams of an invented log, read page by page as care-archive gives them.
    private struct SharedLog {
        private(set) var persons: [SharedNews.PersonNews] = []
        private(set) var packs: [SharedNews.PackNews] = []
        private(set) var end: UInt64 = 0
        private let mark: UInt8

        /// - Parameter mark: Tells logs apart: events at the same place have other hashes.
        init(mark: UInt8 = 1) { self.mark = mark }

        mutating func add(_ generator: inout SeededGenerator) {
            end += UInt64.random(in: 1...3, using: &generator)
            let place = SharedNews.Place(position: end, hash: [mark, UInt8(truncatingIfNeeded: end)])
            let moment = Moment(microseconds: IntakeWorldTests.start.microseconds + Int64(end))
            guard Int.random(in: 0..<10, using: &generator) > 0 else {
                return packs.append(
                    SharedNews.PackNews(
                        pack: PackID("chenzhou-2014")!, occurredOn: IntakeWorldTests.today, recordedAt: moment,
                        event: Self.packEvent(end, &generator), place: place,
                        by: end.isMultiple(of: 2) ? Code(unchecked: "operator-1") : nil))
            }
            let number = UInt64.random(in: 1...12, using: &generator)
            let claim = PersonClaim(
                household: HouseholdID(Identifier128(high: 3, low: UInt64.random(in: 1...4, using: &generator))),
                person: PersonID(Identifier128(high: 4, low: number)), command: IntakeWorldTests.identifier(end))
            let events: [PersonEvent] = [
                .reserved(claim), .confirmed(claim), .released(claim, reason: Code(unchecked: "left")),
            ]
            persons.append(
                SharedNews.PersonNews(
                    token: IntakeWorldTests.token(number),
                    event: ReadPersonEvent(
                        sequence: end, recordedAt: moment, event: events.randomElement(using: &generator)!),
                    place: place))
        }

        private static func packEvent(_ number: UInt64, _ generator: inout SeededGenerator) -> PackEvent {
            if Bool.random(using: &generator) {
                return .parameterSet(
                    ParameterSet(
                        parameter: ParameterID("cz.funeral_subsidy")!, value: .money(Fen(Int64(number))),
                        until: IntakeWorldTests.today + 30, source: "会议纪要"))
            }
            return .published(
                PackPublished(
                    pack: PackID("chenzhou-2014")!, effectiveFrom: IntakeWorldTests.today,
                    enactedOn: IntakeWorldTests.today, hash: Array(repeating: 5, count: 32), bytes: [1, 2, 3]))
        }

        /// The part up to a place, as a log restored from an older copy.
        func cut(at position: UInt64) -> SharedLog {
            var part = self
            part.persons.removeAll { $0.place.position > position }
            part.packs.removeAll { $0.place.position > position }
            part.end = position
            return part
        }

        static func cursor(_ position: UInt64) -> [UInt8] { position == 0 ? [] : Array("\(position)".utf8) }

        /// A page; nil when the cursor is beyond the log's end.
        func read(after cursor: [UInt8], limit: UInt64) -> SharedNews? {
            let start = UInt64(String(decoding: cursor, as: UTF8.self)) ?? 0
            guard start <= end else { return nil }
            let last = min(start + limit, end)
            return SharedNews(
                persons: persons.filter { $0.place.position > start && $0.place.position <= last },
                packs: packs.filter { $0.place.position > start && $0.place.position <= last },
                cursor: Self.cursor(last), isAtHead: last == end)
        }
    }

    /// Reads the log to its end.
    /// - Returns: How often an image was thrown away, and how often one was saved.
    @discardableResult
    private func follow(
        _ core: inout IntakeCore, _ log: SharedLog, limit: UInt64 = 7, at seconds: Int64 = 0
    ) -> (discarded: Int, saved: Int) {
        let now = Moment(microseconds: IntakeWorldTests.start.microseconds + seconds * 1_000_000)
        var actions = core.step(.tick, now: now)
        var (discarded, saved) = (0, 0)
        while let action = actions.first {
            actions.removeFirst()
            switch action {
            case .readShared(let call, let cursor):
                let news = log.read(after: cursor, limit: limit)
                let failure = FlowFailure(code: "CARE-8011", chinese: "", english: "", isRetriable: false)
                actions += core.step(news.map { .sharedRead(call, $0) } ?? .callFailed(call, failure), now: now)
            case .imageDiscarded: discarded += 1
            case .saveImage: saved += 1
            default: break
            }
        }
        return (discarded, saved)
    }

    private func fresh(_ image: IntakeImage? = nil) -> IntakeCore {
        IntakeCore(principal: IntakeWorldTests.clerk.principal, image: image)
    }

    /// What an intake knows after reading everything from the beginning; the cursor only says how it was read.
    private func whole(_ log: SharedLog) throws -> IntakeImage {
        var core = fresh()
        follow(&core, log, limit: 1000)
        return try #require(core.image)
    }

    private func same(_ left: IntakeImage, _ right: IntakeImage) -> Bool {
        var left = left
        left.cursor = right.cursor
        return left == right
    }

    private static func log(_ generator: inout SeededGenerator, _ count: Int, mark: UInt8 = 1) -> SharedLog {
        var log = SharedLog(mark: mark)
        for _ in 0..<count { log.add(&generator) }
        return log
    }

    @Test("随机历史、任意处存盘：映像加其后的日志等于从头读")
    func imageAndTailEqualTheWhole() throws {
        for seed in 0..<300 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var log = Self.log(&generator, Int.random(in: 1...60, using: &generator))
            var core = fresh()
            follow(&core, log, limit: UInt64.random(in: 1...20, using: &generator))
            for _ in 0..<Int.random(in: 0...60, using: &generator) { log.add(&generator) }
            let image = try #require(core.image)
            var restarted = fresh(try IntakeImage(decoding: try image.encoded()))
            // Where a page ends is the archive's affair; it may put the image's last event beyond the first page.
            let seen = follow(&restarted, log, limit: UInt64.random(in: 1...20, using: &generator))
            #expect(seen.discarded <= 1)
            let expected = try whole(log)
            #expect(same(try #require(restarted.image), expected), "seed \(seed)")
            follow(&core, log, limit: 9, at: 1)
            #expect(same(try #require(core.image), expected), "seed \(seed), read on")
        }
    }

    @Test("同样大小的页：映像总是用得上")
    func imagesAreUsed() throws {
        var generator = SeededGenerator(seed: 1)
        var log = Self.log(&generator, 200)
        var core = fresh()
        follow(&core, log, limit: 50)
        let image = try #require(core.image)
        for _ in 0..<30 { log.add(&generator) }
        var restarted = fresh(image)
        #expect(follow(&restarted, log, limit: 50).discarded == 0)
        #expect(same(try #require(restarted.image), try whole(log)))
    }

    @Test("映像超前于日志、属于另一份日志：丢弃并从头读")
    func imagesAheadOfTheLog() throws {
        for seed in 0..<50 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let log = Self.log(&generator, 80)
            var core = fresh()
            follow(&core, log)
            let image = try #require(core.image)
            let other = Self.log(&generator, 120, mark: 2)
            for shorter in [log.cut(at: log.end / 3), log.cut(at: log.end - 1), other] {
                var restarted = fresh(image)
                #expect(follow(&restarted, shorter).discarded == 1)
                #expect(same(try #require(restarted.image), try whole(shorter)), "seed \(seed)")
            }
        }
    }

    @Test("档案服务一时不应答：映像不因此丢弃")
    func anArchiveThatIsAwayCostsNothing() throws {
        var generator = SeededGenerator(seed: 3)
        let log = Self.log(&generator, 40)
        var core = fresh()
        follow(&core, log)
        var restarted = fresh(core.image)
        for action in restarted.step(.tick, now: IntakeWorldTests.start) {
            guard case .readShared(let call, _) = action else { continue }
            #expect(restarted.step(.callFailed(call, .archiveUnreachable), now: IntakeWorldTests.start).isEmpty)
        }
        #expect(!restarted.isReady)
        #expect(follow(&restarted, log, at: 1).discarded == 0)
        #expect(restarted.image == core.image)
    }

    @Test("损坏、截断、别的格式的映像认得出来")
    func damagedImages() throws {
        var generator = SeededGenerator(seed: 4)
        let log = Self.log(&generator, 60)
        let image = try whole(log)
        let bytes = try image.encoded()
        #expect(try IntakeImage(decoding: bytes) == image)
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            #expect(throws: IntakeImage.Flaw.self) { try IntakeImage(decoding: damaged) }
            #expect(throws: IntakeImage.Flaw.self) { try IntakeImage(decoding: Array(bytes[..<place])) }
        }
        #expect(throws: IntakeImage.Flaw.otherFormat) { try IntakeImage(decoding: Array("GHNOTE01".utf8) + bytes) }
        var newer = bytes
        newer[15] = 4
        #expect(throws: IntakeImage.Flaw.otherFormat) { try IntakeImage(decoding: newer) }
        #expect(throws: IntakeImage.Flaw.damaged) { try IntakeImage(decoding: bytes + [0]) }
    }

    @Test("存盘有间隔；没有新事不重存；停机时存最后一份")
    func savesNowAndThen() throws {
        var generator = SeededGenerator(seed: 5)
        var log = Self.log(&generator, 20)
        var core = fresh()
        follow(&core, log)
        #expect(follow(&core, log, at: 1).saved == 1)
        #expect(follow(&core, log, at: 60).saved == 0)
        log.add(&generator)
        follow(&core, log, at: 61)
        #expect(follow(&core, log, at: 62).saved == 1)
        log.add(&generator)
        follow(&core, log, at: 64)
        #expect(follow(&core, log, at: 65).saved == 0)
        let now = Moment(microseconds: IntakeWorldTests.start.microseconds + 66_000_000)
        #expect(core.newerImage(now: now) == core.image)
        #expect(core.newerImage(now: now) == nil)
    }

    @Test("本程序读不懂的事件还在日志里：不存映像，新版程序才不会漏读")
    func whatIsLeftOutIsNotSaved() throws {
        var generator = SeededGenerator(seed: 6)
        let log = Self.log(&generator, 20)
        var core = fresh()
        for action in core.step(.tick, now: IntakeWorldTests.start) {
            guard case .readShared(let call, let cursor) = action else { continue }
            var news = try #require(log.read(after: cursor, limit: 1000))
            news.leftOut = 1
            _ = core.step(.sharedRead(call, news), now: IntakeWorldTests.start)
        }
        #expect(core.isReady && core.image == nil)
    }
}
