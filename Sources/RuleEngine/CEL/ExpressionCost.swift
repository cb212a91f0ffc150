import CareDomain

/// How many steps one evaluation of an expression can take, worked out from its text alone.
///
/// Macros within one another multiply: over a list that is written out by its length, over the people or incidents of a
/// household by the largest one reckoned with. A derived fact is worked out once for each of whom it is asked.
package struct ExpressionCost: Hashable, Sendable {
    /// Steps of the expression itself.
    var steps = 0
    /// Steps of derived facts as they stood on other days, where a macro over a written list names the days.
    var elsewhere = 0
    /// Derived facts behind it, directly or through others.
    var uses: Set<Int> = []
    /// Those of them that are asked for on another day.
    var usesElsewhere: Set<Int> = []
    /// How large its value can be.
    var size = Size()

    /// How large a value can be; a number, a day or an entity weighs nothing.
    struct Size: Hashable, Sendable {
        /// Steps it takes to look at all of it, as `Value.weight` counts them.
        var weight = 0
        /// Elements of a list or keys of a map.
        var items = 0
        /// The heaviest of them.
        var item = 0
        /// Whether the elements are people or incidents of a household.
        var isOfHousehold = false

        static func list(_ items: Int, of item: Int) -> Size {
            Size(weight: ExpressionCost.product(items, 1 + item), items: items, item: item)
        }

        func covering(_ other: Size) -> Size {
            Size(
                weight: max(weight, other.weight), items: max(items, other.items), item: max(item, other.item),
                isOfHousehold: isOfHousehold && other.isOfHousehold)
        }
    }

    /// Both, one after the other; the size is the second one's.
    func adding(_ other: ExpressionCost) -> ExpressionCost {
        ExpressionCost(
            steps: steps + other.steps, elsewhere: elsewhere + other.elsewhere, uses: uses.union(other.uses),
            usesElsewhere: usesElsewhere.union(other.usesElsewhere), size: other.size)
    }

    /// A number beyond every limit, small enough to be added to itself thousands of times.
    private static let endless = 1 << 40

    static func product(_ one: Int, _ two: Int) -> Int {
        one == 0 || two == 0 ? 0 : one > endless / two ? endless : one * two
    }
}

/// Works the cost of one checked expression out.
struct CostMeter {
    private let nodes: [CheckedExpression.Node]
    private let derived: [CheckScope.Derived]
    private var locals: [Int: ExpressionCost.Size] = [:]
    /// The innermost part that takes more steps than an evaluation has; nil = none does.
    private(set) var tooDear: Int?

    init(_ nodes: [CheckedExpression.Node], derived: [CheckScope.Derived]) {
        self.nodes = nodes
        self.derived = derived
    }

    /// All steps, with the derived facts behind it.
    func total(_ cost: ExpressionCost) -> Int { cost.steps + cost.elsewhere + behind(cost.uses) }

    private func behind(_ uses: Set<Int>) -> Int {
        uses.reduce(0) { sum, index in
            let one = derived[index]
            let times = one.subject == .person || one.subject == .incident ? ExpressionLimits.household : 1
            return sum + ExpressionCost.product(times, one.cost.steps) + one.cost.elsewhere
        }
    }

    /// The cost of a node with everything below it.
    mutating func cost(_ node: Int) -> ExpressionCost {
        var cost = below(node)
        cost.steps += 1
        if tooDear == nil, total(cost) > ExpressionLimits.steps { tooDear = node }
        return cost
    }

    private mutating func below(_ node: Int) -> ExpressionCost {
        let operation = nodes[node].operation
        switch operation {
        case .constant(let value): return sized(Self.size(of: value))
        case .local(let slot): return sized(locals[slot] ?? textSize(node))
        case .household, .subject, .reading, .calendar: return sized(textSize(node))
        case .members, .family, .incidents:
            var size = ExpressionCost.Size.list(ExpressionLimits.household, of: 0)
            size.isOfHousehold = true
            return sized(size)
        case .fact(let one, _), .hasFact(let one, _), .onRecord(let one, _), .not(let one), .reached(let one):
            return sum([one], textSize(node))
        case .derived(let entity, let definition): return derived(definition, of: entity)
        case .parameter(_, let keys), .hasParameter(_, let keys): return sum(keys, textSize(node))
        case .periodStart(_, let offset): return sum(offset.map { [$0] } ?? [], ExpressionCost.Size())
        case .and(let left, let right), .or(let left, let right), .elapsed(_, _, let left, let right):
            return sum([left, right], ExpressionCost.Size())
        case .select(let base, _), .hasKey(let base, _):
            var cost = self.cost(base)
            cost.size = element(of: cost.size)
            return cost
        case .conditional(let test, let yes, let no):
            let (one, two) = (cost(yes), cost(no))
            var either = one.adding(two)
            either.steps = max(one.steps, two.steps)
            either.size = one.size.covering(two.size)
            return cost(test).adding(either)
        case .call(let builtin, let arguments): return call(builtin, arguments, node)
        case .list(let items): return collected(items)
        case .map(let keys, let values): return collected(keys).adding(collected(values))
        case .comprehension(let macro, let range, let slot, let predicate, let transform):
            return comprehension(macro, range, slot, predicate, transform)
        case .atDay(let day, let body):
            let inside = cost(body)
            var cost = self.cost(day).adding(inside)
            cost.usesElsewhere.formUnion(inside.uses)
            return cost
        }
    }

