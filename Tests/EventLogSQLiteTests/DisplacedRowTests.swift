import CareTestKit
import EventLog
import Foundation
import Testing

@testable import EventLogSQLite

/// Rows exchanged, copied over or rewritten with an SQL tool in the files of a stopped log: the family they belong to is
/// closed, all others are served, and the check names the places.
@Suite("错位的行", .timeLimit(.minutes(10)))
struct DisplacedRowTests {
    /// A log of 60 events in 7 streams, closed, without its saved heads, and what each event is.
    private static func closedLog() throws -> (SQLiteLogHarness, [StreamName]) {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 60, streams: 7)
        let streams = try log.makeReader().readAll(after: .start, limit: .max, filter: .all).events
            .map { try DamageOwnerTests.stream($0) }
        try log.close()
        try FileManager.default.removeItem(atPath: harness.path("events.image"))
        return (harness, streams)
    }

    private static func run(_ statements: [String], on harness: SQLiteLogHarness) throws {
        let database = try Database(
            harness.path("events.sqlite"), options: harness.options, create: false, cacheBytes: 1 << 20)
        for sql in statements { try database.run(sql) }
        try database.run("PRAGMA wal_checkpoint(truncate)")
    }

    @Test("行号被改得离谱：只封存它那一户，不去数中间的空档；检查指出这一行", arguments: ["9223372036854775807", "1 << 40"])
    func numberedFarBeyond(position: String) throws {
        let (harness, streams) = try Self.closedLog()
        try Self.run(["UPDATE events SET position = \(position) WHERE position = 30"], on: harness)
        let report = try LogVerifier(directory: harness.directory).run()
        #expect(report.damagedStreams == [streams[29]] && report.isConfined)
        #expect(report.damages.contains { $0.kind == .stray })
        let log = try harness.openLog()
        #expect(log.fences.map(\.stream) == [streams[29]] && log.head.position.rawValue == 60)
        try log.close()
    }

    /// How two rows can be exchanged.
    enum Exchange: CaseIterable {
        case wholeRows, recordsAndHashes

        func statements(_ one: Int, _ other: Int) -> [String] {
            switch self {
            case .wholeRows:
                [
                    "UPDATE events SET position = -1 WHERE position = \(one)",
                    "UPDATE events SET position = \(one) WHERE position = \(other)",
                    "UPDATE events SET position = \(other) WHERE position = -1",
                ]
            case .recordsAndHashes:
                [
                    "CREATE TABLE kept AS SELECT position, record, hash FROM events",
                    "UPDATE events SET record = (SELECT record FROM kept WHERE position = \(other)), "
                        + "hash = (SELECT hash FROM kept WHERE position = \(other)) WHERE position = \(one)",
                    "UPDATE events SET record = (SELECT record FROM kept WHERE position = \(one)), "
                        + "hash = (SELECT hash FROM kept WHERE position = \(one)) WHERE position = \(other)",
                    "DROP TABLE kept",
                ]
            }
        }
    }

    /// Opens the changed log: exactly these streams are fenced, the others take events and are read whole, and the check
    /// of the files names the positions and nothing beside.
    private static func expect(
        _ harness: SQLiteLogHarness, fenced: Set<StreamName>, at places: Set<Int>, _ streams: [StreamName],
        _ comment: Comment
    ) throws {
        let report = try LogVerifier(directory: harness.directory).run()
        #expect(Set(report.damagedStreams) == fenced, comment)
        #expect(report.isConfined && !report.isSound, comment)
        let named = Set(report.damages.compactMap { $0.position.map { Int($0.rawValue) } })
        #expect(named.isSuperset(of: places), comment)
        for round in 1...2 {
            let log = try harness.openLog()
            #expect(Set(log.fences.map(\.stream)) == fenced, comment)
            let all = try log.makeReader().readAll(after: .start, limit: .max, filter: .all)
            #expect(all.damages.allSatisfy { $0.stream.map(fenced.contains) ?? false }, comment)
            #expect(all.events.count + all.damages.count >= streams.count, comment)
            for stream in Set(streams) {
                let requests = [LogFixtures.request(stream, .any, id: UInt64(9000 + round))]
                let outcome = try log.append(requests, at: LogFixtures.noon)[0]
                let slice = try log.makeReader().readStream(stream, from: .first, limit: 100)
                if fenced.contains(stream) {
                    guard case .streamFenced = outcome else {
                        Issue.record("\(comment): \(stream) must refuse, not \(outcome)")
                        continue
                    }
                } else {
                    #expect(slice.damages.isEmpty, comment)
                    #expect(slice.events.count == streams.count { $0 == stream } + round, comment)
                }
            }
            try log.close()
            try FileManager.default.removeItem(atPath: harness.path("events.image"))
        }
    }

    @Test("同一户任意两行对调：只封存该户，其余照常，核验指明位置", arguments: Exchange.allCases)
    func withinAStream(exchange: Exchange) throws {
        let (original, streams) = try Self.closedLog()
        for one in streams.indices {
            for other in streams.indices where other > one && streams[one] == streams[other] {
                guard (one + other) % 5 == 0 else { continue }
                let copy = try original.snapshot()
                try Self.run(exchange.statements(one + 1, other + 1), on: copy)
                try Self.expect(
                    copy, fenced: [streams[one]], at: [one + 1, other + 1], streams, "\(one + 1) <-> \(other + 1)")
            }
        }
    }

    @Test("不同户的两行对调：只封存这两户", arguments: Exchange.allCases)
    func acrossStreams(exchange: Exchange) throws {
        let (original, streams) = try Self.closedLog()
        for one in stride(from: 0, to: streams.count, by: 7) {
            for other in stride(from: one + 1, to: streams.count, by: 11)
            where streams[one] != streams[other] {
                let copy = try original.snapshot()
                try Self.run(exchange.statements(one + 1, other + 1), on: copy)
                try Self.expect(
                    copy, fenced: [streams[one], streams[other]], at: [one + 1, other + 1], streams,
                    "\(one + 1) <-> \(other + 1)")
            }
        }
    }

    @Test("一户三行轮换", arguments: Exchange.allCases)
    func rotated(exchange: Exchange) throws {
        let (original, streams) = try Self.closedLog()
        for stream in Set(streams.prefix(4)) {
            let own = streams.indices.filter { streams[$0] == stream }
            for start in [0, own.count - 3] {
                let copy = try original.snapshot()
                let three = own[start..<start + 3].map { $0 + 1 }
                try Self.run(exchange.statements(three[0], three[1]), on: copy)
                try Self.run(exchange.statements(three[1], three[2]), on: copy)
                try Self.expect(copy, fenced: [stream], at: Set(three), streams, "\(three)")
            }
        }
    }

    @Test("一行被另一行的副本盖掉：封存被盖的户，不牵连副本所属的户")
    func copiedOver() throws {
        let (original, streams) = try Self.closedLog()
        for source in stride(from: 0, to: streams.count, by: 9) {
            for target in stride(from: 2, to: streams.count, by: 11)
            where source != target && streams[(target + 1)...].contains(streams[target]) {
                let copy = try original.snapshot()
                try Self.run(
                    [
                        "DELETE FROM events WHERE position = \(target + 1)",
                        "INSERT INTO events SELECT \(target + 1), stream, sequence, prev, kind, day, record, hash "
                            + "FROM events WHERE position = \(source + 1)",
                    ], on: copy)
                try Self.expect(
                    copy, fenced: [streams[target]], at: [target + 1], streams, "\(source + 1) over \(target + 1)")
            }
        }
    }

    @Test("同一行在末尾又出现一次：不是日志的事件，谁也不封存，原有各条都在")
    func repeatedAtTheEnd() throws {
        let (original, streams) = try Self.closedLog()
        for source in stride(from: 0, to: streams.count, by: 6) {
            let copy = try original.snapshot()
            try Self.run(
                [
                    "INSERT INTO events SELECT \(streams.count + 1), stream, sequence, prev, kind, day, record, hash "
                        + "FROM events WHERE position = \(source + 1)"
                ], on: copy)
            let log = try copy.openLog()
            #expect(log.fences.isEmpty && log.openingNotes.map(\.kind) == [.stray])
            let slice = try log.makeReader().readStream(streams[source], from: .first, limit: 100)
            #expect(slice.events.count == streams.count { $0 == streams[source] })
            log.abandon()
        }
    }

    @Test("行中所记的户与事件本身不同：封存事件所属的户，不牵连别户")
    func foreignStreamColumn() throws {
        let (original, streams) = try Self.closedLog()
        for place in stride(from: 10, to: streams.count, by: 7) {
            let copy = try original.snapshot()
            let first = streams[..<place].firstIndex { $0 != streams[place] } ?? 0
            try Self.run(["UPDATE events SET stream = \(first + 1) WHERE position = \(place + 1)"], on: copy)
            try Self.expect(copy, fenced: [streams[place]], at: [place + 1], streams, "\(place + 1)")
        }
    }

    @Test("一个序号出现两次：只封存该户")
    func sequenceTwice() throws {
        let (original, streams) = try Self.closedLog()
        for place in stride(from: 20, to: streams.count, by: 7) {
            let copy = try original.snapshot()
            try Self.run(["UPDATE events SET sequence = sequence - 1 WHERE position = \(place + 1)"], on: copy)
            try Self.expect(copy, fenced: [streams[place]], at: [place + 1], streams, "\(place + 1)")
        }
    }
}
