import CareDomain
import CareProjections
import Foundation
import GRDB

/// A helper (结对人) and how many families he or she has.
package struct HelperEntry: Hashable, Sendable {
    package var helper: PersonID
    /// As the latest pairing under a real name has it, otherwise the latest.
    package var unit: String?
    /// Families on the day, in whatever slot.
    package var households: Int
    package var kinds: [PairingKind]
    /// Divisions of those families, in order.
    package var divisions: [String]
    /// One of those families, the one paired last under a real name: its file has the helper's name.
    package var latest: HouseholdID
}

extension ReadModelLists {
    /// Helpers of the scope's families, those with most families first.
    /// - Parameters:
    ///   - helper: Only this one; nil = all.
    ///   - kind: Only helpers in slots of this kind; nil = any.
    ///   - least: Only helpers with at least so many families.
    ///   - limit: At most so many of them.
    /// - Returns: The helpers, and how many there are in all.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    /// - Source: CZ-2.14a 四个结对
    package func helpers(
        _ scope: ListScope, helper: PersonID? = nil, kind: PairingKind? = nil, least: Int = 0, limit: Int
    ) throws -> (entries: [HelperEntry], total: Int) {
        let grouped = """
            WITH \(scope.sql),
            load AS (
              SELECT t.helper, COUNT(DISTINCT t.hid) AS families, GROUP_CONCAT(DISTINCT t.kind) AS kinds,
                GROUP_CONCAT(DISTINCT scope.division) AS divisions, MAX(t.day_from * 1000000 + t.sequence) AS latest
              FROM pairing_slots t JOIN scope ON scope.hid = t.hid
              WHERE t.day_from <= :day AND t.day_to > :day AND (:helper IS NULL OR t.helper = :helper)
              GROUP BY t.helper
              HAVING families >= :least AND (:kind IS NULL OR SUM(t.kind = :kind) > 0))
            """
        var arguments = scope.arguments
        // Without a helper or a kind the argument is there all the same, as NULL.
        arguments.updateValue(helper.map { Data($0.value.bytes) }, forKey: "helper")
        arguments.updateValue(kind?.rawValue, forKey: "kind")
        arguments["least"] = least
        let counted = arguments
        arguments["limit"] = limit
        let listed = arguments
        return try read { db in
            let total = try Int.fetchOne(
                db, sql: grouped + " SELECT COUNT(*) FROM load", arguments: StatementArguments(counted))
            let rows = try Row.fetchAll(
                db,
                sql: grouped + """
                     SELECT load.helper, load.families, load.kinds, load.divisions,
                      (SELECT t.unit FROM pairing_slots t WHERE t.helper = load.helper
                        AND t.day_from <= :day AND t.day_to > :day
                        ORDER BY t.real_name DESC, t.day_from DESC, t.sequence DESC LIMIT 1),
                      (SELECT scope.id FROM pairing_slots t JOIN scope ON scope.hid = t.hid WHERE t.helper = load.helper
                        AND t.day_from <= :day AND t.day_to > :day
                        ORDER BY t.real_name DESC, t.day_from DESC, t.sequence DESC LIMIT 1)
                    FROM load ORDER BY load.families DESC, load.helper LIMIT :limit
                    """, arguments: StatementArguments(listed))
            return (rows.compactMap(Self.helper), total ?? 0)
        }
    }

    private static func helper(_ row: Row) -> HelperEntry? {
        guard let helper = row.person(0) else { return nil }
        return HelperEntry(
            helper: helper, unit: row[4], households: row[1],
            kinds: (row[2] as String).split(separator: ",").compactMap { PairingKind($0) }.sorted(),
            divisions: (row[3] as String).split(separator: ",").map(String.init).sorted(), latest: row.household(5))
    }

    /// Persons in the household's slots on the day.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func helpers(of household: HouseholdID, on day: CivilDay) throws -> Set<PersonID> {
        let sql = """
            SELECT t.helper FROM pairing_slots t JOIN households h ON h.hid = t.hid
            WHERE h.id = :id AND t.day_from <= :day AND t.day_to > :day
            """
        return try read { db in
            let rows = try Row.fetchAll(
                db, sql: sql, arguments: ["id": household.description, "day": Int64(day.dayNumber)])
            return Set(rows.compactMap { $0.person(0) })
        }
    }
}
