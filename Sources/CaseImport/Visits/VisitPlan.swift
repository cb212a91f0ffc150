import CareDomain
import OfficeFiles

/// What a table of filled-in needs forms means: one visit per row, or the reasons why not.
package struct VisitPlan: Sendable {
    /// What becomes of one row.
    package enum Outcome: Hashable, Sendable {
        case new(HouseholdCommand)
        /// The same form is already in the archive.
        case unchanged(HouseholdID)
        case refused([CellProblem])
    }

    /// One row with its outcome.
    package struct Entry: Hashable, Sendable {
        /// Row as a spreadsheet program numbers it.
        package let row: Int
        package let outcome: Outcome
        /// Whether the form ticks both family types, which somebody has to look at.
        package let ticksBothTypes: Bool
    }

    /// The rows that hold something, in order.
    package let entries: [Entry]
    /// Headings that are not the form's.
    package let ignoredHeadings: [String]

    /// - Parameters:
    ///   - table: the file as read.
    ///   - file: digest of the file's bytes, from which the ids of visitors are derived whom nobody knows yet.
    ///   - lookup: what the archive knows.
    /// - Throws: `CellProblem` of kind `missingColumn` when it is no visit form; a retry does not help.
    package init(_ table: CSVTable, file: Identifier128, lookup: some FamilyLookup) throws(CellProblem) {
        let labels = Set(
            NeedsForm.fields.map(\.label) + [NeedsForm.householdHeading, NeedsForm.headNumberHeading])
        ignoredHeadings = table.headings.filter { !labels.contains($0) }
        for code in ["form_date", "head_name"] {
            let label = NeedsForm.field(code).label
            guard table.column(of: label) != nil else {
                throw CellProblem(.missingColumn, row: table.headingRow, heading: label)
            }
        }
        entries = table.rows.map { row in
            var reader = VisitRow(row: row, table: table)
            let outcome = reader.outcome(file: file, lookup: lookup)
            return Entry(row: row.row, outcome: outcome, ticksBothTypes: reader.ticksBothTypes)
        }
    }

    /// Every command, in the order of the rows.
    package var commands: [HouseholdCommand] {
        entries.compactMap { if case .new(let command) = $0.outcome { command } else { nil } }
    }

    /// How many rows came out in which way.
    package var counts: (new: Int, unchanged: Int, refused: Int) {
        var counts = (new: 0, unchanged: 0, refused: 0)
        for entry in entries {
            switch entry.outcome {
            case .new: counts.new += 1
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
