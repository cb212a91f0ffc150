import CareDomain

/// What kind of thing a fact or a right belongs to.
package enum EntityKind: String, Hashable, Sendable, CaseIterable {
    case household
    case person
    case incident

    /// The word used in messages.
    package var wording: Wording {
        switch self {
        case .household: Wording("户", "household")
        case .person: Wording("人", "person")
        case .incident: Wording("事件", "incident")
        }
    }
}

/// Whom a fact is about or a right belongs to: the household, one of its persons, or one incident that struck it.
package enum RuleSubject: Hashable, Sendable {
    case household
    case person(PersonID)
    /// The incident recorded by this event of the household's stream.
    case incident(EventReference)

    /// Takes over the subject of a stated fact.
    package init(_ subject: FactSubject) {
        switch subject {
        case .household: self = .household
        case .person(let person): self = .person(person)
        }
    }

    /// The kind of this subject.
    package var kind: EntityKind {
        switch self {
        case .household: .household
        case .person: .person
        case .incident: .incident
        }
    }
}

extension RuleSubject: Comparable {
    /// The household first, then persons by id, then incidents by event.
    package static func < (left: RuleSubject, right: RuleSubject) -> Bool {
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

extension RuleSubject: CustomStringConvertible {
    /// `household`, `person:<id>` or `incident:<sequence>`.
    package var description: String {
        switch self {
        case .household: "household"
        case .person(let person): "person:\(person)"
        case .incident(let event): "incident:\(event.sequence)"
        }
    }
}
