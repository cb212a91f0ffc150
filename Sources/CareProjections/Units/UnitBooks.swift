import CareDomain
import CareWire
import EventLog

/// 单位台账: every unit in the log with its guidance numbers, grants, scores and settlements. A fold of the log that is kept up
/// by reading on; used by one thread.
package struct UnitBooks: Sendable {
    package private(set) var units: [DivisionCode: UnitStanding] = [:]
    private var cursor = Cursor.start

    package init() {}

    private static let filter = ReadFilter(kinds: Set((300...312).map { UInt32($0) }))

    /// Reads the log on to its present end.
    /// - Throws: `EventLogError` when the log cannot be read; a retry may help.
    package mutating func catchUp(_ reader: any EventLogReader) throws(EventLogError) {
        while true {
            let slice = try reader.readAll(after: cursor, limit: 4096, filter: Self.filter)
            for event in slice.events { take(event) }
            cursor = slice.cursor
            if slice.isAtHead { return }
        }
    }

    /// Takes an event in; one of a newer program is stepped over.
    private mutating func take(_ event: StoredEvent) {
        guard let fields = try? RecordCoder.decode(event.record), let unit = DivisionCode(String(fields.stream.key)),
            case .unit(let event)? = try? EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { return }
        units[unit, default: UnitStanding(division: unit)].evolve(
            KnownUnitEvent(
                reference: EventReference(sequence: fields.sequence.rawValue),
                recordedAt: Moment(microseconds: fields.recordedAt.microseconds),
                occurredOn: CivilDay(dayNumber: fields.event.occurredOn.rawValue),
                command: CommandID(Identifier128(high: fields.appendID.high, low: fields.appendID.low)),
                actor: EventCodec.actor(metadata: fields.event.metadata.span.bytes), event: event))
    }
}
