import CareDomain
import RuleEngine

/// What unknown cells of one run name: payloads are numbers of single causes, or of two put together.
///
/// A cause is a fact of a row (its place in the plan and the row, in one number) or a parameter without a value for some
/// keys. Causes of two cells are put together by a pair, not by a sorted set: most are never looked at.
package struct MissingTable: Sendable {
    private var pairs: [(Int64, Int64)] = []
    private var parameters: [Missing] = []
    private var parameterPlaces: [Missing: Int64] = [:]

    package init() {}

    private static let parameterBit: Int64 = 1 << 62

    /// The payload of a fact nobody stated of the entity of a row.
    @inline(__always)
    static func fact(_ fact: Int, row: Int) -> Int64 { Int64(fact) << 32 | Int64(row) }

    mutating func parameter(_ missing: Missing) -> Int64 {
        if let place = parameterPlaces[missing] { return place }
        let place = Self.parameterBit | Int64(parameters.count)
        parameterPlaces[missing] = place
        parameters.append(missing)
        return place
    }

    /// The payload of both causes.
    @inline(__always)
    mutating func union(_ one: Int64, _ two: Int64) -> Int64 {
        if one == two { return one }
        pairs.append((one, two))
        return -Int64(pairs.count)
    }

    /// What a negative payload puts together.
    func pair(_ payload: Int64) -> (Int64, Int64) { pairs[Int(-payload) - 1] }

    /// Takes pairs over whose negative payloads count from their own first pair.
    /// - Returns: what is to be taken from such a payload.
    mutating func take(_ own: [(Int64, Int64)], _ single: (Int64) -> Int64) -> Int64 {
        let base = Int64(pairs.count)
        pairs.reserveCapacity(pairs.count + own.count)
        for (one, two) in own {
            pairs.append((one < 0 ? one - base : single(one), two < 0 ? two - base : single(two)))
        }
        return base
    }

    /// Whether a single cause is a fact.
    static func isFact(_ cause: Int64) -> Bool { cause >= 0 && cause & parameterBit == 0 }

    /// The single causes, sorted, without repetition.
    package func causes(_ payload: Int64) -> [Int64] {
        guard payload < 0 else { return [payload] }
        var open = [payload]
        var found: Set<Int64> = []
        var seen: Set<Int64> = []
        while let next = open.popLast() {
            guard next < 0 else {
                found.insert(next)
                continue
            }
            guard seen.insert(next).inserted else { continue }
            let pair = pairs[Int(-next) - 1]
            open.append(pair.0)
            open.append(pair.1)
        }
        return found.sorted()
    }

    /// What the payload names.
    package func missing(_ payload: Int64, _ plan: ColumnPlan, _ block: FactBlock) -> [Missing] {
        causes(payload).map { cause in
            if cause & Self.parameterBit != 0 { return parameters[Int(cause & ~Self.parameterBit)] }
            let key = plan.facts[Int(cause >> 32)]
            let row = Int(cause & 0xffff_ffff)
            return .fact(key.fact, block.entities(key.subject)?.subjects[row] ?? .household)
        }.sorted()
    }
}
