import CareDomain

extension DueDecided: CodedPayload {
    static var blank: DueDecided {
        DueDecided(
            determination: EventReference(sequence: 1), clause: AwardDecided.blank.clause, subject: .household,
            kind: .arrears, isCarriedOut: false, reason: .blank)
    }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var parts = sealed
        var sequence = Int(clamping: determination.sequence)
        var word = kind == .arrears ? KindWord.arrears : .recovery
        try coder.field("determination", &sequence)
        guard sequence > 0 else { throw CommandProblem(.wrongValue, expected: .number).within("determination") }
        determination = EventReference(sequence: UInt64(sequence))
        try coder.field("clause", &clause)
        try coder.subject("person", &subject)
        try coder.field("kind", &word)
        kind = word == .arrears ? .arrears : .recovery
        try coder.field("carried_out", &isCarriedOut)
        try coder.field("division", &division)
        try coder.field("reason", &reason)
        try coder.sealed(&parts)
        sealed = parts
    }
}

/// Which way a difference goes, in a command.
private enum KindWord: String, CaseIterable, TextFieldValue {
    case arrears, recovery
}
