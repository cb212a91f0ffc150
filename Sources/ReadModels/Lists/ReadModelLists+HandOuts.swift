import CareDomain
import CareProjections
import GRDB

/// Which goods are asked about.
package struct GoodsAsked: Hashable, Sendable {
    package var duty: GoodsDuty
    package var period: HandOutPeriod

    package init(duty: GoodsDuty, period: HandOutPeriod) {
        self.duty = duty
        self.period = period
    }
}

/// How a family stands to the goods of a period.
package enum GoodsState: String, Hashable, Sendable, CaseIterable {
    /// It got them.
    case received
    /// They are due to it, and it did not get them.
    case missing
    /// The clause waits for facts, or has never said anything of it.
    case unconfirmed
}

/// How many families of a unit got the goods of a period.
/// - Source: BS-3.2, BS-4.5
package struct GoodsCoverageRow: Hashable, Sendable {
    /// Empty for the total.
    package var unit: String
    /// Open files.
    package var households = 0
    /// To which the goods are due, or that got them.
    package var due = 0
    /// Of these, those that got them.
    package var received = 0
    /// Of these, those that got them after the last day.
    package var late = 0
    /// Of those that got them, those with a signed slip.
    package var receipts = 0
    /// The clause waits for facts, or has never said anything of them.
    package var unconfirmed = 0
}

/// A family and the goods of a period.
package struct GoodsEntry: Hashable, Sendable {
    package var household: HouseholdID
    package var division: DivisionCode
    package var state: GoodsState
    /// The day on which it got them.
    package var day: CivilDay?
    /// `detergent=2 towel=1`
    package var items: String?
    package var relation: Code?
    /// `sha256:…`
    package var receipt: String?
    package var noReceipt: Code?
    /// The entry's number in the stream of its file.
    package var sequence: UInt64?
    /// The file in which it stands, where that went on as part of the family's; nil otherwise.
    package var file: HouseholdID?
}

