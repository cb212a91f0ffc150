import CareDomain
import CareProjections
import GRDB

/// How many families of a unit are to be visited in a time, and were.
/// - Source: BS-3.3a 走访所有特殊家庭, BS-5.3a 不漏一户
package struct VisitCoverageRow: Hashable, Sendable {
    /// Empty for the total.
    package var unit: String
    /// Open files.
    package var households = 0
    /// Families to be visited.
    package var due = 0
    /// Of these, visited by the last day of their deadline, or at all where they have none.
    package var inTime = 0
    /// Of these, visited only after it.
    package var late = 0
    /// Not to be visited yet: a clause waits for facts about them, or has never said anything of them.
    package var unconfirmed = 0

    /// Families to be visited and not visited.
    package var missing: Int { due - inTime - late }
}

/// A family that nobody visited in a time.
package struct MissedVisit: Hashable, Sendable {
    package var household: HouseholdID
    package var division: DivisionCode
    package var status: HardshipPeriod.Kind?
    /// The clause that promises the visit; nil when none does.
    package var clause: ClauseID?
    /// Whether it is to be visited; false while a clause waits for facts about it, or has never said anything of it.
    package var isDue: Bool
    /// Overdue after this day; nil without a deadline.
    package var dueOn: CivilDay?
    /// The latest visit before the time.
    package var lastVisitOn: CivilDay?
}

extension ReadModelLists {
    /// Coverage of visits by unit.
    ///
    /// To be visited is every special-hardship family, and every family to which a clause of `words.visitDuties` promises
    /// a visit, on the day of the scope. Any visit counts, with a form or without.
    /// - Parameters:
    ///   - scope: Its day is the last day of the visits.
    ///   - first: First day of the visits.
    ///   - depth: Digits of the division codes by which to count: 6, 9 or 12. A shorter code counts by itself.
    /// - Returns: Rows by unit, and the total with an empty unit.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func visitCoverage(
        _ scope: ListScope, from first: CivilDay, depth: Int
    ) throws -> (rows: [VisitCoverageRow], total: VisitCoverageRow) {
        let visits = VisitSQL(scope, from: first, words.visitDuties)
        let sql = """
            WITH \(visits.sql)
            SELECT substr(division, 1, :depth) AS unit, COUNT(*), SUM(owed),
              SUM(owed AND visited_on IS NOT NULL AND (due_on IS NULL OR visited_on <= due_on)),
              SUM(owed AND visited_on IS NOT NULL AND due_on IS NOT NULL AND visited_on > due_on),
              SUM(waits AND NOT owed)
            FROM visited GROUP BY unit ORDER BY unit
            """
        var arguments = visits.arguments
        arguments["depth"] = depth
        let all = arguments
        let rows = try read { db in
            try Row.fetchAll(db, sql: sql, arguments: StatementArguments(all)).map { row in
                VisitCoverageRow(
                    unit: row[0], households: row[1], due: row[2], inTime: row[3], late: row[4], unconfirmed: row[5])
            }
        }
        let total = rows.reduce(into: VisitCoverageRow(unit: "")) {
            $0.households += $1.households
            $0.due += $1.due
            $0.inTime += $1.inTime
            $0.late += $1.late
            $0.unconfirmed += $1.unconfirmed
        }
        return (rows, total)
    }

    /// The families that nobody visited, those of whom it is not known yet whether they are to be visited among them.
    /// - Parameter first: First day of the visits; the last is the scope's.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func missedVisits(
        _ scope: ListScope, from first: CivilDay, _ page: ListPage = ListPage()
    ) throws -> ListPart<MissedVisit> {
        let visits = VisitSQL(scope, from: first, words.visitDuties)
        let select = """
            SELECT id, division, status, clause, owed, due_on,
              (SELECT MAX(v.day) FROM visits v WHERE v.hid = visited.hid AND v.day < :first) AS last_visit
            """
        return try list(
            visits.sql, select, "FROM visited WHERE visited_on IS NULL AND (owed OR waits)", [], page, visits.arguments
        ) { row in
            MissedVisit(
                household: row.household(0), division: row.division(1),
                status: (row[2] as String?).flatMap(HardshipPeriod.Kind.init),
                clause: (row[3] as String?).flatMap { ClauseID($0) }, isDue: row[4], dueOn: row.day(5),
                lastVisitOn: row.day(6))
        }
    }
}

/// A common table expression `visited (hid, id, division, status, clause, waits, owed, due_on, visited_on)` with the
/// households of a scope.
private struct VisitSQL {
    let sql: String
    let arguments: ReadModelLists.Arguments

    init(_ scope: ListScope, from first: CivilDay, _ all: [VisitDuty]) {
        let duties = all.filter { $0.inForce.contains(scope.asOf) }
        var arguments = scope.arguments
        arguments["first"] = Int64(first.dayNumber)
        var deadlines = ""
        for (index, duty) in duties.enumerated() {
            arguments["clause\(index)"] = duty.clause.rawValue
            guard first <= scope.asOf, let deadline = duty.deadline(in: first...scope.asOf) else { continue }
            arguments["due\(index)"] = Int64(deadline.lastDay.dayNumber)
            deadlines += " WHEN :clause\(index) THEN :due\(index)"
        }
        // Nothing is waited for outside the places of which a document speaks.
        let places = duties.enumerated().map { index, duty -> String in
            guard let territory = duty.territory else { return "1" }
            arguments["territory\(index)from"] = territory.prefix
            arguments["territory\(index)to"] = ListScope.after(territory.prefix)
            return "(scope.division >= :territory\(index)from AND scope.division < :territory\(index)to)"
        }
        let names = duties.indices.map { ":clause\($0)" }.joined(separator: ", ")
        let answers = """
            SELECT MIN(e.clause) FROM entitlements e WHERE e.hid = scope.hid AND e.person IS NULL
              AND e.clause IN (\(names))
            """
        let now = answers + " AND e.day_from <= :day AND e.day_to > :day"
        let promised = duties.isEmpty ? "SELECT NULL" : now + " AND e.status IN ('entitled', 'proposed')"
        // A clause that never gave a family anything may only lack its certification (认定): nobody is dropped for that.
        let waits =
            duties.isEmpty
            ? "0"
            : "((\(now) AND e.status NOT IN ('entitled', 'proposed')) IS NOT NULL OR (\(answers)) IS NULL)"
                + " AND (\(places.joined(separator: " OR ")))"
        sql = """
            \(scope.sql),
            asked AS (
              SELECT scope.hid, scope.id, scope.division, (\(promised)) AS clause, \(waits) AS waits,
                (SELECT s.kind FROM status_periods s WHERE s.hid = scope.hid AND s.day_from <= :day
                  AND s.day_to > :day) AS status,
                (SELECT MIN(v.day) FROM visits v WHERE v.hid = scope.hid AND v.day >= :first AND v.day <= :day)
                  AS visited_on
              FROM scope JOIN households h ON h.hid = scope.hid AND h.registered_on <= :day),
            visited AS (
              SELECT asked.*, (clause IS NOT NULL OR status IS NOT NULL) AS owed,
                \(deadlines.isEmpty ? "NULL" : "CASE clause\(deadlines) END") AS due_on
              FROM asked)
            """
        self.arguments = arguments
    }
}
