import CareDomain

extension NoticeRaised: WireMapped {
    init(wire: Care_V1_NoticeRaised) throws(WireError) {
        self.init(
            kind: try Field.code(wire.kind, "kind"),
            key: try Field.text(wire.key, "key", limit: WireLimits.noticeKey),
            subject: try Field.required(wire.hasSubject ? wire.subject : nil, "subject"),
            dueOn: try Field.day(ifSet: wire.hasDueOn ? wire.dueOn : nil, "due_on"),
            department: try Field.code(ifSet: wire.hasDepartment ? wire.department : nil, "department"),
            clause: wire.hasClause ? try Field.clause(wire.clause, "clause") : nil,
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
        if let clause { wire.clause = clause.rawValue }
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
