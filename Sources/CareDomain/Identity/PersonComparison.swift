/// Whether two descriptions are of one person: each trait is held against the other's, and a fixed rule says what follows.
///
/// The door and the imports ask this one type who is who within a family, so that neither adds a second time whom the other
/// knows. It holds no state and looks at nothing but the two descriptions. In the order in which they decide:
///
/// | Traits | Verdict |
/// |---|---|
/// | both bear ID numbers, or tokens of them | same, or different |
/// | birth dates differ | different |
/// | sexes differ | different |
/// | one name, one birth date | same |
/// | one name, a birth date not known, both parents of the family | same |
/// | anything else | unknown |
///
/// Another name alone makes nobody another person, for names are mistyped; one birth date alone makes nobody the same one, for
/// twins share it. What of that is enough where only one person can be meant is for whoever asks.
package struct PersonComparison: Hashable, Sendable {
    /// How one trait of the two stands; unknown where one of them does not tell it.
    package enum Agreement: Hashable, Sendable { case same, differs, unknown }

    /// What a verdict rests on.
    package enum Grounds: Hashable, Sendable, CaseIterable {
        case idNumber, birthDate, sex
        case nameAndBirthDate
        /// In one family no two parents bear one name.
        case nameAmongParents
    }

    package enum Verdict: Hashable, Sendable {
        case same(by: Grounds)
        case different(by: Grounds)
        case unknown
    }

    package let idNumber: Agreement
    package let name: Agreement
    package let birthDate: Agreement
    package let sex: Agreement
    /// The role in the family; unknown where one of them has none.
    package let role: Agreement
    private let areParents: Bool

    package init(_ first: PersonTraits, _ second: PersonTraits) {
        let tokens = Self.agreement(first.token, second.token)
        idNumber = tokens == .unknown ? Self.agreement(first.idNumber, second.idNumber) : tokens
        name = Self.agreement(first.name, second.name)
        birthDate = Self.agreement(first.birthDate, second.birthDate)
        sex = Self.agreement(first.sex, second.sex)
        role = Self.agreement(first.role, second.role)
        areParents = first.role?.isParent == true && second.role?.isParent == true
    }

    /// The verdict; the table above.
    package var verdict: Verdict {
        switch idNumber {
        case .same: return .same(by: .idNumber)
        case .differs: return .different(by: .idNumber)
        case .unknown: break
        }
        if birthDate == .differs { return .different(by: .birthDate) }
        if sex == .differs { return .different(by: .sex) }
        guard name == .same else { return .unknown }
        if birthDate == .same { return .same(by: .nameAndBirthDate) }
        return areParents ? .same(by: .nameAmongParents) : .unknown
    }

    /// Whether it is one person.
    package var isSame: Bool { if case .same = verdict { true } else { false } }
    /// Whether they are two people.
    package var isDifferent: Bool { if case .different = verdict { true } else { false } }

    private static func agreement<Trait: Equatable>(_ first: Trait?, _ second: Trait?) -> Agreement {
        guard let first, let second else { return .unknown }
        return first == second ? .same : .differs
    }
}
