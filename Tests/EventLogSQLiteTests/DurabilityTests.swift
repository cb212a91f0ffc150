import CSQLite
import CareTestKit
import EventLog
import Foundation
import Testing

@testable import EventLogSQLite

@Suite("落盘与接管")
struct DurabilityTests {
    @Test("打开后落盘级别确为 WAL + FULL")
    func level() throws {
        let log = try SQLiteLogHarness().openLog()
        let (journal, synchronous) = try log.durability()
        #expect(journal == "wal")
        #expect(synchronous == 2)
    }

    @Test("目录连同上级一起建好；建不了的说出是哪个")
    func directory() throws {
        let harness = try SQLiteLogHarness()
        let nested = harness.path("data/of/one/log")
        try SQLiteEventLog(directory: nested).close()
        #expect(FileManager.default.fileExists(atPath: nested + "/events.sqlite"))
        try harness.write([1], to: "file")
        let error = #expect(throws: EventLogError.self) {
            _ = try SQLiteEventLog(directory: harness.path("file/log"))
        }
        #expect(error?.code == .storageFailed)
        #expect(error?.message.contains(harness.path("file/log")) == true)
    }

    @Test("低于要求的级别被拒绝,并印出所见", arguments: [("wal", Int64(1)), ("delete", 2), ("wal", 0)])
    func tooWeak(journal: String, synchronous: Int64) throws {
        let error = #expect(throws: EventLogError.self) {
            try Database.requireDurability(journal: journal, synchronous: synchronous)
        }
        #expect(error?.code == .durabilityTooWeak)
        #expect(error?.message.contains("journal_mode=\(journal)") == true)
        #expect(error?.message.contains("synchronous=\(synchronous)") == true)
    }

    @Test("任何时刻被杀死,已确认的一条不少", .timeLimit(.minutes(10)), arguments: [1, 2, 3])
    func killed(seed: UInt64) throws {
        var generator = ConformanceGenerator(seed: seed)
        var harness = try SQLiteLogHarness()
        harness.options.pageBytes = 1024
        harness.options.imageInterval = 20
        harness.options.checkpointBytes = 40_000
        var count = 0
        for _ in 0..<12 {
            let log = try harness.openLog()
            #expect(log.head.position == Position(UInt64(count)))
            #expect(log.openingDamages.isEmpty)
            let more = Int.random(in: 1...60, using: &generator)
            try harness.fill(
                log, count: more, from: count + 1, group: Int.random(in: 1...9, using: &generator))
            count += more
            let next = try harness.snapshot()
            log.abandon()
            harness = next
        }
        #expect(try LogVerifier(directory: harness.directory).run().isSound)
    }

    @Test("已提交而头文件未跟上,启动时补上;重发得到同一回执")
    func databaseAhead() throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 20)
        let before = try harness.snapshot()
        let request = LogFixtures.request(LogFixtures.household(1), .any, id: 500, count: 3)
        let receipt = try log.append([request], at: LogFixtures.noon)[0].receipt
        let killed = try harness.snapshot()
        log.abandon()
        try killed.take(["events.head"], from: before)
        let reopened = try killed.openLog()
        #expect(reopened.head.position == Position(23))
        let expected = try #require(receipt)
        #expect(try reopened.append([request], at: LogFixtures.noon) == [.repeated(expected)])
        try reopened.close()
        #expect(try LogVerifier(directory: killed.directory).run().isSound)
    }

    @Test("预写日志尾部被截,凭日志头发现")
    func cutTail() throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 40)
        let killed = try harness.snapshot()
        log.abandon()
        let content = try killed.bytes("events.sqlite-wal")
        for part in [0, content.count / 3, content.count - 5000, content.count - 1] {
            let cut = try killed.snapshot()
            try cut.write(Array(content[..<part]), to: "events.sqlite-wal")
            try? FileManager.default.removeItem(atPath: cut.path("events.sqlite-shm"))
            guard case .refused(let code) = try TamperTests.examine(cut) else {
                Issue.record("a cut tail must be found, length \(part)")
                return
            }
            // Without the whole write-ahead log there is not even a schema: then nothing is there, or too little.
            #expect(code == .eventsMissing)
        }
    }

    @Test("映像损坏或过时,改为通读,结果相同", arguments: [0, 1, 2])
    func badImage(way: Int) throws {
        let harness = try SQLiteLogHarness()
        var log = try harness.openLog()
        try harness.fill(log, count: 60)
        try log.close()
        if way == 0 { try harness.flip("events.image", at: 700, bit: 3) }
        if way == 1 { try harness.write(Array(harness.bytes("events.image").dropLast(9)), to: "events.image") }
        if way == 2 {
            let old = try harness.snapshot(["events.image"])
            log = try harness.openLog()
            try harness.fill(log, count: 60, from: 61)
            try log.close()
            try harness.take(["events.image"], from: old)
        }
        log = try harness.openLog()
        #expect(log.head.position == Position(way == 2 ? 120 : 60))
        let head = log.streamHead(LogFixtures.household(3))
        #expect(head?.sequence == SequenceNumber(way == 2 ? 12 : 6))
        let again = LogFixtures.request(LogFixtures.household(31 % 10), .any, id: 1)
        guard case .repeated = try log.append([again], at: LogFixtures.noon)[0] else {
            Issue.record("append ids must be remembered")
            return
        }
        try log.close()
    }

    @Test("任期已过的写入者不能再写")
    func staleEpoch() throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 5)
        let other = try Database(
            harness.path("events.sqlite"), options: SQLiteLogOptions(), create: false, cacheBytes: 1 << 20)
        try other.run("UPDATE log_state SET epoch = epoch + 1")
        let request = [LogFixtures.request(LogFixtures.household(1), .any, id: 99)]
        let stale = #expect(throws: EventLogError.self) { try log.append(request, at: LogFixtures.noon) }
        #expect(stale?.code == .staleEpoch)
        let stopped = #expect(throws: EventLogError.self) { try log.append(request, at: LogFixtures.noon) }
        #expect(stopped?.code == .writerStopped)
        #expect(try other.integer("SELECT count(*) FROM events") == 5)
    }

    @Test("空间用尽时拒绝写入,查询照常,有空间后自行恢复")
    func diskFull() throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 50)
        try log.setMaximumBytes(0)
        let large = (1...200).map { LogFixtures.request(LogFixtures.household(1), .any, id: UInt64(1000 + $0)) }
        let refused = #expect(throws: EventLogError.self) { try log.append(large, at: LogFixtures.noon) }
        #expect(refused?.code == .diskFull)
        #expect(refused?.isRetriable == true)
        #expect(log.head.position == Position(50))
        let reader = try log.makeReader()
        #expect(try reader.readAll(after: .start, limit: 100, filter: .all).events.count == 50)
        try log.setMaximumBytes(1 << 40)
        let outcomes = try log.append(large, at: LogFixtures.noon)
        #expect(outcomes.allSatisfy { if case .appended = $0 { true } else { false } })
        try log.close()
        #expect(try LogVerifier(directory: harness.directory).run().isSound)
    }

    @Test("预写日志有界:写得再多也不超过上限的几倍")
    func boundedWriteAheadLog() throws {
        let harness = try SQLiteLogHarness()
        harness.options.checkpointBytes = 1 << 20
        let log = try harness.openLog()
        let reader = try log.makeReader()
        for round in 0..<40 {
            try harness.fill(log, count: 500, streams: 50, from: round * 500 + 1, group: 100)
            _ = try reader.readAll(after: .start, limit: 5000, filter: .all)
        }
        #expect(try harness.bytes("events.sqlite-wal").count < 4 << 20)
        #expect(log.maintenanceFailure == nil)
        try log.close()
    }

    @Test("预写日志一次给足长度:不再增长,内容与恢复不受影响", arguments: [true, false])
    func reservedWriteAheadLog(isKilled: Bool) throws {
        var harness = try SQLiteLogHarness()
        harness.options.reservesWriteAheadLog = true
        harness.options.checkpointBytes = 4 << 20
        let log = try harness.openLog()
        let length = try harness.bytes("events.sqlite-wal").count
        #expect(length >= 4 << 20)
        try harness.fill(log, count: 300)
        #expect(try harness.bytes("events.sqlite-wal").count == length)
        if isKilled {
            let killed = try harness.snapshot()
            log.abandon()
            harness = killed
        } else {
            try log.close()
        }
        let again = try harness.openLog()
        #expect(again.head.position == Position(300))
        #expect(again.openingDamages.isEmpty)
        try harness.fill(again, count: 50, from: 301)
        try again.close()
        let report = try LogVerifier(directory: harness.directory).run()
        #expect(report.isSound && report.events == 350)
    }

    @Test("头文件先写后应答:被杀时日志头不落后于已确认的", arguments: [true, false])
    func headIsWrittenFirst(syncsFirst: Bool) throws {
        let harness = try SQLiteLogHarness()
        harness.options.syncsHeadFirst = syncsFirst
        let log = try harness.openLog()
        for count in 1...30 {
            try harness.fill(log, count: 1, from: count)
            let killed = try harness.snapshot(["events.head"])
            #expect(HeadFile.read(LogFiles(directory: killed.directory))?.position == UInt64(count))
        }
        try log.close()
    }

    @Test("头文件换成别的日志的,不再打开")
    func foreignHeadFile() throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 3)
        let file = try HeadFile(
            LogFiles(directory: harness.directory), after: HeadFile.read(LogFiles(directory: harness.directory)),
            syncsBehind: true)
        try file.write(log: LogIdentity(high: 1, low: 2), head: log.head)
        try file.flush()
        #expect(HeadFile.read(LogFiles(directory: harness.directory))?.log == LogIdentity(high: 1, low: 2))
        log.abandon()
        // Another log's identity in the head file: the log is not opened for writing any more.
        let refused = #expect(throws: EventLogError.self) { try harness.openLog() }
        #expect(refused?.code == .wrongFormat)
    }
}
