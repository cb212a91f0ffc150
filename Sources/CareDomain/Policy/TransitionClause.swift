/// 过渡条款: to whom a new version of a policy applies from its first day on.
package enum TransitionClause: String, Hashable, Sendable, CaseIterable {
    /// 对所有人: from its first day on to everybody.
    case all
    /// 追溯适用: to everybody, from a day before it was enacted. Never taken for granted: it has to be named.
    case retroactive
    /// 新个案适用: who held a right of a clause on the day before keeps being judged by the earlier version for as long as
    /// that right holds without a break.
    case newCases = "new_cases"

    /// Whether a version with this clause may begin on a day.
    /// - Parameters:
    ///   - first: First day in force.
    ///   - enacted: The day on which it was enacted.
    package func allows(_ first: CivilDay, enacted: CivilDay) -> Bool { self == .retroactive || first >= enacted }
}
