/// An event read from the log with all its fields.
package struct RecordedEvent: Sendable, Hashable {
    /// Place in the shard. Orders events; never keep it as a reference.
    package let position: Position
    /// SHA-256 over the record.
    package let hash: EventHash
    /// What the record says.
    package let fields: RecordFields

    /// An event from its parts.
    package init(position: Position, hash: EventHash, fields: RecordFields) {
        self.position = position
        self.hash = hash
        self.fields = fields
    }

    /// Name of the stream.
    package var stream: StreamName { fields.stream }
    /// Place in the stream.
    package var sequence: SequenceNumber { fields.sequence }
    /// Event type.
    package var kind: UInt32 { fields.event.kind }
    /// Version of the event type.
    package var version: UInt32 { fields.event.version }
    /// Day the fact was true.
    package var occurredOn: DayNumber { fields.event.occurredOn }
    /// Day the source learned it.
    package var learnedOn: DayNumber? { fields.event.learnedOn }
    /// When the log learned it.
    package var recordedAt: RecordedTime { fields.recordedAt }
    /// Id of the event.
    package var eventID: EventID { fields.eventID }
    /// Id of the append it came with.
    package var appendID: AppendID { fields.appendID }
    /// Who spoke, for whom, why; encoded.
    package var metadata: [UInt8] { fields.event.metadata }
    /// The event itself, encoded.
    package var payload: [UInt8] { fields.event.payload }
}
