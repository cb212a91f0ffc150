/// 待定的月份: months of a right of which the latest determination cannot say what is due in them, because a fact or parameter is
/// missing or the rule ended in an error.
///
/// What was due in such a month before is not over-paid: nobody knows yet. When the fact is stated, a later determination says
/// what the month comes to, and only what is too much then stands as over-payment.
package struct OpenDues {
    /// Why a month is open.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// 待补: a fact or parameter is missing.
        case needsFact = "needs_fact"
        /// 待查: the rule ended in an error.
        case failed

        fileprivate init?(_ status: DeterminationMade.Status) {
            switch status {
            case .needsFact, .needsParameter: self = .needsFact
            case .failed: self = .failed
            case .entitled, .proposed, .held, .notEntitled: return nil
            }
        }
    }

    private let made: DeterminationMade
    private let intervals: [(days: DayPeriod, reason: Reason)]
    private let rules: PaymentRules

    /// - Parameter made: the latest determination of the right.
    package init(_ made: DeterminationMade, _ rules: PaymentRules) {
        self.made = made
        self.rules = rules
        intervals = made.intervals.compactMap { interval in
            Reason(interval.status).map { (interval.period, $0) }
        }
    }

    /// Why what is due in a month is not known; nil where it is.
    package func reason(_ month: CivilMonth) -> Reason? {
        guard !intervals.isEmpty else { return nil }
        // A one-off may still be given, whatever the day.
        let months = made.monthsPaid(with: month)
        let days = DayPeriod(start: (months.first ?? month).firstDay, end: (months.last ?? month).lastDay + 1)
        let bearing = intervals.filter { made.rhythm == .once || $0.days.intersection(days) != nil }.map(\.reason)
        guard !bearing.isEmpty, !rules.dues(made, month).contains(where: { $0.month == month }) else { return nil }
        return bearing.contains(.failed) ? .failed : .needsFact
    }
}
