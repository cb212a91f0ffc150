import CareDomain
import RuleEngine

extension PlanCompiler {
    /// Compiles one node of an expression.
    mutating func compile(
        _ index: Int, _ expression: CheckedExpression, _ scope: Scope
    ) throws(NotColumnar) -> Term {
        let node = expression.nodes[index]
        parts += 1
        // What may take more steps than an evaluation has is left to the evaluation, which ends at its limit.
        guard parts <= ExpressionLimits.steps else { throw NotColumnar(what: "macros over too many constants") }
        switch node.operation {
        case .constant(let value): return try constant(value)
        case .local(let slot):
            guard let term = scope.locals[slot] else { throw NotColumnar(what: "a variable of the caller") }
            return term
        case .household: return .entity(nil)
        case .subject: return scope.subject
        case .members: return try persons(FactVocabulary.role, scope)
        case .family: return try persons(FactVocabulary.familyRole, scope)
        case .incidents:
            return .list(ListTerm(kind: .incident, present: plan.constant(.bool(true)), element: nil))
        case .fact(let entity, let fact): return try read(entity, fact, .value, node, expression, scope)
        case .hasFact(let entity, let fact): return try read(entity, fact, .has, node, expression, scope)
        case .onRecord(let entity, let fact): return try read(entity, fact, .onRecord, node, expression, scope)
        case .derived(let entity, let definition): return try derived(entity, definition, node, expression, scope)
        case .reading(let place): return try constant(Value(readings[place]))
        case .parameter(let place, let keys):
            return try parameter(place, keys, node, expression, scope) { .parameter($0, $1) }
        case .hasParameter(let place, let keys):
            return try parameter(place, keys, node, expression, scope) { .hasParameter($0, $1) }
        case .and(let left, let right): return try connected(left, right, expression, scope, isAnd: true)
        case .or(let left, let right): return try connected(left, right, expression, scope, isAnd: false)
        case .not(let operand):
            let inner = try value(operand, expression, scope).0
            if let cell = plan.constant(inner), cell.tag == .value { return bool(plan.constant(.bool(!cell.isTrue))) }
            return bool(try add([inner], scope) { .not($0[0]) })
        case .conditional(let test, let yes, let no):
            return try conditional(test, yes, no, expression, scope)
        case .call(let builtin, let arguments): return try call(builtin, arguments, node, expression, scope)
        case .comprehension(let macro, let range, let slot, let predicate, let transform):
            return try comprehension(macro, range, slot, predicate, transform, expression, scope)
        case .elapsed, .reached, .calendar, .periodStart, .atDay: return try day(node, expression, scope)
        case .list, .map, .select, .hasKey: throw NotColumnar(what: "a list or map made on the way")
        }
    }

    func bool(_ operand: PlanOperand) -> Term { .scalar(operand, .bool) }

    mutating func value(
        _ index: Int, _ expression: CheckedExpression, _ scope: Scope
    ) throws(NotColumnar) -> (PlanOperand, PlanType) {
        try value(of: compile(index, expression, scope), scope)
    }

    /// The value that a part comes to.
    mutating func value(of term: Term, _ scope: Scope) throws(NotColumnar) -> (PlanOperand, PlanType) {
        switch term {
        case .scalar(let operand, let type): return (operand, type)
        case .entity(let place):
            let frame: Frame = place.map { .one(scope.variables[$0]) } ?? .household
            return (PlanOperand(node: plan.node(.entity, frame), places: place.map { [$0] } ?? []), .entity)
        case .list, .constants: throw NotColumnar(what: "a list as a value")
        }
    }

    private mutating func constant(_ value: Value) throws(NotColumnar) -> Term {
        switch value {
        case .bool(let flag): return bool(plan.constant(.bool(flag)))
        case .int(let number): return .scalar(plan.constant(Cell(.value, number)), .int)
        case .decimal(let number): return .scalar(plan.constant(Cell(.value, number)), .decimal)
        case .money(let fen): return .scalar(plan.constant(Cell(.value, fen.amount)), .money)
        case .day(let day): return .scalar(plan.constant(Cell(.value, Int64(day.dayNumber))), .date)
        case .string(let text): return .scalar(plan.constant(Cell(.value, plan.codes.number(of: text))), .text)
        case .list(let values): return .constants(values)
        default: throw NotColumnar(what: "a value of type \(value.typeName)")
        }
    }

