/// One event during a scan, read in place. Valid only inside the scan's callback.
package struct ScannedEvent {
    /// Place in the shard.
    package let position: Position
    /// The fields replay needs.
    package let header: RecordHeader
    /// The record's bytes; they belong to the storage and go away when the callback returns.
    package let bytes: UnsafeRawBufferPointer
    /// SHA-256 over the record, as stored.
    package let hash: EventHash

    package init(position: Position, header: RecordHeader, bytes: UnsafeRawBufferPointer, hash: EventHash) {
        self.position = position
        self.header = header
        self.bytes = bytes
        self.hash = hash
    }

    /// Bytes of the payload.
    package var payload: UnsafeRawBufferPointer { header.payload(in: bytes) }

    /// Bytes of the metadata.
    package var metadata: UnsafeRawBufferPointer { header.metadata(in: bytes) }

    /// UTF-8 bytes of the stream's name.
    package var streamBytes: UnsafeRawBufferPointer { header.name(in: bytes) }

    /// Sixteen bytes that stand for the stream; cheaper than its name when grouping millions of events.
    package var streamKey: StreamKey { StreamKey(nameBytes: streamBytes) }

    /// What the stream is about; nil when the name is damaged.
    package var category: StreamCategory? { StreamCategory(ofName: streamBytes) }

    /// A copy that outlives the callback.
    package func stored() -> StoredEvent {
        StoredEvent(position: position, record: Array(bytes), hash: hash)
    }
}
