import CareDomain
import CareProjections
import GRDB

extension ReadModelLists {
    /// Needs raised up to the day, by household and sequence.
    /// - Parameters:
    ///   - state: As of the day; nil = open and answered.
    ///   - kind: Nil = all.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func needs(
        _ scope: ListScope, state: CareArchive.NeedLine.State? = nil, kind: Code? = nil, _ page: ListPage = ListPage()
    ) throws -> ListPart<NeedEntry> {
        var arguments = scope.arguments
        let closed = "n.closed_on IS NOT NULL AND n.closed_on <= :day"
        let answered = "n.answered_on IS NOT NULL AND n.answered_on <= :day"
        var conditions = ["n.raised_on <= :day"]
        switch state {
        case nil: conditions.append("NOT (\(closed))")
        case .open?: conditions.append("NOT (\(closed)) AND NOT (\(answered))")
        case .answered?: conditions.append("NOT (\(closed)) AND \(answered)")
        case .closed?: conditions.append(closed)
        }
        if let kind {
            conditions.append("n.kind = :kind")
            arguments["kind"] = kind.rawValue
        }
        return try list(
            scope.sql,
            """
            SELECT scope.id AS id, n.sequence AS sequence, scope.division, n.kind, n.items, n.raised_on, n.answered_on,
              n.closed_on
            """,
            "FROM scope JOIN needs n ON n.hid = scope.hid WHERE \(conditions.joined(separator: " AND "))",
            ["sequence"], page, arguments
        ) { row in
            let answeredOn = row.day(6).flatMap { $0 <= scope.asOf ? $0 : nil }
            let closedOn = row.day(7).flatMap { $0 <= scope.asOf ? $0 : nil }
            return NeedEntry(
                household: row.household(0), division: row.division(2), sequence: row[1], kind: Code(unchecked: row[3]),
                items: row[4], raisedOn: row.day(5) ?? scope.asOf,
                state: closedOn != nil ? .closed : answeredOn != nil ? .answered : .open, answeredOn: answeredOn,
                closedOn: closedOn)
        }
    }

    /// Entitlements on the day, by household, sequence and place.
    /// - Parameters:
    ///   - clause: Nil = all.
    ///   - status: Nil = entitled and proposed. Stretches without a right are not kept.
    /// - Returns: The list and the sum of all amounts, per cadence unit.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func entitlements(
        _ scope: ListScope, clause: ClauseID? = nil, status: DeterminationMade.Status? = nil,
        _ page: ListPage = ListPage()
    ) throws -> (part: ListPart<EntitlementEntry>, total: Fen) {
        var arguments = scope.arguments
        var conditions = ["e.day_from <= :day AND e.day_to > :day"]
        if let status {
            conditions.append("e.status = :status")
            arguments["status"] = status.code
        } else {
            conditions.append("e.status IN ('entitled', 'proposed')")
        }
        if let clause {
            conditions.append("e.clause = :clause")
            arguments["clause"] = clause.rawValue
        }
        let from = "FROM scope JOIN entitlements e ON e.hid = scope.hid WHERE \(conditions.joined(separator: " AND "))"
        let part = try list(
            scope.sql,
            """
            SELECT scope.id AS id, e.sequence AS sequence, e.ordinal AS ordinal, scope.division, e.clause, e.person,
              e.status, e.day_from, e.day_to, e.amount_fen, e.hours_thousandths, e.cadence, e.department
            """, from, ["sequence", "ordinal"], page, arguments
        ) { row in
            EntitlementEntry(
                household: row.household(0), division: row.division(3), sequence: row[1], clause: row[4],
                person: row.person(5), status: DeterminationMade.Status(code: row[6]) ?? .needsFact,
                from: row.day(7) ?? scope.asOf, until: row.openDay(8), amount: (row[9] as Int64?).map { Fen($0) },
                hoursThousandths: row[10], cadence: Code(unchecked: row[11]), department: row.code(12))
        }
        let total = try read { db in
            try Int64.fetchOne(
                db, sql: "WITH \(scope.sql) SELECT SUM(e.amount_fen) \(from)",
                arguments: StatementArguments(arguments))
        }
        return (part, Fen(total ?? 0))
    }

    /// Which notices are wanted.
    package enum NoticeState: String, Sendable, CaseIterable { case open, parked, delivered }

    /// Notices raised up to the day, by household and sequence, as the pages show them: those of a file that was closed
    /// meanwhile, too; what was told stays told, and what is parked waits for the operator.
    /// - Parameter hidden: A kind of which nothing is told, not in the count either.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func notices(
        _ scope: ListScope, state: NoticeState? = nil, kind: Code? = nil, hidden: Code? = nil,
        _ page: ListPage = ListPage()
    ) throws -> ListPart<NoticeEntry> {
        let scope = scope.with(.all)
        var arguments = scope.arguments
        var conditions = ["n.raised_on <= :day"]
        switch state {
        case nil: break
        case .open?: conditions.append("n.delivered = 0")
        case .parked?: conditions.append("n.parked IS NOT NULL")
        case .delivered?: conditions.append("n.delivered = 1")
        }
        if let kind {
            conditions.append("n.kind = :kind")
            arguments["kind"] = kind.rawValue
        }
        if let hidden {
            conditions.append("n.kind <> :hidden")
            arguments["hidden"] = hidden.rawValue
        }
        return try list(
            scope.sql,
            """
            SELECT scope.id AS id, n.sequence AS sequence, scope.division, n.kind, n.person, n.raised_on, n.due_on,
              n.department, n.delivered, n.parked, n.unfilled
            """,
            "FROM scope JOIN notices n ON n.hid = scope.hid WHERE \(conditions.joined(separator: " AND "))",
            ["sequence"], page, arguments
        ) { row in
            NoticeEntry(
                household: row.household(0), division: row.division(2), sequence: row[1], kind: Code(unchecked: row[3]),
                person: row.person(4), raisedOn: row.day(5) ?? scope.asOf, dueOn: row.day(6), department: row.code(7),
                isDelivered: row[8],
                parkedChannels: (row[9] as String?)?.split(separator: ",").map(String.init) ?? [], isUnfilled: row[10])
        }
    }
}
