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

    private let pack: RulePack
    /// Whether derived facts stand for what their definitions say.
    private let looksBehind: Bool
    private let known = KnownDefinitions()

    init(_ pack: RulePack, looksBehind: Bool = true) {
        self.pack = pack
        self.looksBehind = looksBehind
    }

    /// Whether no facts can make all of these hold at once.
    func excludes(_ expressions: [CheckedExpression]) -> Bool { alternatives(of: expressions).isEmpty }

    /// Whether the last one holds whenever all the others do.
    func implies(_ others: [CheckedExpression], _ last: CheckedExpression) -> Bool {
        let known = alternatives(of: others)
        guard !known.isEmpty else { return false }
        return joined(known, alternatives(last, last.root, isTrue: false, TermScope()))?.isEmpty ?? false
    }

    private func alternatives(of expressions: [CheckedExpression]) -> [Statements] {
        expressions.reduce([Statements()]) { found, expression in
            let next = alternatives(expression, expression.root, isTrue: true, TermScope())
            return joined(found, next) ?? joinedByWhatIsSure(found, next)
        }
    }

    // MARK: Alternatives

    /// The ways in which a node can be true (or false).
    private func alternatives(
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
    private func told(
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
    private func plain(
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
    private func joined(_ left: [Statements], _ right: [Statements]) -> [Statements]? {
        Statements.joined(left, right, most: Self.mostAlternatives)
    }

    private func limited(_ all: [Statements]) -> [Statements]? { all.count <= Self.mostAlternatives ? all : nil }
}

/// Whom the names of an expression stand for, where it is looked at from inside another one.
struct TermScope: Hashable {
    /// What `self` is; nil = the subject of the rule.
    private(set) var subject: String?
    /// The members that macros bind, by their slots.
    private(set) var locals: [Int: String] = [:]
    private var depth = 0

    init() {}

    /// Inside a macro that calls each member in turn by this slot. The same depth has the same name, whatever the slot, so that
    /// two macros over the same people can be held against one another.
    func binding(_ slot: Int) -> TermScope {
        var inside = self
        inside.locals[slot] = "member \(depth)"
        inside.depth += 1
        return inside
    }

    /// Inside the definition of a derived fact of this subject.
    func inside(_ subject: String) -> TermScope {
        var inside = TermScope()
        inside.subject = subject
        inside.depth = depth
        return inside
    }
}

/// What definitions say, so that each is taken apart once.
private final class KnownDefinitions {
    struct Asked: Hashable {
        let definition: Int
        let isTrue: Bool
        let scope: TermScope
    }

    var found: [Asked: [Statements]] = [:]
}

/// What is said of one member of a list, or of every one.
private struct Members {
    let range: String
    let text: String
    /// The ways in which such a member can be.
    let ways: [Statements]

    var key: String { "\(range): \(text)" }
}

/// What is said together about quantities and members, by a text that stands for each.
private struct Statements {
    private var said: [String: Quantity] = [:]
    private var one: [String: Members] = [:]
    private var every: [String: Members] = [:]

    /// Ways of a member looked at; beyond it nobody is ruled out.
    private static let mostWays = 64

    init() {}

    init(_ members: Members, isOfEvery: Bool) {
        if isOfEvery { every[members.key] = members } else { one[members.key] = members }
    }

    /// Adds a statement; false when it leaves no value.
    mutating func add(_ key: String, _ quantity: Quantity) -> Bool {
        let both = said[key].map { $0.intersection(quantity) } ?? quantity
        said[key] = both
        return !both.isEmpty
    }

    /// What all of these say alike; nil when there are none, so that nothing can hold.
    static func saidByAll(_ all: [Statements]) -> Statements? {
        guard var sure = all.first else { return nil }
        for other in all.dropFirst() {
            sure.said = sure.said.filter { key, quantity in other.said[key].map(quantity.saysTheSame) ?? false }
            sure.one = sure.one.filter { other.one[$0.key] != nil }
            sure.every = sure.every.filter { other.every[$0.key] != nil }
        }
        return sure
    }

    func joined(_ other: Statements) -> Statements? {
        var both = self
        for (key, quantity) in other.said where !both.add(key, quantity) { return nil }
        both.one.merge(other.one) { own, _ in own }
        both.every.merge(other.every) { own, _ in own }
        return both.one.values.allSatisfy(both.allows) ? both : nil
    }

    /// Whether somebody can be the member that is asked for: one of its ways agrees with what is said of every member of the
    /// same list, and with what is said beside it.
    private func allows(_ member: Members) -> Bool {
        var beside = Statements()
        beside.said = said
        var ways = member.ways.compactMap { $0.joined(beside) }
        for (_, others) in every.sorted(by: { $0.key < $1.key }) where others.range == member.range {
            guard let both = Self.joined(ways, others.ways, most: Self.mostWays) else { continue }
            ways = both
        }
        return !ways.isEmpty
    }

    static func joined(_ left: [Statements], _ right: [Statements], most: Int) -> [Statements]? {
        guard left.count * right.count <= most else { return nil }
        return left.flatMap { one in right.compactMap { one.joined($0) } }
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

    func saysTheSame(as other: Quantity) -> Bool { values == other.values && mayBeAbsent == other.mayBeAbsent }

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
