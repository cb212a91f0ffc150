import CareDomain
import CareProjections
import GRDB

extension ReadModelLists {
    /// Which arrears and recoveries are wanted.
    package struct DifferenceFilter: Sendable, Hashable {
        /// nil = all.
        package var kind: HouseholdRows.Difference.Kind?
        /// Only clauses that this pack answers; nil = all.
        package var pack: PackID?
        /// Only what the adoption of the version from this day brought about; nil = all.
        package var adoptedFrom: CivilDay?
        /// Only of households whose ids begin like this; nil = all.
        package var household: String?
        /// Also months of other places, of families whose file the caller reads on the day.
        package var everyPlace = false

        package init(
            kind: HouseholdRows.Difference.Kind? = nil, pack: PackID? = nil, adoptedFrom: CivilDay? = nil,
            household: String? = nil,
            everyPlace: Bool = false
        ) {
            self.kind = kind
            self.pack = pack
            self.adoptedFrom = adoptedFrom
            self.household = household
            self.everyPlace = everyPlace
        }
    }

    /// Arrears and recoveries that wait for people, by household, determination and kind; also those of a file that was closed
    /// meanwhile, or registered in error. After a split or merge a month that another file paid to the person is not owed, and
    /// what is due there is not taken back. Of a family that moved each place is told the money of its own months, wherever
    /// the family is today, and nothing else; a division asked for is the one to which the months belong. What became less for
    /// want of a fact, or because the rule failed, is listed as such and in neither sum; so is what was owed until then; so are months that the family's
    /// regular batches have not gone past, while they have paid earlier ones. Of somebody who left one family and joined another it is
    /// said that the other file has the right, too: which months that one pays is known where both files are read, on the page.
    /// - Returns: The list, and the sums of all of it.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    package func differences(
        _ scope: ListScope, _ filter: DifferenceFilter = DifferenceFilter(), _ page: ListPage = ListPage()
    ) throws -> (part: ListPart<DueDifferenceEntry>, arrears: Fen, recoveries: Fen) {
        var arguments = scope.arguments
        var conditions = ["d.since <= :day"]
        let place = "COALESCE(d.division, scope.division)"
        if let wanted = scope.wanted(place) { conditions.append(wanted) }
        let own = scope.allowed(place)
        conditions.append(filter.everyPlace ? "(\(own) OR \(scope.allowed("scope.division")))" : own)
        if let prefix = filter.household {
            conditions.append("scope.id >= :prefix AND scope.id < :prefix_end")
            arguments["prefix"] = prefix
            arguments["prefix_end"] = prefix + "~"
        }
        let families = scope.with(.whatever).sqlAnywhere(with: "due_differences")
        if let kind = filter.kind {
            conditions.append("d.kind = :kind")
            arguments["kind"] = kind.rawValue
        }
        if let pack = filter.pack {
            conditions.append("d.pack = :pack")
            arguments["pack"] = pack.rawValue
        }
        if let day = filter.adoptedFrom {
            conditions.append("d.adopted_from = :adopted_from AND d.changed_pack = d.pack")
            arguments["adopted_from"] = Int64(day.dayNumber)
        }
        conditions.append("(d.shared = 0 OR EXISTS (SELECT 1 \(Self.standing)))")
        let from =
            "FROM scope JOIN due_differences d ON d.hid = scope.hid WHERE \(conditions.joined(separator: " AND "))"
        let (first, last) = (Self.whole("first_month", "MIN(month)"), Self.whole("last_month", "MAX(month)"))
        let (months, sum) = (Self.whole("months", "COUNT(*)"), Self.whole("sum_fen", "SUM(stands_fen)"))
        let part = try list(
            families,
            """
            SELECT scope.id AS id, d.sequence AS sequence, d.ordinal AS ordinal, \(place),
              d.kind,
              d.clause, d.person, d.incident, \(first), \(last), \(months), \(sum), d.since, d.changed_pack,
              d.adopted_from, d.parameter, d.fact, d.department, d.pack, d.direction, d.missing,
              d.direction = 'arrears' AND EXISTS (SELECT 1 \(Self.otherFile))
            """, from, ["sequence", "ordinal"], page, arguments, Self.difference)
        let sums = try read { db in
            try Row.fetchAll(
                db, sql: "WITH \(families) SELECT d.kind, SUM(\(sum)) \(from) GROUP BY d.kind",
                arguments: StatementArguments(arguments))
        }
        func total(_ kind: HouseholdRows.Difference.Kind) -> Fen {
            sums.first { $0[0] == kind.rawValue }.map { Fen($0[1]) } ?? .zero
        }
        return (part, total(.arrears), total(.recovery))
    }

    /// The months of a row that stand beside the person's other files.
    private static let standing = """
        FROM standing_months s
        WHERE s.hid = d.hid AND s.sequence = d.sequence AND s.ordinal = d.ordinal AND s.stands_fen > 0
        """

    /// What another file gives to the person of a row, who has one token in both, was there before and came here by no move.
    private static let otherFile = """
        FROM members m JOIN members o ON o.token = m.token AND o.hid <> m.hid
        JOIN entitlements e ON e.hid = o.hid AND e.person = o.person AND +e.clause = d.clause AND +e.status = 'entitled'
        WHERE m.hid = d.hid AND m.person = d.person AND o.joined_on <= m.joined_on
          AND (o.person <> m.person OR d.shared = 0)
          AND e.day_from < julianday('0000-01-01', (d.last_month + 1) || ' months') - 2440587.5
          AND e.day_to > julianday('0000-01-01', d.first_month || ' months') - 2440587.5
        """

    /// A column of the row; of a person who is in other files, too, made of the months that stand.
    private static func whole(_ column: String, _ shared: String) -> String {
        "CASE d.shared WHEN 0 THEN d.\(column) ELSE (SELECT \(shared) \(standing)) END"
    }

    private static func difference(_ row: Row) -> DueDifferenceEntry {
        var change: RulesChange?
        if let pack: PackID = row.code(13) {
            if let day = row.day(14) {
                change = RulesChange(pack: pack, what: .version(from: day))
            } else if let parameter: ParameterID = row.code(15) {
                change = RulesChange(pack: pack, what: .parameter(parameter))
            }
        }
        return DueDifferenceEntry(
            household: row.household(0), division: row.division(3), sequence: row[1],
            kind: HouseholdRows.Difference.Kind(rawValue: row[4]) ?? .arrears, clause: row[5], person: row.person(6),
            incident: row[7], first: CivilMonth(index: row[8]), last: CivilMonth(index: row[9]), months: row[10],
            sum: Fen(row[11]), since: row.day(12) ?? .distantPast, rulesChange: change,
            fact: change == nil ? row[16] : nil, department: row.code(17), pack: PackID(unchecked: row[18]),
            direction: DueStanding.Kind(rawValue: row[19]) ?? .arrears,
            missing: (row[20] as String?)?.split(separator: " ").map(String.init) ?? [], isDueInOtherFile: row[21])
    }
}
