import CareTestKit
import EventLog
import Foundation

@testable import EventLogSQLite

/// A log that lives on recorded files, what it was asked to take, and what must be found of it afterwards.
struct PowerLossStory {
    /// What must not be.
    struct Wrong: Error, CustomStringConvertible {
        let description: String
    }

    private let harness: SQLiteLogHarness
    private let vfs: RecordingVFS
    let disk = RecordingDisk()
    private var random: ConformanceGenerator
    /// What was sent, in order, and the hashes of what was acknowledged.
    private var sent: [UInt64] = []
    private var hashes: [EventHash] = []
    /// Events after which an error has to be looked at before more is sent.
    private(set) var failure: EventLogError?

    init(seed: UInt64) throws {
        random = ConformanceGenerator(seed: seed)
        harness = try SQLiteLogHarness()
        vfs = try RecordingVFS(disk)
        harness.options.vfs = vfs.name
        harness.options.disk = disk
        harness.options.pageBytes = 1024
        harness.options.checkpointBytes = 40_000
        harness.options.imageInterval = 60
    }

    var calls: [RecordedCall] { disk.calls }

    /// Opens the log, appends events in commits of a few, and closes it or ends as a killed process does.
    /// - Returns: Whether it could be opened.
    @discardableResult
    mutating func live(
        commits: Int, closing: Bool, opened: (RecordingDisk) -> Void = { _ in }
    ) throws -> Bool {
        let log: SQLiteEventLog
        do throws(EventLogError) {
            log = try harness.openLog()
        } catch {
            failure = error
            return false
        }
        opened(disk)
        for _ in 0..<commits {
            let requests = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                sent.append(UInt64(sent.count + 1))
                let family = LogFixtures.household(Int.random(in: 0..<12 + sent.count / 8, using: &random))
                return LogFixtures.request(family, .any, id: UInt64(sent.count))
            }
            do throws(EventLogError) {
                let outcomes = try log.append(requests, at: LogFixtures.noon)
                for outcome in outcomes {
                    guard let receipt = outcome.receipt else { throw EventLogError(.invalidRequest, "no receipt") }
                    hashes.append(receipt.hash)
                }
                disk.note(.acknowledged(hashes.count))
            } catch {
                // Nothing of it is acknowledged; on a full disk the same may be sent again, after anything else not.
                failure = error
                sent.removeLast(requests.count)
                if error.isRetriable { continue }
                break
            }
        }
        if closing { try log.close() } else { log.abandon() }
        return true
    }

    /// Puts files into a directory of their own, opens the log there and looks for everything acknowledged.
    func check(_ files: [String: [UInt8]], acknowledged: Int) throws {
        let found = try SQLiteLogHarness()
        found.options.pageBytes = 1024
        found.options.imageInterval = 60
        for (name, bytes) in files where !name.hasSuffix("-shm") { try found.write(bytes, to: name) }
        for round in 1...2 {
            let log: SQLiteEventLog
            do { log = try found.openLog() } catch { throw Wrong(description: "round \(round): \(error)") }
            defer { log.abandon() }
            let count = Int(log.head.position.rawValue)
            guard log.openingDamages.isEmpty, log.fences.isEmpty else {
                throw Wrong(description: "round \(round): \(log.openingDamages)")
            }
            guard count >= acknowledged else {
                throw Wrong(description: "round \(round): \(acknowledged) acknowledged, \(count) found")
            }
            let slice = try log.makeReader().readAll(after: .start, limit: .max, filter: .all)
            guard slice.damages.isEmpty, slice.events.count == count else {
                throw Wrong(description: "round \(round): read with \(slice.damages)")
            }
            guard slice.events.prefix(acknowledged).map(\.hash) == Array(hashes.prefix(acknowledged)) else {
                throw Wrong(description: "round \(round): other events than were acknowledged")
            }
            guard try log.makeVerifier().run().isSound else {
                throw Wrong(description: "round \(round): not sound")
            }
            let request = LogFixtures.request(LogFixtures.household(3), .any, id: UInt64(90_000 + round))
            guard case .appended = try log.append([request], at: LogFixtures.noon)[0] else {
                throw Wrong(description: "round \(round): takes nothing")
            }
            try log.close()
            try requireTrail(found, count: count + 1)
        }
    }

    /// The trail knows every event again, whatever was left of it.
    private func requireTrail(_ found: SQLiteLogHarness, count: Int) throws {
        let files = LogFiles(directory: found.directory)
        guard let head = HeadFile.read(files), var trail = TrailReader(files, log: head.log) else {
            throw Wrong(description: "no trail")
        }
        var digest = RunningDigest()
        for position in 1...UInt64(count) {
            guard let entry = trail.entry(at: position) else { throw Wrong(description: "no trail at \(position)") }
            digest.add(entry.hash)
        }
        guard digest.value == head.digest else { throw Wrong(description: "the trail leads elsewhere") }
    }
}
