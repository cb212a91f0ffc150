/// 待定的月份: months of a right of which the latest determination cannot say what is due in them, because a fact or parameter is
/// missing or the rule ended in an error.
///
/// What was due in such a month before is not over-paid, and not cancelled either: nobody knows yet. When the fact is stated, a
/// later determination says what the month comes to, and only what is too much then stands as over-payment. Of months that are
/// counted together (`MonthsTogether`) all are open while one is: what is over-paid of a year says the whole year alone.
package struct OpenDues {
    /// Why a month is open.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// 待补: a fact or parameter is missing.
        case needsFact = "needs_fact"
        /// 待查: the rule ended in an error.
        case failed

        init?(_ status: DeterminationMade.Status) {
            switch status {
            case .needsFact, .needsParameter: self = .needsFact
            case .failed: self = .failed
            case .entitled, .proposed, .held, .notEntitled: return nil
            }
        }
    }

    private let made: DeterminationMade
    private let intervals: [(days: DayPeriod, reason: Reason, missing: [String])]
    private let rules: PaymentRules
    private let together: MonthsTogether

    /// - Parameters:
    ///   - made: the latest determination of the right.
    ///   - together: the months of the right that are counted together.
    package init(_ made: DeterminationMade, _ rules: PaymentRules, _ together: MonthsTogether = MonthsTogether()) {
        self.made = made
        self.rules = rules
        self.together = together
        intervals = made.intervals.compactMap { interval in
            Reason(interval.status).map { (interval.period, $0, interval.missing) }
        }
    }

    /// Why what is due in a month is not known; nil where it is.
    package func reason(_ month: CivilMonth) -> Reason? {
        let reasons = bearing(on: month).map(\.reason)
        guard !reasons.isEmpty else { return nil }
        return reasons.contains(.failed) ? .failed : .needsFact
    }

    /// What is missing to know what is due in a month, by the codes of the determination, ascending; empty where it is known or
    /// the rule failed.
    package func missing(_ month: CivilMonth) -> [String] { Set(bearing(on: month).flatMap(\.missing)).sorted() }

    /// The open days on which it depends what is due in a month.
    private func bearing(on month: CivilMonth) -> [(days: DayPeriod, reason: Reason, missing: [String])] {
        guard !intervals.isEmpty else { return [] }
        let span = together.span(of: month).months
        let paid = span.map { made.monthsPaid(with: $0) }
        let known = Set(rules.dues(made, paid.last?.last ?? month).map(\.month))
        // A one-off may still be given, whatever the day.
        guard made.rhythm != .once else { return span.contains(where: known.contains) ? [] : intervals }
        return intervals.filter { interval in
            zip(span, paid).contains { month, paid in
                let (first, last) = (paid.first ?? month, paid.last ?? month)
                let days = DayPeriod(start: first.firstDay, end: last.lastDay + 1)
                guard interval.days.intersection(days) != nil else { return false }
                return !(first...last).months.contains(where: known.contains) || mayStillCount(interval.days, of: days)
            }
        }
    }

    /// Whether the sum of a unit may become that of its open days, because the last day with the right counts and none that is known
    /// comes after them.
    private func mayStillCount(_ open: DayPeriod, of unit: DayPeriod) -> Bool {
        made.monthRule.waitsForEnd
            && !made.intervals.contains { interval in
                interval.rightHolds && interval.period.start > open.start && interval.period.intersection(unit) != nil
            }
    }
}

extension DeterminationMade {
    /// Whether it cannot say on some day what is due.
    var isOpenSomewhere: Bool { intervals.contains { OpenDues.Reason($0.status) != nil } }

    /// Whether days are open on which it may depend what is due in a month, or in one counted with it.
    func mayBeOpen(in month: CivilMonth, _ together: MonthsTogether) -> Bool {
        let span = together.span(of: month)
        let (first, last) = (monthsPaid(with: span.lowerBound).first, monthsPaid(with: span.upperBound).last)
        let days = DayPeriod(
            start: (first ?? span.lowerBound).firstDay, end: (last ?? span.upperBound).lastDay + 1)
        return intervals.contains { interval in
            OpenDues.Reason(interval.status) != nil
                && (rhythm == .once || interval.period.intersection(days) != nil)
        }
    }
}
