/// One fund: the fold of its `fund-<id>` stream. It decides what may be paid out, so that nobody pays the last money twice.
package struct Fund: Hashable, Sendable {
    package let id: FundID
    /// nil before it was opened.
    package private(set) var scope: FundScope?
    package private(set) var openedOn: CivilDay?
    package private(set) var ledger = Ledger()
    /// What is set aside, by case.
    package private(set) var claims: [LoanID: Fen] = [:]
    package private(set) var history: FundHistory?
    /// In order.
    package private(set) var deposits: [Deposit] = []
    /// What it handed over, by the event.
    package private(set) var handedOver: [EventReference: FundHandedOver] = [:]
    package private(set) var lastSequence: UInt64 = 0
    /// Whether every event added up to nothing.
    package private(set) var isBalanced = true
    private var posted: Set<Posted> = []
    private var taken: Set<Taken> = []

    /// Fresh capital with its day.
    package struct Deposit: Hashable, Sendable {
        package let on: CivilDay
        package let deposited: FundDeposited
    }

    private struct Posted: Hashable {
        let loan: LoanID
        let cause: EventReference
    }

    private struct Taken: Hashable {
        let fund: FundID
        let cause: EventReference
    }

    /// Nothing known yet.
    package init(id: FundID) { self.id = id }

    /// What may be paid out.
    package var available: Fen { ledger.balance(.bank) }

    /// Whether the books have a movement of a case.
    package func hasPosted(_ movement: LoanMovement, of loan: LoanID) -> Bool {
        posted.contains(Posted(loan: loan, cause: movement.cause))
    }

    /// Whether it took over what another fund handed to it.
    package func hasTaken(_ cause: EventReference, from fund: FundID) -> Bool {
        taken.contains(Taken(fund: fund, cause: cause))
    }

    /// Takes the next event in; one already held is ignored. Total: an event that does not fit changes nothing.
    package mutating func evolve(_ known: KnownLendingEvent) {
        guard case .fund(let event) = known.event, known.reference.sequence > lastSequence else { return }
        lastSequence = known.reference.sequence
        ledger.post(event.postings)
        if !event.postings.isBalanced { isBalanced = false }
        switch event {
        case .opened(let scope):
            self.scope = scope
            openedOn = known.occurredOn
        case .deposited(let deposited): deposits.append(Deposit(on: known.occurredOn, deposited: deposited))
        case .reserved(let claim): claims[claim.loan] = claim.amount
        case .released(let claim): claims[claim.loan] = nil
        case .posted(let event):
            posted.insert(Posted(loan: event.loan, cause: event.movement.cause))
            if event.movement.kind == .disbursed { claims[event.loan] = nil }
        case .handedOver(let event): handedOver[known.reference] = event
        case .takenOver(let event): taken.insert(Taken(fund: event.from, cause: event.cause))
        case .historyStated(let history): self.history = history
        }
    }
}

extension Fund {
    /// Opens it.
    package func open(_ scope: FundScope) throws(Refusal) -> FundEvent {
        guard self.scope == nil else { throw Refusal(.fundExists, detail: scope.canonicalText) }
        guard scope.number >= 1, scope.number <= 999, scope.division.rawValue.utf8.count <= 9 else {
            throw Refusal(.fundScope, detail: scope.canonicalText)
        }
        return .opened(scope)
    }

    /// Takes capital in.
    package func deposit(_ deposited: FundDeposited) throws(Refusal) -> FundEvent {
        try checkOpen()
        guard deposited.amount > .zero else { throw Refusal(.loanAmount, field: "amount_fen") }
        guard !deposits.contains(where: { $0.deposited.receipt == deposited.receipt }) else {
            throw Refusal(.receiptTwice, field: "receipt", detail: deposited.receipt.rawValue)
        }
        return .deposited(
            FundDeposited(payer: deposited.payer, amount: deposited.amount, receipt: deposited.receipt))
    }

    /// Sets money aside for a case.
    package func reserve(_ loan: LoanID, _ amount: Fen) throws(Refusal) -> FundEvent {
        try checkOpen()
        try checkAvailable(amount)
        return .reserved(.reserving(loan, amount))
    }

    /// Hands a balance to another fund of the same kind.
    package func handOver(_ amount: Fen, to other: Fund) throws(Refusal) -> FundEvent {
        try checkOpen()
        guard let target = other.scope, target.mode == scope?.mode, other.id != id else {
            throw Refusal(.fundScope, field: "to", detail: other.scope?.canonicalText)
        }
        guard amount > .zero else { throw Refusal(.loanAmount, field: "amount_fen") }
        try checkAvailable(amount)
        return .handedOver(FundHandedOver(to: other.id, amount: amount))
    }

    /// States totals of earlier years.
    package func state(_ history: FundHistory) throws(Refusal) -> FundEvent {
        try checkOpen()
        guard history.out <= history.helped, history.completed <= history.helped, history.repaid <= history.due,
            min(history.disbursed, history.capital, history.repaid) >= .zero
        else { throw Refusal(.fundHistory) }
        guard history != self.history else { throw Refusal(.nothingToDo) }
        return .historyStated(history)
    }

    private func checkOpen() throws(Refusal) {
        guard scope != nil else { throw Refusal(.unknownFund) }
    }

    private func checkAvailable(_ amount: Fen) throws(Refusal) {
        guard amount <= available else {
            throw Refusal(.fundShort, detail: "\(amount) > \(available)")
        }
    }
}
