/// What a batch may do with a household.
package enum OrderDecision: Hashable, Sendable {
    /// It was ordered before.
    case standing(HouseholdPayments.Order)
    /// Append this.
    case order(PaymentOrdered)
    /// Nothing is to be paid.
    case nothing
}

extension HouseholdHistory {
    /// What the batch pays to this household: what was due as the log knew it at the closing, less what anybody had
    /// ordered by then or ordered since. Asked again after the order, it gives the same order.
    ///
    /// Whoever asks gets the same answer, however late: the lines are frozen by whichever intake is first, and an order that
    /// another one made on a later answer would stand in the family's file and never be paid. So what was given up only
    /// after the closing, by a reversal or a recovery, is for the next batch.
    ///
    /// - Parameters:
    ///   - batch: The batch.
    ///   - scope: What it pays.
    ///   - closedAt: When the log learned of its closing.
    ///   - rules: What the published packs say of money.
    /// - Source: policies, Demands 7, 8; Interactions 7, 8
    package func decideOrder(
        _ batch: BatchID, _ scope: BatchScope, closedAt: Moment, rules: PaymentRules
    ) -> OrderDecision {
        if let order = household.payments.orders.first(where: { $0.ordered.batch == batch }) {
            return .standing(order)
        }
        let known = household(knownAt: closedAt)
        guard case .registeredInError = household.status else {
            guard let through = events.last(where: { $0.recordedAt <= closedAt })?.reference else { return .nothing }
            let taken = paymentsTaken(from: scope.kind, closedAt)
            let dues = Dues(known: known, present: taken, scope: scope, rules: rules)
            let lines = dues.lines
            guard !lines.isEmpty else { return .nothing }
            return .order(PaymentOrdered(batch: batch, kind: scope.kind, knownThrough: through, lines: lines))
        }
        return .nothing
    }

    /// The orders as they stood at a closing, with later ones that leave less for a batch of the kind; nothing that
    /// happened since gives a month back.
    private func paymentsTaken(from kind: BatchKind, _ closedAt: Moment) -> HouseholdPayments {
        let counted = events.filter { event in
            guard event.recordedAt > closedAt else { return true }
            guard case .paymentOrdered(let later) = event.event else { return false }
            return (later.kind == .recovery) == (kind == .recovery)
        }
        return Self.fold(id: id, events: counted).payments
    }

    /// Whether the household's file was told this already.
    package func isTold(_ concluded: PaymentConcluded) -> Bool {
        events.contains { known in
            guard case .paymentConcluded(let told) = known.event else { return false }
            return told.batch == concluded.batch && told.cause == concluded.cause && told.order == concluded.order
                && told.line == concluded.line
        }
    }

    /// The payment reference of whoever receives a line, as stated last. What is due to a grown-up goes to that person's own and
    /// to nobody else's: it waits until one is stated, which may be the same as another's. What is due to a child without one,
    /// of an incident or to the household goes to the wife, the husband, a single parent, and then anybody of the household.
    package func account(for line: OrderedLine, on day: CivilDay) -> String? {
        func account(_ person: PersonID) -> String? {
            let stated = household.facts.last {
                $0.stated.fact == .accountReference && $0.stated.subject == .person(person) && $0.from <= day
            }
            guard let stated, case .reference(let text)? = stated.stated.value, !text.isEmpty else { return nil }
            return stated.stated.until.map { $0 <= day } ?? false ? nil : text
        }
        let order: [MemberRole] = [.wife, .husband, .singleParent]
        if case .person(let person) = line.subject {
            if let own = account(person) { return own }
            let role = household.members.first { $0.id == person }?.role(on: day)
            guard role == .onlyChild || role == .adoptedChild else { return nil }
        }
        let living = household.members(on: day).filter { $0.diedOn == nil }
        let ranked = living.sorted { left, right in
            let places = [left, right].map { order.firstIndex(of: $0.role(on: day)) ?? order.count }
            return (places[0], left.id) < (places[1], right.id)
        }
        return ranked.lazy.compactMap { account($0.id) }.first
    }
}

/// What is to be ordered of a household's rights.
private struct Dues {
    let known: Household
    let present: HouseholdPayments
    let scope: BatchScope
    let rules: PaymentRules

    var lines: [OrderedLine] {
        let lines: [OrderedLine] =
            switch scope.kind {
            case .regular: regular
            case .arrears, .recovery: decided
            }
        return lines.joined
    }

