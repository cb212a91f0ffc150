import RuleEngine

extension BlockRun {
    /// Both, or one of both. The right side is computed for the rows that the left one leaves open.
    mutating func connected(
        _ left: PlanOperand, _ right: PlanOperand, _ frame: Frame, _ scope: RunScope, stops: Int64
    ) -> StepColumn {
        let rows = count(frame, in: scope)
        let one = operand(left, in: frame, scope)
        if frame.kinds.count < 2, !one.column.isBroadcast, isWorthSkipping(right, scope) {
            let stop = Cell(.value, stops)
            var open: [Int32] = []
            open.reserveCapacity(rows)
            for row in 0..<rows where !one.isAlways(stop, row) { open.append(Int32(truncatingIfNeeded: row)) }
            if open.isEmpty { return StepColumn(constant: stop) }
            if open.count * 8 < rows * 7 { return partly(one, right, open, frame, scope, stop) }
        }
        let two = operand(right, in: frame, scope)
        var missing = missing
        self.missing = MissingTable()
        let result = StepColumn.merged(one, two, rows: rows) { one, two in
            if one.tag == .value && one.payload == stops { return one }
            if two.tag == .value && two.payload == stops { return two }
            if one.tag == .value && two.tag == .value { return one }
            return Self.joined(one, two, &missing)
        }
        self.missing = missing
        return result
    }

    /// Whether a node has to be computed yet, row by row.
    private func isWorthSkipping(_ operand: PlanOperand, _ scope: RunScope) -> Bool {
        if scope.columns[operand.node] != nil || all.columns[operand.node] != nil { return false }
        if plan.isEager(operand.node) { return false }
        switch plan.nodes[operand.node].operation {
        case .constant, .calendar, .periodStart, .entity: return false
        case .parameter(_, let keys), .hasParameter(_, let keys): return !keys.isEmpty
        default: return true
        }
    }

    /// - Parameter open: rows of the scope that are not `stop` on every day.
    private mutating func partly(
        _ one: Operand, _ right: PlanOperand, _ open: [Int32], _ frame: Frame, _ scope: RunScope, _ stop: Cell
    ) -> StepColumn {
        let block = blockRows(frame, in: scope)
        let inner = self.scope(frame, open: block.map { rows in open.map { rows[Int($0)] } } ?? open)
        let two = operand(right, in: frame, inner)
        let rows = count(frame, in: scope)
        let stops = stop.payload
        var missing = missing
        self.missing = MissingTable()
        var builder = StepColumnBuilder(rows: rows)
        var place = 0
        for row in 0..<rows {
            guard place < open.count, open[place] == row else {
                builder.addRow(stop)
                continue
            }
            StepColumn.merge(one, row, two, place, into: &builder) { one, two in
                if one.tag == .value && one.payload == stops { return one }
                if two.tag == .value && two.payload == stops { return two }
                if one.tag == .value && two.tag == .value { return one }
                return Self.joined(one, two, &missing)
            }
            place += 1
        }
        self.missing = missing
        withExtendedLifetime((one, two)) {}
        return builder.finish()
    }
}

extension Operand {
    /// Whether the row has this value on every day.
    @inline(__always)
    func isAlways(_ cell: Cell, _ row: Int) -> Bool {
        let steps = steps(of: row)
        return steps.count == 1 && column.cell(steps.lowerBound) == cell
    }
}
