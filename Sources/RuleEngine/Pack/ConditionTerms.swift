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
            // Before the day itself the count is -1; nobody grows as old as 150.
            let all: Quantity.Values = .numbers([-1...(unit == .years && isBirth(date) ? 149 : .max)])
            let values = Quantity.intersection(.numbers(Self.ranges(relation, number)), all)
            var passed = quantity(values, isOptional: isOptional)
            passed.universe = all
            return (name, passed)
        case .hasFact(let entity, let fact):
            let definition = pack.vocabulary.facts[fact]
            var there = quantity(everything(of: definition), isOptional: true)
            there.universe = everything(of: definition)
            return ("fact \(definition.id) of \(key(entity))", there)
        default: return nil
        }
    }

    /// Whether a node is somebody's date of birth.
    private func isBirth(_ node: Int) -> Bool {
        guard case .fact(_, let fact) = expression.nodes[node].operation else { return false }
        return pack.vocabulary.facts[fact].id == FactVocabulary.birthDate
    }

    private func comparison(_ left: Int, _ relation: Relation, _ right: Int) -> (String, Quantity)? {
        let isOptional = isOptional(left) || isOptional(right)
        if let asked = asked(left, relation, right) {
            let (key, known) = said(asked.node, asked.values, isOptional)
            var compared = known
            // What is not there equals nothing.
            compared.mayBeAbsent = isOptional && relation == .notEqual
            return (key, compared)
        }
        switch expression.nodes[left].type.unwrapped {
        case .int, .decimal, .money, .date: break
        default: return nil
        }
        return signs(key(left), relation, key(right), isOptional: isOptional)
    }

    /// `x in ['a', 'b']`, `x in [1, 2]`
    private func membership(_ value: Int, _ list: Int) -> (String, Quantity)? {
        asked(value, in: list).map { said(value, $0.values, isOptional(value)) }
    }

    /// A value compared with constants.
    struct Asked {
        /// What is compared.
        let node: Int
        /// For which values the comparison holds.
        let values: Quantity.Values
        /// One of the constants: only values of its kind are meant.
        let sample: Value

        /// Whether it holds of a value; nil for one of another kind.
        func holds(of value: Value) -> Bool? {
            guard value.typeName == sample.typeName else { return nil }
            switch values {
            case .numbers(let ranges):
                return ConditionTerms.number(value).map { number in ranges.contains { $0.contains(number) } }
            case .words(let words, let isAllBut):
                return ConditionTerms.word(value).map { words.contains($0) != isAllBut }
            }
        }

        /// Whether values of the type are of the same kind as the constants.
        func isOf(_ type: ExpressionType) -> Bool {
            switch (type, sample) {
            case (.int, .int), (.decimal, .decimal), (.money, .money), (.date, .day), (.string, .string),
                (.code, .string):
                true
            default: false
            }
        }

        /// The values for which it holds (or does not), of those that there are.
        func said(isTrue: Bool, among all: Quantity.Values) -> Quantity.Values {
            let said = Quantity(values: Quantity.intersection(values, all), mayBeAbsent: false, universe: all)
            return isTrue ? said.values : said.denied.values
        }
    }

    /// What a node compares with constants; nil when it is no such comparison.
    func asked(_ node: Int) -> Asked? {
        guard case .call(let builtin, let operands) = expression.nodes[node].operation, operands.count == 2 else {
            return nil
        }
        if builtin == .isIn { return asked(operands[0], in: operands[1]) }
        return Relation(rawValue: builtin.rawValue).flatMap { asked(operands[0], $0, operands[1]) }
    }

    private func asked(_ left: Int, _ relation: Relation, _ right: Int) -> Asked? {
        func against(_ value: Value, _ node: Int, _ relation: Relation) -> Asked? {
            if let number = Self.number(value) {
                return Asked(node: node, values: .numbers(Self.ranges(relation, number)), sample: value)
            }
            guard let word = Self.word(value), relation == .equal || relation == .notEqual else { return nil }
            return Asked(node: node, values: .words([word], isAllBut: relation == .notEqual), sample: value)
        }
        if let value = expression.fixed(right), let found = against(value, left, relation) { return found }
        return expression.fixed(left).flatMap { against($0, right, relation.mirrored) }
    }

    private func asked(_ value: Int, in list: Int) -> Asked? {
        guard case .list(let items)? = expression.fixed(list), let first = items.first else { return nil }
        let numbers = items.compactMap(Self.number)
        if numbers.count == items.count {
            return Asked(node: value, values: .numbers(Set(numbers).sorted().map { $0...$0 }), sample: first)
        }
        let words = items.compactMap(Self.word)
        guard words.count == items.count else { return nil }
        return Asked(node: value, values: .words(Set(words), isAllBut: false), sample: first)
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

    func said(_ node: Int, _ values: Quantity.Values, _ isOptional: Bool) -> (String, Quantity) {
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

    private func number(_ node: Int) -> Int64? { expression.fixed(node).flatMap(Self.number) }

    static func number(_ value: Value) -> Int64? {
        switch value {
        case .int(let number), .decimal(let number): number
        case .money(let fen): fen.amount
        case .day(let day): Int64(day.dayNumber)
        default: nil
        }
    }

    static func word(_ value: Value) -> String? {
        if case .string(let word) = value { word } else { nil }
    }

    /// The values there are at all, by the vocabulary. Of codes none is taken: a condition that lists all of them repeats the
    /// document's words and asks that one is on record.
    private func universe(_ node: Int) -> Quantity.Values? {
        switch expression.nodes[node].operation {
        case .fact(_, let fact):
            let definition = pack.vocabulary.facts[fact]
            if case .int = definition.type { return everything(of: definition) }
            return nil
        case .calendar(.month): return .numbers([1...12])
        case .calendar(.quarter): return .numbers([1...4])
        // The years of days that anybody can write.
        case .calendar(.year), .call(.yearOf, _): return .numbers([1...9999])
        case .call(.size, _): return .numbers([0 ... .max])
        case .call(.modulo, let operands):
            guard case .int(let divisor)? = expression.fixed(operands[1]), divisor != 0 else { return nil }
            let most = Int64(clamping: divisor.magnitude - 1)
            return .numbers([-most...most])
        default: return nil
        }
    }

    /// Whether a node compares what is bounded by what it is, whatever is on record: a month of the year, a count, a time passed.
    func comparesBounded(_ node: Int) -> Bool {
        if case .elapsed = expression.nodes[node].operation { return true }
        guard let asked = asked(node) else { return false }
        switch expression.nodes[asked.node].operation {
        case .calendar, .call(.yearOf, _), .call(.size, _), .call(.modulo, _): return true
        default: return false
        }
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
