import CareDomain
import CareProjections
import GRDB

extension ReadModelLists {
    /// How many special-hardship families have their helpers, division by division.
    ///
    /// - Parameter depth: Digits of the division codes by which to count: 6, 9 or 12. A shorter code counts by itself.
    /// - Returns: Rows by division code, and the total with an empty code.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    /// - Source: CZ-2.14a 覆盖率 = 四类全部结对的户 ÷ 特殊困难家庭
    package func coverage(_ scope: ListScope, depth: Int) throws -> (rows: [CoverageRow], total: CoverageRow) {
        let none = Array(repeating: 0, count: words.slots.count)
        guard isOwed(on: scope.asOf) else {
            return ([], CoverageRow(division: "", households: 0, filled: none, covered: 0))
        }
        var arguments = scope.arguments
        arguments["depth"] = depth
        arguments["slots"] = words.slots.count
        // Filled days of one kind never overlap, so a family has as many filled slots as it has rows on the day.
        let households = """
            WITH \(scope.hardshipSQL)
            SELECT part, COUNT(*), SUM(filled = :slots) FROM (
              SELECT substr(shf.division, 1, :depth) AS part, COUNT(p.kind) AS filled
              FROM shf LEFT JOIN slot_periods p ON p.hid = shf.hid AND p.day_from <= :day AND p.day_to > :day
              GROUP BY shf.hid)
            GROUP BY part
            """
        let kinds = """
            WITH \(scope.hardshipSQL)
            SELECT substr(shf.division, 1, :depth) AS part, p.kind, COUNT(*)
            FROM shf JOIN slot_periods p ON p.hid = shf.hid AND p.day_from <= :day AND p.day_to > :day
            GROUP BY part, p.kind
            """
        let order = Dictionary(uniqueKeysWithValues: words.slots.enumerated().map { ($1.kind.rawValue, $0) })
        var byDivision: [String: CoverageRow] = [:]
        try read { db in
            for row in try Row.fetchAll(db, sql: households, arguments: StatementArguments(arguments)) {
                // A pack without slots asks for nothing, so nobody is covered by it.
                byDivision[row[0]] = CoverageRow(
                    division: row[0], households: row[1], filled: none, covered: words.slots.isEmpty ? 0 : row[2])
            }
            var perKind = arguments
            perKind["slots"] = nil
            for row in try Row.fetchAll(db, sql: kinds, arguments: StatementArguments(perKind)) {
                guard let place = order[row[1]] else { continue }
                byDivision[row[0]]?.filled[place] = row[2]
            }
        }
        let rows = byDivision.values.sorted { $0.division < $1.division }
        let total = rows.reduce(into: CoverageRow(division: "", households: 0, filled: none, covered: 0)) {
            $0.households += $1.households
            $0.covered += $1.covered
            for index in $1.filled.indices { $0.filled[index] += $1.filled[index] }
        }
        return (rows, total)
    }

    /// The families that lack helpers, with the empty slots and since when.
    /// - Parameter kind: Only families that lack this one; nil = any.
    /// - Throws: `ReadModelError` with `storage`; a retry may help.
    /// - Source: CZ-2.14a
    package func gaps(
        _ scope: ListScope, lacking kind: PairingKind? = nil, _ page: ListPage = ListPage()
    ) throws -> ListPart<GapEntry> {
        guard isOwed(on: scope.asOf) else { return ListPart(entries: [], total: 0, next: nil) }
        var arguments = scope.arguments
        let wanted = kind.map { [$0] } ?? words.slots.map(\.kind)
        let missing = wanted.indices.map { index in
            """
            NOT EXISTS (SELECT 1 FROM slot_periods p WHERE p.hid = shf.hid AND p.kind = :kind\(index)
              AND p.day_from <= :day AND p.day_to > :day)
            """
        }
        for (index, kind) in wanted.enumerated() { arguments["kind\(index)"] = kind.rawValue }
        let part = try list(
            scope.hardshipSQL,
            "SELECT shf.id AS id, shf.division, shf.status, shf.unbroken_from, shf.hid",
            "FROM shf WHERE \(missing.isEmpty ? "0" : missing.joined(separator: " OR "))", [], page, arguments
        ) { row in
            Lacking(
                household: row.household(0), division: row.division(1),
                status: HardshipPeriod.Kind(rawValue: row[2]) ?? .bereaved, unbrokenFrom: row.day(3) ?? scope.asOf,
                hid: row[4])
        }
        let entries = try read { db in try part.entries.map { try self.entry($0, on: scope.asOf, db) } }
        return ListPart(entries: entries, total: part.total, next: part.next)
    }

    /// Whether families were to have helpers at all: before the first pack was in force nobody owed one.
    private func isOwed(on day: CivilDay) -> Bool { words.inForceFrom.map { $0 <= day } ?? true }

    private struct Lacking: Sendable {
        let household: HouseholdID
        let division: DivisionCode
        let status: HardshipPeriod.Kind
        let unbrokenFrom: CivilDay
        let hid: Int64
    }

    private func entry(_ family: Lacking, on day: CivilDay, _ db: Database) throws -> GapEntry {
        let sql = "SELECT kind, MAX(day_to) FROM slot_periods WHERE hid = ? AND day_from <= ? GROUP BY kind"
        var lastEnd: [String: CivilDay] = [:]
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: sql), arguments: [family.hid, Int64(day.dayNumber)])
        for row in rows { lastEnd[row[0]] = row.day(1) }
        // The same reading as SlotCoverage.gapStart: never from before the status began or the pack came into force.
        let dutyFrom = max(family.unbrokenFrom, words.inForceFrom ?? .distantPast)
        let gaps = words.slots.compactMap { slot -> GapEntry.Gap? in
            let end = lastEnd[slot.kind.rawValue]
            if let end, end > day { return nil }
            return GapEntry.Gap(kind: slot.kind, since: max(end ?? dutyFrom, dutyFrom))
        }
        return GapEntry(household: family.household, division: family.division, status: family.status, gaps: gaps)
    }
}
