import CareTestKit
import EventLog
import Testing

@testable import EventLogSQLite

/// One log whose older events are hashed by SHA-256 and whose newer ones by SM3, in the same streams.
@Suite("混用两种杂凑算法的日志")
struct MixedHashTests {
    /// Twenty streams with three events each, the second of them by SM3.
    private static func mixed() throws -> SQLiteLogHarness {
        let harness = try SQLiteLogHarness()
        var number = 0
        for algorithm in [HashAlgorithm.sha256, .sm3, .sha256] {
            harness.options.hashAlgorithm = algorithm
            let log = try harness.openLog()
            try harness.fill(log, count: 20, streams: 20, from: number)
            try log.close()
            number += 20
        }
        return harness
    }

    private static func algorithms(_ log: SQLiteEventLog) throws -> [HashAlgorithm?] {
        try log.makeReader().readAll(after: .start, limit: .max, filter: .all).events.map {
            HashAlgorithm(recorded: try $0.header().hashAlgorithm)
        }
    }

    @Test("打开、读、核验都照各条写明的算法")
    func sound() throws {
        let harness = try Self.mixed()
        let log = try harness.openLog()
        #expect(log.openingDamages.isEmpty)
        let found = try Self.algorithms(log)
        #expect(found.count == 60 && found[..<20].allSatisfy { $0 == .sha256 })
        #expect(found[20..<40].allSatisfy { $0 == .sm3 } && found[40...].allSatisfy { $0 == .sha256 })
        try log.close()
        let report = try LogVerifier(directory: harness.directory, options: harness.options).run()
        #expect(report.isSound && report.events == 60)
    }

    @Test("没有正常关闭的也一样恢复")
    func recovered() throws {
        let harness = try Self.mixed()
        harness.options.hashAlgorithm = .sm3
        let log = try harness.openLog()
        try harness.fill(log, count: 20, streams: 20, from: 60)
        try harness.abandon(log)
        let again = try harness.openLog()
        #expect(again.openingDamages.isEmpty && again.head.position.rawValue == 80)
        #expect(try Self.algorithms(again)[60...].allSatisfy { $0 == .sm3 })
        try again.close()
    }

    @Test("改动任何一种的一个字节，都指明是哪一条", arguments: [5, 25, 45] as [UInt64])
    func flippedByte(position: UInt64) throws {
        let harness = try Self.mixed()
        let database = try Database(
            harness.path("events.sqlite"), options: harness.options, create: false, cacheBytes: 1 << 20)
        // The last bytes of a record belong to its payload or its place in the chain.
        try database.run(
            """
            UPDATE events SET record = substr(record, 1, length(record) - 12) || x'5A' || substr(record, -11)
            WHERE position = \(position)
            """)
        try database.run("PRAGMA wal_checkpoint(truncate)")
        let report = try LogVerifier(directory: harness.directory, options: harness.options).run()
        #expect(report.damages.contains { $0.position?.rawValue == position })
    }

    @Test("把算法改写成另一种：记录与杂凑值对不上")
    func algorithmChanged() throws {
        let harness = try Self.mixed()
        let database = try Database(
            harness.path("events.sqlite"), options: harness.options, create: false, cacheBytes: 1 << 20)
        // Tag 15 with the value 2, at the place where the writer puts it: before the epoch, at the end.
        try database.run(
            """
            UPDATE events SET record = replace(record, x'7802', x'7801')
            WHERE position = 25
            """)
        try database.run("PRAGMA wal_checkpoint(truncate)")
        let report = try LogVerifier(directory: harness.directory, options: harness.options).run()
        #expect(report.damages.contains { $0.kind == .hashMismatch && $0.position?.rawValue == 25 })
    }
}
