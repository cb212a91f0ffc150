import CareDomain

/// What whoever asked is told beside the answer: families of which something is left out, each reason so often at most.
extension PaymentRun {
    /// Notes that a batch which paid a right of a family is damaged.
    mutating func noteUnread(
        _ damaged: BatchID, _ household: HouseholdID, _ reason: Refusal.Reason = .earlierBatchDamaged
    ) {
        note(reason, "批次 \(damaged)，户 \(household)", english: "batch \(damaged), household \(household)")
    }

    /// Notes why sums of a family are left out, as known at a moment.
    mutating func noteOmissions(
        _ history: HouseholdHistory, _ whole: BatchScope, on day: CivilDay, knownAt moment: Moment
    ) {
        let (family, scope) = (history.id.description, whole.begun(by: day))
        if history.leavesOutMonthsToCome(of: whole, on: day, closedAt: moment, rules: rules) {
            note(.monthsToCome, "\(whole.period.after(scope.period))")
        }
        if history.leavesOutSums(of: scope, closedAt: moment, rules: rules) { note(.sumWithoutPayer, family) }
        if history.leavesSumsToOthers(of: scope, closedAt: moment, rules: rules) { note(.paidByOthers, family) }
        let (others, passed) = (Array(open[history.id]?.others.values ?? [:].values), passedAt ?? nil)
        let reasons = history.omissions(
            scope, closedAt: moment, rules: rules, others: others,
            people: open[history.id]?.people ?? PeopleElsewhere(), passedAt: passed)
        for reason in reasons { note(reason, family) }
    }

    /// Notes one reason.
    mutating func note(_ reason: Refusal.Reason, _ detail: String, english: String? = nil) {
        note([Refusal(reason, detail: detail, english: english)])
    }

    mutating func note(_ told: [Refusal]) {
        for note in told where !notes.contains(note) {
            if notes.count(where: { $0.reason == note.reason }) < Self.mostNamed { notes.append(note) }
        }
    }
}
