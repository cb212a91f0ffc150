import CareDomain

extension AwardDecided: WireMapped {
    init(wire: Care_V1_AwardDecided) throws(WireError) {
        let outcome: Outcome
        let amount = wire.hasAmountFen ? Fen(wire.amountFen) : nil
        switch wire.outcome {
        case .granted:
            guard let amount else { throw WireError(.missing, "amount_fen") }
            outcome = .granted(amount)
        case .refused: outcome = .refused
        case .held: outcome = .held
        case .excepted: outcome = .excepted(amount)
        case .revoked:
            outcome = .revoked(try Field.reference(wire.revokesSequence, "revokes_sequence"))
        case .unspecified: throw WireError(.missing, "outcome")
        case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, "outcome", limit: Int64(number))
        }
        guard !wire.hasAmountFen || outcome.amount != nil else { throw WireError(.outOfRange, "amount_fen") }
        self.init(
            clause: try Field.clause(wire.clause, "clause"),
            subject: try Field.required(wire.hasSubject ? wire.subject : nil, "subject"), outcome: outcome,
            period: try Field.required(wire.hasPeriod ? wire.period : nil, "period"),
            reason: try Field.code(wire.reason, "reason"), sealed: try .init(sealed: wire.sealedParts),
            secondApprover: try Field.code(
                ifSet: wire.hasSecondApprover ? wire.secondApprover : nil, "second_approver"),
            place: try Field.optional(wire.hasPlace ? wire.place : nil, "place"))
    }

    func wire() throws(WireError) -> Care_V1_AwardDecided {
        var wire = Care_V1_AwardDecided()
        wire.clause = clause.rawValue
        wire.subject = try subject.wire()
        switch outcome {
        case .granted: wire.outcome = .granted
        case .refused: wire.outcome = .refused
        case .held: wire.outcome = .held
        case .excepted: wire.outcome = .excepted
        case .revoked(let earlier):
            wire.outcome = .revoked
            wire.revokesSequence = earlier.sequence
        }
        wire.period = try period.wire()
        if let amount = outcome.amount { wire.amountFen = amount.amount }
        wire.reason = reason.rawValue
        if let secondApprover { wire.secondApprover = secondApprover.rawValue }
        if let place { wire.place = try Field.wire(place, "place") }
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}
