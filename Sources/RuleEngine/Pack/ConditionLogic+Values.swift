extension ConditionLogic {
    /// A comparison: what it says of a count of people, of a value that `?:` or a derived fact chooses, and of the quantity itself.
    func compared(
        _ expression: CheckedExpression, _ node: Int, isTrue: Bool, _ scope: TermScope
    ) -> [Statements] {
        if case .bool(let value)? = expression.fixed(node) { return value == isTrue ? [Statements()] : [] }
        let itself = plain(expression, node, isTrue: isTrue, scope)
        guard let asked = ConditionTerms(expression, pack, scope).asked(node),
            let said = counted(expression, asked, isTrue: isTrue, scope)
                ?? chosen(expression, asked, isTrue: isTrue, scope)
        else { return itself }
        return joined(itself, said) ?? itself
    }

    // MARK: Counts

    /// What a count of people says: that there is somebody, or that there is nobody. Nil where it says neither; an empty list: no
    /// count is as asked.
    private func counted(
        _ expression: CheckedExpression, _ asked: ConditionTerms.Asked, isTrue: Bool, _ scope: TermScope
    ) -> [Statements]? {
        guard case .call(.size, let operands) = expression.nodes[asked.node].operation,
            case .numbers(let ranges) = asked.said(isTrue: isTrue, among: .numbers([0 ... .max]))
        else { return nil }
        switch (ranges.contains { $0.contains(0) }, ranges.contains { $0.upperBound > 0 }) {
        case (true, true): return nil
        case (false, false): return []
        case (let isOfNone, _): return there(expression, operands[0], isSomebody: !isOfNone, scope)
        }
    }

    /// That a list has an element, or none.
    private func there(
        _ expression: CheckedExpression, _ list: Int, isSomebody: Bool, _ scope: TermScope
    ) -> [Statements]? {
        switch expression.nodes[list].operation {
        case .comprehension(.filter, let range, let slot, let passes?, _),
            .comprehension(.map, let range, let slot, let passes?, _):
            return told(.exists, expression, range, slot, passes, isTrue: isSomebody, scope)
        case .comprehension(.map, let range, _, nil, _):
            return there(expression, range, isSomebody: isSomebody, scope)
        case .members, .family, .incidents:
            let range = ConditionTerms(expression, pack, scope).key(list)
            let ways = isSomebody ? [Statements()] : []
            return [Statements(Members(range: range, text: "any", ways: ways), isOfEvery: !isSomebody)]
        default: return nil
        }
    }

    // MARK: Values that are chosen

    /// The ways in which a value that `?:` or a derived fact chooses is as asked; nil for any other, and where it cannot be told.
    private func chosen(
        _ expression: CheckedExpression, _ asked: ConditionTerms.Asked, isTrue: Bool, _ scope: TermScope
    ) -> [Statements]? {
        switch expression.nodes[asked.node].operation {
        case .conditional, .derived: leads(expression, asked.node, asked, isTrue: isTrue, scope)
        default: nil
        }
    }

    private func leads(
        _ expression: CheckedExpression, _ node: Int, _ asked: ConditionTerms.Asked, isTrue: Bool, _ scope: TermScope
    ) -> [Statements]? {
        if let value = expression.fixed(node) {
            return asked.holds(of: value).map { $0 == isTrue ? [Statements()] : [] }
        }
        switch expression.nodes[node].operation {
        case .conditional(let test, let yes, let no):
            guard let one = leads(expression, yes, asked, isTrue: isTrue, scope),
                let two = leads(expression, no, asked, isTrue: isTrue, scope),
                let left = joined(alternatives(expression, test, isTrue: true, scope), one),
                let right = joined(alternatives(expression, test, isTrue: false, scope), two)
            else { return nil }
            return limited(left + right)
        case .derived(let entity, let definition):
            return leads(of: definition, expression, entity, asked, isTrue: isTrue, scope)
        default:
            let terms = ConditionTerms(expression, pack, scope)
            guard asked.isOf(expression.nodes[node].type) else { return nil }
            let (key, said) = terms.said(node, asked.values, false)
            var statements = Statements()
            return statements.add(key, isTrue ? said : said.denied) ? [statements] : []
        }
    }

    /// What the definition of a derived fact gives; the same wherever it is asked for, so it is worked out once.
    private func leads(
        of definition: Int, _ expression: CheckedExpression, _ entity: Int, _ asked: ConditionTerms.Asked, isTrue: Bool,
        _ scope: TermScope
    ) -> [Statements]? {
        guard looksBehind else { return nil }
        switch expression.nodes[entity].operation {
        case .subject, .household, .local: break
        default: return nil
        }
        let inside = scope.inside(ConditionTerms(expression, pack, scope).key(entity))
        let key = KnownDefinitions.Chosen(
            definition: definition, values: asked.values, isTrue: isTrue, scope: inside)
        if let found = known.chosen[key] { return found }
        let inner = pack.definitions[definition].expression
        let found = leads(inner, inner.root, asked, isTrue: isTrue, inside)
        known.chosen[key] = found
        return found
    }
}
