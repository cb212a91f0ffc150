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
    ///   - others: The files with which this one exchanged persons, see `filesWanted`. What they ordered for a person counts
    ///     here, so that a month is paid once in whatever household the person is.
    ///   - people: Under which ids these files know people who left one family and joined another (`PersonTrail`).
    ///   - passedAt: When the first batch of the same months was closed, if this is a further one: a right that became known
    ///     after it waits for a decision, also of a family that no batch has paid yet.
    /// - Source: policies, Demands 7, 8; Interactions 7, 8
    package func decideOrder(
        _ batch: BatchID, _ scope: BatchScope, closedAt: Moment, rules: PaymentRules, others: [HouseholdHistory] = [],
        people: PeopleElsewhere = PeopleElsewhere(), passedAt: Moment? = nil
    ) -> OrderDecision {
        if let order = household.payments.orders.first(where: { $0.ordered.batch == batch }) {
            return .standing(order)
        }
        // Nothing is due to a file that was registered in error; what it was paid is taken back.
        if case .registeredInError = household.status, scope.kind != .recovery { return .nothing }
        guard let through = events.last(where: { $0.recordedAt <= closedAt })?.reference else { return .nothing }
        let lines = BatchDues(self, scope, closedAt: closedAt, rules, others, people, passedAt: passedAt).lines
        guard !lines.isEmpty else { return .nothing }
        return .order(PaymentOrdered(batch: batch, kind: scope.kind, knownThrough: through, lines: lines))
    }

    /// Why a batch leaves months of this household out that are due in it: a person was paid for them in another file, or is in
    /// another one in which they were before, or they became known late and wait for somebody's decision.
    /// - Parameters: as for `decideOrder`.
    package func omissions(
        _ scope: BatchScope, closedAt: Moment, rules: PaymentRules, others: [HouseholdHistory],
        people: PeopleElsewhere = PeopleElsewhere(), passedAt: Moment? = nil
    ) -> [Refusal.Reason] {
        // Nearly all families have nothing of the kind, and need not be folded for that.
        guard !others.isEmpty || passedAt != nil || !household.payments.orders.isEmpty else { return [] }
        let dues = BatchDues(self, scope, closedAt: closedAt, rules, others, people, passedAt: passedAt)
        return (dues.isPaidInOtherFile ? [.paidInOtherFile] : []) + (dues.isDueInOtherFile ? [.dueInOtherFile] : [])
            + (dues.waitsForDecision ? [.arrearsWait] : [])
    }

    /// The orders as they stood at a closing, with later ones that leave less for a batch of the kind; nothing that
    /// happened since gives a month back.
    func paymentsTaken(from kind: BatchKind, _ closedAt: Moment) -> HouseholdPayments {
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
    /// of an incident or to the household goes to the wife, the husband, a single parent, and then anybody of the household. Empty
    /// for what is taken back: no account is debited.
    package func account(for line: OrderedLine, on day: CivilDay) -> String? {
        line.isTakenBack ? "" : receiver(of: line, on: day)?.account
    }

    /// Whose that reference is, and the reference.
    package func receiver(of line: OrderedLine, on day: CivilDay) -> (person: PersonID, account: String)? {
        func account(_ person: PersonID) -> String? { reference(.accountReference, of: person, on: day) }
        let order: [MemberRole] = [.wife, .husband, .singleParent]
        if case .person(let person) = line.subject {
            if let own = account(person) { return (person, own) }
            let role = household.members.first { $0.id == person }?.role(on: day)
            guard role == .onlyChild || role == .adoptedChild else { return nil }
        }
        let living = household.members(on: day).filter { $0.diedOn == nil }
        let ranked = living.sorted { left, right in
            let places = [left, right].map { order.firstIndex(of: $0.role(on: day)) ?? order.count }
            return (places[0], left.id) < (places[1], right.id)
        }
        return ranked.lazy.compactMap { member in account(member.id).map { (member.id, $0) } }.first
    }
}

extension Household {
    /// The unit whose grant gives the right in the month; nil when no unit granted it.
    package func grantingUnit(of clause: ClauseID, _ subject: FactSubject, in month: CivilMonth) -> DivisionCode? {
        awards.last {
            $0.stands && $0.decided.clause == clause && $0.decided.subject == subject && $0.decided.place != nil
                && $0.decided.year == month.year
        }?.decided.place?.unit
    }
}

extension FactID {
    /// 收款账户编号: a reference to payment details kept outside the log.
    package static let accountReference = FactID(unchecked: "person.account_ref")
}
