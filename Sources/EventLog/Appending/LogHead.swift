/// The end of a shard.
package struct LogHead: Sendable, Hashable {
    /// Which shard.
    package var shard: ShardNumber
    /// Position of the last event, which is also how many there are.
    package var position: Position
    /// Running digest over the hashes of all events up to `position`.
    package var digest: EventHash
    /// When the last event was recorded; nil when there is none.
    package var recordedAt: RecordedTime?
    /// Epoch of the writer.
    package var epoch: UInt64

    package init(
        shard: ShardNumber, position: Position, digest: EventHash, recordedAt: RecordedTime?, epoch: UInt64
    ) {
        self.shard = shard
        self.position = position
        self.digest = digest
        self.recordedAt = recordedAt
        self.epoch = epoch
    }

    /// The cursor of a reader that has seen everything.
    package var cursor: Cursor { Cursor(shard: shard, position: position) }
}
