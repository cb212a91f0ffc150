/// One loan or other aid: the fold of its `loan-<id>` stream. Sums are asked for as of a day; nothing here reads a clock.
package struct LoanCase: Hashable, Sendable {
    /// Something with its day and who did it.
    package struct Act<Content: Hashable & Sendable>: Hashable, Sendable {
        package let reference: EventReference
        package let on: CivilDay
        package let by: Code?
        package let content: Content
    }

    /// A receipt for principal that came back.
    package struct Repayment: Hashable, Sendable {
        package let amount: Fen
        package let receipt: Code
    }

    /// What somebody proposed to write off.
    package struct WriteOffProposal: Hashable, Sendable {
        package let reason: Code
        /// What was left when it was proposed, as of everything known then: the sum that is proposed.
        package let rest: Fen
    }

    /// A payout, a repayment, a write-off, or what came in after one.
    package struct Entry: Hashable, Sendable {
        package let reference: EventReference
        package let kind: LoanMovement.Kind
        package let on: CivilDay
        package let by: Code?
        package let amount: Fen
        /// Of a repayment, and of what came in after a write-off.
        package let receipt: Code?
        /// What reversed it; it counts on no day then, not even on those before.
        package fileprivate(set) var reversal: Act<LoanReversed>?
    }

    package let id: LoanID
    package private(set) var application: Act<LoanApplied>?
    /// In order.
    package private(set) var reviews: [Act<LoanReviewed>] = []
    package private(set) var guarantee: Act<DivisionCode>?
    /// Of the agreement that counts: a new schedule begins a new one, which all sign anew.
    package private(set) var signatures: [LoanParty: Act<LoanParty>] = [:]
    /// The schedule of the agreement, in order of days.
    package private(set) var instalments: [LoanInstalment] = []
    package private(set) var informedOn: CivilDay?
    /// The responsible helpers, in order; the last one named counts.
    package private(set) var helpers: [Act<Code>] = []
    /// What whoever looks after it was reminded of.
    package private(set) var notices = OfficeNotices()
    /// Every entry of money that was made, in order, with those that were reversed.
    package private(set) var entries: [Entry] = []
    /// The latest proposal to write the rest off; nil where none was made since a payout or write-off was reversed.
    package private(set) var writeOffProposal: Act<WriteOffProposal>?
    /// Every proposal to write the rest off, in order.
    package private(set) var proposals: [Act<WriteOffProposal>] = []
    package private(set) var stages: [Act<LoanStage>] = []
    package private(set) var exits: [Act<Bool>] = []
    package private(set) var withdrawal: Act<Code>?
    package private(set) var lastSequence: UInt64 = 0

    /// Nothing known yet.
    package init(id: LoanID) { self.id = id }

    /// Takes the next event in; one already held is ignored.
    package mutating func evolve(_ known: KnownLendingEvent) {
        guard case .loan(let event) = known.event, known.reference.sequence > lastSequence else { return }
        lastSequence = known.reference.sequence
        func act<Content>(_ content: Content) -> Act<Content> {
            Act(reference: known.reference, on: known.occurredOn, by: known.actor, content: content)
        }
        switch event {
        case .applied(let applied): application = act(applied)
        case .reviewed(let reviewed): reviews.append(act(reviewed))
        case .guaranteed(let committee, _): guarantee = act(committee)
        case .signed(let party, let schedule):
            // Whoever signs first brings the schedule: what was signed of an earlier one counts no more.
            if !schedule.isEmpty { (signatures, instalments) = ([:], schedule) }
            signatures[party] = act(party)
        case .informed: informedOn = known.occurredOn
        case .helperNamed(let code): helpers.append(act(code))
        case .disbursed(let amount): enter(.disbursed, amount, known)
        case .repaid(let amount, let receipt):
            // While a write-off stands nothing is owed any more: what comes in all the same is a recovery.
            enter(writeOff == nil ? .repaid : .recovered, amount, known, receipt)
        case .writeOffProposed(let reason):
            let proposal = act(WriteOffProposal(reason: reason, rest: outstanding(on: CivilDay(dayNumber: .max))))
            writeOffProposal = proposal
            proposals.append(proposal)
        case .writtenOff(let amount): enter(.writtenOff, amount, known)
        case .reversed(let reversed): reverse(act(reversed))
        case .staged(let stage): stages.append(act(stage))
        case .exitAssessed(let isOut, _): exits.append(act(isOut))
        case .withdrawn(let reason): withdrawal = act(reason)
        case .noticeRaised(let notice):
            notices.raise(notice, at: known.reference, on: known.occurredOn, by: known.command)
        case .noticeDelivered(let delivered):
            notices.deliver(delivered, at: known.reference, by: known.command)
        }
    }

    private mutating func enter(
        _ kind: LoanMovement.Kind, _ amount: Fen, _ known: KnownLendingEvent, _ receipt: Code? = nil
    ) {
        entries.append(
            Entry(
                reference: known.reference, kind: kind, on: known.occurredOn, by: known.actor, amount: amount,
                receipt: receipt))
    }

    private mutating func reverse(_ reversal: Act<LoanReversed>) {
        let place = entries.firstIndex { $0.reference == reversal.content.entry && $0.reversal == nil }
        guard let place else { return }
        entries[place].reversal = reversal
        // It was about the loan as it was paid out then, or is decided already.
        switch entries[place].kind {
        case .disbursed, .writtenOff: writeOffProposal = nil
        case .repaid, .recovered: break
        }
    }
}

