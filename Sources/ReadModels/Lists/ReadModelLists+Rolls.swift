import CareDomain
import CareProjections
import GRDB

extension ReadModelLists {
    /// Households that belong to a division at some time, among those of the caller, by id. Those registered in error
    /// are among them, because an earlier list may hold them.
    /// - Parameters:
    ///   - division: nil = every division of the caller.
    ///   - limit: At most so many.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func everIn(
        _ division: DivisionCode?, allowed: [DivisionCode], limit: Int
    ) throws -> [HouseholdID] {
        var arguments: Arguments = ["limit": limit]
        func within(_ divisions: [DivisionCode], _ name: String) -> String {
            if divisions.isEmpty { return "0" }
            return divisions.enumerated().map { index, division in
                arguments["\(name)\(index)from"] = division.prefix
                arguments["\(name)\(index)to"] = ListScope.after(division.prefix)
                return "d.division >= :\(name)\(index)from AND d.division < :\(name)\(index)to"
            }.joined(separator: " OR ")
        }
        let conditions = "(\(within(allowed, "allowed"))) AND (\(division.map { within([$0], "wanted") } ?? "1"))"
        let sql = """
            SELECT DISTINCT h.id FROM division_periods d JOIN households h ON h.hid = d.hid
            WHERE \(conditions) ORDER BY h.id LIMIT :limit
            """
        let all = arguments
        return try read { db in
            try Row.fetchAll(db, sql: sql, arguments: StatementArguments(all)).map { $0.household(0) }
        }
    }

    /// Households that ever belonged to some divisions and on a day belong to none in which the asker acts, by id.
    /// - Parameters:
    ///   - asked: digits with which the divisions begin.
    ///   - allowed: those of the divisions in which the asker acts.
    ///   - after: the last one of the part before; nil = from the first.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func elsewhere(
        _ asked: [String], allowed: [String], on day: CivilDay, after: HouseholdID?, limit: Int
    ) throws -> [HouseholdID] {
        var arguments: Arguments = [
            "limit": limit, "day": Int64(day.dayNumber), "after": after?.description ?? "",
        ]
        func within(_ prefixes: [String], _ name: String, _ column: String) -> String {
            if prefixes.isEmpty { return "0" }
            return prefixes.enumerated().map { index, prefix in
                arguments["\(name)\(index)from"] = prefix
                arguments["\(name)\(index)to"] = ListScope.after(prefix)
                return "(\(column) >= :\(name)\(index)from AND \(column) < :\(name)\(index)to)"
            }.joined(separator: " OR ")
        }
        let sql = """
            SELECT DISTINCT h.id FROM division_periods d JOIN households h ON h.hid = d.hid
            WHERE (\(within(asked, "asked", "d.division"))) AND h.id > :after AND NOT EXISTS (
              SELECT 1 FROM division_periods t WHERE t.hid = d.hid AND t.day_from <= :day AND t.day_to > :day
              AND (\(within(allowed, "allowed", "t.division"))))
            ORDER BY h.id LIMIT :limit
            """
        let all = arguments
        return try read { db in
            try Row.fetchAll(db, sql: sql, arguments: StatementArguments(all)).map { $0.household(0) }
        }
    }

    /// The divisions within another in which households live on a day, by their codes.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func homes(in division: DivisionCode, on day: CivilDay) throws -> [DivisionCode] {
        let sql = """
            SELECT DISTINCT d.division FROM division_periods d
            WHERE d.division >= :from AND d.division < :to AND d.day_from <= :day AND d.day_to > :day
            ORDER BY d.division
            """
        let arguments: StatementArguments = [
            "from": division.prefix, "to": ListScope.after(division.prefix), "day": day.dayNumber,
        ]
        return try read { db in
            try String.fetchAll(db, sql: sql, arguments: arguments).compactMap { DivisionCode($0) }
        }
    }
}
