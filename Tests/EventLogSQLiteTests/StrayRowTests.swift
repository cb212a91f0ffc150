import CareTestKit
import EventLog
import Foundation
import Testing

@testable import EventLogSQLite

/// Rows that are none of the log's events, and rows whose numbers were changed: the others' families are served as before.
@Suite("不属于日志的行")
struct StrayRowTests {
    /// A log of 80 events in 9 streams, stopped in order or killed, and the stream of each event.
    private static func log(killed: Bool) throws -> (SQLiteLogHarness, [StreamName]) {
        let harness = try SQLiteLogHarness()
        harness.options.pageBytes = 1024
        let log = try harness.openLog()
        try harness.fill(log, count: 80, streams: 9)
        let streams = try log.makeReader().readAll(after: .start, limit: .max, filter: .all).events
            .map { try DamageOwnerTests.stream($0) }
        guard killed else {
            try log.close()
            return (harness, streams)
        }
        let copy = try harness.snapshot()
        log.abandon()
        return (copy, streams)
    }

    private static func run(_ statements: String..., on harness: SQLiteLogHarness) throws {
        let database = try Database(
            harness.path("events.sqlite"), options: harness.options, create: false, cacheBytes: 1 << 20)
        for statement in statements { try database.run(statement) }
        try database.run("PRAGMA wal_checkpoint(truncate)")
    }

    private static func verify(_ harness: SQLiteLogHarness) throws -> VerifyReport {
        try LogVerifier(directory: harness.directory, options: harness.options).run()
    }

    /// Opens the log, lets every stream take an event, and looks at everything.
    /// - Parameter fenced: The streams that take nothing.
    private static func goOn(
        _ harness: SQLiteLogHarness, _ streams: [StreamName], fenced: Set<StreamName> = [], round: Int = 1
    ) throws {
        let log = try harness.openLog()
        defer { log.abandon() }
        #expect(Set(log.fences.map(\.stream)) == fenced)
        let before = log.head.position.rawValue
        let others = Set(streams).subtracting(fenced)
        for (number, stream) in others.sorted(by: { $0.text < $1.text }).enumerated() {
            let request = LogFixtures.request(stream, .any, id: UInt64(1000 * round + number))
            let receipt = try log.append([request], at: LogFixtures.noon)[0].receipt
            #expect(receipt?.lastPosition.rawValue == before + UInt64(number) + 1)
        }
        let all = try log.makeReader().readAll(after: .start, limit: .max, filter: .all)
        #expect(Set(all.damages.compactMap(\.stream)) == fenced)
        #expect(UInt64(all.events.count + all.damages.count) == log.head.position.rawValue)
        for stream in others {
            let slice = try log.makeReader().readStream(stream, from: .first, limit: 1000)
            #expect(slice.damages.isEmpty && slice.events.count == streams.count { $0 == stream } + round)
        }
        try log.close()
    }

    private static let numbers: [Int64] = [81, 82, 180, 1_000_080, 1 << 21, 1 << 50, .max, 0, -5, .min + 1]

    @Test("加进来的行：指明位置，谁也不封存，照常续写，行被移开留存", arguments: numbers, [true, false])
    func added(number: Int64, killed: Bool) throws {
        let (harness, streams) = try Self.log(killed: killed)
        try Self.run(
            "INSERT INTO events SELECT \(number), stream, sequence + 1, position, kind, day, record, hash "
                + "FROM events WHERE position = 77", on: harness)
        let report = try Self.verify(harness)
        #expect(report.damages.map(\.kind) == [.stray] && report.isConfined && report.events == 80)
        #expect(report.damages[0].detail.contains("row \(number), said to be \(streams[76])"))
        try Self.goOn(harness, streams)
        let after = try Self.verify(harness)
        #expect(after.isSound && after.events == 89)
        #expect(after.setAside.map(\.kind) == [.stray])
        try Self.goOn(harness, streams, round: 2)
    }

