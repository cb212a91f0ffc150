/// What replay needs of a record, found by one walk over its wire format without allocating.
///
/// Ranges are offsets into the bytes that were parsed. Unknown higher fields are skipped, so a newer writer's records
/// stay readable.
package struct RecordHeader: Sendable {
    /// Place in the stream.
    package private(set) var sequence = SequenceNumber.none
    /// Event type.
    package private(set) var kind: UInt32 = 0
    /// Version of the event type.
    package private(set) var version: UInt32 = 0
    /// Day the fact was true.
    package private(set) var occurredOn = DayNumber(0)
    /// Day the source learned it.
    package private(set) var learnedOn: DayNumber?
    /// When the log learned it.
    package private(set) var recordedAt = RecordedTime(microseconds: 0)
    /// How the payload is encoded.
    package private(set) var codec: UInt32 = 0
    /// How the record is hashed.
    package private(set) var hashAlgorithm: UInt32 = 0
    /// Epoch of the writer.
    package private(set) var epoch: UInt64 = 0
    /// Where the stream's name stands.
    package private(set) var nameRange = 0..<0
    /// Where the metadata stands.
    package private(set) var metadataRange = 0..<0
    /// Where the payload stands.
    package private(set) var payloadRange = 0..<0
    private var eventIDStart = 0
    private var appendIDStart = 0
    private var contentDigestStart = 0
    private var previousHashStart = 0

    /// Walks a record.
    /// - Throws: `EventLogError` with code `malformedRecord` when the bytes are cut off, out of order, or lack what
    ///   every record has; retrying does not help.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(EventLogError) {
        guard parse(bytes) else {
            throw EventLogError(.malformedRecord, "record of \(bytes.count) bytes cannot be read")
        }
    }

    private mutating func parse(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var reader = WireReader(bytes)
        var last: UInt64 = 0
        while !reader.isAtEnd {
            guard let tag = reader.varint(), tag >> 3 > last else { return false }
            last = tag >> 3
            guard field(tag, &reader) else { return false }
        }
        return nameRange.count > 0 && sequence.rawValue > 0 && eventIDStart > 0 && appendIDStart > 0
            && contentDigestStart > 0
    }

    @inline(__always)
    private mutating func field(_ tag: UInt64, _ reader: inout WireReader) -> Bool {
        guard tag & 7 != 2 else { return bytesField(tag >> 3, &reader) }
        guard tag & 7 == 0 else { return tag >> 3 > 16 && reader.skip(wireType: tag & 7) }
        guard let value = reader.varint() else { return false }
        switch tag >> 3 {
        case 2: sequence = SequenceNumber(value)
        case 3: return narrow(value, to: &kind)
        case 4: return narrow(value, to: &version)
        case 5:
            guard let day = Varint.unzigzag(value) else { return false }
            occurredOn = DayNumber(day)
        case 6: recordedAt = RecordedTime(microseconds: Int64(bitPattern: value))
        case 7:
            guard let day = Varint.unzigzag(value) else { return false }
            learnedOn = DayNumber(day)
        case 14: return narrow(value, to: &codec)
        case 15: return narrow(value, to: &hashAlgorithm)
        case 16: epoch = value
        default: return tag >> 3 > 16
        }
        return true
    }

    @inline(__always)
    private mutating func bytesField(_ number: UInt64, _ reader: inout WireReader) -> Bool {
        guard let range = reader.range() else { return false }
        switch number {
        case 1: nameRange = range
        case 8: return start(of: range, count: 16, &eventIDStart)
        case 9: return start(of: range, count: 16, &appendIDStart)
        case 10: return start(of: range, count: 16, &contentDigestStart)
        case 11: metadataRange = range
        case 12: payloadRange = range
        case 13: return start(of: range, count: EventHash.byteCount, &previousHashStart)
        default: return number > 16
        }
        return true
    }

    @inline(__always)
    private func narrow(_ value: UInt64, to field: inout UInt32) -> Bool {
        guard let narrow = UInt32(exactly: value) else { return false }
        field = narrow
        return true
    }

    @inline(__always)
    private func start(of range: Range<Int>, count: Int, _ field: inout Int) -> Bool {
        field = range.lowerBound
        return range.count == count
    }

    /// Bytes of the stream's name.
    package func name(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[nameRange])
    }

    /// Bytes of the metadata.
    package func metadata(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[metadataRange])
    }

    /// Bytes of the payload.
    package func payload(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[payloadRange])
    }

    /// Id of the event.
    package func eventID(in bytes: UnsafeRawBufferPointer) -> EventID { EventID(at: eventIDStart, in: bytes) }

    /// Id of the append.
    package func appendID(in bytes: UnsafeRawBufferPointer) -> AppendID { AppendID(at: appendIDStart, in: bytes) }

    /// Digest of the command's content.
    package func contentDigest(in bytes: UnsafeRawBufferPointer) -> ContentDigest {
        ContentDigest(at: contentDigestStart, in: bytes)
    }

    /// Hash of the stream's previous record; nil for the first.
    package func previousHash(in bytes: UnsafeRawBufferPointer) -> EventHash? {
        previousHashStart == 0 ? nil : EventHash(at: previousHashStart, in: bytes)
    }
}
