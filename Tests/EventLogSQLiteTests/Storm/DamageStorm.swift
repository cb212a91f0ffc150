import CareTestKit
import EventLog
import Foundation

@testable import EventLogSQLite

/// Damages the files of a log of many families at random, and compares what the log says of it with what was done.
struct DamageStorm {
    /// What one damage came to.
    enum Outcome: Hashable {
        case untouched, fenced, refused
    }

    /// What must not be.
    struct Wrong: Error, CustomStringConvertible {
        let description: String
    }

    private let original: SQLiteLogHarness
    private let story: LogStory
    private let rows: [[String]]
    private static let streams = 40

    /// - Parameter isKilled: the log's process was killed; its newest events stand in the write-ahead log.
    init(isKilled: Bool) throws {
        let harness = try SQLiteLogHarness()
        harness.options.pageBytes = 1024
        harness.options.imageInterval = 100
        var log = try harness.openLog()
        try harness.fill(log, count: 170, streams: Self.streams)
        if isKilled {
            try log.close()
            log = try harness.openLog()
        }
        try harness.fill(log, count: 90, streams: Self.streams, from: 171)
        story = try LogStory(log)
        if isKilled {
            original = try harness.snapshot()
            log.abandon()
        } else {
            try log.close()
            original = harness
        }
        rows = try Self.rows(original.snapshot(), upTo: story.events.count)
    }

    /// All rows as an SQL tool shows them; empty where one cannot be read.
    /// - Parameter isAlone: Asks for each on a connection of its own: SQLite refuses a damaged page when it meets it
    ///   first, and may find rows in it later.
    private static func rows(_ harness: SQLiteLogHarness, upTo last: Int, isAlone: Bool = false) throws -> [[String]] {
        func connection() throws -> Database {
            try Database(
                harness.path("events.sqlite"), options: harness.options, create: false, cacheBytes: 1 << 20)
        }
        func one(_ database: Database) throws -> Statement {
            try Statement(
                database,
                "SELECT stream, sequence, prev, kind, day, hex(record), hex(hash) FROM events WHERE position = ?1")
        }
        var statement = try one(connection())
        return try (1...last).map { position in
            if isAlone { statement = try one(connection()) }
            statement.bind(1, UInt64(position))
            defer { statement.reset() }
            guard (try? statement.step()) == true else { return [] }
            return (0..<7).map { statement.text(Int32($0)) }
        }
    }

    /// One damage, or a few at once, and everything that must hold after it.
    /// - Throws: `Wrong`, or what the log met that it should not meet.
    func strike(seed: UInt64) throws -> Outcome {
        var random = ConformanceGenerator(seed: seed)
        let copy = try original.snapshot()
        let blows = try blows(&random)
        var isOfFiles = false
        for blow in blows {
            do {
                try blow.strike(copy)
            } catch {
                // A later blow may meet a database that an earlier one made unreadable.
                guard isOfFiles else { throw error }
            }
            isOfFiles = isOfFiles || blow.isOfFiles
        }
        if Bool.random(using: &random) { try? FileManager.default.removeItem(atPath: copy.path("events.image")) }
        do {
            return try check(copy, isOfFiles: isOfFiles)
        } catch {
            throw Wrong(description: "\(blows.map(\.name)): \(error)")
        }
    }

    private func check(_ copy: SQLiteLogHarness, isOfFiles: Bool) throws -> Outcome {
        // Looked at in a copy: nobody but the log itself is to touch these files.
        let found = (isOfFiles ? [false, true] : [false]).map { isAlone in
            (try? Self.rows(copy.snapshot(), upTo: story.events.count, isAlone: isAlone)) ?? rows.map { _ in [] }
        }
        let damaged = Set(
            rows.indices.filter { place in found.contains { $0[place] != rows[place] } }.map { story.owners[$0] })
        // The columns that only tie the rows together are not what is given out: then the event is still the one written.
        let changed = Set(
            rows.indices.filter { place in
                found.allSatisfy { found in
                    found[place].isEmpty || [1, 3, 4, 5, 6].contains { rows[place][$0] != found[place][$0] }
                }
            }.map { story.owners[$0] })
        let last = rows.indices.last { !found[0][$0].isEmpty }
        let isCut = last != rows.count - 1
        try checkOffline(copy.snapshot(), damaged, isCut: isCut, isOfFiles: isOfFiles)
        for round in 1...2 {
            let log: SQLiteEventLog
            do throws(EventLogError) {
                log = try copy.openLog()
            } catch {
                guard isOfFiles || (isCut && error.code == .eventsMissing) else {
                    throw Wrong(description: "round \(round): refused, \(error)")
                }
                return .refused
            }
            defer { log.abandon() }
            // A byte may have changed the number of the newest row: its family is closed then.
            if isCut, !isOfFiles { throw Wrong(description: "round \(round): the end is missing and the log opens") }
            if isCut, log.fences.isEmpty { throw Wrong(description: "round \(round): the end is gone in silence") }
            do {
                try checkOpen(log, damaged, isOfFiles ? nil : changed, round)
            } catch let error as EventLogError {
                // A page that new events need, too: nothing is written any more.
                guard isOfFiles else { throw error }
                return .refused
            }
            if round == 1 { try log.close() }
        }
        return damaged.isEmpty ? .untouched : .fenced
    }

