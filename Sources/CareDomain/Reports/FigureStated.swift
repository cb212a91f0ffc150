/// 指标数据: a figure of a whole division for a period, as the pack's rules for a city, unit or village read it.
/// - Source: GY-2.2 农民人均纯收入、城镇居民年人均可支配收入; GY-3.12g 计生事业经费
package struct FigureStated: Hashable, Sendable {
    package var pack: PackID
    /// A fact of the pack's vocabulary about something else than a household, `city.rural_net_income`.
    package var fact: FactID
    package var value: FactValue
    /// 2014, 2014-q3 or 2014-h2: the figure holds on the days of it.
    package var period: Code
    /// Where it comes from, such as statistics_bureau.
    package var source: Code
    /// What shows it; nil = nothing.
    package var attachment: FileDigest?
    package var replacement: DutyReplacement?

    package init(
        pack: PackID, fact: FactID, value: FactValue, period: Code, source: Code, attachment: FileDigest? = nil,
        replacement: DutyReplacement? = nil
    ) {
        self.pack = pack
        self.fact = fact
        self.value = value
        self.period = period
        self.source = source
        self.attachment = attachment
        self.replacement = replacement
    }

    /// Days on which it holds; nil for a period that names none.
    package var days: DayPeriod? { DayPeriod(named: period) }
}

extension DayPeriod {
    /// The days of `2014`, `2014-q3` or `2014-h2`; nil for anything else.
    package init?(named period: Code) {
        guard let year = DutyKey.year(of: period) else { return nil }
        let months: ClosedRange<Int>
        switch period.rawValue.dropFirst(4) {
        case "": months = 1...12
        case "-q1": months = 1...3
        case "-q2": months = 4...6
        case "-q3": months = 7...9
        case "-q4": months = 10...12
        case "-h1": months = 1...6
        case "-h2": months = 7...12
        default: return nil
        }
        self.init(
            start: CivilMonth(year: year, month: months.lowerBound).firstDay,
            end: CivilMonth(year: year, month: months.upperBound).lastDay + 1)
    }
}
