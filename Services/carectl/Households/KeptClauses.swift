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

    /// The clauses of which the family's page has a row: whatever was determined of them once.
    static func onPage(_ events: [KnownEvent]) -> Set<ClauseID> {
        Set(
            events.compactMap {
                if case .determinationMade(let made) = $0.event { made.clause } else { nil }
            })
    }

    /// One line for people: where the answer stands.
    /// - Parameter isOnPage: Whether the family's page has a row of it; a clause that never gave anything has none.
    func line(_ clause: ClauseID, isOnPage: Bool, _ desk: Desk) -> String {
        let reason = reason(clause).map { desk.language == .chinese ? $0.chinese : $0.english } ?? ""
        let text =
            isOnPage
            ? UserText(
                zh: "\(clause) 遮：\(reason)；结论见 carectl household show",
                en: "\(clause) withheld: \(reason); carectl household show has the answer")
            : UserText(
                zh: "\(clause) 遮：\(reason)；认定里没有这一条，即没有人享受；缘由请问看得到这些事实的部门",
                en:
                    "\(clause) withheld: \(reason); nothing was determined of it, so nobody has it; ask a department that sees these facts why"
            )
        return text[desk.language]
    }
}