    private func sized(_ size: ExpressionCost.Size) -> ExpressionCost { ExpressionCost(size: size) }

    private mutating func sum(_ operands: [Int], _ size: ExpressionCost.Size) -> ExpressionCost {
        var sum = ExpressionCost()
        for operand in operands { sum = sum.adding(cost(operand)) }
        sum.size = size
        return sum
    }

    private mutating func collected(_ items: [Int]) -> ExpressionCost {
        var sum = ExpressionCost()
        var heaviest = 0
        for item in items {
            sum = sum.adding(cost(item))
            heaviest = max(heaviest, sum.size.weight)
        }
        sum.size = .list(items.count, of: heaviest)
        return sum
    }

    private mutating func derived(_ definition: Int, of entity: Int) -> ExpressionCost {
        let known = derived[definition].cost
        var cost = self.cost(entity)
        cost.uses.formUnion(known.uses.union([definition]))
        cost.usesElsewhere.formUnion(known.usesElsewhere)
        cost.size = known.size
        return cost
    }

    private mutating func call(_ builtin: Builtin, _ arguments: [Int], _ node: Int) -> ExpressionCost {
        var sum = ExpressionCost()
        var sizes: [ExpressionCost.Size] = []
        for argument in arguments {
            sum = sum.adding(cost(argument))
            sizes.append(sum.size)
            if builtin.looksThrough || sum.size.items == 0 { sum.steps += sum.size.weight }
        }
        if builtin == .contains, sizes.count == 2 {
            sum.steps += ExpressionCost.product(ExpressionCost.product(4, sizes[0].weight), sizes[1].weight)
        }
        switch builtin {
        case .add:
            sum.size = ExpressionCost.Size(
                weight: sizes.reduce(0) { $0 + $1.weight }, items: sizes.reduce(0) { $0 + $1.items },
                item: sizes.map(\.item).max() ?? 0)
        case .index: sum.size = element(of: sizes.first ?? ExpressionCost.Size())
        case .dyn: break
        default:
            sum.size = textSize(node)
            if case .string = nodes[node].type { sum.size.weight += sizes.map(\.weight).max() ?? 0 }
        }
        return sum
    }

    private mutating func comprehension(
        _ macro: Syntax.Macro, _ range: Int, _ slot: Int, _ predicate: Int?, _ transform: Int?
    ) -> ExpressionCost {
        let list = cost(range)
        let outside = locals[slot]
        locals[slot] = element(of: list.size)
        defer { locals[slot] = outside }
        let test = predicate.map { cost($0) } ?? ExpressionCost()
        let made = transform.map { cost($0) }
        var body = test.adding(made ?? ExpressionCost())
        let count = list.size.items
        body.steps = ExpressionCost.product(count, body.steps)
        if !list.size.isOfHousehold {
            // Derived facts are kept for a day: where each element names another one, they are worked out for each.
            body.elsewhere = ExpressionCost.product(count, body.elsewhere + behind(body.usesElsewhere))
        }
        var whole = list.adding(body)
        switch macro {
        case .all, .exists, .existsOne: whole.size = ExpressionCost.Size()
        case .filter: whole.size = list.size
        case .map: whole.size = .list(count, of: made?.size.weight ?? list.size.item)
        }
        return whole
    }

    private func element(of size: ExpressionCost.Size) -> ExpressionCost.Size {
        ExpressionCost.Size(weight: size.item, items: size.item, item: size.item)
    }

    // MARK: Sizes

    /// Longest text of a fact or a parameter that is reckoned with, in the unit in which texts count.
    private static let factText = 8

    /// Of a value of which only the type is known.
    private func textSize(_ node: Int) -> ExpressionCost.Size {
        switch nodes[node].type.unwrapped {
        case .code(let codes): ExpressionCost.Size(weight: (codes.map(\.utf8.count).max() ?? 0) / 16)
        case .string, .bytes: ExpressionCost.Size(weight: Self.factText)
        default: ExpressionCost.Size()
        }
    }

    private static func size(of value: Value) -> ExpressionCost.Size {
        let limit = ExpressionLimits.steps
        switch value {
        case .list(let items): return .list(items.count, of: items.map { $0.weight(limit: limit) }.max() ?? 0)
        default: return ExpressionCost.Size(weight: value.weight(limit: limit))
        }
    }
}
