import CareTestKit
import EventLog
import Foundation
import Testing

@testable import EventLogSQLite

/// Rows that are gone from the files of a stopped log: whose streams they were is told by what is still there.
@Suite("缺行")
struct MissingRowTests {
    /// A log of 80 events in 9 streams, closed, without its saved heads, and what each event is.
    private static func closedLog(keepingImage: Bool = false) throws -> (SQLiteLogHarness, [StreamName]) {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 80, streams: 9)
        let streams = try log.makeReader().readAll(after: .start, limit: .max, filter: .all).events
            .map { try DamageOwnerTests.stream($0) }
        try log.close()
        if !keepingImage { try FileManager.default.removeItem(atPath: harness.path("events.image")) }
        return (harness, streams)
    }

    private static func run(_ sql: String, on harness: SQLiteLogHarness) throws {
        let database = try Database(
            harness.path("events.sqlite"), options: harness.options, create: false, cacheBytes: 1 << 20)
        try database.run(sql)
        try database.run("PRAGMA wal_checkpoint(truncate)")
    }

    /// The streams to be fenced when the events at these places (from 0) are gone; nil when they cannot be told: then the
    /// trail is gone, too, and one of them has lost its newest events.
    private static func fenced(_ gone: Range<Int>, _ streams: [StreamName], _ keepingTrail: Bool) -> Set<StreamName>? {
        let names = Set(streams[gone])
        if keepingTrail { return names }
        let later = Set(streams[gone.upperBound...])
        return names.isSubset(of: later) ? names : nil
    }

    @Test("任何一段缺失：只封存所属各户，其余照常；说不清是谁家的，拒绝启动", arguments: 1...7, [true, false])
    func anyRange(length: Int, keepingTrail: Bool) throws {
        let (original, streams) = try Self.closedLog()
        var opened = 0
        var refused = 0
        for start in 0...streams.count - length {
            let gone = start..<start + length
            let copy = try original.snapshot()
            try Self.run("DELETE FROM events WHERE position > \(start) AND position <= \(gone.upperBound)", on: copy)
            if !keepingTrail { copy.removeTrail() }
            guard let expected = Self.fenced(gone, streams, keepingTrail), gone.upperBound < streams.count else {
                let error = #expect(throws: EventLogError.self) { try copy.openLog() }
                #expect(error?.code == .eventsMissing)
                refused += 1
                continue
            }
            opened += 1
            let log = try copy.openLog()
            #expect(Set(log.fences.map(\.stream)) == expected, "\(gone)")
            try Self.checkOthersGoOn(log, expected, streams)
            try log.close()
            // And so it stays.
            try FileManager.default.removeItem(atPath: copy.path("events.image"))
            let again = try copy.openLog()
            #expect(Set(again.fences.map(\.stream)) == expected)
            #expect(again.head.position == Position(UInt64(streams.count) + 1))
            try again.close()
        }
        #expect(opened > 40 && refused >= (keepingTrail ? 1 : length))
    }

    private static func checkOthersGoOn(
        _ log: SQLiteEventLog, _ fenced: Set<StreamName>, _ streams: [StreamName]
    ) throws {
        let other = try #require(streams.first { !fenced.contains($0) })
        let damaged = try #require(fenced.first)
        let outcomes = try log.append(
            [LogFixtures.request(damaged, .any, id: 9998), LogFixtures.request(other, .any, id: 9999)],
            at: LogFixtures.noon)
        guard case .streamFenced = outcomes[0], case .appended = outcomes[1] else {
            Issue.record("the damaged stream refuses and the other goes on, not \(outcomes)")
            return
        }
        let count = streams.count { $0 == other }
        let slice = try log.makeReader().readStream(other, from: .first, limit: 100)
        #expect(slice.events.count == count + 1 && slice.damages.isEmpty)
    }

    @Test("各户末端已保存，之前缺的行：照常启动，读到时指明")
    func behindTheImage() throws {
        let (harness, streams) = try Self.closedLog(keepingImage: true)
        let last = try #require(streams.last)
        let place = try #require(streams.lastIndex { $0 != last })
        try Self.run("DELETE FROM events WHERE position = \(place + 1)", on: harness)
        let log = try harness.openLog()
        let slice = try log.makeReader().readStream(streams[place], from: .first, limit: 100)
        #expect(slice.damages.first?.kind == .missing)
        #expect(try log.makeReader().readStream(last, from: .first, limit: 100).damages.isEmpty)
        try log.close()
    }

    @Test("缺一行之外又有改写：凭后一条所记的摘要识破")
    func rewrittenBesides() throws {
        let (one, streams) = try Self.closedLog()
        let log = try one.openLog()
        try one.fill(log, count: 20, streams: 9, from: 100)
        try log.close()
        let other = try one.snapshot()
        for (harness, first) in [(one, 300), (other, 400)] {
            let log = try harness.openLog()
            try harness.fill(log, count: 20, streams: 9, from: first)
            try log.close()
        }
        try one.take(["events.sqlite"], from: other)
        try FileManager.default.removeItem(atPath: one.path("events.image"))
        let gone = try #require(streams.indices.first { streams[($0 + 1)...].contains(streams[$0]) })
        try Self.run("DELETE FROM events WHERE position = \(gone + 1)", on: one)
        let error = #expect(throws: EventLogError.self) { try one.openLog() }
        #expect(error?.code == .eventsChanged)
    }
}
