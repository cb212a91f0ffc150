import CareDomain
import CareProjections
import GRDB

extension ReadModelLists {
    /// Families that may get something from a batch, in order of ids: in its division at some time, with a right that
    /// holds on some day of its months, or granted something by a unit of its division. What each gets is decided when the
    /// batch closes.
    /// - Parameters:
    ///   - granted: Families with a grant of a unit within the division.
    ///   - after: Goes on after this family; nil = from the beginning.
    ///   - limit: At most so many.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func paymentCandidates(
        _ scope: BatchScope, granted: Set<HouseholdID> = [], after: HouseholdID?, limit: Int
    ) throws -> [HouseholdID] {
        let prefix = scope.division.prefix
        var arguments: [String: (any DatabaseValueConvertible)?] = [
            "from": prefix, "to": ListScope.after(prefix), "after": after?.description ?? "", "limit": limit,
            "granted": "[" + granted.sorted().map { "\"\($0)\"" }.joined(separator: ",") + "]",
        ]
        var conditions = [
            // What was paid to a file that was registered in error is taken back.
            "h.id > :after", scope.kind == .recovery ? "1" : "h.state <> 'registered_in_error'",
            """
            (EXISTS (SELECT 1 FROM division_periods d
              WHERE d.hid = h.hid AND d.division >= :from AND d.division < :to)
              OR h.id IN (SELECT value FROM json_each(:granted)))
            """,
        ]
        if scope.kind == .regular {
            arguments["first"] = Int64(scope.period.first.firstDay.dayNumber)
            arguments["last"] = Int64(scope.period.last.lastDay.dayNumber)
            var right = "e.hid = h.hid AND e.status = 'entitled' AND e.day_from <= :last AND e.day_to > :first"
            if !scope.clauses.isEmpty {
                let names = scope.clauses.indices.map { ":clause\($0)" }
                for (index, clause) in scope.clauses.enumerated() { arguments["clause\(index)"] = clause.rawValue }
                right += " AND e.clause IN (\(names.joined(separator: ", ")))"
            }
            conditions.append("EXISTS (SELECT 1 FROM entitlements e WHERE \(right))")
        }
        let sql = """
            SELECT h.id FROM households h WHERE \(conditions.joined(separator: " AND ")) ORDER BY h.id LIMIT :limit
            """
        let all = arguments
        return try read { db in
            try Row.fetchAll(db, sql: sql, arguments: StatementArguments(all)).map { $0.household(0) }
        }
    }
}