    // MARK: Facts

    private mutating func persons(_ role: FactID, _ scope: Scope) throws(NotColumnar) -> Term {
        guard let definition = pack.vocabulary[role] else { throw NotColumnar(what: "members without a role") }
        let fact = plan.fact(FactColumnKey(definition))
        let node = plan.node(.fact(fact, .onRecord), .one(.person))
        let present = PlanOperand(node: node, places: [scope.variables.count])
        return .list(ListTerm(kind: .person, present: present, element: nil))
    }

    private mutating func read(
        _ base: Int, _ fact: Int, _ reading: FactReading, _ node: CheckedExpression.Node,
        _ expression: CheckedExpression, _ scope: Scope
    ) throws(NotColumnar) -> Term {
        guard case .entity(let place) = try compile(base, expression, scope) else {
            throw NotColumnar(what: "a fact of an entity that is computed")
        }
        let key = FactColumnKey(pack.vocabulary.facts[fact])
        let frame: Frame = place.map { .one(scope.variables[$0]) } ?? .household
        let column = plan.node(.fact(plan.fact(key), reading), frame)
        let operand = PlanOperand(node: column, places: place.map { [$0] } ?? [])
        guard reading == .value else { return bool(operand) }
        guard let type = PlanType(key.type.expressionType) else { throw NotColumnar(what: "a fact of another type") }
        return .scalar(operand, type)
    }

    private mutating func derived(
        _ base: Int, _ definition: Int, _ node: CheckedExpression.Node, _ expression: CheckedExpression, _ scope: Scope
    ) throws(NotColumnar) -> Term {
        guard case .entity(let place) = try compile(base, expression, scope) else {
            throw NotColumnar(what: "a derived fact of an entity that is computed")
        }
        let key = DefinitionKey(definition: definition, isElsewhere: scope.isElsewhere)
        let inner: Term
        if let known = definitions[key] {
            inner = known
        } else {
            let body = pack.definitions[definition].expression
            let kind = place.map { scope.variables[$0] }
            let own = Scope(
                variables: kind.map { [$0] } ?? [], subject: .entity(kind == nil ? nil : 0),
                isElsewhere: scope.isElsewhere)
            inner = try compile(body.root, body, own)
            definitions[key] = inner
        }
        let (operand, type) = try scalar(inner)
        let places = operand.places.isEmpty ? [] : place.map { [$0] } ?? []
        return .scalar(PlanOperand(node: operand.node, places: places), type)
    }

    private mutating func parameter(
        _ place: Int, _ keys: [Int], _ node: CheckedExpression.Node, _ expression: CheckedExpression, _ scope: Scope,
        _ make: (Int, [PlanOperand]) -> PlanOperation
    ) throws(NotColumnar) -> Term {
        let definition = pack.parameters[place]
        let index = plan.parameter(PlanParameter(id: definition.id, values: parameters.values(of: place)))
        var operands: [PlanOperand] = []
        for key in keys { operands.append(try value(key, expression, scope).0) }
        let operand = try add(operands, scope) { make(index, $0) }
        guard let type = PlanType(node.type) else { throw NotColumnar(what: "a parameter of another type") }
        return .scalar(operand, type)
    }

    // MARK: Logic

    private mutating func connected(
        _ left: Int, _ right: Int, _ expression: CheckedExpression, _ scope: Scope, isAnd: Bool
    ) throws(NotColumnar) -> Term {
        let one = try value(left, expression, scope).0
        if let cell = plan.constant(one), cell.tag == .value {
            return cell.isTrue == isAnd ? try compile(right, expression, scope) : bool(one)
        }
        let two = try value(right, expression, scope).0
        return bool(try connect(one, two, scope, isAnd: isAnd))
    }

