import CareDomain
import RuleEngine

/// 脱贫率的两个分母: of the figures that counted for a report, stated or counted, the rate by both readings of the denominator.
///
/// Rounded as the rates of the reports about loans; a rate without a denominator does not exist.
/// - Source: XM-6.3, XM-Q7; parameter `xm.kpi_denominator`
package struct ExitRates: Hashable, Sendable {
    /// The clause that asks for the rate.
    package static let clause = ClauseID("XM-6.3")

    private let out: Int64?
    private let helped: Int64?
    private let completed: Int64?

    /// - Parameter values: The figures that count, by fact.
    package init(_ values: [FactID: FactValue]) {
        func count(_ fact: String) -> Int64? {
            if case .int(let number)? = values[FactID(unchecked: "city.\(fact)")] { number } else { nil }
        }
        (out, helped) = (count("households_out_of_poverty"), count("households_helped"))
        completed = count("households_completed")
    }

    /// The line of the clause with both rates beside its verdict; any other as it is.
    package func told(_ line: Indicators.Line) -> Indicators.Line {
        guard line.clause == Self.clause, line.state == .reached || line.state == .missed, let out else { return line }
        let rates = [
            rate(out, of: helped, "全部受助户", "all helped"), rate(out, of: completed, "帮扶结束户", "those completed"),
        ].compactMap { $0 }
        return Indicators.Line(
            clause: line.clause, title: line.title, state: line.state, measure: line.measure, unit: line.unit,
            reasons: line.reasons + rates)
    }

    private func rate(_ out: Int64, of whole: Int64?, _ chinese: String, _ english: String) -> Wording? {
        guard let whole, let rate = LendingFigures.rate(out, of: whole) else { return nil }
        let percent = FactValue.decimal(thousandths: rate * 10).numberText
        return Wording("\(chinese) \(out)/\(whole) \(percent)%", "\(english) \(out)/\(whole) \(percent) %")
    }
}
