/// An event as it stands in the log: its record's bytes, still encoded, with its place and hash.
package struct StoredEvent: Sendable, Hashable {
    /// Place in the shard.
    package let position: Position
    /// Canonical bytes of the `StoredRecord`.
    package let record: [UInt8]
    /// SHA-256 over `record`.
    package let hash: EventHash

    /// An event with its place and hash.
    package init(position: Position, record: [UInt8], hash: EventHash) {
        self.position = position
        self.record = record
        self.hash = hash
    }

    /// The event with its fields read.
    /// - Throws: `EventLogError` with code `malformedRecord`; retrying does not help.
    package func decoded() throws(EventLogError) -> RecordedEvent {
        RecordedEvent(position: position, hash: hash, fields: try RecordCoder.decode(record))
    }

    /// The fields replay needs, without copying payload or metadata.
    /// - Throws: `EventLogError` with code `malformedRecord`; retrying does not help.
    package func header() throws(EventLogError) -> RecordHeader {
        let result: Result<RecordHeader, EventLogError> = record.withUnsafeBytes { bytes in
            do throws(EventLogError) { return .success(try RecordHeader(parsing: bytes)) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
