import EventLog
import Glibc

/// Everything a writer needs, after the log was locked, checked and moved to a new epoch.
struct OpenedLog {
    /// Version of the files' layout.
    static let format: Int64 = 1
    /// Marks our databases ("Care").
    static let applicationID: Int64 = 0x4361_7265

    let files: LogFiles
    let lock: WriterLock
    /// nil where none is kept.
    let reserve: SpaceReserve?
    let store: WriterStore
    let log: LogIdentity
    let recovery: LogRecovery
    let head: LogHead
    let fences: [Fence]
    /// What was met and is no damage of the log's events.
    let notes: [Damage]
    let headFile: HeadFile
    /// nil when it cannot be written at present: nothing depends on it.
    let trail: TrailWriter?

    init(_ files: LogFiles, _ options: SQLiteLogOptions) throws(EventLogError) {
        self.files = files
        try files.disk.makeDirectories(files.directory)
        lock = try WriterLock(files)
        reserve = options.keepsSpaceReserve ? try SpaceReserve(files, options) : nil
        let look = HeadFile.look(files)
        let vouched = look.content
        let hint = files.hintAtMissingEnd
        let database = try Database(files.database, options: options, create: true, cacheBytes: options.cacheBytes)
        let found: Found
        do throws(EventLogError) {
            found = try Self.examine(database, files, look, options, hint)
        } catch {
            // A start that is refused leaves what it found as it was: also the write-ahead log, which SQLite would copy.
            database.keepWriteAheadLog()
            throw error
        }
        let (state, end) = (found.state, found.end)
        log = state.log
        store = found.store
        recovery = found.recovery
        notes = look.damages + end.damages + state.tables.damages()
        let recordedAt = max(recovery.recordedAt, vouched?.recordedAt ?? .min)
        head = LogHead(
            shard: .single, position: Position(recovery.position), digest: recovery.digest.value,
            recordedAt: recordedAt == .min ? nil : RecordedTime(microseconds: recordedAt),
            epoch: max(state.epoch, vouched?.epoch ?? 0) + 1)
        try store.makeDurable()
        try Self.begin(head, state.epoch, store, recovery.damagedStreams, end)
        try store.begin(after: recovery.position)
        fences = try store.loadFences()
        headFile = try HeadFile(
            files, after: vouched, syncsBehind: options.usesSecondThread && !options.syncsHeadFirst)
        try headFile.write(log: log, head: head)
        try headFile.flush()
        reserve?.settle()
        let isFull = !(reserve?.isWhole ?? true)
        trail = try? Self.continueTrail(files, log, recovery, store.rows, options, isFull: isFull)
        if !isFull { Self.reserveWriteAheadLog(files, options) }
    }

    /// What was found before anything is changed.
    private struct Found {
        var state: (log: LogIdentity, epoch: UInt64, tables: LogTables)
        var store: WriterStore
        var end: LogEnd
        var recovery: LogRecovery
    }

    /// Everything that can refuse the start, before anything is set aside, fenced or written.
    private static func examine(
        _ database: Database, _ files: LogFiles, _ look: HeadFile.Look, _ options: SQLiteLogOptions, _ hint: String
    ) throws(EventLogError) -> Found {
        let vouched = look.content
        let state = try readState(database, vouched, options, hint)
        let store = try WriterStore(database, path: files.database, options: options)
        let end = try LogEnd(store.rows, look, TrailReader(files, log: state.log))
        guard vouched != nil || end.last == 0 else {
            throw EventLogError(
                .headUnreadable,
                "the database has \(end.last) events, but the head file events.head is missing or both its slots are "
                    + "damaged, so nothing vouches for them. Keep all files of this directory as they are; see "
                    + "carectl log mend-head, or restore the newest backup whole into another folder (carectl backup restore); its events.head alone is older "
                    + "than these events")
        }
        try end.requireNewestHead()
        if let vouched { try end.requireAll(vouched, hint) }
        if !HashAlgorithm.sm3.isAvailable { try refuseSM3(in: store.rows, upTo: end.last) }
        // Which streams are closed is found out anew by reading everything.
        let recovery = try LogRecovery(
            files, store.rows, log: state.log, vouched: vouched, upTo: end.last,
            usingImage: !state.tables.missing.contains("fences"))
        if let named = options.furthestCheckpoint, named.checkpoint.position > recovery.position {
            throw EventLogError(
                .eventsMissing,
                "the signed checkpoint\(named.suffix) holds \(named.checkpoint.position) events, the log has "
                    + "\(recovery.position): an older state was put back. No file was changed. Restore the newest backup "
                    + "whole into another folder and compare")
        }
        return Found(state: state, store: store, end: end, recovery: recovery)
    }

    /// Gives the write-ahead log its whole length, for quicker syncs. Only for the thread that writes it.
    static func reserveWriteAheadLog(_ files: LogFiles, _ options: SQLiteLogOptions) {
        guard options.reservesWriteAheadLog, options.vfs == nil else { return }
        DurableFile.extend(files.writeAheadLog, to: options.checkpointBytes + options.checkpointBytes / 4)
    }

