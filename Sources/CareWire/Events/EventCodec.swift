import CareDomain

/// Domain events to the bytes of a record and back.
///
/// Total on any bytes: what is wrong comes as a `WireError` with the field's path. Errors that are `isSkippable` come
/// from events of a newer program; a reader may step over them and must say so.
package enum EventCodec {
    /// Reads an event of a household.
    ///
    /// - Parameters:
    ///   - kind: number of the event type.
    ///   - version: version of the payload; older ones are brought to the newest.
    ///   - occurredOn: days since 1970-01-01.
    ///   - learnedOn: days since 1970-01-01.
    ///   - metadata: encoded `EventMetadata`; only its correction, its actor and, of a
    ///     statement, its department are read here.
    ///   - payload: the encoded event.
    ///   - sequence: place in the stream, from 1.
    ///   - recordedAt: microseconds since 1970-01-01 UTC.
    ///   - appendID: the record's append id, which is the command's id.
    ///   - sealed: whether to read sealed parts; skipped ones leave empty lists.
    ///   - upcasting: the steps from older versions.
    package static func decode(
        kind: UInt32, version: UInt32, occurredOn: Int32, learnedOn: Int32?, metadata: RawSpan, payload: RawSpan,
        sequence: UInt64, recordedAt: Int64, appendID: Identifier128, sealed: SealedReading = .open,
        upcasting: Upcasting = .released
    ) throws(WireError) -> KnownEvent {
        let event = try decodeAny(kind: kind, version: version, payload: payload, sealed: sealed, upcasting: upcasting)
        guard case .household(let event) = event else {
            throw WireError(.unknownKind, "kind", limit: Int64(kind))
        }
        let proposed = ProposedEvent(
            occurredOn: try Field.day(occurredOn, "occurred_on"),
            learnedOn: try Field.day(ifSet: learnedOn, "learned_on"),
            correction: try correction(metadata: metadata, sealed: sealed), event: event)
        return KnownEvent(
            reference: try Field.reference(sequence, "sequence"), recordedAt: Moment(microseconds: recordedAt),
            command: CommandID(appendID), actor: actor(metadata: metadata),
            department: kind == UInt32(EventKind.factStated.rawValue) ? department(metadata: metadata) : nil,
            proposed: proposed)
    }

    /// Reads an event of a household from arrays; otherwise the same.
    package static func decode(
        kind: UInt32, version: UInt32, occurredOn: Int32, learnedOn: Int32?, metadata: [UInt8], payload: [UInt8],
        sequence: UInt64, recordedAt: Int64, appendID: Identifier128, sealed: SealedReading = .open,
        upcasting: Upcasting = .released
    ) throws(WireError) -> KnownEvent {
        try decode(
            kind: kind, version: version, occurredOn: occurredOn, learnedOn: learnedOn, metadata: metadata.span.bytes,
            payload: payload.span.bytes, sequence: sequence, recordedAt: recordedAt, appendID: appendID,
            sealed: sealed, upcasting: upcasting)
    }

    /// Reads the payload of an event of any stream.
    package static func decodeAny(
        kind: UInt32, version: UInt32, payload: RawSpan, sealed: SealedReading = .open,
        upcasting: Upcasting = .released
    ) throws(WireError) -> CareEvent {
        guard let known = EventKind(rawValue: Int(kind)), known != .unspecified, !known.isUnrecognized else {
            throw WireError(.unknownKind, "kind", limit: Int64(kind))
        }
        let limit = known == .packPublished ? WireLimits.pack + 1024 : WireLimits.payload
        guard payload.byteCount <= limit else { throw WireError(.tooLong, "payload", limit: Int64(limit)) }
        if let newest = try upcasting.upcast(known, version: version, payload: payload) {
            return try decodeNewest(known, newest.span.bytes, sealed)
        }
        return try decodeNewest(known, payload, sealed)
    }

    /// Reads the payload of an event of any stream from an array.
    package static func decodeAny(
        kind: UInt32, version: UInt32, payload: [UInt8], sealed: SealedReading = .open,
        upcasting: Upcasting = .released
    ) throws(WireError) -> CareEvent {
        try decodeAny(
            kind: kind, version: version, payload: payload.span.bytes, sealed: sealed, upcasting: upcasting)
    }

    private static func decodeNewest(
        _ kind: EventKind, _ payload: RawSpan, _ sealed: SealedReading
    ) throws(WireError) -> CareEvent {
        guard sealed == .skip else { return try CareEvent(kind: kind, newest: payload) }
        let found = try FieldWalker.occurrences(of: SealedFields.number, in: payload)
        guard !found.isEmpty else { return try CareEvent(kind: kind, newest: payload) }
        let open = SealedFields.removed(from: payload, found)
        var event = try CareEvent(kind: kind, newest: open.span.bytes)
        // Whether a helper's telephone stands in a part is no secret: events that do not say it are asked for it here.
        if case .household(let paired) = event, let helper = paired.helperWithoutWord {
            let given = SealedFields.gives(phone: helper, in: payload, found)
            event = .household(paired.withWord(ofContact: given))
        }
        return event
    }

    /// Encodes an event of a household.
    /// - Throws: `WireError` when the event breaks a limit of the contract, or holds a sealed part without details.
    package static func encode(
        _ proposed: ProposedEvent, context: EventContext
    ) throws(WireError) -> EncodedEvent {
        try encode(
            .household(proposed.event), occurredOn: proposed.occurredOn, learnedOn: proposed.learnedOn,
            context: context, correction: proposed.correction)
    }

    /// Encodes an event of a household by somebody whose metadata was perhaps encoded before.
    /// - Throws: `WireError` when the event breaks a limit of the contract, or holds a sealed part without details.
    package static func encode(
        _ proposed: ProposedEvent, context: EventContext, memo: inout MetadataMemo
    ) throws(WireError) -> EncodedEvent {
        let metadata = try memo.metadata(context, correction: proposed.correction)
        return try encode(
            .household(proposed.event), occurredOn: proposed.occurredOn, learnedOn: proposed.learnedOn,
            metadata: metadata)
    }

    /// Encodes an event of any stream.
    package static func encode(
        _ event: CareEvent, occurredOn: CivilDay, learnedOn: CivilDay? = nil, context: EventContext,
        correction: Correction? = nil
    ) throws(WireError) -> EncodedEvent {
        try encode(
            event, occurredOn: occurredOn, learnedOn: learnedOn,
            metadata: metadata(context, correction: correction))
    }

    private static func encode(
        _ event: CareEvent, occurredOn: CivilDay, learnedOn: CivilDay?, metadata: [UInt8]
    ) throws(WireError) -> EncodedEvent {
        let payload = try event.payload()
        let limit = event.kind == .packPublished ? WireLimits.pack + 1024 : WireLimits.payload
        guard payload.count <= limit else { throw WireError(.tooLong, "payload", limit: Int64(limit)) }
        return EncodedEvent(
            kind: UInt32(event.kind.rawValue), version: Upcasting.released.newestVersion(of: event.kind),
            occurredOn: try Field.day(occurredOn.dayNumber, "occurred_on").dayNumber,
            learnedOn: try Field.day(ifSet: learnedOn?.dayNumber, "learned_on")?.dayNumber,
            metadata: metadata, payload: payload)
    }
}

extension EventKind {
    var isUnrecognized: Bool {
        if case .UNRECOGNIZED = self { true } else { false }
    }
}
