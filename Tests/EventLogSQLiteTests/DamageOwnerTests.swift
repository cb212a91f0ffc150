import CareTestKit
import EventLog
import Foundation
import Testing

@testable import EventLogSQLite

@Suite("损坏归户")
struct DamageOwnerTests {
    /// Where each event's record stands in the database file, when it does so in one piece.
    static func offsets(_ harness: SQLiteLogHarness, _ events: [StoredEvent]) throws -> [Int?] {
        let file = Data(try harness.bytes("events.sqlite"))
        return events.map { file.range(of: Data($0.record))?.lowerBound }
    }

    static func filled(streams: Int, events: Int) throws -> (harness: SQLiteLogHarness, events: [StoredEvent]) {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: events, streams: streams)
        let slice = try log.makeReader().readAll(after: .start, limit: .max, filter: .all)
        try log.close()
        return (harness, slice.events)
    }

    static func stream(_ event: StoredEvent) throws -> StreamName {
        let header = try event.header()
        return try event.record.withUnsafeBytes { bytes in try StreamName(bytes: header.name(in: bytes)) }
    }

    @Test(
        "运行中任一字节被翻转:读到时说出所属的户,绝不说成别户", .timeLimit(.minutes(10)), arguments: [5, 6, 7],
        [true, false])
    func whileRunning(seed: UInt64, keepingTrail: Bool) throws {
        let (original, events) = try Self.filled(streams: 9, events: 60)
        let offsets = try Self.offsets(original, events)
        var generator = ConformanceGenerator(seed: seed)
        var placed = 0
        for _ in 0..<40 {
            let index = Int.random(in: 0..<events.count, using: &generator)
            guard let offset = offsets[index] else { continue }
            let copy = try original.snapshot()
            let log = try copy.openLog()
            defer { log.abandon() }
            if !keepingTrail { copy.removeTrail() }
            #expect(log.openingDamages.isEmpty)
            // Any byte, the stream's name too.
            let byte = Int.random(in: 0..<events[index].record.count, using: &generator)
            try copy.overwrite("events.sqlite", at: offset + byte) { $0 ^ 0x20 }
            let slice = try log.makeReader().readAll(after: .start, limit: .max, filter: .all)
            #expect(slice.damages.map(\.position) == [events[index].position])
            #expect(slice.events.count == events.count - 1)
            let owner = try Self.stream(events[index])
            let said = try #require(slice.damages.first).stream
            #expect(said == owner || said == nil, "seed \(seed): position \(index + 1), byte \(byte)")
            #expect(!keepingTrail || said == owner)
            if said == owner { placed += 1 }
        }
        #expect(placed > 30, "seed \(seed): the streams have several events, so others tell")
    }

    @Test("运行中整页读不了:照样读完其余的,说不出归属的也不说错", .timeLimit(.minutes(10)))
    func wholePages() throws {
        let original = try SQLiteLogHarness()
        original.options.pageBytes = 1024
        let first = try original.openLog()
        try original.fill(first, count: 240, streams: 9)
        let events = try first.makeReader().readAll(after: .start, limit: .max, filter: .all).events
        try first.close()
        let owners = Dictionary(uniqueKeysWithValues: try events.map { ($0.position, try Self.stream($0)) })
        let pages = try original.bytes("events.sqlite").count / 1024
        var hit = 0
        for page in stride(from: 8, to: pages, by: 5) {
            let copy = try original.snapshot()
            let log = try copy.openLog()
            defer { log.abandon() }
            for byte in 0..<16 { try copy.overwrite("events.sqlite", at: page * 1024 + byte) { _ in 0xff } }
            let slice = try log.makeReader().readAll(after: .start, limit: .max, filter: .all)
            #expect(slice.isAtHead && slice.events.count + slice.damages.count == events.count, "page \(page)")
            for damage in slice.damages {
                let position = try #require(damage.position)
                #expect(damage.stream == nil || damage.stream == owners[position], "page \(page), \(damage)")
            }
            if !slice.damages.isEmpty { hit += 1 }
        }
        #expect(hit > 5)
    }

    @Test("一户只有一条事件、户名也损坏:归不了户,就说归不了")
    func single() throws {
        let (original, events) = try Self.filled(streams: 1_000, events: 3)
        let offset = try #require(try Self.offsets(original, events)[1])
        let log = try original.openLog()
        defer { log.abandon() }
        let name = Array(try Self.stream(events[1]).text.utf8)
        let start = try #require(Data(events[1].record).range(of: Data(name))?.lowerBound)
        try original.overwrite("events.sqlite", at: offset + start + name.count - 1) { $0 == 0x61 ? 0x62 : 0x61 }
        let told = try log.makeReader().readAll(after: .start, limit: .max, filter: .all)
        #expect(told.damages.map(\.stream) == [try Self.stream(events[1])], "the trail has its name")
        original.removeTrail()
        let slice = try log.makeReader().readAll(after: .start, limit: .max, filter: .all)
        #expect(slice.damages.map(\.stream) == [nil])
        // Its name unharmed, the heads vouch for it.
        let (other, same) = try Self.filled(streams: 1_000, events: 3)
        let place = try #require(try Self.offsets(other, same)[1])
        let second = try other.openLog()
        defer { second.abandon() }
        try other.overwrite("events.sqlite", at: place + same[1].record.count - 1) { $0 ^ 1 }
        let read = try second.makeReader().readAll(after: .start, limit: .max, filter: .all)
        #expect(read.damages.map(\.stream) == [try Self.stream(same[1])])
    }
}

extension SQLiteLogHarness {
    /// Changes the files of a stopped log as an SQL tool would.
    func change(_ statements: String...) throws {
        let database = try Database(path("events.sqlite"), options: options, create: false, cacheBytes: 1 << 20)
        for sql in statements { try database.run(sql) }
        try database.run("PRAGMA wal_checkpoint(truncate)")
    }

    /// Changes one byte in place, as a fault of the disk would under a running program.
    func overwrite(_ name: String, at offset: Int, _ change: (UInt8) -> UInt8) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path(name)))
        defer { try? file.close() }
        try file.seek(toOffset: UInt64(offset))
        let byte = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: [change(byte)])
    }
}
