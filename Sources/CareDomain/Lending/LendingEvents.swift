/// What happens in `fund-`, `loan-` and `report-` streams.
package enum LendingEvent: Hashable, Sendable {
    case fund(FundEvent)
    case loan(LoanEvent)
    case report(LoanReportSent)

    /// What it posts; empty when it moves no money.
    package var postings: [Posting] {
        if case .fund(let event) = self { event.postings } else { [] }
    }
}

/// What happens in a `fund-<id>` stream. Every event that moves money carries postings that add up to nothing.
package enum FundEvent: Hashable, Sendable {
    /// 设立资金.
    case opened(FundScope)
    /// 注入资金.
    case deposited(FundDeposited)
    /// 占用: the money of one disbursement is set aside.
    case reserved(FundClaim)
    /// 释放: the case ended without a disbursement.
    case released(FundClaim)
    /// 入账: an event of a case that moved money is in the books.
    case posted(FundPosted)
    /// 上缴盘活: a dormant balance goes to another fund.
    case handedOver(FundHandedOver)
    /// 接收盘活.
    case takenOver(FundTakenOver)
    /// 历史数据.
    case historyStated(FundHistory)
    /// 凭证占用: a receipt or a lender's loan belongs to one case.
    case referenceTaken(FundReference)
    /// 凭证释放: the case ended before anything rested on it.
    case referenceFreed(FundReference)
    /// 冲销资金账目.
    case reversed(FundReversed)

    package var postings: [Posting] {
        switch self {
        case .deposited(let event): event.postings
        case .reserved(let event), .released(let event): event.postings
        case .posted(let event): event.postings
        case .handedOver(let event): event.postings
        case .takenOver(let event): event.postings
        case .reversed(let event): event.postings
        case .opened, .historyStated, .referenceTaken, .referenceFreed: []
        }
    }
}

/// What a fund is for. Two funds with the same scope are one fund.
package struct FundScope: Hashable, Sendable {
    /// District or sub-district.
    package var division: DivisionCode
    package var mode: LendingMode
    /// From 1 to 999.
    package var number: Int

    package init(division: DivisionCode, mode: LendingMode, number: Int = 1) {
        self.division = division
        self.mode = mode
        self.number = number
    }

    /// The text from which the fund's id is derived. Frozen: ids derived from it stand in logs.
    package var canonicalText: String { "\(division.rawValue)|\(mode.rawValue)|\(number)" }

    /// 350203 滚动借款，第 1 号.
    var chinese: String { "\(division.rawValue) \(mode.chinese)，第 \(number) 号" }
}

/// Fresh capital.
package struct FundDeposited: Hashable, Sendable {
    package var payer: Code
    package var amount: Fen
    /// Voucher; counts once in a fund.
    package var receipt: Code
    package var postings: [Posting]

    package init(payer: Code, amount: Fen, receipt: Code) {
        self.init(
            payer: payer, amount: amount, receipt: receipt, postings: .move(amount, from: .capital(payer), to: .bank))
    }

    /// As it stands in the log.
    package init(payer: Code, amount: Fen, receipt: Code, postings: [Posting]) {
        self.payer = payer
        self.amount = amount
        self.receipt = receipt
        self.postings = postings
    }
}

/// Money set aside for a case, or no longer.
package struct FundClaim: Hashable, Sendable {
    package var loan: LoanID
    package var amount: Fen
    package var postings: [Posting]

    /// Sets it aside.
    package static func reserving(_ loan: LoanID, _ amount: Fen) -> FundClaim {
        FundClaim(loan: loan, amount: amount, postings: .move(amount, from: .bank, to: .transit))
    }

    /// Frees it.
    package static func releasing(_ loan: LoanID, _ amount: Fen) -> FundClaim {
        FundClaim(loan: loan, amount: amount, postings: .move(amount, from: .transit, to: .bank))
    }

    /// As it stands in the log.
    package init(loan: LoanID, amount: Fen, postings: [Posting]) {
        self.loan = loan
        self.amount = amount
        self.postings = postings
    }
}

/// An event of a case that moved money, as a fund books it.
package struct FundPosted: Hashable, Sendable {
    package var loan: LoanID
    package var movement: LoanMovement
    package var postings: [Posting]

    package init(loan: LoanID, movement: LoanMovement, mode: LendingMode) {
        let isReversal = movement.reverses != nil
        let postings: [Posting] =
            switch movement.kind {
            // What was paid out had been set aside; what was not paid out is there again.
            case .disbursed where isReversal: .move(movement.amount, from: .given(mode), to: .bank)
            case .disbursed: .move(movement.amount, from: .transit, to: .given(mode))
            case .repaid where isReversal: .move(movement.amount, from: .bank, to: .lent)
            case .repaid: .move(movement.amount, from: .lent, to: .bank)
            case .writtenOff where isReversal: .move(movement.amount, from: .writtenOff, to: .lent)
            case .writtenOff: .move(movement.amount, from: .lent, to: .writtenOff)
            // What was written off stays written off; the fund has the money all the same.
            case .recovered where isReversal: .move(movement.amount, from: .bank, to: .recovered)
            case .recovered: .move(movement.amount, from: .recovered, to: .bank)
            }
        self.init(loan: loan, movement: movement, postings: postings)
    }

    /// As it stands in the log.
    package init(loan: LoanID, movement: LoanMovement, postings: [Posting]) {
        self.loan = loan
        self.movement = movement
        self.postings = postings
    }
}

