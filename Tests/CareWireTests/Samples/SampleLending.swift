import CareDomain
import CareWire

/// Events of funds, cases and reports: one with everything set, one with as little as possible.
enum SampleLending {
    static let scope = FundScope(division: DivisionCode("350206")!, mode: .revolvingLoan)
    static let fund = FundID.derived(from: scope)
    static let loan = LoanID.derived(of: Sample.wife, .revolvingLoan, number: 1)
    static let subsidy = SubsidyTerms(
        lender: Code(unchecked: "bank-7"), principal: .yuan(100_000), rateThousandths: 4_350, years: 1, days: 73,
        shareThousandths: 50_000)
    static let claim = FundClaim.reserving(loan, .yuan(20_000))
    static let movement = LoanMovement(cause: EventReference(sequence: 9), kind: .disbursed, amount: .yuan(20_000))

    static func events(of kind: EventKind) -> [LendingEvent] {
        funds(kind).map { .fund($0) } + loans(kind).map { .loan($0) }
            + (kind == .loanReportSent ? reports.map { .report($0) } : [])
    }

    private static func funds(_ kind: EventKind) -> [FundEvent] {
        switch kind {
        case .fundOpened: [.opened(scope)]
        case .fundDeposited:
            [
                .deposited(
                    FundDeposited(
                        payer: Code(unchecked: "district"), amount: .yuan(100_000), receipt: Code(unchecked: "r-1")))
            ]
        case .fundReserved: [.reserved(claim)]
        case .fundReleased: [.released(.releasing(loan, .yuan(20_000)))]
        case .fundPosted:
            LoanMovement.Kind.allCases.map { kind in
                .posted(
                    FundPosted(
                        loan: loan,
                        movement: LoanMovement(cause: EventReference(sequence: 9), kind: kind, amount: Fen(1)),
                        mode: .grant))
            }
        case .fundHandedOver: [.handedOver(FundHandedOver(to: fund, amount: Fen(31_850_000)))]
        case .fundTakenOver:
            [.takenOver(FundTakenOver(from: fund, cause: EventReference(sequence: 3), amount: Fen(31_850_000)))]
        case .fundReferenceTaken:
            FundReference.Kind.allCases.map {
                .referenceTaken(FundReference(loan: loan, kind: $0, reference: Code(unchecked: "r-7")))
            }
        case .fundReferenceFreed:
            [.referenceFreed(FundReference(loan: loan, kind: .lender, reference: Code(unchecked: "bank-7")))]
        case .fundPostingReversed:
            LoanMovement.Kind.allCases.map { kind in
                let movement = LoanMovement(
                    cause: EventReference(sequence: 12), kind: kind, amount: Fen(1),
                    reverses: EventReference(sequence: 9),
                    receipt: kind == .repaid ? Code(unchecked: "r-7") : nil)
                return .posted(FundPosted(loan: loan, movement: movement, mode: .revolvingLoan))
            }
        case .fundEntryReversed:
            FundReversed.Kind.allCases.map { kind in
                .reversed(
                    FundReversed(
                        entry: EventReference(sequence: 3), kind: kind, amount: .yuan(500),
                        reason: Code(unchecked: "wrong_amount"),
                        reversing: FundTakenOver(
                            from: fund, cause: EventReference(sequence: 3), amount: .yuan(500)
                        ).postings))
            }
        case .fundHistoryStated:
            [
                .historyStated(
                    FundHistory(
                        through: Sample.day("2017-09-30"), helped: 3605, out: 3567, completed: 3605,
                        disbursed: .yuan(24_014_300), capital: .yuan(9_000_000), due: .yuan(100), repaid: .yuan(100)))
            ]
        default: []
        }
    }

    private static func loans(_ kind: EventKind) -> [LoanEvent] {
        switch kind {
        case .loanApplied:
            [
                .applied(
                    LoanApplied(
                        fund: fund, household: Sample.household, mother: Sample.wife, number: 2,
                        amount: subsidy.subsidy,
                        purpose: Code(unchecked: "opera"), subsidy: subsidy, division: Sample.division,
                        mode: .interestSubsidy)),
                .applied(
                    LoanApplied(
                        fund: fund, household: Sample.household, mother: Sample.wife, number: 1, amount: Fen(1),
                        purpose: Code(unchecked: "p"), division: Sample.division, mode: .grant)),
            ]
        case .loanReviewed:
            [
                .reviewed(LoanReviewed(level: .village, isPassed: false, reason: Code(unchecked: "income"))),
                .reviewed(LoanReviewed(level: .district, isPassed: true)),
            ]
        case .loanGuaranteed:
            [.guaranteed(committee: DivisionCode("350206001001")!, paper: Code(unchecked: "g-1"))]
        case .loanSigned:
            [
                .signed(
                    .applicant,
                    [
                        LoanInstalment(dueOn: Sample.day("2018-03-31"), amount: .yuan(5_000)),
                        LoanInstalment(dueOn: Sample.day("2018-06-30"), amount: .yuan(15_000)),
                    ]), .signed(.projectLead, []), .signed(.township, []),
            ]
        case .loanInformed: [.informed]
        case .loanHelperNamed: [.helperNamed(Code(unchecked: "cadre-3"))]
        case .loanDisbursed: [.disbursed(.yuan(20_000))]
        case .loanRepaid: [.repaid(.yuan(5_000), receipt: Code(unchecked: "r-2"))]
        case .loanWriteOffProposed: [.writeOffProposed(Code(unchecked: "died"))]
        case .loanWrittenOff: [.writtenOff(.yuan(15_000))]
        case .loanStaged: LoanStage.allCases.map { .staged($0) }
        case .loanExitAssessed:
            [
                .exitAssessed(isOut: true, basis: Code(unchecked: "income")),
                .exitAssessed(isOut: false, basis: Code(unchecked: "illness")),
            ]
        case .loanWithdrawn: [.withdrawn(Code(unchecked: "moved"))]
        case .loanReversed:
            LoanMovement.Kind.allCases.map { kind in
                .reversed(
                    LoanReversed(
                        entry: EventReference(sequence: 9), kind: kind, amount: Fen(700_001),
                        reason: Code(unchecked: "wrong_amount")))
            }
        case .loanNoticeRaised: [notice(Code(unchecked: "cadre-3")), notice(nil)].map { .noticeRaised($0) }
        case .loanNoticeDelivered: SampleDuties.outcomes.map { .noticeDelivered($0) }
        default: []
        }
    }

    static let report = LoanReportScope(
        kind: .quarter, division: DivisionCode("350200")!, firstDay: Sample.day("2017-07-01"),
        lastDay: Sample.day("2017-09-30"))
    private static let reports = [
        LoanReportSent(
            scope: report, version: 2, knownAt: Moment(microseconds: 1_506_787_200_000_000),
            figures: [LoanFigure(Code(unchecked: "exit_rate_bp"), 9895)], problems: [Code(unchecked: "one_overdue")],
            reason: Code(unchecked: "late_payment")),
        LoanReportSent(scope: report, version: 1, knownAt: Moment(microseconds: 0), figures: []),
    ]

    static func notice(_ helper: Code?) -> OfficeNotice {
        OfficeNotice(
            kind: Code(unchecked: "loan_overdue"), key: "loan_overdue/2018-03-31",
            department: DepartmentID(unchecked: "dept.fp_association"), dueOn: Sample.day("2018-03-31"),
            clause: helper == nil ? nil : ClauseID("XM-2.2b"), amount: .yuan(5_000), person: helper)
    }
}
