import CareDomain
import RuleEngine

/// 结算计算单: a settlement step by step, as an office checks it.
package struct SettlementSheet: Hashable, Sendable {
    /// One step.
    package struct Line: Hashable, Sendable {
        /// Stable code.
        package let code: String
        package let title: Wording
        /// With what it is computed; empty where it is given.
        package let formula: String
        package let result: String
    }

    package private(set) var lines: [Line] = []

    /// - Parameter title: What a clause is called.
    package init(_ settlement: Settlement, title: (ClauseID) -> String) {
        addCost(settlement, title)
        addRatio(settlement)
        addMoney(settlement)
        for other in settlement.alternatives { addAlternative(other) }
    }

    private mutating func add(
        _ code: String, _ chinese: String, _ english: String, _ formula: String, _ result: some CustomStringConvertible
    ) {
        lines.append(
            Line(code: code, title: Wording(chinese, english), formula: formula, result: result.description))
    }

    private mutating func addCost(_ settlement: Settlement, _ title: (ClauseID) -> String) {
        for project in settlement.projects where project.grants > 0 {
            add(
                "project", "\(project.clause) \(title(project.clause))", "\(project.clause)", "\(project.grants) 户",
                project.amount)
        }
        let sum = settlement.projects.filter { $0.grants > 0 }.map(\.amount.description).joined(separator: " + ")
        add("cost", "确认的活动经费", "confirmed activity cost", sum, settlement.cost)
    }

    private mutating func addRatio(_ settlement: Settlement) {
        let (result, shares) = (settlement.result, settlement.shares)
        let whole = Self.percent(shares.city, shares.city + shares.unit)
        add("shares", "市与单位分担", "shares of city and unit", "\(shares.city):\(shares.unit)", whole)
        add("score", "评估得分", "score", "", settlement.score)
        add(
            "below", "低于满比例分数（\(result.step.chinese)）", "points below the full score (\(result.step.rawValue))",
            "\(settlement.fullFrom) - \(settlement.score)", result.below)
        let formula: String
        switch result.mode {
        case .percentagePoint: formula = "max(0, \(whole) - \(result.below) × 1 %)"
        case .relative: formula = "\(whole) × max(0, 1 - \(result.below) × 1 %)"
        }
        add(
            "ratio", "市级补助比例（\(result.mode.chinese)）", "the city's ratio (\(result.mode.rawValue))", formula,
            Self.percent(result.numerator, result.denominator))
    }

    private mutating func addMoney(_ settlement: Settlement) {
        let result = settlement.result
        let ratio = Self.percent(result.numerator, result.denominator)
        add("share", "按比例的市级补助", "city share by the ratio", "\(settlement.cost) × \(ratio)", result.share)
        let cap = settlement.budget.map { "min(\(result.share), \($0))" } ?? "未设限额，不封顶 / no budget set"
        add("settled", "市级应补助（预算封顶）", "settled, within the budget", cap, result.settled)
        add(
            "advance", "实际预拨", "advance paid out", "max(0, \(settlement.advance) - \(settlement.carriedIn))",
            settlement.paidOut)
        add(
            "in_hand", "预拨加上年结转", "advance with what was carried over",
            "\(settlement.paidOut) + \(settlement.carriedIn)", settlement.inHand)
        add(
            "balance", "尚应补拨", "still to be paid", "max(0, \(result.settled) - \(settlement.inHand))",
            settlement.balance)
        add(
            "carried_out", "结转下年扣减", "to be deducted next year",
            "max(0, \(settlement.inHand) - \(result.settled))", settlement.carriedOut)
    }

    private mutating func addAlternative(_ result: Settlement.Result) {
        add(
            "reading.\(result.mode.rawValue).\(result.step.rawValue)",
            "若按“\(result.mode.chinese)、\(result.step.chinese)”",
            "read as \(result.mode.rawValue), \(result.step.rawValue)",
            Self.percent(result.numerator, result.denominator), result.settled)
    }

    /// A ratio in percent, `47.5 %`; as a fraction where its decimals never end.
    static func percent(_ numerator: Int64, _ denominator: Int64) -> String {
        for decimals in 0...9 {
            let scale = (0..<decimals).reduce(Int64(1)) { scale, _ in scale * 10 }
            let (product, overflows) = numerator.multipliedReportingOverflow(by: 100 * scale)
            guard !overflows, product % denominator == 0 else { continue }
            let value = product / denominator
            guard decimals > 0 else { return "\(value) %" }
            let fraction = String(String(scale + value % scale).dropFirst())
            return "\(value / scale).\(fraction) %"
        }
        return "\(numerator)/\(denominator)"
    }
}

extension ReductionTerms.Mode {
    /// What the reading means.
    fileprivate var chinese: String {
        switch self {
        case .percentagePoint: "每分降1个百分点"
        case .relative: "每分降原比例的1%"
        }
    }
}

extension ReductionTerms.Step {
    /// What the reading means.
    fileprivate var chinese: String {
        switch self {
        case .wholePoints: "只算满1分的"
        case .proRata: "按小数折算"
        }
    }
}
