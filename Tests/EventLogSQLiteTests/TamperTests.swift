import CareTestKit
import EventLog
import EventLogSQLite
import Foundation
import Testing

@Suite("篡改与损坏")
struct TamperTests {
    /// What came of opening and checking a log whose files were changed.
    enum Finding: Equatable {
        case refused(EventLogError.Code)
        case damaged([Damage])
        case sound([StoredEvent])
    }

    static func examine(_ harness: SQLiteLogHarness) throws -> Finding {
        do throws(EventLogError) {
            let log = try harness.openLog()
            defer { log.abandon() }
            if !log.openingDamages.isEmpty { return .damaged(log.openingDamages) }
            let report = try log.makeVerifier().run()
            if !report.isSound { return .damaged(report.damages) }
            let slice = try log.makeReader().readAll(after: .start, limit: .max, filter: .all)
            return slice.damages.isEmpty ? .sound(slice.events) : .damaged(slice.damages)
        } catch {
            return .refused(error.code)
        }
    }

    @Test("数据库任意字节被翻转,都会被发现,或内容丝毫未变", .timeLimit(.minutes(10)), arguments: [1, 2, 3, 4])
    func flippedDatabase(seed: UInt64) throws {
        let original = try SQLiteLogHarness()
        original.options.pageBytes = 1024
        let log = try original.openLog()
        try original.fill(log, count: 300)
        try log.close()
        try flipManyTimes(original, "events.sqlite", seed: seed, withImage: seed % 2 == 0)
    }

    @Test("预写日志任意字节被翻转,都会被发现,或内容丝毫未变", .timeLimit(.minutes(10)), arguments: [11, 12, 13, 14])
    func flippedWriteAheadLog(seed: UInt64) throws {
        let original = try SQLiteLogHarness()
        original.options.pageBytes = 1024
        let log = try original.openLog()
        defer { log.abandon() }
        try original.fill(log, count: 300)
        let killed = try original.snapshot()
        try flipManyTimes(killed, "events.sqlite-wal", seed: seed, withImage: false)
    }

    private func flipManyTimes(
        _ original: SQLiteLogHarness, _ name: String, seed: UInt64, withImage: Bool
    ) throws {
        guard case .sound(let expected) = try Self.examine(original.snapshot()) else {
            Issue.record("the untouched log must be sound")
            return
        }
        #expect(expected.count == 300)
        var generator = ConformanceGenerator(seed: seed)
        let size = try original.bytes(name).count
        var found = 0
        for _ in 0..<60 {
            let copy = try original.snapshot()
            if !withImage { try? FileManager.default.removeItem(atPath: copy.path("events.image")) }
            try? FileManager.default.removeItem(atPath: copy.path("events.sqlite-shm"))
            let offset = Int.random(in: 0..<size, using: &generator)
            let bit = Int.random(in: 0..<8, using: &generator)
            try copy.flip(name, at: offset, bit: bit)
            switch try Self.examine(copy) {
            case .refused, .damaged: found += 1
            case .sound(let events):
                #expect(events == expected, "seed \(seed): silent change by offset \(offset) bit \(bit)")
            }
        }
        #expect(found > 20, "seed \(seed): most bytes matter")
    }

    @Test("记录内任一字节被翻转,指出所属的流与序号,其他流照常")
    func locates() throws {
        let original = try SQLiteLogHarness()
        let log = try original.openLog()
        try original.fill(log, count: 200)
        let all = try log.makeReader().readAll(after: .start, limit: .max, filter: .all).events
        try log.close()
        let content = try original.bytes("events.sqlite")
        for (number, event) in all.enumerated() where number % 17 == 3 {
            let found = try #require(Data(content).range(of: Data(event.record)))
            let fields = try event.decoded().fields
            let copy = try original.snapshot()
            if number % 2 == 0 { try FileManager.default.removeItem(atPath: copy.path("events.image")) }
            try copy.flip("events.sqlite", at: found.lowerBound + event.record.count - 40 - number % 60, bit: 2)
            let report = try LogVerifier(directory: copy.directory).run()
            #expect(report.damages.map(\.stream) == [fields.stream])
            #expect(report.damages.map(\.sequence) == [fields.sequence])
            let reopened = try copy.openLog()
            let slice = try reopened.makeReader().readStream(fields.stream, from: .first, limit: 100)
            #expect(slice.damages.map(\.sequence) == [fields.sequence])
            let other = LogFixtures.household(fields.stream == LogFixtures.household(1) ? 2 : 1)
            let next = [LogFixtures.request(other, .any, id: 9999)]
            guard case .appended = try reopened.append(next, at: LogFixtures.noon)[0] else {
                Issue.record("other streams must go on")
                return
            }
            try reopened.close()
        }
    }

    @Test("换回昨天的数据库,拒绝启动并说明缺多少")
    func yesterday() throws {
        let today = try SQLiteLogHarness()
        var log = try today.openLog()
        try today.fill(log, count: 50)
        try log.close()
        let yesterday = try today.snapshot()
        log = try today.openLog()
        try today.fill(log, count: 30, from: 100)
        try log.close()
        try today.take(["events.sqlite", "events.image"], from: yesterday)
        let error = #expect(throws: EventLogError.self) { try today.openLog() }
        #expect(error?.code == .eventsMissing)
        #expect(error?.message.contains("80 events") == true)
        #expect(error?.message.contains("30 acknowledged") == true)
        let report = try LogVerifier(directory: today.directory).run()
        #expect(report.damages.map(\.kind) == [.missing])
    }

