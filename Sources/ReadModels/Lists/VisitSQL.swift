import CareDomain
import CareProjections

/// A common table expression `visited (hid, id, division, status, occasion, holiday, first, clause, waits, owed, due_on,
/// visited_on)` with the households of a scope, once for each visit that is asked for.
///
/// A family's visits are those of its file, of the files that went on as part of it, and, before a split, of the file out of
/// which it came: its people were visited there.
struct VisitSQL {
    let sql: String
    private(set) var arguments: ReadModelLists.Arguments

    /// Nil when nothing is asked for: the clause is not in force, or no feast lies in the time.
    init?(_ scope: ListScope, from first: CivilDay, _ asked: VisitsAsked, _ all: [VisitDuty]) {
        guard first <= scope.asOf else { return nil }
        // Holiday visits are asked about by their clause: nobody is to be visited on every feast of every time.
        let duties = all.filter { duty in
            duty.inForce.contains(scope.asOf)
                && (asked.clause.map { duty.clause == $0 } ?? duty.holidays.isEmpty)
        }
        let days = first...scope.asOf
        var occasions = [VisitDuty.Occasion.any(days)]
        if asked.clause != nil { occasions = duties.flatMap { $0.occasions(in: days, holiday: asked.holiday) } }
        guard !occasions.isEmpty else { return nil }
        arguments = scope.arguments
        if let kind = asked.kind { arguments["kind"] = kind.rawValue }
        var deadlines = ""
        for (index, duty) in duties.enumerated() {
            arguments["clause\(index)"] = duty.clause.rawValue
            guard asked.clause == nil, let deadline = duty.deadline(in: days) else { continue }
            deadlines += " WHEN :clause\(index) THEN \(deadline.lastDay.dayNumber)"
        }
        // Nothing is waited for outside the places of which a document speaks.
        var places: [String] = []
        for (index, duty) in duties.enumerated() {
            guard let territory = duty.territory else {
                places.append("1")
                continue
            }
            arguments["territory\(index)from"] = territory.prefix
            arguments["territory\(index)to"] = ListScope.after(territory.prefix)
            places.append("(scope.division >= :territory\(index)from AND scope.division < :territory\(index)to)")
        }
        let answers = Self.answers(duties, asked, places)
        // Where a document has a clause of its own, that clause says to whom a visit is owed.
        let byStatus = places.isEmpty ? "1" : "NOT (\(places.joined(separator: " OR ")))"
        sql = """
            \(scope.sql),
            \(Self.parts),
            occasions (occasion, holiday, first, first_unnamed, last, due_on) AS (
              VALUES \(Self.values(occasions, &arguments))),
            asked AS (
              SELECT scope.hid, scope.id, scope.division, o.occasion, o.holiday, o.first, o.due_on AS feast_due,
                (\(answers.promised)) AS clause, \(answers.waits) AS waits,
                \(byStatus) AS by_status,
                (SELECT s.kind FROM status_periods s WHERE s.hid = scope.hid AND s.day_from <= o.last
                  AND s.day_to > o.last) AS status,
                \(Self.visitedOn(asked)) AS visited_on
              FROM scope CROSS JOIN occasions o JOIN households h ON h.hid = scope.hid AND h.registered_on <= o.last),
            visited AS (
              SELECT asked.*, \(asked.clause == nil ? "(clause IS NOT NULL OR by_status AND status IS NOT NULL)" : "clause IS NOT NULL")
                  AS owed,
                \(asked.clause != nil ? "feast_due" : deadlines.isEmpty ? "NULL" : "CASE clause\(deadlines) END") AS due_on
              FROM asked)
            """
    }

