/// What somebody asks to be done about a fund, a case or a report.
package struct LendingCommand: Hashable, Sendable {
    /// Chosen by the client; sending it again is the same command.
    package var id: CommandID
    package var stream: LendingStream
    /// The day it was done.
    package var occurredOn: CivilDay
    package var action: LendingAction

    package init(id: CommandID, stream: LendingStream, occurredOn: CivilDay, action: LendingAction) {
        self.id = id
        self.stream = stream
        self.occurredOn = occurredOn
        self.action = action
    }
}

/// What such a command asks for.
package enum LendingAction: Hashable, Sendable {
    case fund(FundAction)
    case loan(LoanAction)
    case report(LoanReportSent)
}

/// What is asked of a fund.
package enum FundAction: Hashable, Sendable {
    case open(FundScope)
    case deposit(FundDeposited)
    case handOver(to: FundID, Fen)
    case state(FundHistory)
    /// A deposit, or what was taken over from another fund.
    case reverse(EventReference, reason: Code)
}

/// What is asked of a case.
package enum LoanAction: Hashable, Sendable {
    case apply(LoanApplied)
    case review(LoanReviewed)
    case guarantee(committee: DivisionCode, paper: Code)
    case sign(LoanParty, [LoanInstalment])
    case inform
    case nameHelper(Code)
    case disburse
    /// Principal came back; of a loan that was written off, a recovery.
    case repay(Fen, receipt: Code)
    case proposeWriteOff(Code)
    case writeOff
    case stage(LoanStage)
    case assessExit(isOut: Bool, basis: Code)
    case withdraw(Code)
    /// A payout, a repayment, a write-off, or what came in after one.
    case reverse(EventReference, reason: Code)

    /// Whether it moves money, so that it takes somebody who may act where the fund is.
    package var movesMoney: Bool {
        switch self {
        case .disburse, .repay, .writeOff, .reverse: true
        default: false
        }
    }
}

/// What `decide` may know beside the command and the case.
package struct LendingContext: Sendable {
    /// The civil day on which intake decides.
    package var today: CivilDay
    /// Account of the person who sends the command; nil where nobody is behind it.
    package var actor: Code?
    /// Divisions for which the sender acts.
    package var actsFor: [DivisionCode]
    /// The fund that is asked.
    package var fund: Fund?
    /// The mother's cases of the kind before this one, in order of their numbers. Every one counts: an entry that was
    /// reversed makes a case run again that was over.
    package var earlier: [LoanCase] = []
    /// The mother's household, when money is asked for, promised or paid out.
    package var household: Household?
    /// Ceiling of a loan in the fund's district on the day; nil = none.
    package var ceiling: Fen?
    /// Ceiling of the principal of a subsidised loan on the day; nil = none.
    package var subsidyCeiling: Fen?
    /// Share of the interest that is paid, as set for the day, in thousandths of a percent; nil = none set, the case says it.
    package var subsidyShare: Int?
    /// Which kinds of aid which districts give on the day.
    package var places = LendingPlaces.everywhere
    /// Whether a mother may have one case at a time only.
    package var isOneAtATime: Bool
    /// Why the rules give the mother no right to the aid on the day; nil = they do, or no pack says, or an exception was
    /// decided.
    package var noRight: (english: String, chinese: String)?
    /// Department of the person who sends the command.
    package var department: DepartmentID?
    package var policy = PolicyCatalog.empty

    package init(
        today: CivilDay, actor: Code? = nil, actsFor: [DivisionCode] = [.everywhere], fund: Fund? = nil,
        previous: LoanCase? = nil, household: Household? = nil, ceiling: Fen? = nil, isOneAtATime: Bool = true
    ) {
        self.today = today
        self.actor = actor
        self.actsFor = actsFor
        self.fund = fund
        earlier = [previous].compactMap { $0 }
        self.household = household
        self.ceiling = ceiling
        self.isOneAtATime = isOneAtATime
    }

    /// The latest earlier case that is not over on a day, or as of everything known: a loan that was repaid later still ran then.
    func open(on day: CivilDay) -> (loan: LoanID, state: LoanCase.State)? {
        guard isOneAtATime else { return nil }
        for one in earlier.reversed() {
            let open = [one.state(on: day), one.latest].first { !$0.isOver }
            if let open { return (one.id, open) }
        }
        return nil
    }
}
