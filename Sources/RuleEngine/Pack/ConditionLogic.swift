import CareDomain

/// Whether conditions can hold at all, whatever the facts: by what they say about the same quantity.
///
/// A condition is taken apart into alternatives, each a list of statements about quantities (an age, an amount, a count, a
/// code) or of plain yes-or-no parts. An alternative in which no value of some quantity is left cannot hold. What cannot be
/// taken apart counts as possible, so that nothing is reported that could happen.
struct ConditionLogic {
    /// Alternatives looked at; beyond it nothing is said.
    private static let mostAlternatives = 256

    private let pack: RulePack
    /// Whether derived facts stand for what their definitions say.
    private let looksBehind: Bool

    init(_ pack: RulePack, looksBehind: Bool = true) {
        self.pack = pack
        self.looksBehind = looksBehind
    }

    /// Whether no facts can make all of these hold at once.
    func excludes(_ expressions: [CheckedExpression]) -> Bool {
        guard let alternatives = alternatives(of: expressions) else { return false }
        return alternatives.isEmpty
    }

    /// Whether the last one holds whenever all the others do.
    func implies(_ others: [CheckedExpression], _ last: CheckedExpression) -> Bool {
        guard let known = alternatives(of: others), !known.isEmpty,
            let denied = alternatives(last, last.root, isTrue: false)
        else { return false }
        return joined(known, denied)?.isEmpty ?? false
    }

    private func alternatives(of expressions: [CheckedExpression]) -> [Statements]? {
        expressions.reduce([Statements()]) { found, expression in
            guard let found, let next = alternatives(expression, expression.root, isTrue: true) else { return nil }
            return joined(found, next)
        }
    }

    // MARK: Alternatives

    /// The ways in which a node can be true (or false); nil when they are too many.
    private func alternatives(_ expression: CheckedExpression, _ node: Int, isTrue: Bool) -> [Statements]? {
        switch expression.nodes[node].operation {
        case .constant(.bool(let value)): return value == isTrue ? [Statements()] : []
        case .not(let operand): return alternatives(expression, operand, isTrue: !isTrue)
        case .and(let left, let right), .or(let left, let right):
            let one = alternatives(expression, left, isTrue: isTrue)
            let two = alternatives(expression, right, isTrue: isTrue)
            guard let one, let two else { return nil }
            var isAnd = false
            if case .and = expression.nodes[node].operation { isAnd = true }
            // `!(a && b)` is `!a || !b`; but to be false both sides need not be known, so each alternative stands alone.
            return isAnd == isTrue ? joined(one, two) : limited(one + two)
        case .conditional(let condition, let yes, let no):
            guard let holds = alternatives(expression, condition, isTrue: true),
                let fails = alternatives(expression, condition, isTrue: false),
                let one = alternatives(expression, yes, isTrue: isTrue),
                let two = alternatives(expression, no, isTrue: isTrue), let left = joined(holds, one),
                let right = joined(fails, two)
            else { return nil }
            return limited(left + right)
        case .derived(let entity, let definition):
            // A derived fact of the same subject is what its definition says, and the same wherever it is asked for; where
            // the definition says too much, that alone.
            guard looksBehind, Self.isOwn(expression.nodes[entity].operation) else { break }
            let inner = pack.definitions[definition].expression
            guard inner.type == .bool, let itself = statement(expression, node, isTrue: isTrue) else { return nil }
            guard let behind = alternatives(inner, inner.root, isTrue: isTrue) else { return itself }
            return joined(itself, behind)
        case .comprehension(.exists, _, _, let predicate?, _) where isTrue:
            // Nobody can be found for whom the impossible holds.
            if let inner = alternatives(expression, predicate, isTrue: true), inner.isEmpty { return [] }
        default: break
        }
        return statement(expression, node, isTrue: isTrue)
    }

    private static func isOwn(_ entity: Operation) -> Bool {
        switch entity {
        case .subject, .household: true
        default: false
        }
    }