/// A movement of money that an event of a case tells of.
package struct LoanMovement: Hashable, Sendable {
    /// Which way it goes.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case disbursed, repaid
        case writtenOff = "written_off"
        /// 核销后收回: what a receipt brings in while a write-off stands.
        case recovered
    }

    /// The event in the case's stream.
    package var cause: EventReference
    package var kind: Kind
    package var amount: Fen
    /// The entry of the case that it reverses; nil for an entry.
    package var reverses: EventReference?
    /// The voucher that a reversal frees.
    package var receipt: Code?

    package init(
        cause: EventReference, kind: Kind, amount: Fen, reverses: EventReference? = nil, receipt: Code? = nil
    ) {
        self.cause = cause
        self.kind = kind
        self.amount = amount
        self.reverses = reverses
        self.receipt = receipt
    }
}

/// A balance that goes to another fund. The case histories stay where they are.
/// - Source: XM-3.1 盘活资金
package struct FundHandedOver: Hashable, Sendable {
    package var to: FundID
    package var amount: Fen
    package var postings: [Posting]

    package init(to: FundID, amount: Fen) {
        self.init(to: to, amount: amount, postings: .move(amount, from: .bank, to: .handover))
    }

    /// As it stands in the log.
    package init(to: FundID, amount: Fen, postings: [Posting]) {
        self.to = to
        self.amount = amount
        self.postings = postings
    }
}

/// The other side of it; each is taken over once.
package struct FundTakenOver: Hashable, Sendable {
    package var from: FundID
    /// The `FundHandedOver` in its stream.
    package var cause: EventReference
    package var amount: Fen
    package var postings: [Posting]

    package init(from: FundID, cause: EventReference, amount: Fen) {
        self.init(from: from, cause: cause, amount: amount, postings: .move(amount, from: .handover, to: .bank))
    }

    /// As it stands in the log.
    package init(from: FundID, cause: EventReference, amount: Fen, postings: [Posting]) {
        self.from = from
        self.cause = cause
        self.amount = amount
        self.postings = postings
    }
}

/// A voucher of a repayment, or the loan of a lender, as one case of a fund uses it. Each counts once in the fund, whichever
/// case names it.
/// - Source: XM-2.2b, one receipt counts once; XM-4.4
package struct FundReference: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Of a repayment; shares its numbers with the vouchers of deposits.
        case receipt
        /// The loan of a lender whose interest is paid in part.
        case lender
    }

    package var loan: LoanID
    package var kind: Kind
    package var reference: Code

    package init(loan: LoanID, kind: Kind, reference: Code) {
        self.loan = loan
        self.kind = kind
        self.reference = reference
    }
}

/// Totals of the years before the record began. They count in the indicators and move no money in the ledger.
package struct FundHistory: Hashable, Sendable {
    /// Last day that they cover.
    package var through: CivilDay
    package var helped: Int
    package var out: Int
    package var completed: Int
    package var disbursed: Fen
    package var capital: Fen
    package var due: Fen
    package var repaid: Fen

    package init(
        through: CivilDay, helped: Int, out: Int, completed: Int, disbursed: Fen, capital: Fen, due: Fen, repaid: Fen
    ) {
        self.through = through
        self.helped = helped
        self.out = out
        self.completed = completed
        self.disbursed = disbursed
        self.capital = capital
        self.due = due
        self.repaid = repaid
    }
}

/// What happens in a `loan-<id>` stream.
package enum LoanEvent: Hashable, Sendable {
    /// 申请.
    case applied(LoanApplied)
    /// 审核.
    case reviewed(LoanReviewed)
    /// 村居委会担保: the committee's division, and the paper's reference.
    case guaranteed(committee: DivisionCode, paper: Code)
    /// 签协议.
    case signed(LoanParty, [LoanInstalment])
    /// 讲清资金回笼.
    case informed
    /// 明确帮扶责任人.
    case helperNamed(Code)
    /// 放款.
    case disbursed(Fen)
    /// 还款: with the voucher, which counts once; while a write-off stands, 核销后收回.
    case repaid(Fen, receipt: Code)
    /// 提请核销.
    case writeOffProposed(Code)
    /// 核销.
    case writtenOff(Fen)
    /// 帮扶阶段.
    case staged(LoanStage)
    /// 脱贫认定: whether the family is out of poverty from the day on, and on what that rests.
    case exitAssessed(isOut: Bool, basis: Code)
    /// 撤回: the application ends before any payout.
    case withdrawn(Code)
    /// 冲销: an entry of money should not stand.
    case reversed(LoanReversed)
    /// 还款提醒.
    case noticeRaised(OfficeNotice)
    /// 还款提醒送达情况.
    case noticeDelivered(NoticeDelivered)
}

