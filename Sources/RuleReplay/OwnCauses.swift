import CareDomain
import RuleEngine

/// 反事实: a replay with some changes of the candidate taken back, for finding out which of them make a difference.
struct Counterfactual: Sendable {
    /// Those taken back, or, of what one does alone, those left.
    let changes: [PackDifference.Change]
    let replay: RuleReplay
    /// nil where it has no form over columns.
    var columns: ColumnReplay?

    /// What would differ for one household.
    typealias Answer = (changes: [PackDifference.Change], difference: HouseholdDifference?)
}

extension RuleReplay {
    /// The most changes that are taken back one by one; beyond it a difference names all that can bear on it.
    private static let mostChanges = 16

    /// The replay with one change of the candidate taken back, for each of those that share a clause with another; changes
    /// without which the pack cannot be read are taken back together with what they brought.
    func takenBack() -> [Counterfactual] {
        let changes = sharedChanges
        guard changes.count <= Self.mostChanges else { return [] }
        let single = changes.compactMap { without([$0], told: [$0]) }
        let rest = changes.filter { change in !single.contains { $0.changes == [change] } }
        guard !rest.isEmpty else { return single }
        let together = rest + changes.filter { $0.isWholeItem && !rest.contains($0) }
        return single + [without(together, told: rest)].compactMap { $0 }
    }

    /// The replay with one change alone, for each of those that share a clause with at least two others.
    func alone() -> [Counterfactual] {
        let changes = sharedChanges
        guard (3...Self.mostChanges).contains(changes.count) else { return [] }
        return changes.compactMap { change in without(changes.filter { $0 != change }, told: [change]) }
    }

    private func without(_ changes: [PackDifference.Change], told: [PackDifference.Change]) -> Counterfactual? {
        guard let old = origin.replaced, let pack = origin.candidate.takingBack(changes, to: old) else { return nil }
        let replay = RuleReplay(
            current: current, candidate: pack, effectiveFrom: origin.effectiveFrom, period: period,
            today: present.firstDay, transition: origin.transition, assumesAwards: assumesAwards, scope: scope)
        return Counterfactual(changes: told, replay: replay)
    }
}

extension HouseholdDifference {
    /// The same, each right with the changes that make it differ for this very household: those without which it would be
    /// another difference. Where each could be missed, because others do the same, those that would do so alone.
    /// - Parameters:
    ///   - others: what would differ with some changes taken back.
    ///   - alone: what would differ by one change alone; nil = not looked at yet.
    /// - Returns: nil where that has to be looked at.
    func withOwnCauses(_ others: [Counterfactual.Answer], alone: [Counterfactual.Answer]?) -> Self? {
        var own: [RightDifference] = []
        for right in rights {
            guard right.causes.count > 1 else {
                own.append(right)
                continue
            }
            var causes = right.proven(by: others)
            if causes.isEmpty {
                guard let alone else { return nil }
                causes = right.causes.filter { cause in
                    alone.contains { one in
                        let same = one.difference?.right(like: right).map { $0.saysTheSame(as: right) }
                        return one.changes == [cause] && same ?? false
                    }
                }
            }
            own.append(causes.isEmpty ? right : right.with(causes))
        }
        return HouseholdDifference(household: household, division: division, rights: own)
    }

    fileprivate func right(like other: RightDifference) -> RightDifference? {
        rights.first { $0.clause == other.clause && $0.subject == other.subject }
    }
}

extension RightDifference {
    /// The changes without which it would be another difference. What only makes room for others, such as a fact that a new
    /// condition reads, is named where nothing else is.
    fileprivate func proven(by others: [Counterfactual.Answer]) -> [PackDifference.Change] {
        let needed = others.filter { other in
            !(other.difference?.right(like: self).map { $0.saysTheSame(as: self) } ?? false)
        }
        let found = causes.filter { cause in needed.contains { $0.changes.contains(cause) } }
        let telling = found.filter { !$0.isWholeItem }
        return telling.isEmpty ? found : telling
    }

    /// Whether the other tells the same change of the same right.
    fileprivate func saysTheSame(as other: RightDifference) -> Bool {
        kind == other.kind && statusBefore == other.statusBefore && statusAfter == other.statusAfter
            && standingBefore == other.standingBefore && standingAfter == other.standingAfter && fails == other.fails
            && department == other.department && cadence == other.cadence
            && months == other.months && payers.map(\.payer) == other.payers.map(\.payer)
            && payers.map(\.difference) == other.payers.map(\.difference)
    }

    fileprivate func with(_ causes: [PackDifference.Change]) -> RightDifference {
        var right = self
        right.causes = causes
        right.parts = parts.map { Part(division: $0.division, right: $0.right.with(causes)) }
        return right
    }
}

extension PackDifference.Change {
    /// Whether a fact, parameter, reading or definition came or went, which decides nothing before a rule reads it.
    fileprivate var isWholeItem: Bool {
        switch part {
        case .fact, .parameter, .reading, .definition: field.isEmpty
        case .rule, .interaction, .pack, .declaration, .workflow, .indexation: false
        }
    }
}
