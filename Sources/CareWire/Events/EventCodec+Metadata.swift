import CareDomain

extension EventCodec {
    /// Encodes who spoke, for whom and why. The principal's rights are not part of it: they are those of the moment.
    package static func metadata(
        _ context: EventContext, correction: Correction? = nil
    ) throws(WireError) -> [UInt8] {
        let principal = context.principal
        var wire = Care_V1_EventMetadata()
        wire.peer = principal.peer
        wire.actor = principal.actor.rawValue
        wire.role = principal.role.rawValue
        wire.department = principal.department.rawValue
        wire.divisions = principal.divisions.map(\.rawValue)
        if let grant = principal.grant { wire.grantID = grant.data }
        if let causation = context.causation { wire.causation = causation }
        if let traceparent = context.traceparent { wire.traceparent = traceparent }
        if let legalBasis = context.legalBasis { wire.legalBasis = legalBasis.rawValue }
        if let correction { wire.correction = try Field.wire(correction, "correction") }
        _ = try self.context(of: wire, command: context.command)
        let _: Correction? = try Field.optional(wire.hasCorrection ? wire.correction : nil, "correction")
        return try Payload.bytes(of: wire)
    }

    /// Reads who spoke, for whom and why; the principal's rights come out empty.
    package static func context(metadata: RawSpan, command: CommandID) throws(WireError) -> EventContext {
        try context(of: message(metadata), command: command)
    }

    /// Reads who spoke, for whom and why from an array.
    package static func context(metadata: [UInt8], command: CommandID) throws(WireError) -> EventContext {
        try context(metadata: metadata.span.bytes, command: command)
    }

    /// Reads the correction; nil when the event corrects nothing.
    package static func correction(
        metadata: RawSpan, sealed: SealedReading = .open
    ) throws(WireError) -> Correction? {
        guard metadata.byteCount <= WireLimits.metadata else {
            throw WireError(.tooLong, "metadata", limit: Int64(WireLimits.metadata))
        }
        let number = UInt64(10)
        do throws(WireError) {
            // Most events correct nothing: finding that out is much cheaper than decoding who spoke.
            guard try !FieldWalker.occurrences(of: number, in: metadata).isEmpty else { return nil }
        } catch { throw error.within("metadata") }
        var wire = try message(metadata).correction
        if sealed == .skip { wire.sealedParts = [] }
        return try Field.required(wire, "metadata.correction")
    }

    /// Reads the account of the person who acted; nil when the metadata has none that is a code.
    package static func actor(metadata: RawSpan) -> Code? {
        FieldWalker.text(of: 2, in: metadata).flatMap { Code($0) }
    }

    /// Reads the department of the person who acted; nil when the metadata has none.
    package static func department(metadata: RawSpan) -> DepartmentID? {
        FieldWalker.text(of: 4, in: metadata).flatMap { DepartmentID($0) }
    }

    private static func message(_ metadata: RawSpan) throws(WireError) -> Care_V1_EventMetadata {
        guard metadata.byteCount <= WireLimits.metadata else {
            throw WireError(.tooLong, "metadata", limit: Int64(WireLimits.metadata))
        }
        do throws(WireError) { return try Payload.message(metadata) } catch { throw error.within("metadata") }
    }

    private static func context(
        of wire: Care_V1_EventMetadata, command: CommandID
    ) throws(WireError) -> EventContext {
        let principal = Principal(
            peer: try Field.text(wire.peer, "peer", limit: WireLimits.peer), actor: try Field.code(wire.actor, "actor"),
            role: try Field.code(wire.role, "role"), department: try Field.code(wire.department, "department"),
            divisions: try Field.divisions(wire.divisions), rights: [],
            grant: try Field.id(ifSet: wire.hasGrantID ? wire.grantID : nil, "grant_id"))
        return EventContext(
            principal: principal, command: command,
            causation: try Field.text(
                ifSet: wire.hasCausation ? wire.causation : nil, "causation", limit: WireLimits.trace),
            traceparent: try Field.text(
                ifSet: wire.hasTraceparent ? wire.traceparent : nil, "traceparent", limit: WireLimits.trace),
            legalBasis: try Field.code(ifSet: wire.hasLegalBasis ? wire.legalBasis : nil, "legal_basis"))
    }
}
