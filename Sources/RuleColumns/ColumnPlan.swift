import CareDomain
import RuleEngine

/// What the rows of a column are: one per household, one per entity of a kind, or one per pair of entities of the same
/// household, the inner one changing fastest.
package enum Frame: Hashable, Sendable {
    case household
    case one(EntityKind)
    case two(EntityKind, EntityKind)

    /// The frame of these variables; nil for more than two.
    init?(_ kinds: [EntityKind]) {
        switch kinds.count {
        case 0: self = .household
        case 1: self = .one(kinds[0])
        case 2: self = .two(kinds[0], kinds[1])
        default: return nil
        }
    }

    var kinds: [EntityKind] {
        switch self {
        case .household: []
        case .one(let kind): [kind]
        case .two(let outer, let inner): [outer, inner]
        }
    }
}

/// A node as an operand of another: which of the user's variables are its own. In order; none for a household's value.
package struct PlanOperand: Hashable, Sendable {
    package let node: Int
    package let places: [Int]
}

/// The type of a column's values.
package enum PlanType: Hashable, Sendable {
    case bool, int, decimal, money, date, text, entity

    init?(_ type: ExpressionType) {
        switch type.unwrapped {
        case .bool: self = .bool
        case .int: self = .int
        case .decimal: self = .decimal
        case .money: self = .money
        case .date: self = .date
        case .string, .code: self = .text
        case .entity: self = .entity
        default: return nil
        }
    }
}

/// How a fact is read.
package enum FactReading: Hashable, Sendable { case value, has, onRecord }

/// How the elements of a list come together.
package enum Reduction: Hashable, Sendable { case exists, all, existsOne, count }

/// One operator over columns.
package enum PlanOperation: Hashable, Sendable {
    case constant(Cell)
    /// The row itself, as the value of an entity.
    case entity
    /// Place of the fact in `ColumnPlan.facts`.
    case fact(Int, FactReading)
    case and(PlanOperand, PlanOperand)
    case or(PlanOperand, PlanOperand)
    case not(PlanOperand)
    case conditional(PlanOperand, PlanOperand, PlanOperand)
    /// Two values of the same type; texts only for equality.
    case compared(Relation, PlanOperand, PlanOperand)
    /// One of these payloads.
    case isIn(PlanOperand, [Int64])
    /// Any other function of values.
    case call(Builtin, [PlanOperand], [PlanType], result: PlanType)
    case elapsed(ElapsedUnit, Relation, date: PlanOperand, bound: PlanOperand, shift: Int32)
    case reached(PlanOperand)
    case calendar(CalendarPart)
    case periodStart(PeriodPart, offset: Int64)
    /// Place of the parameter in `ColumnPlan.parameters`.
    case parameter(Int, [PlanOperand])
    case hasParameter(Int, [PlanOperand])
    /// True where the operand is known, otherwise the operand.
    case known(PlanOperand)
    /// Over the entities of the inner variable, those that are present.
    case reduced(Reduction, inner: EntityKind, present: PlanOperand, test: PlanOperand?)
    /// The parts of these payers: as payload the place of the shares in `BlockRun.shares`.
    case shares([PlanOperand], [Code])
    /// The body as it stood on a day.
    case at(day: PlanOperand, body: PlanOperand)
}

extension PlanOperation {
    /// What it stands upon.
    var operands: [PlanOperand] {
        switch self {
        case .constant, .entity, .fact, .calendar, .periodStart: []
        case .not(let one), .isIn(let one, _), .reached(let one), .known(let one): [one]
        case .and(let one, let two), .or(let one, let two), .compared(_, let one, let two), .at(let one, let two):
            [one, two]
        case .conditional(let test, let yes, let no): [test, yes, no]
        case .elapsed(_, _, let date, let bound, _): [date, bound]
        case .call(_, let arguments, _, _): arguments
        case .parameter(_, let keys), .hasParameter(_, let keys): keys
        case .reduced(_, _, let present, let test): [present] + (test.map { [$0] } ?? [])
        case .shares(let parts, _): parts
        }
    }
}

/// One node: an operator, and whose rows its column has.
package struct PlanNode: Hashable, Sendable {
    package let operation: PlanOperation
    package let frame: Frame
}

/// A parameter with the values in hand.
package struct PlanParameter: Hashable, Sendable {
    package let id: ParameterID
    /// Of two that cover a day the later one counts.
    package let values: [ParameterValue]
}

