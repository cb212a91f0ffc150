import CSQLite
import EventLog

/// The writer's connection and its statements.
final class WriterStore {
    let database: Database
    let rows: EventRows
    private let feed: AppendFeed
    private let checkpointer: Checkpointer?
    private var begin: Statement?
    private var commit: Statement?
    private var rollback: Statement?
    private var insert: Statement?
    /// The same from a position on, for a log whose last rows are gone.
    private var insertAt: Statement?
    /// Whether SQLite itself numbers the next row as the log does.
    private var numbersInOrder = true
    private var readEpoch: Statement?
    private let walFrames: UnsafeMutablePointer<Int32>
    private var checkpointAt: Int
    private let framesPerCheckpoint: Int
    private let pageBytes: Int

    init(_ database: Database, path: String, options: SQLiteLogOptions) throws(EventLogError) {
        self.database = database
        checkpointer = options.usesSecondThread ? Checkpointer(path, options: options) : nil
        rows = try EventRows(database)
        feed = try AppendFeed(on: database)
        begin = try Statement(database, "BEGIN IMMEDIATE")
        commit = try Statement(database, "COMMIT")
        rollback = try Statement(database, "ROLLBACK")
        insert = try Statement(database, AppendFeed.insert)
        insertAt = try Statement(database, AppendFeed.insertAt)
        readEpoch = try Statement(database, "SELECT epoch FROM log_state WHERE id = 1")
        walFrames = .allocate(capacity: 1)
        walFrames.initialize(to: 0)
        pageBytes = options.pageBytes
        framesPerCheckpoint = max(options.checkpointBytes / options.pageBytes, 16)
        checkpointAt = framesPerCheckpoint
        sqlite3_wal_hook(
            database.handle,
            { context, _, _, frames in
                context?.assumingMemoryBound(to: Int32.self).pointee = frames
                return SQLITE_OK
            }, walFrames)
    }

    deinit { walFrames.deallocate() }

    /// Inserts and commits the planned batch; when it returns, the batch is on disk.
    /// - Parameter beforeCommit: Called when all is inserted and this writer is known to be the only one.
    func write(_ planner: AppendPlanner, _ head: LogHead, beforeCommit: () -> Void) throws(EventLogError) {
        try transaction(epoch: head.epoch) { () throws(EventLogError) in
            guard let insert, let insertAt, let first = planner.rows.first?.position else {
                throw EventLogError(.closed, "the log is closed")
            }
            if !numbersInOrder { insertAt.bind(1, first) }
            try feed.insert(planner, with: numbersInOrder ? insert : insertAt)
            let last = UInt64(bitPattern: sqlite3_last_insert_rowid(database.handle))
            guard last == head.position.rawValue else {
                throw EventLogError(
                    .storageFailed, "the database numbered the last event \(last) instead of \(head.position)")
            }
            beforeCommit()
        }
        numbersInOrder = true
    }

    /// Says where the log goes on.
    func begin(after last: UInt64) throws(EventLogError) { numbersInOrder = try rows.lastPosition() == last }

    /// Bytes that the write-ahead log will have at most when the planned batch is committed.
    ///
    /// A row takes its record, 160 bytes of other columns, hash and cell; pages may stay half empty behind large ones, and
    /// what does not fit into half a page takes a last page of its own. Sixteen pages are for the inner ones.
    func writeAheadLogBytes(after planner: AppendPlanner) -> Int {
        let frame = pageBytes + 24
        let content = planner.withRows { rows, _ in
            rows.reduce(0) { $0 + ($1.length + 160) * 2 + ($1.length > pageBytes / 2 ? frame : 0) }
        }
        return (Int(walFrames.pointee) + 16) * frame + content
    }

    /// Runs a transaction in which this writer's epoch is checked.
    func transaction(epoch: UInt64, _ body: () throws(EventLogError) -> Void) throws(EventLogError) {
        guard let begin, let commit, let rollback, let readEpoch else {
            throw EventLogError(.closed, "the log is closed")
        }
        try begin.run()
        do throws(EventLogError) {
            let found = try readEpoch.step() ? readEpoch.unsigned(0) : 0
            readEpoch.reset()
            guard found == epoch else {
                throw EventLogError(.staleEpoch, "this writer has epoch \(epoch), the database is at epoch \(found)")
            }
            try body()
            try commit.run()
        } catch {
            if database.isInTransaction { try rollback.run() }
            throw error
        }
    }

    /// Copies the write-ahead log into the database when it has grown enough: most of it in the background, the rest
    /// here, because SQLite begins the file anew only when nothing is left. While a reader still needs its end, the next
    /// attempt comes a quarter of the way later.
    func checkpointWhenDue() throws(EventLogError) {
        let frames = Int(walFrames.pointee)
        guard frames >= checkpointAt else { return }
        if let checkpointer, frames < framesPerCheckpoint * 8 {
            if checkpointer.isRunning { return }
            let copied = try checkpointer.takeResult()
            // Each run leaves what was written meanwhile; runs go on until that is little.
            guard let copied, frames - copied <= framesPerCheckpoint / 8 else { return checkpointer.start() }
        }
        let (all, copied) = try database.checkpoint()
        checkpointAt = copied == all ? framesPerCheckpoint : all + framesPerCheckpoint / 4
    }

    /// Writes what an earlier process left in the write-ahead log anew, into the database, before anything is built on it.
    ///
    /// After a failed sync the system may show bytes that are not on disk and that no later sync brings there, and
    /// recovery stops at the first frame that is missing: everything acknowledged behind it would be lost with the power.
    /// While a reader of another process needs the old frames, they stay.
    /// - Throws: `EventLogError`, also on a full disk: nothing may be built on what is not durable, nor answered from it.
    func makeDurable() throws(EventLogError) { try database.checkpoint(.restarting) }

    /// Copies everything and empties the write-ahead log, unless readers are still open.
    func checkpointCompletely() throws(EventLogError) {
        sqlite3_busy_timeout(database.handle, 0)
        // A run that failed is not made good by another: a failed sync may not be asked for again.
        checkpointer?.close(keepingWriteAheadLog: true)
        _ = try checkpointer?.takeResult()
        try database.checkpoint(.truncating)
    }

    func save(_ fence: Fence) throws(EventLogError) {
        let statement = try Statement(
            database, "INSERT OR REPLACE INTO fences(stream, reason, since) VALUES (?1, ?2, ?3)")
        statement.bind(1, fence.stream.text)
        statement.bind(2, fence.reason)
        statement.bind(3, fence.since.microseconds)
        try statement.run()
    }

    func removeFence(of stream: StreamName) throws(EventLogError) {
        let statement = try Statement(database, "DELETE FROM fences WHERE stream = ?1")
        statement.bind(1, stream.text)
        try statement.run()
    }

    func loadFences() throws(EventLogError) -> [Fence] {
        let statement = try Statement(database, "SELECT stream, reason, since FROM fences")
        var fences: [Fence] = []
        while try statement.step() {
            guard let stream = try? StreamName(statement.text(0)) else { continue }
            fences.append(
                Fence(
                    stream: stream, reason: statement.text(1),
                    since: RecordedTime(microseconds: statement.integer(2))))
        }
        return fences
    }

    /// Ends the statements and the connections.
    func close(keepingWriteAheadLog: Bool = false) {
        checkpointer?.close(keepingWriteAheadLog: keepingWriteAheadLog)
        if keepingWriteAheadLog { database.keepWriteAheadLog() }
        begin = nil
        commit = nil
        rollback = nil
        insert = nil
        insertAt = nil
        readEpoch = nil
        rows.close()
    }
}
