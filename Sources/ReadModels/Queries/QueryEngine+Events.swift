import CareDomain
import CareProjections
import CareWire
import EventLog
import Foundation

extension QueryEngine {
    /// Bytes of records after which an answer ends.
    private static let eventBytes = 256 * 1024

    /// The events of a household as they are recorded, the contents of sealed parts left out: for whoever keeps facts of
    /// households beside the log and reads anew those that changed.
    func events(_ query: Care_V1_HouseholdEventsQuery) throws -> Care_V1_HouseholdEvents {
        let loaded = try household(query.household, sealed: .skip)
        var reply = Care_V1_HouseholdEvents()
        reply.household = loaded.history.id.wireData
        let withheld = sight.withheld(of: loaded.history)
        reply.withheldFacts = told(withheld.facts)
        let slice = try reader.readStream(
            loaded.history.id.stream, from: SequenceNumber(query.afterSequence + 1), limit: 1_024)
        // Facts worked out from what is left of a damaged file would be wrong, and nobody would see it.
        guard slice.fence == nil, slice.damages.isEmpty else {
            throw QueryRefusal.damaged(loaded.history.id, slice.damages)
        }
        var bytes = 0
        for event in slice.events {
            guard bytes < Self.eventBytes else { return reply }
            if try withheld.sequences.contains(event.header().sequence.rawValue) { continue }
            // What a newer program stated cannot be told apart, and is not shown at all.
            if RecordedHouseholdEvent.isHidden(event, from: sight, { loaded.history.household.places }) { continue }
            // What cannot be stripped is not shown at all, and the rest without it would be wrong.
            guard let open = try? SealedFields.withheld(record: event.record) else {
                throw QueryRefusal.damaged(loaded.history.id, [])
            }
            bytes += open.count
            reply.entries.append(
                .with {
                    $0.position = event.position.rawValue
                    $0.record = Data(open)
                    $0.hash = Data(event.hash.bytes)
                })
        }
        reply.isComplete = try slice.events.last.map { try $0.header().sequence == slice.head?.sequence } ?? true
        return reply
    }
}