    @Test("最新一行的行号被改：只封存它那一户，其余照常", arguments: numbers + [79 + (1 << 20)], [true, false])
    func newestRenumbered(number: Int64, killed: Bool) throws {
        let (harness, streams) = try Self.log(killed: killed)
        try Self.run("UPDATE events SET position = \(number) WHERE position = 80", on: harness)
        let report = try Self.verify(harness)
        #expect(report.damagedStreams == [streams[79]] && report.isConfined)
        #expect(report.damages.contains { $0.position?.rawValue == 80 && $0.stream == streams[79] })
        #expect(report.damages.contains { $0.kind == .stray && $0.detail.contains("row \(number),") })
        // Also when it is opened and stopped before anything new comes.
        let log = try harness.openLog()
        #expect(log.fences.map(\.stream) == [streams[79]] && log.openingNotes.map(\.kind) == [.stray])
        try log.close()
        let copy = try SQLiteLogHarness()
        _ = try LogBackup.copy(from: harness.directory, to: copy.path("copy"))
        #expect(try LogVerifier(directory: copy.path("copy")).run().damagedStreams == [streams[79]])
        try Self.goOn(harness, streams, fenced: [streams[79]])
        try Self.goOn(harness, streams, fenced: [streams[79]], round: 2)
        let after = try Self.verify(harness)
        #expect(after.damages.map(\.position?.rawValue) == [80] && after.setAside.count == 1)
    }

