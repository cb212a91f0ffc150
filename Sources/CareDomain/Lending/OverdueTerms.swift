/// 逾期口径: how long after its due day an instalment is still in time, by the values in force on the day that is asked. The
/// document names none, so the due day itself is in time and the day after is overdue where a deployment set nothing.
/// - Source: XM-2.2b, xm.grace_months and xm.overdue_after_days; asked by the day as the clause itself asks
package struct OverdueTerms: Hashable, Sendable {
    /// A number that holds for a period; of two that cover a day the later one counts.
    package struct Value: Hashable, Sendable {
        package let period: DayPeriod
        package let count: Int

        package init(_ count: Int, in period: DayPeriod) {
            self.count = count
            self.period = period
        }
    }

    /// 宽限月数.
    package let graceMonths: [Value]
    /// 到期后多少天算逾期.
    package let afterDays: [Value]

    /// Nothing was set.
    package static let standard = OverdueTerms(graceMonths: [], afterDays: [])

    package init(graceMonths: [Value], afterDays: [Value]) {
        self.graceMonths = graceMonths
        self.afterDays = afterDays
    }

    /// The last day on which an instalment that was due on one day is in time, as judged on another.
    package func lastInTime(of dueOn: CivilDay, on day: CivilDay) -> CivilDay {
        func count(_ values: [Value]) -> Int { max(0, values.last { $0.period.contains(day) }?.count ?? 0) }
        return dueOn.adding(months: count(graceMonths)) + Int32(clamping: count(afterDays))
    }
}
