import CareDomain
import CareProjections
import GRDB

extension ReadModelLists {
    /// How many families that are owed helpers have them, division by division.
    ///
    /// - Parameter depth: Digits of the division codes by which to count: 6, 9 or 12. A shorter code counts by itself.
    /// - Returns: Rows by division code, and the total with an empty code. No rows where no document in force asks for
    ///   helpers.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    /// - Source: CZ-2.14a 覆盖率 = 四类全部结对的户 ÷ 特殊困难家庭
    package func coverage(_ scope: ListScope, depth: Int) throws -> (rows: [CoverageRow], total: CoverageRow) {
        let slots = words.slots
        let pairing = PairingSQL(scope, words.pairingDuties)
        guard !slots.isEmpty else { return ([], CoverageRow(division: "", kinds: 0)) }
        var arguments = pairing.arguments
        arguments["depth"] = depth
        let (filled, incomplete) = (ReadModelSchema.slotFilled, ReadModelSchema.slotIncomplete)
        // Days of one kind never overlap, so a family has as many filled and held slots as it has such rows on the day.
        let households = """
            WITH \(pairing.sql)
            SELECT part, COUNT(*), SUM(filled = wanted), SUM(filled < wanted AND filled + incomplete = wanted) FROM (
              SELECT substr(owed.division, 1, :depth) AS part, COUNT(DISTINCT CASE WHEN \(filled) THEN p.kind END) AS filled,
                COUNT(DISTINCT CASE WHEN \(incomplete) THEN p.kind END) AS incomplete,
                COUNT(DISTINCT asked.kind) AS wanted
              FROM owed JOIN asked ON asked.clause = owed.clause
              LEFT JOIN slot_periods p ON p.hid = owed.hid AND p.kind = asked.kind AND p.day_from <= :day
                AND p.day_to > :day
              GROUP BY owed.hid)
            GROUP BY part
            """
        let kinds = """
            WITH \(pairing.sql)
            SELECT substr(owed.division, 1, :depth) AS part, p.kind,
              COUNT(DISTINCT CASE WHEN \(filled) THEN owed.hid END),
              COUNT(DISTINCT CASE WHEN \(incomplete) THEN owed.hid END)
            FROM owed JOIN asked ON asked.clause = owed.clause
            JOIN slot_periods p ON p.hid = owed.hid AND p.kind = asked.kind AND p.day_from <= :day AND p.day_to > :day
            GROUP BY part, p.kind
            """
        let order = Dictionary(uniqueKeysWithValues: slots.enumerated().map { ($1.kind.rawValue, $0) })
        let all = arguments
        var byDivision: [String: CoverageRow] = [:]
        try read { db in
            for row in try Row.fetchAll(db, sql: households, arguments: StatementArguments(all)) {
                byDivision[row[0]] = CoverageRow(
                    division: row[0], households: row[1], kinds: slots.count, covered: row[2],
                    coveredIncompletely: row[3])
            }
            for row in try Row.fetchAll(db, sql: kinds, arguments: StatementArguments(all)) {
                guard let place = order[row[1]] else { continue }
                byDivision[row[0]]?.filled[place] = row[2]
                byDivision[row[0]]?.incomplete[place] = row[3]
            }
        }
        let rows = byDivision.values.sorted { $0.division < $1.division }
        let total = rows.reduce(into: CoverageRow(division: "", kinds: slots.count)) { $0.add($1) }
        return (rows, total)
    }