    /// Brings the trail to what the log holds: behind the image it is written anew, because nobody knows what of it is on
    /// disk. Where rows are damaged, it knows more than they do, and stays as it is.
    /// - Parameter isFull: Whether the disk is: then nothing that needs room is written, and what it would have to be
    ///   written over is cut off.
    private static func continueTrail(
        _ files: LogFiles, _ log: LogIdentity, _ recovery: LogRecovery, _ rows: EventRows, _ options: SQLiteLogOptions,
        isFull: Bool
    ) throws(EventLogError) -> TrailWriter {
        let isDamaged = !recovery.damages.isEmpty
        let old = isDamaged ? TrailReader(files, log: log) : nil
        let trail = try TrailWriter(
            files, log: log, after: recovery.imagePosition, keepsNames: isDamaged,
            syncsBehind: options.usesSecondThread)
        // First: also where nothing can be written, readers must not meet another batch's entry behind the end.
        try trail.cut(behind: recovery.position)
        do throws(EventLogError) {
            if isFull, !isDamaged, try !trail.hasRoom(upTo: recovery.position) {
                try trail.cut()
                return trail
            }
            try trail.catchUp(rows, upTo: recovery.position, lost: recovery.lost, keeping: old)
            try trail.cut()
        } catch {
            // Later commits try again; until it is whole no image is made. What stands there after a loss of power may be of
            // batches that were never committed, and must not be met by readers meanwhile.
            if !isDamaged { try trail.cut() }
        }
        return trail
    }

    /// - Throws: `EventLogError` with `wrongFormat` when an event is hashed by what this machine cannot compute.
    static func refuseSM3(in rows: EventRows, upTo last: UInt64) throws(EventLogError) {
        var isMet = false
        _ = try rows.forEach(after: 0, upTo: last) { row, _ in
            let header = row.flatMap { try? RecordHeader(parsing: $0.record) }
            isMet = header.map { HashAlgorithm(recorded: $0.hashAlgorithm) == .sm3 } ?? false
            return !isMet
        }
        guard !isMet else {
            throw EventLogError(
                .wrongFormat, "events of this log are hashed with SM3, which the OpenSSL of this machine does not offer"
            )
        }
    }

    /// Moves the database to the new epoch, fences what was found damaged, and sets aside what is none of the log's.
    private static func begin(
        _ head: LogHead, _ old: UInt64, _ store: WriterStore, _ damaged: [StreamName: String], _ end: LogEnd
    ) throws(EventLogError) {
        try store.transaction(epoch: old) { () throws(EventLogError) in
            try store.database.run("UPDATE log_state SET epoch = \(head.epoch) WHERE id = 1")
            try store.database.run(LogTables.createFences)
            let since = head.recordedAt ?? RecordedTime(microseconds: 0)
            for (stream, reason) in damaged {
                try store.save(Fence(stream: stream, reason: reason, since: since))
            }
            try StrayRows.setAside(end, in: store.database, store.rows)
        }
    }

    /// Identity and epoch of the database, which is made when it is new.
    private static func readState(
        _ database: Database, _ vouched: HeadFile.Content?, _ options: SQLiteLogOptions, _ hint: String
    ) throws(EventLogError) -> (log: LogIdentity, epoch: UInt64, tables: LogTables) {
        let known = try database.integer("PRAGMA application_id")
        let format = try database.integer("PRAGMA user_version")
        let isEmpty = try database.integer("SELECT count(*) FROM sqlite_master") == 0
        if known == 0 && format == 0 && isEmpty {
            if let vouched, vouched.position > 0 {
                throw EventLogError(
                    .eventsMissing,
                    "the head file vouches for \(vouched.position) events, but the database is missing or empty. "
                        + "Restore events.sqlite from a backup\(hint)")
            }
            let given = options.identity.flatMap { LogIdentity(bytes: $0) }
            try create(database, log: vouched?.log ?? given ?? .random())
        } else if known != applicationID || format != Self.format {
            throw EventLogError(
                .wrongFormat,
                "events.sqlite has application id \(known) and format \(format); "
                    + "this version reads \(applicationID) and \(Self.format)")
        }
        let tables = try LogTables(database)
        try tables.requireEvents(vouched)
        var found = tables.missing.contains("log_state") ? nil : try identity(database)
        if found == nil, let vouched {
            try LogTables.restoreState(database, vouched)
            found = try identity(database)
        }
        guard let found else {
            throw EventLogError(
                .corrupted,
                "events.sqlite has no readable log_state, and there is no head file that says which log it is. Keep "
                    + "all files as they are and restore the newest backup whole into another folder")
        }
        if let vouched, vouched.log != found.log {
            throw EventLogError(
                .wrongFormat, "events.head belongs to log \(vouched.log), events.sqlite to log \(found.log)")
        }
        return (found.log, found.epoch, tables)
    }

    /// Which log the database says it is; nil when it does not say.
    private static func identity(_ database: Database) throws(EventLogError) -> (log: LogIdentity, epoch: UInt64)? {
        let statement = try Statement(database, "SELECT log, epoch FROM log_state WHERE id = 1")
        defer { statement.reset() }
        guard try statement.step(), let log = LogIdentity(bytes: statement.bytes(0)) else { return nil }
        return (log, statement.unsigned(1))
    }

    /// Makes the table of events.
    static func createEvents(in database: Database) throws(EventLogError) {
        try database.run(
            """
            CREATE TABLE events(position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, sequence INTEGER NOT NULL,
            prev INTEGER NOT NULL, kind INTEGER NOT NULL, day INTEGER NOT NULL, record BLOB NOT NULL,
            hash BLOB NOT NULL)
            """)
    }

    static func create(_ database: Database, log: LogIdentity) throws(EventLogError) {
        try database.run("BEGIN IMMEDIATE")
        try database.run("PRAGMA application_id = \(applicationID)")
        try database.run("PRAGMA user_version = \(format)")
        try createEvents(in: database)
        try database.run(LogTables.createState)
        try database.run(LogTables.createFences)
        let statement = try Statement(database, "INSERT INTO log_state(id, log, epoch) VALUES (1, ?1, 0)")
        statement.bind(1, log.bytes)
        try statement.run()
        try database.run("COMMIT")
    }
}

extension EventRows: AppendHistory {}
