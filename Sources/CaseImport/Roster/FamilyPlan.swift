import CareDomain

/// How cells that differ from the archive are to be taken.
package enum RosterMode: Hashable, Sendable {
    /// Only said; families that differ give no commands.
    case report
    /// The world changed on this day; cells with a day of their own keep it.
    case change(on: CivilDay)
    /// The archive was wrong.
    case correction(reason: Code, text: String?)
}

/// One cell that differs from the archive. Values of personal columns are for masking before they are shown.
package struct CellChange: Hashable, Sendable {
    package let row: Int
    package let column: RosterColumn
    /// What the archive holds, in the words of the column; nil = nothing.
    package let old: String?
    package let new: String
}

/// What a roster means for one family.
package struct FamilyPlan: Hashable, Sendable {
    /// What becomes of the family.
    package enum Outcome: Hashable, Sendable {
        case new
        case changed
        case unchanged
        case refused([CellProblem])
    }

    /// Rows of the table, as a spreadsheet program numbers them.
    package let rows: [Int]
    package let outcome: Outcome
    /// The family; for a new one the id it will have.
    package let household: HouseholdID?
    /// What differs, in the order of rows and columns.
    package let changes: [CellChange]
    /// What to send, in order; empty unless new or changed.
    package let commands: [HouseholdCommand]
    /// Columns with cells that could not be held against the record, because it is kept from the caller; nothing of them is sent.
    package let uncompared: Set<RosterColumn>
    /// From which cell each field of a command comes, by the field's path; the path "" is the command as a whole.
    package let cells: [CommandID: [String: CellPlace]]
    /// The closed file in which people of a new family were before.
    package var former: HouseholdID?
    /// Rows of people who left the family and are in another one, and that one: nothing of them is taken in again.
    package var gone: [Int: HouseholdID] = [:]
    /// Rows that call somebody a twin who was born more than a day after the only child, and whose birth is recorded now: taken, and
    /// to be looked at.
    package var twinsApart: [Int] = []

    /// Whether the family could be planned if its sealed parts were seen.
    package var needsOpening: Bool {
        if case .refused(let problems) = outcome { problems.contains { $0.kind == .notVisible } } else { false }
    }
}