extension LoanCase {
    private func standing(_ kind: LoanMovement.Kind) -> [Entry] {
        entries.filter { $0.kind == kind && $0.reversal == nil }
    }

    /// The payout that stands.
    package var payout: Act<Fen>? { standing(.disbursed).last.map(\.act) }

    /// The repayments that stand, in order.
    package var repayments: [Act<Repayment>] { receipts(.repaid) }

    /// What came in after the write-off and stands, in order: none of it is a repayment.
    package var recoveries: [Act<Repayment>] { receipts(.recovered) }

    private func receipts(_ kind: LoanMovement.Kind) -> [Act<Repayment>] {
        standing(kind).compactMap { entry in
            entry.receipt.map { receipt in
                Act(
                    reference: entry.reference, on: entry.on, by: entry.by,
                    content: Repayment(amount: entry.amount, receipt: receipt))
            }
        }
    }

    /// The write-off that stands.
    package var writeOff: Act<Fen>? { standing(.writtenOff).last.map(\.act) }

    /// How often a payout was reversed: what is done again needs a name of its own.
    package var payoutsReversed: Int { entries.count { $0.kind == .disbursed && $0.reversal != nil } }

    /// How often what a receipt brought in was reversed; likewise.
    package func reversals(of receipt: Code) -> Int {
        entries.count { $0.receipt == receipt && $0.reversal != nil }
    }

    /// The day on which a movement happened; of a reversal the day on which it was decided.
    package func day(of movement: LoanMovement) -> CivilDay? {
        if movement.reverses != nil {
            return entries.lazy.compactMap(\.reversal).first { $0.reference == movement.cause }?.on
        }
        return entries.first { $0.reference == movement.cause }?.on
    }
}

extension LoanCase.Entry {
    fileprivate var act: LoanCase.Act<Fen> {
        LoanCase.Act(reference: reference, on: on, by: by, content: amount)
    }

    /// What moved: the entry, and its reversal.
    fileprivate var movements: [LoanMovement] {
        let own = LoanMovement(cause: reference, kind: kind, amount: amount)
        guard let reversal else { return [own] }
        let back = LoanMovement(
            cause: reversal.reference, kind: kind, amount: amount, reverses: reference, receipt: receipt)
        return [own, back]
    }
}

extension LoanCase {
    /// Where a case stands.
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// 审核中.
        case reviewing
        /// 审核通过, not paid out.
        case approved
        /// 在借.
        case running
        /// 已还清.
        case settled
        /// 已发放: aid that is not repaid.
        case given
        /// 已核销.
        case writtenOff = "written_off"
        /// 未通过.
        case rejected
        /// 已撤回.
        case withdrawn

