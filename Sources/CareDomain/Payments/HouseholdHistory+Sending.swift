extension HouseholdHistory {
    /// What speaks against sending a line of a batch to the bank, as the family's file stands now; nil = nothing does.
    ///
    /// `lineHeld`: what became known after the closing leaves less due for a month than was ordered to be paid, because the
    /// person had died before it, say; of months that are counted together less than was ordered for all of them. The line stays
    /// behind until somebody reverses it or lets the over-payment go.
    /// `lineNeedsFact`, `lineRuleFails`: less is due only because a fact or parameter is missing, or the rule fails: whether it is
    /// more than is due nobody knows, and it waits until that is settled. `lineAwaitsDecision`: the same because people decide the
    /// sum of the right since, and nobody has.
    /// `lineOnHold`: nothing is over-paid; somebody's decision holds some of its months (`hold(on:day:rules:)`). It goes out once the
    /// hold is over.
    /// `payeeDied`: the person has died, and what was due until then is sent if there is an account for it.
    /// `recoveryUnreceived`: what is to be taken back was not received, or not so much of it: the bank has not answered yet, or the money
    /// did not arrive, came back, or its line was reversed. It stands on no list until it was, or is reversed itself.
    /// `debtorDied`: the person from whom the sum is taken back has died. It stays on the list: whom to ask is for people to find out.
    /// - Parameters:
    ///   - line: A line as this file ordered it.
    ///   - day: The day by which it is told which holds have ended.
    ///   - rules: What the published packs say of money.
    package func objection(to line: OrderedLine, on day: CivilDay, rules: PaymentRules) -> Refusal.Reason? {
        var diedOn: CivilDay?
        if case .person(let person) = line.subject { diedOn = household.member(person)?.diedOn }
        guard !line.isTakenBack else {
            return isUnreceived(line) ? .recoveryUnreceived : diedOn.map { _ in .debtorDied }
        }
        if let diedOn, line.last.firstDay > diedOn, !isHandedBack(line, after: diedOn) { return .lineHeld }
        return beyondDue(line, day, rules) ?? diedOn.map { _ in .payeeDied }
    }

    /// 去世尚未登记: who of a line that pays an accident alone says died; nil = nobody. It keeps no line back, for until the death is
    /// recorded they count as living.
    /// - Parameters:
    ///   - line: A line as this file ordered it, or would.
    ///   - day: The day by which it is told whose account it goes to.
    ///   - kept: Accidents of which whoever asks may be told nothing.
    ///   - seesReceiver: Whether they may be told whose the account is; otherwise only the person whom the line is for counts.
    package func unrecordedDeath(
        behind line: OrderedLine, on day: CivilDay, keeping kept: Set<EventReference>, seesReceiver: Bool = true
    ) -> UnrecordedDeath? {
        guard line.amount > .zero else { return nil }
        let untold = household.unrecordedDeaths.filter { !kept.contains($0.incident) }
        guard !untold.isEmpty else { return nil }
        if case .person(let person) = line.subject, let death = untold.first(where: { $0.person == person }) {
            return death
        }
        guard seesReceiver, let receiver = receiver(of: line, on: day)?.person else { return nil }
        return untold.first { $0.person == receiver }
    }

    /// Whether more is to be taken back of some of its months than the family has received of them.
    private func isUnreceived(_ line: OrderedLine) -> Bool {
        household.spans(of: line).keys.contains { span in
            let held = household.payments.held(line, span)
            return held.toCollect > held.received
        }
    }

    /// Whether it gives back what was collected of its months after a day, and no more.
    private func isHandedBack(_ line: OrderedLine, after day: CivilDay) -> Bool {
        (line.first...line.last).months.filter { $0.firstDay > day }.allSatisfy { month in
            household.payments.paidOut(line.clause, line.subject, month) <= household.payments.collected(line, month)
        }
    }

    /// Why it is kept back; nil = it is not. What was collected of its months may be paid again.
    private func beyondDue(_ line: OrderedLine, _ day: CivilDay, _ rules: PaymentRules) -> Refusal.Reason? {
        // What is due to somebody who went on in another file is told there; what this one ordered counts for it.
        if case .person(let person) = line.subject,
            stays(of: person, in: household).contains(where: \.wentToFile)
        {
            return nil
        }
        guard let made = determination(of: line) else { return nil }
        let beyond = monthsBeyond(made, line, day, rules)
        guard !beyond.months.isEmpty else { return nil }
        // What is due but for a hold waits for its end alone.
        let held = Set(beyond.months).subtracting(monthsBeyond(made.withoutHolds, line, day, rules).months)
        let open = household.openDues(made, rules, beyond.together)
        let reasons = beyond.months.filter { !held.contains($0) }.map(open.reason)
        guard !reasons.isEmpty else { return .lineOnHold }
        if reasons.contains(nil) { return .lineHeld }
        if reasons.contains(.failed) { return .lineRuleFails }
        return reasons.contains(.needsFact) ? .lineNeedsFact : .lineAwaitsDecision
    }

    /// 暂缓: which months of a line that was ordered before a person's decision holds, and until when; nil = that is not why the line
    /// is kept back.
    /// - Parameters: as for `objection(to:on:rules:)`.
    package func hold(on line: OrderedLine, day: CivilDay, rules: PaymentRules) -> LineHold? {
        guard objection(to: line, on: day, rules: rules) == .lineOnHold, let made = determination(of: line) else {
            return nil
        }
        let held = made.intervals.filter { $0.status == .held }
        let ends = held.compactMap { $0.period.end.map { CivilMonth(containing: $0) } }
        let far = max(made.horizon(of: line.last), ends.max() ?? line.last)
        let dues = rules.dues(made, far)
        let months = monthsBeyond(made, line, day, rules).months
        let spans = months.map { month -> (until: CivilDay, sentFrom: CivilMonth)? in
            let due = dues.first { $0.month == month && $0.fallsIn != month }
            guard let due else { return nil }
            // The hold that ends in that month.
            let end = held.compactMap(\.period.end).last { CivilMonth(containing: $0) == due.fallsIn }
            return end.map { ($0 - 1, due.fallsIn) }
        }
        // A line is sent whole: the last of its holds counts, and one without an end waits for whoever takes it back.
        let last = spans.contains { $0 == nil } ? nil : spans.compactMap { $0 }.max { $0.until < $1.until }
        return LineHold(months: months, until: last?.until, sentFrom: last?.sentFrom)
    }

    private func determination(of line: OrderedLine) -> DeterminationMade? {
        household.determinations.first { $0.made.clause == line.clause && $0.made.subject == line.subject }?.made
    }

    /// The months of a line for which more is ordered than is due and released by a day, and what is counted together then.
    private func monthsBeyond(
        _ made: DeterminationMade, _ line: OrderedLine, _ day: CivilDay, _ rules: PaymentRules
    ) -> (months: [CivilMonth], together: MonthsTogether) {
        var due: [CivilMonth: Fen] = [:]
        // What is yet to come of a quarter or year that has begun may be paid already.
        let present = CivilMonth(containing: day)
        for sum in rules.dues(made, max(made.horizon(of: line.last), present)) where sum.isReleased(by: present) {
            due[sum.month, default: .zero] += sum.amount
        }
        let together = household.together(made, due.keys)
        let beyond = (0..<Int32(line.months)).map { line.first + $0 }.filter { month in
            let months = together.span(of: month).months
            let payments = household.payments
            let ordered = months.reduce(Fen.zero) {
                $0 + payments.paidOut(line.clause, line.subject, $1) - payments.collected(line, $1)
            }
            let kept = months.reduce(Fen.zero) { $0 + payments.keeps(line.clause, line.subject, $1) }
            return ordered > months.reduce(kept) { $0 + (due[$1] ?? .zero) }
        }
        return (beyond, together)
    }
}

/// 暂缓: why a line that is due waits.
package struct LineHold: Hashable, Sendable {
    /// The months that are held, in order; the others of the line wait with them.
    package var months: [CivilMonth]
    /// The last day that is held; nil = the hold has no end, or the right ends before it.
    package var until: CivilDay?
    /// The month from which the line is sent; nil as above.
    package var sentFrom: CivilMonth?

    package init(months: [CivilMonth], until: CivilDay?, sentFrom: CivilMonth?) {
        self.months = months
        self.until = until
        self.sentFrom = sentFrom
    }
}

extension DeterminationMade {
    /// The same as if nobody had held known sums back. What is given once is another matter: its grant moves to the hold's end.
    fileprivate var withoutHolds: DeterminationMade {
        guard rhythm != .once else { return self }
        var made = self
        for index in made.intervals.indices
        where made.intervals[index].status == .held && made.intervals[index].amount != nil {
            made.intervals[index].status = .entitled
        }
        return made
    }
}
