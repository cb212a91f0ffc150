import CareDomain

extension AwardDecided: CodedPayload {
    static var blank: AwardDecided {
        AwardDecided(
            clause: .blank, subject: .household, outcome: .refused, period: DayPeriod(start: CivilDay(dayNumber: 0)),
            reason: .blank)
    }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var parts = sealed
        try coder.field("clause", &clause)
        try codeSubject(with: &coder)
        try codeOutcome(with: &coder)
        var (from, until) = (period.start, period.end)
        try coder.field("from", &from)
        try coder.end(&until)
        period = DayPeriod(start: from, end: until)
        try coder.field("reason", &reason)
        try coder.field("second_approver", &secondApprover)
        try coder.sealed(&parts)
        sealed = parts
    }

    private mutating func codeSubject<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.subject("person", &subject)
        var incident: EventReference? = if case .incident(let event) = subject { event } else { nil }
        try coder.event(ifGiven: "incident", &incident, .incident)
        guard let incident else { return }
        if case .person = subject { throw CommandProblem(.wrongValue, expected: .event).within("incident") }
        subject = .incident(incident)
    }

    private mutating func codeOutcome<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var word = OutcomeWord(rawValue: outcome.code) ?? .refused
        var amount = outcome.amount.map { Int($0.amount) }
        var revokes: EventReference? = if case .revoked(let event) = outcome { event } else { nil }
        try coder.field("outcome", &word)
        try coder.field("amount_fen", &amount)
        try coder.event(ifGiven: "revokes", &revokes, .revokes)
        switch word {
        case .granted:
            guard let amount else { throw CommandProblem(.missingKey).within("amount_fen") }
            outcome = .granted(Fen(Int64(amount)))
        case .excepted: outcome = .excepted(amount.map { Fen(Int64($0)) })
        case .refused: outcome = .refused
        case .held: outcome = .held
        case .revoked:
            guard let revokes else { throw CommandProblem(.missingKey).within("revokes") }
            outcome = .revoked(revokes)
        }
        if amount != nil, outcome.amount == nil {
            throw CommandProblem(.wrongValue, expected: .number).within("amount_fen")
        }
        if revokes != nil, word != .revoked {
            throw CommandProblem(.wrongValue, expected: .event).within("revokes")
        }
    }
}

/// What a decision is called in a command.
private enum OutcomeWord: String, CaseIterable, TextFieldValue {
    case granted, refused, held, excepted, revoked
}

extension ClauseID {
    fileprivate static let blank: ClauseID = {
        guard let clause = ClauseID("CZ-0") else { preconditionFailure("CZ-0 is a clause id") }
        return clause
    }()
}
