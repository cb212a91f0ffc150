import CareTestKit
import EventLog
import Foundation
import Testing

@testable import EventLogSQLite

/// The head file of a backup beside newer rows: nothing that was acknowledged is taken for somebody else's, and a start that
/// is refused leaves everything as it was.
@Suite("换回旧的日志头", .timeLimit(.minutes(10)))
struct OlderHeadTests {
    /// A log of 70 events, closed or killed, the state of its files when it was closed with 40, and its streams.
    private static func log(
        killed: Bool
    ) throws -> (now: SQLiteLogHarness, before: SQLiteLogHarness, streams: [StreamName]) {
        let harness = try SQLiteLogHarness()
        harness.options.pageBytes = 1024
        var log = try harness.openLog()
        try harness.fill(log, count: 40, streams: 9)
        try log.close()
        let before = try harness.snapshot()
        log = try harness.openLog()
        try harness.fill(log, count: 30, streams: 9, from: 41)
        let streams = try log.makeReader().readAll(after: .start, limit: .max, filter: .all).events
            .map { try DamageOwnerTests.stream($0) }
        guard killed else {
            try log.close()
            return (harness, before, streams)
        }
        let copy = try harness.snapshot()
        log.abandon()
        return (copy, before, streams)
    }

    /// A checkpoint of the log after so many events.
    private static func checkpoint(_ position: UInt64) -> NamedCheckpoint {
        NamedCheckpoint(
            "newest",
            Checkpoint(
                log: [UInt8](repeating: 1, count: 16), epoch: 1, position: position, recordedAt: 1, digest: .zero,
                streams: 9, root: .zero))
    }

    /// What stands in the files that hold something; one that is not there is as good as an empty one.
    private static func content(_ harness: SQLiteLogHarness) -> [String: [UInt8]] {
        let names = SQLiteLogHarness.fileNames.filter { !["events.lock", "events.sqlite-shm"].contains($0) }
        return Dictionary(uniqueKeysWithValues: names.map { ($0, (try? harness.bytes($0)) ?? []) })
    }

    private static func run(_ statement: String, on harness: SQLiteLogHarness) throws {
        let database = try Database(
            harness.path("events.sqlite"), options: harness.options, create: false, cacheBytes: 1 << 20)
        try database.run(statement)
        try database.run("PRAGMA wal_checkpoint(truncate)")
    }

    /// Starts twice, is refused with this code, and finds every file as it was.
    private static func expectRefusal(_ harness: SQLiteLogHarness, _ code: EventLogError.Code) {
        let before = content(harness)
        for round in 1...2 {
            let error = #expect(throws: EventLogError.self) { try harness.openLog() }
            #expect(error?.code == code, "round \(round): \(error?.message ?? "")")
            #expect(content(harness) == before, "round \(round)")
        }
    }

    private static func expectWhole(_ harness: SQLiteLogHarness, _ streams: [StreamName]) throws {
        let log = try harness.openLog()
        defer { log.abandon() }
        #expect(log.head.position.rawValue == 70 && log.openingNotes.isEmpty && log.fences.isEmpty)
        let slice = try log.makeReader().readAll(after: .start, limit: .max, filter: .all)
        #expect(slice.damages.isEmpty)
        #expect(try slice.events.map { try DamageOwnerTests.stream($0) } == streams)
        #expect(try log.makeVerifier().run().isSound)
    }

    @Test("旧头之后有本日志的事件：拒绝启动，一个字节不改；放回真正的头，一条不少", arguments: [true, false], [nil, 40, 70])
    func refused(killed: Bool, checkpoint: UInt64?) throws {
        let (harness, before, streams) = try Self.log(killed: killed)
        let head = try harness.bytes("events.head")
        try harness.take(["events.head"], from: before)
        harness.options.furthestCheckpoint = checkpoint.map { Self.checkpoint($0) }
        Self.expectRefusal(harness, .headOlder)
        let content = Self.content(harness)
        let report = try LogVerifier(directory: harness.directory, options: harness.options).run()
        #expect(report.damages.map(\.kind) == [.headMismatch] && !report.isConfined && report.setAside.isEmpty)
        #expect(report.damages[0].detail.contains("30 more, up to position 70"))
        #expect(Self.content(harness) == content)
        try harness.write(head, to: "events.head")
        try Self.expectWhole(harness, streams)
    }

    @Test("旧头又没有行迹：新的检查点先拒绝，一个字节不改", arguments: [true, false])
    func behindACheckpoint(killed: Bool) throws {
        let (harness, before, streams) = try Self.log(killed: killed)
        let head = try harness.bytes("events.head")
        try harness.take(["events.head", "events.trail", "events.names", "events.image"], from: before)
        harness.options.furthestCheckpoint = Self.checkpoint(70)
        Self.expectRefusal(harness, .eventsMissing)
        try harness.write(head, to: "events.head")
        try Self.expectWhole(harness, streams)
    }

    @Test("其后的行缺了或坏了几条：仍拒绝，其余不当作无主")
    func damagedBehind() throws {
        for change in [
            "DELETE FROM events WHERE position = 41",
            "UPDATE events SET kind = kind + 1 WHERE position IN (41, 50, 70)",
            "UPDATE events SET position = 41 + (1 << 30) WHERE position = 41", "DELETE FROM events WHERE position = 40",
        ] {
            let (harness, before, _) = try Self.log(killed: false)
            try Self.run(change, on: harness)
            try harness.take(["events.head"], from: before)
            Self.expectRefusal(harness, .headOlder)
        }
    }

    @Test("其后另有无主的行：两样都说，都不动")
    func strangersBehind() throws {
        let (harness, before, _) = try Self.log(killed: false)
        for number in ["71", "1 << 50", "9223372036854775807"] {
            try Self.run(
                "INSERT INTO events SELECT \(number), stream, sequence + 1, position, kind, day, record, hash "
                    + "FROM events WHERE position = 70", on: harness)
        }
        try harness.take(["events.head"], from: before)
        let report = try LogVerifier(directory: harness.directory, options: harness.options).run()
        #expect(report.damages.count { $0.kind == .stray } == 3)
        #expect(report.damages.count { $0.kind == .headMismatch } == 1 && report.damages.count == 4)
        Self.expectRefusal(harness, .headOlder)
    }

    @Test("旧头不出备份：副本会少了其后的事件")
    func noBackup() throws {
        let (harness, before, _) = try Self.log(killed: false)
        try harness.take(["events.head"], from: before)
        let target = try SQLiteLogHarness()
        let error = #expect(throws: EventLogError.self) {
            try LogBackup.copy(from: harness.directory, to: target.path("copy"))
        }
        #expect(error?.code == .headOlder)
        #expect(!FileManager.default.fileExists(atPath: target.path("copy")))
    }

    @Test("日志头缺失而拒绝启动：一个字节不改", arguments: [true, false])
    func missing(killed: Bool) throws {
        let (harness, _, streams) = try Self.log(killed: killed)
        let head = try harness.bytes("events.head")
        try FileManager.default.removeItem(atPath: harness.path("events.head"))
        Self.expectRefusal(harness, .headUnreadable)
        try harness.write(head, to: "events.head")
        try Self.expectWhole(harness, streams)
    }
}
