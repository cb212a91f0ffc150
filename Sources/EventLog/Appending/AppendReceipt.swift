/// Proof that an append is durable. The same append answers with the same receipt for as long as the log lives.
package struct AppendReceipt: Sendable, Hashable {
    /// The stream.
    package let stream: StreamName
    /// Sequence of the first event of the append.
    package let firstSequence: SequenceNumber
    /// Sequence of the last event of the append.
    package let lastSequence: SequenceNumber
    /// Shard the stream belongs to.
    package let shard: ShardNumber
    /// Position of the last event; a reader that covers it has seen the append.
    package let lastPosition: Position
    /// When the log learned the last event.
    package let recordedAt: RecordedTime
    /// Hash of the last event.
    package let hash: EventHash

    package init(
        stream: StreamName, firstSequence: SequenceNumber, lastSequence: SequenceNumber, shard: ShardNumber,
        lastPosition: Position, recordedAt: RecordedTime, hash: EventHash
    ) {
        self.stream = stream
        self.firstSequence = firstSequence
        self.lastSequence = lastSequence
        self.shard = shard
        self.lastPosition = lastPosition
        self.recordedAt = recordedAt
        self.hash = hash
    }
}
