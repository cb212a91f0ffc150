import ZeroMQ

/// What a peer may do beyond asking for what its roles allow; numbers of `Right` in Proto/care/v1/access.proto.
package enum PeerRight: UInt32, Sendable, CaseIterable {
    /// Send commands.
    case command = 1
    /// Ask the read models.
    case query = 2
    /// Open sealed parts with a reason.
    case reveal = 3
    /// Say when a source learned something.
    case importHistory = 4
    /// Speak for persons without a key of their own, with signed grants.
    case vouch = 5
    /// Publish packs, set parameters, rebuild, manage parked events.
    case operate = 6
    /// Append to the log and read it whole; services only.
    case append = 7

    /// Name in the peer list.
    package var name: String {
        switch self {
        case .command: "command"
        case .query: "query"
        case .reveal: "reveal"
        case .importHistory: "import-history"
        case .vouch: "vouch"
        case .operate: "operate"
        case .append: "append"
        }
    }

    /// The right with this name in the peer list.
    package init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }
}

/// One key of the list, and whom it stands for: one key is one peer.
package struct Peer: Sendable, Hashable {
    /// Its name, unique in the list; stands in every event that it caused.
    package var name: String
    /// The key it speaks with.
    package var key: CurvePublicKey
    /// Its department, a code.
    package var department: String
    /// Divisions in which it may act, beginnings of codes; none = everywhere.
    package var divisions: [String]
    /// Its roles, codes.
    package var roles: Set<String>
    /// Event types that it may append, by number; matters only with the right `append`.
    package var eventKinds: Set<UInt32>
    /// What it may do.
    package var rights: Set<PeerRight>
    /// UTC microseconds from which on the key counts no more; `nil` = no end.
    package var expiresAt: Int64?

    /// A peer from its parts.
    package init(
        name: String, key: CurvePublicKey, department: String = "", divisions: [String] = [],
        roles: Set<String> = [], eventKinds: Set<UInt32> = [], rights: Set<PeerRight> = [], expiresAt: Int64? = nil
    ) {
        self.name = name
        self.key = key
        self.department = department
        self.divisions = divisions
        self.roles = roles
        self.eventKinds = eventKinds
        self.rights = rights
        self.expiresAt = expiresAt
    }

    /// Whether the key counts at this moment.
    package func isValid(at utcMicroseconds: Int64) -> Bool {
        expiresAt.map { utcMicroseconds < $0 } ?? true
    }
}
