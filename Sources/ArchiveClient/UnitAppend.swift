import CareDomain
import CareWire
import EventLog

/// Events for a unit's stream.
package struct UnitAppend: Hashable, Sendable {
    package var unit: DivisionCode
    package var expected: UInt64
    package var id: CommandID
    package var contentDigest: Identifier128
    package var context: EventContext
    package var occurredOn: CivilDay
    package var events: [UnitEvent]

    package init(
        unit: DivisionCode, expected: UInt64, id: CommandID, contentDigest: Identifier128, context: EventContext,
        occurredOn: CivilDay, events: [UnitEvent]
    ) {
        self.unit = unit
        self.expected = expected
        self.id = id
        self.contentDigest = contentDigest
        self.context = context
        self.occurredOn = occurredOn
        self.events = events
    }
}

/// A unit's event as read from the log, with the digest of the command it belongs to.
package struct ReadUnitEvent: Hashable, Sendable {
    package var known: KnownUnitEvent
    package var contentDigest: Identifier128

    package init(known: KnownUnitEvent, contentDigest: Identifier128) {
        self.known = known
        self.contentDigest = contentDigest
    }
}

extension ArchiveMessages {
    /// The append to a unit's stream.
    /// - Throws: `WireError` when an event breaks a limit; the command is then refused.
    package static func message(_ append: UnitAppend) throws(WireError) -> Care_V1_AppendRequest {
        var events: [EncodedEvent] = []
        for event in append.events {
            events.append(
                try EventCodec.encode(.unit(event), occurredOn: append.occurredOn, context: append.context))
        }
        return request(
            stream(of: append.unit), expected: append.expected, id: append.id, digest: append.contentDigest,
            events: events)
    }

    /// Reads an event of a unit's stream.
    package static func unitEvent(_ event: Care_V1_RecordedEvent) throws -> ReadUnitEvent {
        let fields = try RecordCoder.decode(Array(event.record))
        guard
            case .unit(let unit) = try EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { throw WireError(.unknownKind, "kind") }
        let known = KnownUnitEvent(
            reference: EventReference(sequence: fields.sequence.rawValue),
            recordedAt: Moment(microseconds: fields.recordedAt.microseconds),
            occurredOn: CivilDay(dayNumber: fields.event.occurredOn.rawValue),
            command: CommandID(Identifier128(fields.appendID)),
            actor: EventCodec.actor(metadata: fields.event.metadata.span.bytes), event: unit)
        return ReadUnitEvent(known: known, contentDigest: Identifier128(fields.contentDigest))
    }
}
