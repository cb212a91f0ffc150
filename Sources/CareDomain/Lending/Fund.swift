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
    /// Receipts and lenders' loans in use, with the case that uses each.
    package private(set) var references: [Reference: LoanID] = [:]
    /// What it took over, by the event.
    package private(set) var takenOver: [EventReference: FundTakenOver] = [:]
    /// Its own entries that were reversed, with what reversed each.
    package private(set) var reversals: [EventReference: EventReference] = [:]
    /// What came to the bank and left it, by day.
    private var flows: [CivilDay: Flow] = [:]
    /// What is booked of cases, with the day of each.
    private var posted: [Posted: CivilDay] = [:]
    private var taken: Set<Taken> = []
    /// Of those, what went back.
    private var returned: Set<Taken> = []
    /// Who made its own entries, and for which day.
    private var acts: [EventReference: Act] = [:]

    /// Fresh capital with its day.
    package struct Deposit: Hashable, Sendable {
        package let reference: EventReference
        package let on: CivilDay
        package let deposited: FundDeposited
    }

    private struct Act: Hashable {
        let on: CivilDay
        let by: Code?
    }

    /// Of one day, with how many entries stand for it.
    private struct Flow: Hashable {
        var sum = Fen.zero
        var entries = 0
    }

    private struct Posted: Hashable {
        let loan: LoanID
        let cause: EventReference
    }

    private struct Taken: Hashable {
        let fund: FundID
        let cause: EventReference
    }

    /// A receipt or a lender's loan, whichever case uses it.
    package struct Reference: Hashable, Sendable {
        package let kind: FundReference.Kind
        package let code: Code
    }

    /// Nothing known yet.
    package init(id: FundID) { self.id = id }

    /// What may be paid out.
    package var available: Fen { ledger.balance(.bank) }

    /// What may be paid out on a day: what is there on that day and on all later ones, so that money is never spent before
    /// it came in.
    package func available(from day: CivilDay) -> Fen {
        var balance = Fen.zero
        var lowest: Fen?
        for (on, flow) in flows.sorted(by: { $0.key < $1.key }) {
            if on > day { lowest = min(lowest ?? balance, balance) }
            balance += flow.sum
        }
        return min(lowest ?? balance, balance)
    }

    /// Whether the books have a movement of a case.
    package func hasPosted(_ movement: LoanMovement, of loan: LoanID) -> Bool {
        posted[Posted(loan: loan, cause: movement.cause)] != nil
    }

    /// Whether it took over what another fund handed to it.
    package func hasTaken(_ cause: EventReference, from fund: FundID) -> Bool {
        taken.contains(Taken(fund: fund, cause: cause))
    }

    /// Whether what it took over from another fund went back.
    package func hasReturned(_ cause: EventReference, to fund: FundID) -> Bool {
        returned.contains(Taken(fund: fund, cause: cause))
    }

    /// Takes the next event in; one already held is ignored. Total: an event that does not fit changes nothing.
    package mutating func evolve(_ known: KnownLendingEvent) {
        guard case .fund(let event) = known.event, known.reference.sequence > lastSequence else { return }
        lastSequence = known.reference.sequence
        ledger.post(event.postings)
        if !event.postings.isBalanced { isBalanced = false }
        flow(event, on: known.occurredOn)
        if event.isOwnEntry { acts[known.reference] = Act(on: known.occurredOn, by: known.actor) }
        switch event {
        case .opened(let scope):
            self.scope = scope
            openedOn = known.occurredOn
        case .deposited(let deposited):
            deposits.append(Deposit(reference: known.reference, on: known.occurredOn, deposited: deposited))
        case .reserved(let claim): claims[claim.loan] = claim.amount
        case .released(let claim): claims[claim.loan] = nil
        case .posted(let event):
            posted[Posted(loan: event.loan, cause: event.movement.cause)] = known.occurredOn
            if event.movement.reverses != nil {
                free(event.movement.receipt, of: event.loan)
            } else if event.movement.kind == .disbursed {
                claims[event.loan] = nil
            }
        case .handedOver(let event): handedOver[known.reference] = event
        case .takenOver(let event):
            taken.insert(Taken(fund: event.from, cause: event.cause))
            takenOver[known.reference] = event
        case .reversed(let reversed): reverse(reversed, by: known.reference)
        case .historyStated(let history): self.history = history
        case .referenceTaken(let taken):
            references[Reference(kind: taken.kind, code: taken.reference)] = taken.loan
        case .referenceFreed(let freed): references[Reference(kind: freed.kind, code: freed.reference)] = nil
        }
    }

    /// What comes to the bank or leaves it counts on the day of the event; what is reversed counts no more on its own.
    private mutating func flow(_ event: FundEvent, on day: CivilDay) {
        let sum = event.postings.filter { $0.account == .bank }.sum
        guard sum != .zero else { return }
        let reversed: CivilDay? =
            switch event {
            case .posted(let event):
                event.movement.reverses.map { posted[Posted(loan: event.loan, cause: $0)] ?? day }
            case .reversed(let event): acts[event.entry]?.on ?? day
            default: nil
            }
        let on = reversed ?? day
        var flow = flows[on] ?? Flow()
        flow.sum += sum
        flow.entries += reversed == nil ? 1 : -1
        flows[on] = flow.sum == .zero && flow.entries <= 0 ? nil : flow
    }

    private mutating func free(_ receipt: Code?, of loan: LoanID) {
        guard let receipt else { return }
        let reference = Reference(kind: .receipt, code: receipt)
        if references[reference] == loan { references[reference] = nil }
    }

    private mutating func reverse(_ reversed: FundReversed, by reversal: EventReference) {
        guard reversals[reversed.entry] == nil else { return }
        reversals[reversed.entry] = reversal
        switch reversed.kind {
        case .deposited: deposits.removeAll { $0.reference == reversed.entry }
        case .takenOver:
            if let event = takenOver[reversed.entry] {
                returned.insert(Taken(fund: event.from, cause: event.cause))
            }
        case .handedOver: handedOver[reversed.entry] = nil
        }
    }
}

