import CareDomain
import CareWire
import EventLog

/// Events for the stream of a fund, a case or a report.
package struct LendingAppend: Hashable, Sendable {
    package var stream: LendingStream
    package var expected: UInt64
    package var id: CommandID
    package var contentDigest: Identifier128
    package var context: EventContext
    package var occurredOn: CivilDay
    package var events: [LendingEvent]

    package init(
        stream: LendingStream, expected: UInt64, id: CommandID, contentDigest: Identifier128, context: EventContext,
        occurredOn: CivilDay, events: [LendingEvent]
    ) {
        self.stream = stream
        self.expected = expected
        self.id = id
        self.contentDigest = contentDigest
        self.context = context
        self.occurredOn = occurredOn
        self.events = events
    }
}

/// An event of such a stream as read from the log, with the digest of the command it belongs to.
package struct ReadLendingEvent: Hashable, Sendable {
    package var known: KnownLendingEvent
    package var contentDigest: Identifier128

    package init(known: KnownLendingEvent, contentDigest: Identifier128) {
        self.known = known
        self.contentDigest = contentDigest
    }
}

extension ArchiveMessages {
    /// Name of the stream of a fund, a case or a report.
    package static func stream(of stream: LendingStream) -> String {
        switch stream {
        case .fund(let id): "fund-\(id)"
        case .loan(let id): "loan-\(id)"
        case .report(let id): "report-\(id)"
        }
    }

    /// The append to such a stream.
    /// - Throws: `WireError` when an event breaks a limit; the command is then refused.
    package static func message(_ append: LendingAppend) throws(WireError) -> Care_V1_AppendRequest {
        var events: [EncodedEvent] = []
        for event in append.events {
            events.append(
                try EventCodec.encode(.lending(event), occurredOn: append.occurredOn, context: append.context))
        }
        return request(
            stream(of: append.stream), expected: append.expected, id: append.id, digest: append.contentDigest,
            events: events)
    }

    /// Reads an event of such a stream.
    package static func lendingEvent(_ event: Care_V1_RecordedEvent) throws -> ReadLendingEvent {
        let fields = try RecordCoder.decode(Array(event.record))
        guard
            case .lending(let lending) = try EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { throw WireError(.unknownKind, "kind") }
        let known = KnownLendingEvent(
            reference: EventReference(sequence: fields.sequence.rawValue),
            recordedAt: Moment(microseconds: fields.recordedAt.microseconds),
            occurredOn: CivilDay(dayNumber: fields.event.occurredOn.rawValue),
            command: CommandID(Identifier128(fields.appendID)),
            actor: EventCodec.actor(metadata: fields.event.metadata.span.bytes), event: lending)
        return ReadLendingEvent(known: known, contentDigest: Identifier128(fields.contentDigest))
    }
}

extension DecidingStream {
    package init(_ stream: LendingStream) { self.init(named: ArchiveMessages.stream(of: stream)) }
}
