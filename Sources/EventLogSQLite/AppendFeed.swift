import CSQLite
import EventLog

/// Hands the rows of a batch to SQLite as a table, so that one statement inserts them all.
///
/// `INSERT … SELECT … FROM append_feed` keeps its place at the end of the table and reads records where they are;
/// binding and stepping an insert for each row costs about twice as much.
final class AppendFeed {
    static let insert = """
        INSERT INTO events SELECT NULL, stream, sequence, prev, kind, day, record, hash FROM append_feed
        """

    /// The same with positions given: the first is the parameter.
    static let insertAt = """
        INSERT INTO events SELECT ?1 + rowid, stream, sequence, prev, kind, day, record, hash FROM append_feed
        """

    fileprivate var rows = UnsafeBufferPointer<PlannedRow>(start: nil, count: 0)
    fileprivate var memory: UnsafeRawPointer?
    private let module: UnsafeMutablePointer<sqlite3_module>

    /// Makes the table known to a connection. The feed must outlive the connection's statements.
    init(on database: Database) throws(EventLogError) {
        module = .allocate(capacity: 1)
        module.initialize(to: Self.makeModule())
        let result = sqlite3_create_module(
            database.handle, "append_feed", module, Unmanaged.passUnretained(self).toOpaque())
        guard result == SQLITE_OK else { throw database.failure(result, "prepare the append feed") }
    }

    deinit { module.deallocate() }

    /// Inserts all rows of the planned batch.
    func insert(_ planner: AppendPlanner, with statement: Statement) throws(EventLogError) {
        try planner.withRows { (rows, memory) throws(EventLogError) in
            self.rows = rows
            self.memory = memory
            defer {
                self.rows = UnsafeBufferPointer(start: nil, count: 0)
                self.memory = nil
            }
            try statement.run()
        }
    }
}

/// SQLite's cursor with our place in the batch; SQLite sees only the first member.
private struct FeedCursor {
    var base = sqlite3_vtab_cursor()
    var feed: Unmanaged<AppendFeed>
    var index = 0
}

/// SQLite's table with our feed; SQLite sees only the first member.
private struct FeedTable {
    var base = sqlite3_vtab()
    var feed: Unmanaged<AppendFeed>
}

extension AppendFeed {
    private static let schema = """
        CREATE TABLE append_feed(stream INTEGER, sequence INTEGER, prev INTEGER, kind INTEGER, day INTEGER,
        record BLOB, hash BLOB)
        """

    private static func makeModule() -> sqlite3_module {
        var module = sqlite3_module()
        module.xConnect = { handle, context, _, _, table, _ in
            guard let context, let table else { return SQLITE_MISUSE }
            let made = UnsafeMutablePointer<FeedTable>.allocate(capacity: 1)
            made.initialize(to: FeedTable(feed: Unmanaged<AppendFeed>.fromOpaque(context)))
            table.pointee = UnsafeMutableRawPointer(made).assumingMemoryBound(to: sqlite3_vtab.self)
            return sqlite3_declare_vtab(handle, AppendFeed.schema)
        }
        module.xDisconnect = { table in
            UnsafeMutableRawPointer(table)?.assumingMemoryBound(to: FeedTable.self).deallocate()
            return SQLITE_OK
        }
        module.xBestIndex = { _, info in
            info?.pointee.estimatedCost = 1
            return SQLITE_OK
        }
        module.xOpen = { table, cursor in
            guard let table, let cursor else { return SQLITE_MISUSE }
            let feed = UnsafeMutableRawPointer(table).assumingMemoryBound(to: FeedTable.self).pointee.feed
            let made = UnsafeMutablePointer<FeedCursor>.allocate(capacity: 1)
            made.initialize(to: FeedCursor(feed: feed))
            cursor.pointee = UnsafeMutableRawPointer(made).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
            return SQLITE_OK
        }
        module.xClose = { cursor in
            AppendFeed.cursor(cursor).deallocate()
            return SQLITE_OK
        }
        module.xFilter = { cursor, _, _, _, _ in
            AppendFeed.cursor(cursor).pointee.index = 0
            return SQLITE_OK
        }
        module.xNext = { cursor in
            AppendFeed.cursor(cursor).pointee.index += 1
            return SQLITE_OK
        }
        module.xEof = { cursor in
            let place = AppendFeed.cursor(cursor)
            let count = place.pointee.feed._withUnsafeGuaranteedRef { $0.rows.count }
            return place.pointee.index >= count ? 1 : 0
        }
        module.xRowid = { cursor, row in
            row?.pointee = Int64(AppendFeed.cursor(cursor).pointee.index)
            return SQLITE_OK
        }
        module.xColumn = { cursor, context, column in AppendFeed.column(cursor, context, column) }
        return module
    }

    @inline(__always)
    private static func cursor(_ pointer: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> UnsafeMutablePointer<
        FeedCursor
    > {
        UnsafeMutableRawPointer(pointer.unsafelyUnwrapped).assumingMemoryBound(to: FeedCursor.self)
    }

    @inline(__always)
    private static func column(
        _ pointer: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ context: OpaquePointer?, _ column: Int32
    ) -> Int32 {
        let place = cursor(pointer)
        place.pointee.feed._withUnsafeGuaranteedRef { feed in
            let row = feed.rows.baseAddress.unsafelyUnwrapped + place.pointee.index
            switch column {
            case 0: sqlite3_result_int64(context, Int64(bitPattern: row.pointee.stream))
            case 1: sqlite3_result_int64(context, Int64(bitPattern: row.pointee.sequence))
            case 2: sqlite3_result_int64(context, Int64(bitPattern: row.pointee.previous))
            case 3: sqlite3_result_int64(context, Int64(row.pointee.kind))
            case 4: sqlite3_result_int64(context, Int64(row.pointee.day))
            default:
                let start = feed.memory.unsafelyUnwrapped + row.pointee.offset
                // A nil destructor tells SQLite that the bytes stay where they are until the statement is done.
                if column == 5 {
                    sqlite3_result_blob(context, start, Int32(row.pointee.length), nil)
                } else {
                    sqlite3_result_blob(context, start + row.pointee.length, Int32(EventHash.byteCount), nil)
                }
            }
        }
        return SQLITE_OK
    }
}
