/// Who speaks, as the domain needs it: the person behind a command and what that person may do.
///
/// Built from the key that spoke (never from the frame) and the actor it vouches for; rights are those of both.
package struct Principal: Hashable, Sendable {
    /// Name of the peer whose key spoke.
    package var peer: String
    /// Account of the person who acts; a code, never the person's name.
    package var actor: Code
    /// The role that stands in the record: of several the first by its code.
    package var role: Code
    /// All roles of the key, which has the rights of each of them.
    package var roles: Set<Code>
    package var department: DepartmentID
    /// The divisions in which the principal may act; empty = none.
    package var divisions: [DivisionCode]
    package var rights: Set<Right>
    /// The signed grant that a vouching peer passed on.
    package var grant: CommandID?

    /// What may be allowed beyond plain reading of one's own households.
    package enum Right: String, Hashable, Sendable, CaseIterable {
        /// Send commands.
        case command
        /// Query.
        case query
        /// Open sealed parts with a reason.
        case reveal
        /// Declare when a source learned something.
        case importHistory = "import-history"
        /// Speak for persons without a key of their own.
        case vouch
        /// Publish packs, set parameters, rebuild projections, manage parked events.
        case operate
        /// Append directly (services only).
        case append
    }

    package init(
        peer: String, actor: Code, role: Code, department: DepartmentID, divisions: [DivisionCode],
        rights: Set<Right>, grant: CommandID? = nil, roles: Set<Code> = []
    ) {
        self.peer = peer
        self.actor = actor
        self.role = role
        self.roles = roles.union([role])
        self.department = department
        self.divisions = divisions
        self.rights = rights
        self.grant = grant
    }

    /// Whether the principal may act in the division.
    package func mayAct(in division: DivisionCode) -> Bool { divisions.contains { division.isWithin($0) } }
}

/// Everything about an append that is not the event itself; it stands in every record.
package struct EventContext: Hashable, Sendable {
    package var principal: Principal
    package var command: CommandID
    /// The command or event that led to this one.
    package var causation: String?
    /// W3C traceparent of the whole case.
    package var traceparent: String?
    /// Statute or consent on which the processing rests, a code of the deployment.
    package var legalBasis: Code?

    package init(
        principal: Principal, command: CommandID, causation: String? = nil, traceparent: String? = nil,
        legalBasis: Code? = nil
    ) {
        self.principal = principal
        self.command = command
        self.causation = causation
        self.traceparent = traceparent
        self.legalBasis = legalBasis
    }
}
