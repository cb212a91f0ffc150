import CareProjections
import GRDB

/// Tables of the cross-household read model.
///
/// Every table but `households` is clustered by household, so that the rows of one household are written and replaced
/// together at one place of the file. `hid` is a number of this file only and never leaves it. Days are days since
/// 1970-01-01, open ends are `CivilDay.distantPast` and `distantFuture`. No table holds a name, an ID number, a
/// telephone, an address or free text.
enum ReadModelSchema {
    /// Goes up when tables or the meaning of rows change; a file of another version is rebuilt from the log.
    static let version = 18

    /// One table whose rows belong to a household.
    struct Table {
        let name: String
        /// Column declarations after `hid`.
        let columns: [String]
        /// Columns that, after `hid`, make a row unique.
        let key: [String]
        let columnNames: [String]
        // Texts of statements, made once: they are asked for with every household that is written.
        let insertSQL: String
        /// Inserts `rowsAtOnce` rows.
        let insertManySQL: String
        let deleteSQL: String
        let deleteOneSQL: String

        /// Where there are many, one statement writes so many: beginning and ending one costs more than a row.
        static let rowsAtOnce = 16

        init(name: String, columns: [String], key: [String]) {
            self.name = name
            self.columns = columns
            self.key = key
            columnNames = columns.map { String($0.prefix { $0 != " " }) }
            let marks = Array(repeating: "?", count: columns.count + 1).joined(separator: ", ")
            insertSQL = "INSERT INTO \(name) (hid, \(columnNames.joined(separator: ", "))) VALUES (\(marks))"
            insertManySQL = insertSQL + String(repeating: ", (\(marks))", count: Self.rowsAtOnce - 1)
            deleteSQL = "DELETE FROM \(name) WHERE hid = ?"
            deleteOneSQL =
                "DELETE FROM \(name) WHERE hid = ? AND " + key.map { "\($0) = ?" }.joined(separator: " AND ")
        }

        var createSQL: String {
            """
            CREATE TABLE \(name) (
              hid INTEGER NOT NULL, \(columns.joined(separator: ", ")),
              PRIMARY KEY (hid, \(key.joined(separator: ", "))))
            WITHOUT ROWID, STRICT
            """
        }
    }

    static let archiveNumbers = Table(
        name: "archive_numbers",
        columns: ["day_from INTEGER NOT NULL", "day_to INTEGER NOT NULL", "number TEXT NOT NULL"],
        key: ["day_from"])
    static let divisions = Table(
        name: "division_periods",
        columns: ["day_from INTEGER NOT NULL", "day_to INTEGER NOT NULL", "division TEXT NOT NULL"],
        key: ["day_from"])
    static let statuses = Table(
        name: "status_periods",
        columns: [
            "day_from INTEGER NOT NULL", "day_to INTEGER NOT NULL", "kind TEXT NOT NULL",
            "unbroken_from INTEGER NOT NULL", "rests_on INTEGER NOT NULL",
        ], key: ["day_from"])
    static let members = Table(
        name: "members",
        columns: [
            "person BLOB NOT NULL", "sequence INTEGER NOT NULL", "role TEXT NOT NULL", "sex TEXT",
            "birth_date INTEGER", "token BLOB", "joined_on INTEGER NOT NULL", "left_on INTEGER", "died_on INTEGER",
        ], key: ["sequence"])
    static let slots = Table(
        name: "slot_periods",
        columns: [
            "kind TEXT NOT NULL", "day_from INTEGER NOT NULL", "day_to INTEGER NOT NULL", "lacking TEXT NOT NULL",
        ], key: ["kind", "day_from"])

