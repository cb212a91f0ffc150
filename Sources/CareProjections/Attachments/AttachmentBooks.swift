import CareDomain
import CareWire
import EventLog

/// 附件簿: which files are kept for the records of which stream. A fold of the log that is kept up by reading on; used by
/// one thread.
package struct AttachmentBooks: Sendable {
    /// A file that is kept.
    package struct Entry: Hashable, Sendable {
        package let kept: AttachmentKept
        package let on: CivilDay
    }

    private var entries: [AttachmentPlace: [FileDigest: Entry]] = [:]
    private var cursor = Cursor.start

    package init() {}

    private static let filter = ReadFilter(kinds: [UInt32(EventKind.attachmentKept.rawValue)], categories: [.access])

    /// The file as it was put there for a stream; nil when nobody did.
    package func entry(_ digest: FileDigest, in place: AttachmentPlace) -> Entry? { entries[place]?[digest] }

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

    private mutating func take(_ event: StoredEvent) {
        guard let fields = try? RecordCoder.decode(event.record),
            case .access(.attachmentKept(let kept))? = try? EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { return }
        let entry = Entry(kept: kept, on: CivilDay(dayNumber: fields.event.occurredOn.rawValue))
        entries[kept.place, default: [:]][kept.digest] = entries[kept.place]?[kept.digest] ?? entry
    }
}
