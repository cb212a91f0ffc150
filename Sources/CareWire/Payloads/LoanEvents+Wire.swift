import CareDomain

extension SubsidyTerms: WireMapped {
    package init(wire: Care_V1_SubsidyTerms) throws(WireError) {
        self.init(
            lender: try Field.code(wire.lenderRef, "lender_ref"),
            principal: try Field.sum(wire.principalFen, "principal_fen"),
            rateThousandths: try Field.count(wire.rateThousandths, "rate_thousandths", in: 1...100_000),
            years: try Field.count(wire.years, "years", in: 0...30),
            days: try Field.count(wire.days, "days", in: 0...20_000),
            shareThousandths: try Field.count(wire.shareThousandths, "share_thousandths", in: 1...100_000))
    }

    package func wire() throws(WireError) -> Care_V1_SubsidyTerms {
        var wire = Care_V1_SubsidyTerms()
        wire.lenderRef = lender.rawValue
        wire.principalFen = principal.amount
        wire.rateThousandths = try Field.number(rateThousandths, "rate_thousandths")
        wire.years = try Field.number(years, "years")
        wire.days = try Field.number(days, "days")
        wire.shareThousandths = try Field.number(shareThousandths, "share_thousandths")
        return wire
    }
}

extension LoanApplied: WireMapped {
    package init(wire: Care_V1_LoanApplied) throws(WireError) {
        self.init(
            fund: try Field.id(wire.fund, "fund"), household: try Field.id(wire.household, "household"),
            mother: try Field.id(wire.mother, "mother"),
            number: try Field.count(wire.number, "number", in: 1...999),
            amount: try Field.sum(wire.amountFen, "amount_fen"), purpose: try Field.code(wire.purpose, "purpose"),
            subsidy: try Field.optional(wire.hasSubsidy ? wire.subsidy : nil, "subsidy"),
            division: wire.division.isEmpty ? nil : try Field.division(wire.division, "division"),
            mode: wire.mode.isEmpty ? nil : try Field.word(wire.mode, "mode"))
    }

    package func wire() throws(WireError) -> Care_V1_LoanApplied {
        var wire = Care_V1_LoanApplied()
        wire.fund = fund.data
        wire.household = household.data
        wire.mother = mother.data
        wire.number = try Field.number(number, "number")
        wire.amountFen = amount.amount
        wire.purpose = purpose.rawValue
        if let subsidy { wire.subsidy = try Field.wire(subsidy, "subsidy") }
        wire.division = division?.rawValue ?? ""
        wire.mode = mode?.rawValue ?? ""
        return wire
    }
}

extension LoanReviewed: WireMapped {
    package init(wire: Care_V1_LoanReviewed) throws(WireError) {
        self.init(
            level: try Field.word(wire.level, "level"), isPassed: wire.passed,
            reason: try Field.code(ifSet: wire.reason.isEmpty ? nil : wire.reason, "reason"))
    }

    package func wire() -> Care_V1_LoanReviewed {
        var wire = Care_V1_LoanReviewed()
        wire.level = level.rawValue
        wire.passed = isPassed
        wire.reason = reason?.rawValue ?? ""
        return wire
    }
}

extension LoanInstalment: WireMapped {
    package init(wire: Care_V1_LoanInstalment) throws(WireError) {
        self.init(
            dueOn: try Field.day(wire.dueDay, "due_day"), amount: try Field.sum(wire.amountFen, "amount_fen"))
    }

    package func wire() -> Care_V1_LoanInstalment {
        var wire = Care_V1_LoanInstalment()
        wire.dueDay = dueOn.dayNumber
        wire.amountFen = amount.amount
        return wire
    }
}

extension LoanReversed: WireMapped {
    package init(wire: Care_V1_LoanReversed) throws(WireError) {
        self.init(
            entry: try Field.reference(wire.sequence, "sequence"), kind: try Field.word(wire.kind, "kind"),
            amount: try Field.sum(wire.amountFen, "amount_fen"), reason: try Field.code(wire.reason, "reason"))
    }

    package func wire() -> Care_V1_LoanReversed {
        var wire = Care_V1_LoanReversed()
        wire.sequence = entry.sequence
        wire.kind = kind.rawValue
        wire.amountFen = amount.amount
        wire.reason = reason.rawValue
        return wire
    }
}

