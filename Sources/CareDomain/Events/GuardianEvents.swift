/// 指定监护人: the village or the employer named a relative or staff member.
/// - Source: CZ-2.13a
package struct GuardianNamed: Hashable, Sendable {
    /// The member to be cared for.
    package var person: PersonID
    /// The guardian.
    package var guardian: PersonID
    /// Who named: `org.community` or `org.employer`.
    package var namedBy: DepartmentID
    /// relative or staff.
    package var relation: Code
    package var sealed: [SealedPart]

    package init(
        person: PersonID, guardian: PersonID, namedBy: DepartmentID, relation: Code, sealed: [SealedPart] = []
    ) {
        self.person = person
        self.guardian = guardian
        self.namedBy = namedBy
        self.relation = relation
        self.sealed = sealed
    }
}

/// 本人同意: the family member agreed to the guardian.
package struct GuardianConsented: Hashable, Sendable {
    package var person: PersonID
    package var guardian: PersonID

    package init(person: PersonID, guardian: PersonID) {
        self.person = person
        self.guardian = guardian
    }
}

/// 公证: notarised; the guardian is active from this day.
package struct GuardianNotarised: Hashable, Sendable {
    package var person: PersonID
    package var guardian: PersonID
    /// Number of the notarial certificate.
    package var certificate: String
    /// Duties: admission, surgery, other.
    package var scope: [Code]
    /// Whether the fee was waived (CZ-2.13b); nil = not recorded.
    package var feeWaived: Bool?

    package init(
        person: PersonID, guardian: PersonID, certificate: String, scope: [Code] = [], feeWaived: Bool? = nil
    ) {
        self.person = person
        self.guardian = guardian
        self.certificate = certificate
        self.scope = scope
        self.feeWaived = feeWaived
    }
}

/// 监护终止: first day without this guardian.
package struct GuardianEnded: Hashable, Sendable {
    package var person: PersonID
    package var guardian: PersonID
    package var reason: Code

    package init(person: PersonID, guardian: PersonID, reason: Code) {
        self.person = person
        self.guardian = guardian
        self.reason = reason
    }
}
