import CareDomain

extension Field {
    /// An activity year.
    static func year(_ number: UInt32) throws(WireError) -> Int { try count(number, "year", in: WireLimits.years) }

    /// The outcome of a wish that the type cannot hold is not a number of the contract.
    static func shares(_ city: UInt32, _ unit: UInt32) throws(WireError) -> CostShares {
        guard let shares = CostShares(city: Int64(city), unit: Int64(unit)) else {
            throw WireError(.outOfRange, "city_parts")
        }
        return shares
    }
}

extension GuidanceSet.Number: WireMapped {
    init(wire: Care_V1_GuidanceSet.Number) throws(WireError) {
        self.init(
            clause: try Field.clause(wire.clause, "clause"),
            places: try Field.count(wire.places, "places", in: 0...WireLimits.places))
    }

    func wire() throws(WireError) -> Care_V1_GuidanceSet.Number {
        var wire = Care_V1_GuidanceSet.Number()
        wire.clause = clause.rawValue
        wire.places = try Field.number(places, "places")
        return wire
    }
}

extension GuidanceSet: WireMapped {
    init(wire: Care_V1_GuidanceSet) throws(WireError) {
        guard !wire.numbers.isEmpty else { throw WireError(.missing, "numbers") }
        let numbers: [Number] = try Field.list(wire.numbers, "numbers", limit: WireLimits.projects)
        self.init(
            year: try Field.year(wire.year), numbers: numbers,
            reason: try Field.code(ifSet: wire.hasReason ? wire.reason : nil, "reason"),
            source: try Field.text(
                ifSet: wire.hasSource ? wire.source : nil, "source", limit: WireLimits.reference))
        guard self.numbers == numbers, Set(numbers.map(\.clause)).count == numbers.count else {
            throw WireError(.outOfRange, "numbers")
        }
    }

    func wire() throws(WireError) -> Care_V1_GuidanceSet {
        var wire = Care_V1_GuidanceSet()
        wire.year = try Field.number(year, "year")
        wire.numbers = try Field.wires(numbers, "numbers")
        if let reason { wire.reason = reason.rawValue }
        if let source { wire.source = source }
        return wire
    }
}

extension UnitSum: WireMapped {
    init(wire: Care_V1_UnitSum) throws(WireError) {
        guard WireLimits.unitFen.contains(wire.amountFen) else { throw WireError(.outOfRange, "amount_fen") }
        self.init(
            year: try Field.year(wire.year), amount: Fen(wire.amountFen),
            reason: try Field.code(ifSet: wire.hasReason ? wire.reason : nil, "reason"),
            source: try Field.text(
                ifSet: wire.hasSource ? wire.source : nil, "source", limit: WireLimits.reference))
    }

    func wire() throws(WireError) -> Care_V1_UnitSum {
        var wire = Care_V1_UnitSum()
        wire.year = try Field.number(year, "year")
        wire.amountFen = amount.amount
        if let reason { wire.reason = reason.rawValue }
        if let source { wire.source = source }
        return wire
    }
}

extension UnitScored: WireMapped {
    init(wire: Care_V1_UnitScored) throws(WireError) {
        guard WireLimits.points.contains(wire.pointsThousandths) else {
            throw WireError(.outOfRange, "points_thousandths")
        }
        self.init(
            year: try Field.year(wire.year), clause: try Field.clause(wire.clause, "clause"),
            points: Points(thousandths: wire.pointsThousandths),
            evidence: try Field.text(
                ifSet: wire.hasEvidence ? wire.evidence : nil, "evidence", limit: WireLimits.reference),
            reason: try Field.code(ifSet: wire.hasReason ? wire.reason : nil, "reason"))
    }

    func wire() throws(WireError) -> Care_V1_UnitScored {
        var wire = Care_V1_UnitScored()
        wire.year = try Field.number(year, "year")
        wire.clause = clause.rawValue
        wire.pointsThousandths = points.thousandths
        if let evidence { wire.evidence = evidence }
        if let reason { wire.reason = reason.rawValue }
        return wire
    }
}

extension PlaceReserved: WireMapped {
    init(wire: Care_V1_PlaceReserved) throws(WireError) {
        guard WireLimits.paymentFen.contains(wire.amountFen) else { throw WireError(.outOfRange, "amount_fen") }
        self.init(
            grant: try Field.id(wire.grant, "grant"), year: try Field.year(wire.year),
            clause: try Field.clause(wire.clause, "clause"), household: try Field.id(wire.household, "household"),
            amount: Fen(wire.amountFen), isBeyond: wire.isBeyond,
            reason: try Field.code(ifSet: wire.hasReason ? wire.reason : nil, "reason"))
    }

    func wire() throws(WireError) -> Care_V1_PlaceReserved {
        var wire = Care_V1_PlaceReserved()
        wire.grant = grant.data
        wire.year = try Field.number(year, "year")
        wire.clause = clause.rawValue
        wire.household = household.data
        wire.amountFen = amount.amount
        wire.isBeyond = isBeyond
        if let reason { wire.reason = reason.rawValue }
        return wire
    }
}

extension PlaceConfirmed: WireMapped {
    init(wire: Care_V1_PlaceConfirmed) throws(WireError) {
        guard WireLimits.paymentFen.contains(wire.amountFen) else { throw WireError(.outOfRange, "amount_fen") }
        self.init(
            grant: try Field.id(wire.grant, "grant"),
            award: try Field.reference(wire.awardSequence, "award_sequence"), amount: Fen(wire.amountFen))
    }

    func wire() -> Care_V1_PlaceConfirmed {
        var wire = Care_V1_PlaceConfirmed()
        wire.grant = grant.data
        wire.awardSequence = award.sequence
        wire.amountFen = amount.amount
        return wire
    }
}

extension PlaceReleased: WireMapped {
    init(wire: Care_V1_PlaceReleased) throws(WireError) {
        let cause: Cause
        switch wire.cause {
        case .refused: cause = .refused
        case .released: cause = .released
        case .expired: cause = .expired
        case .unspecified: throw WireError(.missing, "cause")
        case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, "cause", limit: Int64(number))
        }
        self.init(
            grant: try Field.id(wire.grant, "grant"), cause: cause, reason: try Field.code(wire.reason, "reason"))
    }

    func wire() -> Care_V1_PlaceReleased {
        var wire = Care_V1_PlaceReleased()
        wire.grant = grant.data
        wire.cause =
            switch cause {
            case .refused: .refused
            case .released: .released
            case .expired: .expired
            }
        wire.reason = reason.rawValue
        return wire
    }
}

extension GrantPlace: WireMapped {
    init(wire: Care_V1_GrantPlace) throws(WireError) {
        self.init(
            unit: try Field.division(wire.division, "division"), year: try Field.year(wire.year),
            grant: try Field.id(wire.grant, "grant"),
            application: wire.hasApplicationSequence
                ? try Field.reference(wire.applicationSequence, "application_sequence") : nil)
    }

    func wire() throws(WireError) -> Care_V1_GrantPlace {
        var wire = Care_V1_GrantPlace()
        wire.division = unit.rawValue
        wire.year = try Field.number(year, "year")
        wire.grant = grant.data
        if let application { wire.applicationSequence = application.sequence }
        return wire
    }
}
