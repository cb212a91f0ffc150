/// An event to append: what the writer of a command decides; the log adds the rest.
package struct NewEvent: Sendable, Hashable {
    /// Event type, a number of `care.v1.EventKind`.
    package var kind: UInt32
    /// Version of the event type's payload.
    package var version: UInt32
    /// The day the fact was true in the world.
    package var occurredOn: DayNumber
    /// The day the source says it learned it; only with the right to import history.
    package var learnedOn: DayNumber?
    /// Encoded `EventMetadata`: who spoke, for whom, why.
    package var metadata: [UInt8]
    /// The encoded event.
    package var payload: [UInt8]

    /// An event with all its parts.
    package init(
        kind: UInt32, version: UInt32, occurredOn: DayNumber, learnedOn: DayNumber? = nil, metadata: [UInt8],
        payload: [UInt8]
    ) {
        self.kind = kind
        self.version = version
        self.occurredOn = occurredOn
        self.learnedOn = learnedOn
        self.metadata = metadata
        self.payload = payload
    }
}
