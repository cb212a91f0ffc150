import CareDomain
import RuleEngine

extension RuleReplay {
    /// The most changes that are taken back one by one; beyond it a difference names all that can bear on it.
    private static let mostChanges = 8

    /// The replay with one change of the candidate taken back, for each of those that share a clause with another.
    func takenBack() -> [(change: PackDifference.Change, replay: RuleReplay)] {
        guard let old = origin.replaced else { return [] }
        let changes = sharedChanges
        guard changes.count <= Self.mostChanges else { return [] }
        return changes.compactMap { change in
            guard let pack = origin.candidate.takingBack(change, to: old) else { return nil }
            let replay = RuleReplay(
                current: current, candidate: pack, effectiveFrom: origin.effectiveFrom, period: period,
                today: present.firstDay, transition: origin.transition, assumesAwards: assumesAwards,
                division: division)
            return (change, replay)
        }
    }
}

extension HouseholdDifference {
    /// The same, each right with the changes that make it differ for this very household: those without which it would be
    /// another difference. Where each could be missed, because others do the same, all that can bear on it are named.
    /// - Parameter others: What would differ with one change taken back; nil = nothing.
    func withOwnCauses(_ others: [(change: PackDifference.Change, difference: HouseholdDifference?)]) -> Self {
        let own = rights.map { right -> RightDifference in
            guard right.causes.count > 1 else { return right }
            let spared = others.filter { other in
                let same = other.difference?.rights.first { $0.clause == right.clause && $0.subject == right.subject }
                return same.map { $0.saysTheSame(as: right) } ?? false
            }.map(\.change)
            let causes = right.causes.filter { !spared.contains($0) }
            return causes.isEmpty ? right : right.with(causes)
        }
        return HouseholdDifference(household: household, division: division, rights: own)
    }
}

extension RightDifference {
    /// Whether the other tells the same change of the same right.
    fileprivate func saysTheSame(as other: RightDifference) -> Bool {
        kind == other.kind && statusBefore == other.statusBefore && statusAfter == other.statusAfter
            && standingBefore == other.standingBefore && standingAfter == other.standingAfter && fails == other.fails
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
