import EventLog

/// The reading statements of one connection. Every method is one short transaction or several, never a long one.
final class EventRows {
    private let database: Database
    private var one: Statement?
    private var range: Statement?
    private var scanned: Statement?
    private var along: Statement?
    private var begin: Statement?
    private var end: Statement?
    /// The first row that was found only by reading along; nil when all are where their numbers say.
    private(set) var foundAlong: UInt64?
    /// Tells rewritten events where no chain does; nil when nobody asks it.
    var trail: TrailReader?

    init(_ database: Database) throws(EventLogError) {
        self.database = database
        one = try Statement(database, "SELECT \(EventRow.columns) FROM events WHERE position = ?1")
        range = try Statement(
            database,
            "SELECT \(EventRow.columns) FROM events WHERE position > ?1 AND position <= ?2 ORDER BY position")
        scanned = try Statement(
            database,
            "SELECT \(ScannedRow.columns) FROM events WHERE position > ?1 AND position <= ?2 ORDER BY position")
        along = try Statement(
            database, "SELECT \(EventRow.columns) FROM events WHERE position > ?1 LIMIT \(Self.alongRows)")
        begin = try Statement(database, "BEGIN")
        end = try Statement(database, "COMMIT")
    }

    func close() {
        one = nil
        range = nil
        scanned = nil
        along = nil
        begin = nil
        end = nil
        database.close()
    }

    /// First column of the first row of a query.
    func integer(_ sql: String) throws(EventLogError) -> Int64 { try database.integer(sql) }

    /// A statement for a question that is seldom asked.
    func statement(_ sql: String) throws(EventLogError) -> Statement { try Statement(database, sql) }

    /// Runs several reads on one state of the database. Inside a transaction already open it just runs them.
    func inTransaction<Result>(_ body: () throws(EventLogError) -> Result) throws(EventLogError) -> Result {
        guard !database.isInTransaction, let begin, let end else { return try body() }
        try begin.run()
        defer { try? end.run() }
        return try body()
    }

    /// Gives the row at a position to `body`.
    /// - Returns: What `body` returns; nil when the row is missing or unreadable.
    func row<Result>(at position: UInt64, _ body: (EventRow) -> Result) throws(EventLogError) -> Result? {
        guard let one else { throw EventLogError(.closed, "the reader is closed") }
        one.bind(1, position)
        defer { one.reset() }
        do throws(EventLogError) {
            if try one.step() { return body(EventRow(one)) }
        } catch {
            guard error.code == .corrupted else { throw error }
            return nil
        }
        return try rowAlong(position, body)
    }

    /// Rows that are looked at around one that is not found by its number.
    private static let alongRows = 512

    /// Looks for a row by reading along the table: beside a row whose number was changed SQLite does not find the others
    /// of the same page by theirs.
    private func rowAlong<Result>(
        _ position: UInt64, _ body: (EventRow) -> Result
    ) throws(EventLogError) -> Result? {
        guard let along else { throw EventLogError(.closed, "the reader is closed") }
        along.bind(1, Int64(clamping: position) - Int64(Self.alongRows / 2))
        defer { along.reset() }
        do throws(EventLogError) {
            while try along.step() {
                guard along.unsigned(0) == position else { continue }
                foundAlong = foundAlong ?? position
                return body(EventRow(along))
            }
        } catch {
            guard error.code == .corrupted else { throw error }
        }
        return nil
    }

    /// Gives every position after `start` up to `last` to `body`, in order: its row, or what is known of its damage.
    /// - Returns: The last position given.
    func forEach(
        after start: UInt64, upTo last: UInt64, _ body: (EventRow?, Damage?) -> Bool
    ) throws(EventLogError) -> UInt64 {
        try forEach(range, after: start, upTo: last, { $0 }, body)
    }

    /// The same with what a scan needs of each row.
    func scan(
        after start: UInt64, upTo last: UInt64, _ body: (ScannedRow?, Damage?) -> Bool
    ) throws(EventLogError) -> UInt64 {
        try forEach(scanned, after: start, upTo: last, { ScannedRow($0) }, body)
    }

    @inline(__always)
    private func forEach<Row: LogRow>(
        _ statement: Statement?, after start: UInt64, upTo last: UInt64, _ narrow: (EventRow) -> Row,
        _ body: (Row?, Damage?) -> Bool
    ) throws(EventLogError) -> UInt64 {
        guard let statement else { throw EventLogError(.closed, "the reader is closed") }
        var place = start
        while place < last {
            let end = min(last, place + UInt64(SQLiteEventReader.rowsPerTransaction))
            let (reached, goesOn) = try forEachInOneTransaction(statement, after: place, upTo: end, narrow, body)
            place = reached
            if !goesOn { break }
        }
        return place
    }

    @inline(__always)
    private func forEachInOneTransaction<Row: LogRow>(
        _ statement: Statement, after start: UInt64, upTo last: UInt64, _ narrow: (EventRow) -> Row,
        _ body: (Row?, Damage?) -> Bool
    ) throws(EventLogError) -> (reached: UInt64, goesOn: Bool) {
        statement.bind(1, start)
        statement.bind(2, last)
        var place = start
        var goesOn = true
        do throws(EventLogError) {
            defer { statement.reset() }
            while goesOn, place < last, try statement.step() {
                let row = Row(statement)
                guard row.position == place + 1 else { break }
                place = row.position
                goesOn = body(row, nil)
            }
        } catch  where error.code == .corrupted {}
        // What the quick way did not reach is missing or unreadable: ask for each position by itself.
        while goesOn && place < last {
            place += 1
            if let answer = try row(at: place, { row in body(narrow(row), nil) }) {
                goesOn = answer
            } else {
                goesOn = body(nil, Damage(.missing, position: Position(place), detail: "row missing or unreadable"))
            }
        }
        return (place, goesOn)
    }
}
