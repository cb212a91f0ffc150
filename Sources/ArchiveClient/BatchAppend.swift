import CareDomain
import CareWire
import EventLog

/// Events for a batch's stream.
package struct BatchAppend: Hashable, Sendable {
    package var batch: BatchID
    package var expected: UInt64
    package var id: CommandID
    package var contentDigest: Identifier128
    package var context: EventContext
    package var occurredOn: CivilDay
    package var events: [BatchEvent]

    package init(
        batch: BatchID, expected: UInt64, id: CommandID, contentDigest: Identifier128, context: EventContext,
        occurredOn: CivilDay, events: [BatchEvent]
    ) {
        self.batch = batch
        self.expected = expected
        self.id = id
        self.contentDigest = contentDigest
        self.context = context
        self.occurredOn = occurredOn
        self.events = events
    }
}

/// A batch's event as read from the log, with the digest of the command it belongs to.
package struct ReadBatchEvent: Hashable, Sendable {
    package var known: KnownBatchEvent
    package var contentDigest: Identifier128

    package init(known: KnownBatchEvent, contentDigest: Identifier128) {
        self.known = known
        self.contentDigest = contentDigest
    }
}

extension ArchiveMessages {
    /// The append to a batch's stream.
    /// - Throws: `WireError` when an event breaks a limit; the command is then refused.
    package static func message(_ append: BatchAppend) throws(WireError) -> Care_V1_AppendRequest {
        var events: [EncodedEvent] = []
        for event in append.events {
            events.append(
                try EventCodec.encode(.batch(event), occurredOn: append.occurredOn, context: append.context))
        }
        return request(
            stream(of: append.batch), expected: append.expected, id: append.id, digest: append.contentDigest,
            events: events)
    }

    /// Reads an event of a batch's stream.
    package static func batchEvent(_ event: Care_V1_RecordedEvent) throws -> ReadBatchEvent {
        try batchEvent(record: Array(event.record))
    }

    /// Reads the record of an event of a batch's stream.
    package static func batchEvent(record: [UInt8]) throws -> ReadBatchEvent {
        let fields = try RecordCoder.decode(record)
        guard
            case .batch(let batch) = try EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { throw WireError(.unknownKind, "kind") }
        let known = KnownBatchEvent(
            reference: EventReference(sequence: fields.sequence.rawValue),
            recordedAt: Moment(microseconds: fields.recordedAt.microseconds),
            occurredOn: CivilDay(dayNumber: fields.event.occurredOn.rawValue),
            command: CommandID(Identifier128(fields.appendID)),
            actor: EventCodec.actor(metadata: fields.event.metadata.span.bytes), event: batch)
        return ReadBatchEvent(known: known, contentDigest: Identifier128(fields.contentDigest))
    }
}
