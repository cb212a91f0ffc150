import CareDomain

/// What somebody has to know to answer a clause.
package struct RuleReads: Hashable, Sendable {
    /// Places in the vocabulary, in its order.
    package let facts: [Int]
    /// Places of parameters, in the order of the pack.
    package let parameters: [Int]
    /// Places of readings, in the order of the pack.
    package let readings: [Int]
}

extension RulePack {
    /// The facts, parameters and readings a clause and its parts look at, directly or through derived facts. Which of them
    /// count for a family depends on its facts.
    package func reads(_ clause: ClauseID) -> RuleReads {
        let asked = rules.filter { $0.clause == clause || $0.clause.partOf == clause }
        let (facts, parameters) = reads(of: asked.flatMap(\.allExpressions))
        return RuleReads(
            facts: facts.sorted(), parameters: parameters.sorted(),
            readings: Set(asked.flatMap(\.readings)).sorted())
    }

    /// The facts that some rule looks at, directly or through derived facts.
    package var factsRead: Set<FactID> {
        Set(reads(of: rules.flatMap(\.allExpressions)).facts.map { vocabulary.facts[$0].id })
    }

    /// The facts that the rule of a clause looks at, directly or through derived facts; none without a rule.
    package func factsRead(by clause: ClauseID) -> Set<FactID> {
        let expressions = rules.filter { $0.clause == clause }.flatMap(\.allExpressions)
        return Set(reads(of: expressions).facts.map { vocabulary.facts[$0].id })
    }

    /// Facts of the vocabulary that no rule reads, in its order: on record, they change no answer.
    ///
    /// The day of a disability certificate is read where a grade or kind is: it is the day from which they count.
    package var unreadFacts: [FactDefinition] {
        var read: Set<FactID> = Set(rules.compactMap { $0.amount?.deliveredFact })
        read.formUnion([FactVocabulary.role, FactVocabulary.familyRole])
        for expression in rules.flatMap(\.expressions) + definitions.map(\.expression) {
            for node in expression.nodes {
                switch node.operation {
                case .fact(_, let fact), .hasFact(_, let fact), .onRecord(_, let fact):
                    read.insert(vocabulary.facts[fact].id)
                default: break
                }
            }
        }
        if !read.isDisjoint(with: CertifiedFacts.all) { read.insert(CertifiedFacts.day) }
        return vocabulary.facts.filter { !read.contains($0.id) }
    }

    /// The facts that a family type looks at, directly or through derived facts.
    func reads(of type: FamilyType) -> [FactID] {
        guard let index = definition(type.fact) else { return [] }
        return reads(of: [definitions[index].expression]).facts.sorted().map { vocabulary.facts[$0].id }
    }

    private func reads(of expressions: [CheckedExpression]) -> (facts: Set<Int>, parameters: Set<Int>) {
        var facts: Set<Int> = []
        var parameters: Set<Int> = []
        var visited: Set<Int> = []
        var open = expressions
        while let expression = open.popLast() {
            for node in expression.nodes {
                switch node.operation {
                case .fact(_, let fact), .hasFact(_, let fact), .onRecord(_, let fact): facts.insert(fact)
                case .parameter(let index, _), .hasParameter(let index, _): parameters.insert(index)
                case .derived(_, let index) where visited.insert(index).inserted:
                    open.append(definitions[index].expression)
                default: break
                }
            }
        }
        // The last role a person had is never written down; the role is.
        if let family = vocabulary.index(of: FactVocabulary.familyRole), facts.remove(family) != nil,
            let role = vocabulary.index(of: FactVocabulary.role)
        {
            facts.insert(role)
        }
        return (facts, parameters)
    }
}