    /// Whether a row of `slot_periods` is of a slot that is filled, and of one that is held by name without being filled.
    static let slotFilled = "p.lacking = ''"
    static let slotIncomplete = "p.lacking <> '' AND p.lacking NOT LIKE 'name%'"
    static let owedPairings = Table(
        name: "owed_pairings",
        columns: ["clause TEXT NOT NULL", "day_from INTEGER NOT NULL", "day_to INTEGER NOT NULL"],
        key: ["clause", "day_from"])
    static let tenures = Table(
        name: "pairing_slots",
        columns: [
            "sequence INTEGER NOT NULL", "kind TEXT NOT NULL", "helper BLOB NOT NULL", "unit TEXT",
            "real_name INTEGER NOT NULL", "day_from INTEGER NOT NULL", "day_to INTEGER NOT NULL",
        ], key: ["sequence"])
    static let needs = Table(
        name: "needs",
        columns: [
            "sequence INTEGER NOT NULL", "kind TEXT NOT NULL", "items INTEGER NOT NULL", "raised_on INTEGER NOT NULL",
            "answered_on INTEGER", "last_outcome TEXT", "answered_by TEXT", "closed_on INTEGER", "closed_for TEXT",
        ], key: ["sequence"])
    static let planItems = Table(
        name: "plan_items",
        columns: [
            "sequence INTEGER NOT NULL", "clause TEXT", "department TEXT NOT NULL", "opened_on INTEGER NOT NULL",
            "due_on INTEGER", "done_on INTEGER",
        ], key: ["sequence"])
    static let entitlements = Table(
        name: "entitlements",
        columns: [
            "sequence INTEGER NOT NULL", "ordinal INTEGER NOT NULL", "clause TEXT NOT NULL", "person BLOB",
            "day_from INTEGER NOT NULL", "day_to INTEGER NOT NULL", "status TEXT NOT NULL", "amount_fen INTEGER",
            "hours_thousandths INTEGER", "cadence TEXT NOT NULL", "department TEXT", "difference_fen INTEGER NOT NULL",
        ], key: ["sequence", "ordinal"])
    static let visits = Table(
        name: "visits",
        columns: ["sequence INTEGER NOT NULL", "day INTEGER NOT NULL", "kind TEXT NOT NULL", "holiday TEXT"],
        key: ["sequence"])
    static let handOuts = Table(
        name: "hand_outs",
        columns: [
            "sequence INTEGER NOT NULL", "clause TEXT NOT NULL", "period TEXT NOT NULL", "day INTEGER NOT NULL",
            "items TEXT NOT NULL", "relation TEXT", "receipt TEXT", "no_receipt TEXT",
        ], key: ["sequence"])
    static let mergers = Table(
        name: "mergers", columns: ["file TEXT NOT NULL", "day INTEGER NOT NULL"], key: ["file"])
    static let origins = Table(
        name: "origins", columns: ["file TEXT NOT NULL", "day INTEGER NOT NULL"], key: ["file"])
    static let notices = Table(
        name: "notices",
        columns: [
            "sequence INTEGER NOT NULL", "kind TEXT NOT NULL", "person BLOB", "raised_on INTEGER NOT NULL",
            "due_on INTEGER", "department TEXT", "delivered INTEGER NOT NULL", "parked TEXT",
            "unfilled INTEGER NOT NULL",
        ], key: ["sequence"])
    static let unrecordedDeaths = Table(
        name: "unrecorded_deaths",
        columns: ["sequence INTEGER NOT NULL", "person BLOB NOT NULL", "day INTEGER NOT NULL"],
        key: ["sequence", "person"])

    static let differences = Table(
        name: "due_differences",
        columns: [
            "sequence INTEGER NOT NULL", "ordinal INTEGER NOT NULL", "division TEXT", "kind TEXT NOT NULL",
            "clause TEXT NOT NULL", "person BLOB", "incident INTEGER", "first_month INTEGER NOT NULL",
            "last_month INTEGER NOT NULL",
            "months INTEGER NOT NULL", "sum_fen INTEGER NOT NULL", "since INTEGER NOT NULL", "changed_pack TEXT",
            "adopted_from INTEGER", "parameter TEXT", "fact INTEGER NOT NULL", "department TEXT", "pack TEXT NOT NULL",
            "shared INTEGER NOT NULL", "direction TEXT NOT NULL", "missing TEXT",
        ], key: ["sequence", "ordinal"])
    static let sharedMonths = Table(
        name: "shared_months",
        columns: [
            "sequence INTEGER NOT NULL", "ordinal INTEGER NOT NULL", "month INTEGER NOT NULL", "kind TEXT NOT NULL",
            "clause TEXT NOT NULL", "person BLOB NOT NULL", "unit_first INTEGER NOT NULL",
            "unit_last INTEGER NOT NULL", "amount_fen INTEGER NOT NULL", "before_fen INTEGER NOT NULL",
            "due_fen INTEGER NOT NULL", "ordered_fen INTEGER NOT NULL", "open_fen INTEGER NOT NULL",
        ], key: ["sequence", "ordinal", "month"])
    static let sharedRuns = Table(
        name: "shared_runs",
        columns: [
            "clause TEXT NOT NULL", "person BLOB NOT NULL", "first_month INTEGER NOT NULL",
            "last_month INTEGER NOT NULL", "due_fen INTEGER NOT NULL", "ordered_fen INTEGER NOT NULL",
        ], key: ["clause", "person", "first_month"])

