import EventLog

/// The embedded log: one SQLite database in WAL mode with full sync, one writer, one head file.
///
/// An append is planned in memory, inserted and committed in one transaction, vouched for in the head file, and only
/// then acknowledged. After any failure that leaves the state on disk in doubt the writer stops; opening the log again
/// finds out what is there.
package final class SQLiteEventLog: EventLogWriter {
    private enum Condition {
        case open
        case stopped(EventLogError)
        case closed
    }

    let files: LogFiles
    let options: SQLiteLogOptions
    let log: LogIdentity
    private let lock: WriterLock
    let board: LogBoard
    private let planner: AppendPlanner
    private let headFile: HeadFile
    private let trail: TrailWriter?
    private var store: WriterStore?
    /// nil where the log does not stand on the file system.
    private var standing: StandingFiles?
    private var condition = Condition.open
    private var image: HeadsImageWriter?
    private var imagePosition: UInt64
    private var lastHash: EventHash
    /// Whether the write-ahead log has not got its whole length yet, because the disk was full.
    private var owesWriteAheadLog: Bool

    /// Room kept for opening the log on a full disk; nil where none is kept.
    package let reserve: SpaceReserve?
    /// Epoch of this writer.
    package let epoch: UInt64
    /// What had to be put right or fenced when the log was opened.
    package let openingDamages: [Damage]
    /// What was found at the opening and is no damage of the log's events: rows that are none of them and were set aside,
    /// and a slot of the head file that could not be read.
    package let openingNotes: [Damage]
    /// Damages of rows that stand where others belong, by position: taken alone they look sound.
    let displaced: [UInt64: Damage]
    package var onHeadMoved: ((LogHead) -> Void)?
    /// The last failure of work that can wait (copying the write-ahead log, saving the image); nil when it went well.
    package private(set) var maintenanceFailure: EventLogError?

    /// Opens the log in a directory, creating both when they are missing.
    /// - Throws: `EventLogError`: `writerLocked` (retry later); `durabilityTooWeak`, `eventsMissing`, `eventsChanged`,
    ///   `headUnreadable`, `headOlder`, `wrongFormat`, `corrupted` (a person must look at it); `storageFailed`,
    ///   `diskFull`. What it found stands as it was when a person must look at it.
    package init(directory: String, options: SQLiteLogOptions = SQLiteLogOptions()) throws(EventLogError) {
        let opened = try OpenedLog(
            LogFiles(directory: directory, disk: options.disk), options)
        files = opened.files
        self.options = options
        log = opened.log
        lock = opened.lock
        headFile = opened.headFile
        trail = opened.trail
        epoch = opened.head.epoch
        openingDamages = opened.recovery.damages
        openingNotes = opened.notes
        displaced = Dictionary(
            openingDamages.filter { $0.kind == .displaced }.compactMap { damage in
                damage.position.map { ($0.rawValue, damage) }
            }, uniquingKeysWith: { first, _ in first })
        planner = AppendPlanner(
            head: opened.head, heads: opened.recovery.heads, filter: opened.recovery.filter,
            digest: opened.recovery.digest, fences: opened.fences, algorithm: options.hashAlgorithm)
        board = LogBoard(heads: opened.recovery.heads, head: opened.head, fences: opened.fences)
        store = opened.store
        standing = StandingFiles(opened.files, options)
        reserve = opened.reserve
        owesWriteAheadLog = !(opened.reserve?.isWhole ?? true)
        lastHash = opened.recovery.lastHash
        imagePosition = opened.recovery.imagePosition
    }

    package var head: LogHead { planner.committed }

    /// Sixteen bytes that name this log and no other.
    package var identity: [UInt8] { log.bytes }

    package var fences: [Fence] { planner.fences }

    package func append(
        _ requests: [AppendRequest], at now: RecordedTime
    ) throws(EventLogError) -> [AppendOutcome] {
        let store = try requireOpen()
        try planner.plan(requests, at: now, history: store.rows)
        if !planner.rows.isEmpty { try commit(store, at: now) }
        let outcomes = try planner.outcomes(of: requests) { (stream, after, last) throws(EventLogError) in
            guard let head = planner.heads.head(of: StreamKey(stream)) else { return [] }
            let limit = UInt64(AppendOutcome.conflictEventLimit)
            let wanted = after.rawValue + 1...min(last.rawValue, after.rawValue + limit)
            return try store.rows.walk(stream, head: head, downTo: after.rawValue + 1, keeping: wanted)
                .events.reversed()
        }
        if !planner.rows.isEmpty { onHeadMoved?(planner.committed) }
        return outcomes
    }

    /// Trail, database, head file, memory, in this order; then the work that may wait.
    private func commit(_ store: WriterStore, at now: RecordedTime) throws(EventLogError) {
        let head = planner.stagedHead
        var trailFailure: EventLogError?
        do throws(EventLogError) {
            try standing?.check()
            try keepRoom(store, at: now)
            // Before the commit, so that whatever a killed process committed can be told from what others add behind it;
            // without the trail a start takes longer and tells less.
            try store.write(planner, head) { trailFailure = continueTrail(store) }
        } catch {
            planner.rollback()
            guard error.isRetriable else { throw stop(error) }
            do throws(EventLogError) { try trail?.takeBack(to: planner.committed.position.rawValue) } catch {
                throw stop(error)
            }
            throw error
        }
        do throws(EventLogError) {
            try headFile.write(log: log, head: head)
        } catch {
            // The events are in the database but not vouched for: whether they count is for the next opening to say.
            planner.rollback()
            throw stop(EventLogError(.storageFailed, error.message, underlying: error.underlying))
        }
        planner.commit(head)
        board.show(head)
        lastHash = planner.rows.last?.hash ?? lastHash
        maintain(store)
        if let trailFailure { maintenanceFailure = trailFailure }
    }

    /// Makes sure that the log can be opened on a full disk also after this commit.
    private func keepRoom(_ store: WriterStore, at now: RecordedTime) throws(EventLogError) {
        guard let reserve else { return }
        try reserve.require(for: store.writeAheadLogBytes(after: planner), at: now)
        guard owesWriteAheadLog else { return }
        owesWriteAheadLog = false
        OpenedLog.reserveWriteAheadLog(files, options)
    }

    /// Adds the batch to the trail, behind what it missed while it could not be written.
    /// - Returns: What it met; nil when it went well.
    private func continueTrail(_ store: WriterStore) -> EventLogError? {
        guard let trail, let first = planner.rows.first?.position else { return nil }
        do throws(EventLogError) {
            if trail.position + 1 < first {
                try trail.catchUp(store.rows, upTo: min(first - 1, trail.position + UInt64(TrailReader.block)))
            }
            if trail.position + 1 == first { try trail.add(planner) }
            return nil
        } catch { return error }
    }

    /// Copies the write-ahead log when it is due, and saves another piece of the image.
    private func maintain(_ store: WriterStore) {
        do throws(EventLogError) {
            maintenanceFailure = nil
            try store.checkpointWhenDue()
        } catch {
            maintenanceFailure = error
            // A failed sync of the database file may not be asked for again: pages could be taken for written.
            if !error.isRetriable { _ = stop(error) }
        }
        do throws(EventLogError) {
            let events = planner.committed.position.rawValue
            if image == nil, events - imagePosition >= UInt64(max(options.imageInterval, planner.heads.count)) {
                image = try HeadsImageWriter(files, log: log, hash: lastHash, planner: planner)
                imagePosition = events
                trail?.beginSync()
            }
            if try image?.advance(lastHash: lastHash, beforeRenaming: syncTrail) ?? false { image = nil }
        } catch {
            maintenanceFailure = error
            image?.discard()
            image = nil
        }
    }

    /// Behind an image nothing is read again at a start, so what the trail says up to there must be on disk.
    private func syncTrail(_ position: UInt64) throws(EventLogError) {
        guard let trail else { throw EventLogError(.storageFailed, "there is no trail") }
        try trail.endSync(of: position)
    }

    package func forEachAppended(_ body: (ScannedEvent) -> Void) { planner.forEachRow(body) }

    package func streamHead(_ stream: StreamName) -> StreamHead? { board.heads.head(of: StreamKey(stream)) }

    package func fence(_ stream: StreamName, reason: String, at now: RecordedTime) throws(EventLogError) {
        let fence = Fence(stream: stream, reason: reason, since: now)
        try changeFences { (store) throws(EventLogError) in try store.save(fence) }
        planner.setFence(fence, for: stream)
        board.show(planner.fences)
    }

    package func liftFence(_ stream: StreamName) throws(EventLogError) {
        try changeFences { (store) throws(EventLogError) in try store.removeFence(of: stream) }
        planner.setFence(nil, for: stream)
        board.show(planner.fences)
    }

    private func changeFences(_ change: (WriterStore) throws(EventLogError) -> Void) throws(EventLogError) {
        let store = try requireOpen()
        do throws(EventLogError) {
            try store.transaction(epoch: epoch) { () throws(EventLogError) in try change(store) }
        } catch {
            throw stopUnlessHarmless(error)
        }
    }

    package func makeReader() throws(EventLogError) -> any EventLogReader {
        _ = try requireOpen()
        return try SQLiteEventReader(files, log, options: options, board: board, displaced: displaced)
    }

    package func close() throws(EventLogError) {
        guard let store else { return }
        // SQLite copies the write-ahead log when the last connection closes. After a sync that failed that would take for
        // durable what no later sync brings to disk: then the write-ahead log stays, and the next start copies it anew.
        var keepsWriteAheadLog = true
        defer {
            self.store = nil
            store.close(keepingWriteAheadLog: keepsWriteAheadLog)
            lock.release()
            condition = .closed
        }
        guard case .open = condition else { return }
        // Both only make the next start quick; a failure here loses nothing.
        do throws(EventLogError) {
            try saveImage()
        } catch {
            maintenanceFailure = error
        }
        do throws(EventLogError) {
            try headFile.flush()
            try store.checkpointCompletely()
            keepsWriteAheadLog = false
            try headFile.close(log: log, head: planner.committed)
        } catch {
            maintenanceFailure = error
        }
    }

    private func saveImage() throws(EventLogError) {
        let whole = try HeadsImageWriter(files, log: log, hash: lastHash, planner: planner)
        trail?.beginSync()
        while try !whole.advance(lastHash: lastHash, beforeRenaming: syncTrail) {}
    }

    /// Ends the writer as the end of its process would: nothing saved, nothing tidied. For tests of recovery.
    package func abandon() {
        condition = .closed
        store?.close(keepingWriteAheadLog: true)
        store = nil
        lock.release()
    }

    func requireOpen() throws(EventLogError) -> WriterStore {
        switch condition {
        case .open: break
        case .closed: throw EventLogError(.closed, "the log is closed")
        case .stopped(let cause):
            throw EventLogError(.writerStopped, "the writer stopped earlier", underlying: cause.description)
        }
        guard let store else { throw EventLogError(.closed, "the log is closed") }
        return store
    }

    private func stopUnlessHarmless(_ error: EventLogError) -> EventLogError {
        error.isRetriable ? error : stop(error)
    }

    private func stop(_ error: EventLogError) -> EventLogError {
        condition = .stopped(error)
        return error
    }
}
