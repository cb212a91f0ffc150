/// One event of a batch, encoded and hashed, on its way into storage.
package struct PlannedRow {
    /// Place in the shard.
    package var position: UInt64
    /// Position of the stream's first event, which stands for the stream in storage.
    package var stream: UInt64
    /// The stream.
    package var key: StreamKey
    /// Place in the stream.
    package var sequence: UInt64
    /// Position of the stream's previous event; 0 for the first.
    package var previous: UInt64
    /// Event type.
    package var kind: UInt32
    /// Day the fact was true.
    package var day: Int32
    /// Where the record stands in the batch's memory; its hash follows it as 32 bytes.
    package var offset: Int
    /// Bytes of the record.
    package var length: Int
    /// Hash of the record.
    package var hash: EventHash
    /// When the log learned it.
    package var recordedAt: RecordedTime
}
