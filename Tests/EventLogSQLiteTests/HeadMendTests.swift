import CareTestKit
import EventLog
import Foundation
import Testing

@testable import EventLogSQLite

/// A head file made anew: only of what a signed checkpoint proves.
@Suite("重做日志头", .timeLimit(.minutes(5)))
struct HeadMendTests {
    private static let before = 40
    private static let all = 70

    /// A log of 70 events, closed or killed, and the state of its files when it was closed with 40.
    private static func log(killed: Bool = false) throws -> (now: SQLiteLogHarness, before: SQLiteLogHarness) {
        let harness = try SQLiteLogHarness()
        var log = try harness.openLog()
        try harness.fill(log, count: before, streams: 9)
        try log.close()
        let old = try harness.snapshot()
        log = try harness.openLog()
        try harness.fill(log, count: all - before, streams: 9, from: before + 1)
        guard killed else {
            try log.close()
            return (harness, old)
        }
        let copy = try harness.snapshot()
        log.abandon()
        return (copy, old)
    }

    /// A true checkpoint of the first events of a log, whose signature was checked elsewhere.
    private static func checkpoint(_ harness: SQLiteLogHarness, _ position: Int) throws -> NamedCheckpoint {
        let copy = try harness.snapshot()
        let log = try copy.openLog()
        defer { log.abandon() }
        var tree = StreamTree()
        var digest = RunningDigest()
        for event in try log.makeReader().readAll(after: .start, limit: .max, filter: .all).events.prefix(position) {
            let stream = try DamageOwnerTests.stream(event)
            tree.take(StreamKey(stream), sequence: try event.header().sequence.rawValue, hash: event.hash)
            digest.add(event.hash)
        }
        return NamedCheckpoint(
            "newest",
            Checkpoint(
                log: log.identity, epoch: 1, position: UInt64(position), recordedAt: 0, digest: digest.value,
                streams: UInt64(tree.count), root: tree.root()))
    }

    private static func mend(_ harness: SQLiteLogHarness, _ proofs: [NamedCheckpoint]) throws -> HeadMend {
        try HeadMend(directory: harness.directory, options: harness.options, checkpoints: proofs)
    }

    private static func obstacle(_ harness: SQLiteLogHarness, _ proofs: [NamedCheckpoint]) throws -> HeadMend.Obstacle?
    {
        let before = try content(harness)
        let result = try Self.mend(harness, proofs).result
        #expect(try content(harness) == before)
        if case .failure(let refused) = result { return refused.obstacle }
        return nil
    }

    private static func content(_ harness: SQLiteLogHarness) throws -> [String: [UInt8]] {
        let names = SQLiteLogHarness.fileNames.filter {
            !["events.lock", "events.sqlite-shm", "events.sqlite-wal"].contains($0)
        }
        return Dictionary(uniqueKeysWithValues: names.map { ($0, (try? harness.bytes($0)) ?? []) })
    }

    private static func run(_ statement: String, on harness: SQLiteLogHarness) throws {
        let database = try Database(
            harness.path("events.sqlite"), options: harness.options, create: false, cacheBytes: 1 << 20)
        try database.run(statement)
        try database.run("PRAGMA wal_checkpoint(truncate)")
    }

    /// Writes the head, and finds the whole log again, which goes on taking events.
    private static func expectMended(
        _ harness: SQLiteLogHarness, _ proofs: [NamedCheckpoint], _ finding: HeadMend.Finding
    ) throws {
        do {
            let mend = try Self.mend(harness, proofs)
            #expect(try mend.result.get() == finding)
            try mend.write(record: "who and when")
        }
        #expect(HeadMend.records(in: harness.directory) == ["who and when"])
        // What a backup holds, and what is restored from it, says so, too.
        let (backup, restored) = (try SQLiteLogHarness(), try SQLiteLogHarness())
        _ = try LogBackup.copy(from: harness.directory, to: backup.directory)
        _ = try LogBackup.copy(from: backup.directory, to: restored.directory, addingEpochs: 1 << 20)
        #expect(HeadMend.records(in: restored.directory) == ["who and when"])
        if let kept = finding.keptAs { #expect(FileManager.default.fileExists(atPath: harness.path(kept))) }
        let report = try LogVerifier(
            directory: harness.directory, options: harness.options, checkpoints: proofs
        ).run()
        #expect(report.isSound && report.events == finding.events && report.setAsideCount == finding.leftAside)
        let log = try harness.openLog()
        #expect(log.head.position.rawValue == finding.events && log.openingNotes.isEmpty && log.fences.isEmpty)
        try harness.fill(log, count: 10, streams: 9, from: all + 1)
        try log.close()
        #expect(try LogVerifier(directory: harness.directory, options: harness.options).run().isSound)
        #expect(try obstacle(harness, proofs) == .notNeeded)
    }

    @Test("旧头，检查点证明全部：重做，一条不少；只看时什么也不改", arguments: [true, false])
    func older(killed: Bool) throws {
        let (harness, old) = try Self.log(killed: killed)
        let proof = try Self.checkpoint(harness, Self.all)
        try harness.take(["events.head"], from: old)
        #expect(try Self.obstacle(harness, [proof]) == nil)
        let finding = try Self.mend(harness, [proof]).result.get()
        #expect(finding.before == 40 && finding.events == 70 && finding.unsigned == 0 && finding.takenBack == 0)
        try Self.expectMended(harness, [proof], finding)
    }

    @Test("日志头缺失、两格都坏；行迹也不在：有检查点证明全部就能重做")
    func missing() throws {
        for isGone in [true, false] {
            let (harness, _) = try Self.log()
            let proof = try Self.checkpoint(harness, Self.all)
            if isGone {
                try FileManager.default.removeItem(atPath: harness.path("events.head"))
            } else {
                try harness.write([UInt8](repeating: 7, count: 8192), to: "events.head")
            }
            harness.removeTrail()
            let finding = try Self.mend(harness, [proof]).result.get()
            #expect(finding.before == nil && finding.events == 70 && finding.keptAs == nil)
            try Self.expectMended(harness, [proof], finding)
        }
    }

    @Test("检查点之后的：数出来；行迹对得上才算，对不上不办")
    func unsigned() throws {
        let (harness, old) = try Self.log()
        let proof = try Self.checkpoint(harness, 60)
        try harness.take(["events.head"], from: old)
        let finding = try Self.mend(harness, [proof]).result.get()
        #expect(finding.events == 70 && finding.unsigned == 10)
        let trail = try harness.bytes("events.trail")
        try harness.flip("events.trail", at: 64 * TrailEntry.byteCount + 3, bit: 0)
        #expect(try Self.obstacle(harness, [proof]) == .trailDiffers(position: 65))
        // The trail knows one more: what stood there may have been cut off.
        let log = try #require(HeadFile.read(LogFiles(directory: harness.directory))).log
        var more = trail + [UInt8](repeating: 0, count: TrailEntry.byteCount)
        more.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            TrailEntry(hash: .zero, key: StreamKey(high: 1, low: 1))
                .write(to: base + 70 * TrailEntry.byteCount, position: 71, log: log)
        }
        try harness.write(more, to: "events.trail")
        #expect(try Self.obstacle(harness, [proof]) == .trailDiffers(position: 71))
        try harness.write(trail, to: "events.trail")
        try Self.expectMended(harness, [proof], finding)
    }

