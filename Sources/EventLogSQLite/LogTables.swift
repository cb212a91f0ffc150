import EventLog

/// The tables of a log's database: what they must look like, and what is made anew when one is gone.
///
/// Only `events` holds what nothing else does. Which log this is stands in the head file, too; which streams are closed
/// follows from reading all rows.
struct LogTables {
    /// Our tables with their columns.
    private static let columns = [
        "events": "position, stream, sequence, prev, kind, day, record, hash", "log_state": "id, log, epoch",
        "fences": "stream, reason, since",
        "strays": "id, position, stream, sequence, prev, kind, day, record, hash",
    ]

    /// Names of the tables that are gone; those made only when they are needed are not.
    private(set) var missing: Set<String> = []

    /// Looks at the tables.
    /// - Throws: `wrongFormat` when one is not what this version makes, or when there is something that would change what
    ///   is written; a person has to look.
    init(_ database: Database) throws(EventLogError) {
        for (name, expected) in Self.columns.sorted(by: { $0.key < $1.key }) {
            let found = try database.text("SELECT group_concat(name, ', ') FROM pragma_table_info('\(name)')")
            if found.isEmpty, name != "strays" { missing.insert(name) }
            guard found.isEmpty || found == expected else {
                throw EventLogError(
                    .wrongFormat,
                    "table \(name) of events.sqlite has the columns \(found) instead of \(expected): it was changed. "
                        + "Restore the newest backup elsewhere and compare")
            }
        }
        let others = try database.text(
            "SELECT group_concat(type || ' ' || name, ', ') FROM sqlite_master WHERE type IN ('trigger', 'view')")
        guard others.isEmpty else {
            throw EventLogError(
                .wrongFormat,
                "events.sqlite has a \(others) that is none of the log's and can change what is written or read. Find out "
                    + "who made it, remove it with DROP, and run log verify")
        }
    }

    /// - Throws: `eventsMissing` or `corrupted` when the events themselves have no table.
    func requireEvents(_ vouched: HeadFile.Content?) throws(EventLogError) {
        guard missing.contains("events") else { return }
        guard let vouched, vouched.position > 0 else {
            throw EventLogError(.corrupted, "events.sqlite has no table of events. Restore the newest backup")
        }
        throw EventLogError(
            .eventsMissing,
            "the head file vouches for \(vouched.position) events, but events.sqlite has no table of events any more. "
                + "Restore the newest backup")
    }

    /// Makes the row anew that says which log this is, from the head file.
    static func restoreState(_ database: Database, _ vouched: HeadFile.Content) throws(EventLogError) {
        try database.run(createState)
        let statement = try Statement(
            database, "INSERT OR REPLACE INTO log_state(id, log, epoch) VALUES (1, ?1, ?2)")
        statement.bind(1, vouched.log.bytes)
        statement.bind(2, vouched.epoch)
        try statement.run()
    }

    static let createState =
        "CREATE TABLE IF NOT EXISTS log_state(id INTEGER PRIMARY KEY CHECK(id = 1), log BLOB NOT NULL, "
        + "epoch INTEGER NOT NULL)"
    static let createFences =
        "CREATE TABLE IF NOT EXISTS fences(stream TEXT PRIMARY KEY, reason TEXT NOT NULL, since INTEGER NOT NULL)"

    /// What is gone, for people.
    func damages(besides told: String? = nil) -> [Damage] {
        missing.sorted().filter { $0 != told }.map { name in
            Damage(
                .headMismatch, position: nil,
                detail: name == "events"
                    ? "events.sqlite has no table of events"
                    : "events.sqlite has no table \(name); opening the log makes it anew from what the rows and the head "
                        + "file say")
        }
    }
}
