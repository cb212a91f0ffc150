import CareDomain
import CareProjections
import Dispatch
import EventLog
import Foundation
import GRDB

/// Builds a read model from the whole log into a new file, beside the one that answers.
///
/// Two threads share the work: each gathers one half of the log (headers first, sealed parts and facts that no row needs
/// are stepped over), then both fold households while one of them at a time writes. Rows are written once per household,
/// in one transaction, without a journal: a rebuild that does not finish leaves a file nobody points to.
package final class ReadModelRebuild: @unchecked Sendable {
    // `state` is behind `lock`; everything else is constant.

    /// How far it has come.
    package struct Progress: Hashable, Sendable {
        /// Events looked at, in all rounds.
        package var events: UInt64 = 0
        /// Events to look at, in all rounds.
        package var totalEvents: UInt64 = 0
        /// Households written.
        package var households = 0
    }

    /// What was built.
    package struct Result: Sendable {
        package let file: ReadModelFile
        package let progress: Progress
        /// Events of relevant types that this program cannot read.
        package let unreadable: Int
    }

    private struct State {
        var progress = Progress()
        var unreadable = 0
        var isCancelled = false
        var failure: (any Error)?
    }

    private let lock = NSLock()
    private var state = State()
    private let makeReader: @Sendable () throws -> any EventLogReader
    private let words: CarePolicyWords
    private let eventsPerRound: UInt64
    private static let threads = 2
    private static let block = 512

    /// - Parameters:
    ///   - words: Words and readings of the published packs.
    ///   - eventsPerRound: How many events may be held in memory at once, about 100 bytes each.
    ///   - makeReader: Opens the log; called once per thread and round, from these threads, so it must allow that.
    package init(
        words: CarePolicyWords, eventsPerRound: UInt64 = 16_000_000,
        makeReader: @escaping @Sendable () throws -> any EventLogReader
    ) {
        self.words = words
        self.eventsPerRound = max(1, eventsPerRound)
        self.makeReader = makeReader
    }

    /// How far it has come; may be asked from any thread.
    package var progress: Progress { lock.withLock { state.progress } }

    /// Lets `run` end soon with `cancelled`.
    package func cancel() { lock.withLock { state.isCancelled = true } }

    /// Builds the file, then reads on to the log's present end.
    ///
    /// Blocks; call it on a thread that may wait.
    /// - Parameter path: Where; a file that is there is replaced.
    /// - Throws: `ReadModelError` with `storage`, `log` or `cancelled`; the half-built file is removed.
    package func run(path: String) throws -> Result {
        Self.remove(path)
        do {
            try build(path)
            let file = try ReadModelFile(path: path)
            let reader = try makeReader()
            defer { reader.close() }
            try ReadModelApplier(file: file, reader: reader, words: words).catchUp()
            return Result(file: file, progress: progress, unreadable: lock.withLock { state.unreadable })
        } catch {
            Self.remove(path)
            switch error {
            case let error as ReadModelError: throw error
            case let error as EventLogError: throw ReadModelError(.log, "the log cannot be read", underlying: error)
            default: throw ReadModelError(.storage, "the file cannot be built", underlying: error)
            }
        }
    }

    private static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm", "-journal"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    private func build(_ path: String) throws {
        let reader = try makeReader()
        let head = try reader.head()
        reader.close()
        let rounds = head.position.rawValue / eventsPerRound + 1
        lock.withLock { state.progress.totalEvents = head.position.rawValue * rounds }
        var configuration = Configuration()
        // One transaction over many calls, on purpose: this connection is the file's only user.
        configuration.allowsUnsafeTransactions = true
        let seal = PageSeal()
        configuration.prepareDatabase { db in try seal.attach(db) }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction(Self.begin)
        for round in 0..<rounds {
            let arenas = try gather(through: head, share: .init(round: round, rounds: rounds))
            try write(arenas, to: queue)
        }
        try queue.writeWithoutTransaction { db in
            try ReadModelSchema.createIndexes(db)
            try ReadModelFile.setVersion(db)
            try ReadModelFile.write(
                .init(
                    cursor: head.cursor, packVersions: words.packVersions, wordsFingerprint: words.fingerprint), db)
            try db.execute(sql: "COMMIT")
        }
        try queue.close()
    }

    private static func begin(_ db: Database) throws {
        // No journal while building; FULL so that the one commit at the end is on disk before the file is named.
        try db.execute(
            sql: """
                PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL;
                PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -64000; PRAGMA temp_store = MEMORY;
                PRAGMA secure_delete = OFF; BEGIN EXCLUSIVE
                """)
        try ReadModelSchema.createTables(db)
    }

    // MARK: Gathering

    private func gather(through head: LogHead, share: EventArena.Share) throws -> [EventArena] {
        let total = head.position.rawValue
        let usual = Int(clamping: total / UInt64(Self.threads) / share.rounds)
        let arenas = (0..<Self.threads).map { _ in EventArena(events: usual) }
        let bounds = (0...Self.threads).map { total * UInt64($0) / UInt64(Self.threads) }
        let parts = Parts(arenas: arenas)
        perform { thread in
            let reader = try self.makeReader()
            defer { reader.close() }
            var position = bounds[thread]
            while position < bounds[thread + 1] {
                try self.checkCancelled()
                let limit = Int(min(65_536, bounds[thread + 1] - position))
                let arena = parts.arenas[thread]
                let cursor = LogCursor(shard: head.shard, position: Position(position))
                let end = try reader.scan(
                    after: cursor, limit: limit, filter: ReadFilter(categories: [.household])
                ) { arena.take($0, share: share) }
                let reached = end.cursor.position(in: head.shard).rawValue
                guard reached > position else { break }
                self.lock.withLock { self.state.progress.events += reached - position }
                position = reached
            }
        }
        try throwFailure()
        return arenas
    }

    /// Lends each thread its own arena; no two threads write the same one.
    private final class Parts: @unchecked Sendable {
        let arenas: [EventArena]
        init(arenas: [EventArena]) { self.arenas = arenas }
    }

    // MARK: Folding and writing

    private func write(_ arenas: [EventArena], to queue: DatabaseQueue) throws {
        let parts = Parts(arenas: arenas)
        let households = Self.households(of: arenas)
        let next = Counter()
        perform { _ in
            while true {
                try self.checkCancelled()
                let start = next.take(Self.block)
                guard start < households.count else { return }
                var fold = HouseholdRowFold(words: self.words)
                let rows = households[start..<min(start + Self.block, households.count)].map {
                    fold.rows(of: $0, in: parts.arenas)
                }
                try queue.writeWithoutTransaction { db in
                    try RowWriter(db).insert(rows)
                }
                self.lock.withLock {
                    self.state.progress.households += rows.count
                    self.state.unreadable += fold.unreadable
                }
            }
        }
        try throwFailure()
    }

    /// All households of all arenas, each once.
    private static func households(of arenas: [EventArena]) -> [HouseholdID] {
        var households = arenas[0].households
        for (index, arena) in arenas.enumerated().dropFirst() {
            households += arena.households.filter { household in
                !arenas[..<index].contains { $0.chain(of: household) != nil }
            }
        }
        return households
    }

    /// `@unchecked Sendable`: `value` is touched only while `lock` is locked.
    private final class Counter: @unchecked Sendable {
        private let lock = NSLock()
        private var value = 0
        func take(_ count: Int) -> Int {
            lock.withLock {
                defer { value += count }
                return value
            }
        }
    }

    // MARK: Threads

    private func perform(_ body: @Sendable (Int) throws -> Void) {
        DispatchQueue.concurrentPerform(iterations: Self.threads) { thread in
            do { try body(thread) } catch {
                // The first failure counts; the other thread stops at its next check.
                self.lock.withLock { self.state.failure = self.state.failure ?? error }
            }
        }
    }

    private func checkCancelled() throws {
        let (isCancelled, hasFailed) = lock.withLock { (state.isCancelled, state.failure != nil) }
        if isCancelled || hasFailed { throw ReadModelError(.cancelled, "the rebuild was stopped") }
    }

    private func throwFailure() throws {
        if let failure = lock.withLock({ state.failure }) { throw failure }
    }
}
