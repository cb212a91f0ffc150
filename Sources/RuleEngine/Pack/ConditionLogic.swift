import CareDomain

/// Whether conditions can hold at all, whatever the facts: by what they say about the same quantity.
///
/// A condition is taken apart into alternatives, each a list of statements about quantities (an age, an amount, a count, a
/// code), of plain yes-or-no parts, and of what holds for one or for every member. An alternative in which no value of some
/// quantity is left, or nobody could be the member it asks for, cannot hold. What cannot be taken apart counts as one
/// yes-or-no part and so as possible, so that nothing is reported that could happen.
struct ConditionLogic {
    /// Alternatives looked at; beyond it an expression stands as one yes-or-no part.
    private static let mostAlternatives = 256

    let pack: RulePack
    /// Whether derived facts stand for what their definitions say.
    let looksBehind: Bool
    let known = KnownDefinitions()

    init(_ pack: RulePack, looksBehind: Bool = true) {
        self.pack = pack
        self.looksBehind = looksBehind
    }

    /// Whether no facts can make all of these hold at once.
    func excludes(_ expressions: [CheckedExpression]) -> Bool { expressions.reduce([Statements()], adding).isEmpty }

    /// Whether the last one holds whenever all the others do.
    func implies(_ others: [CheckedExpression], _ last: CheckedExpression) -> Bool {
        implies(alternatives: others.reduce([Statements()], adding), last)
    }

    /// The same, where the alternatives of the others are at hand.
    func implies(alternatives known: [Statements], _ last: CheckedExpression) -> Bool {
        guard !known.isEmpty else { return false }
        return joined(known, alternatives(last, last.root, isTrue: false, TermScope()))?.isEmpty ?? false
    }

    /// The alternatives that are left when one more condition must hold, too; none when it cannot.
    func adding(_ found: [Statements], _ expression: CheckedExpression) -> [Statements] {
        let next = alternatives(expression, expression.root, isTrue: true, TermScope())
        return joined(found, next) ?? joinedByWhatIsSure(found, next)
    }

    // MARK: Alternatives

    /// The ways in which a node can be true (or false).
    func alternatives(
        _ expression: CheckedExpression, _ node: Int, isTrue: Bool, _ scope: TermScope
    ) -> [Statements] {
        switch expression.nodes[node].operation {
        case .constant(.bool(let value)): return value == isTrue ? [Statements()] : []
        case .not(let operand): return alternatives(expression, operand, isTrue: !isTrue, scope)
        case .and(let left, let right), .or(let left, let right):
            var isAnd = false
            if case .and = expression.nodes[node].operation { isAnd = true }
            // `!(a && b)` is `!a || !b`; but to be false both sides need not be known, so each alternative stands alone.
            if isAnd == isTrue { return both(expression, left, right, isTrue: isTrue, scope) }
            let one = alternatives(expression, left, isTrue: isTrue, scope)
            let two = alternatives(expression, right, isTrue: isTrue, scope)
            return limited(one + two) ?? sure(one + two, plain(expression, node, isTrue: isTrue, scope))
        case .conditional(let condition, let yes, let no):
            let holds = alternatives(expression, condition, isTrue: true, scope)
            let fails = alternatives(expression, condition, isTrue: false, scope)
            let one = alternatives(expression, yes, isTrue: isTrue, scope)
            let two = alternatives(expression, no, isTrue: isTrue, scope)
            let left = joined(holds, one) ?? joinedByWhatIsSure(holds, one)
            let right = joined(fails, two) ?? joinedByWhatIsSure(fails, two)
            return limited(left + right) ?? sure(left + right, plain(expression, node, isTrue: isTrue, scope))
        case .derived(let entity, let definition):
            let itself = plain(expression, node, isTrue: isTrue, scope)
            guard let behind = behind(expression, entity, definition, isTrue: isTrue, scope) else { return itself }
            return joined(itself, behind) ?? itself
        case .comprehension(let macro, let range, let slot, let predicate?, _):
            let itself = plain(expression, node, isTrue: isTrue, scope)
            guard let told = told(macro, expression, range, slot, predicate, isTrue: isTrue, scope) else {
                return itself
            }
            return joined(itself, told) ?? itself
        case .call: return compared(expression, node, isTrue: isTrue, scope)
        default: return plain(expression, node, isTrue: isTrue, scope)
        }
    }

    /// Both sides at once; where they have too many alternatives together, one of them counts by what it says in any case.
    private func both(
        _ expression: CheckedExpression, _ left: Int, _ right: Int, isTrue: Bool, _ scope: TermScope
    ) -> [Statements] {
        let one = alternatives(expression, left, isTrue: isTrue, scope)
        let two = alternatives(expression, right, isTrue: isTrue, scope)
        return joined(one, two) ?? joinedByWhatIsSure(one, two)
    }

