import CareDomain
import RuleEngine

/// 遮: what of an answer rests on facts that are kept from whoever asks. Worked out without them it would be another answer, and
/// a "no" would be false: nothing is said of these clauses, whether or not such a fact is stated.
/// - Source: CareDomain Decision 0016
extension Sequence<RulePack> {
    /// The clauses of these packs that look at one of some facts, directly or through derived facts.
    package func clauses(lookingAt facts: Set<FactID>) -> Set<ClauseID> {
        guard !facts.isEmpty else { return [] }
        return Set(flatMap { pack in pack.clausesRead(facts) })
    }
}

extension RulePack {
    fileprivate func clausesRead(_ facts: Set<FactID>) -> [ClauseID] {
        // Most of what is kept from somebody a pack does not know.
        guard facts.contains(where: { vocabulary.index(of: $0) != nil }) else { return [] }
        return rules.map(\.clause).filter { !factsRead(by: $0).isDisjoint(with: facts) }
    }
}

extension HouseholdDifference {
    /// The same without the rights of some clauses; nil where nothing is left.
    package func without(_ clauses: Set<ClauseID>) -> HouseholdDifference? {
        guard rights.contains(where: { clauses.contains($0.clause) }) else { return self }
        let others = rights.filter { !clauses.contains($0.clause) }
        return others.isEmpty ? nil : HouseholdDifference(household: household, division: division, rights: others)
    }
}

extension DistrictReplay.Found {
    /// The same without the rights of some clauses.
    package func without(_ clauses: Set<ClauseID>) -> Self {
        guard !clauses.isEmpty, let difference else { return self }
        return Self(
            household: household, division: division, isWanted: isWanted, difference: difference.without(clauses))
    }
}
