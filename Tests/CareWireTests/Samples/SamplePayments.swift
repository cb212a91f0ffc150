import CareDomain
import CareWire

/// Events about money: one with everything set, one with as little as possible.
enum SamplePayments {
    static let batch = BatchID(Identifier128(high: 0xABCD, low: 0xEF01))
    static let clause = ClauseID("CZ-2.1")!
    static let september = CivilMonth(year: 2014, month: 9)
    static let line = OrderedLine(
        clause: clause, subject: .person(Sample.wife), first: september, last: september + 2,
        parts: [
            PayerPart(payer: Code(unchecked: "city"), amount: Fen(6_000)),
            PayerPart(payer: Code(unchecked: "province"), amount: Fen(24_000)),
        ], decision: EventReference(sequence: 12))
    static let plainLine = OrderedLine(
        clause: clause, subject: .household, first: september, last: september,
        parts: [PayerPart(payer: Code(unchecked: "fund"), amount: Fen(-500))])
    static let scope = BatchScope(
        kind: .arrears, division: Sample.division, period: PaymentPeriod(first: september, last: september + 2)!,
        clauses: [clause], number: 3)

    /// Outcomes that name who had to do with the money, and one that was never sent.
    static let named: [HouseholdEvent] = [
        .paymentConcluded(
            PaymentConcluded(
                batch: batch, order: EventReference(sequence: 15), line: 1, outcome: .paid,
                cause: EventReference(sequence: 8), closedBy: Code(unchecked: "fund-1"),
                issuedBy: Code(unchecked: "payer-1"), bookedBy: Code(unchecked: "payer-2"))),
        .paymentConcluded(
            PaymentConcluded(
                batch: batch, order: EventReference(sequence: 15), line: 0, outcome: .reversed,
                cause: EventReference(sequence: 9), reason: Code(unchecked: "died"),
                closedBy: Code(unchecked: "fund-1"), bookedBy: Code(unchecked: "payer-2"))),
    ]

    static func household(_ kind: EventKind) -> [HouseholdEvent] {
        switch kind {
        case .dueDecided:
            [
                .dueDecided(
                    DueDecided(
                        determination: EventReference(sequence: 9), clause: clause, subject: .person(Sample.wife),
                        kind: .recovery, isCarriedOut: true, reason: Code(unchecked: "late_certificate"),
                        sealed: [Sample.part])),
                .dueDecided(
                    DueDecided(
                        determination: EventReference(sequence: 1), clause: clause, subject: .household, kind: .arrears,
                        isCarriedOut: false, reason: Code(unchecked: "r"))),
                .dueDecided(
                    DueDecided(
                        determination: EventReference(sequence: 9), clause: clause, subject: .person(Sample.wife),
                        kind: .arrears, isCarriedOut: false, reason: Code(unchecked: "late_record"),
                        division: Sample.division, months: [september...september, (september + 3)...(september + 9)])),
            ]
        case .paymentOrdered:
            [
                .paymentOrdered(
                    PaymentOrdered(
                        batch: batch, kind: .arrears, knownThrough: EventReference(sequence: 14),
                        lines: [line, plainLine])),
                .paymentOrdered(
                    PaymentOrdered(
                        batch: batch, kind: .recovery, knownThrough: EventReference(sequence: 1), lines: [plainLine])),
            ]
        case .paymentConcluded:
            PaymentConcluded.Outcome.allCases.map {
                .paymentConcluded(
                    PaymentConcluded(
                        batch: batch, order: EventReference(sequence: 15), line: 1, outcome: $0,
                        cause: EventReference(sequence: 8), reason: $0 == .paid ? nil : Code(unchecked: "no_account")))
            } + named
        default: []
        }
    }

    static func batch(_ kind: EventKind) -> [BatchEvent] {
        let postings: [Posting] = [Posting(.payable, Fen(-500)), Posting(.transit, Fen(500))]
        return switch kind {
        case .paymentBatchPrepared:
            [
                .prepared(scope),
                .prepared(
                    BatchScope(division: Sample.division, period: PaymentPeriod(first: september, last: september)!)),
            ]
        case .paymentMembersNamed: [.membersNamed([Sample.household, Sample.otherHousehold])]
        case .paymentBatchClosed: [.closed(BatchClosed()), .closed(BatchClosed(damagedBatches: [batch]))]
        case .paymentLinesFrozen:
            [
                .linesFrozen(
                    LinesFrozen(
                        membersThrough: 2,
                        lines: [
                            .init(
                                household: Sample.household, order: EventReference(sequence: 15), place: 0, line: line)
                        ])),
                .linesFrozen(LinesFrozen(membersThrough: 1, lines: [])),
            ]
        case .paymentBatchFrozen: [.frozen(BatchFrozen(lineCount: 1, total: Fen(90_000)))]
        case .bankFileIssued:
            [
                .fileIssued(BankFileIssued(file: 1, entries: [.init(line: 1, account: "acc-1", amount: Fen(90_000))])),
                .fileIssued(BankFileIssued(file: 2, entries: [.init(line: 2, account: "", amount: Fen(-30_000))])),
            ]
        case .bankAnswerTaken:
            [
                .answerTaken(
                    BankAnswerTaken(
                        file: 1,
                        results: [
                            .init(line: 1, failure: nil), .init(line: 2, failure: Code(unchecked: "no_account")),
                        ],
                        postings: postings))
            ]
        case .paymentReturned:
            [.returned(LineReturned(line: 1, reason: Code(unchecked: "account_closed"), postings: postings))]
        case .paymentReversed:
            [.reversed(LineReversed(line: 1, reason: Code(unchecked: "died"), postings: postings))]
        case .paymentStepsDone: [.stepsDone(through: EventReference(sequence: 8))]
        default: []
        }
    }
}
