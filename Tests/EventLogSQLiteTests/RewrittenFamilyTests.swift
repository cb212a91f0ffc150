import CareTestKit
import EventLog
import Foundation
import Testing

@testable import EventLogSQLite

/// Events rewritten together with their hashes, by somebody who knows how the chain is made, in the files of a stopped
/// log: only the families whose events they are are closed. Without the trail nobody could tell, and the log stays shut.
@Suite("改写一户", .timeLimit(.minutes(10)))
struct RewrittenFamilyTests {
    private let original: SQLiteLogHarness
    private let story: LogStory

    init() throws {
        original = try SQLiteLogHarness()
        let log = try original.openLog()
        try original.fill(log, count: 60, streams: 7)
        story = try LogStory(log)
        try log.close()
        try FileManager.default.removeItem(atPath: original.path("events.image"))
    }

    /// Opens a changed copy: exactly these streams are fenced, the others are whole and go on; the check says the same.
    private func expect(_ copy: SQLiteLogHarness, fenced: Set<StreamName>, _ comment: Comment) throws {
        let report = try LogVerifier(directory: copy.directory).run()
        #expect(Set(report.damagedStreams) == fenced && report.isConfined, comment)
        for round in 1...2 {
            let log = try copy.openLog()
            #expect(Set(log.fences.map(\.stream)) == fenced, comment)
            for stream in story.streams {
                let request = LogFixtures.request(stream, .any, id: UInt64(9000 + round))
                let outcome = try log.append([request], at: LogFixtures.noon)[0]
                let slice = try log.makeReader().readStream(stream, from: .first, limit: 100)
                if fenced.contains(stream) {
                    guard case .streamFenced = outcome else {
                        Issue.record("\(comment): \(stream) must refuse, not \(outcome)")
                        continue
                    }
                    #expect(!slice.damages.isEmpty, comment)
                    #expect(Set(slice.events).isSubset(of: Set(story.events)), comment)
                } else {
                    #expect(slice.damages.isEmpty && slice.events.count == story.count(of: stream) + round, comment)
                }
            }
            // With the saved heads and without: both starts know it, and so does who reads everything.
            let all = try log.makeReader().readAll(after: .start, limit: .max, filter: .all)
            #expect(Set(all.damages.map(\.stream)) == Set(fenced.map(Optional.some)), comment)
            try log.close()
        }
    }

    @Test("任何一条连同摘要被改写，最后一条也一样：只封存该户")
    func anyEvent() throws {
        for place in story.events.indices {
            let copy = try original.snapshot()
            try copy.apply(story.rewriting([place], .payload))
            try expect(copy, fenced: [story.owners[place]], "\(place + 1)")
        }
    }

    @Test("一户从某条起到末尾，连同链一起改写：只封存该户")
    func tail() throws {
        for stream in story.streams {
            let own = story.places(of: stream)
            for start in [0, own.count / 2, own.count - 2] {
                let copy = try original.snapshot()
                try copy.apply(story.rewriting(Array(own[start...]), .payload))
                try expect(copy, fenced: [stream], "\(stream) from \(start)")
            }
        }
    }

    @Test("整户改到别人名下，或整户删除：封存的是原来那户，且叫得出名")
    func wholeFamily() throws {
        for stream in story.streams {
            let own = story.places(of: stream)
            guard own.last != story.events.count - 1 else { continue }
            let renamed = try original.snapshot()
            let stranger = try StreamName(.household, "stranger")
            try renamed.apply(story.rewriting(own, .name(stranger)))
            try expect(renamed, fenced: [stream], "\(stream) renamed")
            let gone = try original.snapshot()
            try gone.apply(own.map { "DELETE FROM events WHERE position = \($0 + 1)" })
            try expect(gone, fenced: [stream], "\(stream) deleted")
        }
    }

    @Test("两户的末条都被改写：封存这两户")
    func twoFamilies() throws {
        let newest = story.streams.compactMap { story.places(of: $0).last }
        for (one, other) in zip(newest, newest.dropFirst()) {
            let copy = try original.snapshot()
            try copy.apply(story.rewriting([one], .payload) + story.rewriting([other], .payload))
            try expect(copy, fenced: [story.owners[one], story.owners[other]], "\(one + 1), \(other + 1)")
        }
    }

    @Test("从某处起全部换成另一段历史：不是哪一户的事，拒绝启动")
    func otherHistory() throws {
        let copy = try original.snapshot()
        let places = Array(story.events.indices.suffix(12))
        try copy.apply(story.rewriting(places, .payload))
        let error = #expect(throws: EventLogError.self) { try copy.openLog() }
        #expect(error?.code == .eventsChanged)
        let report = try LogVerifier(directory: copy.directory).run()
        #expect(!report.isSound && !report.isConfined)
    }