    /// The families that lack helpers they are owed, or details of them, with the slots that are not filled and since when.
    /// - Parameter kind: Only families of which this one is not filled; nil = any.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    /// - Source: CZ-2.14a
    package func gaps(
        _ scope: ListScope, lacking kind: PairingKind? = nil, _ page: ListPage = ListPage()
    ) throws -> ListPart<GapEntry> {
        let pairing = PairingSQL(scope, words.pairingDuties)
        guard !words.slots.isEmpty else { return ListPart(entries: [], total: 0, next: nil) }
        var arguments = pairing.arguments
        if let kind { arguments["kind"] = kind.rawValue }
        let missing = """
            FROM owed WHERE EXISTS (
              SELECT 1 FROM asked WHERE asked.clause = owed.clause \(kind == nil ? "" : "AND asked.kind = :kind")
                AND NOT EXISTS (SELECT 1 FROM slot_periods p WHERE p.hid = owed.hid AND p.kind = asked.kind
                  AND p.day_from <= :day AND p.day_to > :day AND \(ReadModelSchema.slotFilled)))
            """
        let part = try list(
            pairing.sql, "SELECT owed.id AS id, owed.division, owed.status, owed.owed_from, owed.hid, owed.clause",
            missing, [], page, arguments
        ) { row in
            Lacking(
                household: row.household(0), division: row.division(1),
                status: HardshipPeriod.Kind(rawValue: row[2]) ?? .bereaved, owedFrom: row.day(3) ?? scope.asOf,
                hid: row[4], clause: row[5])
        }
        let entries = try read { db in try part.entries.map { try self.entry($0, on: scope.asOf, db) } }
        return ListPart(entries: entries, total: part.total, next: part.next)
    }

    private struct Lacking: Sendable {
        let household: HouseholdID
        let division: DivisionCode
        let status: HardshipPeriod.Kind
        let owedFrom: CivilDay
        let hid: Int64
        let clause: String
    }

    private func entry(_ family: Lacking, on day: CivilDay, _ db: Database) throws -> GapEntry {
        let sql = "SELECT kind, day_to, lacking FROM slot_periods WHERE hid = ? AND day_from <= ? ORDER BY day_from"
        var lastEnd: [String: CivilDay] = [:]
        var lastHeld: [String: CivilDay] = [:]
        var present: [String: HelperDetails] = [:]
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: sql), arguments: [family.hid, Int64(day.dayNumber)])
        for row in rows {
            let kind: String = row[0]
            guard let end = row.day(1) else { continue }
            let lacking = (row[2] as String).split(separator: " ").compactMap { HelperDetails(code: String($0)) }
                .reduce(HelperDetails()) { $0.union($1) }
            if lacking.isEmpty { lastEnd[kind] = end }
            if !lacking.contains(.name) { lastHeld[kind] = end }
            if end > day { present[kind] = lacking }
        }
        // The same reading as SlotCoverage.gapStart: never from before the helpers were owed. A slot that is held by name is
        // told from the day since when it was not filled.
        let slots = words.pairingDuties.first { $0.clause.rawValue == family.clause }?.slots ?? []
        let gaps = slots.compactMap { slot -> GapEntry.Gap? in
            let kind = slot.kind.rawValue
            let lacking = present[kind] ?? []
            if present[kind] != nil, lacking.isEmpty { return nil }
            let isHeld = !lacking.isEmpty && !lacking.contains(.name)
            let end = isHeld ? lastEnd[kind] : lastHeld[kind]
            return GapEntry.Gap(
                kind: slot.kind, since: max(end ?? family.owedFrom, family.owedFrom), lacking: lacking)
        }
        return GapEntry(household: family.household, division: family.division, status: family.status, gaps: gaps)
    }
}

/// `owed` of a scope, and `asked (clause, kind)` with the slots that each duty asks for.
private struct PairingSQL {
    let sql: String
    let arguments: ReadModelLists.Arguments

    init(_ scope: ListScope, _ duties: [PairingDuty]) {
        var arguments = scope.arguments
        var values: [String] = []
        for (place, duty) in duties.enumerated() {
            arguments["clause\(place)"] = duty.clause.rawValue
            for (number, slot) in duty.slots.enumerated() {
                arguments["slot\(place)_\(number)"] = slot.kind.rawValue
                values.append("(:clause\(place), :slot\(place)_\(number))")
            }
        }
        sql = scope.owedSQL + ", asked (clause, kind) AS (VALUES \(values.joined(separator: ", ")))"
        self.arguments = arguments
    }
}
