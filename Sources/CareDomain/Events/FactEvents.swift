/// Whom a fact is about or a right belongs to: the household, one of its persons, or one incident that struck it.
package enum FactSubject: Hashable, Sendable {
    case household
    case person(PersonID)
    /// The incident recorded by this event of the household's stream.
    case incident(EventReference)
}

extension FactSubject: Comparable {
    /// The household first, then persons by id, then incidents by event.
    package static func < (left: FactSubject, right: FactSubject) -> Bool {
        switch (left, right) {
        case (.household, .household): false
        case (.household, _): true
        case (_, .household): false
        case (.person(let one), .person(let two)): one < two
        case (.person, .incident): true
        case (.incident, .person): false
        case (.incident(let one), .incident(let two)): one < two
        }
    }
}

extension FactSubject: CustomStringConvertible {
    /// `household`, `person:<id>` or `incident:<sequence>`.
    package var description: String {
        switch self {
        case .household: "household"
        case .person(let person): "person:\(person)"
        case .incident(let event): "incident:\(event.sequence)"
        }
    }
}

extension FactSubject {
    /// Reads `description`.
    package init?(description: String) {
        if description == "household" {
            self = .household
            return
        }
        let parts = description.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "person":
            guard let person = PersonID(parts[1]) else { return nil }
            self = .person(person)
        case "incident":
            guard let sequence = UInt64(parts[1]) else { return nil }
            self = .incident(EventReference(sequence: sequence))
        default: return nil
        }
    }
}

/// 事实陈述: a fact that only rules read, checked against the published vocabulary. It holds from the event's day.
package struct FactStated: Hashable, Sendable {
    package var fact: FactID
    package var subject: FactSubject
    /// nil ends what was stated before: the fact is no longer known to hold.
    package var value: FactValue?
    /// First day on which it no longer holds; nil = until another statement.
    package var until: CivilDay?
    /// Kind of source: form, certificate, list of another department, statement.
    package var source: Code
    /// Reference to evidence kept elsewhere.
    package var evidence: String?

    package init(
        fact: FactID, subject: FactSubject, value: FactValue?, until: CivilDay? = nil, source: Code,
        evidence: String? = nil
    ) {
        self.fact = fact
        self.subject = subject
        self.value = value
        self.until = until
        self.source = source
        self.evidence = evidence
    }
}

/// 突发事件: something struck the household on this day.
/// - Source: CZ-2.2
package struct IncidentReported: Hashable, Sendable {
    /// What it did to one person.
    package struct Victim: Hashable, Sendable {
        package var person: PersonID
        /// death or disability.
        package var outcome: Code
        package var grade: Int?

        package init(person: PersonID, outcome: Code, grade: Int? = nil) {
            self.person = person
            self.outcome = outcome
            self.grade = grade
        }
    }

    /// sudden_event, natural_disaster, accident.
    package var kind: Code
    package var victims: [Victim]

    package init(kind: Code, victims: [Victim]) {
        self.kind = kind
        self.victims = victims
    }
}
