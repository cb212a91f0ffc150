import CareDomain
import CareProjections
import GRDB
import GRDBSQLite

/// A prepared statement whose values are bound in order, straight to SQLite.
///
/// GRDB's argument arrays cost more than the insert itself on this path (millions of rows in a rebuild), so values go
/// through the C API that GRDB hands out. Used inside one write block of one connection, like the statement itself.
struct RowBinder {
    private let statement: OpaquePointer
    private let connection: OpaquePointer
    private var index: Int32 = 0

    /// Prepares `sql` on the connection, or takes GRDB's cached statement.
    init(_ db: Database, _ sql: String) throws {
        statement = try db.cachedStatement(sql: sql).sqliteStatement
        guard let connection = db.sqliteConnection else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "connection is closed")
        }
        self.connection = connection
    }

    mutating func int(_ value: Int64) {
        index += 1
        sqlite3_bind_int64(statement, index, value)
    }

    mutating func int(_ value: Int64?) {
        if let value { int(value) } else { null() }
    }

    mutating func null() {
        index += 1
        sqlite3_bind_null(statement, index)
    }

    mutating func text(_ value: String) {
        index += 1
        guard !value.isEmpty else {
            // A null address would bind NULL instead of an empty text.
            sqlite3_bind_text(statement, index, "", 0, Self.copied)
            return
        }
        var value = value
        value.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                // Copied by SQLite: the bytes of a small string live on this stack frame only.
                _ = sqlite3_bind_text(statement, index, characters.baseAddress, Int32(bytes.count), Self.copied)
            }
        }
    }

    mutating func text(_ value: String?) {
        if let value { text(value) } else { null() }
    }

    mutating func id(_ value: some TypedIdentifier) {
        index += 1
        withUnsafeBytes(of: (value.value.high.bigEndian, value.value.low.bigEndian)) { bytes in
            _ = sqlite3_bind_blob(statement, index, bytes.baseAddress, 16, Self.copied)
        }
    }

    mutating func id(_ value: (some TypedIdentifier)?) {
        if let value { id(value) } else { null() }
    }

    mutating func day(_ value: CivilDay) { int(Int64(value.dayNumber)) }

    mutating func day(_ value: CivilDay?) { int(value.map { Int64($0.dayNumber) }) }

    mutating func sequence(_ value: UInt64) { int(Int64(bitPattern: value)) }

    mutating func code(_ value: some CodeValue) { text(value.rawValue) }

    mutating func code(_ value: (some CodeValue)?) { text(value?.rawValue) }

    mutating func bool(_ value: Bool) { int(value ? 1 : 0) }

    /// Runs the statement once with what was bound and makes it ready for the next row.
    mutating func run() throws {
        index = 0
        let result = sqlite3_step(statement)
        sqlite3_reset(statement)
        guard result == SQLITE_DONE else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: result), message: String(cString: sqlite3_errmsg(connection)))
        }
    }

    private static let copied = unsafeBitCast(OpaquePointer(bitPattern: -1), to: sqlite3_destructor_type.self)
}
