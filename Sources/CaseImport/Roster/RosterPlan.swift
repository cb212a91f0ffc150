import CareDomain
import OfficeFiles

/// What a roster means against the archive: per family new, changed, unchanged or refused.
///
/// An import is a difference: a missing row removes nobody, an empty cell changes nothing, and the same file once more
/// yields no command. A family with one bad cell is refused as a whole; the other families go on.
package struct RosterPlan: Sendable {
    /// The families in the order of their first rows.
    package let families: [FamilyPlan]

    /// - Parameters:
    ///   - roster: the file as read.
    ///   - file: digest of the file's bytes (`DerivedIDs.digest(of:)`), from which command ids are derived.
    ///   - lookup: what the archive knows.
    ///   - mode: how cells that differ are taken.
    ///   - today: the day of the import; new families without 建档日期 are registered on it.
    package init(
        _ roster: Roster, file: Identifier128, lookup: some FamilyLookup, mode: RosterMode, today: CivilDay
    ) {
        var bearers: [String: [Int]] = [:]
        for row in roster.rows { if let number = row.idNumber { bearers[number.digits, default: []].append(row.row) } }
        let repeated = bearers.filter { $0.value.count > 1 }
        let numbers = Dictionary(grouping: roster.families.compactMap { NumberedFamily($0.rows, lookup) }, by: \.number)
        let helpers = FileHelpers(roster.rows)
        let twins = SameFamilies(roster.families.map(\.rows))
        let neighbours = roster.neighbours
        families = roster.families.map { family in
            let row = family.rows[0].row
            let claims = family.rows.lazy.compactMap { $0.text(.archiveNumber) }.first.flatMap { numbers[$0] } ?? []
            let own = claims.first { $0.row == row }
            let sharing = claims.filter { other in own.map { $0.shares(its: other) } ?? false }.map(\.row)
            var planner = FamilyPlanner(
                rows: family.rows, key: family.key, file: file, lookup: lookup, mode: mode, today: today,
                helpers: helpers)
            return planner.plan(
                repeated: repeated, sharing: sharing, alike: twins.others(of: row), beside: neighbours[row] ?? [])
        }
    }

    /// Every command, in the order of the families.
    package var commands: [HouseholdCommand] { families.flatMap(\.commands) }

    /// How many families came out in which way.
    package var counts: (new: Int, changed: Int, unchanged: Int, refused: Int) {
        var counts = (new: 0, changed: 0, unchanged: 0, refused: 0)
        for family in families {
            switch family.outcome {
            case .new: counts.new += 1
            case .changed: counts.changed += 1
            case .unchanged: counts.unchanged += 1
            case .refused: counts.refused += 1
            }
        }
        return counts
    }

    /// The reasons per row for `RejectedRows`: those of its own cells, else those of its family.
    package var reasons: [Int: [RowReason]] {
        var reasons: [Int: [RowReason]] = [:]
        for family in families {
            guard case .refused(let problems) = family.outcome else { continue }
            for row in family.rows {
                let own = problems.filter { $0.row == row }
                let shown = own.isEmpty ? problems : own
                reasons[row] = shown.map { RowReason($0, isElsewhere: own.isEmpty) }
            }
        }
        return reasons
    }
}

/// A family of the file that gives an archive number.
private struct NumberedFamily {
    let number: String
    /// That gives the number; nil where neither the rows nor the archive say.
    let county: DivisionCode?
    /// Its first row.
    let row: Int

    init?(_ rows: [RosterRow], _ lookup: some FamilyLookup) {
        guard let number = rows.lazy.compactMap({ $0.text(.archiveNumber) }).first else { return nil }
        let onRecord = rows.lazy.compactMap(\.household).first.flatMap { lookup.family($0) }?.household
        let bears = onRecord?.archiveNumber == number
        self.number = number
        county =
            bears
            ? onRecord?.archiveNumberDivision?.county : rows.lazy.compactMap { $0.division?.county }.first
        row = rows[0].row
    }

    /// Whether another family claims the same number: of one county, or where nobody says that it is not.
    func shares(its other: NumberedFamily) -> Bool {
        other.row != row && (county == nil || other.county == nil || county == other.county)
    }
}

extension Roster {
    /// The rows by family, in the order of each family's first row.
    ///
    /// Rows of one family share 户标识, else 户编号, else 档案号; a row with none of them is a family of its own, unless the row
    /// above or below may be of the same (`neighbours`).
    package var families: [(key: String, rows: [RosterRow])] {
        var places: [String: Int] = [:]
        var found: [(key: String, rows: [RosterRow])] = []
        for row in rows {
            let key = Self.key(row)
            if let place = places[key] {
                found[place].rows.append(row)
            } else {
                places[key] = found.count
                found.append((key, [row]))
            }
        }
        return found
    }

    private static func key(_ row: RosterRow) -> String {
        if let label = row.text(.familyLabel) { return "label,\(label)" }
        if let id = row.household { return "household,\(id)" }
        if let number = row.text(.archiveNumber) { return "archive,\(number)" }
        return "row,\(row.row)"
    }
}
