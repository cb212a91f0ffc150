import CareDomain
import RuleEngine

extension BlockRun {
    /// Any function, value by value as the interpreter does it; answers are remembered by their arguments.
    mutating func call(
        _ builtin: Builtin, _ arguments: [PlanOperand], _ types: [PlanType], _ result: PlanType, _ frame: Frame,
        _ scope: RunScope
    ) -> StepColumn {
        let rows = count(frame, in: scope)
        let operands = arguments.map { operand($0, in: frame, scope) }
        if operands.count == 2, let sum = WholeSum(builtin, types) {
            return computed(sum, builtin, operands[0], operands[1], types, rows)
        }
        if let column = mapped(builtin, operands, types, rows) { return column }
        var missing = missing
        var answers = answers
        self.missing = MissingTable()
        self.answers = [:]
        var codes = self.codes
        let column = StepColumn.merged(operands, rows: rows) { cells in
            var pending: Cell?
            for cell in cells where !cell.isKnown {
                switch (pending?.tag, cell.tag) {
                case (nil, _), (.error, .unknown): pending = cell
                case (.unknown, .unknown):
                    pending = Cell(.unknown, missing.union(pending?.payload ?? 0, cell.payload))
                default: break
                }
            }
            if let pending { return pending }
            let key = CallKey(builtin: builtin, arguments: cells)
            if let answer = answers[key] { return answer }
            var steps = 0
            let values = zip(cells, types).map { Value($0, $1, codes) }
            let answer = Cell(checked: builtin.apply(values, steps: &steps), &codes)
            answers[key] = answer
            return answer
        }
        self.missing = missing
        self.answers = answers
        return column
    }

    /// A function of one column and constants: answers are remembered by the one value that changes.
    private mutating func mapped(
        _ builtin: Builtin, _ operands: [Operand], _ types: [PlanType], _ rows: Int
    ) -> StepColumn? {
        let open = operands.indices.filter { !operands[$0].isConstant }
        guard open.count == 1, let place = open.first else { return nil }
        var cells = operands.map { $0.column.cell(0) }
        guard cells.indices.allSatisfy({ $0 == place || cells[$0].isKnown }) else { return nil }
        var answers: [Int64: Cell] = [:]
        var null: Cell?
        var codes = self.codes
        func answer(_ cell: Cell) -> Cell {
            cells[place] = cell
            var steps = 0
            let values = zip(cells, types).map { Value($0, $1, codes) }
            return Cell(checked: builtin.apply(values, steps: &steps), &codes)
        }
        return StepColumn.mapped(operands[place], rows: rows) { cell in
            switch cell.tag {
            case .unknown, .error: return cell
            case .null:
                let found = null ?? answer(cell)
                null = found
                return found
            case .value:
                if let known = answers[cell.payload] { return known }
                let found = answer(cell)
                answers[cell.payload] = found
                return found
            }
        }
    }

    /// Sums and products of whole numbers, without a detour for what is rare: an unknown side, an overflow.
    private mutating func computed(
        _ sum: WholeSum, _ builtin: Builtin, _ one: Operand, _ two: Operand, _ types: [PlanType], _ rows: Int
    ) -> StepColumn {
        var missing = missing
        self.missing = MissingTable()
        var codes = self.codes
        let column = StepColumn.merged(one, two, rows: rows) { one, two in
            if one.tag == .value, two.tag == .value {
                if let whole = sum.of(one.payload, two.payload) { return Cell(.value, whole) }
            } else if !one.isKnown || !two.isKnown {
                return Self.joined(one, two, &missing)
            }
            var steps = 0
            let values = [Value(one, types[0], codes), Value(two, types[1], codes)]
            return Cell(checked: builtin.apply(values, steps: &steps), &codes)
        }
        self.missing = missing
        return column
    }