    @Test("没有检查点、检查点不越过旧头、属于别的日志：不办")
    func unproved() throws {
        let (harness, old) = try Self.log()
        let early = try Self.checkpoint(harness, 30)
        var other = try Self.checkpoint(harness, Self.all)
        other.checkpoint.log = [UInt8](repeating: 9, count: 16)
        try harness.take(["events.head"], from: old)
        for proofs in [[], [early], [other]] {
            #expect(try Self.obstacle(harness, proofs) == .nothingProves)
        }
    }

    @Test("行被改、被删、被添：不办，一个字节不改")
    func damaged() throws {
        for (change, isMissing) in [
            ("UPDATE events SET kind = kind + 1 WHERE position = 20", false),
            ("DELETE FROM events WHERE position = 50", false), ("DELETE FROM events WHERE position > 65", true),
            (
                "INSERT INTO events SELECT 71, stream, sequence + 1, position, kind, day, record, hash FROM events "
                    + "WHERE position = 70", false
            ),
            ("UPDATE events SET position = -3 WHERE position = 41", false),
        ] {
            let (harness, old) = try Self.log()
            let proof = try Self.checkpoint(harness, Self.all)
            try harness.take(["events.head"], from: old)
            try Self.run(change, on: harness)
            switch try Self.obstacle(harness, [proof]) {
            case .damaged: #expect(!isMissing, "\(change)")
            case .rowsMissing(let proved, let there): #expect(isMissing && proved == 70 && there == 65)
            case let found: Issue.record("\(change): \(String(describing: found))")
            }
        }
    }

    @Test("从前的启动移开的行：检查点证明到哪里，就回到哪里")
    func setAside() throws {
        for (proved, left) in [(70, 0), (60, 10)] {
            let (harness, old) = try Self.log()
            let proof = try Self.checkpoint(harness, proved)
            // An older trail beside the older head: nothing knows the rows behind it, and a start sets them aside.
            try harness.take(["events.head", "events.trail", "events.names", "events.image"], from: old)
            try harness.openLog().close()
            let report = try LogVerifier(directory: harness.directory, options: harness.options).run()
            #expect(report.events == 40 && report.setAsideCount == 30)
            let finding = try Self.mend(harness, [proof]).result.get()
            #expect(finding.events == UInt64(proved) && finding.takenBack == UInt64(proved - 40))
            #expect(finding.unsigned == 0 && finding.leftAside == UInt64(left))
            try Self.expectMended(harness, [proof], finding)
        }
    }

    @Test("移开之后已在原处另记了别的：拿不回来")
    func setAsideAndWrittenOver() throws {
        let (harness, old) = try Self.log()
        let proof = try Self.checkpoint(harness, Self.all)
        try harness.take(["events.head", "events.trail", "events.names", "events.image"], from: old)
        let log = try harness.openLog()
        try harness.fill(log, count: 5, streams: 9, from: 1_000)
        try log.close()
        guard case .damaged = try Self.obstacle(harness, [proof]) else {
            Issue.record("taken back although other events stand there")
            return
        }
    }

    @Test("有人在写时不动")
    func running() throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 5)
        let error = #expect(throws: EventLogError.self) { try Self.mend(harness, []) }
        #expect(error?.code == .writerLocked)
        log.abandon()
    }
}
