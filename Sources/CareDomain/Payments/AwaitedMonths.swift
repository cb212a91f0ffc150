/// 待正常批次的月份: months of a right in which something is owed that regular batches pay by themselves, so that nobody has to decide.
///
/// Those are the months after the last one that the household's regular batches ordered of the clause. So is a month that such a batch
/// left out because a hold keeps it back, as long as it does: the regular batch of the month in which the hold ends pays it
/// (`SumDue.fallsIn`). What became known only after the batch had gone past the month, or is owed back, is for people.
/// - Source: CareDomain Decisions 0027, 0042
package struct AwaitedMonths {
    private let standing: DueStanding
    private let payments: HouseholdPayments
    private let passed: CivilMonth?
    /// Days that a hold keeps back, where there are any.
    private let held: [DayPeriod]
    private let made: DeterminationMade?
    /// Months in which a sum is due that may be paid by the last month that batches have gone past.
    private let released: Set<CivilMonth>

    /// - Parameters:
    ///   - standing: what stands of the right.
    ///   - rules: nil = what holds keep back is not told.
    package init(_ household: Household, _ standing: DueStanding, _ rules: PaymentRules?) {
        self.standing = standing
        payments = household.payments
        let passed = payments.lastPassed(standing.clause)
        self.passed = passed
        let entry = household.determinations.first {
            $0.made.clause == standing.clause && $0.made.subject == standing.subject
        }
        made = entry?.made
        held = entry?.made.heldDays ?? []
        guard let passed, let made, let rules, !held.isEmpty else {
            released = []
            return
        }
        released = Set(rules.dues(made, passed).map(\.month))
    }

    /// Whether a regular batch pays by itself what a determination left to be paid in a month.
    package func contains(_ month: CivilMonth, of determination: EventReference) -> Bool {
        // No regular batch pays what is owed back.
        guard let passed, standing.owedBack(in: month) == .zero else { return false }
        if month > passed { return true }
        guard isHeld(month), !payments.isOrderedRegularly(standing.clause, standing.subject, month),
            let gone = payments.passedThrough(standing.clause, month)
        else { return false }
        return determination <= gone
    }

    /// Whether a hold keeps the month's sum back beyond the months that batches have gone past.
    private func isHeld(_ month: CivilMonth) -> Bool {
        guard let made, !released.contains(month) else { return false }
        let days = made.daysPaid(with: month)
        return held.contains { $0.intersection(days) != nil }
    }
}

extension DeterminationMade {
    /// Days of the right on which a hold keeps a known sum back.
    var heldDays: [DayPeriod] { intervals.filter { $0.status == .held && $0.amount != nil }.map(\.period) }

    /// The days of the months that are paid by one sum with a month.
    func daysPaid(with month: CivilMonth) -> DayPeriod {
        let paid = monthsPaid(with: month)
        return DayPeriod(start: (paid.first ?? month).firstDay, end: (paid.last ?? month).lastDay + 1)
    }
}
