import CareDomain

extension PairingAssigned: WireMapped {
    init(wire: Care_V1_PairingAssigned) throws(WireError) {
        self.init(
            kind: try Field.code(wire.kind, "kind"),
            helper: try Field.required(wire.hasHelper ? wire.helper : nil, "helper"),
            sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_PairingAssigned {
        var wire = Care_V1_PairingAssigned()
        wire.kind = kind.rawValue
        wire.helper = try Field.wire(helper, "helper")
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension PairingHandedOver: WireMapped {
    init(wire: Care_V1_PairingHandedOver) throws(WireError) {
        self.init(
            kind: try Field.code(wire.kind, "kind"), from: try Field.id(wire.from, "from"),
            to: try Field.required(wire.hasTo ? wire.to : nil, "to"), reason: try Field.code(wire.reason, "reason"),
            sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_PairingHandedOver {
        var wire = Care_V1_PairingHandedOver()
        wire.kind = kind.rawValue
        wire.from = from.data
        wire.to = try Field.wire(to, "to")
        wire.reason = reason.rawValue
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension PairingEnded: WireMapped {
    init(wire: Care_V1_PairingEnded) throws(WireError) {
        self.init(
            kind: try Field.code(wire.kind, "kind"), helper: try Field.id(wire.helper, "helper"),
            reason: try Field.code(wire.reason, "reason"))
    }

    func wire() throws(WireError) -> Care_V1_PairingEnded {
        var wire = Care_V1_PairingEnded()
        wire.kind = kind.rawValue
        wire.helper = helper.data
        wire.reason = reason.rawValue
        return wire
    }
}