extension FundEvent {
    /// Whether it is an entry of the fund itself, and of no case.
    fileprivate var isOwnEntry: Bool {
        switch self {
        case .deposited, .handedOver, .takenOver: true
        default: false
        }
    }
}

extension Fund {
    /// Opens it.
    /// - Parameter places: Which districts give which kind of aid: a fund of another kind could help nobody there.
    package func open(_ scope: FundScope, in places: LendingPlaces = .everywhere) throws(Refusal) -> FundEvent {
        guard self.scope == nil else { throw Refusal(.fundExists, detail: scope.canonicalText, words: scope.chinese) }
        guard scope.number >= 1, scope.number <= 999, scope.division.rawValue.utf8.count <= 9 else {
            throw Refusal(.fundScope, detail: scope.canonicalText, words: scope.chinese)
        }
        guard places.mayGive(scope.mode, from: scope.division) else {
            throw Refusal(
                .modeOfDistrict, field: "mode", detail: "\(scope.division) \(scope.mode.rawValue)",
                words: "\(scope.division) \(scope.mode.chinese)", clause: ClauseID("XM-4.1"))
        }
        return .opened(scope)
    }

    /// Takes capital in.
    package func deposit(_ deposited: FundDeposited, on day: CivilDay) throws(Refusal) -> FundEvent {
        try checkOpen(on: day)
        guard deposited.amount > .zero else { throw Refusal(.loanAmount, field: "amount_fen") }
        let receipt = Reference(kind: .receipt, code: deposited.receipt)
        guard references[receipt] == nil,
            !deposits.contains(where: { $0.deposited.receipt == deposited.receipt })
        else { throw Refusal(.receiptTwice, field: "receipt", detail: deposited.receipt.rawValue) }
        return .deposited(
            FundDeposited(payer: deposited.payer, amount: deposited.amount, receipt: deposited.receipt))
    }

    /// Sets money aside for a case.
    package func reserve(_ loan: LoanID, _ amount: Fen, on day: CivilDay) throws(Refusal) -> FundEvent {
        try checkOpen(on: day)
        try checkAvailable(amount, on: day)
        return .reserved(.reserving(loan, amount))
    }

    /// Writes down that a case uses a receipt or a lender's loan.
    /// - Returns: nil when the case has it already.
    /// - Throws: `receiptTwice` or `lenderTwice` when another has it; a retry does not help.
    package func take(_ wanted: FundReference) throws(Refusal) -> FundEvent? {
        let holder = references[Reference(kind: wanted.kind, code: wanted.reference)]
        if holder == wanted.loan { return nil }
        switch wanted.kind {
        case .receipt:
            guard holder == nil, !deposits.contains(where: { $0.deposited.receipt == wanted.reference }) else {
                throw Refusal(.receiptTwice, field: "receipt", detail: wanted.reference.rawValue)
            }
        case .lender:
            guard holder == nil else {
                throw Refusal(.lenderTwice, field: "subsidy.lender_ref", detail: wanted.reference.rawValue)
            }
        }
        return .referenceTaken(wanted)
    }

