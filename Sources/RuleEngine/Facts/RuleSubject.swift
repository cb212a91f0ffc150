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

/// Whom a fact is about or a right belongs to, as rules name it.
package typealias RuleSubject = FactSubject

extension FactSubject {
    /// The kind of this subject.
    package var kind: EntityKind {
        switch self {
        case .household: .household
        case .person: .person
        case .incident: .incident
        }
    }
}
