import CareDomain

/// Reads statements about quantities out of one expression's nodes.
struct ConditionTerms {
    private let expression: CheckedExpression
    private let pack: RulePack
    private let scope: TermScope

    init(_ expression: CheckedExpression, _ pack: RulePack, _ scope: TermScope = TermScope()) {
        self.expression = expression
        self.pack = pack
        self.scope = scope
    }

    /// What a node says about one quantity, and a text that stands for it; nil when it is no such statement.
    func quantity(_ node: Int) -> (key: String, said: Quantity)? {
        switch expression.nodes[node].operation {
        case .call(let builtin, let operands) where operands.count == 2:
            if builtin == .isIn { return membership(operands[0], operands[1]) }
            guard let relation = Relation(rawValue: builtin.rawValue) else { return nil }
            return comparison(operands[0], relation, operands[1])
        case .elapsed(let unit, let relation, let date, let bound):
            let isOptional = isOptional(date)
            let name = "\(unit.rawValue) since \(key(date))"
            guard let number = number(bound) else {
                return signs(name, relation, key(bound), isOptional: isOptional || self.isOptional(bound))
            }
            return (name, quantity(.numbers(Self.ranges(relation, number)), isOptional: isOptional))
        case .hasFact(let entity, let fact):
            let definition = pack.vocabulary.facts[fact]
            var there = quantity(everything(of: definition), isOptional: true)
            there.universe = everything(of: definition)
            return ("fact \(definition.id) of \(key(entity))", there)
        default: return nil
        }
    }

    private func comparison(_ left: Int, _ relation: Relation, _ right: Int) -> (String, Quantity)? {
        let isOptional = isOptional(left) || isOptional(right)
        if let number = number(right) {
            return said(left, .numbers(Self.ranges(relation, number)), isOptional)
        }
        if let number = number(left) {
            return said(right, .numbers(Self.ranges(relation.mirrored, number)), isOptional)
        }
        if relation == .equal || relation == .notEqual {
            let isNot = relation == .notEqual
            if let word = word(right) { return said(left, .words([word], isAllBut: isNot), isOptional) }
            if let word = word(left) { return said(right, .words([word], isAllBut: isNot), isOptional) }
        }
        switch expression.nodes[left].type.unwrapped {
        case .int, .decimal, .money, .date: break
        default: return nil
        }
        return signs(key(left), relation, key(right), isOptional: isOptional)
    }

    /// `x in ['a', 'b']`, `x in [1, 2]`
    private func membership(_ value: Int, _ list: Int) -> (String, Quantity)? {
        let items: [Value]
        switch expression.nodes[list].operation {
        case .constant(.list(let constants)): items = constants
        case .list(let nodes):
            items = nodes.compactMap { expression.nodes[$0].operation.constant }
            guard items.count == nodes.count else { return nil }
        default: return nil
        }
        let numbers = items.compactMap(Self.number)
        if numbers.count == items.count, !items.isEmpty {
            let ranges = Set(numbers).sorted().map { $0...$0 }
            return said(value, .numbers(ranges), isOptional(value))
        }
        let words = items.compactMap(Self.word)
        return words.count == items.count && !items.isEmpty
            ? said(value, .words(Set(words), isAllBut: false), isOptional(value)) : nil
    }

    /// Two quantities compared with one another: the sign of their difference.
    private func signs(
        _ left: String, _ relation: Relation, _ right: String, isOptional: Bool
    ) -> (String, Quantity) {
        let isTurned = right < left
        let relation = isTurned ? relation.mirrored : relation
        let allowed = Self.ranges(relation, 0)
        let signs: Quantity.Values = .numbers([-1...(-1), 0...0, 1...1])
        var quantity = quantity(
            Quantity.intersection(.numbers(allowed), signs), isOptional: isOptional)
        quantity.universe = signs
        return (isTurned ? "\(right) against \(left)" : "\(left) against \(right)", quantity)
    }

    private func said(_ node: Int, _ values: Quantity.Values, _ isOptional: Bool) -> (String, Quantity) {
        var said = quantity(values, isOptional: isOptional)
        if let universe = universe(node) {
            said = Quantity(
                values: Quantity.intersection(values, universe), mayBeAbsent: said.mayBeAbsent, universe: universe,
                isOptional: said.isOptional)
        }
        return (key(node), said)
    }

    private func quantity(_ values: Quantity.Values, isOptional: Bool) -> Quantity {
        Quantity(values: values, mayBeAbsent: false, universe: nil, isOptional: isOptional)
    }

    // MARK: Values

    private static func ranges(_ relation: Relation, _ number: Int64) -> [ClosedRange<Int64>] {
        let below: [ClosedRange<Int64>] = number == .min ? [] : [.min...(number - 1)]
        let above: [ClosedRange<Int64>] = number == .max ? [] : [(number + 1)...(.max)]
        return switch relation {
        case .less: below
        case .lessOrEqual: below + [number...number]
        case .greater: above
        case .greaterOrEqual: [number...number] + above
        case .equal: [number...number]
        case .notEqual: below + above
        }
    }

