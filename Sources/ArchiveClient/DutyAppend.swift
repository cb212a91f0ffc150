import CareDomain
import CareWire
import EventLog

/// An event for the duty book of a division.
package struct DutyAppend: Hashable, Sendable {
    package var division: DivisionCode
    package var expected: UInt64
    package var id: CommandID
    package var contentDigest: Identifier128
    package var context: EventContext
    package var occurredOn: CivilDay
    package var event: DutyEvent

    package init(
        division: DivisionCode, expected: UInt64, id: CommandID, contentDigest: Identifier128, context: EventContext,
        occurredOn: CivilDay, event: DutyEvent
    ) {
        self.division = division
        self.expected = expected
        self.id = id
        self.contentDigest = contentDigest
        self.context = context
        self.occurredOn = occurredOn
        self.event = event
    }
}

/// An event of a duty book as read from the log, with the digest of the command it belongs to.
package struct ReadDutyEvent: Hashable, Sendable {
    package var known: KnownDutyEvent
    package var contentDigest: Identifier128

    package init(known: KnownDutyEvent, contentDigest: Identifier128) {
        self.known = known
        self.contentDigest = contentDigest
    }
}

extension ArchiveMessages {
    /// Name of the stream of a division's duty book.
    package static func dutyStream(of division: DivisionCode) -> String { "duty-\(division.rawValue)" }

    /// The append to a duty book.
    /// - Throws: `WireError` when the event breaks a limit; the command is then refused.
    package static func message(_ append: DutyAppend) throws(WireError) -> Care_V1_AppendRequest {
        request(
            dutyStream(of: append.division), expected: append.expected, id: append.id, digest: append.contentDigest,
            events: [
                try EventCodec.encode(.duty(append.event), occurredOn: append.occurredOn, context: append.context)
            ])
    }

    /// Reads an event of a duty book.
    package static func dutyEvent(_ event: Care_V1_RecordedEvent) throws -> ReadDutyEvent {
        let fields = try RecordCoder.decode(Array(event.record))
        guard
            case .duty(let duty) = try EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { throw WireError(.unknownKind, "kind") }
        let known = KnownDutyEvent(
            reference: EventReference(sequence: fields.sequence.rawValue),
            recordedAt: Moment(microseconds: fields.recordedAt.microseconds),
            occurredOn: CivilDay(dayNumber: fields.event.occurredOn.rawValue),
            command: CommandID(Identifier128(fields.appendID)),
            actor: EventCodec.actor(metadata: fields.event.metadata.span.bytes), event: duty)
        return ReadDutyEvent(known: known, contentDigest: Identifier128(fields.contentDigest))
    }
}

extension DecidingStream {
    package init(dutiesOf division: DivisionCode) { self.init(named: ArchiveMessages.dutyStream(of: division)) }
}
