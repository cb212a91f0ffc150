import CareDomain

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension DeterminationMade.Status {
    init(wire: Care_V1_DeterminationMade.Status) throws(WireError) {
        switch wire {
        case .entitled: self = .entitled
        case .proposed: self = .proposed
        case .notEntitled: self = .notEntitled
        case .needsFact: self = .needsFact
        case .needsParameter: self = .needsParameter
        case .held: self = .held
        case .failed: self = .failed
        case .unspecified: throw WireError(.missing, "status")
        case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, "status", limit: Int64(number))
        }
    }

    var wire: Care_V1_DeterminationMade.Status {
        switch self {
        case .entitled: .entitled
        case .proposed: .proposed
        case .notEntitled: .notEntitled
        case .needsFact: .needsFact
        case .needsParameter: .needsParameter
        case .held: .held
        case .failed: .failed
        }
    }
}

extension PayerShare: WireMapped {
    init(wire: Care_V1_PayerShare) throws(WireError) {
        self.init(
            payer: try Field.code(wire.payer, "payer"),
            parts: Int64(try Field.count(wire.parts, "parts", in: 1...WireLimits.items)))
    }

    func wire() throws(WireError) -> Care_V1_PayerShare {
        var wire = Care_V1_PayerShare()
        wire.payer = payer.rawValue
        wire.parts = try Field.number(Int(parts), "parts")
        return wire
    }
}

extension CivilMonth {
    /// Months since January 1970, as messages count them.
    package var wireIndex: Int32 { index - 1970 * 12 }

    /// Reads `wireIndex`.
    package init(wireIndex: Int32) { self.init(index: wireIndex &+ 1970 * 12) }
}

extension DueChange: WireMapped {
    init(wire: Care_V1_DueChange) throws(WireError) {
        guard WireLimits.months.contains(wire.firstMonth) else { throw WireError(.outOfRange, "first_month") }
        guard WireLimits.months.contains(wire.lastMonth), wire.lastMonth >= wire.firstMonth else {
            throw WireError(.outOfRange, "last_month")
        }
        guard WireLimits.monthlyFen.contains(wire.beforeFen) else { throw WireError(.outOfRange, "before_fen") }
        guard WireLimits.monthlyFen.contains(wire.afterFen) else { throw WireError(.outOfRange, "after_fen") }
        self.init(
            first: CivilMonth(wireIndex: wire.firstMonth), last: CivilMonth(wireIndex: wire.lastMonth),
            before: Fen(wire.beforeFen), after: Fen(wire.afterFen))
    }

    func wire() throws(WireError) -> Care_V1_DueChange {
        var wire = Care_V1_DueChange()
        wire.firstMonth = first.wireIndex
        wire.lastMonth = last.wireIndex
        wire.beforeFen = before.amount
        wire.afterFen = after.amount
        return wire
    }
}

extension DeterminationMade.Interval: WireMapped {
    init(wire: Care_V1_DeterminationMade.Interval) throws(WireError) {
        self.init(
            period: try Field.required(wire.hasPeriod ? wire.period : nil, "period"),
            status: try .init(wire: wire.status), rightHolds: wire.rightHolds,
            amount: wire.hasAmountFen ? Fen(wire.amountFen) : nil,
            standard: wire.hasStandardFen ? Fen(wire.standardFen) : nil,
            hoursThousandths: wire.hasHoursThousandths ? wire.hoursThousandths : nil,
            hourlyRate: wire.hasHourlyRateFen ? Fen(wire.hourlyRateFen) : nil,
            payers: try Field.list(wire.payers, "payers", limit: WireLimits.payers),
            missing: try Field.list(wire.missingNames, "missing_names", limit: WireLimits.missingNames) {
                name throws(WireError) in try Field.text(name, "", limit: WireLimits.missingName)
            },
            decision: wire.hasDecisionSequence
                ? try Field.reference(wire.decisionSequence, "decision_sequence") : nil,
            rhythm: try Self.rhythm(wire))
    }

