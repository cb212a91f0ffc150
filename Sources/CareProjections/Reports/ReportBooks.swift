import CareDomain
import CareWire
import EventLog

/// 报表簿: every report of the log with its versions. A fold of the log that is kept up by reading on; used by one thread.
package struct ReportBooks: Sendable {
    package private(set) var files: [ReportID: ReportFile] = [:]
    private var cursor = Cursor.start

    package init() {}

    private static let filter = ReadFilter(kinds: [UInt32(EventKind.reportSent.rawValue)], categories: [.report])

    /// Reads the log on to its present end.
    /// - Throws: `EventLogError` when the log cannot be read; a retry may help.
    package mutating func catchUp(_ reader: any EventLogReader) throws(EventLogError) {
        while true {
            let slice = try reader.readAll(after: cursor, limit: 256, filter: Self.filter)
            for event in slice.events {
                guard let fields = try? RecordCoder.decode(event.record), let id = ReportID(fields.stream.key),
                    let known = KnownDutyEvent(fields)
                else { continue }
                files[id, default: ReportFile()].evolve(known)
            }
            cursor = slice.cursor
            if slice.isAtHead { return }
        }
    }
}

extension KnownDutyEvent {
    /// An event of a duty book or a report as a record has it; nil for one of a newer program.
    package init?(_ fields: RecordFields) {
        guard
            case .duty(let event)? = try? EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { return nil }
        self.init(
            reference: EventReference(sequence: fields.sequence.rawValue),
            recordedAt: Moment(microseconds: fields.recordedAt.microseconds),
            occurredOn: CivilDay(dayNumber: fields.event.occurredOn.rawValue),
            command: CommandID(Identifier128(high: fields.appendID.high, low: fields.appendID.low)),
            actor: EventCodec.actor(metadata: fields.event.metadata.span.bytes),
            department: EventCodec.department(metadata: fields.event.metadata.span.bytes), event: event)
    }
}