    /// `log verify` on the files.
    private func checkOffline(
        _ copy: SQLiteLogHarness, _ damaged: Set<StreamName>, isCut: Bool, isOfFiles: Bool
    ) throws {
        let report: VerifyReport
        do throws(EventLogError) {
            report = try LogVerifier(directory: copy.directory, options: copy.options).run()
        } catch {
            guard isOfFiles else { throw error }
            return
        }
        if !damaged.isEmpty || isCut, report.isSound { throw Wrong(description: "verify says nothing of \(damaged)") }
        guard report.isConfined, !isCut else {
            if isOfFiles || isCut { return }
            throw Wrong(description: "verify cannot confine it: \(report.damages)")
        }
        let named = Set(report.damagedStreams)
        // Rows that SQLite does not find by their numbers are read all the same, and said to be so.
        let isSaid = !named.isEmpty || report.damages.contains { $0.kind == .stray }
        let isRight = isOfFiles ? named.isSubset(of: damaged) && isSaid : named == damaged
        if !isRight, named != damaged { throw Wrong(description: "verify names \(named), damaged are \(damaged)") }
    }

    /// The damaged families are fenced, or at least said by whoever reads; the others are whole and take events.
    /// - Parameter changed: families of which something else would be given out; nil where whole files were hit.
    private func checkOpen(
        _ log: SQLiteEventLog, _ damaged: Set<StreamName>, _ changed: Set<StreamName>?, _ round: Int
    ) throws {
        let reader = try log.makeReader()
        let fenced = Set(log.fences.map(\.stream))
        guard fenced.isSubset(of: damaged) else {
            throw Wrong(description: "round \(round): fenced \(fenced), damaged are \(damaged)")
        }
        let all = try reader.readAll(after: .start, limit: .max, filter: .all)
        let said = Set(all.damages.compactMap(\.stream))
        guard said.isSuperset(of: changed ?? []), said.isSubset(of: damaged),
            all.damages.allSatisfy({ $0.stream != nil })
        else {
            throw Wrong(description: "round \(round): reading all says \(all.damages), damaged are \(damaged)")
        }
        try requireTrue(all.events, round)
        let told = Set(all.events.map(\.position)).union(all.damages.compactMap(\.position))
        guard story.events.allSatisfy({ told.contains($0.position) }) else {
            throw Wrong(description: "round \(round): events are left out in silence")
        }
        for stream in story.streams {
            let slice = try reader.readStream(stream, from: .first, limit: 1000)
            try requireTrue(slice.events, round)
            guard damaged.contains(stream) else {
                guard slice.damages.isEmpty, slice.events.count == story.count(of: stream) + round - 1 else {
                    throw Wrong(description: "round \(round): \(stream) is whole, but read with \(slice.damages)")
                }
                let request = LogFixtures.request(stream, .any, id: UInt64(5000 + round))
                guard case .appended = try log.append([request], at: LogFixtures.noon)[0] else {
                    throw Wrong(description: "round \(round): \(stream) is whole and takes nothing")
                }
                continue
            }
            // On a page that was hit SQLite finds a row on one way and not on another: when found, the one written.
            let isWhole = changed == nil && slice.events.count == story.count(of: stream)
            guard slice.fence != nil || !slice.damages.isEmpty || isWhole else {
                throw Wrong(description: "round \(round): \(stream) is read as if nothing had happened")
            }
        }
    }

    /// Nothing is given out that was not written.
    private func requireTrue(_ events: [StoredEvent], _ round: Int) throws {
        for event in events where event.position.rawValue <= UInt64(story.events.count) {
            guard story.events[Int(event.position.rawValue) - 1] == event else {
                throw Wrong(description: "round \(round): position \(event.position) is given out changed")
            }
        }
    }
}

