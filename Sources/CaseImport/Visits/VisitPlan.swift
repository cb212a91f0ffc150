import CareDomain
import OfficeFiles

/// What a table of filled-in needs forms means: one visit per row, or the reasons why not.
package struct VisitPlan: Sendable {
    /// What becomes of one row.
    package enum Outcome: Hashable, Sendable {
        case new(HouseholdCommand)
        /// A form of this household, day and visitor is on record with other answers. The commands put them there; there
        /// are none where only the difference is to be told.
        case changed(HouseholdID, [FormChange], [HouseholdCommand])
        /// The same form is already in the archive, or in an earlier row.
        case unchanged(HouseholdID)
        case refused([CellProblem])
    }

    /// By which forms are told apart, and what one says.
    struct Key: Hashable {
        let household: HouseholdID
        let day: CivilDay
        let visitor: String?
        let content: String
    }

    /// One row with its outcome.
    package struct Entry: Hashable, Sendable {
        /// Row as a spreadsheet program numbers it.
        package let row: Int
        package let outcome: Outcome
        /// From which cell each field of its commands comes, by the field's path.
        package let cells: [CommandID: [String: CellPlace]]
        /// Whether the form ticks both family types, which somebody has to look at.
        package let ticksBothTypes: Bool
        /// When the head of the form died, where that was before the visit; somebody has to look at it.
        package let headDiedOn: CivilDay?
    }

    /// The rows that hold something, in order.
    package let entries: [Entry]
    /// Headings that are not the form's.
    package let ignoredHeadings: [String]

    /// - Parameters:
    ///   - table: the file as read.
    ///   - file: digest of the file's bytes, from which the ids of visitors are derived whom nobody knows yet.
    ///   - lookup: what the archive knows.
    ///   - mode: how forms that differ from those on record are taken.
    ///   - today: no form is from a later day.
    /// - Throws: `CellProblem` of kind `missingColumn` when it is no visit form; a retry does not help.
    package init(
        _ table: CSVTable, file: Identifier128, lookup: some FamilyLookup, mode: RosterMode = .report, today: CivilDay
    ) throws(CellProblem) {
        ignoredHeadings = table.headings(
            besides: NeedsForm.fields.map(\.label) + [NeedsForm.householdHeading, NeedsForm.headNumberHeading])
        for code in ["form_date", "head_name"] {
            let label = NeedsForm.field(code).label
            guard table.column(of: label) != nil else {
                throw CellProblem(.missingColumn, row: table.headingRow, heading: label)
            }
        }
        var keys: [Key?] = []
        var entries = table.rows.map { row in
            var reader = VisitRow(row: row, table: table)
            let (outcome, key) = reader.outcome(file: file, lookup: lookup, mode: mode, today: today)
            keys.append(key)
            return Entry(
                row: row.row, outcome: outcome, cells: reader.cells(of: outcome), ticksBothTypes: reader.ticksBothTypes,
                headDiedOn: reader.headDiedOn)
        }
        Self.refuseContradictions(&entries, keys, table)
        Self.takeOnce(&entries, keys)
        self.entries = entries
    }

    /// Two forms of one household, day and visitor that say different things cannot both be right.
    private static func refuseContradictions(_ entries: inout [Entry], _ keys: [Key?], _ table: CSVTable) {
        let found = zip(entries.indices, keys).compactMap { index, key in key.map { (index, $0) } }
        let groups = Dictionary(grouping: found) { VisitPlan.Key($0.1, content: "") }
        let label = NeedsForm.field("form_date").label
        for group in groups.values where Set(group.map(\.1.content)).count > 1 {
            for (index, _) in group {
                let others = group.map { entries[$0.0].row }.filter { $0 != entries[index].row }
                let rows = others.map(String.init).joined(separator: "、")
                let problem = CellProblem(
                    .formTwice, row: entries[index].row, column: table.column(of: label), heading: label,
                    hint: CellHint(same: rows))
                entries[index] = Entry(
                    row: entries[index].row, outcome: .refused([problem]), cells: [:],
                    ticksBothTypes: entries[index].ticksBothTypes, headDiedOn: entries[index].headDiedOn)
            }
        }
    }

    /// The same form again adds nothing to what its first row says.
    private static func takeOnce(_ entries: inout [Entry], _ keys: [Key?]) {
        var seen: Set<Key> = []
        for (index, key) in zip(entries.indices, keys) {
            guard let key, !seen.insert(key).inserted else { continue }
            if case .refused = entries[index].outcome { continue }
            entries[index] = Entry(
                row: entries[index].row, outcome: .unchanged(key.household), cells: [:],
                ticksBothTypes: entries[index].ticksBothTypes, headDiedOn: entries[index].headDiedOn)
        }
    }

    /// Every command, in the order of the rows.
    package var commands: [HouseholdCommand] { entries.flatMap(\.commands) }

    /// How many rows came out in which way.
    package var counts: (new: Int, changed: Int, unchanged: Int, refused: Int) {
        var counts = (new: 0, changed: 0, unchanged: 0, refused: 0)
        for entry in entries {
            switch entry.outcome {
            case .new: counts.new += 1
            case .changed: counts.changed += 1
            case .unchanged: counts.unchanged += 1
            case .refused: counts.refused += 1
            }
        }
        return counts
    }

    /// The reasons per row, for `RejectedRows`.
    package var reasons: [Int: [RowReason]] {
        var reasons: [Int: [RowReason]] = [:]
        for entry in entries {
            guard case .refused(let problems) = entry.outcome else { continue }
            reasons[entry.row] = problems.map { RowReason($0, isElsewhere: false) }
        }
        return reasons
    }
}

extension VisitPlan.Entry {
    /// What to send for the row, in order.
    package var commands: [HouseholdCommand] {
        switch outcome {
        case .new(let command): [command]
        case .changed(_, _, let commands): commands
        case .unchanged, .refused: []
        }
    }

    /// The cells that differ from the form on record.
    package var changes: [FormChange] { if case .changed(_, let changes, _) = outcome { changes } else { [] } }
}

extension VisitPlan.Key {
    fileprivate init(_ key: VisitPlan.Key, content: String) {
        self.init(household: key.household, day: key.day, visitor: key.visitor, content: content)
    }
}
