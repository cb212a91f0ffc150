import CSQLite
import EventLog

/// A prepared statement. Values bound as bytes are not copied: they must live until the statement is reset.
final class Statement {
    private let database: Database
    private var handle: OpaquePointer?

    init(_ database: Database, _ sql: String) throws(EventLogError) {
        self.database = database
        let result = sqlite3_prepare_v3(database.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard result == SQLITE_OK else { throw database.failure(result, "prepare a statement") }
    }

    deinit { sqlite3_finalize(handle) }

    /// Goes to the next row; false at the end, and then the statement is reset.
    func step() throws(EventLogError) -> Bool {
        let result = sqlite3_step(handle)
        if result == SQLITE_ROW { return true }
        if result == SQLITE_DONE {
            sqlite3_reset(handle)
            return false
        }
        let error = database.failure(result, "run a statement")
        sqlite3_reset(handle)
        throw error
    }

    /// Runs a statement without rows.
    func run() throws(EventLogError) { while try step() {} }

    /// Ends the statement's read transaction.
    func reset() { sqlite3_reset(handle) }

    /// Binds a number.
    func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

    /// Binds a position or sequence.
    func bind(_ index: Int32, _ value: UInt64) { sqlite3_bind_int64(handle, index, Int64(bitPattern: value)) }

    /// Binds text, copied.
    func bind(_ index: Int32, _ value: String) {
        sqlite3_bind_text(handle, index, value, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
    }

    /// Binds bytes, copied.
    func bind(_ index: Int32, _ value: [UInt8]) {
        _ = value.withUnsafeBytes { bytes in
            sqlite3_bind_blob(
                handle, index, bytes.baseAddress, Int32(bytes.count),
                unsafeBitCast(-1, to: sqlite3_destructor_type.self))
        }
    }

    /// A number of the current row.
    @inline(__always)
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    /// A position or sequence of the current row.
    @inline(__always)
    func unsigned(_ column: Int32) -> UInt64 { UInt64(bitPattern: sqlite3_column_int64(handle, column)) }

    /// Text of the current row.
    func text(_ column: Int32) -> String { sqlite3_column_text(handle, column).map { String(cString: $0) } ?? "" }

    /// Bytes of the current row; they go away with the next step.
    @inline(__always)
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }
}