/// What a mother asks for.
package struct LoanApplied: Hashable, Sendable {
    package var fund: FundID
    package var household: HouseholdID
    package var mother: PersonID
    /// 1 for her first case of this kind, then without gaps.
    package var number: Int
    package var amount: Fen
    package var purpose: Code
    /// For an interest subsidy.
    package var subsidy: SubsidyTerms?
    /// Of the household on that day; nil while a client says it, for intake sets it.
    package var division: DivisionCode?
    /// Kind of aid of the fund; nil while a client says it.
    package var mode: LendingMode?

    package init(
        fund: FundID, household: HouseholdID, mother: PersonID, number: Int, amount: Fen, purpose: Code,
        subsidy: SubsidyTerms? = nil, division: DivisionCode? = nil, mode: LendingMode? = nil
    ) {
        self.fund = fund
        self.household = household
        self.mother = mother
        self.number = number
        self.amount = amount
        self.purpose = purpose
        self.subsidy = subsidy
        self.division = division
        self.mode = mode
    }
}

/// What one level found.
package struct LoanReviewed: Hashable, Sendable {
    package var level: LoanLevel
    package var isPassed: Bool
    /// Why not.
    package var reason: Code?

    package init(level: LoanLevel, isPassed: Bool, reason: Code? = nil) {
        self.level = level
        self.isPassed = isPassed
        self.reason = reason
    }
}

/// What a report is about.
package struct LoanReportScope: Hashable, Sendable {
    /// 季报表, 半年考核, 年终考核.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case quarter
        case halfYear = "half_year"
        case year
    }

    package var kind: Kind
    package var division: DivisionCode
    package var firstDay: CivilDay
    package var lastDay: CivilDay

    package init(kind: Kind, division: DivisionCode, firstDay: CivilDay, lastDay: CivilDay) {
        self.kind = kind
        self.division = division
        self.firstDay = firstDay
        self.lastDay = lastDay
    }

    /// The text from which the report's id is derived. Frozen: ids derived from it stand in logs.
    package var canonicalText: String { "\(kind.rawValue)|\(division.rawValue)|\(firstDay)|\(lastDay)" }
}

/// 报表上报: a report as it was sent, frozen; a correction is a further version.
/// - Source: XM-2.4a, XM-2.4b
package struct LoanReportSent: Hashable, Sendable {
    package var scope: LoanReportScope
    package var version: Int
    /// What the log knew by this moment counts.
    package var knownAt: Moment
    package var figures: [LoanFigure]
    /// What a check found.
    package var problems: [Code]
    /// Why it differs from the version before.
    package var reason: Code?

    package init(
        scope: LoanReportScope, version: Int, knownAt: Moment, figures: [LoanFigure], problems: [Code] = [],
        reason: Code? = nil
    ) {
        self.scope = scope
        self.version = version
        self.knownAt = knownAt
        self.figures = figures
        self.problems = problems
        self.reason = reason
    }

    /// Whether another version would tell nothing new: the figures are the same, and so is what a check found.
    package func saysTheSame(as other: LoanReportSent) -> Bool {
        figures == other.figures && problems == other.problems
    }
}

/// An event of a fund, a case or a report as the log holds it.
package struct KnownLendingEvent: Hashable, Sendable {
    package var reference: EventReference
    package var recordedAt: Moment
    package var occurredOn: CivilDay
    package var command: CommandID
    /// Account of the person who acted.
    package var actor: Code?
    package var event: LendingEvent

    package init(
        reference: EventReference, recordedAt: Moment, occurredOn: CivilDay, command: CommandID, actor: Code? = nil,
        event: LendingEvent
    ) {
        self.reference = reference
        self.recordedAt = recordedAt
        self.occurredOn = occurredOn
        self.command = command
        self.actor = actor
        self.event = event
    }
}

extension Account {
    /// 借出本金: principal outstanding.
    package static let lent = Account(unchecked: "lent")
    /// 核销: principal that was written off.
    package static let writtenOff = Account(unchecked: "written_off")
    /// 核销后收回: what came in of principal that stays written off.
    package static let recovered = Account(unchecked: "recovered")
    /// 资金划转: handed over and not taken over, over all funds.
    package static let handover = Account(unchecked: "handover")

    /// 注入资金: fresh capital of a payer.
    package static func capital(_ payer: Code) -> Account { Account(unchecked: "capital.\(payer)") }

    /// Where a payout goes: principal comes back, aid is borne by the fund.
    package static func given(_ mode: LendingMode) -> Account {
        mode == .revolvingLoan ? .lent : Account(unchecked: "expense.\(mode.rawValue)")
    }
}
