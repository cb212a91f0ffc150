/// Everything a stored record says, decoded or about to be encoded.
package struct RecordFields: Sendable, Hashable {
    /// Name of the stream.
    package var stream: StreamName
    /// Place in the stream.
    package var sequence: SequenceNumber
    /// The event.
    package var event: NewEvent
    /// When the log learned it.
    package var recordedAt: RecordedTime
    /// Id of the event.
    package var eventID: EventID
    /// Id of the append it came with.
    package var appendID: AppendID
    /// Digest of the command's content.
    package var contentDigest: ContentDigest
    /// Hash of the stream's previous record; nil for the first.
    package var previousHash: EventHash?
    /// How the payload is encoded; 0 and 1 are protobuf.
    package var codec: UInt32
    /// How the record is hashed; 0 and 1 are SHA-256.
    package var hashAlgorithm: UInt32
    /// Epoch of the writer.
    package var epoch: UInt64

    /// All fields of a record.
    package init(
        stream: StreamName, sequence: SequenceNumber, event: NewEvent, recordedAt: RecordedTime, eventID: EventID,
        appendID: AppendID, contentDigest: ContentDigest, previousHash: EventHash?, codec: UInt32 = 0,
        hashAlgorithm: UInt32 = 0, epoch: UInt64
    ) {
        self.stream = stream
        self.sequence = sequence
        self.event = event
        self.recordedAt = recordedAt
        self.eventID = eventID
        self.appendID = appendID
        self.contentDigest = contentDigest
        self.previousHash = previousHash
        self.codec = codec
        self.hashAlgorithm = hashAlgorithm
        self.epoch = epoch
    }
}
