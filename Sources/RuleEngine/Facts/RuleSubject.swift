import CareDomain

/// What kind of thing a fact or a right belongs to.
package enum EntityKind: String, Hashable, Sendable, CaseIterable {
    case household
    case person
    case incident
    case village
    /// A county, district, street or office that carries a measure out and settles for it.
    case unit
    case city
    case loan

    /// The subject whose log this is kept in: persons and incidents belong to a household, everything else to itself.
    package var root: EntityKind {
        switch self {
        case .household, .person, .incident: .household
        case .village, .unit, .city, .loan: self
        }
    }

    /// The word used in messages.
    package var wording: Wording {
        switch self {
        case .household: Wording("户", "household")
        case .person: Wording("人", "person")
        case .incident: Wording("事件", "incident")
        case .village: Wording("村", "village")
        case .unit: Wording("单位", "unit")
        case .city: Wording("市", "city")
        case .loan: Wording("借款", "loan")
        }
    }
}

/// Whom a fact is about or a right belongs to, as rules name it. `household` stands for the subject of the log itself,
/// also where that is a village, a unit, a city or a loan.
package typealias RuleSubject = FactSubject

extension FactSubject {
    /// The kind of this subject in a log of the given kind.
    package func kind(in root: EntityKind) -> EntityKind {
        switch self {
        case .household: root
        case .person: .person
        case .incident: .incident
        }
    }
}
