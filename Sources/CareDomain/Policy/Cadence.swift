/// How often a sum is due.
package enum Cadence: String, Hashable, Sendable, CaseIterable {
    case once, month, quarter, year
    case schoolYear = "school_year"
    /// Nothing recurs and nothing is paid: a flag, a duty, a definition.
    case none

    /// The months that one sum pays together are one unit of this kind. What is given once, and what is not paid at all,
    /// concerns the month in which it happens.
    package var unit: CalendarUnit {
        switch self {
        case .once, .month, .none: .month
        case .quarter: .quarter
        case .year: .year
        case .schoolYear: .schoolYear
        }
    }
}

extension DeterminationMade {
    /// The cadence in which the amount is due; one that this build does not know pays nothing.
    package var rhythm: Cadence { Cadence(rawValue: cadence.rawValue) ?? .none }

    /// The months that one sum of the right pays: the month, or its quarter, year or school year; where its first months were
    /// judged by another rhythm and are paid by it, those that are left.
    func monthsPaid(with month: CivilMonth) -> [CivilMonth] {
        let cadence = cadence(in: month)
        let months = cadence.unit.months(with: month)
        guard intervals.contains(where: { $0.rhythm != nil }) else { return months }
        let other = months.last { $0 < month && self.cadence(in: $0) != cadence }
        return months.filter { one in other.map { one > $0 } ?? true }
    }

    /// The cadence by which a month was judged; that of the determination, where no right of the month says otherwise.
    func cadence(in month: CivilMonth) -> Cadence {
        let days = DayPeriod(start: month.firstDay, end: month.lastDay + 1)
        let judged = intervals.first { $0.rightHolds && $0.period.intersection(days) != nil }?.rhythm
        return judged.map { Cadence(rawValue: $0.cadence.rawValue) ?? .none } ?? rhythm
    }
}
