/// Which months count as due.
/// - Source: policies, Days and months
package enum MonthRule: String, Hashable, Sendable, CaseIterable {
    /// The conditions hold on at least one day of the month.
    case anyDay = "any_day"
    /// They hold on its first day.
    case firstDay = "first_day"
    /// As `anyDay`, but not yet in the month in which they are first met.
    case nextMonth = "next_month"
    /// As `anyDay`, but the sum falls due in the last month of its quarter or year, by the last day with the right: what adds
    /// up over a year is known when the year is over.
    case periodEnd = "period_end"
}

extension MonthRule {
    /// Whether the sum of a unit waits for its end, with what holds then.
    package var waitsForEnd: Bool { self == .periodEnd }

    /// Whether a unit is due whose days from `start` on have the right, in a row with all days since `runStart`.
    package func counts(
        _ unit: Int32, of units: CalendarUnit, from start: CivilDay, since runStart: CivilDay
    ) -> Bool {
        switch self {
        case .anyDay, .periodEnd: true
        case .firstDay: start <= units.first(unit).firstDay
        case .nextMonth: unit > units.number(of: CivilMonth(containing: runStart))
        }
    }

    /// Whether what is left of a unit is due, from one of its months on, because the months before were paid by another rhythm:
    /// as a unit that begins there.
    package func counts(from first: CivilMonth, from start: CivilDay, since runStart: CivilDay) -> Bool {
        switch self {
        case .anyDay, .periodEnd: true
        case .firstDay: start <= first.firstDay
        case .nextMonth: CivilMonth(containing: runStart) < first
        }
    }
}
