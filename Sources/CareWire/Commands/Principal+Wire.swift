import CareDomain

extension Principal {
    /// Reads who speaks, as one service passes it to another. Never to be taken from a client's frame.
    package init(wire: Care_V1_Principal) throws(WireError) {
        let rights: [Right] = try Field.list(wire.rights, "rights", limit: WireLimits.rights, Right.init(wire:))
        self.init(
            peer: try Field.text(wire.peer, "peer", limit: WireLimits.peer), actor: try Field.code(wire.actor, "actor"),
            role: try Field.code(wire.role, "role"), department: try Field.code(wire.department, "department"),
            divisions: try Field.divisions(wire.divisions), rights: Set(rights),
            grant: try Field.id(ifSet: wire.hasGrantID ? wire.grantID : nil, "grant_id"))
    }

    /// The message; rights stand in the order of their numbers.
    package func wire() -> Care_V1_Principal {
        var wire = Care_V1_Principal()
        wire.peer = peer
        wire.actor = actor.rawValue
        wire.role = role.rawValue
        wire.department = department.rawValue
        wire.divisions = divisions.map(\.rawValue)
        wire.rights = rights.map(\.wire).sorted { $0.rawValue < $1.rawValue }
        if let grant { wire.grantID = grant.data }
        return wire
    }
}
