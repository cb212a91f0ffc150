/// The log's answer to one append request.
package enum AppendOutcome: Sendable, Hashable {
    /// Chained, written, synced, head advanced.
    case appended(AppendReceipt)
    /// The append id is known in this stream with the same content: the first receipt again. Nothing was written.
    case repeated(AppendReceipt)
    /// The stream is elsewhere than expected. `current` is its sequence (0 when it does not exist); `eventsAfter` are
    /// the events after the expected one, oldest first, at most `conflictEventLimit` of them. Fold and decide again.
    case wrongExpectedSequence(current: SequenceNumber, eventsAfter: [StoredEvent])
    /// The append id is known in this stream with other content. Nothing was written; retrying does not help.
    case appendIDReused
    /// The stream is damaged and takes no more events until it is repaired.
    case streamFenced(Fence)
    /// The request itself is not valid; retrying does not help.
    case invalid(InvalidAppend)

    /// How many events a conflict answer carries at most. A caller that is further behind reads the stream.
    package static let conflictEventLimit = 256

    /// The receipt, when the events are in the log.
    package var receipt: AppendReceipt? {
        switch self {
        case .appended(let receipt), .repeated(let receipt): receipt
        default: nil
        }
    }
}

/// Why an append request is not valid.
package enum InvalidAppend: Sendable, Hashable {
    /// It has no events.
    case noEvents
    /// An event's payload and metadata together exceed the limit of a record.
    case eventTooLarge(bytes: Int)
}
