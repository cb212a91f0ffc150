import CareDomain
import RuleEngine

extension PlanCompiler {
    mutating func call(
        _ builtin: Builtin, _ arguments: [Int], _ node: CheckedExpression.Node, _ expression: CheckedExpression,
        _ scope: Scope
    ) throws(NotColumnar) -> Term {
        var terms: [Term] = []
        for argument in arguments { terms.append(try compile(argument, expression, scope)) }
        if builtin == .size, case .list(let list) = terms[0] {
            return .scalar(try reduce(.count, list, nil, scope), .int)
        }
        if builtin == .isIn, case .constants(let values) = terms[1] {
            return try isIn(value(of: terms[0], scope), values, scope)
        }
        var operands: [PlanOperand] = []
        var types: [PlanType] = []
        for term in terms {
            let (operand, type) = try value(of: term, scope)
            operands.append(operand)
            types.append(type)
        }
        if let folded = folded(builtin, operands, types, node) { return folded }
        if let relation = Relation(rawValue: builtin.rawValue), types.count == 2, types[0] == types[1],
            types[0] != .text || relation == .equal || relation == .notEqual
        {
            return bool(try add(operands, scope) { .compared(relation, $0[0], $0[1]) })
        }
        guard let result = PlanType(node.type), result != .text else {
            throw NotColumnar(what: "the function \(builtin.rawValue)")
        }
        return .scalar(try add(operands, scope) { .call(builtin, $0, types, result: result) }, result)
    }

    private mutating func isIn(
        _ one: (PlanOperand, PlanType), _ values: [Value], _ scope: Scope
    ) throws(NotColumnar) -> Term {
        var payloads: [Int64] = []
        for value in values {
            switch (value, one.1) {
            case (.string(let text), .text): payloads.append(plan.codes.number(of: text))
            case (.int(let number), .int), (.decimal(let number), .decimal): payloads.append(number)
            case (.money(let fen), .money): payloads.append(fen.amount)
            case (.day(let day), .date): payloads.append(Int64(day.dayNumber))
            case (.bool(let flag), .bool): payloads.append(flag ? 1 : 0)
            default: throw NotColumnar(what: "a list of several types")
            }
        }
        if let cell = plan.constant(one.0), cell.tag == .value {
            return bool(plan.constant(.bool(payloads.contains(cell.payload))))
        }
        return bool(try add([one.0], scope) { .isIn($0[0], payloads) })
    }

    /// The result, where every argument is a constant.
    private mutating func folded(
        _ builtin: Builtin, _ operands: [PlanOperand], _ types: [PlanType], _ node: CheckedExpression.Node
    ) -> Term? {
        guard let result = PlanType(node.type) else { return nil }
        var values: [Value] = []
        for (operand, type) in zip(operands, types) {
            guard let cell = plan.constant(operand), cell.tag == .value else { return nil }
            values.append(Value(cell, type, plan.codes))
        }
        var steps = 0
        let value = builtin.apply(values, steps: &steps)
        guard value.isKnown else { return nil }
        return .scalar(plan.constant(Cell(value, &plan.codes)), result)
    }

    // MARK: The day

    mutating func day(
        _ node: CheckedExpression.Node, _ expression: CheckedExpression, _ scope: Scope
    ) throws(NotColumnar) -> Term {
        switch node.operation {
        case .elapsed(let unit, let relation, let date, let bound):
            let operands = [try value(date, expression, scope).0, try value(bound, expression, scope).0]
            let shift = unit == .years ? ageShift : 0
            return bool(
                try add(operands, scope) { .elapsed(unit, relation, date: $0[0], bound: $0[1], shift: shift) })
        case .reached(let date):
            return bool(try add([try value(date, expression, scope).0], scope) { .reached($0[0]) })
        case .calendar(let part):
            guard !scope.isElsewhere else { throw NotColumnar(what: "the calendar of another day") }
            return .scalar(try add([], scope) { _ in .calendar(part) }, .int)
        case .periodStart(let part, let offset):
            guard !scope.isElsewhere else { throw NotColumnar(what: "the calendar of another day") }
            var shift = Int64(0)
            if let offset {
                guard let cell = plan.constant(try value(offset, expression, scope).0), cell.tag == .value else {
                    throw NotColumnar(what: "a period whose distance is computed")
                }
                shift = cell.payload
            }
            return .scalar(try add([], scope) { _ in .periodStart(part, offset: shift) }, .date)
        case .atDay(let day, let body):
            let when = try value(day, expression, scope).0
            var elsewhere = scope
            elsewhere.isElsewhere = true
            let (operand, type) = try value(body, expression, elsewhere)
            return .scalar(try add([when, operand], scope) { .at(day: $0[0], body: $0[1]) }, type)
        default: throw NotColumnar(what: "another word")
        }
    }
}

extension Value {
    /// The value of a cell of the type.
    init(_ cell: Cell, _ type: PlanType, _ codes: CodeTable) {
        guard cell.tag == .value else {
            self = .null
            return
        }
        switch type {
        case .bool: self = .bool(cell.payload == 1)
        case .int: self = .int(cell.payload)
        case .decimal: self = .decimal(cell.payload)
        case .money: self = .money(Fen(cell.payload))
        case .date: self = .day(CivilDay(dayNumber: Int32(truncatingIfNeeded: cell.payload)))
        case .text: self = .string(codes[cell.payload])
        case .entity: self = .entity(Int(cell.payload))
        }
    }
}
