import CSQLite
import EventLog
import Glibc

/// A copy of a log as its head file vouches for it at one moment, taken beside a running writer.
///
/// Rows are copied in order of position in many short transactions, so that the writer's write-ahead log does not grow
/// behind a long read. A log only grows, so what was copied stays true. The copy is a log like any other: damaged rows are
/// copied as they are, rows that are missing are missing in it, too, and whoever takes it checks it.
package struct LogBackup: Sendable, Hashable {
    /// Identity of the log, 16 bytes.
    package let log: [UInt8]
    /// Events in the copy.
    package let position: UInt64
    /// Running digest up to there.
    package let digest: EventHash
    /// Epoch of the copy.
    package let epoch: UInt64
    /// When the last event was recorded, in UTC microseconds; nil when there is none.
    package let recordedAt: Int64?

    /// Rows of one transaction.
    private static let block: UInt64 = 20_000

    /// Copies the log of one directory into another, which must not hold one.
    /// - Parameters:
    ///   - epochs: Added to the epoch: a restored log is another one than that which went on after the backup, and its
    ///     epoch must be beyond any that one had.
    ///   - floor: The lowest epoch of the copy. One that rises with the time of day puts a second restore of the same
    ///     backup beyond the first.
    ///   - progress: Called now and then with events copied and events in all; returning false ends the copy.
    /// - Throws: `EventLogError` with `headUnreadable` when nothing vouches for the events, `headOlder` when what does
    ///   is older than they are, `eventsMissing` when the last of them is not there, `corrupted` when the database cannot be read, `storageFailed` or `diskFull`; what was
    ///   copied so far is of no use then.
    package static func copy(
        from directory: String, to target: String, addingEpochs epochs: UInt64 = 0, epochAtLeast floor: UInt64 = 0,
        progress: (UInt64, UInt64) -> Bool = { _, _ in true }
    ) throws(EventLogError) -> LogBackup {
        let files = LogFiles(directory: target)
        guard access(files.database, F_OK) != 0, access(files.head, F_OK) != 0 else {
            throw EventLogError(.storageFailed, "there is a log in the target already")
        }
        // The head first: what it vouches for is committed, whatever is appended while the rows are copied.
        guard let head = HeadFile.read(LogFiles(directory: directory)) else {
            throw EventLogError(.headUnreadable, "no readable head file vouches for the events")
        }
        try requireNewestHead(LogFiles(directory: directory))
        let epoch = max(head.epoch + epochs, floor)
        try DurableFile.makeDirectories(target)
        let database = try Database(files.database, options: SQLiteLogOptions(), create: true, cacheBytes: 8 << 20)
        defer { database.close() }
        chmod(files.database, 0o600)
        try OpenedLog.create(database, log: head.log)
        try attach(LogFiles(directory: directory).database, to: database)
        try copyRows(head.position, database, progress)
        try copyTrail(LogFiles(directory: directory), to: files, upTo: head.position)
        try copyRecords(LogFiles(directory: directory), to: files)
        if try database.integer("SELECT count(*) FROM source.sqlite_master WHERE name = 'fences'") == 1 {
            try database.run("INSERT INTO main.fences SELECT * FROM source.fences")
        }
        try database.run("UPDATE main.log_state SET epoch = \(epoch) WHERE id = 1")
        try StrayRows.copy(to: database, from: "source", upTo: head.position)
        try database.run("DETACH DATABASE source")
        try requireEnd(head, database, files)
        try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
        return try vouch(head, epoch: epoch, files)
    }

    /// Fences streams of a copy that were found damaged, unless they are fenced already.
    /// - Throws: `EventLogError`; the copy is of no use then.
    package static func fence(_ report: VerifyReport, in directory: String) throws(EventLogError) {
        let files = LogFiles(directory: directory)
        let database = try Database(files.database, options: SQLiteLogOptions(), create: false, cacheBytes: 1 << 20)
        defer { database.close() }
        let since = HeadFile.read(files)?.recordedAt ?? 0
        let statement = try Statement(
            database, "INSERT OR IGNORE INTO fences(stream, reason, since) VALUES (?1, ?2, ?3)")
        for stream in report.damagedStreams {
            guard let damage = report.damages.first(where: { $0.stream == stream }) else { continue }
            statement.bind(1, stream.text)
            statement.bind(2, damage.description)
            statement.bind(3, max(since, 0))
            try statement.run()
        }
        try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// - Throws: `eventsMissing` when the newest events could not be copied. One whose row number was changed is not missing:
    ///   the copy tells of it what the original does.
    private static func requireEnd(
        _ head: HeadFile.Content, _ database: Database, _ files: LogFiles
    ) throws(EventLogError) {
        let rows = try EventRows(database)
        let end = try LogEnd(rows, HeadFile.Look(content: head), TrailReader(files, log: head.log))
        guard !end.isCut else {
            throw EventLogError(
                .eventsMissing, "the head file vouches for \(head.position) events, \(end.standing) could be copied")
        }
    }

    /// - Throws: `headOlder` when acknowledged events stand behind what the head file vouches for: the copy would be without.
    private static func requireNewestHead(_ files: LogFiles) throws(EventLogError) {
        let look = HeadFile.look(files)
        guard look.state == .closed, let log = look.content?.log else { return }
        let options = SQLiteLogOptions()
        let database = try Database(files.database, options: options, create: false, cacheBytes: 1 << 20)
        database.keepWriteAheadLog()
        do throws(EventLogError) {
            let rows = try EventRows(database)
            defer { rows.close() }
            let end = try LogEnd(rows, look, TrailReader(files, log: log))
            // A writer beside this may have begun between the two looks.
            guard HeadFile.look(files).content == look.content else { return }
            try end.requireNewestHead()
        } catch {
            // What is damaged is met by the copy.
            guard error.code == .corrupted else { throw error }
        }
    }

    private static func attach(_ path: String, to database: Database) throws(EventLogError) {
        let attach = try Statement(database, "ATTACH DATABASE ?1 AS source")
        attach.bind(1, path)
        try attach.run()
    }

    private static func copyRows(
        _ end: UInt64, _ database: Database, _ progress: (UInt64, UInt64) -> Bool
    ) throws(EventLogError) {
        let insert = try Statement(
            database,
            """
            INSERT INTO main.events(position, stream, sequence, prev, kind, day, record, hash)
            SELECT position, stream, sequence, prev, kind, day, record, hash FROM source.events
            WHERE position > ?1 AND position <= ?2 ORDER BY position
            """)
        var done: UInt64 = 0
        var uncopied = 0
        while done < end {
            let next = min(end, done + block)
            insert.bind(1, done)
            insert.bind(2, next)
            try insert.run()
            done = next
            uncopied += 1
            // The copy's own write-ahead log stays small, too.
            if uncopied % 8 == 0 { try database.run("PRAGMA main.wal_checkpoint(TRUNCATE)") }
            guard progress(done, end) else { throw EventLogError(.closed, "the copy was stopped") }
        }
    }

    /// Copies what tells whose damaged rows are, where it is there.
    private static func copyTrail(
        _ source: LogFiles, to target: LogFiles, upTo position: UInt64
    ) throws(EventLogError) {
        let entries = Int(position) * TrailEntry.byteCount
        for (from, to, most) in [(source.trail, target.trail, entries), (source.names, target.names, Int.max)] {
            try copyFile(source, from, to: target, to, most: most)
        }
    }

    /// Copies what was recorded of heads made anew, where there is such a record: which of the copied events no signature
    /// proves is said nowhere else. After the head was read, so that no record of a head that is copied is missing.
    private static func copyRecords(_ source: LogFiles, to target: LogFiles) throws(EventLogError) {
        try copyFile(source, source.mended, to: target, target.mended, most: .max)
    }

    /// Copies the first bytes of a file, where it is there.
    private static func copyFile(
        _ source: LogFiles, _ from: String, to target: LogFiles, _ to: String, most: Int
    ) throws(EventLogError) {
        guard let file = try? source.disk.open(from, create: false) else { return }
        let copy = try target.disk.open(to, create: true)
        var offset = 0
        while offset < most {
            let part = try file.read(min(1 << 20, most - offset), at: offset)
            if part.isEmpty { break }
            try copy.write(part, at: offset)
            offset += part.count
        }
        try copy.sync()
    }

    /// Writes the copy's own head file.
    private static func vouch(
        _ head: HeadFile.Content, epoch: UInt64, _ files: LogFiles
    ) throws(EventLogError) -> LogBackup {
        let recordedAt = head.recordedAt == .min ? nil : head.recordedAt
        let file = try HeadFile(files, after: nil, syncsBehind: false)
        // Nothing is ever added to a copy.
        try file.close(
            log: head.log,
            head: LogHead(
                shard: .single, position: Position(head.position), digest: head.digest,
                recordedAt: recordedAt.map { RecordedTime(microseconds: $0) }, epoch: epoch))
        try DurableFile.syncDirectory(files.directory)
        return LogBackup(
            log: head.log.bytes, position: head.position, digest: head.digest, epoch: epoch, recordedAt: recordedAt)
    }
}