    @Test("过半的户都受损：不是封几户的事，拒绝启动；核验逐户指明")
    func mostFamilies() throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 120, streams: 30)
        let story = try LogStory(log)
        try log.close()
        try FileManager.default.removeItem(atPath: harness.path("events.image"))
        let damaged = story.streams.prefix(20)
        try harness.apply(damaged.map { "DELETE FROM events WHERE position = \(story.places(of: $0)[1] + 1)" })
        let error = #expect(throws: EventLogError.self) { try harness.openLog() }
        #expect(error?.code == .eventsChanged && error?.message.contains("20 of 30 streams") == true)
        let report = try LogVerifier(directory: harness.directory).run()
        #expect(Set(report.damagedStreams) == Set(damaged) && !report.isConfined)
    }

    @Test("没有轨迹文件：末条被改写时说不清是谁家的，拒绝启动")
    func withoutTrail() throws {
        for stream in story.streams {
            let place = try #require(story.places(of: stream).last)
            let copy = try original.snapshot()
            copy.removeTrail()
            try copy.apply(story.rewriting([place], .payload))
            let error = #expect(throws: EventLogError.self) { try copy.openLog() }
            #expect(error?.code == .eventsChanged)
            let report = try LogVerifier(directory: copy.directory).run()
            #expect(!report.isSound && !report.isConfined)
        }
    }

    @Test("轨迹文件本身损坏、缺失、是别的日志的：不当真，下次启动补好")
    func damagedTrail() throws {
        let whole = try original.bytes("events.trail")
        let names = try original.bytes("events.names")
        let foreign = try SQLiteLogHarness()
        let other = try foreign.openLog()
        try foreign.fill(other, count: 60, streams: 7)
        try other.close()
        for way in 0..<6 {
            let copy = try original.snapshot()
            switch way {
            case 0: copy.removeTrail()
            case 1: try copy.flip("events.trail", at: 1000, bit: 2)
            case 2: try copy.write(Array(whole.prefix(1111)), to: "events.trail")
            case 3: try copy.take(["events.trail", "events.names"], from: foreign)
            case 4: try copy.flip("events.names", at: 100, bit: 5)
            default: try copy.write(whole + whole, to: "events.trail")
            }
            #expect(try LogVerifier(directory: copy.directory).run().isSound)
            let log = try copy.openLog()
            #expect(log.openingDamages.isEmpty && log.fences.isEmpty)
            #expect(try log.makeReader().readAll(after: .start, limit: .max, filter: .all).damages.isEmpty)
            try log.close()
            #expect(try copy.bytes("events.trail") == whole, "way \(way)")
            #expect(try copy.bytes("events.names") == names, "way \(way)")
        }
    }
}

/// A log that was kept before there was a trail, or whose trail somebody deleted, gets it at the next start.
@Suite("补上轨迹")
struct MissingTrailTests {
    @Test("各户末端已保存而轨迹不在、只剩一半、户名不在：下次启动补齐", arguments: 0..<3)
    func completed(way: Int) throws {
        let harness = try SQLiteLogHarness()
        let log = try harness.openLog()
        try harness.fill(log, count: 90, streams: 11)
        try log.close()
        let (trail, names) = (try harness.bytes("events.trail"), try harness.bytes("events.names"))
        switch way {
        case 0: harness.removeTrail()
        case 1: try harness.write(Array(trail.prefix(trail.count / 2)), to: "events.trail")
        default: try harness.write([], to: "events.names")
        }
        let again = try harness.openLog()
        #expect(again.openingDamages.isEmpty)
        try again.close()
        #expect(try harness.bytes("events.trail") == trail)
        #expect(try harness.bytes("events.names") == names)
    }
}

/// All events of a log as they were written, and changes of them that keep hashes and chains true.
struct LogStory {
    let events: [StoredEvent]
    /// The stream of each event.
    let owners: [StreamName]

    /// How a rewritten event differs.
    enum Rewriting {
        case payload
        case name(StreamName)
    }

    init(_ log: SQLiteEventLog) throws {
        events = try log.makeReader().readAll(after: .start, limit: .max, filter: .all).events
        owners = try events.map { try $0.decoded().stream }
    }

    var streams: [StreamName] { Set(owners).sorted { $0.text < $1.text } }

    func places(of stream: StreamName) -> [Int] { owners.indices.filter { owners[$0] == stream } }

    func count(of stream: StreamName) -> Int { places(of: stream).count }

    /// Statements that rewrite events, each continuing the chain of those rewritten before it.
    func rewriting(_ places: [Int], _ how: Rewriting) throws -> [String] {
        var hashes: [StreamName: EventHash] = [:]
        return try places.map { place in
            var fields = try events[place].decoded().fields
            let stream = fields.stream
            if let hash = hashes[stream] { fields.previousHash = hash }
            switch how {
            case .payload: fields.event.payload.append(UInt8(ascii: "!"))
            case .name(let name): fields.stream = name
            }
            let record = RecordCoder.encode(fields)
            let hash = record.withUnsafeBytes { EventHash(of: $0) }
            hashes[stream] = hash
            return "UPDATE events SET record = x'\(Self.hex(record))', hash = x'\(hash)' WHERE position = \(place + 1)"
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }
}

extension SQLiteLogHarness {
    /// Changes the files of a stopped log as an SQL tool would.
    func apply(_ statements: [String]) throws {
        let database = try Database(path("events.sqlite"), options: options, create: false, cacheBytes: 1 << 20)
        try database.run("BEGIN")
        for sql in statements { try database.run(sql) }
        try database.run("COMMIT")
        try database.run("PRAGMA wal_checkpoint(truncate)")
    }
}
