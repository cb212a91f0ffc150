import CareDomain
import GRDB

extension ReadModelLists {
    /// A file of which rows say that an accident alone tells a death in it, or may tell one.
    package struct UntoldEntry: Hashable, Sendable {
        package var household: HouseholdID
        /// Where it belongs on the day of the scope.
        package var division: DivisionCode
    }

    /// The files of the scope in which an accident alone tells a death, by id, and those with events that cannot be read, among
    /// which an accident may be.
    /// - Parameter limit: At most so many.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func untoldDeaths(_ scope: ListScope, limit: Int) throws -> [UntoldEntry] {
        let sql = """
            WITH \(scope.sql)
            SELECT id, division FROM scope
            WHERE EXISTS (SELECT 1 FROM unrecorded_deaths u WHERE u.hid = scope.hid)
              OR EXISTS (SELECT 1 FROM unread_events x WHERE x.hid = scope.hid)
            ORDER BY id LIMIT :limit
            """
        var arguments = scope.arguments
        arguments["limit"] = limit
        let all = arguments
        return try read { db in
            try Row.fetchAll(db, sql: sql, arguments: StatementArguments(all)).map {
                UntoldEntry(household: $0.household(0), division: $0.division(1))
            }
        }
    }

    /// All files in which an accident alone tells a death, wherever they belong.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func untoldDeaths() throws -> Set<HouseholdID> {
        let sql = "SELECT DISTINCT h.id FROM unrecorded_deaths u JOIN households h ON h.hid = u.hid"
        return try read { db in Set(try Row.fetchAll(db, sql: sql).map { $0.household(0) }) }
    }
}
