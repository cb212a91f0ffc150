import CareDomain

extension LendingEvent {
    /// Its type's number.
    package var kind: EventKind {
        switch self {
        case .fund(let event): event.kind
        case .loan(let event): event.kind
        case .report: .loanReportSent
        }
    }

    /// Its payload in the newest version.
    func payload() throws(WireError) -> [UInt8] {
        switch self {
        case .fund(let event): try event.payload()
        case .loan(let event): try event.payload()
        case .report(let sent): try Payload.encode(sent)
        }
    }

    /// Reads a payload of the newest version; nil when the kind is not one of these streams.
    init?(kind: EventKind, newest bytes: RawSpan) throws(WireError) {
        if let event = try FundEvent(kind: kind, newest: bytes) {
            self = .fund(event)
        } else if let event = try LoanEvent(kind: kind, newest: bytes) {
            self = .loan(event)
        } else if kind == .loanReportSent {
            self = .report(try Payload.decode(bytes))
        } else {
            return nil
        }
    }
}

extension FundEvent {
    package var kind: EventKind {
        switch self {
        case .opened: .fundOpened
        case .deposited: .fundDeposited
        case .reserved: .fundReserved
        case .released: .fundReleased
        case .posted(let event): event.movement.reverses == nil ? .fundPosted : .fundPostingReversed
        case .handedOver: .fundHandedOver
        case .takenOver: .fundTakenOver
        case .historyStated: .fundHistoryStated
        case .referenceTaken: .fundReferenceTaken
        case .referenceFreed: .fundReferenceFreed
        case .reversed: .fundEntryReversed
        }
    }

    fileprivate func payload() throws(WireError) -> [UInt8] {
        switch self {
        case .opened(let event): try Payload.encode(event)
        case .deposited(let event): try Payload.encode(event)
        case .reserved(let claim): try Payload.encode(ReservedMoney(claim))
        case .released(let claim): try Payload.encode(ReleasedMoney(claim))
        case .posted(let event):
            try event.movement.reverses == nil ? Payload.encode(event) : Payload.encode(ReversedPosting(event))
        case .handedOver(let event): try Payload.encode(event)
        case .takenOver(let event): try Payload.encode(event)
        case .historyStated(let event): try Payload.encode(event)
        case .referenceTaken(let reference): try Payload.encode(TakenReference(reference))
        case .referenceFreed(let reference): try Payload.encode(FreedReference(reference))
        case .reversed(let event): try Payload.encode(event)
        }
    }

    fileprivate init?(kind: EventKind, newest bytes: RawSpan) throws(WireError) {
        switch kind {
        case .fundOpened: self = .opened(try Payload.decode(bytes))
        case .fundDeposited: self = .deposited(try Payload.decode(bytes))
        case .fundReserved:
            let reserved: ReservedMoney = try Payload.decode(bytes)
            self = .reserved(reserved.claim)
        case .fundReleased:
            let released: ReleasedMoney = try Payload.decode(bytes)
            self = .released(released.claim)
        case .fundPosted: self = .posted(try Payload.decode(bytes))
        case .fundHandedOver: self = .handedOver(try Payload.decode(bytes))
        case .fundTakenOver: self = .takenOver(try Payload.decode(bytes))
        case .fundHistoryStated: self = .historyStated(try Payload.decode(bytes))
        case .fundReferenceTaken:
            let taken: TakenReference = try Payload.decode(bytes)
            self = .referenceTaken(taken.reference)
        case .fundReferenceFreed:
            let freed: FreedReference = try Payload.decode(bytes)
            self = .referenceFreed(freed.reference)
        case .fundPostingReversed:
            let reversed: ReversedPosting = try Payload.decode(bytes)
            self = .posted(reversed.posting)
        case .fundEntryReversed: self = .reversed(try Payload.decode(bytes))
        default: return nil
        }
    }
}

extension LoanEvent {
    package var kind: EventKind {
        switch self {
        case .applied: .loanApplied
        case .reviewed: .loanReviewed
        case .guaranteed: .loanGuaranteed
        case .signed: .loanSigned
        case .informed: .loanInformed
        case .helperNamed: .loanHelperNamed
        case .disbursed: .loanDisbursed
        case .repaid: .loanRepaid
        case .writeOffProposed: .loanWriteOffProposed
        case .writtenOff: .loanWrittenOff
        case .staged: .loanStaged
        case .exitAssessed: .loanExitAssessed
        case .withdrawn: .loanWithdrawn
        case .reversed: .loanReversed
        case .noticeRaised: .loanNoticeRaised
        case .noticeDelivered: .loanNoticeDelivered
        }
    }

    fileprivate func payload() throws(WireError) -> [UInt8] {
        let bytes = try encoded()
        // What stands in the log stands there for ever: it must be readable again.
        try Self.reread(kind, bytes.span.bytes)
        return bytes
    }

