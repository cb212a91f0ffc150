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
final class KnownDefinitions {
    struct Asked: Hashable {
        let definition: Int
        let isTrue: Bool
        let scope: TermScope
    }

    /// A value that a definition gives, and the values it may be among.
    struct Chosen: Hashable {
        let definition: Int
        let values: Quantity.Values
        let isTrue: Bool
        let scope: TermScope
    }

    var found: [Asked: [Statements]] = [:]
    /// Nil inside: it cannot be told.
    var chosen: [Chosen: [Statements]?] = [:]
}

/// What is said of one member of a list, or of every one.
struct Members {
    let range: String
    let text: String
    /// The ways in which such a member can be.
    let ways: [Statements]

    var key: String { "\(range): \(text)" }
}

/// What is said together about quantities and members, by a text that stands for each.
struct Statements {
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

    /// Both at once; nil when they leave no value of a quantity, or nobody who could be a member that is asked for.
    func joined(_ other: Statements) -> Statements? {
        // Before anything is copied: many do not agree.
        guard !contradicts(other) else { return nil }
        var both = self
        if said.count < other.said.count {
            both.said = other.said
            for (key, own) in said { both.said[key] = other.said[key].map(own.intersection) ?? own }
        } else {
            for (key, quantity) in other.said { both.said[key] = said[key]?.intersection(quantity) ?? quantity }
        }
        both.one.merge(other.one) { own, _ in own }
        both.every.merge(other.every) { own, _ in own }
        return both.one.values.allSatisfy(both.allows) ? both : nil
    }

    /// Whether the two leave no value of some quantity.
    private func contradicts(_ other: Statements) -> Bool {
        let (few, many) = said.count < other.said.count ? (said, other.said) : (other.said, said)
        return few.contains { key, quantity in many[key]?.excludes(quantity) ?? false }
    }

    /// Whether somebody can be the member that is asked for: one of its ways agrees with what is said of every member of the
    /// same list, and with what is said beside it.
    private func allows(_ member: Members) -> Bool {
        var beside = Statements()
        beside.said = said
        let all = every.filter { $0.value.range == member.range }
        guard !all.isEmpty else { return member.ways.contains { $0.agrees(with: beside) } }
        var ways = member.ways.compactMap { $0.joined(beside) }
        for (_, others) in all.sorted(by: { $0.key < $1.key }) {
            guard let both = Self.joined(ways, others.ways, most: Self.mostWays) else { continue }
            ways = both
        }
        return !ways.isEmpty
    }

    private func agrees(with other: Statements) -> Bool {
        one.isEmpty && other.one.isEmpty ? !contradicts(other) : joined(other) != nil
    }

    static func joined(_ left: [Statements], _ right: [Statements], most: Int) -> [Statements]? {
        guard left.count * right.count <= most else { return nil }
        return left.flatMap { one in right.compactMap { one.joined($0) } }
    }
}

/// The values a quantity may have.
struct Quantity {
    /// Values, as whole numbers (days, fen, thousandths) or as words.
    enum Values: Hashable {
        /// Ascending, apart from one another.
        case numbers([ClosedRange<Int64>])
        /// These words, or all but these.
        case words(Set<String>, isAllBut: Bool)
    }

    let values: Values
    /// Whether nothing on record is possible, too.
    var mayBeAbsent: Bool
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

    /// Whether no value is left with the other one.
    func excludes(_ other: Quantity) -> Bool {
        if mayBeAbsent && other.mayBeAbsent { return false }
        if case .words(let one, let oneRest) = values, case .words(let two, let twoRest) = other.values {
            return switch (oneRest, twoRest) {
            case (false, false): one.isDisjoint(with: two)
            case (false, true): one.isSubset(of: two)
            case (true, false): two.isSubset(of: one)
            case (true, true): false
            }
        }
        return intersection(other).isEmpty
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