    private static func rhythm(_ wire: Care_V1_DeterminationMade.Interval) throws(WireError) -> DueRhythm? {
        guard wire.hasCadence || wire.hasMonthRule else { return nil }
        guard wire.hasCadence else { throw WireError(.missing, "cadence") }
        return DueRhythm(
            cadence: try Field.code(wire.cadence, "cadence"), monthRule: try Field.word(wire.monthRule, "month_rule"))
    }

    func wire() throws(WireError) -> Care_V1_DeterminationMade.Interval {
        var wire = Care_V1_DeterminationMade.Interval()
        wire.period = try period.wire()
        wire.status = status.wire
        wire.rightHolds = rightHolds
        if let amount { wire.amountFen = amount.amount }
        if let standard { wire.standardFen = standard.amount }
        if let hoursThousandths { wire.hoursThousandths = hoursThousandths }
        if let hourlyRate { wire.hourlyRateFen = hourlyRate.amount }
        wire.payers = try Field.wires(payers, "payers")
        wire.missingNames = missing
        if let decision { wire.decisionSequence = decision.sequence }
        if let rhythm {
            wire.cadence = rhythm.cadence.rawValue
            wire.monthRule = rhythm.monthRule.rawValue
        }
        return wire
    }
}

extension DeterminationMade: WireMapped {
    init(wire: Care_V1_DeterminationMade) throws(WireError) {
        let changes: [DueChange] = try Field.list(wire.changes, "changes", limit: WireLimits.intervals)
        guard zip(changes, changes.dropFirst()).allSatisfy({ $0.last < $1.first }) else {
            throw WireError(.outOfRange, "changes")
        }
        self.init(
            clause: try Field.clause(wire.clause, "clause"),
            subject: try Field.required(wire.hasSubject ? wire.subject : nil, "subject"),
            pack: try Field.code(wire.pack, "pack"), packVersion: try Field.day(wire.packVersion, "pack_version"),
            packHash: try Field.digest(wire.packHash, "pack_hash"), cadence: try Field.code(wire.cadence, "cadence"),
            monthRule: try Field.word(wire.monthRule, "month_rule"),
            amountType: try Field.word(wire.amountType, "amount_type"),
            department: try Field.code(ifSet: wire.hasDepartment ? wire.department : nil, "department"),
            intervals: try Field.list(wire.intervals, "intervals", limit: WireLimits.intervals),
            facts: try Field.list(wire.factSequences, "fact_sequences", limit: WireLimits.factReferences) {
                sequence throws(WireError) in try Field.reference(sequence, "")
            },
            readThrough: try Field.reference(wire.readThroughSequence, "read_through_sequence"),
            changes: changes, rulesChange: try wire.hasRulesChange ? RulesChange(wire: wire.rulesChange) : nil)
    }

    func wire() throws(WireError) -> Care_V1_DeterminationMade {
        var wire = Care_V1_DeterminationMade()
        wire.clause = clause.rawValue
        wire.subject = try subject.wire()
        wire.pack = pack.rawValue
        wire.packVersion = packVersion.dayNumber
        wire.packHash = Data(packHash)
        wire.cadence = cadence.rawValue
        wire.monthRule = monthRule.rawValue
        wire.amountType = amountType.rawValue
        if let department { wire.department = department.rawValue }
        wire.intervals = try Field.wires(intervals, "intervals")
        wire.factSequences = facts.map(\.sequence)
        wire.readThroughSequence = readThrough.sequence
        wire.changes = try Field.wires(changes, "changes")
        if let rulesChange { wire.rulesChange = rulesChange.wire() }
        return wire
    }
}

extension RulesChange: WireMapped {
    package init(wire: Care_V1_RulesChange) throws(WireError) {
        guard wire.hasVersionFrom != wire.hasParameter else { throw WireError(.missing, "version_from") }
        self.init(
            pack: try Field.code(wire.pack, "pack"),
            what: wire.hasVersionFrom
                ? .version(from: try Field.day(wire.versionFrom, "version_from"))
                : .parameter(try Field.code(wire.parameter, "parameter")))
    }

    package func wire() -> Care_V1_RulesChange {
        var wire = Care_V1_RulesChange()
        wire.pack = pack.rawValue
        switch what {
        case .version(let day): wire.versionFrom = day.dayNumber
        case .parameter(let parameter): wire.parameter = parameter.rawValue
        }
        return wire
    }
}
