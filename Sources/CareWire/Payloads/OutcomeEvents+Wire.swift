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
        }
    }
}

extension DeterminationMade.Interval: WireMapped {
    init(wire: Care_V1_DeterminationMade.Interval) throws(WireError) {
        self.init(
            period: try Field.required(wire.hasPeriod ? wire.period : nil, "period"),
            status: try .init(wire: wire.status),
            amount: wire.hasAmountFen ? Fen(wire.amountFen) : nil,
            hoursThousandths: wire.hasHoursThousandths ? wire.hoursThousandths : nil,
            missing: try Field.list(wire.missingNames, "missing_names", limit: WireLimits.missingNames) {
                name throws(WireError) in try Field.text(name, "", limit: WireLimits.missingName)
            })
    }

    func wire() throws(WireError) -> Care_V1_DeterminationMade.Interval {
        var wire = Care_V1_DeterminationMade.Interval()
        wire.period = try period.wire()
        wire.status = status.wire
        if let amount { wire.amountFen = amount.amount }
        if let hoursThousandths { wire.hoursThousandths = hoursThousandths }
        wire.missingNames = missing
        return wire
    }
}

extension DeterminationMade: WireMapped {
    init(wire: Care_V1_DeterminationMade) throws(WireError) {
        self.init(
            clause: try Field.clause(wire.clause, "clause"),
            subject: try Field.required(wire.hasSubject ? wire.subject : nil, "subject"),
            pack: try Field.code(wire.pack, "pack"), packVersion: try Field.day(wire.packVersion, "pack_version"),
            packHash: try Field.digest(wire.packHash, "pack_hash"), cadence: try Field.code(wire.cadence, "cadence"),
            payer: try Field.code(ifSet: wire.hasPayer ? wire.payer : nil, "payer"),
            department: try Field.code(ifSet: wire.hasDepartment ? wire.department : nil, "department"),
            intervals: try Field.list(wire.intervals, "intervals", limit: WireLimits.intervals),
            facts: try Field.list(wire.factSequences, "fact_sequences", limit: WireLimits.factReferences) {
                sequence throws(WireError) in try Field.reference(sequence, "")
            },
            readThrough: try Field.reference(wire.readThroughSequence, "read_through_sequence"),
            difference: Fen(wire.differenceFen))
    }

    func wire() throws(WireError) -> Care_V1_DeterminationMade {
        var wire = Care_V1_DeterminationMade()
        wire.clause = clause.rawValue
        wire.subject = try subject.wire()
        wire.pack = pack.rawValue
        wire.packVersion = packVersion.dayNumber
        wire.packHash = Data(packHash)
        wire.cadence = cadence.rawValue
        if let payer { wire.payer = payer.rawValue }
        if let department { wire.department = department.rawValue }
        wire.intervals = try Field.wires(intervals, "intervals")
        wire.factSequences = facts.map(\.sequence)
        wire.readThroughSequence = readThrough.sequence
        wire.differenceFen = difference.amount
        return wire
    }
}

extension NoticeRaised: WireMapped {
    init(wire: Care_V1_NoticeRaised) throws(WireError) {
        self.init(
            kind: try Field.code(wire.kind, "kind"),
            key: try Field.text(wire.key, "key", limit: WireLimits.noticeKey),
            subject: try Field.required(wire.hasSubject ? wire.subject : nil, "subject"),
            dueOn: try Field.day(ifSet: wire.hasDueOn ? wire.dueOn : nil, "due_on"),
            department: try Field.code(ifSet: wire.hasDepartment ? wire.department : nil, "department"),
            details: try Field.list(wire.details, "details", limit: WireLimits.details),
            persons: try Field.ids(wire.personIds, "person_ids", limit: WireLimits.persons))
    }

    func wire() throws(WireError) -> Care_V1_NoticeRaised {
        var wire = Care_V1_NoticeRaised()
        wire.kind = kind.rawValue
        wire.key = key
        wire.subject = try subject.wire()
        if let dueOn { wire.dueOn = dueOn.dayNumber }
        if let department { wire.department = department.rawValue }
        wire.details = try Field.wires(details, "details")
        wire.personIds = persons.map(\.data)
        return wire
    }
}

extension NoticeDelivered: WireMapped {
    init(wire: Care_V1_NoticeDelivered) throws(WireError) {
        let outcome: Outcome =
            switch wire.outcome {
            case .delivered: .delivered
            case .parked: .parked
            case .skipped: .skipped
            case .unspecified: throw WireError(.missing, "outcome")
            case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, "outcome", limit: Int64(number))
            }
        self.init(
            notice: try Field.reference(wire.noticeSequence, "notice_sequence"),
            channel: try Field.code(wire.channel, "channel"), outcome: outcome,
            attempts: try Field.count(wire.attempts, "attempts", in: 0...WireLimits.items),
            reason: try Field.code(ifSet: wire.hasReason ? wire.reason : nil, "reason"))
    }

    func wire() throws(WireError) -> Care_V1_NoticeDelivered {
        var wire = Care_V1_NoticeDelivered()
        wire.noticeSequence = notice.sequence
        wire.channel = channel.rawValue
        wire.outcome =
            switch outcome {
            case .delivered: .delivered
            case .parked: .parked
            case .skipped: .skipped
            }
        wire.attempts = try Field.number(attempts, "attempts")
        if let reason { wire.reason = reason.rawValue }
        return wire
    }
}
