import CareDomain
import CareWire
import EventLog

/// 履责簿: every division's duty book in the log. A fold of the log that is kept up by reading on; used by one thread.
package struct DutyBooks: Sendable {
    package private(set) var books: [DivisionCode: DutyBook] = [:]
    private var cursor = Cursor.start

    package init() {}

    private static let filter = ReadFilter(kinds: Set((360...389).map { UInt32($0) }))

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
        guard let fields = try? RecordCoder.decode(event.record),
            let division = DivisionCode(String(fields.stream.key)), let known = KnownDutyEvent(fields)
        else { return }
        books[division, default: DutyBook(division: division)].evolve(known)
    }
}
