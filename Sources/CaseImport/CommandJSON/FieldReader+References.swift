import CareDomain

extension FieldReader {
    mutating func helper(
        _ key: String, _ helper: inout Helper, _ sealed: inout [SealedPart]
    ) throws(CommandProblem) {
        guard let node = take(key) else { throw CommandProblem(.missingKey).within(key) }
        guard case .object(let members) = node else {
            throw CommandProblem(.wrongValue, expected: .object).within(key)
        }
        do throws(CommandProblem) {
            let own = members.filter { $0.key == "unit" || $0.key == "real_name" }
            var reader = try FieldReader(.object(own), scope: scope)
            try reader.field("unit", &helper.unit)
            var hasRealName: Bool?
            try reader.field("real_name", &hasRealName)
            let rest = JSONNode.object(members.filter { $0.key != "unit" && $0.key != "real_name" })
            var holder = try FieldReader(.object([JSONMember(key: "helper", value: rest)]), scope: scope)
            let before = sealed.count
            do { try holder.person("helper", &helper.id, .outsider, &sealed) } catch {
                throw error.within(without: "helper")
            }
            // A name that is given is the real name, unless the file says otherwise.
            let isNamed = sealed.dropFirst(before).contains { $0.details?.name != nil }
            helper.hasRealName = hasRealName ?? isNamed
        } catch {
            throw error.within(key)
        }
    }

    mutating func sealed(_ parts: inout [SealedPart]) throws(CommandProblem) {
        guard let node = take("sealed") else { return }
        guard case .list(let nodes) = node else { throw CommandProblem(.wrongValue, expected: .list).within("sealed") }
        for (index, node) in nodes.enumerated() {
            let before = parts.count
            var holder = try FieldReader(.object([JSONMember(key: "sealed", value: node)]), scope: scope)
            var id = PersonID.blank
            do throws(CommandProblem) {
                try holder.person("sealed", &id, .outsider, &parts)
                guard parts.count > before else { throw CommandProblem(.emptyPerson) }
            } catch {
                throw error.within(without: "sealed").within("[\(index)]").within("sealed")
            }
        }
    }

    mutating func household(_ key: String, _ id: inout HouseholdID) throws(CommandProblem) {
        guard let node = take(key) else { throw CommandProblem(.missingKey).within(key) }
        do { id = try Self.household(node, scope: scope) } catch { throw error.within(key) }
    }

    static func household(_ node: JSONNode, scope: ReadingScope) throws(CommandProblem) -> HouseholdID {
        switch node {
        case .text(let text):
            guard let id = HouseholdID(text) else { throw CommandProblem(.wrongValue, expected: .household) }
            return id
        case .object(let members) where members.count == 1 && members[0].key == "ref":
            let label = try label(members[0].value)
            do { return try scope.household(labelled: label) } catch { throw error.within("ref") }
        default:
            throw CommandProblem(.wrongValue, expected: .household)
        }
    }

    mutating func event(
        _ key: String, _ reference: inout EventReference, _ slot: EventSlot
    ) throws(CommandProblem) {
        guard let node = take(key) else { throw CommandProblem(.missingKey).within(key) }
        switch node {
        case .int(let sequence) where sequence > 0:
            reference = EventReference(sequence: UInt64(sequence))
        case .object:
            do {
                scope.sources[slot] = try Self.source(node, scope: scope)
                reference = .unresolved
            } catch {
                throw error.within(key)
            }
        default:
            throw CommandProblem(.wrongValue, expected: .event).within(key)
        }
    }

    mutating func event(
        ifGiven key: String, _ reference: inout EventReference?, _ slot: EventSlot
    ) throws(CommandProblem) {
        guard let node = take(key), node != .null else { return }
        var holder = try FieldReader(.object([JSONMember(key: key, value: node)]), scope: scope)
        var found = EventReference.unresolved
        try holder.event(key, &found, slot)
        reference = found
    }

    private static func source(_ node: JSONNode, scope: ReadingScope) throws(CommandProblem) -> EventSource {
        var reader = try FieldReader(node, scope: scope)
        var command: CommandID?
        try reader.field("command", &command)
        if let node = reader.take("ref") {
            guard command == nil else { throw CommandProblem(.wrongValue, expected: .event) }
            let label = try label(node)
            do { command = try scope.command(labelled: label) } catch { throw error.within("ref") }
        }
        var place: Int?
        try reader.field("place", &place)
        try reader.finish()
        guard let command else { throw CommandProblem(.wrongValue, expected: .event) }
        guard (0..<4096).contains(place ?? 0) else {
            throw CommandProblem(.wrongValue, expected: .count).within("place")
        }
        return EventSource(command: command, place: place ?? 0)
    }

    mutating func subject(_ key: String, _ subject: inout FactSubject) throws(CommandProblem) {
        guard let node = take(key), node != .null else { return }
        var holder = try FieldReader(.object([JSONMember(key: key, value: node)]), scope: scope)
        var id = PersonID.blank
        var parts: [SealedPart] = []
        try holder.person(key, &id, .member, &parts)
        guard parts.isEmpty else { throw CommandProblem(.wrongValue, expected: .person).within(key) }
        subject = .person(id)
    }

    mutating func facts(_ key: String, _ facts: inout [ProposedEvent]) throws(CommandProblem) {
        guard let node = take(key) else { return }
        guard case .list(let nodes) = node else { throw CommandProblem(.wrongValue, expected: .list).within(key) }
        for (index, node) in nodes.enumerated() {
            do { facts.append(try Self.fact(node, scope: scope)) } catch {
                throw error.within("[\(index)]").within(key)
            }
        }
    }

    private static func fact(_ node: JSONNode, scope: ReadingScope) throws(CommandProblem) -> ProposedEvent {
        var reader = try FieldReader(node, scope: scope)
        var name = ""
        try reader.field("command", &name)
        var day = CivilDay(dayNumber: 0)
        try reader.field("occurred_on", &day)
        var learnedOn: CivilDay?
        try reader.field("learned_on", &learnedOn)
        let action = try HouseholdAction.read(named: name, &reader)
        try reader.finish()
        guard action.mayComeWithRegistration, let event = action.singleEvent else {
            throw CommandProblem(.notHere).within("command")
        }
        return ProposedEvent(occurredOn: day, learnedOn: learnedOn, event: event)
    }
}

extension CommandProblem {
    /// The same problem without the first key of its path, which only held a value.
    fileprivate func within(without key: String) -> CommandProblem {
        guard path.hasPrefix(key) else { return self }
        var rest = path.dropFirst(key.count)
        if rest.first == "." { rest = rest.dropFirst() }
        return CommandProblem(kind, path: String(rest), byte: byte, expected: expected)
    }
}
