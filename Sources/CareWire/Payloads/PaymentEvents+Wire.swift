import CareDomain

extension BatchKind {
    init(wire: Care_V1_BatchKind, _ field: String) throws(WireError) {
        switch wire {
        case .regular: self = .regular
        case .arrears: self = .arrears
        case .recovery: self = .recovery
        case .unspecified: throw WireError(.missing, field)
        case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, field, limit: Int64(number))
        }
    }

    var wire: Care_V1_BatchKind {
        switch self {
        case .regular: .regular
        case .arrears: .arrears
        case .recovery: .recovery
        }
    }
}

extension DueDecided: WireMapped {
    init(wire: Care_V1_DueDecided) throws(WireError) {
        let kind: DueStanding.Kind
        switch wire.kind {
        case .arrears: kind = .arrears
        case .recovery: kind = .recovery
        case .unspecified: throw WireError(.missing, "kind")
        case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, "kind", limit: Int64(number))
        }
        self.init(
            determination: try Field.reference(wire.determinationSequence, "determination_sequence"),
            clause: try Field.clause(wire.clause, "clause"),
            subject: try Field.required(wire.hasSubject ? wire.subject : nil, "subject"), kind: kind,
            isCarriedOut: wire.carriedOut, reason: try Field.code(wire.reason, "reason"),
            division: wire.hasDivision ? try Field.division(wire.division, "division") : nil,
            months: try Field.spans(wire.months, "months"),
            sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_DueDecided {
        var wire = Care_V1_DueDecided()
        wire.determinationSequence = determination.sequence
        wire.clause = clause.rawValue
        wire.subject = try subject.wire()
        wire.kind = kind == .arrears ? .arrears : .recovery
        wire.carriedOut = isCarriedOut
        wire.reason = reason.rawValue
        if let division { wire.division = division.rawValue }
        wire.months = months.map { span in
            Care_V1_MonthSpan.with {
                $0.firstMonth = span.lowerBound.wireIndex
                $0.lastMonth = span.upperBound.wireIndex
            }
        }
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension PayerPart: WireMapped {
    init(wire: Care_V1_PayerPart) throws(WireError) {
        guard wire.amountFen != 0, WireLimits.paymentFen.contains(wire.amountFen) else {
            throw WireError(.outOfRange, "amount_fen")
        }
        self.init(payer: try Field.code(wire.payer, "payer"), amount: Fen(wire.amountFen))
    }

    func wire() -> Care_V1_PayerPart {
        var wire = Care_V1_PayerPart()
        wire.payer = payer.rawValue
        wire.amountFen = amount.amount
        return wire
    }
}

extension OrderedLine: WireMapped {
    package init(wire: Care_V1_OrderedLine) throws(WireError) {
        let months = try Field.months(wire.firstMonth, wire.lastMonth)
        guard !wire.parts.isEmpty else { throw WireError(.missing, "parts") }
        self.init(
            clause: try Field.clause(wire.clause, "clause"),
            subject: try Field.required(wire.hasSubject ? wire.subject : nil, "subject"), first: months.first,
            last: months.last, parts: try Field.list(wire.parts, "parts", limit: WireLimits.payers),
            decision: wire.hasDecisionSequence
                ? try Field.reference(wire.decisionSequence, "decision_sequence") : nil)
    }

    package func wire() throws(WireError) -> Care_V1_OrderedLine {
        var wire = Care_V1_OrderedLine()
        wire.clause = clause.rawValue
        wire.subject = try subject.wire()
        wire.firstMonth = first.wireIndex
        wire.lastMonth = last.wireIndex
        wire.parts = try Field.wires(parts, "parts")
        if let decision { wire.decisionSequence = decision.sequence }
        return wire
    }
}

extension PaymentOrdered: WireMapped {
    init(wire: Care_V1_PaymentOrdered) throws(WireError) {
        guard !wire.lines.isEmpty else { throw WireError(.missing, "lines") }
        self.init(
            batch: try Field.id(wire.batch, "batch"), kind: try BatchKind(wire: wire.kind, "kind"),
            knownThrough: try Field.reference(wire.knownThroughSequence, "known_through_sequence"),
            lines: try Field.list(wire.lines, "lines", limit: WireLimits.orderedLines))
    }

    func wire() throws(WireError) -> Care_V1_PaymentOrdered {
        var wire = Care_V1_PaymentOrdered()
        wire.batch = batch.data
        wire.kind = kind.wire
        wire.knownThroughSequence = knownThrough.sequence
        wire.lines = try Field.wires(lines, "lines")
        return wire
    }
}

extension PaymentConcluded: WireMapped {
    init(wire: Care_V1_PaymentConcluded) throws(WireError) {
        let outcome: Outcome
        switch wire.outcome {
        case .paid: outcome = .paid
        case .failed: outcome = .failed
        case .returned: outcome = .returned
        case .reversed: outcome = .reversed
        case .unspecified: throw WireError(.missing, "outcome")
        case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, "outcome", limit: Int64(number))
        }
        self.init(
            batch: try Field.id(wire.batch, "batch"),
            order: try Field.reference(wire.orderSequence, "order_sequence"),
            line: try Field.count(wire.line, "line", in: 0...WireLimits.orderedLines - 1), outcome: outcome,
            cause: try Field.reference(wire.causeSequence, "cause_sequence"),
            reason: try Field.code(ifSet: wire.hasReason ? wire.reason : nil, "reason"),
            closedBy: try Field.code(ifSet: wire.hasClosedBy ? wire.closedBy : nil, "closed_by"),
            issuedBy: try Field.code(ifSet: wire.hasIssuedBy ? wire.issuedBy : nil, "issued_by"),
            bookedBy: try Field.code(ifSet: wire.hasBookedBy ? wire.bookedBy : nil, "booked_by"))
    }

    func wire() throws(WireError) -> Care_V1_PaymentConcluded {
        var wire = Care_V1_PaymentConcluded()
        wire.batch = batch.data
        wire.orderSequence = order.sequence
        wire.line = try Field.number(line, "line")
        switch outcome {
        case .paid: wire.outcome = .paid
        case .failed: wire.outcome = .failed
        case .returned: wire.outcome = .returned
        case .reversed: wire.outcome = .reversed
        }
        wire.causeSequence = cause.sequence
        if let reason { wire.reason = reason.rawValue }
        if let closedBy { wire.closedBy = closedBy.rawValue }
        if let issuedBy { wire.issuedBy = issuedBy.rawValue }
        if let bookedBy { wire.bookedBy = bookedBy.rawValue }
        return wire
    }
}

extension Field {
    /// Months in a row, in order and apart.
    static func spans(
        _ wires: [Care_V1_MonthSpan], _ field: String
    ) throws(WireError) -> [ClosedRange<CivilMonth>] {
        guard wires.count <= WireLimits.monthSpans else {
            throw WireError(.outOfRange, field, limit: Int64(WireLimits.monthSpans))
        }
        var spans: [ClosedRange<CivilMonth>] = []
        for wire in wires {
            let (first, last) = try months(wire.firstMonth, wire.lastMonth)
            if let before = spans.last, before.upperBound >= first { throw WireError(.outOfRange, field) }
            spans.append(first...last)
        }
        return spans
    }

    /// The first and the last of some months in a row.
    static func months(_ first: Int32, _ last: Int32) throws(WireError) -> (first: CivilMonth, last: CivilMonth) {
        guard WireLimits.months.contains(first) else { throw WireError(.outOfRange, "first_month") }
        guard WireLimits.months.contains(last), last >= first else { throw WireError(.outOfRange, "last_month") }
        return (CivilMonth(wireIndex: first), CivilMonth(wireIndex: last))
    }
}