    /// The side with fewer alternatives, each with what all alternatives of the other one say.
    private func joinedByWhatIsSure(_ left: [Statements], _ right: [Statements]) -> [Statements] {
        let (few, many) = left.count <= right.count ? (left, right) : (right, left)
        guard let sure = Statements.saidByAll(many) else { return [] }
        return few.compactMap { $0.joined(sure) }
    }

    /// One alternative in the place of many: what they all say, and the whole as one yes-or-no part.
    private func sure(_ many: [Statements], _ whole: [Statements]) -> [Statements] {
        guard let sure = Statements.saidByAll(many) else { return [] }
        return whole.compactMap { $0.joined(sure) }
    }

    /// What a derived fact's definition says of the same subject, or of the member it is asked of: it says the same wherever
    /// it is asked for. Nil for anybody else.
    private func behind(
        _ expression: CheckedExpression, _ entity: Int, _ definition: Int, isTrue: Bool, _ scope: TermScope
    ) -> [Statements]? {
        let inner = pack.definitions[definition].expression
        guard looksBehind, inner.type == .bool else { return nil }
        switch expression.nodes[entity].operation {
        case .subject, .household, .local: break
        default: return nil
        }
        let inside = scope.inside(ConditionTerms(expression, pack, scope).key(entity))
        let asked = KnownDefinitions.Asked(definition: definition, isTrue: isTrue, scope: inside)
        if let found = known.found[asked] { return found }
        let found = alternatives(inner, inner.root, isTrue: isTrue, inside)
        known.found[asked] = found
        return found
    }

    /// What a macro says of one member or of every one; nil where it says neither. An empty list: it cannot hold.
    func told(
        _ macro: Syntax.Macro, _ expression: CheckedExpression, _ range: Int, _ slot: Int, _ predicate: Int,
        isTrue: Bool, _ scope: TermScope
    ) -> [Statements]? {
        let isOfEvery: Bool
        let holds: Bool
        switch (macro, isTrue) {
        case (.exists, true), (.existsOne, true): (isOfEvery, holds) = (false, true)
        case (.exists, false): (isOfEvery, holds) = (true, false)
        case (.all, true): (isOfEvery, holds) = (true, true)
        case (.all, false): (isOfEvery, holds) = (false, false)
        case (.existsOne, false), (.map, _), (.filter, _): return nil
        }
        var ways = alternatives(expression, predicate, isTrue: holds, scope.binding(slot))
        let filtered = ConditionTerms(expression, pack, scope).key(range)
        var range = range
        // Somebody of those that a filter lets through is somebody of all who passes it; every one of them is, or does not pass.
        while case .comprehension(.filter, let all, let slot, let passes?, _) = expression.nodes[range].operation {
            let passing = alternatives(expression, passes, isTrue: !isOfEvery, scope.binding(slot))
            guard let both = isOfEvery ? limited(ways + passing) : joined(ways, passing) else { return nil }
            ways = both
            range = all
        }
        // Nobody can be found for whom the impossible holds.
        if ways.isEmpty, !isOfEvery { return [] }
        let terms = ConditionTerms(expression, pack, scope)
        let members = Members(
            range: terms.key(range),
            text: "\(holds) \(ConditionTerms(expression, pack, scope.binding(slot)).key(predicate)) in \(filtered)",
            ways: ways)
        return [Statements(members, isOfEvery: isOfEvery)]
    }

    /// A node as a statement about one quantity, or as one yes-or-no part.
    func plain(
        _ expression: CheckedExpression, _ node: Int, isTrue: Bool, _ scope: TermScope
    ) -> [Statements] {
        if case .not(let operand) = expression.nodes[node].operation {
            return plain(expression, operand, isTrue: !isTrue, scope)
        }
        let terms = ConditionTerms(expression, pack, scope)
        var statements = Statements()
        if let (key, said) = terms.quantity(node) {
            return statements.add(key, isTrue ? said : said.denied) ? [statements] : []
        }
        let flag = Quantity(values: .words(["true"], isAllBut: !isTrue), mayBeAbsent: false)
        return statements.add("is \(terms.key(node))", flag) ? [statements] : []
    }

    /// Each of the one with each of the other, without those that cannot be; nil when they are too many.
    func joined(_ left: [Statements], _ right: [Statements]) -> [Statements]? {
        Statements.joined(left, right, most: Self.mostAlternatives)
    }

    func limited(_ all: [Statements]) -> [Statements]? { all.count <= Self.mostAlternatives ? all : nil }
}
