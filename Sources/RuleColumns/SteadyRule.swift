/// On which days a rule holds for the rows of a block.
package struct HeldDays {
    /// Rows for which it holds on some day, rising, without `others`.
    package fileprivate(set) var rows: [Int32] = []
    /// For each of them, where its stretches of days end in `stretches`.
    package fileprivate(set) var ends: [Int32] = []
    /// In order, without overlap and apart from each other; the first may begin at `StepColumn.beginning`, the last end at
    /// `Int32.max`.
    package fileprivate(set) var stretches: [Range<Int32>] = []
    /// Rows with an answer other than yes and no, rising.
    package fileprivate(set) var others: [Int32] = []

    /// The stretches of the row at a place.
    @inline(__always)
    package func stretches(at place: Int) -> ArraySlice<Range<Int32>> {
        stretches[(place == 0 ? 0 : Int(ends[place - 1]))..<Int(ends[place])]
    }

    /// Takes a row in whose steps begin on these days.
    @inline(__always)
    fileprivate mutating func add(_ row: Int32, _ steps: Range<Int>, _ step: (Int) -> (day: Int32, cell: Cell)) {
        let before = stretches.count
        var start: Int32?
        for place in steps {
            let (day, cell) = step(place)
            guard cell.tag == .value else {
                stretches.removeSubrange(before...)
                others.append(row)
                return
            }
            if cell.payload == 1 {
                if start == nil { start = day }
            } else if let first = start {
                if first < day { stretches.append(first..<day) }
                start = nil
            }
        }
        if let start { stretches.append(start..<Int32.max) }
        guard stretches.count > before else { return }
        rows.append(row)
        ends.append(Int32(stretches.count))
    }
}

extension ColumnPlan {
    /// Whether these rules apply to the same rows on the same days, and give every one of them the same, as far as can be told
    /// without facts.
    package func isSteady(_ rules: [RulePlan]) -> Bool {
        guard let first = rules.first else { return false }
        return rules.allSatisfy { rule in
            rule.kind == first.kind && rule.holds == first.holds
                && rule.operands.dropFirst().allSatisfy { $0.map { isAlike($0.node) } ?? true }
        }
    }

    /// Whether nothing under a node is of a row.
    private func isAlike(_ node: Int) -> Bool {
        var open = [node]
        var seen: Set<Int> = []
        while let node = open.popLast() {
            guard seen.insert(node).inserted else { continue }
            switch nodes[node].operation {
            case .fact, .entity, .reduced: return false
            default: open += nodes[node].operation.operands.map(\.node)
            }
        }
        return true
    }
}

extension BlockRun {
    /// On which days a rule holds for each row of the block.
    package mutating func heldDays(_ rule: RulePlan) -> HeldDays {
        var held = HeldDays()
        let (node, frame) = (rule.holds.node, rule.frame)
        let count = count(frame, in: all)
        if let name = plan.keptName(node), let kept = block.kept[name], !kept.absent, plan.nodes[node].frame == frame,
            rule.holds.places == Array(frame.kinds.indices)
        {
            // Rows that are left out are never true.
            kept.column.forEachRow { row, steps, step in
                if row < count { held.add(Int32(truncatingIfNeeded: row), steps, step) }
            }
            return held
        }
        let holds = operand(rule.holds, in: frame, all)
        for row in 0..<count {
            held.add(Int32(truncatingIfNeeded: row), holds.steps(of: row)) { place in
                (holds.column.day(place), holds.column.cell(place))
            }
        }
        withExtendedLifetime(holds) {}
        return held
    }

    /// What a rule gives to whom it applies, day by day; nil where that differs from row to row.
    package mutating func granted(_ rule: RulePlan, _ days: Range<Int32>) -> [OutcomeStep]? {
        let reader = OutcomeReader(granting: rule, &self)
        guard reader.isAlike else { return nil }
        var steps: [OutcomeStep] = []
        reader.read(0, days, &missing, granted: true, into: &steps)
        return steps
    }
}