extension DamageStorm {
    /// One way in which files come to be damaged.
    struct Blow {
        var name: String
        /// Whether bytes of files are hit, whatever they mean, and not events.
        var isOfFiles = false
        var strike: (SQLiteLogHarness) throws -> Void
    }

    /// One to three blows.
    private func blows(_ random: inout ConformanceGenerator) throws -> [Blow] {
        let count = [1, 1, 1, 2, 3].randomElement(using: &random) ?? 1
        return try (0..<count).map { _ in
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<7: try blowOnEvents(&random)
            case 7: blowOnTheTrail(&random)
            default: blowOnFiles(&random)
            }
        }
    }

    private func statements(_ name: String, _ statements: [String]) -> Blow {
        Blow(name: name) { try $0.apply(statements) }
    }

    private func blowOnEvents(_ random: inout ConformanceGenerator) throws -> Blow {
        let place = Int.random(in: rows.indices, using: &random)
        let other = Int.random(in: rows.indices, using: &random)
        let position = place + 1
        let own = story.places(of: story.owners[place])
        let start = own.index(own.startIndex, offsetBy: Int.random(in: 0..<own.count, using: &random))
        let at = "WHERE position = \(position)"
        switch Int.random(in: 0..<14, using: &random) {
        case 0:
            let byte = Int.random(in: 0..<60, using: &random)
            return statements(
                "a byte of the record",
                ["UPDATE events SET record = substr(record, 1, \(byte)) || x'ee' || substr(record, \(byte + 2)) \(at)"])
        case 1: return statements("the stored hash", ["UPDATE events SET hash = randomblob(32) \(at)"])
        case 2: return statements("a row is gone", ["DELETE FROM events \(at)"])
        case 3:
            return statements("a family's rows are gone", own.map { "DELETE FROM events WHERE position = \($0 + 1)" })
        case 4: return statements("an event rewritten", try story.rewriting([place], .payload))
        case 5:
            let newest = [own[own.count - 1]]
            return statements("the newest event rewritten", try story.rewriting(newest, .payload))
        case 6: return statements("a tail rewritten", try story.rewriting(Array(own[start...]), .payload))
        case 7:
            let name = story.owners[other]
            return statements("a family under another's name", try story.rewriting(own, .name(name)))
        case 8:
            return statements(
                "rows exchanged",
                [
                    "UPDATE events SET position = -1 WHERE position = \(position)",
                    "UPDATE events SET position = \(position) WHERE position = \(other + 1)",
                    "UPDATE events SET position = \(other + 1) WHERE position = -1",
                ])
        case 9:
            return statements(
                "a row copied over another",
                [
                    "REPLACE INTO events SELECT \(position), stream, sequence, prev, kind, day, record, hash "
                        + "FROM events WHERE position = \(other + 1)"
                ])
        default:
            let column = ["stream", "sequence", "prev", "kind", "day"].randomElement(using: &random) ?? "kind"
            let change = ["+ 1", "- 1", "+ 1000", "* 3"].randomElement(using: &random) ?? "+ 1"
            return statements("\(column) \(change)", ["UPDATE events SET \(column) = \(column) \(change) \(at)"])
        }
    }

    private func blowOnTheTrail(_ random: inout ConformanceGenerator) -> Blow {
        let name = ["events.trail", "events.names", "events.image"].randomElement(using: &random) ?? "events.trail"
        let place = Double.random(in: 0..<1, using: &random)
        return Blow(name: name) { copy in
            guard let count = try? copy.bytes(name).count, count > 0 else { return }
            try copy.flip(name, at: Int(Double(count) * place), bit: 3)
        }
    }

    /// What hits the trail as well cannot be told by it: then families are named by each other, or the log stays shut.
    private func blowOnFiles(_ random: inout ConformanceGenerator) -> Blow {
        let name = ["events.sqlite", "events.sqlite", "events.sqlite-wal", "events.head"].randomElement(using: &random)
        let file = name ?? "events.sqlite"
        let place = Double.random(in: 0..<1, using: &random)
        let length = [1, 1, 1, 16, 512, 1024].randomElement(using: &random) ?? 1
        let byte = UInt8.random(in: 0...255, using: &random)
        return Blow(name: "\(length) bytes \(byte) of \(file) at \(place)", isOfFiles: true) { copy in
            guard var content = try? copy.bytes(file), !content.isEmpty else { return }
            let start = Int(Double(content.count) * place)
            for index in start..<min(start + length, content.count) { content[index] = byte }
            try copy.write(content, to: file)
            try? FileManager.default.removeItem(atPath: copy.path("events.sqlite-shm"))
        }
    }
}
