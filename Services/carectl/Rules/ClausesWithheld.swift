import CareDomain
import OfficeFiles
import RuleEngine
import RuleReplay
import ServiceKit

/// Clauses of which a computation over many families tells this key nothing (遮), because they look at facts that are kept from it:
/// `household why` says the same of them for one family.
struct ClausesWithheld {
    /// Of every family, each with what its facts are called.
    let clauses: [(clause: ClauseID, facts: [String])]
    /// Of families that belong, or belonged, to another place, too, which keeps more from this key.
    private let elsewhere: [(place: DivisionCode?, clauses: Set<ClauseID>)]
    private let always: Set<ClauseID>

    /// - Parameter packs: the versions whose clauses are worked out.
    init(_ withheld: WithheldHere, in packs: [RulePack]) {
        var always: [ClauseID: Set<String>] = [:]
        var elsewhere: [(place: DivisionCode?, clauses: Set<ClauseID>)] = []
        for pack in withheld.packs.isEmpty ? [] : packs {
            let read = pack.rules.map { (clause: $0.clause, facts: pack.factsRead(by: $0.clause)) }
            for keeping in withheld.packs {
                let holds =
                    keeping.pack == pack.id
                    || keeping.place.map { place in pack.territory?.isWithin(place) ?? false }
                        ?? true
                let looking = read.filter { one in keeping.facts.keys.contains { one.facts.contains($0) } }
                guard holds else {
                    elsewhere.append((keeping.place, Set(looking.map(\.clause))))
                    continue
                }
                for (clause, facts) in looking {
                    always[clause, default: []].formUnion(facts.compactMap { keeping.facts[$0] })
                }
            }
        }
        clauses = always.map { ($0.key, $0.value.sorted()) }.sorted { $0.clause < $1.clause }
        self.always = Set(always.keys)
        self.elsewhere = elsewhere.map { ($0.place, $0.clauses.subtracting(always.keys)) }.filter {
            !$0.clauses.isEmpty
        }
    }

    /// Whether more is withheld of some families than of others.
    var differsByFamily: Bool { !elsewhere.isEmpty }

    /// Those of one family.
    /// - Parameter facts: asked for only where families differ.
    func of(_ facts: @autoclosure () -> FactBase) -> Set<ClauseID> {
        guard differsByFamily else { return always }
        let places = facts().statements.compactMap { statement -> DivisionCode? in
            guard FactBase.placeFacts.contains(statement.fact), case .reference(let place) = statement.value else {
                return nil
            }
            return DivisionCode(place)
        }
        return elsewhere.reduce(into: always) { found, other in
            let isThere = places.isEmpty || places.contains { place in other.place.map { place.isWithin($0) } ?? true }
            if isThere { found.formUnion(other.clauses) }
        }
    }

    var json: JSON {
        .array(
            clauses.map { clause, facts in
                .object([("clause", .string(clause.rawValue)), ("facts_zh", .array(facts.map(JSON.string)))])
            })
    }

    /// Says of which clauses nothing is told.
    func mention(_ desk: Desk) {
        guard !clauses.isEmpty else { return }
        let named = clauses.map(\.clause.rawValue).joined(separator: " ")
        desk.mention(
            UserText(
                zh: "CARE-6332 这些条款要看本部门不可见的事实（遮），这里不作答，户数和各项合计都不含它们：\(named)；请有权的部门重算",
                en:
                    "CARE-6332 these clauses look at facts kept from this department: nothing is told of them, and no count "
                    + "or sum has them: \(named); have a department that sees them repeat it"))
    }

    /// Says of how many families more is withheld.
    func mention(families: Int, _ desk: Desk) {
        guard families > 0 else { return }
        let named = Set(elsewhere.flatMap(\.clauses)).sorted().map(\.rawValue).joined(separator: " ")
        desk.mention(
            UserText(
                zh: "CARE-6332 另有 \(families) 户也属（或曾属）别处，那里不给本部门看其中的事实（遮）：这些户的 \(named) 不作答",
                en:
                    "CARE-6332 \(families) families belong, or belonged, to another place, too, which keeps facts of them from "
                    + "this department: nothing is told of their \(named)"))
    }
}
