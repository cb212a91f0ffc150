/// 成员加入: a person belongs to the household from this day (usually long before it was registered).
package struct PersonJoined: Hashable, Sendable {
    package var person: PersonID
    package var role: MemberRole
    package var sex: Sex?
    package var birthDate: CivilDay?
    /// Token of the ID number; nil while the number is unknown.
    package var token: PersonToken?
    /// 同名同日另有其人: whether somebody said that this is another person than one of the same name and birth date in another
    /// household; nil = nothing was said. Why they are sure is the text of the person's sealed part.
    package var namesake: Bool?
    package var sealed: [SealedPart]

    package init(
        person: PersonID, role: MemberRole, sex: Sex? = nil, birthDate: CivilDay? = nil, token: PersonToken? = nil,
        namesake: Bool? = nil, sealed: [SealedPart] = []
    ) {
        self.person = person
        self.role = role
        self.sex = sex
        self.birthDate = birthDate
        self.token = token
        self.namesake = namesake
        self.sealed = sealed
    }
}

/// 成员离户: first day on which the person no longer belongs to the household.
package struct PersonLeft: Hashable, Sendable {
    package var person: PersonID
    package var reason: Code

    package init(person: PersonID, reason: Code) {
        self.person = person
        self.reason = reason
    }
}

/// 成员信息变更: what is known of a person changed from this day (telephone, address, name), or became known.
package struct PersonDetailsChanged: Hashable, Sendable {
    package var person: PersonID
    package var role: MemberRole?
    package var sex: Sex?
    package var birthDate: CivilDay?
    package var token: PersonToken?
    /// As in `PersonJoined`; nil = unchanged.
    package var namesake: Bool?
    package var sealed: [SealedPart]

    package init(
        person: PersonID, role: MemberRole? = nil, sex: Sex? = nil, birthDate: CivilDay? = nil,
        token: PersonToken? = nil, namesake: Bool? = nil, sealed: [SealedPart] = []
    ) {
        self.person = person
        self.role = role
        self.sex = sex
        self.birthDate = birthDate
        self.token = token
        self.namesake = namesake
        self.sealed = sealed
    }
}

/// 死亡: the person died on this day.
package struct PersonDied: Hashable, Sendable {
    package var person: PersonID
    package init(person: PersonID) { self.person = person }
}

/// 生育、再生育: a child was born into the household on this day.
///
/// For a household whose only child died or is disabled this is a rebirth and ends the status.
/// - Source: CZ-1.1 未再生育
package struct ChildBorn: Hashable, Sendable {
    /// The child as a member, when it was also added to the household.
    package var child: PersonID?
    package init(child: PersonID? = nil) { self.child = child }
}

/// 收养: the household adopted a child on this day.
/// - Source: CZ-1.1 未收养子女, CZ-2.6b
package struct ChildAdopted: Hashable, Sendable {
    package var child: PersonID?
    /// Whether the child was an orphan (孤儿); nil = unknown.
    package var isOrphan: Bool?
    /// Day of the application to the welfare institution, where on record (CZ-Q2).
    package var appliedOn: CivilDay?

    package init(child: PersonID? = nil, isOrphan: Bool? = nil, appliedOn: CivilDay? = nil) {
        self.child = child
        self.isOrphan = isOrphan
        self.appliedOn = appliedOn
    }
}

/// 残疾评定: outcome of an assessment, in force from this day until the next or until the certificate runs out.
package struct DisabilityAssessed: Hashable, Sendable {
    package var person: PersonID
    /// physical, sight, hearing, speech, intellectual, mental, multiple.
    package var kind: Code?
    /// 1 (most severe) to 4; 0 = assessed, no disability.
    package var grade: Int
    /// Last valid day printed on the certificate; that day still counts.
    package var validThrough: CivilDay?
    /// Certificate number, which contains the ID number.
    package var sealed: [SealedPart]

    package init(
        person: PersonID, kind: Code? = nil, grade: Int, validThrough: CivilDay? = nil, sealed: [SealedPart] = []
    ) {
        self.person = person
        self.kind = kind
        self.grade = grade
        self.validThrough = validThrough
        self.sealed = sealed
    }
}