/// The open parts of events of a case that have no domain type of their own.
enum LoanWire {
    static func guaranteed(_ wire: Care_V1_LoanGuaranteed) throws(WireError) -> (DivisionCode, Code) {
        (try Field.division(wire.committee, "committee"), try Field.code(wire.paper, "paper"))
    }

    static func guaranteed(_ committee: DivisionCode, _ paper: Code) -> Care_V1_LoanGuaranteed {
        var wire = Care_V1_LoanGuaranteed()
        wire.committee = committee.rawValue
        wire.paper = paper.rawValue
        return wire
    }

    static func signed(_ wire: Care_V1_LoanSigned) throws(WireError) -> (LoanParty, [LoanInstalment]) {
        (
            try Field.word(wire.party, "party"),
            try Field.list(wire.instalments, "instalments", limit: WireLimits.instalments)
        )
    }

    static func signed(_ party: LoanParty, _ schedule: [LoanInstalment]) throws(WireError) -> Care_V1_LoanSigned {
        var wire = Care_V1_LoanSigned()
        wire.party = party.rawValue
        wire.instalments = try Field.wires(schedule, "instalments")
        return wire
    }

    static func repaid(_ wire: Care_V1_LoanRepaid) throws(WireError) -> (Fen, Code) {
        (try Field.sum(wire.amountFen, "amount_fen"), try Field.code(wire.receipt, "receipt"))
    }

    static func repaid(_ amount: Fen, _ receipt: Code) -> Care_V1_LoanRepaid {
        var wire = Care_V1_LoanRepaid()
        wire.amountFen = amount.amount
        wire.receipt = receipt.rawValue
        return wire
    }

    static func reversal(
        _ wire: Care_V1_ReverseLendingEntry, _ field: String
    ) throws(WireError) -> (EventReference, Code) {
        (
            try Field.reference(wire.sequence, "\(field).sequence"), try Field.code(wire.reason, "\(field).reason")
        )
    }

    static func reversal(_ entry: EventReference, _ reason: Code) -> Care_V1_ReverseLendingEntry {
        var wire = Care_V1_ReverseLendingEntry()
        wire.sequence = entry.sequence
        wire.reason = reason.rawValue
        return wire
    }

    static func exit(_ wire: Care_V1_LoanExitAssessed) throws(WireError) -> (Bool, Code) {
        (wire.isOut, try Field.code(wire.basis, "basis"))
    }

    static func exit(_ isOut: Bool, _ basis: Code) -> Care_V1_LoanExitAssessed {
        var wire = Care_V1_LoanExitAssessed()
        wire.isOut = isOut
        wire.basis = basis.rawValue
        return wire
    }
}

extension LoanReportSent: WireMapped {
    package init(wire: Care_V1_LoanReportSent) throws(WireError) {
        self.init(
            scope: LoanReportScope(
                kind: try Field.word(wire.kind, "kind"), division: try Field.division(wire.division, "division"),
                firstDay: try Field.day(wire.firstDay, "first_day"), lastDay: try Field.day(wire.lastDay, "last_day")),
            version: try Field.count(wire.version, "version", in: 1...9999),
            knownAt: Moment(microseconds: wire.knownAt),
            figures: try Field.list(wire.figures, "figures", limit: WireLimits.figures),
            problems: try Field.codes(wire.problems, "problems", limit: WireLimits.problems),
            reason: try Field.code(ifSet: wire.reason.isEmpty ? nil : wire.reason, "reason"))
    }

    package func wire() throws(WireError) -> Care_V1_LoanReportSent {
        var wire = Care_V1_LoanReportSent()
        wire.kind = scope.kind.rawValue
        wire.division = scope.division.rawValue
        wire.firstDay = scope.firstDay.dayNumber
        wire.lastDay = scope.lastDay.dayNumber
        wire.version = try Field.number(version, "version")
        wire.knownAt = knownAt.microseconds
        wire.figures = try Field.wires(figures, "figures")
        wire.problems = problems.map(\.rawValue)
        wire.reason = reason?.rawValue ?? ""
        return wire
    }
}

extension LoanFigure: WireMapped {
    package init(wire: Care_V1_LoanFigure) throws(WireError) {
        self.init(try Field.code(wire.name, "name"), wire.value)
    }

    package func wire() -> Care_V1_LoanFigure {
        var wire = Care_V1_LoanFigure()
        wire.name = name.rawValue
        wire.value = value
        return wire
    }
}
