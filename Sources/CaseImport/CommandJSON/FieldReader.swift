import CareDomain

/// Reads the keys of one JSON object; what was not asked for in the end is an unknown key.
struct FieldReader: FieldCoder {
    private let members: [JSONMember]
    private var used: UInt64 = 0
    private var cursor = 0
    let scope: ReadingScope

    /// - Throws: `notObject` or `repeatedKey`.
    init(_ node: JSONNode, scope: ReadingScope) throws(CommandProblem) {
        guard case .object(let members) = node else { throw CommandProblem(.wrongValue, expected: .object) }
        // More keys than any object has: refused before the pairwise search for repeated ones.
        guard members.count <= 64 else { throw CommandProblem(.unknownKey).within(Self.shown(members[64].key)) }
        for index in members.indices.dropFirst() {
            for earlier in 0..<index where members[earlier].key == members[index].key {
                throw CommandProblem(.repeatedKey).within(Self.shown(members[index].key))
            }
        }
        self.members = members
        self.scope = scope
    }

    /// A key as it may be shown: anything that is not a plain code could be personal data in the wrong place.
    static func shown(_ key: String) -> String { Code(key)?.rawValue ?? "…" }

    /// The node at a key, nil when absent; keys are mostly asked for in the order in which they stand.
    mutating func take(_ key: String) -> JSONNode? {
        for step in members.indices {
            let index = (cursor + step) % members.count
            if members[index].key == key {
                used |= 1 << UInt64(index)
                cursor = index + 1
                return members[index].value
            }
        }
        return nil
    }

    private mutating func require(_ key: String) throws(CommandProblem) -> JSONNode {
        guard let node = take(key) else { throw CommandProblem(.missingKey).within(key) }
        return node
    }

    /// Refuses keys that nobody asked for.
    func finish() throws(CommandProblem) {
        for index in members.indices where used & 1 << UInt64(index) == 0 {
            throw CommandProblem(.unknownKey).within(Self.shown(members[index].key))
        }
    }

    static func value<V: FieldValue>(_ node: JSONNode, _ key: String) throws(CommandProblem) -> V {
        guard let value = V(node: node) else {
            throw CommandProblem(.wrongValue, expected: V.expected(insteadOf: node)).within(key)
        }
        return value
    }

    mutating func field<V: FieldValue>(_ key: String, _ value: inout V) throws(CommandProblem) {
        value = try Self.value(try require(key), key)
    }

    mutating func field<V: FieldValue>(_ key: String, _ value: inout V?) throws(CommandProblem) {
        guard let node = take(key), node != .null else { return }
        value = try Self.value(node, key) as V
    }

    private mutating func nodes(_ key: String) throws(CommandProblem) -> [JSONNode] {
        guard let node = take(key) else { return [] }
        guard case .list(let nodes) = node else { throw CommandProblem(.wrongValue, expected: .list).within(key) }
        return nodes
    }

    mutating func list<V: FieldValue>(_ key: String, _ values: inout [V]) throws(CommandProblem) {
        for (index, node) in try nodes(key).enumerated() { values.append(try Self.value(node, "\(key)[\(index)]")) }
    }

    mutating func objects<P: CodedPayload>(_ key: String, _ values: inout [P]) throws(CommandProblem) {
        for (index, node) in try nodes(key).enumerated() {
            scope.memberPlace = index
            do {
                var reader = try FieldReader(node, scope: scope)
                values.append(try reader.payload())
            } catch {
                throw error.within("[\(index)]").within(key)
            }
        }
    }

    /// Reads a whole payload from this object.
    mutating func payload<P: CodedPayload>() throws(CommandProblem) -> P {
        var payload = P.blank
        try payload.code(with: &self)
        try finish()
        return payload
    }

    mutating func persons(_ key: String, _ values: inout [PersonID]) throws(CommandProblem) {
        for (index, node) in try nodes(key).enumerated() {
            var none: [SealedPart] = []
            values.append(try person(node, "\(key)[\(index)]", .member, &none))
        }
    }

    mutating func person(
        _ key: String, _ id: inout PersonID, _ use: PersonUse, _ sealed: inout [SealedPart]
    ) throws(CommandProblem) {
        if let node = take(key) {
            id = try person(node, key, use, &sealed)
        } else if use == .newMember {
            id = scope.newMember()
        } else {
            throw CommandProblem(.missingKey).within(key)
        }
    }

    mutating func person(
        _ key: String, _ id: inout PersonID?, _ use: PersonUse, _ sealed: inout [SealedPart]
    ) throws(CommandProblem) {
        guard let node = take(key), node != .null else { return }
        id = try person(node, key, use, &sealed)
    }

    private func person(
        _ node: JSONNode, _ key: String, _ use: PersonUse, _ sealed: inout [SealedPart]
    ) throws(CommandProblem) -> PersonID {
        if case .text(let text) = node, let id = PersonID(text) { return id }
        guard case .object = node else { throw CommandProblem(.wrongValue, expected: .person).within(key) }
        do {
            var reader = try FieldReader(node, scope: scope)
            let (id, details) = try reader.personObject(use)
            try reader.finish()
            if let details { sealed.append(SealedPart(subject: id, details: details)) }
            return id
        } catch {
            throw error.within(key)
        }
    }

    /// The keys of a person object: id or label, and details.
    private mutating func personObject(
        _ use: PersonUse
    ) throws(CommandProblem) -> (PersonID, PersonalDetails?) {
        let id: PersonID
        let given = take("id")
        let label = take("ref")
        if let given {
            guard label == nil, case .text(let text) = given, let found = PersonID(text) else {
                throw CommandProblem(.wrongValue, expected: .identifier).within("id")
            }
            id = found
        } else if let label {
            let text = try Self.label(label)
            do { id = try scope.person(labelled: text, use) } catch { throw error.within("ref") }
        } else if use == .newMember {
            id = scope.newMember()
        } else {
            throw CommandProblem(.missingKey).within("id")
        }
        var details = PersonalDetails()
        try details.code(with: &self)
        return (id, details.isEmpty ? nil : details)
    }

    /// A label; throws with the key `ref`.
    static func label(_ node: JSONNode) throws(CommandProblem) -> String {
        guard case .text(let text) = node, (1...64).contains(text.utf8.count) else {
            throw CommandProblem(.wrongValue, expected: .label).within("ref")
        }
        return text
    }
}
