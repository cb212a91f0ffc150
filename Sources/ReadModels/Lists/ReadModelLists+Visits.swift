import CareDomain
import CareProjections
import GRDB

extension ReadModelLists {
    /// A family that somebody visited.
    package struct VisitedEntry: Hashable, Sendable {
        package var household: HouseholdID
        /// Where it belongs on the day of the scope.
        package var division: DivisionCode
    }

    /// How many files of the scope each unit has.
    /// - Parameter depth: Digits of the division codes by which to count: 6, 9 or 12. A shorter code counts by itself.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func files(_ scope: ListScope, depth: Int) throws -> [(unit: String, households: Int)] {
        let sql = "WITH \(scope.sql) SELECT substr(division, 1, :depth) AS unit, COUNT(*) FROM scope GROUP BY unit"
        var arguments = scope.arguments
        arguments["depth"] = depth
        let all = arguments
        return try read { db in
            try Row.fetchAll(db, sql: sql, arguments: StatementArguments(all)).map { ($0[0], $0[1]) }
        }
    }

    /// The households of the scope that were visited from `first` to its day, by id, and those with events that cannot
    /// be read, among which a visit may be.
    /// - Parameters:
    ///   - also: These, too, whether or not they were visited.
    ///   - limit: At most so many.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func visited(_ scope: ListScope, from first: CivilDay, also: [HouseholdID] = [], limit: Int) throws
        -> [VisitedEntry]
    {
        let named = also.indices.map { ":also\($0)" }.joined(separator: ", ")
        let sql = """
            WITH \(scope.sql)
            SELECT id, division FROM scope
            WHERE EXISTS (SELECT 1 FROM visits v WHERE v.hid = scope.hid AND v.day >= :first AND v.day <= :day)
              OR EXISTS (SELECT 1 FROM unread_events u WHERE u.hid = scope.hid) OR id IN (\(named))
            ORDER BY id LIMIT :limit
            """
        var arguments = scope.arguments
        arguments["first"] = Int64(first.dayNumber)
        arguments["limit"] = limit
        for (place, household) in also.enumerated() { arguments["also\(place)"] = household.description }
        let all = arguments
        return try read { db in
            try Row.fetchAll(db, sql: sql, arguments: StatementArguments(all)).map {
                VisitedEntry(household: $0.household(0), division: $0.division(1))
            }
        }
    }
}
