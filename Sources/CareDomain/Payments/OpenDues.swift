/// 待定的月份: months of a right of which the latest determination cannot say what is due in them, because a fact or parameter is
/// missing, the rule ended in an error, or the clause leaves the sum to people and nobody has decided.
///
/// What was due in such a month before is not over-paid, and not cancelled either: nobody knows yet. When the fact is stated, or the
/// sum decided, a later determination says what the month comes to, and only what is too much then stands as over-payment. Of months
/// that are counted together (`MonthsTogether`) all are open while one is: what is over-paid of a year says the whole year alone.
///
/// What a person's grant gave, and gives no longer because that person took it back, waits for nobody: it is over-paid, as what was
/// refused is. What the clause itself gave, and leaves to people now, is open, whatever the figure that it proposes.
/// - Source: CareDomain Decisions 0024, 0028, 0045
package struct OpenDues {
    /// Why a month is open.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// 待补: a fact or parameter is missing.
        case needsFact = "needs_fact"
        /// 待查: the rule ended in an error.
        case failed
        /// 待决定: the right holds, people decide its sum, and no decision stands.
        case awaitsDecision = "awaiting_decision"

        init?(_ status: DeterminationMade.Status) {
            switch status {
            case .needsFact, .needsParameter: self = .needsFact
            case .failed: self = .failed
            case .proposed: self = .awaitsDecision
            case .entitled, .held, .notEntitled: return nil
            }
        }
    }

    private typealias Stretch = (days: DayPeriod, reason: Reason, missing: [String])

    private let made: DeterminationMade
    private let intervals: [Stretch]
    private let known: KnownDues
    private let together: MonthsTogether
    private let given: GivenMonths

    /// - Parameters:
    ///   - made: the latest determination of the right.
    ///   - together: the months of the right that are counted together.
    ///   - given: by whose word its months were ordered; as far as not known by the clause itself.
    package init(
        _ made: DeterminationMade, _ rules: PaymentRules, _ together: MonthsTogether = MonthsTogether(),
        _ given: GivenMonths = GivenMonths()
    ) {
        self.made = made
        known = KnownDues(made, rules)
        self.together = together
        self.given = given
        intervals = made.intervals.compactMap { interval in
            Reason(interval.status).map { (interval.period, $0, interval.missing) }
        }
    }

    /// Why what is due in a month is not known; nil where it is. A rule that fails comes before a fact that is missing, and that
    /// before a decision: it can be taken only when the others are settled.
    package func reason(_ month: CivilMonth) -> Reason? {
        let reasons = bearing(on: month).map(\.reason)
        return [.failed, .needsFact, .awaitsDecision].first(where: reasons.contains)
    }

    /// What is missing to know what is due in a month, by the codes of the determination, ascending; empty where it is known,
    /// the rule failed or people decide.
    package func missing(_ month: CivilMonth) -> [String] {
        Set(bearing(on: month).filter { $0.reason != .awaitsDecision }.flatMap(\.missing)).sorted()
    }

    /// The open days on which it depends what is due in a month.
    private func bearing(on month: CivilMonth) -> [Stretch] {
        guard !intervals.isEmpty else { return [] }
        let span = together.span(of: month).months
        let paid = span.map { made.monthsPaid(with: $0) }
        let last = paid.last?.last ?? month
        func isKnown(_ month: CivilMonth) -> Bool { known.contains(month, through: last) }
        let open = given.isGranted(span) ? intervals.filter { $0.reason != .awaitsDecision } : intervals
        // A one-off may still be given, whatever the day; what people refused is no proposal of the same days.
        guard made.rhythm != .once else {
            guard !span.contains(where: isKnown) else { return [] }
            return isRefused(span) ? open.filter { $0.reason != .awaitsDecision } : open
        }
        return open.filter { interval in
            zip(span, paid).contains { month, paid in
                let (first, last) = (paid.first ?? month, paid.last ?? month)
                let days = DayPeriod(start: first.firstDay, end: last.lastDay + 1)
                guard interval.days.intersection(days) != nil else { return false }
                return !(first...last).months.contains(where: isKnown) || mayStillCount(interval.days, of: days)
            }
        }
    }

    /// Whether a person refused the right on days of some months in a row.
    private func isRefused(_ span: [CivilMonth]) -> Bool {
        guard let first = span.first, let last = span.last else { return false }
        let days = DayPeriod(start: first.firstDay, end: last.lastDay + 1)
        return made.intervals.contains {
            $0.status == .notEntitled && $0.decision != nil && $0.period.intersection(days) != nil
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

/// The months in which a determination makes a known sum due: looked up for many months, worked out once for all of them.
private final class KnownDues {
    private let made: DeterminationMade
    private let rules: PaymentRules
    /// By month, the earliest one in which its sum may be paid.
    private var falls: [CivilMonth: CivilMonth] = [:]
    private var through: CivilMonth?

    /// How much further than asked is looked: lists ask month by month.
    private static let ahead: Int32 = 120

    init(_ made: DeterminationMade, _ rules: PaymentRules) {
        self.made = made
        self.rules = rules
    }

    /// Whether a sum of the month is due that may be paid by another one.
    func contains(_ month: CivilMonth, through last: CivilMonth) -> Bool {
        if through.map({ $0 < last }) ?? true {
            let further = last + Self.ahead
            falls = Dictionary(rules.dues(made, further).map { ($0.month, $0.fallsIn) }, uniquingKeysWith: min)
            through = further
        }
        return month <= last && falls[month].map { $0 <= last } ?? false
    }
}

/// By whose word batches ordered months of a right: a person's grant, or the clause itself.
package struct GivenMonths: Hashable, Sendable {
    /// Months of which an order that stands paid what a grant gave.
    private(set) var byGrant: Set<CivilMonth> = []
    /// Those of which one paid what the clause gave.
    private(set) var byClause: Set<CivilMonth> = []

    package init() {}

    /// Takes an order's line in.
    /// - Parameter granted: of its months those that a grant gave.
    mutating func take(_ line: OrderedLine, granted: Set<CivilMonth>) {
        byGrant.formUnion(granted)
        byClause.formUnion((line.first...line.last).months.filter { !granted.contains($0) })
    }

    /// Whether all that was ordered of some months was given by grants, and something was.
    func isGranted(_ months: [CivilMonth]) -> Bool {
        months.contains(where: byGrant.contains) && !months.contains(where: byClause.contains)
    }
}

extension HouseholdPayments {
    /// By whose word what stands of a right's orders was ordered.
    func given(_ clause: ClauseID, _ subject: FactSubject) -> GivenMonths {
        var given = GivenMonths()
        for order in orders where order.ordered.kind != .recovery {
            for (place, line) in order.ordered.lines.enumerated()
            where line.clause == clause && line.subject == subject && order.stands(place) {
                given.take(line, granted: order.granted[place] ?? [])
            }
        }
        return given
    }
}

extension Household {
    /// The months of a right of which its latest determination cannot say what is due.
    /// - Parameter together: the months that are counted together; nil = those of all in which something stands.
    package func openDues(
        _ made: DeterminationMade, _ rules: PaymentRules, _ together: MonthsTogether? = nil
    ) -> OpenDues {
        let isProposed = made.intervals.contains { $0.status == .proposed }
        return OpenDues(
            made, rules, together ?? self.together(made),
            isProposed ? payments.given(made.clause, made.subject) : GivenMonths())
    }

    /// Of a line's months those that a person's grant gave when it was ordered.
    func granted(of line: OrderedLine, knownThrough reference: EventReference) -> Set<CivilMonth> {
        let entry = determinations.first { $0.made.clause == line.clause && $0.made.subject == line.subject }
        guard let made = entry?.made(at: reference), made.intervals.contains(where: \.isGranted) else { return [] }
        return Set((line.first...line.last).months.filter(made.isGranted))
    }
}

extension DeterminationMade {
    /// Whether it cannot say on some day what is due.
    package var isOpenSomewhere: Bool { intervals.contains { OpenDues.Reason($0.status) != nil } }

    /// Whether days are open on which it may depend what is due in a month, or in one counted with it.
    /// - Parameter wasGranted: whether a grant gave what was due in it, so that no other is waited for.
    func mayBeOpen(in month: CivilMonth, _ together: MonthsTogether, wasGranted: Bool) -> Bool {
        let span = together.span(of: month)
        let (first, last) = (monthsPaid(with: span.lowerBound).first, monthsPaid(with: span.upperBound).last)
        let days = DayPeriod(
            start: (first ?? span.lowerBound).firstDay, end: (last ?? span.upperBound).lastDay + 1)
        return intervals.contains { interval in
            guard let reason = OpenDues.Reason(interval.status), !wasGranted || reason != .awaitsDecision else {
                return false
            }
            return rhythm == .once || interval.period.intersection(days) != nil
        }
    }

    /// Whether what it gives in a month, or in those that its sum pays, a person's grant gives and the clause itself does not.
    func isGranted(in month: CivilMonth) -> Bool {
        let days = daysPaid(with: month)
        let giving = intervals.filter { interval in
            (interval.status == .entitled || interval.status == .held) && interval.period.intersection(days) != nil
        }
        return !giving.isEmpty && giving.allSatisfy(\.isGranted)
    }
}

extension DeterminationMade.Interval {
    /// Whether a person's grant says what is given; of days that a hold keeps back its sum tells, beside the clause's own figure.
    fileprivate var isGranted: Bool {
        decision != nil && (status == .entitled || status == .held && standard != nil)
    }
}
