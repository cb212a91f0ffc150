import RuleEngine

/// 常备判断: a column that was worked out when a block was written and stands in it beside the facts, so that a replay reads to
/// whom a rule applies instead of finding it out again.
///
/// It is found by the name of what it says (`ColumnPlan.names`), and stands in the same file as the facts it follows from: there
/// is no other rule or fact it could be mistaken for. Rows that have on all days what most rows have, true or false, are left out.
package struct KeptColumn: Sendable {
    /// Facts that unknown cells wait for, as `FactColumnKey.text`.
    let facts: [String]
    /// The cells. An unknown one names a place in `facts` with a row, or, negative, a pair of causes; the pairs are rows of two
    /// steps behind the block's own.
    let column: FactColumn
    /// Whose rows these are; nil = the households'.
    let kind: EntityKind?
    /// What rows have that are left out.
    let absent: Bool
    private let rows: Int
    private let pairs: [(Int64, Int64)]

    /// - Returns: nil where a cell waits for something else than facts.
    init?(_ column: StepColumn, kind: EntityKind?, rows: Int, _ missing: MissingTable, _ plan: ColumnPlan) {
        var builder = FactColumnBuilder()
        var causes = Causes()
        func isAlways(_ value: Bool, _ row: Int) -> Bool {
            let steps = column.steps(of: row)
            return steps.count == 1 && column.cell(steps.lowerBound) == .bool(value)
        }
        absent = (0..<rows).count { isAlways(true, $0) } * 2 > rows
        for row in 0..<rows where !isAlways(absent, row) {
            let steps = column.steps(of: row)
            for place in steps {
                var cell = column.cell(place)
                if cell.tag == .unknown {
                    guard let number = causes.number(cell.payload, missing) else { return nil }
                    cell.payload = number
                }
                builder.add(row: row, column.day(place), cell)
            }
        }
        for (place, pair) in causes.pairs.enumerated() {
            builder.add(row: rows + place, 0, Cell(.value, pair.0))
            builder.add(row: rows + place, 1, Cell(.value, pair.1))
        }
        facts = causes.facts.map { plan.facts[Int($0)].text }
        self.column = builder.finish()
        self.kind = kind
        self.rows = rows
        pairs = causes.pairs
    }

    /// A column in memory that is there already.
    /// - Returns: nil where a cell names something that is not there.
    init?(_ column: FactColumn, kind: EntityKind?, absent: Bool, facts: [String], rows: Int) {
        self.column = column
        self.kind = kind
        self.absent = absent
        self.facts = facts
        self.rows = rows
        var ends: [[Int64]] = []
        var waiting: [Int64] = []
        var isWhole = true
        column.forEachCell { row, cell in
            if row >= rows {
                if row - rows == ends.count { ends.append([]) }
                if row - rows == ends.count - 1, cell.tag == .value {
                    ends[row - rows].append(cell.payload)
                    waiting.append(cell.payload)
                } else {
                    isWhole = false
                }
            } else {
                switch cell.tag {
                case .value: isWhole = isWhole && (cell.payload == 0 || cell.payload == 1)
                case .unknown: waiting.append(cell.payload)
                case .error: isWhole = isWhole && EvaluationError.allCases.indices.contains(Int(cell.payload))
                case .null: break
                }
            }
        }
        guard isWhole, ends.allSatisfy({ $0.count == 2 }) else { return nil }
        for payload in waiting {
            guard payload < 0 ? payload >= -Int64(ends.count) : payload >> 32 < facts.count else { return nil }
        }
        pairs = ends.map { ($0[0], $0[1]) }
    }

    /// The column in a run of a plan that has its facts; nil where it has not all of them.
    func read(_ plan: ColumnPlan, _ missing: inout MissingTable) -> StepColumn? {
        var places: [Int64] = []
        for fact in facts {
            guard let place = plan.factPlaces[fact] else { return nil }
            places.append(Int64(place))
        }
        func single(_ cause: Int64) -> Int64 {
            MissingTable.fact(Int(places[Int(cause >> 32)]), row: Int(cause & 0xffff_ffff))
        }
        let base = missing.take(pairs, single)
        return column.read(count: rows, absent: .bool(absent)) { $0 < 0 ? $0 - base : single($0) }
    }

    /// Numbers what cells of one column wait for.
    private struct Causes {
        var facts: [Int64] = []
        var pairs: [(Int64, Int64)] = []
        private var known: [Int64: Int64] = [:]
        private var places: [Pair: Int64] = [:]

        private struct Pair: Hashable {
            let one: Int64
            let two: Int64
        }

        mutating func number(_ payload: Int64, _ missing: MissingTable) -> Int64? {
            if let number = known[payload] { return number }
            let number: Int64
            if payload < 0 {
                let pair = missing.pair(payload)
                guard let one = self.number(pair.0, missing), let two = self.number(pair.1, missing) else {
                    return nil
                }
                number = self.number(of: Pair(one: one, two: two))
            } else {
                guard MissingTable.isFact(payload) else { return nil }
                let fact = payload >> 32
                let place = facts.firstIndex(of: fact) ?? facts.count
                if place == facts.count { facts.append(fact) }
                number = MissingTable.fact(place, row: Int(payload & 0xffff_ffff))
            }
            known[payload] = number
            return number
        }

        /// Runs put the same causes together again and again.
        private mutating func number(of pair: Pair) -> Int64 {
            if pair.one == pair.two { return pair.one }
            if let place = places[pair] { return place }
            pairs.append((pair.one, pair.two))
            places[pair] = -Int64(pairs.count)
            return -Int64(pairs.count)
        }
    }
}

/// What is kept for the rules in force.
package struct StandingPlan: Sendable {
    private let plan: ColumnPlan
    private let nodes: [(name: String, node: Int)]

    /// - Parameters:
    ///   - rules: of all versions that are published. What has no form over columns is left out.
    ///   - codes: of the store.
    package init(_ rules: Evaluator, codes: CodeTable) {
        var writer = PlanWriter(codes: codes)
        var plans: [RulePlan] = []
        for version in rules.registry.versions {
            let written = try? writer.write(version.pack, choices: rules.choices, parameters: rules.parameters)
            plans += (written ?? []).map(\.plan)
        }
        // Versions that say the same count once.
        var seen: Set<RulePlan> = []
        plans = plans.filter { seen.insert($0).inserted }
        var plan = writer.plan
        nodes = plan.keepable(of: plans)
        plan.share(among: plans.map { [$0] })
        self.plan = plan
    }

    /// Those of the store and of the rules: blocks are built upon them.
    package var codes: CodeTable { plan.codes }

    package var names: [String] { nodes.map(\.name).sorted() }

    /// The block with what is kept of it.
    package func answers(for block: FactBlock) -> FactBlock {
        // Nothing that is kept follows the calendar, so the days do not matter.
        var run = BlockRun(plan, over: block, days: 0..<1)
        var kept: [String: KeptColumn] = [:]
        for (name, node) in nodes {
            let frame = plan.nodes[node].frame
            let column = run.column(node, in: run.all)
            let rows = run.count(frame, in: run.all)
            kept[name] = KeptColumn(column, kind: frame.kinds.first, rows: rows, run.missing, plan)
        }
        return FactBlock(block, kept: kept)
    }
}
