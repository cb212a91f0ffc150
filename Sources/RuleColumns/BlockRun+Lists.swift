import CareDomain
import RuleEngine

extension BlockRun {
    /// Brings the rows of the inner variable together, as the macros do: what decides absorbs what is unknown.
    mutating func reduced(
        _ reduction: Reduction, _ kind: EntityKind, _ present: PlanOperand, _ test: PlanOperand?, _ frame: Frame,
        _ scope: RunScope
    ) -> StepColumn {
        let inner = Frame(frame.kinds + [kind]) ?? .one(kind)
        let rows = count(frame, in: scope)
        let from = frame == .household ? scope.whole(nodes: plan.nodes.count) : scope
        let present = operand(present, in: inner, from)
        let test = test.map { operand($0, in: inner, from) } ?? Operand(StepColumn(constant: .bool(true)))
        let offsets: [Int32]
        switch frame {
        case .household: offsets = block.entities(kind) == nil ? [] : from.rows(kind, in: block).offsets
        case .one, .two: offsets = pairs(inner, scope).offsets
        }
        var missing = missing
        self.missing = MissingTable()
        var builder = StepColumnBuilder(rows: rows)
        var cursors: [(present: StepCursor, test: StepCursor)] = []
        for row in 0..<rows {
            let range = Int(offsets[row])..<Int(offsets[row + 1])
            cursors.removeAll(keepingCapacity: true)
            for place in range { cursors.append((present.cursor(place), test.cursor(place))) }
            var day = StepColumn.beginning
            while day != .max {
                builder.add(day, Self.reduce(reduction, cursors, &missing))
                var next = Int32.max
                for cursor in cursors { next = min(next, cursor.present.next, cursor.test.next) }
                day = next
                for index in cursors.indices {
                    cursors[index].present.advance(to: day)
                    cursors[index].test.advance(to: day)
                }
            }
            builder.endRow()
        }
        self.missing = missing
        withExtendedLifetime((present, test)) {}
        return builder.finish()
    }

    private static func reduce(
        _ reduction: Reduction, _ cursors: [(present: StepCursor, test: StepCursor)], _ missing: inout MissingTable
    ) -> Cell {
        var pendingList: Cell?
        for cursor in cursors {
            let cell = cursor.present.cell
            guard cell.tag != .value else { continue }
            let waiting = cell.isKnown ? noOverload : cell
            pendingList = pendingList.map { joined($0, waiting, &missing) } ?? waiting
        }
        if let pendingList { return pendingList }
        var pending: Cell?
        var kept = 0
        for cursor in cursors where cursor.present.cell.payload == 1 {
            let cell = cursor.test.cell
            guard cell.tag == .value else {
                let waiting = cell.isKnown ? noOverload : cell
                pending = pending.map { joined($0, waiting, &missing) } ?? waiting
                continue
            }
            if cell.payload == 1 { kept += 1 }
            if reduction == .exists, cell.payload == 1 { return cell }
            if reduction == .all, cell.payload == 0 { return cell }
        }
        if let pending { return pending }
        switch reduction {
        case .exists: return .bool(false)
        case .all: return .bool(true)
        case .existsOne: return .bool(kept == 1)
        case .count: return Cell(.value, Int64(kept))
        }
    }
}
