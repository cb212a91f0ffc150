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
    /// Places of `shares`, made when the first is computed.
    private var sharePlaces: [[PayerShare]: Int]?
    /// All rows of the block.
    package let all: RunScope
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

    package init(_ plan: ColumnPlan, over block: FactBlock, days: Range<Int32>) {
        self.plan = plan
        self.block = block
        codes = block.codes.texts.count > plan.codes.texts.count ? block.codes : plan.codes
        self.days = days
        all = RunScope(
            households: Array(0..<Int32(block.count)), isAll: true, nodes: plan.nodes.count)
        shares = plan.shares
    }

    /// The column of a node in a scope, where its frame has rows.
    mutating func column(_ node: Int, in scope: RunScope) -> StepColumn {
        if let column = scope.columns[node] { return column }
        let computed = kept(node, scope) ?? compute(plan.nodes[node], scope)
        scope.columns[node] = computed
        return computed
    }

    /// The column that the block has ready made.
    private mutating func kept(_ node: Int, _ scope: RunScope) -> StepColumn? {
        guard scope.isAll, let name = plan.keptName(node), let column = block.kept[name] else { return nil }
        return column.read(plan, &missing)
    }

    /// Number of rows of a frame.
    package func count(_ frame: Frame, in scope: RunScope) -> Int { scope.count(frame, in: block) }

    /// Rows of the block, in a scope of a frame; nil = all of them in order.
    package func blockRows(_ frame: Frame, in scope: RunScope) -> [Int32]? { scope.blockRows(frame, in: block) }

    /// A scope of some rows of a frame.
    /// - Parameter open: rows of the block, rising.
    package func scope(_ frame: Frame, open: [Int32]) -> RunScope {
        if case .one(let kind) = frame, block.entities(kind) != nil {
            return RunScope(kind, open: open, in: block, nodes: plan.nodes.count)
        }
        return RunScope(households: open, isAll: false, nodes: plan.nodes.count)
    }

    /// An operand's column with the way from the user's rows to its own.
    mutating func operand(_ operand: PlanOperand, in frame: Frame, _ scope: RunScope) -> Operand {
        let own = plan.nodes[operand.node].frame
        let isInner = frame != own && frame.kinds.count == 2 && own.kinds.count == 1 && operand.places == [1]
        let from = isInner ? scope.whole(nodes: plan.nodes.count) : scope
        // What is there for all rows already is not computed again for some.
        if !scope.isAll, own.kinds.count < 2, all.columns[operand.node] != nil || plan.isEager(operand.node) {
            let column = column(operand.node, in: all)
            if column.isBroadcast { return Operand(column) }
            let rows = from.blockRows(own, in: block)
            guard let way = way(from: own, to: operand, frame, scope) else { return Operand(column, rows: rows) }
            return Operand(column, rows: rows.map { rows in way.map { rows[Int($0)] } } ?? way)
        }
        let column = column(operand.node, in: from)
        guard !column.isBroadcast else { return Operand(column) }
        return Operand(column, rows: way(from: own, to: operand, frame, scope))
    }

    /// For each row of the frame, the operand's row in the scope; nil = the same.
    private func way(
        from own: Frame, to operand: PlanOperand, _ frame: Frame, _ scope: RunScope
    ) -> [Int32]? {
        guard own != frame || operand.places != Array(frame.kinds.indices) else { return nil }
        switch (frame, own) {
        case (.one(let kind), .household):
            return block.entities(kind) == nil ? nil : scope.rows(kind, in: block).households
        case (.two, .household): return pairs(frame, scope).households
        case (.two, .one): return operand.places == [0] ? pairs(frame, scope).outer : pairs(frame, scope).inner
        default: return nil
        }
    }

    func pairs(_ frame: Frame, _ scope: RunScope) -> RunScope.PairRows {
        scope.pairs(frame, in: block, nodes: plan.nodes.count)
    }

    private mutating func compute(_ node: PlanNode, _ scope: RunScope) -> StepColumn {
        let frame = node.frame
        let rows = count(frame, in: scope)
        switch node.operation {
        case .constant(let cell): return StepColumn(constant: cell)
        case .entity:
            let block = blockRows(frame, in: scope)
            return StepColumn.flat(rows: rows) { place in
                Cell(.value, block.map { Int64($0[place]) } ?? Int64(place))
            }
        case .fact(let fact, let reading): return self.fact(fact, reading, frame, scope)
        case .and(let left, let right): return connected(left, right, frame, scope, stops: 0)
        case .or(let left, let right): return connected(left, right, frame, scope, stops: 1)
        case .not(let one):
            return StepColumn.mapped(operand(one, in: frame, scope), rows: rows) { cell in
                switch cell.tag {
                case .value: Cell(.value, 1 - cell.payload)
                case .null: Self.noOverload
                case .unknown, .error: cell
                }
            }
        case .conditional(let test, let yes, let no):
            let operands = (
                operand(test, in: frame, scope), operand(yes, in: frame, scope), operand(no, in: frame, scope)
            )
            return StepColumn.merged(operands.0, operands.1, operands.2, rows: rows) { test, yes, no in
                switch test.tag {
                case .value: test.payload == 1 ? yes : no
                case .null: Self.noOverload
                case .unknown, .error: test
                }
            }
        case .compared(let relation, let left, let right): return compared(relation, left, right, frame, scope)
        case .isIn(let one, let payloads):
            return StepColumn.mapped(operand(one, in: frame, scope), rows: rows) { cell in
                switch cell.tag {
                case .value: .bool(payloads.contains(cell.payload))
                case .null: .bool(false)
                case .unknown, .error: cell
                }
            }
        case .known(let one):
            return StepColumn.mapped(operand(one, in: frame, scope), rows: rows) { $0.isKnown ? .bool(true) : $0 }
        case .call(let builtin, let arguments, let types, let result):
            return call(builtin, arguments, types, result, frame, scope)
        case .elapsed(let unit, let relation, let date, let bound, let shift):
            return elapsed(
                unit, relation, operand(date, in: frame, scope), operand(bound, in: frame, scope), shift, rows)
        case .reached(let date): return reached(operand(date, in: frame, scope), rows)
        case .calendar(let part): return calendar(part)
        case .periodStart(let part, let offset): return periodStart(part, offset)
        case .parameter(let place, let keys): return parameter(place, keys, frame, scope, onlyAsks: false)
        case .hasParameter(let place, let keys): return parameter(place, keys, frame, scope, onlyAsks: true)
        case .reduced(let reduction, let inner, let present, let test):
            return reduced(reduction, inner, present, test, frame, scope)
        case .shares(let parts, let payers): return shares(parts, payers, frame, scope)
        case .at(let day, let body): return at(operand(day, in: frame, scope), operand(body, in: frame, scope), rows)
        }
    }

    static let noOverload = Cell(.error, Int64(EvaluationError.allCases.firstIndex(of: .noSuchOverload) ?? 0))

    private func fact(_ fact: Int, _ reading: FactReading, _ frame: Frame, _ scope: RunScope) -> StepColumn {
        let key = plan.facts[fact]
        let isUnknown = key.nature == .plain && reading != .onRecord
        let absence: Cell = reading == .value && key.type != .bool ? .null : .bool(false)
        let rows = blockRows(frame, in: scope)
        let count = count(frame, in: scope)
        guard let column = block.columns[key] else {
            guard isUnknown else { return StepColumn(constant: absence) }
            return StepColumn.flat(rows: count) { place in
                Cell(.unknown, MissingTable.fact(fact, row: rows.map { Int($0[place]) } ?? place))
            }
        }
        func absent(_ row: Int32) -> Cell {
            isUnknown ? Cell(.unknown, MissingTable.fact(fact, row: Int(row))) : absence
        }
        /// Something that happened on a day nobody stated: unknown, whatever nothing on record means (`FactView`).
        func other(_ cell: Cell, _ row: Int32) -> Cell {
            guard cell.tag == .unknown, reading != .onRecord else { return absent(row) }
            return Cell(.unknown, MissingTable.fact(fact, row: Int(row)))
        }
        return reading == .value
            ? column.read(rows, count: count, absent: absent) { $0.tag == .value ? $0 : other($0, $1) }
            : column.read(rows, count: count, absent: absent) { $0.tag == .value ? .bool(true) : other($0, $1) }
    }

    /// As the evaluator gives computed parts: in lowest terms, without those of zero.
    private mutating func shares(
        _ parts: [PlanOperand], _ payers: [Code], _ frame: Frame, _ scope: RunScope
    ) -> StepColumn {
        let rows = count(frame, in: scope)
        let operands = parts.map { operand($0, in: frame, scope) }
        var places =
            sharePlaces ?? Dictionary(shares.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        sharePlaces = nil
        defer { sharePlaces = places }
        return StepColumn.merged(operands, rows: rows) { cells in
            var pending: Cell?
            for cell in cells where cell.tag != .value || cell.payload < 0 {
                let waiting = cell.tag == .value || cell.tag == .null ? Self.noOverload : cell
                pending = pending.map { Self.joined($0, waiting, &missing) } ?? waiting
            }
            if let pending { return pending }
            let found = zip(payers, cells).map { PayerShare(payer: $0, parts: $1.payload) }.inLowestTerms
            if let place = places[found] { return Cell(.value, Int64(place)) }
            places[found] = shares.count
            shares.append(found)
            return Cell(.value, Int64(shares.count - 1))
        }
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
        _ relation: Relation, _ left: PlanOperand, _ right: PlanOperand, _ frame: Frame, _ scope: RunScope
    ) -> StepColumn {
        let rows = count(frame, in: scope)
        let operands = (operand(left, in: frame, scope), operand(right, in: frame, scope))
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
