import CareDomain

extension FactStated: WireMapped {
    init(wire: Care_V1_FactStated) throws(WireError) {
        self.init(
            fact: try Field.code(wire.fact, "fact"),
            subject: try Field.required(wire.hasSubject ? wire.subject : nil, "subject"),
            value: try Field.optional(wire.hasValue ? wire.value : nil, "value"),
            until: try Field.day(ifSet: wire.hasUntil ? wire.until : nil, "until"),
            source: try Field.code(wire.source, "source"),
            evidence: try Field.text(
                ifSet: wire.hasEvidence ? wire.evidence : nil, "evidence", limit: WireLimits.reference))
    }

    func wire() throws(WireError) -> Care_V1_FactStated {
        var wire = Care_V1_FactStated()
        wire.fact = fact.rawValue
        wire.subject = try subject.wire()
        if let value { wire.value = try value.wire() }
        if let until { wire.until = until.dayNumber }
        wire.source = source.rawValue
        if let evidence { wire.evidence = evidence }
        return wire
    }
}

extension IncidentReported.Victim: WireMapped {
    init(wire: Care_V1_IncidentReported.Victim) throws(WireError) {
        self.init(
            person: try Field.id(wire.person, "person"), outcome: try Field.code(wire.outcome, "outcome"),
            grade: wire.hasGrade ? try Field.count(wire.grade, "grade", in: 0...WireLimits.grade) : nil)
    }

    func wire() throws(WireError) -> Care_V1_IncidentReported.Victim {
        var wire = Care_V1_IncidentReported.Victim()
        wire.person = person.data
        wire.outcome = outcome.rawValue
        if let grade { wire.grade = try Field.number(grade, "grade") }
        return wire
    }
}

extension IncidentReported: WireMapped {
    init(wire: Care_V1_IncidentReported) throws(WireError) {
        self.init(
            kind: try Field.code(wire.kind, "kind"),
            victims: try Field.list(wire.victims, "victims", limit: WireLimits.victims))
    }

    func wire() throws(WireError) -> Care_V1_IncidentReported {
        var wire = Care_V1_IncidentReported()
        wire.kind = kind.rawValue
        wire.victims = try Field.wires(victims, "victims")
        return wire
    }
}
