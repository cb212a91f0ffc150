import ArchiveClient
import ArchiveCore
import CareDomain
import CareProjections
import CareWire
import EventLog
import MessageBus
import ReadModels

/// What consumers cannot process, for the operator: the list, and the record of what the operator said about it.
///
/// Consumers hear of it as they hear of everything, from the log, so that a consumer that is down, or that starts from
/// an older checkpoint, takes it in all the same.
struct ParkedDesk {
    let store: ReadModelStore
    let shared: ArchiveShared
    let projector: Projector

    /// The parked events of every consumer, and those passed over.
    func list() throws -> Care_V1_ParkedEventList {
        var list = Care_V1_ParkedEventList()
        for entry in shared.present.board.list {
            for event in entry.report.parkedEvents {
                list.entries.append(
                    .with {
                        $0.consumer = entry.report.consumer
                        $0.event = event
                    })
            }
        }
        let present = projector.present
        let unread = try ReadModelLists(store.current, words: present.words)
            .unread(limit: ParkedEvents.maximumReported)
        list.entries += unread.map { entry in
            .with {
                $0.consumer = Projector.consumer.rawValue
                $0.event = ParkedEvent(entry).wire(
                    isSkipped: present.skips.contains(
                        UnreadPlace(household: entry.household, sequence: entry.event.sequence)))
            }
        }
        list.total = UInt64(list.entries.count { !$0.event.isSkipped })
        return list
    }

    /// What an operation about a parked event comes to.
    enum Outcome {
        /// Nobody has parked it.
        case notParked
        case malformed
        /// To be recorded; the answer leaves when that is durable.
        case recorded(ParkedEventSettled)
    }

    /// Checks what an operator says about a parked event.
    func settle(_ wire: Care_V1_SettleParkedEvent) throws -> Outcome {
        guard let consumer = Code(wire.consumer), let household = HouseholdID(bytes: wire.household),
            let action = ParkedEventSettled.Action(wire.action), wire.eventSequence > 0,
            (1...1024).contains(wire.reason.utf8.count), wire.reason.contains(where: { !$0.isWhitespace })
        else { return .malformed }
        let mine = try list().entries.filter { $0.consumer == consumer.rawValue }
        let isListed = mine.contains { entry in
            // A fenced stream is closed as a whole: passing over one event would not open it.
            entry.event.household == wire.household && entry.event.sequence == wire.eventSequence
                && (action == .retry || (!entry.event.isSkipped && entry.event.reason != ParkingReason.fenced.rawValue))
        }
        // Beyond what a report names, the operator is believed.
        guard isListed || mine.count >= ParkedEvents.maximumReported else { return .notParked }
        return .recorded(
            ParkedEventSettled(
                consumer: consumer, household: household, event: EventReference(sequence: wire.eventSequence),
                action: action, reason: wire.reason))
    }
}

extension ParkedEvent {
    /// An event that rows leave out.
    fileprivate init(_ entry: ReadModelLists.UnreadEntry) {
        self.init(
            household: entry.household, sequence: entry.event.sequence, kind: entry.event.kind,
            reason: entry.event.isDamaged ? .damaged : .unreadable)
    }
}
