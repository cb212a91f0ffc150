import CareDomain

extension ApplicationEvent {
    /// The word at the key `command`.
    var name: String {
        switch self {
        case .submitted: "submit_application"
        case .forwarded: "forward_application"
        case .returned: "return_application"
        case .rejected: "reject_application"
        case .withdrawn: "withdraw_application"
        case .noticeOpened: "open_public_notice"
        case .objectionRaised: "raise_objection"
        case .objectionDecided: "decide_objection"
        case .confirmed: "confirm_application"
        case .reverified: "reverify_application"
        }
    }

    /// Reads the keys of the act with this name; nil when it is not one about an application.
    static func read(
        named name: String, _ reader: inout FieldReader
    ) throws(CommandProblem) -> ApplicationEvent? {
        func read<P: CodedPayload>(_ type: P.Type = P.self) throws(CommandProblem) -> P {
            var payload = P.blank
            try payload.code(with: &reader)
            return payload
        }
        switch name {
        case "submit_application": return .submitted(try read())
        case "forward_application": return .forwarded(try read())
        case "return_application": return .returned(try read())
        case "reject_application": return .rejected(try read())
        case "withdraw_application": return .withdrawn(try read())
        case "open_public_notice": return .noticeOpened(try read())
        case "raise_objection": return .objectionRaised(try read())
        case "decide_objection": return .objectionDecided(try read())
        case "confirm_application": return .confirmed(try read())
        case "reverify_application": return .reverified(try read())
        default: return nil
        }
    }

    /// Writes the keys of the act.
    func write(_ writer: inout FieldWriter) throws(CommandProblem) {
        func write<P: CodedPayload>(_ payload: P) throws(CommandProblem) {
            var payload = payload
            try payload.code(with: &writer)
        }
        switch self {
        case .submitted(let payload): try write(payload)
        case .forwarded(let payload): try write(payload)
        case .returned(let payload): try write(payload)
        case .rejected(let payload): try write(payload)
        case .withdrawn(let payload): try write(payload)
        case .noticeOpened(let payload): try write(payload)
        case .objectionRaised(let payload): try write(payload)
        case .objectionDecided(let payload): try write(payload)
        case .confirmed(let payload): try write(payload)
        case .reverified(let payload): try write(payload)
        }
    }
}

extension FieldCoder {
    /// An event of the file by its sequence.
    fileprivate mutating func sequence(_ key: String, _ reference: inout EventReference) throws(CommandProblem) {
        var number = Int(clamping: reference.sequence)
        try field(key, &number)
        guard number > 0 else { throw CommandProblem(.wrongValue, expected: .number).within(key) }
        reference = EventReference(sequence: UInt64(number))
    }
}

extension EventReference {
    fileprivate static let first = EventReference(sequence: 1)
}

extension PaperFile: CodedPayload {
    static var blank: PaperFile { PaperFile(paper: .blank, file: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.field("paper", &paper)
        try coder.field("file", &file)
    }
}

extension FileDigest: TextFieldValue {
    static var expected: ExpectedForm { .text }
    static var blank: FileDigest { FileDigest(bytes: Array(repeating: 0, count: 32))! }
    init?(fieldText text: String) { self.init(reference: text) }
    var fieldText: String { reference }
}

extension ApplicationSubmitted: CodedPayload {
    static var blank: ApplicationSubmitted {
        ApplicationSubmitted(clause: AwardDecided.blank.clause, subject: .household)
    }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.field("clause", &clause)
        try coder.subject("person", &subject)
        try coder.list("papers", &papers)
        try coder.objects("files", &files)
    }
}

extension ApplicationForwarded: CodedPayload {
    static var blank: ApplicationForwarded { ApplicationForwarded(application: .first, step: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.sequence("application", &application)
        try coder.field("step", &step)
        try coder.list("papers", &papers)
        try coder.objects("files", &files)
    }
}

extension ApplicationReturned: CodedPayload {
    static var blank: ApplicationReturned { ApplicationReturned(application: .first, step: .blank, reason: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.sequence("application", &application)
        try coder.field("step", &step)
        try coder.field("to", &to)
        try coder.field("reason", &reason)
        try coder.sealed(&sealed)
    }
}

extension ApplicationRejected: CodedPayload {
    static var blank: ApplicationRejected { ApplicationRejected(application: .first, step: .blank, reason: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.sequence("application", &application)
        try coder.field("step", &step)
        try coder.field("reason", &reason)
        try coder.sealed(&sealed)
    }
}

extension ApplicationWithdrawn: CodedPayload {
    static var blank: ApplicationWithdrawn { ApplicationWithdrawn(application: .first, reason: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.sequence("application", &application)
        try coder.field("reason", &reason)
        try coder.sealed(&sealed)
    }
}

extension PublicNoticeOpened: CodedPayload {
    static var blank: PublicNoticeOpened { PublicNoticeOpened(application: .first, step: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.sequence("application", &application)
        try coder.field("step", &step)
        try coder.field("days", &days)
    }
}

extension ObjectionRaised: CodedPayload {
    static var blank: ObjectionRaised { ObjectionRaised(application: .first, reason: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.sequence("application", &application)
        try coder.field("reason", &reason)
        try coder.sealed(&sealed)
    }
}

extension ObjectionDecided: CodedPayload {
    static var blank: ObjectionDecided {
        ObjectionDecided(application: .first, objection: .first, isUpheld: false, finding: .blank)
    }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.sequence("application", &application)
        try coder.sequence("objection", &objection)
        try coder.field("upheld", &isUpheld)
        try coder.field("finding", &finding)
        try coder.sealed(&sealed)
    }
}

extension ApplicationConfirmed: CodedPayload {
    static var blank: ApplicationConfirmed { ApplicationConfirmed(application: .first, step: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.sequence("application", &application)
        try coder.field("step", &step)
    }
}

extension ApplicationReverified: CodedPayload {
    static var blank: ApplicationReverified { ApplicationReverified(application: .first, year: 1, outcome: .continues) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var reason: Code? = if case .exits(let why) = outcome { why } else { nil }
        try coder.sequence("application", &application)
        try coder.field("year", &year)
        try coder.field("exit_reason", &reason)
        outcome = reason.map { .exits($0) } ?? .continues
        try coder.sealed(&sealed)
    }
}
