extension HouseholdHistory {
    /// What speaks against sending a line of a batch to the bank, as the family's file stands now; nil = nothing does.
    ///
    /// `lineHeld`: what became known after the closing leaves less due for a month than was ordered to be paid, because the
    /// person had died before it, say; of months that are counted together less than was ordered for all of them. The line stays
    /// behind until somebody reverses it or lets the over-payment go.
    /// `lineNeedsFact`, `lineRuleFails`: less is due only because a fact or parameter is missing, or the rule fails: whether it is
    /// more than is due nobody knows, and it waits until that is settled. `lineAwaitsDecision`: the same because people decide the
    /// sum of the right since, and nobody has.
    /// `lineOnHold`: less is due only because somebody's decision holds months of it back (暂缓), and the line goes out when the hold ends.
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
        let made = household.determinations.first { $0.made.clause == line.clause && $0.made.subject == line.subject }
        guard let made = made?.made else { return nil }
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
        guard !beyond.isEmpty else { return nil }
        let open = household.openDues(made, rules, together)
        let reasons = beyond.map(open.reason)
        if zip(beyond, reasons).contains(where: { $0.1 == nil && !isOnHold($0.0, made, due) }) { return .lineHeld }
        if reasons.contains(.failed) { return .lineRuleFails }
        if reasons.contains(.needsFact) { return .lineNeedsFact }
        return reasons.contains(.awaitsDecision) ? .lineAwaitsDecision : .lineOnHold
    }

    /// Whether nothing is due in a month only because a hold keeps it back.
    private func isOnHold(_ month: CivilMonth, _ made: DeterminationMade, _ due: [CivilMonth: Fen]) -> Bool {
        let days = made.daysPaid(with: month)
        return due[month] == nil && made.heldDays.contains { $0.intersection(days) != nil }
    }
}
