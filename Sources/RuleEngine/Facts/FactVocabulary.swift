import CareDomain

/// The facts a pack knows, sorted by id: what may be stated, about whom, with which values.
package struct FactVocabulary: Hashable, Sendable {
    /// Sorted by id.
    package let facts: [FactDefinition]
    private let indexes: [FactID: Int]

    /// The role a person has in the household; ends when the person leaves.
    package static let role = FactID(unchecked: "person.role")
    /// The last role a person had, also after leaving. Derived by the engine from `role`.
    package static let familyRole = FactID(unchecked: "person.family_role")
    /// Day of birth.
    package static let birthDate = FactID(unchecked: "person.birth_date")
    /// Day of death.
    package static let deathDate = FactID(unchecked: "person.death_date")

    /// Day on which a child was adopted.
    static let adoptedOn = FactID(unchecked: "person.adopted_on")
    /// Day on which the family adopted a child.
    static let adoptionOn = FactID(unchecked: "household.adoption_on")
    /// The role of an adopted child.
    static let adoptedChild = Value.string(MemberRole.adoptedChild.rawValue)

    /// Makes a vocabulary; `person.family_role` is added when `person.role` is there.
    package init(_ facts: [FactDefinition]) {
        var all = facts.filter { $0.id != Self.familyRole }
        if let role = facts.first(where: { $0.id == Self.role }) {
            all.append(
                FactDefinition(
                    id: Self.familyRole, subject: .person, type: role.type, nature: role.nature,
                    title: Wording("家庭关系", "family relation"), labels: role.labels, precedence: role.precedence))
        }
        self.facts = Self.whole(all.sorted { $0.id < $1.id })
        indexes = Dictionary(self.facts.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether a fact is recorded by events of its own (a move, a death, an assessment, a loan), and not as a statement of it.
    package static func isRecordedByEvents(_ fact: FactDefinition) -> Bool { OwnRecord(fact.id) != nil }

    /// What of a record of its own is kept from departments is all of it: the facts that name no departments are shown to those
    /// that another fact of their record names.
    private static func whole(_ facts: [FactDefinition]) -> [FactDefinition] {
        var shown: [OwnRecord: [DepartmentID]] = [:]
        for fact in facts {
            guard let record = OwnRecord(fact.id), record.canBeKept, let departments = fact.shownTo else { continue }
            if shown[record] == nil { shown[record] = departments }
        }
        guard !shown.isEmpty else { return facts }
        return facts.map { fact in
            guard fact.shownTo == nil, let departments = OwnRecord(fact.id).flatMap({ shown[$0] }) else { return fact }
            return fact.shown(to: departments)
        }
    }

    /// Number of facts.
    package var count: Int { facts.count }

    /// Place of the fact in `facts`.
    package func index(of fact: FactID) -> Int? { indexes[fact] }

    /// The definition of the fact; nil when the vocabulary does not know it.
    package subscript(fact: FactID) -> FactDefinition? { indexes[fact].map { facts[$0] } }

    /// Facts that somebody may have meant by a name the vocabulary does not know: those of the same word about another
    /// subject, then those spelt almost so; three at most.
    package func near(_ name: String) -> [FactID] {
        let parts = name.split(separator: ".", maxSplits: 1)
        let word = Array((parts.last ?? "").utf8)
        let ranked = facts.filter { $0.id != Self.familyRole }.compactMap { fact -> (distance: Int, id: FactID)? in
            let other = fact.id.rawValue.split(separator: ".", maxSplits: 1)
            let distance =
                Self.distance(word, Array((other.last ?? "").utf8)) * 2 + (other.first == parts.first ? 0 : 1)
            return distance <= 1 + word.count / 2 ? (distance, fact.id) : nil
        }
        return ranked.sorted { ($0.distance, $0.id) < ($1.distance, $1.id) }.prefix(3).map(\.id)
    }

    /// Letters to change, add or leave out to make one word the other.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (place, letter) in one.enumerated() {
            var corner = row[0]
            row[0] = place + 1
            for (index, candidate) in other.enumerated() {
                let change = corner + (letter == candidate ? 0 : 1)
                corner = row[index + 1]
                row[index + 1] = min(change, corner + 1, row[index] + 1)
            }
        }
        return row[other.count]
    }

    /// Checks what somebody wants to state. nil = it may be stated.
    ///
    /// A nil `value` ends an earlier statement and needs only a known fact and the right subject.
    /// - Parameter root: what the log it is stated in is about.
    package func check(
        fact: FactID, subject: RuleSubject, value: FactValue?, root: EntityKind = .household
    ) -> VocabularyIssue? {
        guard let definition = self[fact], fact != Self.familyRole else { return .unknownFact(fact) }
        guard definition.subject == subject.kind(in: root) else {
            return .wrongSubject(fact, expected: definition.subject, actual: subject.kind(in: root))
        }
        guard let value, !definition.accepts(value) else { return nil }
        return .wrongValue(definition)
    }

    /// Checks a stated fact. nil = it may be stated.
    package func check(_ stated: FactStated) -> VocabularyIssue? {
        check(fact: stated.fact, subject: stated.subject, value: stated.value)
    }
}

/// Why a fact cannot be stated as it stands.
package enum VocabularyIssue: Error, Hashable, Sendable {
    case unknownFact(FactID)
    case wrongSubject(FactID, expected: EntityKind, actual: EntityKind)
    case wrongValue(FactDefinition)

    /// Stable code.
    package var code: String {
        switch self {
        case .unknownFact: "fact.unknown"
        case .wrongSubject: "fact.wrong_subject"
        case .wrongValue: "fact.wrong_value"
        }
    }

    /// What is wrong and what would be right.
    package var wording: Wording {
        switch self {
        case .unknownFact(let fact):
            return Wording("词汇表中没有事实 \(fact)", "the vocabulary has no fact \(fact)")
        case .wrongSubject(let fact, let expected, let actual):
            return Wording(
                "事实 \(fact) 应针对\(expected.wording.chinese)，不是\(actual.wording.chinese)",
                "fact \(fact) is about a \(expected.rawValue), not a \(actual.rawValue)")
        case .wrongValue(let definition):
            let expected: Wording =
                switch definition.type {
                case .bool: Wording("是或否", "true or false")
                case .int(let range):
                    Wording(
                        "\(range.lowerBound) 至 \(range.upperBound) 的整数",
                        "a whole number from \(range.lowerBound) to \(range.upperBound)")
                case .decimal: Wording("至多三位小数的数", "a number with at most three decimals")
                case .code(let codes):
                    Wording(
                        "下列之一：" + codes.map { definition.labels[$0]?.chinese ?? $0.rawValue }.joined(separator: "、"),
                        "one of " + codes.map(\.rawValue).joined(separator: ", "))
                case .date: Wording("日期", "a day")
                case .money: Wording("金额（分）", "an amount in fen")
                case .reference: Wording("编号", "a reference")
                case .division: Wording("6、9 或 12 位区划代码", "a division code of 6, 9 or 12 digits")
                }
            return Wording(
                "\(definition.title.chinese)（\(definition.id)）的值应为\(expected.chinese)",
                "the value of \(definition.id) must be \(expected.english)")
        }
    }
}