    mutating func parameter(
        _ place: Int, _ keys: [PlanOperand], _ frame: Frame, _ scope: RunScope, onlyAsks: Bool
    ) -> StepColumn {
        let rows = count(frame, in: scope)
        let operands = keys.map { operand($0, in: frame, scope) }
        if operands.isEmpty { return steps(of: place, keys: [], onlyAsks: onlyAsks) }
        let isBroadcast = operands.allSatisfy(\.column.isBroadcast)
        let count = isBroadcast ? 1 : rows
        var builder = StepColumnBuilder(rows: count)
        for row in 0..<count {
            var cursors = operands.map { $0.cursor(row) }
            var day = StepColumn.beginning
            while day != .max {
                let cells = cursors.map(\.cell)
                let next = cursors.map(\.next).min() ?? .max
                var pending: Cell?
                for cell in cells where !cell.isKnown {
                    pending = pending.map { Self.joined($0, cell, &missing) } ?? cell
                }
                if let pending {
                    builder.add(day, pending)
                } else {
                    // A key that is null is looked up as the empty code, as the interpreter does.
                    let codes = cells.map { $0.tag == .value ? $0.payload : -1 }
                    let steps = steps(of: place, keys: codes, onlyAsks: onlyAsks)
                    for step in steps.steps(of: 0) where step + 1 >= steps.count || steps.day(step + 1) > day {
                        guard steps.day(step) < next else { break }
                        builder.add(max(day, steps.day(step)), steps.cell(step))
                    }
                }
                day = next
                for index in cursors.indices { cursors[index].advance(to: day) }
            }
            builder.endRow()
        }
        withExtendedLifetime(operands) {}
        return builder.finish(isBroadcast: isBroadcast)
    }

    /// A parameter's value for some keys over all days, as one row.
    private mutating func steps(of place: Int, keys: [Int64], onlyAsks: Bool) -> StepColumn {
        let key = ParameterKey(parameter: place, keys: keys, onlyAsks: onlyAsks)
        if let known = parameterSteps[key] { return known }
        let parameter = plan.parameters[place]
        let texts = keys.map { $0 < 0 ? "" : self.codes[$0] }
        let values = parameter.values.filter { $0.keys == texts }
        var borders: Set<Int32> = [StepColumn.beginning]
        for value in values {
            borders.insert(value.period.start.dayNumber)
            if let end = value.period.end { borders.insert(end.dayNumber) }
        }
        let nothing =
            onlyAsks
            ? Cell.bool(false) : Cell(.unknown, missing.parameter(.parameter(parameter.id, keys: texts)))
        var codes = self.codes
        var builder = StepColumnBuilder(rows: 1)
        for day in borders.sorted() {
            let standing = values.last {
                $0.period.start.dayNumber <= day && day < $0.period.end?.dayNumber ?? .max
            }
            let cell = standing.map { onlyAsks ? .bool(true) : Cell(Value($0.value), &codes) }
            builder.add(day, cell ?? nothing)
        }
        builder.endRow()
        let column = builder.finish(isBroadcast: true)
        parameterSteps[key] = column
        return column
    }
}

/// A function of two whole numbers whose answer has their payload's unit: fen and fen, fen and a count, counts.
private enum WholeSum {
    case add, subtract, multiply

    init?(_ builtin: Builtin, _ types: [PlanType]) {
        switch (builtin, types) {
        case (.add, [.money, .money]), (.add, [.int, .int]): self = .add
        case (.subtract, [.money, .money]), (.subtract, [.int, .int]): self = .subtract
        case (.multiply, [.money, .int]), (.multiply, [.int, .money]), (.multiply, [.int, .int]): self = .multiply
        default: return nil
        }
    }

    /// nil = the answer has no room; the function itself then says what that means.
    @inline(__always)
    func of(_ one: Int64, _ two: Int64) -> Int64? {
        let (whole, overflow) =
            switch self {
            case .add: one.addingReportingOverflow(two)
            case .subtract: one.subtractingReportingOverflow(two)
            case .multiply: one.multipliedReportingOverflow(by: two)
            }
        return overflow ? nil : whole
    }
}

extension Cell {
    /// The outcome of a function.
    init(checked value: Value, _ codes: inout CodeTable) {
        if case .error(let error) = value {
            self = Cell(.error, Int64(EvaluationError.allCases.firstIndex(of: error) ?? 0))
        } else {
            self = Cell(value, &codes)
        }
    }
}
