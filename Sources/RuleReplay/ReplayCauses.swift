import CareDomain
import RuleEngine

/// Which differences between two versions can bring about another answer of a clause.
struct ReplayCauses: Sendable {
    private let byClause: [ClauseID: [PackDifference.Change]]

    /// - Parameter old: the version that the candidate would follow; nil = the pack is new.
    init(from old: RulePack?, to new: RulePack) {
        guard let old else {
            byClause = [:]
            return
        }
        let changes = PackDifference(from: old, to: new).changes
        var found: [ClauseID: [PackDifference.Change]] = [:]
        for clause in Set(old.rules.map(\.clause)).union(new.rules.map(\.clause)) {
            let names = Self.names(clause, old).union(Self.names(clause, new))
            found[clause] = changes.filter { Self.concerns($0, clause, names) }
        }
        byClause = found
    }

    /// Those of clauses that have several, each once.
    var shared: [PackDifference.Change] {
        var found: [PackDifference.Change] = []
        for clause in byClause.keys.sorted() where (byClause[clause]?.count ?? 0) > 1 {
            for change in byClause[clause] ?? [] where !found.contains(change) { found.append(change) }
        }
        return found
    }

    func of(_ clause: ClauseID) -> [PackDifference.Change] { byClause[clause] ?? [] }

    private static func concerns(_ change: PackDifference.Change, _ clause: ClauseID, _ names: Set<String>) -> Bool {
        guard !isWords(change) else { return false }
        return switch change.part {
        case .rule: change.id == clause.rawValue || names.contains(change.id)
        case .fact, .parameter, .reading, .definition, .interaction: names.contains(change.id)
        // The days on which the version holds, and where.
        case .pack: ["valid_to", "territory"].contains(change.field)
        case .declaration, .workflow, .indexation: false
        }
    }

    /// What is only told, or asked of whoever sets a parameter, and gives no other answer.
    private static func isWords(_ change: PackDifference.Change) -> Bool {
        let field = change.field.prefix { $0 != "." && $0 != "[" }
        return switch change.part {
        case .rule: ["title", "words", "warnings"].contains(field)
        case .fact: ["title", "shown_to"].contains(field)
        case .parameter: ["title", "least", "most"].contains(field)
        case .reading, .definition, .interaction: field == "title"
        case .pack, .declaration, .workflow, .indexation: false
        }
    }

    /// Everything a rule refers to, directly or through derived facts: facts, parameters, readings, definitions, the clauses
    /// behind them, and the interactions it takes part in.
    private static func names(_ clause: ClauseID, _ pack: RulePack) -> Set<String> {
        guard let rule = pack.rule(clause) else { return [] }
        var names = Set(rule.readings.map { pack.readings[$0].id.rawValue })
        names.formUnion(pack.interactions.filter { $0.among.contains(clause) }.map(\.clause.rawValue))
        var visited: Set<Int> = []
        var open = rule.allExpressions
        while let expression = open.popLast() {
            for node in expression.nodes {
                switch node.operation {
                case .fact(_, let fact), .hasFact(_, let fact), .onRecord(_, let fact):
                    names.insert(pack.vocabulary.facts[fact].id.rawValue)
                case .parameter(let index, _), .hasParameter(let index, _):
                    names.insert(pack.parameters[index].id.rawValue)
                case .derived(_, let index) where visited.insert(index).inserted:
                    names.insert(pack.definitions[index].id.rawValue)
                    if let place = pack.definitions[index].rule { names.insert(pack.rules[place].clause.rawValue) }
                    open.append(pack.definitions[index].expression)
                default: break
                }
            }
        }
        return names
    }
}
