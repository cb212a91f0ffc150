import CareDomain

/// 职责、登记、指导数、评估: a clause that is not computed from a family's facts but asks something of an office: who has
/// to do what by when, and what shows that it was done.
package struct Declaration: Hashable, Sendable {
    /// A number the clause sets, for one row and column of a table (a unit and a clause), or alone.
    package struct Target: Hashable, Sendable {
        /// Division or office it is set for; nil = all together.
        package let unit: String?
        /// The clause counted; nil = not by clause.
        package let counted: ClauseID?
        package let value: Int64
    }

    package let clause: ClauseID
    package let title: Wording
    /// The words of the document.
    package let words: String
    package let kind: RuleKind
    /// Beneficiary and rhythm in words of the catalogue, `unit·year`.
    package let unit: String
    package let owner: DepartmentID
    /// nil = no date is given. Where a reading decides: as by its default.
    package let due: DueRule?
    /// The reading that decides when it is due; nil = none does.
    package let dueByReading: DueRule.ByReading?
    package let evidence: Wording
    /// Highest score, for a part of an evaluation.
    package let points: Int?
    /// Least and most photos, both included (5 to 10).
    package let pieces: ClosedRange<Int>?
    /// 指导数 and the like.
    package let targets: [Target]
}

/// 系统能力: a clause that the system carries out by what it is (the archive itself, the separation of duties), or one
/// that is left out, with the reason.
package struct Capability: Hashable, Sendable {
    package let clause: ClauseID
    package let title: Wording
    /// What carries it out, or why it is left out.
    package let note: Wording
    package let isLeftOut: Bool
}