        /// Whether nothing follows any more.
        package var isOver: Bool {
            switch self {
            case .settled, .given, .writtenOff, .rejected, .withdrawn: true
            case .reviewing, .approved, .running: false
            }
        }
    }

    package var mode: LendingMode { application?.content.mode ?? .revolvingLoan }
    package var amount: Fen { application?.content.amount ?? .zero }

    /// As of the end of a day.
    package func state(on day: CivilDay) -> State {
        if let withdrawal, withdrawal.on <= day { return .withdrawn }
        if reviews.contains(where: { !$0.content.isPassed && $0.on <= day }) { return .rejected }
        guard let payout, payout.on <= day else {
            let passed = Set(reviews.filter { $0.on <= day }.map(\.content.level))
            return passed.count == LoanLevel.allCases.count ? .approved : .reviewing
        }
        guard mode == .revolvingLoan else { return .given }
        if let writeOff, writeOff.on <= day { return .writtenOff }
        return outstanding(on: day) == .zero ? .settled : .running
    }

    /// As of everything known, whatever the days say.
    package var latest: State { state(on: CivilDay(dayNumber: .max)) }

    /// Whether nothing follows any more, so that another case may begin.
    package var isOver: Bool { latest.isOver }

    /// Principal that came back by the end of a day.
    package func repaid(by day: CivilDay) -> Fen {
        repayments.filter { $0.on <= day }.reduce(.zero) { $0 + $1.content.amount }
    }

    /// What came in after the write-off, by the end of a day.
    package func recovered(by day: CivilDay) -> Fen {
        recoveries.filter { $0.on <= day }.reduce(.zero) { $0 + $1.content.amount }
    }

    /// Principal outstanding at the end of a day.
    package func outstanding(on day: CivilDay) -> Fen {
        guard mode == .revolvingLoan, let payout, payout.on <= day else { return .zero }
        let off = writeOff.map { $0.on <= day ? $0.content : .zero } ?? .zero
        return payout.content - repaid(by: day) - off
    }

    /// Principal that fell due from one day to another, both included. Only of a loan that was paid out.
    package func due(from first: CivilDay = CivilDay(dayNumber: .min), through last: CivilDay) -> Fen {
        guard mode == .revolvingLoan, let payout, payout.on <= last else { return .zero }
        return instalments.filter { $0.dueOn >= first && $0.dueOn <= last }.reduce(.zero) { $0 + $1.amount }
    }

    /// What was repaid by the end of a day of what was due by then: an early repayment counts at its due day.
    /// - Source: XM-6.2
    package func repaidOfDue(by day: CivilDay) -> Fen { min(repaid(by: day), due(through: day)) }

    /// Unpaid rest of instalments that are no longer in time: the due day itself is, and the days after it that are set. Nothing
    /// once written off.
    /// - Source: XM-2.2b
    package func overdue(on day: CivilDay, by terms: OverdueTerms = .standard) -> Fen {
        guard state(on: day) == .running else { return .zero }
        let late = instalments.filter { terms.lastInTime(of: $0.dueOn, on: day) < day }
        return max(.zero, late.reduce(.zero) { $0 + $1.amount } - repaid(by: day))
    }

    /// Whether an instalment of which something was not paid is no longer in time on a day.
    package func isOverdue(_ instalment: LoanInstalment, on day: CivilDay, by terms: OverdueTerms) -> Bool {
        state(on: day) == .running && terms.lastInTime(of: instalment.dueOn, on: day) < day
    }

    /// The first instalment that is not paid in full at the end of a day, and its rest.
    package func next(on day: CivilDay) -> (instalment: LoanInstalment, rest: Fen)? {
        guard state(on: day) == .running else { return nil }
        var paid = repaid(by: day)
        for instalment in instalments {
            if paid < instalment.amount { return (instalment, instalment.amount - paid) }
            paid = paid - instalment.amount
        }
        return nil
    }

    /// The stage on a day.
    package func stage(on day: CivilDay) -> LoanStage? { stages.inOrder.last { $0.on <= day }?.content }

    /// Whether the family is assessed as out of poverty on a day; nil = nobody assessed it.
    /// - Source: XM-6.3, reading XM-Q7: the state on the day counts
    package func isOut(on day: CivilDay) -> Bool? { exits.inOrder.last { $0.on <= day }?.content }

    /// Events that moved money, in order: entries and reversals.
    package var movements: [LoanMovement] { entries.flatMap(\.movements).sorted { $0.cause < $1.cause } }

    /// The responsible helper of everything known.
    package var helper: Code? { helpers.last?.content }

    /// The responsible helper on a day.
    package func helper(on day: CivilDay) -> Code? { helpers.inOrder.last { $0.on <= day }?.content }

    /// What is missing before the payout, of everything known.
    package var missing: [Code] { missing(on: CivilDay(dayNumber: .max)) }

    /// What was missing before the payout at the end of a day, all of it; codes in a fixed order.
    /// - Source: XM-2.1a, 2.1b, 2.2a, 2.2c, 2.2d; aid without repayment needs the reviews and a helper alone
    package func missing(on day: CivilDay) -> [Code] {
        var missing: [String] = []
        func isThere(_ on: CivilDay?) -> Bool { on.map { $0 <= day } ?? false }
        let passed = Set(reviews.filter { $0.content.isPassed && $0.on <= day }.map(\.content.level))
        missing += LoanLevel.allCases.filter { !passed.contains($0) }.map { "review_\($0.rawValue)" }
        if helper(on: day) == nil { missing.append("helper") }
        if mode == .revolvingLoan {
            if !isThere(guarantee?.on) { missing.append("guarantee") }
            missing += LoanParty.allCases.filter { !isThere(signatures[$0]?.on) }.map { "signature_\($0.rawValue)" }
            if !isThere(informedOn) { missing.append("informed") }
        }
        return missing.map(Code.init(unchecked:))
    }
}

extension [LoanCase.Act<LoanStage>] {
    /// By day, and by order of recording within a day.
    fileprivate var inOrder: Self { sorted { ($0.on, $0.reference) < ($1.on, $1.reference) } }
}

extension [LoanCase.Act<Code>] {
    fileprivate var inOrder: Self { sorted { ($0.on, $0.reference) < ($1.on, $1.reference) } }
}

extension [LoanCase.Act<Bool>] {
    fileprivate var inOrder: Self { sorted { ($0.on, $0.reference) < ($1.on, $1.reference) } }
}
