import CSQLite
import EventLog
import Glibc

/// One SQLite connection, used by one thread at a time.
final class Database {
    private(set) var handle: OpaquePointer?

    /// Opens or creates a database file in WAL mode with full sync, and makes sure that it took effect.
    /// - Throws: `EventLogError`; `durabilityTooWeak` when the engine does not sync as it must.
    init(_ path: String, options: SQLiteLogOptions, create: Bool, cacheBytes: Int) throws(EventLogError) {
        _ = Self.prepareEngine
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0)
        let result = sqlite3_open_v2(path, &handle, flags, options.vfs)
        guard result == SQLITE_OK else {
            let error = failure(result, "open the database")
            sqlite3_close_v2(handle)
            handle = nil
            throw error
        }
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, 5000)
        try run("PRAGMA page_size = \(options.pageBytes)")
        try run("PRAGMA journal_mode = WAL")
        try run("PRAGMA synchronous = FULL")
        // The writer decides when to copy the write-ahead log, so that it stays bounded and nobody else pays for it.
        try run("PRAGMA wal_autocheckpoint = 0")
        try run("PRAGMA cache_size = -\(max(cacheBytes >> 10, 64))")
        try run("PRAGMA cell_size_check = ON")
        try run("PRAGMA temp_store = MEMORY")
        try Self.requireDurability(
            journal: try text("PRAGMA journal_mode"), synchronous: try integer("PRAGMA synchronous"))
    }

    deinit { sqlite3_close_v2(handle) }

    /// Once per process. Refused, and no matter, where a connection was opened before.
    private static let prepareEngine: Void = { _ = care_sqlite3_without_memory_statistics() }()

    /// Refuses levels at which an acknowledged event could be lost.
    static func requireDurability(journal: String, synchronous: Int64) throws(EventLogError) {
        guard journal == "wal", synchronous >= 2 else {
            throw EventLogError(
                .durabilityTooWeak,
                "need journal_mode=wal and synchronous=2 (FULL) or above; "
                    + "found journal_mode=\(journal) and synchronous=\(synchronous)")
        }
    }

    /// Runs one statement and ignores its rows.
    func run(_ sql: String) throws(EventLogError) {
        let statement = try Statement(self, sql)
        while try statement.step() {}
    }

    /// First column of the first row; 0 without a row.
    func integer(_ sql: String) throws(EventLogError) -> Int64 {
        let statement = try Statement(self, sql)
        return try statement.step() ? statement.integer(0) : 0
    }

    /// First column of the first row; empty without a row.
    func text(_ sql: String) throws(EventLogError) -> String {
        let statement = try Statement(self, sql)
        return try statement.step() ? statement.text(0) : ""
    }

    /// Closes the connection; all statements must be gone.
    func close() {
        sqlite3_close_v2(handle)
        handle = nil
    }

    /// Caps the number of pages.
    func setMaximumBytes(_ bytes: Int) throws(EventLogError) {
        let pageBytes = Int(try integer("PRAGMA page_size"))
        _ = try integer("PRAGMA max_page_count = \(max(bytes / pageBytes, 1))")
    }

    /// Leaves the write-ahead log as it is when the connection closes, as the end of a process would.
    func keepWriteAheadLog() { _ = care_sqlite3_keep_wal_on_close(handle) }

    /// Whether a transaction is open.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// What becomes of the write-ahead log once it is copied.
    enum Checkpoint {
        /// Whatever readers leave is copied another time.
        case passive
        /// The next write begins it anew, in the room that it has.
        case restarting
        /// It is emptied.
        case truncating
    }

    /// Copies the write-ahead log into the database as far as no reader needs it.
    /// - Returns: Frames in the write-ahead log, and how many of them are copied.
    @discardableResult
    func checkpoint(_ kind: Checkpoint = .passive) throws(EventLogError) -> (frames: Int, copied: Int) {
        var frames: Int32 = 0
        var copied: Int32 = 0
        let mode =
            switch kind {
            case .passive: SQLITE_CHECKPOINT_PASSIVE
            case .restarting: SQLITE_CHECKPOINT_RESTART
            case .truncating: SQLITE_CHECKPOINT_TRUNCATE
            }
        let result = sqlite3_wal_checkpoint_v2(handle, nil, mode, &frames, &copied)
        guard result == SQLITE_OK || result == SQLITE_BUSY else {
            throw failure(result, "copy the write-ahead log")
        }
        return (max(Int(frames), 0), max(Int(copied), 0))
    }

    /// Whether the last write failed because a quota or the longest length of a file was reached. SQLite itself takes
    /// only a full disk for one.
    private var hasNoRoom: Bool { [ENOSPC, EDQUOT, EFBIG].contains(care_sqlite3_write_errno(handle)) }

    /// The error for a result code.
    func failure(_ result: Int32, _ action: String, line: UInt = #line) -> EventLogError {
        let code: EventLogError.Code =
            switch result & 0xff {
            case SQLITE_FULL: .diskFull
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_SCHEMA, SQLITE_INTERRUPT: .readFailed
            case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupted
            case SQLITE_IOERR where result == care_sqlite3_ioerr_read: .readFailed
            case SQLITE_IOERR where result == care_sqlite3_ioerr_short_read: .corrupted
            case SQLITE_IOERR where result == care_sqlite3_ioerr_write && hasNoRoom: .diskFull
            default: .storageFailed
            }
        let text = handle.map { String(cString: sqlite3_errmsg($0)) } ?? ""
        return EventLogError(code, "cannot \(action)", underlying: "sqlite \(result): \(text)", line: line)
    }
}