    /// Both, with what constants decide left out.
    mutating func connect(
        _ one: PlanOperand, _ two: PlanOperand, _ scope: Scope, isAnd: Bool
    ) throws(NotColumnar) -> PlanOperand {
        for (constant, other) in [(one, two), (two, one)] {
            if let cell = plan.constant(constant), cell.tag == .value {
                return cell.isTrue == isAnd ? other : constant
            }
        }
        if one == two { return one }
        return try add([one, two], scope) { isAnd ? .and($0[0], $0[1]) : .or($0[0], $0[1]) }
    }

    private mutating func conditional(
        _ test: Int, _ yes: Int, _ no: Int, _ expression: CheckedExpression, _ scope: Scope
    ) throws(NotColumnar) -> Term {
        let test = try value(test, expression, scope).0
        if let cell = plan.constant(test), cell.tag == .value {
            return try compile(cell.isTrue ? yes : no, expression, scope)
        }
        let one = try value(yes, expression, scope)
        let two = try value(no, expression, scope)
        guard one.1 == two.1 else { throw NotColumnar(what: "a choice between two types") }
        if one.0 == two.0 { return .scalar(one.0, one.1) }
        return .scalar(try add([test, one.0, two.0], scope) { .conditional($0[0], $0[1], $0[2]) }, one.1)
    }

    // MARK: Lists

    private mutating func comprehension(
        _ macro: Syntax.Macro, _ range: Int, _ slot: Int, _ predicate: Int?, _ transform: Int?,
        _ expression: CheckedExpression, _ scope: Scope
    ) throws(NotColumnar) -> Term {
        switch try compile(range, expression, scope) {
        case .list(let list):
            return try comprehension(macro, list, slot, predicate, transform, expression, scope)
        case .constants(let values):
            return try unrolled(macro, values, slot, predicate, transform, expression, scope)
        case .scalar, .entity: throw NotColumnar(what: "a macro over something else than a list")
        }
    }

    private mutating func comprehension(
        _ macro: Syntax.Macro, _ list: ListTerm, _ slot: Int, _ predicate: Int?, _ transform: Int?,
        _ expression: CheckedExpression, _ scope: Scope
    ) throws(NotColumnar) -> Term {
        var inner = scope
        inner.variables.append(list.kind)
        inner.locals[slot] = list.element.map { .scalar($0.0, $0.1) } ?? .entity(scope.variables.count)
        let test: PlanOperand? = try testOperand(predicate, expression, inner)
        switch macro {
        case .exists: return bool(try reduce(.exists, list, test, scope))
        case .all: return bool(try reduce(.all, list, test, scope))
        case .existsOne: return bool(try reduce(.existsOne, list, test, scope))
        case .filter, .map:
            var present =
                try test.map { (test) throws(NotColumnar) in
                    try connect(list.present, test, inner, isAnd: true)
                } ?? list.present
            var element = list.element
            if let transform {
                let made = try value(transform, expression, inner)
                let known = try add([made.0], inner) { .known($0[0]) }
                present = try connect(present, known, inner, isAnd: true)
                element = made
            }
            return .list(ListTerm(kind: list.kind, present: present, element: element))
        }
    }

    private mutating func testOperand(
        _ predicate: Int?, _ expression: CheckedExpression, _ scope: Scope
    ) throws(NotColumnar) -> PlanOperand? {
        guard let predicate else { return nil }
        return try value(predicate, expression, scope).0
    }

    /// A macro over constants: the body once for each of them.
    private mutating func unrolled(
        _ macro: Syntax.Macro, _ values: [Value], _ slot: Int, _ predicate: Int?, _ transform: Int?,
        _ expression: CheckedExpression, _ scope: Scope
    ) throws(NotColumnar) -> Term {
        guard macro == .all || macro == .exists, transform == nil, let predicate else {
            throw NotColumnar(what: "a list made on the way")
        }
        var result = plan.constant(.bool(macro == .all))
        for item in values {
            var inner = scope
            inner.locals[slot] = try constant(item)
            let test = try value(predicate, expression, inner).0
            result = try connect(result, test, scope, isAnd: macro == .all)
        }
        return bool(result)
    }
}
