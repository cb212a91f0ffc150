import CareDomain

/// A task or a record that a clause asks of somebody.
package struct Duty: Hashable, Sendable {
    package let clause: ClauseID
    package let title: Wording
    /// Who has to do it.
    package let owner: DepartmentID
    /// Where a reading decides: as by its default.
    package let due: DueRule
    /// The reading that decides when it is due; nil = none does.
    package let dueByReading: DueRule.ByReading?
    /// What shows that it was done.
    package let evidence: Wording
}

/// A kind of pairing slot.
package struct PairingKindDefinition: Hashable, Sendable {
    package let kind: PairingKind
    package let title: Wording
    /// Whether the slot is filled by a person (干部, 党员, 志愿者) rather than by a body (部门).
    package let isPersonal: Bool
}

/// A code with its label: visit kinds, forms, guardian states and the like.
package struct LabelledCode: Hashable, Sendable {
    package let code: Code
    package let title: Wording

    package init(code: Code, title: Wording) {
        self.code = code
        self.title = title
    }
}

/// A family type shown on the archive page, and the derived fact that tells it.
package struct FamilyType: Hashable, Sendable {
    package let code: Code
    package let title: Wording
    /// A derived bool fact of the household.
    package let fact: FactID
}

/// How a guardian comes about.
/// - Source: CZ-2.13a
package struct GuardianRules: Hashable, Sendable {
    /// Who may name one: `org.community`, `org.employer`.
    package let namedBy: [DepartmentID]
    /// relative, staff.
    package let relations: [LabelledCode]
    /// States in order: proposed, consented, notarised, active, ended.
    package let states: [LabelledCode]
    /// Scopes: admission, surgery, other.
    package let scopes: [LabelledCode]
}

/// A major holiday of the pack; when it falls is asked of `Festival`.
package struct HolidayDefinition: Hashable, Sendable {
    /// Code of a `Festival`.
    package let code: Code
    package let title: Wording

    /// The feast with its days off in a year; nil outside the years of the lunar table.
    package func period(year: Int) -> DayPeriod? { Festival.named(code)?.period(year: year) }
}

/// A visit form and its fields.
package struct VisitFormDefinition: Hashable, Sendable {
    package let code: Code
    package let title: Wording
    package let fields: [LabelledCode]
}

/// What somebody is told ahead of time, and how long before.
package struct NoticeRules: Hashable, Sendable {
    /// The review of a disability certificate that runs out.
    package struct CertificateReview: Hashable, Sendable {
        /// The clause that rests on the certificate.
        package let clause: ClauseID
        /// Who has to see to it.
        package let owner: DepartmentID
        /// Days before the last valid day.
        package let days: Int
    }

    /// Days before a right begins.
    package let rightBeginsDays: Int
    /// nil = certificates are not reviewed.
    package let certificateReview: CertificateReview?
}

/// What a pack asks of the people who care: pairing slots, visits, guardians, and the lists they use.
package struct DutyCatalog: Hashable, Sendable {
    /// Duties in the order of the pack.
    package let duties: [Duty]
    /// The clause that asks for helpers; nil = the pack knows no pairing.
    package let pairingClause: ClauseID?
    /// Slots a household must have filled, in the order of the pack. Empty = the pack knows no pairing.
    package let pairingKinds: [PairingKindDefinition]
    /// Whether the personal slots must be filled by different people; they must, unless the pack has a reading for it.
    /// - Source: CZ-Q26
    package let pairingNeedsDistinctPersons: Bool
    /// What is to be on record of a helper: a slot without a real name is empty, and one of whose helper anything else of it
    /// is lacking does not count as filled. Empty where the pack asks for no real names.
    /// - Source: CZ-2.14a 实名制, CZ-Q27
    package let pairingAsks: HelperDetails
    package let guardian: GuardianRules?
    /// The clause that asks for a visit to every family; nil = the pack asks for none.
    package let visitingClause: ClauseID?
    package let visitKinds: [LabelledCode]
    package let visitForms: [VisitFormDefinition]
    package let needKinds: [LabelledCode]
    package let holidays: [HolidayDefinition]
    package let notices: NoticeRules

    /// Whether a slot without a real name is empty.
    package var pairingNeedsRealName: Bool { pairingAsks.contains(.name) }

    /// The duty of a clause.
    package func duty(of clause: ClauseID) -> Duty? { duties.first { $0.clause == clause } }
}
