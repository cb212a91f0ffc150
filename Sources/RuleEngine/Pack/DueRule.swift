import CareDomain

/// When a duty has to be done.
/// - Source: policies/README, Date words
package enum DueRule: Hashable, Sendable {
    /// At all times while the clause applies: a gap is a gap from its first day.
    case always
    /// By the last day of each major holiday; warned of so many days before its first day.
    case holiday(warnDays: Int)
    /// Within so many days after the clause began to apply.
    case withinDays(Int)
    /// 每季度末: by the last day of each quarter; warned of 15 days before.
    case quarterEnd
    /// 每半年: by the last day of June and of December; warned of 15 days before.
    case halfYearEnd
    /// 月底前: by the last day of the month, warned of from the 21st.
    case monthEnd(month: Int)
    /// 月初: days 1 to 10 of the month; overdue after the 10th.
    case monthBegin(month: Int)
    /// 中旬前: warned of from the 11th, overdue after the 20th.
    case midMonth(month: Int)
    /// 某日前: that day included; warned of 5 days before.
    case byDay(month: Int, day: Int)
    /// 年度内: warned of from 1 December, overdue after the 31st.
    case yearEnd
    /// 年度内 of what begins at its own time: by 31 December of the year in which the right was established; warned of from
    /// 1 December.
    case confirmedYearEnd
    /// Only between two days of the year, both included.
    case window(from: MonthDay, to: MonthDay)

    /// A day of any year.
    package struct MonthDay: Hashable, Sendable {
        package let month: Int
        package let day: Int
    }

    /// One time it is due.
    package struct Deadline: Hashable, Sendable {
        /// Warned of from this day.
        package let warnFrom: CivilDay
        /// Overdue after this day.
        package let lastDay: CivilDay

        /// How a day stands to it; the last day is in time.
        package func state(on day: CivilDay) -> DeadlineState {
            day > lastDay ? .past : day >= warnFrom ? .warned : .ahead
        }
    }

    /// How a day stands to a deadline.
    package enum DeadlineState: String, Hashable, Sendable {
        case ahead, warned, past
    }

    /// A due rule that a reading decides.
    package struct ByReading: Hashable, Sendable {
        /// Place of the reading in the pack.
        package let reading: Int
        /// One rule for each choice.
        package let rules: [Code: DueRule]
    }

    /// The word packs use.
    package var name: String {
        switch self {
        case .always: "always"
        case .holiday: "holiday"
        case .withinDays: "within_days"
        case .quarterEnd: "quarter_end"
        case .halfYearEnd: "half_year_end"
        case .monthEnd: "month_end"
        case .monthBegin: "month_begin"
        case .midMonth: "mid_month"
        case .byDay: "by_day"
        case .yearEnd: "year_end"
        case .confirmedYearEnd: "confirmed_year_end"
        case .window: "window"
        }
    }

    /// The deadline for a feast: the last day of its days off; nil for rules that do not follow holidays.
    package func deadline(for feast: DayPeriod) -> Deadline? {
        guard case .holiday(let days) = self, let end = feast.end else { return nil }
        return Deadline(warnFrom: feast.start - Int32(days), lastDay: end - 1)
    }

    /// The deadline of a duty whose time runs from the day on which the right was established; nil for other rules.
    package func deadline(begun: CivilDay) -> Deadline? {
        switch self {
        case .withinDays(let days): return Deadline(warnFrom: begun, lastDay: begun + Int32(days))
        case .confirmedYearEnd:
            let december = CivilMonth(year: begun.year, month: 12)
            return Deadline(warnFrom: max(begun, december.firstDay), lastDay: december.lastDay)
        default: return nil
        }
    }

    /// The deadlines of a calendar year, in order; empty for rules that hang on the household or on holidays.
    package func deadlines(year: Int) -> [Deadline] {
        func day(_ month: Int, _ day: Int) -> CivilDay {
            CivilDay(year: year, month: month, day: day) ?? CivilMonth(year: year, month: month).lastDay
        }
        func ends(of unit: CalendarUnit) -> [Deadline] {
            unit.firsts(inYear: year).map { first in
                let last = unit.last(with: first).lastDay
                return Deadline(warnFrom: last - 15, lastDay: last)
            }
        }
        switch self {
        case .always, .holiday, .withinDays, .confirmedYearEnd: return []
        case .quarterEnd: return ends(of: .quarter)
        case .halfYearEnd: return ends(of: .halfYear)
        case .monthEnd(let month):
            return [Deadline(warnFrom: day(month, 21), lastDay: CivilMonth(year: year, month: month).lastDay)]
        case .monthBegin(let month): return [Deadline(warnFrom: day(month, 1), lastDay: day(month, 10))]
        case .midMonth(let month): return [Deadline(warnFrom: day(month, 11), lastDay: day(month, 20))]
        case .byDay(let month, let number):
            return [Deadline(warnFrom: day(month, number) - 5, lastDay: day(month, number))]
        case .yearEnd: return [Deadline(warnFrom: day(12, 1), lastDay: day(12, 31))]
        case .window(let from, let to):
            return [Deadline(warnFrom: day(from.month, from.day), lastDay: day(to.month, to.day))]
        }
    }
}
