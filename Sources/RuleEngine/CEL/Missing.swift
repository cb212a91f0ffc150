import CareDomain

/// Something an answer waits for: a fact nobody has stated, or a parameter without a value.
package enum Missing: Hashable, Sendable {
    /// This fact of this subject is unknown on the day asked for.
    case fact(FactID, RuleSubject)
    /// This parameter has no value for these keys on the day asked for.
    case parameter(ParameterID, keys: [String])

    /// Code for logs, events and programs: `person.birth_date@person:…` or `parameter:cz.orphan_standard[urban]`.
    package var code: String {
        switch self {
        case .fact(let fact, .household): fact.rawValue
        case .fact(let fact, let subject): "\(fact.rawValue)@\(subject)"
        case .parameter(let parameter, let keys):
            "parameter:\(parameter.rawValue)" + (keys.isEmpty ? "" : "[\(keys.joined(separator: ","))]")
        }
    }

    /// Reads `code`.
    package init?(code: String) {
        let prefix = "parameter:"
        if code.hasPrefix(prefix) {
            let parts = code.dropFirst(prefix.count).split(separator: "[", maxSplits: 1)
            guard let name = parts.first, let parameter = ParameterID(name) else { return nil }
            let keys = parts.dropFirst().first?.dropLast().split(separator: ",").map(String.init) ?? []
            self = .parameter(parameter, keys: keys)
            return
        }
        let parts = code.split(separator: "@", maxSplits: 1)
        guard let name = parts.first, let fact = FactID(name) else { return nil }
        guard parts.count > 1 else {
            self = .fact(fact, .household)
            return
        }
        guard let subject = FactSubject(description: String(parts[1])) else { return nil }
        self = .fact(fact, subject)
    }

    /// Whether this is the parameter.
    func names(_ id: ParameterID) -> Bool {
        if case .parameter(id, _) = self { true } else { false }
    }

    /// Whether this is a parameter.
    package var isParameter: Bool {
        if case .parameter = self { true } else { false }
    }
}

extension Missing: Comparable {
    /// By `code`, which is written out only where facts or ids do not tell: families with little on record wait for dozens
    /// of facts.
    package static func < (left: Missing, right: Missing) -> Bool {
        guard case .fact(let one, let subject) = left, case .fact(let two, let other) = right else {
            return left.code < right.code
        }
        if one == two, case .person(let person) = subject, case .person(let another) = other {
            return person < another
        }
        let (name, second) = (one.rawValue, two.rawValue)
        let isOnePart = name.utf8.starts(with: second.utf8) || second.utf8.starts(with: name.utf8)
        return isOnePart ? left.code < right.code : name < second
    }
}

/// The causes of an unknown value, sorted and without repetition. Never empty.
package struct UnknownSet: Hashable, Sendable {
    /// What is missing, sorted.
    package let items: [Missing]

    package init(_ item: Missing) { items = [item] }

    private init(items: [Missing]) { self.items = items }

    /// Both sets together.
    func union(_ other: UnknownSet) -> UnknownSet {
        if self == other { return self }
        var result: [Missing] = []
        result.reserveCapacity(items.count + other.items.count)
        var (place, second) = (0, 0)
        while place < items.count, second < other.items.count {
            if items[place] == other.items[second] {
                result.append(items[place])
                place += 1
                second += 1
            } else if items[place] < other.items[second] {
                result.append(items[place])
                place += 1
            } else {
                result.append(other.items[second])
                second += 1
            }
        }
        result += items[place...]
        result += other.items[second...]
        return UnknownSet(items: result)
    }
}
