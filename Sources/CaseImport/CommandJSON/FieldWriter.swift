import CareDomain

/// Writes the fields of one object; empty optionals and lists leave no key.
struct FieldWriter: FieldCoder {
    var json = JSONWriter()
    /// References named by their command.
    var sources: [EventSlot: EventSource] = [:]

    mutating func field<V: FieldValue>(_ key: String, _ value: inout V) throws(CommandProblem) {
        json.key(key)
        value.write(to: &json)
    }

    mutating func field<V: FieldValue>(_ key: String, _ value: inout V?) throws(CommandProblem) {
        guard let value else { return }
        json.key(key)
        value.write(to: &json)
    }

    mutating func list<V: FieldValue>(_ key: String, _ values: inout [V]) throws(CommandProblem) {
        guard !values.isEmpty else { return }
        json.key(key)
        json.openList()
        for value in values { value.write(to: &json) }
        json.closeList()
    }

    mutating func objects<P: CodedPayload>(_ key: String, _ values: inout [P]) throws(CommandProblem) {
        guard !values.isEmpty else { return }
        json.key(key)
        json.openList()
        for index in values.indices {
            json.openObject()
            try values[index].code(with: &self)
            json.closeObject()
        }
        json.closeList()
    }

    mutating func persons(_ key: String, _ values: inout [PersonID]) throws(CommandProblem) {
        guard !values.isEmpty else { return }
        json.key(key)
        json.openList()
        for value in values { json.write(value.description) }
        json.closeList()
    }

    mutating func person(
        _ key: String, _ id: inout PersonID, _ use: PersonUse, _ sealed: inout [SealedPart]
    ) throws(CommandProblem) {
        json.key(key)
        try write(id, takeDetails(of: id, from: &sealed))
    }

    mutating func person(
        _ key: String, _ id: inout PersonID?, _ use: PersonUse, _ sealed: inout [SealedPart]
    ) throws(CommandProblem) {
        guard var present = id else { return }
        try person(key, &present, use, &sealed)
    }

    private func takeDetails(of id: PersonID, from sealed: inout [SealedPart]) -> PersonalDetails? {
        let index = sealed.firstIndex { $0.subject == id && $0.details?.isEmpty == false }
        return index.flatMap { sealed.remove(at: $0).details }
    }

    private mutating func write(_ id: PersonID, _ details: PersonalDetails?) throws(CommandProblem) {
        guard var details else { return json.write(id.description) }
        json.openObject()
        json.key("id")
        json.write(id.description)
        try details.code(with: &self)
        json.closeObject()
    }

    mutating func helper(
        _ key: String, _ helper: inout Helper, _ sealed: inout [SealedPart]
    ) throws(CommandProblem) {
        json.key(key)
        json.openObject()
        json.key("id")
        json.write(helper.id.description)
        try field("unit", &helper.unit)
        var details = takeDetails(of: helper.id, from: &sealed)
        if helper.hasRealName != (details?.name != nil) {
            json.key("real_name")
            json.write(helper.hasRealName)
        }
        try details?.code(with: &self)
        json.closeObject()
    }

    mutating func sealed(_ parts: inout [SealedPart]) throws(CommandProblem) {
        let said = parts.filter { $0.details?.isEmpty == false }
        guard !said.isEmpty else { return }
        json.key("sealed")
        json.openList()
        for part in said { try write(part.subject, part.details) }
        json.closeList()
    }

    mutating func household(_ key: String, _ id: inout HouseholdID) throws(CommandProblem) {
        json.key(key)
        json.write(id.description)
    }

    mutating func event(
        _ key: String, _ reference: inout EventReference, _ slot: EventSlot
    ) throws(CommandProblem) {
        json.key(key)
        guard let source = sources[slot] else { return json.write(Int64(clamping: reference.sequence)) }
        json.openObject()
        json.key("command")
        json.write(source.command.description)
        if source.place != 0 {
            json.key("place")
            json.write(Int64(source.place))
        }
        json.closeObject()
    }

    mutating func event(
        ifGiven key: String, _ reference: inout EventReference?, _ slot: EventSlot
    ) throws(CommandProblem) {
        guard var given = reference else { return }
        try event(key, &given, slot)
    }

    mutating func subject(_ key: String, _ subject: inout FactSubject) throws(CommandProblem) {
        guard case .person(let id) = subject else { return }
        json.key(key)
        json.write(id.description)
    }

    mutating func facts(_ key: String, _ facts: inout [ProposedEvent]) throws(CommandProblem) {
        guard !facts.isEmpty else { return }
        json.key(key)
        json.openList()
        for index in facts.indices {
            guard let action = HouseholdAction(bringing: facts[index].event) else { continue }
            json.openObject()
            json.key("command")
            json.write(action.name)
            try field("occurred_on", &facts[index].occurredOn)
            try field("learned_on", &facts[index].learnedOn)
            try action.write(&self)
            json.closeObject()
        }
        json.closeList()
    }
}
