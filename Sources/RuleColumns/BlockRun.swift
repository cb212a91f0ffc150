import CareDomain
import RuleEngine

/// Runs a plan over one block: a column per node, computed when first asked for.
package struct BlockRun {
    package let plan: ColumnPlan
    package let block: FactBlock
    /// The longer of the plan's and the block's, of which one continues the other.
    package let codes: CodeTable
    /// Days between which the calendar is followed.
    package let days: Range<Int32>
    package var missing = MissingTable()
    /// Who pays, by the payload of a rule's payer column: the plan's, then those computed.
    package private(set) var shares: [[PayerShare]]
    private var sharePlaces: [[PayerShare]: Int] = [:]
    private var columns: [StepColumn?]
    var pairs: [Frame: PairRows] = [:]
    /// Answers of slow functions, by arguments.
    var answers: [CallKey: Cell] = [:]
    var parameterSteps: [ParameterKey: StepColumn] = [:]

    struct CallKey: Hashable {
        let builtin: Builtin
        let arguments: [Cell]
    }

    struct ParameterKey: Hashable {
        let parameter: Int
        let keys: [Int64]
        let onlyAsks: Bool
    }

    /// The rows of a frame of two variables.
    struct PairRows {
        /// By the outer row.
        var offsets: [Int32] = [0]
        var outer: [Int32] = []
        var inner: [Int32] = []
        var households: [Int32] = []
    }

    package init(_ plan: ColumnPlan, over block: FactBlock, days: Range<Int32>) {
        self.plan = plan
        self.block = block
        codes = block.codes.texts.count > plan.codes.texts.count ? block.codes : plan.codes
        self.days = days
        columns = Array(repeating: nil, count: plan.nodes.count)
        shares = plan.shares
        for (place, one) in plan.shares.enumerated() { sharePlaces[one] = place }
    }

    /// The column of a node.
    package mutating func column(_ node: Int) -> StepColumn {
        if let column = columns[node] { return column }
        let computed = compute(plan.nodes[node])
        columns[node] = computed
        return computed
    }

    /// Number of rows of a frame.
    package mutating func count(_ frame: Frame) -> Int {
        switch frame {
        case .household: block.households.count
        case .one(let kind): block.count(kind)
        case .two: pairRows(frame).outer.count
        }
    }

    mutating func pairRows(_ frame: Frame) -> PairRows {
        if let rows = pairs[frame] { return rows }
        var rows = PairRows()
        if case .two(let first, let second) = frame, let outer = block.entities(first),
            let inner = block.entities(second)
        {
            for row in outer.subjects.indices {
                let household = outer.households[row]
                for other in inner.rows(of: Int(household)) {
                    rows.outer.append(Int32(row))
                    rows.inner.append(Int32(other))
                    rows.households.append(household)
                }
                rows.offsets.append(Int32(rows.outer.count))
            }
        }
        pairs[frame] = rows
        return rows
    }

    /// An operand's column with the way from the user's rows to its own.
    mutating func operand(_ operand: PlanOperand, in frame: Frame) -> Operand {
        let column = column(operand.node)
        guard !column.isBroadcast else { return Operand(column) }
        let own = plan.nodes[operand.node].frame
        guard own != frame || operand.places != Array(frame.kinds.indices) else { return Operand(column) }
        switch (frame, own) {
        case (.one(let kind), .household): return Operand(column, rows: block.entities(kind)?.households)
        case (.two, .household): return Operand(column, rows: pairRows(frame).households)
        case (.two, .one):
            let rows = pairRows(frame)
            return Operand(column, rows: operand.places == [0] ? rows.outer : rows.inner)
        default: return Operand(column)
        }
    }

    private mutating func compute(_ node: PlanNode) -> StepColumn {
        let frame = node.frame
        let rows = count(frame)
        switch node.operation {
        case .constant(let cell): return StepColumn(constant: cell)
        case .entity:
            return StepColumn(
                offsets: [], days: [], tags: Array(repeating: .value, count: rows), payloads: (0..<rows).map(Int64.init)
            )
        case .fact(let fact, let reading): return self.fact(fact, reading, rows)
        case .and(let left, let right): return connected(left, right, frame, rows, stops: 0)
        case .or(let left, let right): return connected(left, right, frame, rows, stops: 1)
        case .not(let one):
            return StepColumn.mapped(operand(one, in: frame), rows: rows) { cell in
                switch cell.tag {
                case .value: Cell(.value, 1 - cell.payload)
                case .null: Self.noOverload
                case .unknown, .error: cell
                }
            }
        case .conditional(let test, let yes, let no):
            let operands = (operand(test, in: frame), operand(yes, in: frame), operand(no, in: frame))
            return StepColumn.merged(operands.0, operands.1, operands.2, rows: rows) { test, yes, no in
                switch test.tag {
                case .value: test.payload == 1 ? yes : no
                case .null: Self.noOverload
                case .unknown, .error: test
                }
            }
        case .compared(let relation, let left, let right): return compared(relation, left, right, frame, rows)
        case .isIn(let one, let payloads):
            return StepColumn.mapped(operand(one, in: frame), rows: rows) { cell in
                switch cell.tag {
                case .value: .bool(payloads.contains(cell.payload))
                case .null: .bool(false)
                case .unknown, .error: cell
                }
            }
        case .known(let one):
            return StepColumn.mapped(operand(one, in: frame), rows: rows) { $0.isKnown ? .bool(true) : $0 }
        case .call(let builtin, let arguments, let types, let result):
            return call(builtin, arguments, types, result, frame, rows)
        case .elapsed(let unit, let relation, let date, let bound, let shift):
            return elapsed(unit, relation, operand(date, in: frame), operand(bound, in: frame), shift, rows)
        case .reached(let date): return reached(operand(date, in: frame), rows)
        case .calendar(let part): return calendar(part)
        case .periodStart(let part, let offset): return periodStart(part, offset)
        case .parameter(let place, let keys): return parameter(place, keys, frame, rows, onlyAsks: false)
        case .hasParameter(let place, let keys): return parameter(place, keys, frame, rows, onlyAsks: true)
        case .reduced(let reduction, let inner, let present, let test):
            return reduced(reduction, inner, present, test, frame, rows)
        case .shares(let parts, let payers): return shares(parts, payers, frame, rows)
        case .at(let day, let body): return at(operand(day, in: frame), operand(body, in: frame), rows)
        }
    }

    static let noOverload = Cell(.error, Int64(EvaluationError.allCases.firstIndex(of: .noSuchOverload) ?? 0))

    private func fact(_ fact: Int, _ reading: FactReading, _ rows: Int) -> StepColumn {
        let key = plan.facts[fact]
        let isUnknown = key.nature == .plain
        let isBool = key.type == .bool
        guard let column = block.columns[key] else {
            guard isUnknown, reading != .onRecord else {
                return StepColumn(constant: reading == .value && !isBool ? .null : .bool(false))
            }
            return StepColumn(
                offsets: [], days: [], tags: Array(repeating: .unknown, count: rows),
                payloads: (0..<rows).map { MissingTable.fact(fact, row: $0) })
        }
        if reading == .value, !isUnknown, !isBool { return column }
        var builder = StepColumnBuilder(rows: rows)
        for row in 0..<rows {
            for place in column.steps(of: row) {
                var cell = column.cell(place)
                switch (reading, cell.tag) {
                case (.onRecord, _): cell = .bool(cell.tag == .value)
                case (_, .null) where isUnknown: cell = Cell(.unknown, MissingTable.fact(fact, row: row))
                case (.has, _): cell = .bool(cell.tag == .value)
                case (.value, .null) where isBool: cell = .bool(false)
                default: break
                }
                builder.add(column.day(place), cell)
            }
            builder.endRow()
        }
        return builder.finish()
    }

    /// As the evaluator gives computed parts: in lowest terms, without those of zero.
    private mutating func shares(
        _ parts: [PlanOperand], _ payers: [Code], _ frame: Frame, _ rows: Int
    ) -> StepColumn {
        let operands = parts.map { operand($0, in: frame) }
        return StepColumn.merged(operands, rows: rows) { cells in
            var pending: Cell?
            for cell in cells where cell.tag != .value || cell.payload < 0 {
                let waiting = cell.tag == .value || cell.tag == .null ? Self.noOverload : cell
                pending = pending.map { Self.joined($0, waiting, &missing) } ?? waiting
            }
            if let pending { return pending }
            let found = zip(payers, cells).map { PayerShare(payer: $0, parts: $1.payload) }.inLowestTerms
            if let place = sharePlaces[found] { return Cell(.value, Int64(place)) }
            sharePlaces[found] = shares.count
            shares.append(found)
            return Cell(.value, Int64(shares.count - 1))
        }
    }

    private mutating func connected(
        _ left: PlanOperand, _ right: PlanOperand, _ frame: Frame, _ rows: Int, stops: Int64
    ) -> StepColumn {
        let operands = (operand(left, in: frame), operand(right, in: frame))
        var missing = missing
        self.missing = MissingTable()
        let result = StepColumn.merged(operands.0, operands.1, rows: rows) { one, two in
            if one.tag == .value && one.payload == stops { return one }
            if two.tag == .value && two.payload == stops { return two }
            if one.tag == .value && two.tag == .value { return one }
            return Self.joined(one, two, &missing)
        }
        self.missing = missing
        return result
    }

    /// Two sides of which neither decides: unknown before error before the common value.
    static func joined(_ one: Cell, _ two: Cell, _ missing: inout MissingTable) -> Cell {
        switch (one.tag, two.tag) {
        case (.unknown, .unknown): Cell(.unknown, missing.union(one.payload, two.payload))
        case (.unknown, _): one
        case (_, .unknown): two
        case (.error, _): one
        case (_, .error): two
        case (.value, .value): one
        default: noOverload
        }
    }

    private mutating func compared(
        _ relation: Relation, _ left: PlanOperand, _ right: PlanOperand, _ frame: Frame, _ rows: Int
    ) -> StepColumn {
        let operands = (operand(left, in: frame), operand(right, in: frame))
        switch relation {
        case .equal:
            return compared(operands, rows) {
                $0 == $1
            } nulls: {
                .bool($0)
            }
        case .notEqual:
            return compared(operands, rows) {
                $0 != $1
            } nulls: {
                .bool(!$0)
            }
        case .less:
            return compared(operands, rows) {
                $0 < $1
            } nulls: { _ in
                Self.noOverload
            }
        case .lessOrEqual:
            return compared(operands, rows) {
                $0 <= $1
            } nulls: { _ in
                Self.noOverload
            }
        case .greater:
            return compared(operands, rows) {
                $0 > $1
            } nulls: { _ in
                Self.noOverload
            }
        case .greaterOrEqual:
            return compared(operands, rows) {
                $0 >= $1
            } nulls: { _ in
                Self.noOverload
            }
        }
    }

    /// - Parameter nulls: the answer when a side is null, told whether both are.
    @inline(__always)
    private mutating func compared(
        _ operands: (Operand, Operand), _ rows: Int, _ test: (Int64, Int64) -> Bool, nulls: (Bool) -> Cell
    ) -> StepColumn {
        var missing = missing
        self.missing = MissingTable()
        let result = StepColumn.merged(operands.0, operands.1, rows: rows) { one, two in
            if one.tag == .value && two.tag == .value { return .bool(test(one.payload, two.payload)) }
            if one.isKnown && two.isKnown { return nulls(one.tag == two.tag) }
            return Self.joined(one, two, &missing)
        }
        self.missing = missing
        return result
    }
}
