import CareDomain

extension HouseholdRegistered {
    static var blank: HouseholdRegistered { HouseholdRegistered(division: DivisionCode("000000")!) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.field("division", &division)
        try coder.field("area", &area)
        try coder.field("archive_number", &archiveNumber)
    }
}

extension RegisterHousehold: CodedPayload {
    static var blank: RegisterHousehold { RegisterHousehold(household: .blank, members: []) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try household.code(with: &coder)
        try coder.objects("members", &members)
        try coder.facts("facts", &facts)
    }
}

extension HouseholdMoved: CodedPayload {
    static var blank: HouseholdMoved { HouseholdMoved(kind: .registration, division: DivisionCode("000000")!) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.field("kind", &kind)
        try coder.field("division", &division)
        try coder.field("area", &area)
        try coder.field("archive_number", &archiveNumber)
    }
}

extension HouseholdClosed: CodedPayload {
    static var blank: HouseholdClosed { HouseholdClosed(reason: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.field("reason", &reason)
    }
}

extension HouseholdRegisteredInError: CodedPayload {
    static var blank: HouseholdRegisteredInError { HouseholdRegisteredInError(reason: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.field("reason", &reason)
    }
}

extension MergeHousehold: CodedPayload {
    static var blank: MergeHousehold { MergeHousehold(into: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.household("into", &into)
    }
}

extension SplitHousehold: CodedPayload {
    static var blank: SplitHousehold { SplitHousehold(persons: [], household: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.persons("persons", &persons)
        try household.code(with: &coder)
    }
}