    /// Where the number of a row stands in the database file.
    private static func numberOffset(_ harness: SQLiteLogHarness, position: UInt8, record: [UInt8]) throws -> Int {
        let content = try Data(harness.bytes("events.sqlite"))
        let start = try #require(content.range(of: Data(record))?.lowerBound)
        // The number, the length of the header, and the first column, which is empty: the number stands for it.
        return try #require(
            (start - 40..<start).last { content[$0] == position && 8..<16 ~= content[$0 + 1] && content[$0 + 2] == 0 })
    }

    @Test("行号里任一位翻转：日志照常打开，只封存相关的一两户，说出来", arguments: 1...80)
    func flippedNumber(position: Int) throws {
        let (harness, streams) = try Self.log(killed: false)
        let log = try harness.openLog()
        let events = try log.makeReader().readAll(after: .start, limit: .max, filter: .all).events
        try log.close()
        let offset = try Self.numberOffset(
            harness, position: UInt8(position), record: events[position - 1].record)
        for bit in 0..<8 {
            let copy = try harness.snapshot()
            try copy.flip("events.sqlite", at: offset, bit: bit)
            // A row that has got the number of another one speaks for that one, too.
            let other = position ^ (1 << bit)
            let hit = Set([position, other].compactMap { streams.indices.contains($0 - 1) ? streams[$0 - 1] : nil })
            let report = try Self.verify(copy)
            #expect(!report.isSound && report.isConfined, "bit \(bit): \(report.damages)")
            #expect(report.damagedStreams.contains(streams[position - 1]), "bit \(bit)")
            #expect(Set(report.damagedStreams).isSubset(of: hit), "bit \(bit): \(report.damages)")
            // The last bit of a number's byte makes it longer, and everything behind it another.
            if bit == 7, position < 80 { continue }
            try FileManager.default.removeItem(atPath: copy.path("events.image"))
            let opened = try copy.openLog()
            #expect(Set(opened.fences.map(\.stream)) == Set(report.damagedStreams), "bit \(bit)")
            opened.abandon()
            if position == 80 { try Self.goOn(copy, streams, fenced: [streams[79]]) }
        }
    }

    /// An event with its chain and its hash, as only this log would write it, put into the file behind the log's end.
    private static func forge(_ harness: SQLiteLogHarness, _ stream: StreamName) throws {
        let forger = try harness.snapshot()
        let log = try forger.openLog()
        _ = try log.append([LogFixtures.request(stream, .any, id: 666)], at: LogFixtures.noon)
        try log.close()
        try run(
            "ATTACH DATABASE '\(forger.path("events.sqlite"))' AS forger",
            "INSERT INTO main.events SELECT * FROM forger.events WHERE position = 81", "DETACH DATABASE forger",
            on: harness)
    }

    @Test("接在末尾的伪造事件，链和散列都对：不算数，核验指明", arguments: [true, false])
    func forged(killed: Bool) throws {
        let (harness, streams) = try Self.log(killed: killed)
        try Self.forge(harness, streams[3])
        let report = try Self.verify(harness)
        #expect(report.damages.map(\.kind) == [.stray] && report.damages.map(\.position?.rawValue) == [81])
        let log = try harness.openLog()
        #expect(log.head.position.rawValue == 80 && log.openingNotes.count == 1)
        log.abandon()
        try Self.goOn(harness, streams)
        #expect(try Self.verify(harness).isSound)
    }

    @Test("被杀时正在提交的一批：日志自己写的，照收；来历不明的，移开，重发照记", arguments: [true, false])
    func underWay(keepingTrail: Bool) throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 20)
        let before = try harness.snapshot()
        let request = LogFixtures.request(LogFixtures.household(1), .any, id: 500, count: 3)
        _ = try log.append([request], at: LogFixtures.noon)
        let killed = try harness.snapshot()
        log.abandon()
        // The commit is done, the head file was not yet written.
        try killed.take(["events.head"] + (keepingTrail ? [] : ["events.trail"]), from: before)
        #expect(try Self.verify(killed).isSound == keepingTrail)
        let again = try killed.openLog()
        #expect(again.openingDamages.isEmpty && again.fences.isEmpty)
        #expect(again.head.position.rawValue == (keepingTrail ? 23 : 20))
        let outcome = try again.append([request], at: LogFixtures.noon)[0]
        if case .repeated = outcome { #expect(keepingTrail) } else { #expect(!keepingTrail) }
        #expect(outcome.receipt?.lastPosition.rawValue == 23)
        try again.close()
        #expect(try Self.verify(killed).isSound)
    }

    @Test("末尾被截的日志，添上别的行也不放行")
    func cutAndFilled() throws {
        let (harness, _) = try Self.log(killed: false)
        try Self.run(
            "DELETE FROM events WHERE position = 80",
            "INSERT INTO events SELECT 90, stream, sequence, prev, kind, day, record, hash FROM events "
                + "WHERE position = 60", on: harness)
        let error = #expect(throws: EventLogError.self) { try harness.openLog() }
        #expect(error?.code == .eventsMissing)
        let report = try Self.verify(harness)
        #expect(report.damages.contains { $0.kind == .missing && $0.position?.rawValue == 80 } && !report.isConfined)
    }

    @Test("头文件坏了一个槽：核验指明，启动照常并说出来，一条不少", arguments: [0, 4096], [true, false])
    func damagedSlot(offset: Int, killed: Bool) throws {
        let (harness, streams) = try Self.log(killed: killed)
        for byte in [0, 7, 30, 100] {
            let copy = try harness.snapshot()
            try copy.flip("events.head", at: offset + byte, bit: 4)
            let report = try Self.verify(copy)
            #expect(report.damages.map(\.kind) == [.headMismatch] && report.isConfined && report.events == 80)
            #expect(report.damages[0].detail.contains("slot \(offset / 4096 + 1) of 2"))
            let log = try copy.openLog()
            #expect(log.head.position.rawValue == 80 && log.openingNotes.map(\.kind) == [.headMismatch])
            log.abandon()
            try Self.goOn(copy, streams)
            #expect(try Self.verify(copy).isSound)
        }
    }

    @Test("磁盘满而退回的一批不留痕迹：之后写入的不被当作改写")
    func takenBack() throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 50)
        let reader = try log.makeReader()
        #expect(try reader.readAll(after: .start, limit: 100, filter: .all).events.count == 50)
        try log.setMaximumBytes(0)
        let large = (1...200).map { LogFixtures.request(LogFixtures.household(1), .any, id: UInt64(1000 + $0)) }
        #expect(throws: EventLogError.self) { try log.append(large, at: LogFixtures.noon) }
        #expect(try harness.bytes("events.trail").count == 50 * TrailEntry.byteCount)
        try log.setMaximumBytes(1 << 40)
        try harness.fill(log, count: 20, from: 51)
        let slice = try reader.readAll(after: .start, limit: 100, filter: .all)
        #expect(slice.events.count == 70 && slice.damages.isEmpty)
        try log.close()
        #expect(try Self.verify(harness).isSound)
    }
}
