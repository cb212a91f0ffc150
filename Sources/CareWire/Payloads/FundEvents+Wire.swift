import CareDomain

extension Field {
    /// A sum above zero, at most what a payment may come to.
    static func sum(_ fen: Int64, _ field: String) throws(WireError) -> Fen {
        guard fen > 0, fen <= WireLimits.lendingFen else { throw WireError(.outOfRange, field) }
        return Fen(fen)
    }

    /// A sum that may be nothing.
    static func total(_ fen: Int64, _ field: String) throws(WireError) -> Fen {
        guard fen >= 0, fen <= WireLimits.lendingFen else { throw WireError(.outOfRange, field) }
        return Fen(fen)
    }
}

extension FundScope: WireMapped {
    package init(wire: Care_V1_FundOpened) throws(WireError) {
        self.init(
            division: try Field.division(wire.division, "division"), mode: try Field.word(wire.mode, "mode"),
            number: try Field.count(wire.number, "number", in: 1...999))
    }

    package func wire() throws(WireError) -> Care_V1_FundOpened {
        var wire = Care_V1_FundOpened()
        wire.division = division.rawValue
        wire.mode = mode.rawValue
        wire.number = try Field.number(number, "number")
        return wire
    }
}

extension FundDeposited: WireMapped {
    package init(wire: Care_V1_FundDeposited) throws(WireError) {
        self.init(
            payer: try Field.code(wire.payer, "payer"), amount: try Field.sum(wire.amountFen, "amount_fen"),
            receipt: try Field.code(wire.receipt, "receipt"), postings: try Field.postings(wire.postings))
    }

    package func wire() throws(WireError) -> Care_V1_FundDeposited {
        var wire = Care_V1_FundDeposited()
        wire.payer = payer.rawValue
        wire.amountFen = amount.amount
        wire.receipt = receipt.rawValue
        wire.postings = try Field.wires(postings, "postings")
        return wire
    }
}

/// A claim of `FundReserved`.
struct ReservedMoney: WireMapped {
    var claim: FundClaim

    init(_ claim: FundClaim) { self.claim = claim }

    init(wire: Care_V1_FundReserved) throws(WireError) {
        claim = FundClaim(
            loan: try Field.id(wire.loan, "loan"), amount: try Field.sum(wire.amountFen, "amount_fen"),
            postings: try Field.postings(wire.postings))
    }

    func wire() throws(WireError) -> Care_V1_FundReserved {
        var wire = Care_V1_FundReserved()
        wire.loan = claim.loan.data
        wire.amountFen = claim.amount.amount
        wire.postings = try Field.wires(claim.postings, "postings")
        return wire
    }
}

/// A claim of `FundReleased`.
struct ReleasedMoney: WireMapped {
    var claim: FundClaim

    init(_ claim: FundClaim) { self.claim = claim }

    init(wire: Care_V1_FundReleased) throws(WireError) {
        claim = FundClaim(
            loan: try Field.id(wire.loan, "loan"), amount: try Field.sum(wire.amountFen, "amount_fen"),
            postings: try Field.postings(wire.postings))
    }

    func wire() throws(WireError) -> Care_V1_FundReleased {
        var wire = Care_V1_FundReleased()
        wire.loan = claim.loan.data
        wire.amountFen = claim.amount.amount
        wire.postings = try Field.wires(claim.postings, "postings")
        return wire
    }
}

extension FundPosted: WireMapped {
    package init(wire: Care_V1_FundPosted) throws(WireError) {
        self.init(
            loan: try Field.id(wire.loan, "loan"),
            movement: LoanMovement(
                cause: try Field.reference(wire.loanSequence, "loan_sequence"),
                kind: try Field.word(wire.kind, "kind"), amount: try Field.sum(wire.amountFen, "amount_fen")),
            postings: try Field.postings(wire.postings))
    }

    package func wire() throws(WireError) -> Care_V1_FundPosted {
        var wire = Care_V1_FundPosted()
        wire.loan = loan.data
        wire.loanSequence = movement.cause.sequence
        wire.kind = movement.kind.rawValue
        wire.amountFen = movement.amount.amount
        wire.postings = try Field.wires(postings, "postings")
        return wire
    }
}

/// What `FundPostingReversed` says: a posting whose movement reverses an entry.
struct ReversedPosting: WireMapped {
    var posting: FundPosted

    init(_ posting: FundPosted) { self.posting = posting }

    init(wire: Care_V1_FundPostingReversed) throws(WireError) {
        posting = FundPosted(
            loan: try Field.id(wire.loan, "loan"),
            movement: LoanMovement(
                cause: try Field.reference(wire.loanSequence, "loan_sequence"),
                kind: try Field.word(wire.kind, "kind"), amount: try Field.sum(wire.amountFen, "amount_fen"),
                reverses: try Field.reference(wire.reversedSequence, "reversed_sequence"),
                receipt: try Field.code(ifSet: wire.receipt.isEmpty ? nil : wire.receipt, "receipt")),
            postings: try Field.postings(wire.postings))
    }