extension ReadModelLists {
    /// Counts by unit.
    /// - Parameters:
    ///   - scope: Its day tells where a family belongs, whether its file is open and whether the goods are due to it.
    ///   - through: Hand-outs up to this day count.
    ///   - depth: Digits of the division codes by which to count: 6, 9 or 12. A shorter code counts by itself.
    /// - Returns: Rows by unit, and the total with an empty unit.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func goodsCoverage(
        _ scope: ListScope, _ asked: GoodsAsked, through: CivilDay, depth: Int
    ) throws -> (rows: [GoodsCoverageRow], total: GoodsCoverageRow) {
        var (with, arguments) = Self.goods(scope, asked, through: through)
        with += """
            SELECT substr(division, 1, :depth) AS unit, COUNT(*), SUM(state IN ('received', 'missing')),
              SUM(state = 'received'), SUM(state = 'received' AND :last IS NOT NULL AND day > :last),
              SUM(receipt IS NOT NULL), SUM(state = 'unconfirmed')
            FROM goods GROUP BY unit ORDER BY unit
            """
        arguments["depth"] = depth
        arguments.updateValue(
            asked.duty.deadline(of: asked.period).map { Int64($0.lastDay.dayNumber) }, forKey: "last")
        let (sql, all) = ("WITH " + with, arguments)
        let rows = try read { db in
            try Row.fetchAll(db, sql: sql, arguments: StatementArguments(all)).map { row in
                GoodsCoverageRow(
                    unit: row[0], households: row[1], due: row[2], received: row[3], late: row[4], receipts: row[5],
                    unconfirmed: row[6])
            }
        }
        let total = rows.reduce(into: GoodsCoverageRow(unit: "")) {
            $0.households += $1.households
            $0.due += $1.due
            $0.received += $1.received
            $0.late += $1.late
            $0.receipts += $1.receipts
            $0.unconfirmed += $1.unconfirmed
        }
        return (rows, total)
    }

    /// The families, by id.
    /// - Parameter states: Only families that stand so.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func goods(
        _ scope: ListScope, _ asked: GoodsAsked, through: CivilDay, states: Set<GoodsState>,
        _ page: ListPage = ListPage()
    ) throws -> ListPart<GoodsEntry> {
        let (with, arguments) = Self.goods(scope, asked, through: through)
        let wanted = GoodsState.allCases.filter(states.contains).map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let select = "SELECT id, division, state, day, items, relation, receipt, no_receipt, sequence, file"
        return try list(with, select, "FROM goods WHERE state IN (\(wanted))", [], page, arguments) { row in
            GoodsEntry(
                household: row.household(0), division: row.division(1),
                state: GoodsState(rawValue: row[2]) ?? .unconfirmed, day: row.day(3), items: row[4],
                relation: row.code(5), receipt: row[6], noReceipt: row.code(7),
                sequence: (row[8] as Int64?).map { UInt64(bitPattern: $0) },
                file: (row[9] as String?).flatMap { HouseholdID($0) })
        }
    }

    /// Of a family that got none itself since a merge counts what a file that went on as part of it got for the period,
    /// unless that was over before; the file is told with the entry's number, for what is wrong is put right there.
    ///
    /// A common table expression
    /// `goods (hid, id, division, day, items, relation, receipt, no_receipt, sequence, file, got, owed, waits, state)`
    /// with the households of a scope.
    ///
    /// A clause that never gave a family of its place anything may only lack its certification (认定): nobody is dropped
    /// for that, as with visits.
    private static func goods(
        _ scope: ListScope, _ asked: GoodsAsked, through: CivilDay
    ) -> (sql: String, arguments: Arguments) {
        var arguments = scope.arguments
        arguments["clause"] = asked.duty.clause.rawValue
        arguments["period"] = asked.period.code.rawValue
        arguments["through"] = Int64(through.dayNumber)
        arguments.updateValue(asked.period.last.map { Int64($0.dayNumber) }, forKey: "periodend")
        var place = "1"
        if let territory = asked.duty.territory {
            arguments["territoryfrom"] = territory.prefix
            arguments["territoryto"] = ListScope.after(territory.prefix)
            place = "(scope.division >= :territoryfrom AND scope.division < :territoryto)"
        }
        let answers = """
            FROM entitlements e WHERE e.hid = scope.hid AND e.person IS NULL AND e.clause = :clause
            """
        let now = answers + " AND e.day_from <= :day AND e.day_to > :day"
        let sql = """
            \(scope.sql),
            taken AS (
              SELECT m.hid, h.hid AS part, m.day FROM mergers m JOIN households h ON h.id = m.file
              UNION SELECT t.hid, h.hid, MAX(t.day, m.day)
              FROM taken t JOIN mergers m ON m.hid = t.part JOIN households h ON h.id = m.file),
            given AS NOT MATERIALIZED (
              SELECT o.* FROM hand_outs o
              WHERE o.clause = :clause AND o.period = :period AND o.day <= :through),
            asked AS (
              SELECT scope.hid, scope.id, scope.division, o.day, o.items, o.relation, o.receipt, o.no_receipt,
                o.sequence AS sequence,
                CASE WHEN o.hid <> scope.hid THEN (SELECT f.id FROM households f WHERE f.hid = o.hid) END AS file,
                o.hid IS NOT NULL AS got,
                EXISTS (SELECT 1 \(now) AND e.status IN ('entitled', 'proposed')) AS owed,
                (EXISTS (SELECT 1 \(now) AND e.status NOT IN ('entitled', 'proposed', 'held'))
                  OR NOT EXISTS (SELECT 1 \(answers))) AND \(place) AS waits
              FROM scope LEFT JOIN given o ON o.hid = COALESCE(
                (SELECT g.hid FROM given g WHERE g.hid = scope.hid),
                (SELECT t.part FROM taken t JOIN given g ON g.hid = t.part WHERE t.hid = scope.hid AND t.day <= :day
                  AND (:periodend IS NULL OR t.day <= :periodend) ORDER BY g.day, t.part LIMIT 1))),
            goods AS (
              SELECT asked.*, CASE WHEN got THEN 'received' WHEN owed THEN 'missing'
                WHEN waits THEN 'unconfirmed' ELSE 'other' END AS state FROM asked)
            """
        return (sql + "\n", arguments)
    }
}