    /// Days are whole numbers and stand in the text; codes are bound.
    private static func values(
        _ occasions: [VisitDuty.Occasion], _ arguments: inout ReadModelLists.Arguments
    ) -> String {
        var rows: [String] = []
        for (number, occasion) in occasions.enumerated() {
            var holiday = "NULL"
            if let code = occasion.holiday {
                holiday = ":holiday\(number)"
                arguments["holiday\(number)"] = code.rawValue
            }
            let days = [occasion.first, occasion.firstUnnamed, occasion.last].map { "\($0.dayNumber)" }
            let due = occasion.deadline.map { "\($0.lastDay.dayNumber)" } ?? "NULL"
            rows.append("(\(number), \(holiday), \(days.joined(separator: ", ")), \(due))")
        }
        return rows.joined(separator: ", ")
    }

    /// `parts (hid, part, until)`: files in which visits of the people of a file stand, up to before a day. Whoever came into a
    /// part only after a split is none of the family that had gone by then.
    private static let parts = """
        parts (hid, part, until) AS (
          SELECT m.hid, h.hid, \(CivilDay.distantFuture.dayNumber) FROM mergers m JOIN households h ON h.id = m.file
          WHERE m.day <= :day
          UNION SELECT o.hid, h.hid, o.day FROM origins o JOIN households h ON h.id = o.file WHERE o.day <= :day
          UNION SELECT p.hid, h.hid, p.until FROM parts p JOIN mergers m ON m.hid = p.part
            JOIN households h ON h.id = m.file WHERE m.day <= :day AND m.day < p.until
          UNION SELECT p.hid, h.hid, MIN(p.until, o.day) FROM parts p JOIN origins o ON o.hid = p.part
            JOIN households h ON h.id = o.file WHERE o.day <= :day)
        """

    /// The first (MIN) or last (MAX) day of those of a family's visits `v` that meet a condition. Its own file is asked by itself,
    /// so that the rows of a family are found at their one place.
    static func day(_ which: String, of hid: String, where condition: String) -> String {
        """
        (SELECT \(which)(day) FROM (
          SELECT \(which)(v.day) AS day FROM visits v WHERE v.hid = \(hid) AND \(condition)
          UNION ALL SELECT \(which)(v.day) FROM parts p JOIN visits v ON v.hid = p.part AND v.day < p.until
          WHERE p.hid = \(hid) AND \(condition)))
        """
    }

    /// The first visit that counts. For a feast it is a holiday visit that names it, or one near it that names none.
    private static func visitedOn(_ asked: VisitsAsked) -> String {
        let condition = """
            v.day <= o.last AND v.day >= CASE WHEN v.holiday IS NULL THEN o.first_unnamed ELSE o.first END
            AND (o.holiday IS NULL
              OR (v.kind = '\(VisitDuty.holidayKind)' AND (v.holiday IS NULL OR v.holiday = o.holiday)))
            \(asked.kind == nil ? "" : "AND v.kind = :kind")
            """
        return day("MIN", of: "scope.hid", where: condition)
    }

    /// Which clause promises a visit, and whether one waits for facts.
    private static func answers(
        _ duties: [VisitDuty], _ asked: VisitsAsked, _ places: [String]
    ) -> (promised: String, waits: String) {
        guard !duties.isEmpty else { return ("SELECT NULL", "0") }
        let names = duties.indices.map { ":clause\($0)" }.joined(separator: ", ")
        let answers = """
            SELECT MIN(e.clause) FROM entitlements e WHERE e.hid = scope.hid AND e.person IS NULL
              AND e.clause IN (\(names))
            """
        let now = answers + " AND e.day_from <= o.last AND e.day_to > o.last"
        let open = "(\(now) AND e.status NOT IN ('entitled', 'proposed')) IS NOT NULL"
        // A clause that never gave a family anything may only lack its certification (认定): nobody is dropped for that.
        // Holiday visits rest on no certification: there a no is a no.
        let silent = duties.allSatisfy { $0.holidays.isEmpty } ? " OR (\(answers)) IS NULL" : ""
        let here = places.joined(separator: " OR ")
        return (now + " AND e.status IN ('entitled', 'proposed')", "(\(open)\(silent)) AND (\(here))")
    }
}