    static let unread = Table(
        name: "unread_events",
        columns: ["sequence INTEGER NOT NULL", "kind INTEGER NOT NULL", "damaged INTEGER NOT NULL"],
        key: ["sequence"])

    /// All tables whose rows belong to a household, in the order of `HouseholdRows`.
    static let tables = [
        archiveNumbers, divisions, statuses, members, slots, owedPairings, tenures, needs, planItems, entitlements,
        visits, handOuts, mergers, origins, notices, unrecordedDeaths, differences, sharedMonths, sharedRuns, unread,
    ]

    private static let plainTables = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID, STRICT;
        CREATE TABLE households (
          hid INTEGER PRIMARY KEY, id TEXT NOT NULL, state TEXT NOT NULL, state_since INTEGER, registered_on INTEGER,
          last_sequence INTEGER NOT NULL) STRICT;
        """

    /// How much of each month stands beside the other files of the person, as `SharedDues.Left.stands(beside:)` has it.
    private static let views = """
        CREATE VIEW standing_months AS
          SELECT hid, sequence, ordinal, month, MIN(amount_fen, CASE kind
              WHEN 'arrears' THEN open_fen - ordered_elsewhere
              ELSE MIN(ordered_fen, ordered_fen + ordered_elsewhere - MAX(due_fen, due_elsewhere))
            END - before_fen) AS stands_fen
          FROM (SELECT m.*,
              (SELECT COALESCE(SUM(r.ordered_fen
                  * (MIN(r.last_month, m.unit_last) - MAX(r.first_month, m.unit_first) + 1)), 0)
                FROM shared_runs r WHERE r.person = m.person AND r.clause = m.clause AND r.hid <> m.hid
                  AND r.first_month <= m.unit_last AND r.last_month >= m.unit_first) AS ordered_elsewhere,
              (SELECT COALESCE(MAX(file_fen), 0) FROM
                (SELECT SUM(r.due_fen
                    * (MIN(r.last_month, m.unit_last) - MAX(r.first_month, m.unit_first) + 1)) AS file_fen
                  FROM shared_runs r WHERE r.person = m.person AND r.clause = m.clause AND r.hid <> m.hid
                    AND r.first_month <= m.unit_last AND r.last_month >= m.unit_first GROUP BY r.hid)) AS due_elsewhere
            FROM shared_months m);
        """

    /// Made after the rows in a rebuild: sorting once is cheaper than keeping an index in order row by row. Those on
    /// rows that somebody waits for cover only these rows and stay small however long the history grows.
    private static let indexes = """
        CREATE UNIQUE INDEX households_by_id ON households (id);
        CREATE INDEX archive_numbers_by_number ON archive_numbers (number);
        CREATE INDEX division_periods_by_division ON division_periods (division, hid);
        CREATE INDEX members_by_token ON members (token) WHERE token IS NOT NULL;
        CREATE INDEX pairing_slots_by_helper ON pairing_slots (helper);
        CREATE INDEX needs_open ON needs (hid) WHERE closed_on IS NULL;
        CREATE INDEX entitlements_by_clause ON entitlements (clause, status);
        CREATE INDEX shared_runs_by_person ON shared_runs (person, clause);
        CREATE INDEX notices_parked ON notices (hid) WHERE parked IS NOT NULL;
        CREATE INDEX notices_open ON notices (hid) WHERE delivered = 0;
        """

    static func createTables(_ db: Database) throws {
        try db.execute(sql: plainTables)
        for table in tables { try db.execute(sql: table.createSQL) }
        try db.execute(sql: views)
    }

    static func createIndexes(_ db: Database) throws { try db.execute(sql: indexes) }
}
