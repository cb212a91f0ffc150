import CareDomain

extension GuardianNamed: WireMapped {
    init(wire: Care_V1_GuardianNamed) throws(WireError) {
        self.init(
            person: try Field.id(wire.person, "person"), guardian: try Field.id(wire.guardian, "guardian"),
            namedBy: try Field.code(wire.namedBy, "named_by"), relation: try Field.code(wire.relation, "relation"),
            sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_GuardianNamed {
        var wire = Care_V1_GuardianNamed()
        wire.person = person.data
        wire.guardian = guardian.data
        wire.namedBy = namedBy.rawValue
        wire.relation = relation.rawValue
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension GuardianConsented: WireMapped {
    init(wire: Care_V1_GuardianConsented) throws(WireError) {
        self.init(person: try Field.id(wire.person, "person"), guardian: try Field.id(wire.guardian, "guardian"))
    }

    func wire() throws(WireError) -> Care_V1_GuardianConsented {
        var wire = Care_V1_GuardianConsented()
        wire.person = person.data
        wire.guardian = guardian.data
        return wire
    }
}

extension GuardianNotarised: WireMapped {
    init(wire: Care_V1_GuardianNotarised) throws(WireError) {
        self.init(
            person: try Field.id(wire.person, "person"), guardian: try Field.id(wire.guardian, "guardian"),
            certificate: try Field.text(wire.certificate, "certificate", limit: WireLimits.certificate),
            scope: try Field.codes(wire.scopes, "scopes", limit: WireLimits.scopes),
            feeWaived: wire.hasFeeWaived ? wire.feeWaived : nil)
    }

    func wire() throws(WireError) -> Care_V1_GuardianNotarised {
        var wire = Care_V1_GuardianNotarised()
        wire.person = person.data
        wire.guardian = guardian.data
        wire.certificate = certificate
        wire.scopes = scope.map(\.rawValue)
        if let feeWaived { wire.feeWaived = feeWaived }
        return wire
    }
}

extension GuardianEnded: WireMapped {
    init(wire: Care_V1_GuardianEnded) throws(WireError) {
        self.init(
            person: try Field.id(wire.person, "person"), guardian: try Field.id(wire.guardian, "guardian"),
            reason: try Field.code(wire.reason, "reason"))
    }

    func wire() throws(WireError) -> Care_V1_GuardianEnded {
        var wire = Care_V1_GuardianEnded()
        wire.person = person.data
        wire.guardian = guardian.data
        wire.reason = reason.rawValue
        return wire
    }
}
