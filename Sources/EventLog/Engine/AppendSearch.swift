/// Recognizes one append while a stream is walked from its end.
package struct AppendSearch {
    private let id: AppendID
    private let stream: StreamName
    private let shard: ShardNumber
    private var contentDigest: ContentDigest?
    private var last: (sequence: SequenceNumber, position: Position, recordedAt: RecordedTime, hash: EventHash)?
    private var firstSequence = SequenceNumber.none

    package init(id: AppendID, stream: StreamName, shard: ShardNumber) {
        self.id = id
        self.stream = stream
        self.shard = shard
    }

    /// Looks at the next older event.
    /// - Returns: Whether the append has been seen completely, so that the walk may end.
    package mutating func isDone(after event: StoredEvent) throws(EventLogError) -> Bool {
        let header = try event.header()
        return event.record.withUnsafeBytes { isDone(header, $0, event.position, event.hash) }
    }

    /// Looks at the next older event, given in place.
    package mutating func isDone(
        _ header: RecordHeader, _ bytes: UnsafeRawBufferPointer, _ position: Position, _ hash: EventHash
    ) -> Bool {
        guard header.appendID(in: bytes) == id else { return last != nil }
        if last == nil {
            last = (header.sequence, position, header.recordedAt, hash)
            contentDigest = header.contentDigest(in: bytes)
        }
        firstSequence = header.sequence
        return false
    }

    /// The append, once the walk has passed it.
    package var found: FoundAppend? {
        guard let last, let contentDigest else { return nil }
        return FoundAppend(
            receipt: AppendReceipt(
                stream: stream, firstSequence: firstSequence, lastSequence: last.sequence, shard: shard,
                lastPosition: last.position, recordedAt: last.recordedAt, hash: last.hash),
            contentDigest: contentDigest)
    }
}