/// Operators in an order in which each stands after those it uses. What two rules, or two versions of a pack, have in common is
/// there once and computed once.
package struct ColumnPlan: Sendable {
    package private(set) var nodes: [PlanNode] = []
    package private(set) var facts: [FactColumnKey] = []
    package private(set) var parameters: [PlanParameter] = []
    /// Who pays, where the parts are fixed, by the payload of a rule's payer column.
    package private(set) var shares: [[PayerShare]] = []
    package var codes: CodeTable
    private var places: [PlanNode: Int] = [:]
    /// By node: whether so many rules ask for it that it is computed for all rows at once.
    private var eager: [Bool] = []
    /// By node: the name under which blocks may have its column ready made.
    private var kept: [String?] = []
    /// Places of the facts by `FactColumnKey.text`, where there are kept columns.
    private(set) var factPlaces: [String: Int] = [:]

    package init(codes: CodeTable) { self.codes = codes }

    mutating func node(_ operation: PlanOperation, _ frame: Frame) -> Int {
        let node = PlanNode(operation: operation, frame: frame)
        if let place = places[node] { return place }
        places[node] = nodes.count
        nodes.append(node)
        return nodes.count - 1
    }

    mutating func fact(_ key: FactColumnKey) -> Int {
        if let place = facts.firstIndex(of: key) { return place }
        facts.append(key)
        return facts.count - 1
    }

    mutating func parameter(_ parameter: PlanParameter) -> Int {
        if let place = parameters.firstIndex(of: parameter) { return place }
        for value in parameter.values {
            if case .string(let text) = Value(value.value) { _ = codes.number(of: text) }
        }
        parameters.append(parameter)
        return parameters.count - 1
    }

    mutating func payers(_ payers: [PayerShare]) -> Int {
        if let place = shares.firstIndex(of: payers) { return place }
        shares.append(payers)
        return shares.count - 1
    }

    /// Marks what several of these rules ask for.
    package mutating func share(among rules: [[RulePlan]]) {
        eager = users(of: rules).map { $0 >= 3 }
    }

    /// By node: how many of these rules stand upon it.
    func users(of rules: [[RulePlan]]) -> [Int] {
        var users = Array(repeating: 0, count: nodes.count)
        for versions in rules { for node in reached(versions) { users[node] += 1 } }
        return users
    }

    /// Marks what blocks may have ready made; it is then neither computed nor are its facts asked for. After `share`.
    /// - Parameter names: of columns that blocks keep.
    package mutating func take(_ names: Set<String>, for rules: [[RulePlan]]) {
        guard !names.isEmpty else { return }
        let own = self.names()
        kept = Array(repeating: nil, count: nodes.count)
        for node in reached(rules.flatMap(\.self), where: { own[$0].map { !names.contains($0) } ?? true }) {
            guard let name = own[node], names.contains(name) else { continue }
            kept[node] = name
            eager[node] = true
        }
        for (place, key) in facts.enumerated() { factPlaces[key.text] = place }
    }

    /// The columns that rules stand upon.
    package func wish(for rules: [[RulePlan]]) -> BlockWish {
        let rules = rules.flatMap(\.self)
        let besides = reached(rules) { keptName($0) == nil }
        return BlockWish(
            facts: keys(reached(rules)), besides: keys(besides), kept: Set(besides.compactMap(keptName)))
    }

    private func keys(_ nodes: [Int]) -> [FactColumnKey] {
        let places = nodes.compactMap { node in
            if case .fact(let place, _) = self.nodes[node].operation { place } else { nil }
        }
        return Set(places).sorted().map { facts[$0] }
    }

    /// The nodes that some rules stand upon, each once.
    /// - Parameter goesOn: whether what a node stands upon is looked at.
    private func reached(_ rules: [RulePlan], where goesOn: (Int) -> Bool = { _ in true }) -> [Int] {
        var seen = Array(repeating: false, count: nodes.count)
        var open = rules.flatMap { $0.operands.compactMap(\.?.node) }
        var found: [Int] = []
        while let node = open.popLast() {
            guard !seen[node] else { continue }
            seen[node] = true
            found.append(node)
            if goesOn(node) { open += nodes[node].operation.operands.map(\.node) }
        }
        return found
    }

    @inline(__always)
    func keptName(_ node: Int) -> String? { node < kept.count ? kept[node] : nil }

    @inline(__always)
    func isEager(_ node: Int) -> Bool { node < eager.count && eager[node] }

    /// The value, where the node is a constant.
    func constant(_ operand: PlanOperand) -> Cell? {
        if case .constant(let cell) = nodes[operand.node].operation { cell } else { nil }
    }

    mutating func constant(_ cell: Cell) -> PlanOperand {
        PlanOperand(node: node(.constant(cell), .household), places: [])
    }
}
