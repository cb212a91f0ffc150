import CareDomain

/// Resolves names, types and overloads of a parsed expression.
package struct Checker {
    let scope: CheckScope
    var nodes: [CheckedExpression.Node] = []
    /// Visible variables: the scope's, then those of the macros around.
    var locals: [(name: String, type: ExpressionType)]
    var slots: Int
    var usedReadings: Set<Int> = []

    /// Checks an expression text.
    /// - Parameter expected: the type the value must have; nil = any.
    /// - Throws: `ExpressionIssue` with the place and what to do; retrying does not help.
    package static func check(
        _ source: String, in scope: CheckScope, expected: ExpressionType? = nil
    ) throws(ExpressionIssue) -> CheckedExpression {
        try check(Parser.parse(source), source: source, in: scope, expected: expected)
    }

    /// Checks a parsed expression.
    static func check(
        _ tree: Syntax, source: String, in scope: CheckScope, expected: ExpressionType? = nil
    ) throws(ExpressionIssue) -> CheckedExpression {
        guard tree.depth <= ExpressionLimits.depth else { throw Parser.tooLarge(tree.offset) }
        var checker = Checker(scope)
        let root = try checker.node(tree, Guards())
        let type = checker.nodes[root].type
        if case .optional = type { throw checker.absent(tree) }
        if let expected, !type.fits(expected) {
            throw ExpressionIssue(
                "expression.type", at: tree.offset,
                problem: Wording("结果类型是 \(type)，这里需要 \(expected)", "the value is \(type), \(expected) is needed here"),
                advice: expected == .money
                    ? Wording("金额写成 care.yuan(…) 或 care.fen(…)", "write sums as care.yuan(…) or care.fen(…)")
                    : Wording("改写成 \(expected) 类型", "rewrite it to give \(expected)"))
        }
        return CheckedExpression(
            nodes: checker.nodes, root: root, source: source, slots: checker.slots,
            readings: checker.usedReadings.sorted(), cost: try checker.cost(root))
    }

    /// What an evaluation takes; what cannot end within its steps is refused before anybody waits for it.
    private func cost(_ root: Int) throws(ExpressionIssue) -> ExpressionCost {
        guard scope.isStrict else { return ExpressionCost() }
        var meter = CostMeter(nodes, derived: scope.derived)
        let cost = meter.cost(root)
        guard let place = meter.tooDear else { return cost }
        let limit = ExpressionLimits.steps
        throw ExpressionIssue(
            "expression.too_costly", at: nodes[place].offset,
            problem: Wording(
                "一次计算可能要 \(meter.total(cost)) 步，上限是 \(limit) 步",
                "one evaluation may take \(meter.total(cost)) steps, the limit is \(limit)"),
            advice: Wording(
                "缩短列表，或少套几层 all、exists、map、filter", "shorten the lists, or nest fewer all, exists, map, filter"))
    }

    private init(_ scope: CheckScope) {
        self.scope = scope
        locals = scope.variables
        slots = scope.variables.count
    }

    mutating func add(_ operation: Operation, _ type: ExpressionType, _ tree: Syntax) -> Int {
        let type = scope.checksTypes ? type : .dyn
        nodes.append(CheckedExpression.Node(operation: operation, type: type, offset: tree.offset))
        return nodes.count - 1
    }

    /// Refuses the expression, or leaves the error to the evaluation where types are not checked.
    mutating func refuse(
        _ issue: ExpressionIssue, _ error: EvaluationError, _ tree: Syntax
    ) throws(ExpressionIssue) -> Int {
        if scope.checksTypes { throw issue }
        return add(.constant(.error(error)), .dyn, tree)
    }

    func issue(
        _ code: String, _ tree: Syntax, _ chinese: String, _ english: String, advice: Wording
    ) -> ExpressionIssue {
        ExpressionIssue(code, at: tree.offset, problem: Wording(chinese, english), advice: advice)
    }

    func absent(_ tree: Syntax) -> ExpressionIssue {
        issue(
            "expression.may_be_absent", tree, "这一项可能没有记录", "this may not be on record",
            advice: Wording("先用 has(…) && … 判断，或用 == / in 比较", "guard it with has(…) && …, or compare with == or in"))
    }

    mutating func node(_ tree: Syntax, _ guards: Guards) throws(ExpressionIssue) -> Int {
        switch tree.kind {
        case .literal(let literal): return literalNode(literal, tree)
        case .identifier(let name): return try identifier(name, tree)
        case .select(let operand, let field): return try select(operand, field, tree, guards)
        case .has(let operand, let field): return try has(operand, field, tree, guards)
        case .call("&&", let sides): return try logical(sides, isAnd: true, tree, guards)
        case .call("||", let sides): return try logical(sides, isAnd: false, tree, guards)
        case .call("!", let sides):
            let operand = try condition(sides[0], guards)
            return add(.not(operand), .bool, tree)
        case .call(let name, let arguments): return try call(name, arguments, tree, guards)
        case .method(let target, let name, let arguments):
            return try method(target, name, arguments, tree, guards)
        case .list(let elements):
            let items = try values(elements, guards)
            if scope.isStrict, let first = items.first,
                let place = items.firstIndex(where: { nodes[first].type.isUnlike(nodes[$0].type) })
            {
                throw issue(
                    "expression.type", elements[place],
                    "列表里的类型不同：\(nodes[first].type) 和 \(nodes[items[place]].type)",
                    "the list holds different types: \(nodes[first].type) and \(nodes[items[place]].type)",
                    advice: Wording("改成同一种类型", "make them of one type"))
            }
            // A list of constants is made once, not at each evaluation.
            let constants = items.compactMap { nodes[$0].operation.constant }
            return add(
                constants.count == items.count ? .constant(.list(constants)) : .list(items), .list(joined(items)), tree)
        case .map(let entries):
            let keys = try values(entries.map(\.0), guards)
            let contents = try values(entries.map(\.1), guards)
            return add(.map(keys: keys, values: contents), .map(joined(keys), joined(contents)), tree)
        case .conditional(let test, let yes, let no):
            let testNode = try condition(test, guards)
            let yesNode = try value(yes, guards.adding(Guards.whenTrue(test)))
            let noNode = try value(no, guards.adding(Guards.whenFalse(test)))
            let (yesType, noType) = (nodes[yesNode].type, nodes[noNode].type)
            let type = yesType.joined(noType)
            if scope.isStrict, yesType.isUnlike(noType) {
                throw issue(
                    "expression.type", no, "两个分支的类型不同：\(yesType) 和 \(noType)",
                    "the branches differ in type: \(yesType) and \(noType)",
                    advice: yesType == .money || noType == .money
                        ? Wording("金额写成 care.yuan(…) 或 care.fen(…)", "write sums as care.yuan(…) or care.fen(…)")
                        : Wording("改成同一种类型", "make them of one type"))
            }
            return add(.conditional(testNode, yesNode, noNode), type, tree)
        case .comprehension(let macro, let range, let variable, let predicate, let transform):
            return try comprehension(macro, range, variable, predicate, transform, tree, guards)
        case .atDay(let day, let body):
            let dayNode = try value(day, guards)
            guard nodes[dayNode].type.fits(.date) else { throw mismatch("care.at", day, nodes[dayNode].type) }
            // Guards of this day say nothing about another.
            let bodyNode = try value(body, Guards())
            return add(.atDay(day: dayNode, body: bodyNode), nodes[bodyNode].type, tree)
        }
    }

    /// The type that covers all of the nodes.
    private func joined(_ indexes: [Int]) -> ExpressionType {
        indexes.reduce(ExpressionType.open) { $0.joined(nodes[$1].type) }
    }

    /// A node whose value is surely there.
    mutating func value(_ tree: Syntax, _ guards: Guards) throws(ExpressionIssue) -> Int {
        let index = try node(tree, guards)
        if case .optional = nodes[index].type { throw absent(tree) }
        return index
    }

    mutating func values(_ trees: [Syntax], _ guards: Guards) throws(ExpressionIssue) -> [Int] {
        var list: [Int] = []
        for tree in trees { list.append(try value(tree, guards)) }
        return list
    }

    mutating func condition(_ tree: Syntax, _ guards: Guards) throws(ExpressionIssue) -> Int {
        let index = try value(tree, guards)
        guard nodes[index].type.fits(.bool) else {
            throw issue(
                "expression.type", tree, "这里需要真假值，却是 \(nodes[index].type)",
                "a bool is needed here, this is \(nodes[index].type)",
                advice: Wording("加上比较，例如 == 或 >=", "add a comparison such as == or >="))
        }
        return index
    }

    func mismatch(_ name: String, _ tree: Syntax, _ types: ExpressionType...) -> ExpressionIssue {
        let listed = types.map(\.description).joined(separator: ", ")
        return issue(
            "expression.type", tree, "\(name) 不能用于 (\(listed))", "\(name) does not take (\(listed))",
            advice: Wording("检查类型和单位", "check types and units"))
    }

    private mutating func literalNode(_ literal: Syntax.Literal, _ tree: Syntax) -> Int {
        switch literal {
        case .null: add(.constant(.null), .null, tree)
        case .bool(let value): add(.constant(.bool(value)), .bool, tree)
        case .int(let value): add(.constant(.int(value)), .int, tree)
        case .uint(let value): add(.constant(.uint(value)), .uint, tree)
        case .double(let value): add(.constant(.double(value)), .double, tree)
        case .string(let value): add(.constant(.string(value)), .string, tree)
        case .bytes(let value): add(.constant(.bytes(value)), .bytes, tree)
        }
    }

    private mutating func logical(
        _ sides: [Syntax], isAnd: Bool, _ tree: Syntax, _ guards: Guards
    ) throws(ExpressionIssue) -> Int {
        let left = try condition(sides[0], guards)
        let learned = isAnd ? Guards.whenTrue(sides[0]) : Guards.whenFalse(sides[0])
        let right = try condition(sides[1], guards.adding(learned))
        return add(isAnd ? .and(left, right) : .or(left, right), .bool, tree)
    }

    private mutating func comprehension(
        _ macro: Syntax.Macro, _ range: Syntax, _ variable: String, _ predicate: Syntax?, _ transform: Syntax?,
        _ tree: Syntax, _ guards: Guards
    ) throws(ExpressionIssue) -> Int {
        let rangeNode = try value(range, guards)
        let element: ExpressionType
        switch nodes[rangeNode].type {
        case .list(let type): element = type.element
        case .map(let key, _): element = key.element
        case .dyn: element = .dyn
        default: throw mismatch(macro.rawValue, range, nodes[rangeNode].type)
        }
        let slot = locals.count
        locals.append((variable, element))
        slots = max(slots, locals.count)
        defer { locals.removeLast() }
        // A guard on a name of the outer scope does not hold for the inner variable of the same name.
        let inside = guards.removing(variable)
        var predicateNode: Int?
        if let predicate { predicateNode = try condition(predicate, inside) }
        var transformNode: Int?
        var type = ExpressionType.bool
        if let transform {
            let learned = predicate.map { inside.adding(Guards.whenTrue($0)) } ?? inside
            transformNode = try value(transform, learned)
            type = .list(nodes[transformNode!].type)
        } else if macro == .filter {
            type = .list(element)
        }
        let operation = Operation.comprehension(
            macro, range: rangeNode, slot: slot, predicate: predicateNode, transform: transformNode)
        return add(operation, type, tree)
    }
}