    @Test("同样多但不同的事件,凭摘要识破")
    func rewritten() throws {
        let one = try SQLiteLogHarness()
        let log = try one.openLog()
        try one.fill(log, count: 50)
        try log.close()
        let other = try one.snapshot()
        for (harness, first) in [(one, 100), (other, 200)] {
            let log = try harness.openLog()
            try harness.fill(log, count: 20, from: first)
            try log.close()
        }
        try one.take(["events.sqlite"], from: other)
        try FileManager.default.removeItem(atPath: one.path("events.image"))
        let error = #expect(throws: EventLogError.self) { try one.openLog() }
        #expect(error?.code == .eventsChanged)
        let report = try LogVerifier(directory: one.directory).run()
        #expect(report.damages.map(\.kind) == [.digestMismatch])
    }

    @Test("改写之后再损坏一字节,不能蒙混过关")
    func rewrittenAndDamaged() throws {
        let one = try SQLiteLogHarness()
        let log = try one.openLog()
        try one.fill(log, count: 50)
        try log.close()
        let other = try one.snapshot()
        for (harness, first) in [(one, 100), (other, 200)] {
            let log = try harness.openLog()
            try harness.fill(log, count: 20, from: first)
            try log.close()
        }
        try one.take(["events.sqlite"], from: other)
        try FileManager.default.removeItem(atPath: one.path("events.image"))
        let needle = Data("payload of event 2050".utf8)
        let place = try #require(Data(one.bytes("events.sqlite")).range(of: needle))
        try one.flip("events.sqlite", at: place.lowerBound, bit: 0)
        #expect(try Self.examine(one) == .refused(.eventsChanged))
    }

    @Test("类型字节被翻转的事件,按类型过滤时也不会悄悄消失")
    func damagedKindIsNotFilteredAway() throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 30)
        let all = try log.makeReader().readAll(after: .start, limit: .max, filter: .all).events
        try log.close()
        let place = try #require(Data(harness.bytes("events.sqlite")).range(of: Data(all[11].record)))
        let kind = try #require(all[11].record.firstIndex(of: 3 << 3))
        try harness.flip("events.sqlite", at: place.lowerBound + kind + 1, bit: 2)
        let reopened = try harness.openLog()
        let slice = try reopened.makeReader().readAll(after: .start, limit: .max, filter: ReadFilter(kinds: [1]))
        #expect(slice.events.count == 29)
        #expect(slice.damages.map(\.position) == [Position(12)])
        try reopened.close()
    }

    @Test("数据库被删,拒绝启动")
    func databaseGone() throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 5)
        try log.close()
        try FileManager.default.removeItem(atPath: harness.path("events.sqlite"))
        let error = #expect(throws: EventLogError.self) { try harness.openLog() }
        #expect(error?.code == .eventsMissing)
    }

    @Test("预写日志被移走,说明去哪里找")
    func writeAheadLogGone() throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        defer { log.abandon() }
        try harness.fill(log, count: 50)
        let killed = try harness.snapshot()
        for name in ["events.sqlite-wal", "events.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: killed.path(name))
        }
        let report = try LogVerifier(directory: killed.directory).run()
        #expect(report.damages.map(\.kind) == [.missing])
        #expect(report.damages.first?.detail.contains("put it back") == true)
        try? FileManager.default.removeItem(atPath: killed.path("events.sqlite-wal"))
        let error = #expect(throws: EventLogError.self) { try killed.openLog() }
        #expect(error?.code == .eventsMissing)
        #expect(error?.message.contains("events.sqlite-wal") == true)
    }

    @Test("日志头缺失或两槽皆坏,拒绝启动;只坏一槽,照常")
    func headFile() throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 5)
        try log.close()
        let gone = try harness.snapshot()
        try FileManager.default.removeItem(atPath: gone.path("events.head"))
        #expect(try Self.examine(gone) == .refused(.headUnreadable))
        for slots in [[0], [1], [0, 1]] {
            let torn = try harness.snapshot()
            for slot in slots { try torn.flip("events.head", at: slot * 4096 + 30, bit: 1) }
            let finding = try Self.examine(torn)
            if slots.count == 2 {
                #expect(finding == .refused(.headUnreadable))
            } else {
                guard case .sound(let events) = finding else {
                    Issue.record("one slot is enough, got \(finding)")
                    return
                }
                #expect(events.count == 5)
            }
        }
    }

    @Test("别的日志的头文件,拒绝启动")
    func foreignHead() throws {
        let harness = try SQLiteLogHarness()
        let foreign = try SQLiteLogHarness()
        for one in [harness, foreign] {
            let log = try one.openLog()
            try one.fill(log, count: 5)
            try log.close()
        }
        try harness.take(["events.head"], from: foreign)
        #expect(try Self.examine(harness) == .refused(.wrongFormat))
    }
}
