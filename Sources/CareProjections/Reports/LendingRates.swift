import CareDomain
import RuleEngine

/// 还款率、脱贫率: the rates of a city's loans and aid, of the figures that counted for a report; the exit rate by both readings of
/// the denominator.
///
/// A rate is made of two figures of one origin: both stated by an office, or both counted from the records. One of each is no
/// rate: what the office counts (years before the record, families of other programmes) is not what the record holds, and the
/// quotient would mean nothing. Rounded as the rates of the reports about loans; without a denominator there is none.
/// - Source: XM-6.2, XM-6.3, XM-Q7
package struct LendingRates: Hashable, Sendable {
    /// The clause that asks for the exit rate.
    private static let exits = ClauseID("XM-6.3")
    /// The clause that asks for the repayment rate.
    private static let repayment = ClauseID("XM-6.2")

    /// Which of the figures the pack's readings take.
    package struct Readings: Hashable, Sendable {
        /// Families whose aid is completed, instead of all that were helped.
        package var ofCompleted = false
        /// Families that were out at some time, instead of those out on the day.
        package var everOut = false

        package init(ofCompleted: Bool = false, everOut: Bool = false) {
            self.ofCompleted = ofCompleted
            self.everOut = everOut
        }

        /// - Parameter choices: What the deployment reads.
        package init(_ pack: RulePack, _ choices: ReadingChoices) {
            func isChosen(_ reading: String, _ value: String) -> Bool {
                pack.reading(reading).map { pack.positions(choices)[$0] == .code(Code(unchecked: value)) } ?? false
            }
            ofCompleted = isChosen("kpi_denominator", "completed")
            everOut = isChosen("exit_state", "ever")
        }
    }

    private let inputs: [FactID: Indicators.Input]
    private let readings: Readings

    /// - Parameter inputs: The figures that counted.
    package init(_ inputs: [Indicators.Input], _ readings: Readings = Readings()) {
        self.inputs = Dictionary(inputs.map { ($0.fact, $0) }) { $1 }
        self.readings = readings
    }

    private func input(_ fact: String) -> Indicators.Input? { inputs[FactID(unchecked: "city.\(fact)")] }

    /// The line of a clause about a rate: not judged where its figures are of two origins; of the exit rate, with both rates
    /// beside its verdict. Any other as it is.
    package func told(_ line: Indicators.Line) -> Indicators.Line {
        guard line.state == .reached || line.state == .missed else { return line }
        switch line.clause {
        case Self.repayment:
            guard let part = input("principal_repaid_of_due"), let whole = input("principal_due"),
                part.isStated != whole.isStated
            else { return line }
            return line.unjudged(Self.apart(part, whole))
        case Self.exits:
            guard let out = input(readings.everOut ? "households_ever_out" : "households_out_of_poverty") else {
                return line
            }
            let rates = [
                rate(out, of: input("households_helped"), "全部受助户", "all helped"),
                rate(out, of: input("households_completed"), "帮扶结束户", "those completed"),
            ]
            let base = input(readings.ofCompleted ? "households_completed" : "households_helped")
            guard base.map({ $0.isStated == out.isStated }) ?? true else {
                return line.unjudged(rates.compactMap { $0 })
            }
            return line.with(rates.compactMap { $0 })
        default: return line
        }
    }

    /// The rate of two figures of one origin, or why there is none.
    private func rate(
        _ out: Indicators.Input, of whole: Indicators.Input?, _ chinese: String, _ english: String
    ) -> Wording? {
        guard let whole, let part = out.value.magnitude, let all = whole.value.magnitude else { return nil }
        // Whoever is out need not be completed: more of them is no error, and no rate.
        guard out.isStated == whole.isStated, part <= all else {
            let apart = Self.apart(out, whole)
            return Wording("\(chinese)：\(apart.chinese)", "\(english): \(apart.english)")
        }
        guard let rate = LendingFigures.rate(part, of: all) else { return nil }
        let percent = FactValue.decimal(thousandths: rate * 10).numberText
        return Wording("\(chinese) \(part)/\(all) \(percent)%", "\(english) \(part)/\(all) \(percent) %")
    }

    /// 口径不同: two figures that are not divided by one another.
    private static func apart(_ part: Indicators.Input, _ whole: Indicators.Input) -> Wording {
        let (one, other) = (part.origin, whole.origin)
        return Wording(
            "口径不同，不相除：\(one.chinese)，\(other.chinese)", "not comparable, so no rate: \(one.english), \(other.english)")
    }
}

extension Indicators.Input {
    /// Whether an office stated it; it was counted otherwise.
    fileprivate var isStated: Bool { stated != nil }

    /// The figure with where it is from.
    fileprivate var origin: Wording {
        let number = value.numberText
        guard let stated else {
            return Wording("\(title.chinese) \(number)（档案计得）", "\(title.english) \(number) (counted)")
        }
        return Wording(
            "\(title.chinese) \(number)（#\(stated.sequence) 登记）",
            "\(title.english) \(number) (stated, #\(stated.sequence))")
    }
}

extension Indicators.Line {
    /// The same with more beside its verdict.
    fileprivate func with(_ more: [Wording]) -> Self {
        Self(clause: clause, title: title, state: state, measure: measure, unit: unit, reasons: reasons + more)
    }

    /// The same without a verdict and a measure: figures of one origin are missing.
    fileprivate func unjudged(_ why: [Wording]) -> Self {
        Self(clause: clause, title: title, state: .needsFact, measure: nil, unit: unit, reasons: why)
    }

    fileprivate func unjudged(_ why: Wording) -> Self { unjudged([why]) }
}