    private func statement(_ expression: CheckedExpression, _ node: Int, isTrue: Bool) -> [Statements]? {
        let terms = ConditionTerms(expression, pack)
        var statements = Statements()
        if let (key, said) = terms.quantity(node) {
            return statements.add(key, isTrue ? said : said.denied) ? [statements] : []
        }
        let flag = Quantity(values: .words(["true"], isAllBut: !isTrue), mayBeAbsent: false)
        return statements.add("is \(terms.key(node))", flag) ? [statements] : []
    }

    /// Each of the one with each of the other, without those that cannot be.
    private func joined(_ left: [Statements], _ right: [Statements]) -> [Statements]? {
        guard left.count * right.count <= Self.mostAlternatives else { return nil }
        return left.flatMap { one in right.compactMap { one.joined($0) } }
    }

    private func limited(_ all: [Statements]) -> [Statements]? { all.count <= Self.mostAlternatives ? all : nil }
}

/// What is said together about quantities, by a text that stands for each.
private struct Statements {
    private var said: [String: Quantity] = [:]

    /// Adds a statement; false when it leaves no value.
    mutating func add(_ key: String, _ quantity: Quantity) -> Bool {
        let both = said[key].map { $0.intersection(quantity) } ?? quantity
        said[key] = both
        return !both.isEmpty
    }

    func joined(_ other: Statements) -> Statements? {
        var both = self
        for (key, quantity) in other.said where !both.add(key, quantity) { return nil }
        return both
    }
}

/// The values a quantity may have.
struct Quantity {
    /// Values, as whole numbers (days, fen, thousandths) or as words.
    enum Values: Equatable {
        /// Ascending, apart from one another.
        case numbers([ClosedRange<Int64>])
        /// These words, or all but these.
        case words(Set<String>, isAllBut: Bool)
    }

    let values: Values
    /// Whether nothing on record is possible, too.
    let mayBeAbsent: Bool
    /// The values there are at all, where they are few; for denying.
    var universe: Values?
    /// Whether the quantity can be absent at all.
    var isOptional = false

    var isEmpty: Bool {
        if mayBeAbsent { return false }
        return switch values {
        case .numbers(let ranges): ranges.isEmpty
        case .words(let words, let isAllBut): !isAllBut && words.isEmpty
        }
    }

    func intersection(_ other: Quantity) -> Quantity {
        var both = Quantity(
            values: Self.intersection(values, other.values), mayBeAbsent: mayBeAbsent && other.mayBeAbsent)
        both.universe = universe ?? other.universe
        both.isOptional = isOptional && other.isOptional
        return both
    }

    /// Everything else.
    var denied: Quantity {
        var rest: Values
        switch values {
        case .numbers(let ranges):
            var gaps: [ClosedRange<Int64>] = []
            var next: Int64? = .min
            for range in ranges {
                if let start = next, range.lowerBound > start { gaps.append(start...(range.lowerBound - 1)) }
                next = range.upperBound == .max ? nil : range.upperBound + 1
            }
            if let start = next { gaps.append(start...(.max)) }
            rest = .numbers(gaps)
        case .words(let words, let isAllBut): rest = .words(words, isAllBut: !isAllBut)
        }
        if let universe { rest = Self.intersection(rest, universe) }
        var quantity = Quantity(values: rest, mayBeAbsent: isOptional && !mayBeAbsent)
        quantity.universe = universe
        quantity.isOptional = isOptional
        return quantity
    }

    static func intersection(_ one: Values, _ two: Values) -> Values {
        switch (one, two) {
        case (.numbers(let left), .numbers(let right)):
            return .numbers(
                left.flatMap { range in
                    right.compactMap { other in
                        let (low, high) = (
                            max(range.lowerBound, other.lowerBound), min(range.upperBound, other.upperBound)
                        )
                        return low <= high ? low...high : nil
                    }
                })
        case (.words(let left, let leftRest), .words(let right, let rightRest)):
            switch (leftRest, rightRest) {
            case (false, false): return .words(left.intersection(right), isAllBut: false)
            case (false, true): return .words(left.subtracting(right), isAllBut: false)
            case (true, false): return .words(right.subtracting(left), isAllBut: false)
            case (true, true): return .words(left.union(right), isAllBut: true)
            }
        default: return one
        }
    }
}
