import CareDomain

/// 互斥: a clause by which a grant under one clause bars another right of the same household.
///
/// Only real grants bar (decisions of a person, imported ones of earlier years too); proposals do not bar one another,
/// because which of them is granted is for a person to say.
package struct Interaction: Hashable, Sendable {
    /// What bars what.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// One grant per household and calendar year; the one decided first stays.
        case onePerYear = "one_per_year"
        /// A grant of the calendar year before.
        case priorYear = "prior_year"
    }

    /// Clauses that do not bar one another, or a narrower bar, while a reading stands at a choice.
    package struct Case: Hashable, Sendable {
        /// Place of the reading in the pack.
        package let reading: Int
        package let choice: FactValue
    }

    package let clause: ClauseID
    package let title: Wording
    /// The words of the document.
    package let words: String
    package let kind: Kind
    /// The clauses that count as one another's like.
    package let among: [ClauseID]
    /// 原则上: an exception by a named person overrides it; a hard one (不得) no decision does.
    package let isSoft: Bool
    /// While it holds, only a grant of the same clause bars.
    package let onlySameClause: Case?
    /// Clauses that count as one and the same (the two halves of a project), for `onlySameClause`.
    package let oneItem: [[ClauseID]]
    /// While it holds, grants of these clauses to different persons do not bar one another.
    package let letsPass: (when: Case, clauses: [ClauseID])?

    package static func == (left: Interaction, right: Interaction) -> Bool {
        left.clause == right.clause && left.kind == right.kind && left.among == right.among
    }

    /// Whether two clauses are the same one of those that bar one another.
    package func isSame(_ one: ClauseID, _ other: ClauseID) -> Bool {
        one == other || oneItem.contains { $0.contains(one) && $0.contains(other) }
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(clause) }
}
