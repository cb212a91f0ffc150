import RuleEngine

/// The rows that a run looks at: all of a block, or those that a condition to the left leaves open.
///
/// Most families fall out of a rule's circle at once; what follows in the rule is computed for the others alone. Rows of a
/// scope are numbered from 0, in the block's order.
package final class RunScope {
    /// Rows of one frame.
    struct Rows {
        /// Rows of the block.
        let block: [Int32]
        /// For each, the row of its household in the scope.
        let households: [Int32]
        /// For each household of the scope, where its rows begin; one more at the end. Empty in a scope of single entities.
        let offsets: [Int32]
    }

    /// The rows of a frame of two variables.
    struct PairRows {
        /// By the outer row.
        var offsets: [Int32] = [0]
        /// Row of the outer variable in the scope.
        var outer: [Int32] = []
        /// Row of the inner variable in the scope of whole households.
        var inner: [Int32] = []
        /// Row of the household in the scope.
        var households: [Int32] = []
    }

    /// Rows of the block.
    let households: [Int32]
    /// Whether these are all rows of the block.
    let isAll: Bool
    /// The kind whose entities were chosen one by one; nil = whole households.
    private let chosen: EntityKind?
    private var entities: [EntityKind: Rows] = [:]
    private var pairs: [Frame: PairRows] = [:]
    private var wholeHouseholds: RunScope?
    var columns: [StepColumn?]

    /// Whole households.
    init(households: [Int32], isAll: Bool, nodes: Int) {
        self.households = households
        self.isAll = isAll
        chosen = nil
        columns = Array(repeating: nil, count: nodes)
    }

    /// Single entities.
    /// - Parameter open: rows of the block, rising.
    init(_ kind: EntityKind, open: [Int32], in block: FactBlock, nodes: Int) {
        var households: [Int32] = []
        var places: [Int32] = []
        places.reserveCapacity(open.count)
        if let all = block.entities(kind)?.households {
            for row in open {
                let household = all[Int(row)]
                if households.last != household { households.append(household) }
                places.append(Int32(households.count - 1))
            }
        }
        self.households = households
        isAll = false
        chosen = kind
        entities = [kind: Rows(block: open, households: places, offsets: [])]
        columns = Array(repeating: nil, count: nodes)
    }

    /// The same households with all their entities.
    func whole(nodes: Int) -> RunScope {
        if chosen == nil { return self }
        if let wholeHouseholds { return wholeHouseholds }
        let scope = RunScope(households: households, isAll: false, nodes: nodes)
        wholeHouseholds = scope
        return scope
    }

    /// The entities of a kind.
    func rows(_ kind: EntityKind, in block: FactBlock) -> Rows {
        if let rows = entities[kind] { return rows }
        precondition(chosen == nil, "RunScope.rows: another kind than the chosen one")
        var (found, owners, offsets): ([Int32], [Int32], [Int32]) = ([], [], [0])
        if let all = block.entities(kind) {
            if isAll {
                found = Array(0..<Int32(all.count))
                (owners, offsets) = (all.households, all.offsets)
            } else {
                offsets.reserveCapacity(households.count + 1)
                for (place, household) in households.enumerated() {
                    for row in all.rows(of: Int(household)) {
                        found.append(Int32(row))
                        owners.append(Int32(place))
                    }
                    offsets.append(Int32(found.count))
                }
            }
        }
        let rows = Rows(block: found, households: owners, offsets: offsets)
        entities[kind] = rows
        return rows
    }

    /// The pairs of a frame: each outer row of the scope with every inner one of its household.
    func pairs(_ frame: Frame, in block: FactBlock, nodes: Int) -> PairRows {
        if let known = pairs[frame] { return known }
        var result = PairRows()
        if case .two(let first, let second) = frame {
            let outer = rows(first, in: block)
            let inner = whole(nodes: nodes).rows(second, in: block)
            for row in outer.block.indices {
                let household = outer.households[row]
                for other in inner.offsets[Int(household)]..<inner.offsets[Int(household) + 1] {
                    result.outer.append(Int32(row))
                    result.inner.append(other)
                    result.households.append(household)
                }
                result.offsets.append(Int32(result.outer.count))
            }
        }
        pairs[frame] = result
        return result
    }

    /// Number of rows of a frame.
    func count(_ frame: Frame, in block: FactBlock) -> Int {
        switch frame {
        case .household: households.count
        case .one(let kind): block.entities(kind) == nil ? households.count : rows(kind, in: block).block.count
        case .two: pairs(frame, in: block, nodes: columns.count).outer.count
        }
    }

    /// Rows of the block; nil = all of them in order.
    func blockRows(_ frame: Frame, in block: FactBlock) -> [Int32]? {
        guard !isAll else { return nil }
        switch frame {
        case .household: return households
        case .one(let kind): return block.entities(kind) == nil ? households : rows(kind, in: block).block
        case .two: return nil
        }
    }
}
