import CareTestKit
import EventLog
import Foundation
import Testing

@testable import EventLogSQLite

/// Changes that an SQL tool could make in the files of a stopped log.
@Suite("对停止的日志核验")
struct OfflineVerifyTests {
    private static func changed(_ sql: String) throws -> SQLiteLogHarness {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        // The first stream has two events before the others begin.
        try harness.fill(log, count: 2, streams: 1)
        try harness.fill(log, count: 58, streams: 20, from: 3)
        try log.close()
        let database = try Database(
            harness.path("events.sqlite"), options: harness.options, create: false, cacheBytes: 1 << 20)
        try database.run(sql)
        try database.run("PRAGMA wal_checkpoint(truncate)")
        return harness
    }

    private static func checkpoint(of harness: SQLiteLogHarness) throws -> Checkpoint {
        let log = try harness.openLog()
        defer { try? log.close() }
        var tree = StreamTree()
        var digest = RunningDigest()
        let slice = try log.makeReader().readAll(after: .start, limit: .max, filter: .all)
        for event in slice.events {
            let stream = try DamageOwnerTests.stream(event)
            tree.take(StreamKey(stream), sequence: try event.header().sequence.rawValue, hash: event.hash)
            digest.add(event.hash)
        }
        return Checkpoint(
            log: log.identity, epoch: 1, position: UInt64(slice.events.count), recordedAt: 0,
            digest: digest.value, streams: UInt64(tree.count), root: tree.root())
    }

    @Test("行号被改成天文数字：立即指明，不把空档一个个数完", .timeLimit(.minutes(5)))
    func rowNumberBeyondTheEnd() throws {
        let harness = try Self.changed("UPDATE events SET position = 1125899906842624 WHERE position = 60")
        let report = try LogVerifier(directory: harness.directory, options: harness.options).run()
        #expect(
            report.damages.contains { $0.kind == .stray && $0.position?.rawValue == 1_125_899_906_842_624 })
        #expect(report.damages.contains { $0.kind == .missing && $0.position?.rawValue == 60 })
    }

    @Test("日志身份被改或不见：核验不说完好")
    func logState() throws {
        for sql in ["UPDATE log_state SET log = x'00112233445566778899aabbccddeeff'", "DELETE FROM log_state"] {
            let harness = try Self.changed(sql)
            let report = try LogVerifier(directory: harness.directory, options: harness.options).run()
            #expect(report.damages.map(\.kind) == [.headMismatch])
        }
    }

    @Test("一户的第一条被改，有检查点：指明位置，不中断")
    func firstEventOfAStream() throws {
        let harness = try Self.changed("SELECT 1")
        let checkpoint = try Self.checkpoint(of: harness)
        let sound = try LogVerifier(
            directory: harness.directory, options: harness.options, checkpoints: [NamedCheckpoint("", checkpoint)]
        ).run()
        #expect(sound.isSound)
        let database = try Database(
            harness.path("events.sqlite"), options: harness.options, create: false, cacheBytes: 1 << 20)
        try database.run("UPDATE events SET record = x'00' || substr(record, 2) WHERE position = 1")
        try database.run("PRAGMA wal_checkpoint(truncate)")
        let report = try LogVerifier(
            directory: harness.directory, options: harness.options, checkpoints: [NamedCheckpoint("", checkpoint)]
        ).run()
        #expect(report.damages.contains { $0.position?.rawValue == 1 })
        #expect(report.isConfined && report.damagedStreams.count == 1, "the trail says which hash belongs there")
        harness.removeTrail()
        let guessed = try LogVerifier(
            directory: harness.directory, options: harness.options, checkpoints: [NamedCheckpoint("", checkpoint)]
        ).run()
        #expect(guessed.damages.contains { $0.position?.rawValue == 1 })
        #expect(guessed.damages.contains { $0.kind == .digestMismatch })
    }

    @Test("数据库文件被截短：说出缺的是从哪一条到哪一条", arguments: [0, 300, 1024, 4096, 20_000, 40_000, 60_000])
    func truncatedFile(bytes: Int) throws {
        let harness = try SQLiteLogHarness()
        harness.options.pageBytes = 1024
        let log = try harness.openLog()
        try harness.fill(log, count: 400)
        try log.close()
        try harness.write(Array(try harness.bytes("events.sqlite").prefix(bytes)), to: "events.sqlite")
        let report = try LogVerifier(directory: harness.directory, options: harness.options).run()
        #expect(!report.isSound && !report.isConfined)
        // Whatever is not checked is named: by itself, or as a part of a run of positions.
        var named = Set(report.damages.compactMap { $0.position?.rawValue })
        for damage in report.damages where damage.kind == .missing && damage.detail.hasPrefix("positions ") {
            let ends = damage.detail.split(whereSeparator: { " -,".contains($0) }).compactMap { UInt64($0) }
            named.formUnion(ends[0]...ends[1])
        }
        #expect(UInt64(named.count) + report.events >= 400)
        #expect(named.contains(400) && report.damages.count < 100, "\(report.damages)")
    }
}