    /// Hands a balance to another fund of the same kind.
    package func handOver(_ amount: Fen, to other: Fund, on day: CivilDay) throws(Refusal) -> FundEvent {
        try checkOpen(on: day)
        guard let target = other.scope, target.mode == scope?.mode, other.id != id else {
            throw Refusal(.fundScope, field: "to", detail: other.scope?.canonicalText, words: other.scope?.chinese)
        }
        try other.checkOpen(on: day)
        guard amount > .zero else { throw Refusal(.loanAmount, field: "amount_fen") }
        try checkAvailable(amount, on: day)
        return .handedOver(FundHandedOver(to: other.id, amount: amount))
    }

    /// Reverses a deposit, or what was taken over from another fund, which then goes back there. The fund stays at zero or above on
    /// every day, and whoever made the entry is another person.
    /// - Throws: `unknownEntry`, `entryReversed`, `reversedAtReceiver` for what was handed over, `reversedBySame`, `fundShort`; a
    ///   retry helps only with the last, when money has come in.
    package func reverse(
        _ entry: EventReference, _ reason: Code, on day: CivilDay, by actor: Code?
    ) throws(Refusal) -> FundEvent {
        guard scope != nil else { throw Refusal(.unknownFund) }
        if let reversal = reversals[entry] {
            throw Refusal(.entryReversed, field: "sequence", detail: "#\(reversal.sequence)")
        }
        let (kind, amount, postings): (FundReversed.Kind, Fen, [Posting])
        if let deposited = deposits.first(where: { $0.reference == entry })?.deposited {
            (kind, amount, postings) = (.deposited, deposited.amount, deposited.postings)
        } else if let event = takenOver[entry] {
            (kind, amount, postings) = (.takenOver, event.amount, event.postings)
        } else if let event = handedOver[entry] {
            throw Refusal(.reversedAtReceiver, field: "sequence", detail: event.to.description)
        } else {
            throw Refusal(.unknownEntry, field: "sequence", detail: "#\(entry.sequence)")
        }
        guard let act = acts[entry] else { throw Refusal(.unknownEntry, field: "sequence") }
        guard act.on <= day else { throw Refusal(.dayOrder, field: "occurred_on", detail: "\(act.on)") }
        guard let actor, actor != act.by else { throw Refusal(.reversedBySame, detail: act.by?.rawValue) }
        try checkAvailable(amount, on: act.on)
        return .reversed(
            FundReversed(entry: entry, kind: kind, amount: amount, reason: reason, reversing: postings))
    }

    /// Whether somebody may ask for what somebody else had recorded: whoever made an entry does not ask for its reversal.
    /// - Throws: `reversedBySame`; a retry helps with another person's key only.
    package func checkRepeat(of action: FundAction, by actor: Code?) throws(Refusal) {
        guard case .reverse(let entry, _) = action, let act = acts[entry] else { return }
        guard let actor, actor != act.by else { throw Refusal(.reversedBySame, detail: act.by?.rawValue) }
    }

    /// States totals of earlier years. They end before the fund's own record begins, for both count in the indicators; and only
    /// what is lent falls due (XM-Q2).
    package func state(_ history: FundHistory) throws(Refusal) -> FundEvent {
        guard let scope else { throw Refusal(.unknownFund) }
        if let first = flows.keys.min(), first <= history.through {
            throw Refusal(.fundHistoryOverlaps, field: "through", detail: "\(first) ≤ \(history.through)")
        }
        guard scope.mode == .revolvingLoan || history.due == .zero, history.out <= history.helped,
            history.completed <= history.helped, history.repaid <= history.due,
            min(history.disbursed, history.capital, history.repaid) >= .zero
        else { throw Refusal(.fundHistory) }
        guard history != self.history else { throw Refusal(.nothingToDo) }
        return .historyStated(history)
    }

    private func checkOpen(on day: CivilDay) throws(Refusal) {
        guard scope != nil, let openedOn else { throw Refusal(.unknownFund) }
        guard openedOn <= day else { throw Refusal(.dayOrder, field: "occurred_on", detail: "\(openedOn)") }
        if let history, day <= history.through {
            throw Refusal(.fundHistoryOverlaps, field: "occurred_on", detail: "\(day) ≤ \(history.through)")
        }
    }

    private func checkAvailable(_ amount: Fen, on day: CivilDay) throws(Refusal) {
        let there = available(from: day)
        guard amount <= there else {
            throw Refusal(.fundShort, detail: "\(amount) > \(there)")
        }
    }
}
