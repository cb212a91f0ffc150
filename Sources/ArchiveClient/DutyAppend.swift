import CareDomain
import CareWire
import EventLog

/// Where an event about the duties of a division goes.
package enum DutyStream: Hashable, Sendable {
    /// The division's duty book.
    case book(DivisionCode)
    /// A report that it sends.
    case report(ReportID)

    /// Where a command's event goes.
    package init(of command: DutyCommand) {
        if case .reportSent(let report) = command.action {
            self = .report(.derived(from: report.scope))
        } else {
            self = .book(command.division)
        }
    }

    /// Its name in the log.
    package var name: String {
        switch self {
        case .book(let division): "duty-\(division.rawValue)"
        case .report(let report): "report-\(report)"
        }
    }
}

/// An event for the duty book of a division, or for a report that it sends.
package struct DutyAppend: Hashable, Sendable {
    package var stream: DutyStream
    package var expected: UInt64
    package var id: CommandID
    package var contentDigest: Identifier128
    package var context: EventContext
    package var occurredOn: CivilDay
    package var event: DutyEvent

    package init(
        stream: DutyStream, expected: UInt64, id: CommandID, contentDigest: Identifier128, context: EventContext,
        occurredOn: CivilDay, event: DutyEvent
    ) {
        self.stream = stream
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
    /// The append to a duty book.
    /// - Throws: `WireError` when the event breaks a limit; the command is then refused.
    package static func message(_ append: DutyAppend) throws(WireError) -> Care_V1_AppendRequest {
        request(
            append.stream.name, expected: append.expected, id: append.id, digest: append.contentDigest,
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
            actor: EventCodec.actor(metadata: fields.event.metadata.span.bytes),
            department: EventCodec.department(metadata: fields.event.metadata.span.bytes), event: duty)
        return ReadDutyEvent(known: known, contentDigest: Identifier128(fields.contentDigest))
    }
}

extension DecidingStream {
    package init(_ stream: DutyStream) { self.init(named: stream.name) }
}
