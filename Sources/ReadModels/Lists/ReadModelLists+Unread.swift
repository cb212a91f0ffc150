import CareDomain
import CareProjections
import GRDB

extension ReadModelLists {
    /// An event that rows leave out because it cannot be read.
    package struct UnreadEntry: Hashable, Sendable {
        package var household: HouseholdID
        package var event: HouseholdRows.UnreadEvent
    }

    /// All of them, by household and sequence, at most `limit`.
    package func unread(limit: Int) throws -> [UnreadEntry] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, sequence, kind, damaged FROM unread_events JOIN households USING (hid)
                    ORDER BY id, sequence LIMIT ?
                    """, arguments: [limit])
            return rows.compactMap { row in
                guard let household = HouseholdID(row["id"] as String) else { return nil }
                return UnreadEntry(
                    household: household,
                    event: HouseholdRows.UnreadEvent(
                        sequence: UInt64(bitPattern: row["sequence"] as Int64),
                        kind: UInt32(truncatingIfNeeded: row["kind"] as Int64), isDamaged: row["damaged"]))
            }
        }
    }

    /// How many there are.
    package func unreadCount() throws -> Int {
        try read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM unread_events") ?? 0 }
    }
}
