import CareDomain

extension PersonalDetails {
    /// The keys that stand beside a person.
    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.field("name", &name)
        try coder.field("id_number", &idNumber)
        try coder.field("phone", &phone)
        try coder.field("address", &address)
        try coder.field("certificate_number", &certificateNumber)
        try coder.field("diagnosis", &diagnosis)
        try coder.field("text", &text)
    }
}

extension PersonJoined: CodedPayload {
    static var blank: PersonJoined { PersonJoined(person: .blank, role: .other) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var parts = sealed
        try coder.person("person", &person, .newMember, &parts)
        try coder.field("role", &role)
        try coder.field("sex", &sex)
        try coder.field("birth_date", &birthDate)
        try coder.field("token", &token)
        try coder.field("namesake", &namesake)
        try coder.sealed(&parts)
        sealed = parts
    }
}

extension PersonLeft: CodedPayload {
    static var blank: PersonLeft { PersonLeft(person: .blank, reason: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.person("person", &person)
        try coder.field("reason", &reason)
    }
}

extension PersonDetailsChanged: CodedPayload {
    static var blank: PersonDetailsChanged { PersonDetailsChanged(person: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var parts = sealed
        try coder.person("person", &person, .member, &parts)
        try coder.field("role", &role)
        try coder.field("sex", &sex)
        try coder.field("birth_date", &birthDate)
        try coder.field("token", &token)
        try coder.field("namesake", &namesake)
        try coder.sealed(&parts)
        sealed = parts
    }
}

extension PersonDied: CodedPayload {
    static var blank: PersonDied { PersonDied(person: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.person("person", &person)
    }
}

extension ChildBorn: CodedPayload {
    static var blank: ChildBorn { ChildBorn() }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var none: [SealedPart] = []
        try coder.person("child", &child, .member, &none)
    }
}

extension ChildAdopted: CodedPayload {
    static var blank: ChildAdopted { ChildAdopted() }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var none: [SealedPart] = []
        try coder.person("child", &child, .member, &none)
        try coder.field("is_orphan", &isOrphan)
        try coder.field("applied_on", &appliedOn)
    }
}

extension DisabilityAssessed: CodedPayload {
    static var blank: DisabilityAssessed { DisabilityAssessed(person: .blank, grade: 0) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var parts = sealed
        try coder.person("person", &person, .member, &parts)
        try coder.field("kind", &kind)
        try coder.field("grade", &grade)
        try coder.field("valid_through", &validThrough)
        try coder.sealed(&parts)
        sealed = parts
    }
}

extension GuardianNamed: CodedPayload {
    static var blank: GuardianNamed {
        GuardianNamed(person: .blank, guardian: .blank, namedBy: DepartmentID(unchecked: ""), relation: .blank)
    }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var parts = sealed
        try coder.person("person", &person, .member, &parts)
        try coder.person("guardian", &guardian, .outsider, &parts)
        try coder.field("named_by", &namedBy)
        try coder.field("relation", &relation)
        try coder.sealed(&parts)
        sealed = parts
    }
}

extension GuardianConsented: CodedPayload {
    static var blank: GuardianConsented { GuardianConsented(person: .blank, guardian: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.person("person", &person)
        try coder.person("guardian", &guardian)
    }
}

extension GuardianNotarised: CodedPayload {
    static var blank: GuardianNotarised { GuardianNotarised(person: .blank, guardian: .blank, certificate: "") }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.person("person", &person)
        try coder.person("guardian", &guardian)
        try coder.field("certificate", &certificate)
        try coder.list("scope", &scope)
        try coder.field("fee_waived", &feeWaived)
    }
}

extension GuardianEnded: CodedPayload {
    static var blank: GuardianEnded { GuardianEnded(person: .blank, guardian: .blank, reason: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.person("person", &person)
        try coder.person("guardian", &guardian)
        try coder.field("reason", &reason)
    }
}
