import CareDomain

extension PersonJoined: WireMapped {
    init(wire: Care_V1_PersonJoined) throws(WireError) {
        guard let role = try MemberRole.ifSet(wire.role, "role") else { throw WireError(.missing, "role") }
        self.init(
            person: try Field.id(wire.person, "person"), role: role, sex: try Sex.ifSet(wire.sex, "sex"),
            birthDate: try Field.day(ifSet: wire.hasBirthDate ? wire.birthDate : nil, "birth_date"),
            token: try Field.id(ifSet: wire.hasToken ? wire.token : nil, "token"),
            namesake: wire.hasNamesake ? wire.namesake : nil, sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_PersonJoined {
        var wire = Care_V1_PersonJoined()
        wire.person = person.data
        wire.role = role.wire
        if let sex { wire.sex = sex.wire }
        if let birthDate { wire.birthDate = birthDate.dayNumber }
        if let token { wire.token = token.data }
        if let namesake { wire.namesake = namesake }
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension PersonLeft: WireMapped {
    init(wire: Care_V1_PersonLeft) throws(WireError) {
        self.init(person: try Field.id(wire.person, "person"), reason: try Field.code(wire.reason, "reason"))
    }

    func wire() throws(WireError) -> Care_V1_PersonLeft {
        var wire = Care_V1_PersonLeft()
        wire.person = person.data
        wire.reason = reason.rawValue
        return wire
    }
}

extension PersonDetailsChanged: WireMapped {
    init(wire: Care_V1_PersonDetailsChanged) throws(WireError) {
        self.init(
            person: try Field.id(wire.person, "person"), role: try MemberRole.ifSet(wire.role, "role"),
            sex: try Sex.ifSet(wire.sex, "sex"),
            birthDate: try Field.day(ifSet: wire.hasBirthDate ? wire.birthDate : nil, "birth_date"),
            token: try Field.id(ifSet: wire.hasToken ? wire.token : nil, "token"),
            namesake: wire.hasNamesake ? wire.namesake : nil, sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_PersonDetailsChanged {
        var wire = Care_V1_PersonDetailsChanged()
        wire.person = person.data
        if let role { wire.role = role.wire }
        if let sex { wire.sex = sex.wire }
        if let birthDate { wire.birthDate = birthDate.dayNumber }
        if let token { wire.token = token.data }
        if let namesake { wire.namesake = namesake }
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension PersonDied: WireMapped {
    init(wire: Care_V1_PersonDied) throws(WireError) {
        self.init(person: try Field.id(wire.person, "person"))
    }

    func wire() throws(WireError) -> Care_V1_PersonDied {
        var wire = Care_V1_PersonDied()
        wire.person = person.data
        return wire
    }
}

extension ChildBorn: WireMapped {
    init(wire: Care_V1_ChildBorn) throws(WireError) {
        self.init(child: try Field.id(ifSet: wire.hasChild ? wire.child : nil, "child"))
    }

    func wire() throws(WireError) -> Care_V1_ChildBorn {
        var wire = Care_V1_ChildBorn()
        if let child { wire.child = child.data }
        return wire
    }
}

extension ChildAdopted: WireMapped {
    init(wire: Care_V1_ChildAdopted) throws(WireError) {
        self.init(
            child: try Field.id(ifSet: wire.hasChild ? wire.child : nil, "child"),
            isOrphan: wire.hasIsOrphan ? wire.isOrphan : nil,
            appliedOn: try Field.day(ifSet: wire.hasAppliedOn ? wire.appliedOn : nil, "applied_on"))
    }

    func wire() throws(WireError) -> Care_V1_ChildAdopted {
        var wire = Care_V1_ChildAdopted()
        if let child { wire.child = child.data }
        if let isOrphan { wire.isOrphan = isOrphan }
        if let appliedOn { wire.appliedOn = appliedOn.dayNumber }
        return wire
    }
}

extension DisabilityAssessed: WireMapped {
    init(wire: Care_V1_DisabilityAssessed) throws(WireError) {
        self.init(
            person: try Field.id(wire.person, "person"),
            kind: try Field.code(ifSet: wire.hasKind ? wire.kind : nil, "kind"),
            grade: try Field.count(wire.grade, "grade", in: 0...WireLimits.grade),
            validThrough: try Field.day(ifSet: wire.hasValidThrough ? wire.validThrough : nil, "valid_through"),
            sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_DisabilityAssessed {
        var wire = Care_V1_DisabilityAssessed()
        wire.person = person.data
        if let kind { wire.kind = kind.rawValue }
        wire.grade = try Field.number(grade, "grade")
        if let validThrough { wire.validThrough = validThrough.dayNumber }
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}
