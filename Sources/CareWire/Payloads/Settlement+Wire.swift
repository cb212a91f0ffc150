import CareDomain

extension Settlement.ProjectCost: WireMapped {
    init(wire: Care_V1_SettlementFrozen.Project) throws(WireError) {
        guard WireLimits.unitFen.contains(wire.amountFen) else { throw WireError(.outOfRange, "amount_fen") }
        self.init(
            clause: try Field.clause(wire.clause, "clause"),
            grants: try Field.count(wire.grants, "grants", in: 0...WireLimits.places), amount: Fen(wire.amountFen))
    }

    func wire() throws(WireError) -> Care_V1_SettlementFrozen.Project {
        var wire = Care_V1_SettlementFrozen.Project()
        wire.clause = clause.rawValue
        wire.grants = try Field.number(grants, "grants")
        wire.amountFen = amount.amount
        return wire
    }
}

extension Settlement.Result: WireMapped {
    init(wire: Care_V1_SettlementFrozen.Result) throws(WireError) {
        guard wire.denominator > 0, (0...wire.denominator).contains(wire.numerator) else {
            throw WireError(.outOfRange, "numerator")
        }
        guard WireLimits.unitFen.contains(wire.shareFen), (0...wire.shareFen).contains(wire.settledFen) else {
            throw WireError(.outOfRange, "settled_fen")
        }
        self.init(
            mode: try Field.word(wire.mode, "mode"), step: try Field.word(wire.step, "step"),
            below: Points(thousandths: wire.belowThousandths), numerator: wire.numerator,
            denominator: wire.denominator, share: Fen(wire.shareFen), settled: Fen(wire.settledFen))
    }

    func wire() -> Care_V1_SettlementFrozen.Result {
        var wire = Care_V1_SettlementFrozen.Result()
        wire.mode = mode.rawValue
        wire.step = step.rawValue
        wire.belowThousandths = below.thousandths
        wire.numerator = numerator
        wire.denominator = denominator
        wire.shareFen = share.amount
        wire.settledFen = settled.amount
        return wire
    }
}

extension Settlement: WireMapped {
    package init(wire: Care_V1_SettlementFrozen) throws(WireError) {
        for sum in [wire.budgetFen, wire.advanceFen, wire.carriedInFen] where !WireLimits.unitFen.contains(sum) {
            throw WireError(.outOfRange, "advance_fen")
        }
        self.init(
            year: try Field.year(wire.year), version: try Field.count(wire.version, "version", in: 1...9999),
            reason: try Field.code(ifSet: wire.hasReason ? wire.reason : nil, "reason"),
            pack: try Field.code(wire.pack, "pack"), packHash: try Field.digest(wire.packHash, "pack_hash"),
            shares: try Field.shares(wire.cityParts, wire.unitParts),
            fullFrom: Points(thousandths: wire.fullFromThousandths),
            score: Points(thousandths: wire.scoreThousandths),
            projects: try Field.list(wire.projects, "projects", limit: WireLimits.projects),
            budget: wire.hasBudgetFen ? Fen(wire.budgetFen) : nil, advance: Fen(wire.advanceFen),
            carriedIn: Fen(wire.carriedInFen),
            result: try Field.required(wire.hasResult ? wire.result : nil, "result"),
            alternatives: try Field.list(wire.alternatives, "alternatives", limit: WireLimits.alternatives))
    }

    package func wire() throws(WireError) -> Care_V1_SettlementFrozen {
        var wire = Care_V1_SettlementFrozen()
        wire.year = try Field.number(year, "year")
        wire.version = try Field.number(version, "version")
        if let reason { wire.reason = reason.rawValue }
        wire.pack = pack.rawValue
        wire.packHash = .init(packHash)
        wire.cityParts = try Field.number(Int(shares.city), "city_parts")
        wire.unitParts = try Field.number(Int(shares.unit), "unit_parts")
        wire.fullFromThousandths = fullFrom.thousandths
        wire.scoreThousandths = score.thousandths
        wire.projects = try Field.wires(projects, "projects")
        if let budget { wire.budgetFen = budget.amount }
        wire.advanceFen = advance.amount
        wire.carriedInFen = carriedIn.amount
        wire.result = result.wire()
        wire.alternatives = alternatives.map { $0.wire() }
        return wire
    }
}