    private func number(_ node: Int) -> Int64? {
        switch expression.nodes[node].operation {
        case .call(.yuan, let operands): number(operands[0]).flatMap { $0.multipliedExactly(by: 100) }
        case .call(.fen, let operands): number(operands[0])
        case .call(.date, let operands): word(operands[0]).flatMap { CivilDay(parsing: $0) }.map { Int64($0.dayNumber) }
        default: expression.nodes[node].operation.constant.flatMap(Self.number)
        }
    }

    private func word(_ node: Int) -> String? { expression.nodes[node].operation.constant.flatMap(Self.word) }

    private static func number(_ value: Value) -> Int64? {
        switch value {
        case .int(let number), .decimal(let number): number
        case .money(let fen): fen.amount
        case .day(let day): Int64(day.dayNumber)
        default: nil
        }
    }

    private static func word(_ value: Value) -> String? {
        if case .string(let word) = value { word } else { nil }
    }

    /// The values there are at all, by the vocabulary. Of codes none is taken: a condition that lists all of them repeats the
    /// document's words and asks that one is on record.
    private func universe(_ node: Int) -> Quantity.Values? {
        guard case .fact(_, let fact) = expression.nodes[node].operation else { return nil }
        let definition = pack.vocabulary.facts[fact]
        if case .int = definition.type { return everything(of: definition) }
        return nil
    }

    private func everything(of fact: FactDefinition) -> Quantity.Values {
        switch fact.type {
        case .int(let range): .numbers([range])
        case .code(let codes): .words(Set(codes.map(\.rawValue)), isAllBut: false)
        case .decimal, .date, .money: .numbers([.min ... .max])
        case .bool, .reference, .division: .words([], isAllBut: true)
        }
    }

    private func isOptional(_ node: Int) -> Bool {
        if case .optional = expression.nodes[node].type { true } else { false }
    }

    // MARK: Names

    /// A text that is the same for the same quantity in every expression of one rule.
    func key(_ node: Int) -> String {
        func keys(_ nodes: [Int]) -> String { nodes.map(key).joined(separator: ", ") }
        switch expression.nodes[node].operation {
        case .constant(let value): return "\(value)"
        case .local(let slot): return scope.locals[slot] ?? "local \(slot)"
        case .household: return "household"
        // The household itself when the rule is asked for households.
        case .subject:
            return expression.nodes[node].type == .entity(.household) ? "household" : scope.subject ?? "self"
        case .members: return "members"
        case .family: return "family"
        case .incidents: return "incidents"
        case .fact(let entity, let fact): return "fact \(pack.vocabulary.facts[fact].id) of \(key(entity))"
        case .hasFact(let entity, let fact): return "has \(pack.vocabulary.facts[fact].id) of \(key(entity))"
        case .onRecord(let entity, let fact): return "on record \(pack.vocabulary.facts[fact].id) of \(key(entity))"
        case .derived(let entity, let definition): return "\(pack.definitions[definition].id) of \(key(entity))"
        case .reading(let index): return "reading \(index)"
        case .parameter(let index, let given): return "parameter \(index)[\(keys(given))]"
        case .hasParameter(let index, let given): return "has parameter \(index)[\(keys(given))]"
        case .select(let value, let field): return "\(key(value)).\(field)"
        case .hasKey(let value, let field): return "has \(key(value)).\(field)"
        case .and(let left, let right): return "(\(key(left)) && \(key(right)))"
        case .or(let left, let right): return "(\(key(left)) || \(key(right)))"
        case .not(let operand): return "!\(key(operand))"
        case .conditional(let condition, let yes, let no): return "(\(keys([condition, yes, no])))"
        case .call(let builtin, let operands): return "\(builtin.rawValue)(\(keys(operands)))"
        case .list(let items): return "[\(keys(items))]"
        case .map(let names, let values): return "{\(keys(names)): \(keys(values))}"
        case .comprehension(let macro, let range, let slot, let predicate, let transform):
            let inside = ConditionTerms(expression, pack, scope.binding(slot))
            let parts = [predicate, transform].compactMap { $0 }.map(inside.key).joined(separator: ", ")
            return "\(macro)(\(key(range)), \(parts))"
        case .elapsed(let unit, let relation, let date, let bound):
            return "\(unit.rawValue) since \(key(date)) \(relation.rawValue) \(key(bound))"
        case .reached(let day): return "reached \(key(day))"
        case .periodStart(let part, let offset): return "\(part.rawValue)(\(offset.map(key) ?? ""))"
        case .calendar(let part): return "calendar \(part.rawValue)"
        case .atDay(let day, let body): return "at(\(key(day)), \(key(body)))"
        }
    }
}

extension Int64 {
    /// The product; nil when it cannot be held.
    fileprivate func multipliedExactly(by factor: Int64) -> Int64? {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }
}