    /// Every month of the period that no regular batch ordered.
    private var regular: [OrderedLine] {
        made.flatMap { made in
            dues(made).filter { scope.period.contains($0.key) && isOurs($0.key, made) }
                .sorted { $0.key < $1.key }
                .compactMap { month, due in
                    guard !present.isOrderedRegularly(made.clause, made.subject, month) else { return nil }
                    let rest = due.amount - present.ordered(made.clause, made.subject, month)
                    guard rest > .zero else { return nil }
                    return line(made.clause, made.subject, month, rest, due.shares, nil)
                }
        }
    }

    /// What people decided, never more than stands between what is due and what was ordered.
    private var decided: [OrderedLine] {
        let kind: DueStanding.Kind = scope.kind == .arrears ? .arrears : .recovery
        return known.payments.grants.filter { $0.decided.kind == kind && scope.includes($0.decided.clause) }
            .flatMap { grant in
                let (clause, subject) = (grant.decided.clause, grant.decided.subject)
                let made = known.determinations.first { $0.made.clause == clause && $0.made.subject == subject }?.made
                let due = made.map(dues) ?? [:]
                return grant.months.sorted { $0.key < $1.key }.compactMap { month, wanted -> OrderedLine? in
                    guard month <= scope.period.last, made.map({ isOurs(month, $0) }) ?? true else { return nil }
                    let open = (due[month]?.amount ?? .zero) - present.ordered(clause, subject, month)
                    let left = wanted - present.ordered(for: grant.reference, month)
                    let amount = kind == .arrears ? min(open, left) : max(open, left)
                    guard kind == .arrears ? amount > .zero : amount < .zero else { return nil }
                    let ordered = present.shares(clause, subject, month)
                    let shares = kind == .arrears ? due[month]?.shares ?? ordered : ordered
                    return line(clause, subject, month, amount, shares, grant.reference)
                }
            }
    }

    private var made: [DeterminationMade] {
        known.determinations.map(\.made).filter { scope.includes($0.clause) }
            .sorted { ($0.clause, $0.subject) < ($1.clause, $1.subject) }
    }

    /// What a determination makes due in each month.
    private func dues(_ made: DeterminationMade) -> [CivilMonth: SumDue] {
        var result: [CivilMonth: SumDue] = [:]
        for due in rules.dues(made, scope.period.last) {
            result[due.month, default: SumDue(month: due.month, amount: .zero, shares: due.shares)].amount += due.amount
        }
        return result
    }

    /// Whether the month is paid by this file and in the batch's division.
    private func isOurs(_ month: CivilMonth, _ made: DeterminationMade) -> Bool {
        !isElsewhere(month, made.subject) && isHere(month, made)
    }

    /// Whether the family belongs to the batch's division in the month: where it is registered at the month's end, or on
    /// the last day of the right when that ends before, because a move out of the pack's territory ends it.
    /// - Source: policies, Interactions 8
    private func isHere(_ month: CivilMonth, _ made: DeterminationMade) -> Bool {
        let last = month.lastDay
        let end = made.intervals.last { $0.rightHolds && $0.period.start <= last }?.period.end
        let day = end.map { min(last, $0 - 1) } ?? last
        return known.division(on: day)?.isWithin(scope.division) ?? false
    }

    /// Whether the month is paid by the file that the person, or the whole household, came from: the month of a move is.
    /// Of somebody who left and came back each time counts by itself.
    private func isElsewhere(_ month: CivilMonth, _ subject: FactSubject) -> Bool {
        guard case .person(let person) = subject else { return false }
        let times = known.members.filter { $0.id == person }
        guard times.contains(where: \.cameFromFile) else { return false }
        return !times.contains { time in
            let isThere =
                time.joinedOn <= month.lastDay && (time.leftOn.map { $0 > month.firstDay } ?? true)
            return isThere && !(time.cameFromFile && month <= CivilMonth(containing: time.joinedOn))
        }
    }

    private func line(
        _ clause: ClauseID, _ subject: FactSubject, _ month: CivilMonth, _ amount: Fen, _ shares: [PayerShare],
        _ decision: EventReference?
    ) -> OrderedLine? {
        let parts = rules.split(amount, shares).filter { $0.amount != .zero }
        guard !parts.isEmpty else { return nil }
        return OrderedLine(
            clause: clause, subject: subject, first: month, last: month, parts: parts, decision: decision)
    }
}

extension [OrderedLine] {
    /// Months in a row with the same parts as one line.
    fileprivate var joined: [OrderedLine] {
        var result: [OrderedLine] = []
        for line in self {
            if let last = result.last, last.clause == line.clause, last.subject == line.subject,
                last.parts == line.parts, last.decision == line.decision, last.last + 1 == line.first
            {
                result[result.count - 1].last = line.last
            } else {
                result.append(line)
            }
        }
        return result
    }
}

extension FactID {
    /// 收款账户编号: a reference to payment details kept outside the log.
    package static let accountReference = FactID(unchecked: "person.account_ref")
}
