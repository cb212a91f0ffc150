import EventLog

/// The table of rows that were found in `events` and are none of the log's events.
///
/// They are moved there when the log is opened, in the transaction that begins the new epoch: whoever appends is never in
/// their way, and a person can look at them. Nothing reads them as events.
enum StrayRows {
    private static let columns = "position, stream, sequence, prev, kind, day, record, hash"

    /// Moves what `end` found.
    /// - Throws: `corrupted` when that cannot be done without touching the log's own rows; nothing was changed then.
    static func setAside(_ end: LogEnd, in database: Database, _ rows: EventRows) throws(EventLogError) {
        guard end.strayCount > 0 else { return }
        try create(in: database)
        let low = try rows.integer("SELECT count(*) FROM events WHERE position <= 0")
        // Each bound is one place of the table from which on all rows are others': also rows that stand out of order there.
        let bounds = low == 0 ? ["> \(end.standing)"] : ["<= 0", "> \(end.standing)"]
        for which in bounds {
            do throws(EventLogError) {
                try database.run(
                    "INSERT INTO strays(\(columns)) SELECT \(columns) FROM events WHERE position \(which)")
            } catch {
                guard error.code == .corrupted else { throw error }
                try database.run("INSERT INTO strays(position) SELECT position FROM events WHERE position \(which)")
            }
        }
        let before = try neighbours(end, rows)
        try database.run("SAVEPOINT removal")
        do throws(EventLogError) {
            for which in bounds { try database.run("DELETE FROM events WHERE position \(which)") }
        } catch {
            guard error.code == .corrupted else { throw error }
        }
        if try !isRight(end, before, rows) {
            // A row whose length is damaged, too, takes bytes of others with it.
            try database.run("ROLLBACK TO removal")
            try writeAnew(end, database, rows)
        }
        try database.run("RELEASE removal")
        guard try isRight(end, before, rows) else {
            throw EventLogError(
                .corrupted,
                "rows that are none of the log's events stand among them and cannot be set aside. Run log verify, and "
                    + "restore the newest backup elsewhere and compare")
        }
    }

    /// Whether only the log's own rows are left, and all of them.
    private static func isRight(
        _ end: LogEnd, _ before: [UInt64: EventHash], _ rows: EventRows
    ) throws(EventLogError) -> Bool {
        guard try rows.lastPosition() == end.standing else { return false }
        return try neighbours(end, rows) == before
    }

    /// The hashes of the log's own rows that may stand on one page with those of others, or have the same number.
    private static func neighbours(_ end: LogEnd, _ rows: EventRows) throws(EventLogError) -> [UInt64: EventHash] {
        var positions = Set(end.standing - min(end.standing, 64)...end.standing)
        positions.formUnion(end.strays.compactMap { $0.position > 0 ? UInt64($0.position) : nil })
        var found: [UInt64: EventHash] = [:]
        for position in positions where position <= end.standing && position > 0 {
            if let hash = try rows.hash(at: position) { found[position] = hash }
        }
        return found
    }

    /// Writes the log's own rows into a new table, in order, and lets the old one go.
    private static func writeAnew(
        _ end: LogEnd, _ database: Database, _ rows: EventRows
    ) throws(EventLogError) {
        try database.run("ALTER TABLE events RENAME TO events_before")
        try OpenedLog.createEvents(in: database)
        let insert = try Statement(
            database,
            "INSERT INTO events(\(columns)) SELECT \(columns) FROM events_before WHERE position = ?1")
        for position in stride(from: 1, through: end.standing, by: 1) {
            insert.bind(1, position)
            do throws(EventLogError) { try insert.run() } catch {
                guard error.code == .corrupted else { throw error }
            }
        }
        try database.run("DROP TABLE events_before")
    }

    private static func create(in database: Database) throws(EventLogError) {
        try database.run(
            """
            CREATE TABLE IF NOT EXISTS strays(id INTEGER PRIMARY KEY, position INTEGER, stream INTEGER,
            sequence INTEGER, prev INTEGER, kind INTEGER, day INTEGER, record BLOB, hash BLOB)
            """)
    }

    /// Copies what was set aside in an attached log into its copy; where the newest rows are gone, also what stands there
    /// instead of them.
    static func copy(to database: Database, from source: String, upTo end: UInt64) throws(EventLogError) {
        let there = try database.integer(
            "SELECT count(*) FROM \(source).sqlite_master WHERE type = 'table' AND name = 'strays'")
        let last = try database.integer("SELECT coalesce(max(position), 0) FROM main.events")
        let isCut = last < Int64(clamping: end)
        guard there == 1 || isCut else { return }
        try create(in: database)
        for table in (there == 1 ? ["strays"] : []) + (isCut ? ["events WHERE position > \(last)"] : []) {
            try database.run("INSERT INTO main.strays(\(columns)) SELECT \(columns) FROM \(source).\(table)")
        }
    }

    private static func isThere(_ rows: EventRows) throws(EventLogError) -> Bool {
        try rows.integer("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'strays'") == 1
    }

    /// How many rows were set aside.
    static func count(in rows: EventRows) throws(EventLogError) -> Int {
        try isThere(rows) ? Int(clamping: rows.integer("SELECT count(*) FROM strays")) : 0
    }

    /// What was set aside, the first of it.
    static func all(in rows: EventRows) throws(EventLogError) -> [LogEnd.Stray] {
        guard try isThere(rows) else { return [] }
        let select = try rows.statement("SELECT \(columns) FROM strays ORDER BY id LIMIT \(LogEnd.most)")
        defer { select.reset() }
        var found: [LogEnd.Stray] = []
        while try select.step() { found.append(LogEnd.Stray(EventRow(select))) }
        return found
    }
}
