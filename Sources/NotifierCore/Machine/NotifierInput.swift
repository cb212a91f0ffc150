import ArchiveClient
import CareDomain

/// What reaches the notifier.
package enum NotifierInput: Hashable, Sendable {
    /// The civil day, at the start and whenever it changes. An earlier day than before is ignored.
    case day(CivilDay)
    /// The policies in force, at the start and whenever a pack or a parameter is published.
    case policies(NoticePolicySet)
    /// A frame of the feed, or of the catch-up reading that stands for it.
    case feed(FeedBatch)
    /// The whole stream of a household, as the log has it now. Empty = there is none.
    case loaded(HouseholdID, events: [KnownEvent])
    /// It could not be read; it is asked for again after a pause.
    case loadFailed(HouseholdID)
    /// It holds an event that cannot be processed: the household waits there.
    case stuck(ParkedEvent)
    /// An operator said what becomes of a parked event.
    case settled(ParkedEventSettled)
    /// The answer to `append`.
    case appendFinished(HouseholdID, CommandID, AppendResult)
    /// The answer to `printLine` or `postWebhook`.
    case deliveryFinished(DeliveryID, DeliveryResult)
    /// Somebody at the desk wants a notice driven again or dropped.
    case order(NoticeOrder)
    /// The moment asked for by `wake` has come.
    case timer
    /// The service stops: save what is known.
    case stop
}

/// Household events in the order of the log.
package struct FeedBatch: Hashable, Sendable {
    /// One event with its household.
    package struct Entry: Hashable, Sendable {
        package var household: HouseholdID
        package var event: KnownEvent

        package init(household: HouseholdID, event: KnownEvent) {
            self.household = household
            self.event = event
        }
    }

    /// Where an event stands.
    package struct Place: Hashable, Sendable {
        package var household: HouseholdID
        package var sequence: UInt64

        package init(household: HouseholdID, sequence: UInt64) {
            self.household = household
            self.sequence = sequence
        }
    }

    package var entries: [Entry]
    /// Where events stand that cannot be read: reading the stream tells what is wrong.
    package var unreadable: [Place]
    /// The reader's cursor after this batch, opaque bytes that come back in the checkpoint.
    package var cursor: [UInt8]
    /// Whether the reader is near the head of the log. While it catches up, nothing is judged, because what looks like a
    /// gap may be filled by the next event; judging too early is only wasteful, as every append names its sequence.
    package var isAtHead: Bool

    package init(entries: [Entry], unreadable: [Place] = [], cursor: [UInt8], isAtHead: Bool) {
        self.entries = entries
        self.unreadable = unreadable
        self.cursor = cursor
        self.isAtHead = isAtHead
    }
}

/// What the log made of an append.
package enum AppendResult: Hashable, Sendable {
    /// The events are durable (now, or already by an earlier try with the same command id).
    case appended(firstSequence: UInt64, recordedAt: Moment)
    /// The stream is further than expected: the events after the expected sequence, as many as came along, and the
    /// sequence of its last event.
    case conflict(events: [KnownEvent], head: UInt64)
    /// The command id is known with other content.
    case commandReused
    /// No answer, or not now. The same append is sent again after a pause.
    case unavailable
    /// The stream takes no events (damaged, or refused for good). The household is set aside until the next day.
    case rejected(Code)
}

/// An operator's order about one notice on one channel.
package struct NoticeOrder: Hashable, Sendable {
    /// What to do.
    package enum Action: Hashable, Sendable {
        /// Try again, from the first attempt.
        case retry
        /// Give it up, for this reason.
        case skip(reason: Code)
    }

    /// Of the operator's command; the same order again is answered again.
    package var id: CommandID
    package var household: HouseholdID
    package var notice: EventReference
    package var channel: Code
    package var action: Action
    /// Account of the operator.
    package var by: Code

    package init(
        id: CommandID, household: HouseholdID, notice: EventReference, channel: Code, action: Action, by: Code
    ) {
        self.id = id
        self.household = household
        self.notice = notice
        self.channel = channel
        self.action = action
        self.by = by
    }
}
