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

/// A family that nobody visited in a time, or for a feast of it.
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
    /// The latest visit before the time, of the kind asked about.
    package var lastVisitOn: CivilDay?
    /// The feast for which it was not visited; nil where none is asked about.
    package var holiday: Code?
}

/// Which visits are asked about. Conditions together; nil = no condition.
package struct VisitsAsked: Hashable, Sendable {
    /// Visits of this kind count.
    package var kind: Code?
    /// What this clause asks for, and no other.
    package var clause: ClauseID?
    /// Of a clause of holiday visits this feast.
    package var holiday: Code?

    package init(kind: Code? = nil, clause: ClauseID? = nil, holiday: Code? = nil) {
        self.kind = kind
        self.clause = clause
        self.holiday = holiday
    }
}

extension ReadModelLists {
    /// Coverage of visits by unit.
    ///
    /// To be visited is every family to which a clause of `words.visitDuties` promises a visit, and every special-hardship
    /// family of a place without such a clause, on the day of the scope; with a clause, only those to whom it promises one. Holiday visits are asked for
    /// feast by feast, and counted so: a family may be in a count once for each feast.
    /// - Parameters:
    ///   - scope: Its day is the last day of the visits.
    ///   - first: First day of the visits.
    ///   - depth: Digits of the division codes by which to count: 6, 9 or 12. A shorter code counts by itself.
    /// - Returns: Rows by unit, and the total with an empty unit.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func visitCoverage(
        _ scope: ListScope, from first: CivilDay, asking asked: VisitsAsked = VisitsAsked(), depth: Int
    ) throws -> (rows: [VisitCoverageRow], total: VisitCoverageRow) {
        guard let visits = VisitSQL(scope, from: first, asked, words.visitDuties) else {
            return ([], VisitCoverageRow(unit: ""))
        }
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
        _ scope: ListScope, from first: CivilDay, _ page: ListPage = ListPage(),
        asking asked: VisitsAsked = VisitsAsked()
    ) throws -> ListPart<MissedVisit> {
        guard let visits = VisitSQL(scope, from: first, asked, words.visitDuties) else {
            return ListPart(entries: [], total: 0, next: nil)
        }
        let before = "v.day < visited.first" + (asked.kind == nil ? "" : " AND v.kind = :kind")
        let select = """
            SELECT id, division, status, clause, owed, due_on,
              \(VisitSQL.day("MAX", of: "visited.hid", where: before)) AS last_visit, holiday, occasion
            """
        return try list(
            visits.sql, select, "FROM visited WHERE visited_on IS NULL AND (owed OR waits)", ["occasion"], page,
            visits.arguments
        ) { row in
            MissedVisit(
                household: row.household(0), division: row.division(1),
                status: (row[2] as String?).flatMap(HardshipPeriod.Kind.init),
                clause: (row[3] as String?).flatMap { ClauseID($0) }, isDue: row[4], dueOn: row.day(5),
                lastVisitOn: row.day(6), holiday: row.code(7))
        }
    }
}
