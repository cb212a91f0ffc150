import CareTestKit
import EventLog
import EventLogSQLite
import Foundation
import Testing

@Suite("备份与恢复", .timeLimit(.minutes(10)))
struct LogBackupTests {
    private static func events(_ harness: SQLiteLogHarness) throws -> (events: [StoredEvent], head: LogHead) {
        let log = try harness.openLog()
        defer { log.abandon() }
        return (try log.makeReader().readAll(after: .start, limit: .max, filter: .all).events, log.head)
    }

    @Test("写着的日志：副本正是头文件担保的那些事件，完好，能接着写")
    func beside() throws {
        let original = try SQLiteLogHarness()
        let log = try original.openLog()
        defer { log.abandon() }
        try original.fill(log, count: 500)
        let target = try SQLiteLogHarness()
        let before = log.head
        // Appends come between the blocks: they are not part of the copy.
        var isFirst = true
        let copy = try LogBackup.copy(from: original.directory, to: target.directory) { _, _ in
            if isFirst { try? original.fill(log, count: 50, from: 501) }
            isFirst = false
            return true
        }
        #expect(log.head.position.rawValue == 550)
        #expect(copy.position == before.position.rawValue && copy.digest == before.digest)
        #expect(copy.epoch == before.epoch && copy.recordedAt == before.recordedAt?.microseconds)
        let report = try LogVerifier(directory: target.directory).run()
        #expect(report.isSound && report.events == 500)
        let (events, head) = try Self.events(target)
        let all = try log.makeReader().readAll(after: .start, limit: .max, filter: .all).events
        #expect(events == Array(all.prefix(500)) && head.epoch == before.epoch + 1)
        let written = try target.openLog()
        try target.fill(written, count: 20, from: 901)
        try written.close()
        #expect(try LogVerifier(directory: target.directory).run().isSound)
    }

    @Test("恢复：纪元高出许多，旧的写手插不进来")
    func epochRises() throws {
        let original = try SQLiteLogHarness()
        let log = try original.openLog()
        try original.fill(log, count: 40)
        let epoch = log.epoch
        try log.close()
        let target = try SQLiteLogHarness()
        let copy = try LogBackup.copy(from: original.directory, to: target.directory, addingEpochs: 1 << 20)
        #expect(copy.epoch == epoch + 1 << 20)
        let restored = try target.openLog()
        #expect(restored.epoch > copy.epoch && restored.head.digest == copy.digest)
        restored.abandon()
    }

    @Test("目标已有日志、没有头文件、少了事件：都拒绝")
    func refusals() throws {
        let original = try SQLiteLogHarness()
        let log = try original.openLog()
        try original.fill(log, count: 60)
        try log.close()
        let target = try SQLiteLogHarness()
        _ = try LogBackup.copy(from: original.directory, to: target.directory)
        #expect(throws: EventLogError.self) {
            try LogBackup.copy(from: original.directory, to: target.directory)
        }
        let headless = try original.snapshot(["events.sqlite"])
        let second = try SQLiteLogHarness()
        #expect(throws: EventLogError.self) { try LogBackup.copy(from: headless.directory, to: second.directory) }
        // Yesterday's database with today's head file.
        let cut = try original.snapshot()
        let more = try original.openLog()
        try original.fill(more, count: 5, from: 61)
        try more.close()
        try cut.take(["events.head"], from: original)
        let third = try SQLiteLogHarness()
        do throws(EventLogError) {
            _ = try LogBackup.copy(from: cut.directory, to: third.directory)
            Issue.record("events are missing")
        } catch {
            #expect(error.code == .eventsMissing)
        }
    }

    @Test("一百次：在任意时刻备份，副本总是前缀，总是完好", arguments: [1, 2, 3, 4])
    func trials(seed: UInt64) throws {
        var generator = ConformanceGenerator(seed: seed)
        let original = try SQLiteLogHarness()
        let log = try original.openLog()
        defer { log.abandon() }
        var next = 1
        for _ in 0..<25 {
            let count = Int.random(in: 1...40, using: &generator)
            try original.fill(log, count: count, from: next, group: Int.random(in: 1...9, using: &generator))
            next += count
            let target = try SQLiteLogHarness()
            let copy = try LogBackup.copy(from: original.directory, to: target.directory)
            #expect(copy.position == UInt64(next - 1) && copy.digest == log.head.digest)
            let report = try LogVerifier(directory: target.directory).run()
            #expect(report.isSound && report.events == copy.position)
        }
    }

    @Test("一户损坏（改一字节、少一行）：照样备份，照原样；副本中该户封存，其余照常；末条不见则拒绝")
    func damagedFamily() throws {
        let original = try SQLiteLogHarness()
        let log = try original.openLog()
        try original.fill(log, count: 60, streams: 7)
        let events = try log.makeReader().readAll(after: .start, limit: .max, filter: .all).events
        try log.close()
        let stream = try DamageOwnerTests.stream(events[20])
        for change in [
            "UPDATE events SET record = substr(record, 1, length(record) - 1) || x'00' WHERE position = 21",
            "DELETE FROM events WHERE position = 21",
        ] {
            let damaged = try original.snapshot()
            try damaged.change(change)
            let target = try SQLiteLogHarness()
            let copy = try LogBackup.copy(from: damaged.directory, to: target.directory)
            #expect(copy.position == 60)
            let report = try LogVerifier(directory: target.directory).run()
            #expect(report.isConfined && report.damagedStreams == [stream])
            try LogBackup.fence(report, in: target.directory)
            // And a copy of the copy says the same.
            let second = try SQLiteLogHarness()
            _ = try LogBackup.copy(from: target.directory, to: second.directory, addingEpochs: 1000)
            #expect(try LogVerifier(directory: second.directory).run().damages == report.damages)
            let restored = try second.openLog()
            #expect(restored.fences.map(\.stream) == [stream])
            restored.abandon()
        }
        let cut = try original.snapshot()
        try cut.change("DELETE FROM events WHERE position = 60")
        let target = try SQLiteLogHarness()
        let error = #expect(throws: EventLogError.self) {
            try LogBackup.copy(from: cut.directory, to: target.directory)
        }
        #expect(error?.code == .eventsMissing)
    }
}
