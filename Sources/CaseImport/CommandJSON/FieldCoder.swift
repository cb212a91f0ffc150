import CareDomain

/// Walks over the fields of a payload, once for reading and writing alike, so that both cannot drift apart.
///
/// A reader puts what stands in the JSON object into the values; a writer writes the values in the order of the calls.
protocol FieldCoder {
    mutating func field<V: FieldValue>(_ key: String, _ value: inout V) throws(CommandProblem)
    mutating func field<V: FieldValue>(_ key: String, _ value: inout V?) throws(CommandProblem)
    /// A list of single values; absent = empty.
    mutating func list<V: FieldValue>(_ key: String, _ values: inout [V]) throws(CommandProblem)
    /// A list of objects; absent = empty.
    mutating func objects<P: CodedPayload>(_ key: String, _ values: inout [P]) throws(CommandProblem)
    /// A list of persons; absent = empty.
    mutating func persons(_ key: String, _ values: inout [PersonID]) throws(CommandProblem)
    /// A person, with what names them: id, label or both kinds of details. Details go to and come from `sealed`.
    mutating func person(
        _ key: String, _ id: inout PersonID, _ use: PersonUse, _ sealed: inout [SealedPart]
    ) throws(CommandProblem)
    mutating func person(
        _ key: String, _ id: inout PersonID?, _ use: PersonUse, _ sealed: inout [SealedPart]
    ) throws(CommandProblem)
    /// A helper: a person with unit and real name.
    mutating func helper(
        _ key: String, _ helper: inout Helper, _ sealed: inout [SealedPart]
    ) throws(CommandProblem)
    /// Parts about subjects that no other key of the payload carries.
    mutating func sealed(_ parts: inout [SealedPart]) throws(CommandProblem)
    /// Another household.
    mutating func household(_ key: String, _ id: inout HouseholdID) throws(CommandProblem)
    /// An earlier event of the household's stream.
    mutating func event(
        _ key: String, _ reference: inout EventReference, _ slot: EventSlot
    ) throws(CommandProblem)
    /// An earlier event of the household's stream that need not be named.
    mutating func event(
        ifGiven key: String, _ reference: inout EventReference?, _ slot: EventSlot
    ) throws(CommandProblem)
    /// Whom a fact is about; absent = the household.
    mutating func subject(
        _ key: String, _ subject: inout FactSubject
    ) throws(CommandProblem)
    /// Facts that a registration brings along.
    mutating func facts(_ key: String, _ facts: inout [ProposedEvent]) throws(CommandProblem)
}

extension FieldCoder {
    /// How long something holds: `through` is the last day on which it does, `until` the first on which it no longer does.
    /// Writers say `until`.
    mutating func end(_ until: inout CivilDay?) throws(CommandProblem) {
        try field("until", &until)
        var last: CivilDay?
        try field("through", &last)
        guard let last else { return }
        guard until == nil else { throw CommandProblem(.wrongValue, expected: .oneEnd).within("through") }
        until = last + 1
    }

    /// A person without any details of their own.
    mutating func person(_ key: String, _ id: inout PersonID) throws(CommandProblem) {
        var none: [SealedPart] = []
        try person(key, &id, .member, &none)
    }
}

/// A payload that is coded field by field.
protocol CodedPayload {
    /// A value to read into; every field that must be given is replaced.
    static var blank: Self { get }
    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem)
}

/// What a label at this place may mean.
enum PersonUse: Hashable, Sendable {
    /// Somebody who is already a member.
    case member
    /// Somebody who becomes a member: without an id, one is derived from the command and the place in its list.
    case newMember
    /// A helper, guardian or visitor: a label not seen before names somebody new.
    case outsider
}

extension PersonID {
    static let blank = PersonID(Identifier128(high: 0, low: 0))
}

extension HouseholdID {
    static let blank = HouseholdID(Identifier128(high: 0, low: 0))
}

extension EventReference {
    /// Stands where an event is named by its command, until the importer knows its sequence.
    static let unresolved = EventReference(sequence: 0)
}

extension Code {
    static let blank = Code(unchecked: "")
}
