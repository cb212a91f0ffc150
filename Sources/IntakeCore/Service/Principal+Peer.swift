import CareDomain
import MessageBus

extension Principal {
    /// The principal that a peer is when it speaks for itself: the actor is the key's own name.
    ///
    /// - Returns: nil when the list gives the peer a name, role or division that is not a code.
    package init?(peer: Peer) {
        guard let actor = Code(peer.name),
            let department = DepartmentID(peer.department.isEmpty ? "none" : peer.department),
            let role = Code(peer.roles.min() ?? "none")
        else { return nil }
        let roles = peer.roles.compactMap { Code($0) }
        var divisions: [DivisionCode] = []
        for text in peer.divisions {
            // The list may name the beginning of a code: 4310 is the city 431000 with all its parts.
            let padded = text + String(repeating: "0", count: max(0, 6 - text.utf8.count))
            guard let division = DivisionCode(padded) else { return nil }
            divisions.append(division)
        }
        self.init(
            peer: peer.name, actor: actor, role: role, department: department, divisions: divisions,
            rights: Set(peer.rights.compactMap { Right(rawValue: $0.name) }), roles: Set(roles))
    }
}

extension Caller {
    /// Who speaks in a request, and for which case.
    init(_ principal: Principal, _ request: IncomingRequest) {
        self.init(principal: principal, traceparent: request.traceparent.isEmpty ? nil : request.traceparent)
    }
}