    func wire() throws(WireError) -> Care_V1_FundPostingReversed {
        var wire = Care_V1_FundPostingReversed()
        wire.loan = posting.loan.data
        wire.loanSequence = posting.movement.cause.sequence
        wire.reversedSequence = posting.movement.reverses?.sequence ?? 0
        wire.kind = posting.movement.kind.rawValue
        wire.amountFen = posting.movement.amount.amount
        wire.receipt = posting.movement.receipt?.rawValue ?? ""
        wire.postings = try Field.wires(posting.postings, "postings")
        return wire
    }
}

extension FundReversed: WireMapped {
    package init(wire: Care_V1_FundEntryReversed) throws(WireError) {
        self.init(
            entry: try Field.reference(wire.sequence, "sequence"), kind: try Field.word(wire.kind, "kind"),
            amount: try Field.sum(wire.amountFen, "amount_fen"), reason: try Field.code(wire.reason, "reason"),
            postings: try Field.postings(wire.postings))
    }

    package func wire() throws(WireError) -> Care_V1_FundEntryReversed {
        var wire = Care_V1_FundEntryReversed()
        wire.sequence = entry.sequence
        wire.kind = kind.rawValue
        wire.amountFen = amount.amount
        wire.reason = reason.rawValue
        wire.postings = try Field.wires(postings, "postings")
        return wire
    }
}

extension FundHandedOver: WireMapped {
    package init(wire: Care_V1_FundHandedOver) throws(WireError) {
        self.init(
            to: try Field.id(wire.to, "to"), amount: try Field.sum(wire.amountFen, "amount_fen"),
            postings: try Field.postings(wire.postings))
    }

    package func wire() throws(WireError) -> Care_V1_FundHandedOver {
        var wire = Care_V1_FundHandedOver()
        wire.to = to.data
        wire.amountFen = amount.amount
        wire.postings = try Field.wires(postings, "postings")
        return wire
    }
}

extension FundTakenOver: WireMapped {
    package init(wire: Care_V1_FundTakenOver) throws(WireError) {
        self.init(
            from: try Field.id(wire.from, "from"), cause: try Field.reference(wire.fromSequence, "from_sequence"),
            amount: try Field.sum(wire.amountFen, "amount_fen"), postings: try Field.postings(wire.postings))
    }

    package func wire() throws(WireError) -> Care_V1_FundTakenOver {
        var wire = Care_V1_FundTakenOver()
        wire.from = from.data
        wire.fromSequence = cause.sequence
        wire.amountFen = amount.amount
        wire.postings = try Field.wires(postings, "postings")
        return wire
    }
}

extension FundHistory: WireMapped {
    package init(wire: Care_V1_FundHistoryStated) throws(WireError) {
        self.init(
            through: try Field.day(wire.throughDay, "through_day"), helped: Int(wire.helpedCount),
            out: Int(wire.outCount), completed: Int(wire.completedCount),
            disbursed: try Field.total(wire.disbursedFen, "disbursed_fen"),
            capital: try Field.total(wire.capitalFen, "capital_fen"), due: try Field.total(wire.dueFen, "due_fen"),
            repaid: try Field.total(wire.repaidFen, "repaid_fen"))
    }

    package func wire() throws(WireError) -> Care_V1_FundHistoryStated {
        var wire = Care_V1_FundHistoryStated()
        wire.throughDay = through.dayNumber
        wire.helpedCount = try Field.number(helped, "helped_count")
        wire.outCount = try Field.number(out, "out_count")
        wire.completedCount = try Field.number(completed, "completed_count")
        wire.disbursedFen = disbursed.amount
        wire.capitalFen = capital.amount
        wire.dueFen = due.amount
        wire.repaidFen = repaid.amount
        return wire
    }
}

/// A reference of `FundReferenceTaken`.
struct TakenReference: WireMapped {
    var reference: FundReference

    init(_ reference: FundReference) { self.reference = reference }

    init(wire: Care_V1_FundReferenceTaken) throws(WireError) {
        reference = FundReference(
            loan: try Field.id(wire.loan, "loan"), kind: try Field.word(wire.kind, "kind"),
            reference: try Field.code(wire.reference, "reference"))
    }

    func wire() -> Care_V1_FundReferenceTaken {
        var wire = Care_V1_FundReferenceTaken()
        wire.loan = reference.loan.data
        wire.kind = reference.kind.rawValue
        wire.reference = reference.reference.rawValue
        return wire
    }
}

/// A reference of `FundReferenceFreed`.
struct FreedReference: WireMapped {
    var reference: FundReference

    init(_ reference: FundReference) { self.reference = reference }

    init(wire: Care_V1_FundReferenceFreed) throws(WireError) {
        reference = FundReference(
            loan: try Field.id(wire.loan, "loan"), kind: try Field.word(wire.kind, "kind"),
            reference: try Field.code(wire.reference, "reference"))
    }

    func wire() -> Care_V1_FundReferenceFreed {
        var wire = Care_V1_FundReferenceFreed()
        wire.loan = reference.loan.data
        wire.kind = reference.kind.rawValue
        wire.reference = reference.reference.rawValue
        return wire
    }
}
