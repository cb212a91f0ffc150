import CareDomain
import CareWire
import EventLog

/// 申报台账: every application in the log, by household. A fold of the log that is kept up by reading on; used by one
/// thread.
package struct ApplicationBooks: Sendable {
    package private(set) var cases: [HouseholdID: [ApplicationCase]] = [:]
    private var cursor = Cursor.start

    package init() {}

    private static let filter = ReadFilter(kinds: Set((240...259).map { UInt32($0) }))

    /// Households with applications, by id.
    package var households: [HouseholdID] { cases.keys.sorted() }

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
        guard let fields = try? RecordCoder.decode(event.record), let id = HouseholdID(fields.stream.key),
            case .household(.application(let act))? = try? EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { return }
        cases[id, default: []].take(
            act, reference: EventReference(sequence: fields.sequence.rawValue),
            day: CivilDay(dayNumber: fields.event.occurredOn.rawValue),
            actor: EventCodec.actor(metadata: fields.event.metadata.span.bytes))
    }
}
