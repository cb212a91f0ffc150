import CareTestKit
import EventLog
import Foundation

@testable import EventLogSQLite

/// Rewrites the history of a log as somebody does who has all of its files and its programs: an earlier state is put back
/// and the programs themselves write on from there, something else than what was. Database, hashes, head, trail and names
/// then agree with each other, and the log has its own identity. Only who kept a head can tell.
struct RewriteStorm {
    /// How history was rewritten.
    enum Kind: String, CaseIterable {
        /// One event says something else.
        case changed
        /// One event was never written.
        case removed
        /// An event that never was stands among the others.
        case added
        /// Two events changed places.
        case exchanged
        /// A family's newest events were never written.
        case cutFamily
        /// A family's newest events stand in another's name.
        case renamed
        /// The files of an earlier moment, as they were.
        case putBack
        /// The same, and as many other events were recorded since.
        case putBackAndGoneOn
    }

    /// What must not be.
    struct Wrong: Error, CustomStringConvertible {
        let description: String
    }

    /// A head as a department keeps it, and when it was signed.
    private struct Kept {
        let head: Checkpoint
        let signedAt: Int64
    }

    private static let events = 240
    private static let families = 24
    /// Events that are recorded together, and between two starts.
    private static let (group, run) = (4, 24)
    private static let microsecondsPerGroup: Int64 = 28_000_000
    private static let headEvery: Int64 = 60_000_000

    private let requests: [AppendRequest]
    /// The files as they were after so many events.
    private var stages: [(count: Int, files: SQLiteLogHarness)] = []
    private var kept: [Kept] = []

    init() throws {
        requests = (1...Self.events).map {
            LogFixtures.request(LogFixtures.household($0 * 31 % Self.families), .any, id: UInt64($0))
        }
        let harness = try SQLiteLogHarness()
        for start in stride(from: 0, to: Self.events, by: Self.run) {
            try Self.append(Array(requests[start..<start + Self.run]), to: harness, from: start)
            stages.append((start + Self.run, try harness.snapshot()))
        }
        let log = try harness.openLog()
        kept = try Self.heads(of: log)
        try log.close()
    }

    private static func time(of place: Int) -> Int64 {
        LogFixtures.noon.microseconds + Int64(place / group) * microsecondsPerGroup
    }

    /// Appends in groups, and starts the log anew where it was: each start has a number of its own in what is recorded.
    private static func append(_ requests: [AppendRequest], to harness: SQLiteLogHarness, from place: Int) throws {
        for start in stride(from: 0, to: requests.count, by: run) {
            let log = try harness.openLog()
            for first in stride(from: start, to: min(start + run, requests.count), by: group) {
                let some = Array(requests[first..<min(first + group, start + run, requests.count)])
                let outcomes = try log.append(some, at: RecordedTime(microseconds: time(of: place + first)))
                for outcome in outcomes {
                    guard case .appended = outcome else { throw Wrong(description: "not appended: \(outcome)") }
                }
            }
            try log.close()
        }
    }

    /// A head for each minute that is over, and one at the end.
    private static func heads(of log: SQLiteEventLog) throws -> [Kept] {
        var tree = StreamTree()
        var digest = RunningDigest()
        var heads: [Kept] = []
        let found = try log.makeReader().readAll(after: .start, limit: .max, filter: .all).events
        for (place, event) in found.enumerated() {
            tree.take(
                StreamKey(try event.decoded().stream), sequence: try event.header().sequence.rawValue, hash: event.hash)
            digest.add(event.hash)
            let minute = time(of: place) / headEvery
            guard place + 1 == found.count || time(of: place + 1) / headEvery > minute else { continue }
            heads.append(
                Kept(
                    head: Checkpoint(
                        log: log.identity, epoch: log.epoch, position: UInt64(place + 1),
                        recordedAt: time(of: place), digest: digest.value, streams: UInt64(tree.count),
                        root: tree.root()), signedAt: min((minute + 1) * headEvery, time(of: found.count))))
        }
        return heads
    }

    /// Rewrites history once, and looks who notices.
    /// - Returns: How it was rewritten.
    /// - Throws: `Wrong` when the first head after it does not tell, or an earlier one tells of something that was not.
    func strike(seed: UInt64) throws -> Kind {
        var random = ConformanceGenerator(seed: seed)
        let kind = Kind.allCases[Int(seed % UInt64(Kind.allCases.count))]
        let (start, files) = stages.dropLast().randomElement(using: &random) ?? stages[0]
        let place = Int.random(in: start..<Self.events - 1, using: &random)
        let (written, firstWrong) = forged(kind, from: start, at: place, &random)
        let copy = try files.snapshot()
        try Self.append(written, to: copy, from: start)
        guard let first = kept.first(where: { $0.head.position > firstWrong }),
            first.signedAt - Self.time(of: firstWrong) <= Self.headEvery
        else { throw Wrong(description: "\(kind) at \(firstWrong): no head of that minute") }
        guard try isSound(copy, []) else {
            throw Wrong(description: "\(kind) at \(firstWrong): noticed without a head")
        }
        guard try !isSound(copy, [first.head]) else {
            throw Wrong(description: "\(kind) at \(firstWrong): the head at \(first.head.position) does not tell")
        }
        if let before = kept.last(where: { $0.head.position <= firstWrong }) {
            guard try isSound(copy, [before.head]) else {
                throw Wrong(description: "\(kind) at \(firstWrong): the head at \(before.head.position) tells too much")
            }
        }
        return kind
    }

    private func isSound(_ copy: SQLiteLogHarness, _ heads: [Checkpoint]) throws -> Bool {
        try LogVerifier(
            directory: copy.directory, options: copy.options, checkpoints: heads.map { NamedCheckpoint("kept", $0) }
        ).run().isSound
    }

    /// What is written after the first events instead of what was, and the place of the first that is not what it was.
    private func forged(
        _ kind: Kind, from start: Int, at place: Int, _ random: inout ConformanceGenerator
    ) -> ([AppendRequest], Int) {
        var all = requests
        let family = all[place].stream
        func other(_ number: Int) -> AppendRequest {
            LogFixtures.request(
                LogFixtures.household(Int.random(in: 0..<Self.families, using: &random)), .any,
                id: UInt64(10_000 + number))
        }
        var firstWrong = place
        switch kind {
        case .changed: all[place].events[0].payload.append(UInt8(ascii: "!"))
        case .removed: all.remove(at: place)
        case .added: all.insert(other(0), at: place)
        case .exchanged: all.swapAt(place, Int.random(in: place + 1..<Self.events, using: &random))
        case .cutFamily: all = all.enumerated().filter { $0 < place || $1.stream != family }.map(\.element)
        case .renamed:
            for number in place..<all.count where all[number].stream == family {
                all[number].stream = LogFixtures.household(Self.families)
            }
        case .putBack:
            all = Array(all[..<start])
            firstWrong = start
        case .putBackAndGoneOn:
            all = Array(all[..<start]) + (0..<Self.events - start + 5).map(other)
            firstWrong = start
        }
        return (Array(all[start...]), firstWrong)
    }
}