    private func encoded() throws(WireError) -> [UInt8] {
        switch self {
        case .applied(let event): try Payload.encode(event)
        case .reviewed(let event): try Payload.encode(event)
        case .guaranteed(let committee, let paper):
            try Payload.bytes(of: LoanWire.guaranteed(committee, paper))
        case .signed(let party, let schedule): try Payload.bytes(of: LoanWire.signed(party, schedule))
        case .informed: try Payload.bytes(of: Care_V1_LoanInformed())
        case .helperNamed(let code):
            try Payload.bytes(of: Care_V1_LoanHelperNamed.with { $0.helper = code.rawValue })
        case .disbursed(let amount):
            try Payload.bytes(of: Care_V1_LoanDisbursed.with { $0.amountFen = amount.amount })
        case .repaid(let amount, let receipt): try Payload.bytes(of: LoanWire.repaid(amount, receipt))
        case .writeOffProposed(let reason):
            try Payload.bytes(of: Care_V1_LoanWriteOffProposed.with { $0.reason = reason.rawValue })
        case .writtenOff(let amount):
            try Payload.bytes(of: Care_V1_LoanWrittenOff.with { $0.amountFen = amount.amount })
        case .staged(let stage): try Payload.bytes(of: Care_V1_LoanStaged.with { $0.stage = stage.rawValue })
        case .exitAssessed(let isOut, let basis): try Payload.bytes(of: LoanWire.exit(isOut, basis))
        case .withdrawn(let reason):
            try Payload.bytes(of: Care_V1_LoanWithdrawn.with { $0.reason = reason.rawValue })
        case .reversed(let event): try Payload.encode(event)
        case .noticeRaised(let notice): try Payload.encode(LoanNotice(notice))
        case .noticeDelivered(let delivered): try Payload.encode(LoanNoticeOutcome(delivered))
        }
    }

    private static func reread(_ kind: EventKind, _ bytes: RawSpan) throws(WireError) {
        guard try LoanEvent(kind: kind, newest: bytes) != nil else { throw WireError(.unknownKind, "kind") }
    }

    fileprivate init?(kind: EventKind, newest bytes: RawSpan) throws(WireError) {
        switch kind {
        case .loanNoticeRaised:
            let raised: LoanNotice = try Payload.decode(bytes)
            self = .noticeRaised(raised.notice)
        case .loanNoticeDelivered:
            let outcome: LoanNoticeOutcome = try Payload.decode(bytes)
            self = .noticeDelivered(outcome.delivered)
        case .loanApplied:
            let applied: LoanApplied = try Payload.decode(bytes)
            guard applied.division != nil, applied.mode != nil else { throw WireError(.missing, "division") }
            self = .applied(applied)
        case .loanReviewed: self = .reviewed(try Payload.decode(bytes))
        case .loanGuaranteed:
            let (committee, paper) = try LoanWire.guaranteed(Payload.message(bytes))
            self = .guaranteed(committee: committee, paper: paper)
        case .loanSigned:
            let (party, schedule) = try LoanWire.signed(Payload.message(bytes))
            self = .signed(party, schedule)
        case .loanInformed:
            let _: Care_V1_LoanInformed = try Payload.message(bytes)
            self = .informed
        case .loanHelperNamed:
            let wire: Care_V1_LoanHelperNamed = try Payload.message(bytes)
            self = .helperNamed(try Field.code(wire.helper, "helper"))
        case .loanDisbursed:
            let wire: Care_V1_LoanDisbursed = try Payload.message(bytes)
            self = .disbursed(try Field.sum(wire.amountFen, "amount_fen"))
        case .loanRepaid:
            let (amount, receipt) = try LoanWire.repaid(Payload.message(bytes))
            self = .repaid(amount, receipt: receipt)
        case .loanWriteOffProposed:
            let wire: Care_V1_LoanWriteOffProposed = try Payload.message(bytes)
            self = .writeOffProposed(try Field.code(wire.reason, "reason"))
        case .loanWrittenOff:
            let wire: Care_V1_LoanWrittenOff = try Payload.message(bytes)
            self = .writtenOff(try Field.sum(wire.amountFen, "amount_fen"))
        case .loanStaged:
            let wire: Care_V1_LoanStaged = try Payload.message(bytes)
            self = .staged(try Field.word(wire.stage, "stage"))
        case .loanExitAssessed:
            let (isOut, basis) = try LoanWire.exit(Payload.message(bytes))
            self = .exitAssessed(isOut: isOut, basis: basis)
        case .loanWithdrawn:
            let wire: Care_V1_LoanWithdrawn = try Payload.message(bytes)
            self = .withdrawn(try Field.code(wire.reason, "reason"))
        case .loanReversed: self = .reversed(try Payload.decode(bytes))
        default: return nil
        }
    }
}
