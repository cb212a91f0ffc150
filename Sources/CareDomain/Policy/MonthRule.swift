/// Which months count as due.
/// - Source: policies, Days and months
package enum MonthRule: String, Hashable, Sendable, CaseIterable {
    /// The conditions hold on at least one day of the month.
    case anyDay = "any_day"
    /// They hold on its first day.
    case firstDay = "first_day"
    /// As `anyDay`, but not yet in the month in which they are first met.
    case nextMonth = "next_month"
}
