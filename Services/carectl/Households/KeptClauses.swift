import CareDomain
import RuleEngine
import ServiceKit

/// Clauses that look at facts which are kept from this key: without these facts they cannot be answered here, and an answer
/// "not known" would be false.
struct KeptClauses {
    private let registry: PackRegistry
    /// Of each clause the facts, by what they are called.
    private let facts: [ClauseID: [String]]

    init(_ registry: PackRegistry, withheld: [FactID: String]) {
        self.registry = registry
        var facts: [ClauseID: [String]] = [:]
        for pack in registry.versions.map(\.pack) where !withheld.isEmpty {
            // What is due to a loan or a unit is no question about a family.
            for rule in pack.rules where rule.unit.beneficiary.root == .household {
                let read = pack.reads(rule.clause).facts.map { pack.vocabulary.facts[$0].id }
                let titles = read.compactMap { withheld[$0] }
                if !titles.isEmpty { facts[rule.clause] = titles }
            }
        }
        self.facts = facts
    }

    /// The facts that a clause looks at and this key may not see; nil when it sees all.
    subscript(clause: ClauseID) -> [String]? { facts[clause] }

    /// The clause asked about, if it is one of these; otherwise all of them of the documents in force for a place on a day.
    func named(_ wanted: ClauseID?, on day: CivilDay, in division: DivisionCode?) -> [ClauseID] {
        if let wanted { return facts[wanted] == nil ? [] : [wanted] }
        let packs = registry.inForce(on: day).map(\.pack).filter { pack in
            pack.territory.map { place in division?.isWithin(place) ?? false } ?? true
        }
        return packs.flatMap(\.rules).map(\.clause).filter { facts[$0] != nil }
    }

    /// Why nothing is said of a clause; nil when there is nothing in the way.
    func reason(_ clause: ClauseID) -> Wording? {
        facts[clause].map { titles in
            let named = titles.joined(separator: "、")
            return Wording("要看本部门不可见的事实（遮）：\(named)", "it looks at facts kept from this department: \(named)")
        }
    }

    /// One line for people: where the answer stands.
    func line(_ clause: ClauseID, _ desk: Desk) -> String {
        let reason = reason(clause)
        return desk.language == .chinese
            ? "\(clause) 遮：\(reason?.chinese ?? "")；结论见 carectl household show"
            : "\(clause) withheld: \(reason?.english ?? ""); carectl household show has the answer"
    }
}
