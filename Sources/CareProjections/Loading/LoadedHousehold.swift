import CareDomain
import CareWire
import EventLog

/// A household's history as read from the log, with what could not be read.
package struct LoadedHousehold {
    package let history: HouseholdHistory
    /// Sequences whose events are damaged, or come from a newer program.
    package let unreadable: [UInt64]
    /// Of these, what rows of read models would depend on.
    package let unread: [HouseholdRows.UnreadEvent]
    /// Set when the stream is fenced: show the page only with a warning.
    package let fence: Fence?

    /// How many events one short read transaction takes.
    private static let slice = 1024

    /// Reads a household's whole stream.
    ///
    /// - Parameters:
    ///   - id: The household.
    ///   - reader: The log, used by this thread only.
    ///   - sealed: Whether to open sealed parts.
    /// - Returns: Nil when there is no such stream.
    /// - Throws: `EventLogError` with `readFailed` (a retry may help) or `closed`.
    package init?(
        _ id: HouseholdID, from reader: any EventLogReader, sealed: SealedReading
    ) throws(EventLogError) {
        var history = HouseholdHistory(id: id)
        var unreadable: [UInt64] = []
        var known: [UInt64: UnreadKind] = [:]
        var fence: Fence?
        var next = SequenceNumber.first
        var last = SequenceNumber.none
        repeat {
            let slice = try reader.readStream(id.stream, from: next, limit: Self.slice)
            guard let head = slice.head else { return nil }
            last = head.sequence
            fence = slice.fence ?? fence
            let end = min(last.rawValue, next.rawValue + UInt64(Self.slice) - 1)
            Self.append(slice.events, through: end, sealed: sealed, to: &history, &unreadable, &known)
            next = SequenceNumber(end + 1)
        } while next <= last
        self.history = history
        self.unreadable = unreadable
        unread = unreadable.compactMap { sequence in
            guard let kind = known[sequence] else {
                return HouseholdRows.UnreadEvent(sequence: sequence, kind: 0, isDamaged: true)
            }
            guard kind.isRelevant else { return nil }
            return HouseholdRows.UnreadEvent(sequence: sequence, kind: kind.number, isDamaged: false)
        }
        self.fence = fence
    }

    /// Appends the events one after the other and fills the places of those that cannot be read.
    private static func append(
        _ events: [StoredEvent], through end: UInt64, sealed: SealedReading, to history: inout HouseholdHistory,
        _ unreadable: inout [UInt64], _ kinds: inout [UInt64: UnreadKind]
    ) {
        func fill(upTo sequence: UInt64) {
            while history.lastSequence < sequence {
                let place = history.lastSequence + 1
                unreadable.append(place)
                let moment = history.events.last?.recordedAt ?? Moment(microseconds: 0)
                history.append(RecordedHouseholdEvent.unreadable(sequence: place, recordedAt: moment))
            }
        }
        for event in events {
            guard let known = RecordedHouseholdEvent.known(event, sealed: sealed) else {
                UnreadKind.note(event, &kinds)
                continue
            }
            fill(upTo: known.reference.sequence - 1)
            history.append(known)
        }
        fill(upTo: end)
    }
}

/// The type of an event whose content cannot be read.
private struct UnreadKind {
    let number: UInt32
    let isRelevant: Bool

    static func note(_ event: StoredEvent, _ kinds: inout [UInt64: UnreadKind]) {
        event.record.withUnsafeBytes { bytes in
            guard let header = try? RecordHeader(parsing: bytes) else { return }
            kinds[header.sequence.rawValue] = UnreadKind(
                number: header.kind,
                isRelevant: RowEventDecoder.isRelevant(header.kind, payload: header.payload(in: bytes)))
        }
    }
}
