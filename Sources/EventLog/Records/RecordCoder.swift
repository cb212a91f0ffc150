/// Writes and reads `care.v1.StoredRecord` by hand, in canonical form: fields ascending, default values left out.
///
/// The hash of an event covers exactly these bytes, so their form must be the same on every machine and for ever; a
/// general protobuf library does not promise that.
package enum RecordCoder {
    /// Largest record in bytes, payload and metadata included.
    package static let largestRecord = 8 << 20

    /// The canonical bytes of a record.
    package static func encode(_ fields: RecordFields) -> [UInt8] {
        var arena = RecordArena(capacity: 512)
        let place = RecordPlace(
            sequence: fields.sequence.rawValue, recordedAt: fields.recordedAt.microseconds, eventID: fields.eventID,
            previousHash: fields.previousHash, codec: fields.codec, hashAlgorithm: fields.hashAlgorithm,
            epoch: fields.epoch)
        let length = fields.stream.withBytes { name in
            encode(
                name: name, fields.event, place, appendID: fields.appendID, contentDigest: fields.contentDigest,
                into: &arena)
        }
        return Array(arena.bytes(0, length))
    }

    /// Appends the canonical bytes of a record to an arena.
    /// - Returns: How many bytes were written.
    @inline(__always)
    static func encode(
        name: UnsafeRawBufferPointer, _ event: borrowing NewEvent, _ place: borrowing RecordPlace, appendID: AppendID,
        contentDigest: ContentDigest, into arena: inout RecordArena
    ) -> Int {
        arena.reserve(name.count + event.metadata.count + event.payload.count + Writer.fixedRoom)
        var writer = Writer(arena.base + arena.count)
        writer.bytes(Tag.stream, name)
        writer.number(Tag.sequence, place.sequence)
        writer.number(Tag.kind, UInt64(event.kind))
        writer.number(Tag.version, UInt64(event.version))
        writer.number(Tag.occurredOn, Varint.zigzag(event.occurredOn.rawValue))
        writer.number(Tag.recordedAt, UInt64(bitPattern: place.recordedAt))
        if let learnedOn = event.learnedOn {
            writer.byte(Tag.learnedOn)
            writer.varint(Varint.zigzag(learnedOn.rawValue))
        }
        writer.sixteen(Tag.eventID, place.eventID)
        writer.sixteen(Tag.appendID, appendID)
        writer.sixteen(Tag.contentDigest, contentDigest)
        event.metadata.withUnsafeBytes { writer.bytes(Tag.metadata, $0) }
        event.payload.withUnsafeBytes { writer.bytes(Tag.payload, $0) }
        if let previous = place.previousHash {
            writer.byte(Tag.previousHash)
            writer.byte(UInt8(EventHash.byteCount))
            previous.write(to: writer.pointer)
            writer.pointer += EventHash.byteCount
        }
        writer.number(Tag.codec, UInt64(place.codec))
        writer.number(Tag.hashAlgorithm, UInt64(place.hashAlgorithm))
        if place.epoch != 0 {
            writer.byte(Tag.epoch.0)
            writer.byte(Tag.epoch.1)
            writer.varint(place.epoch)
        }
        let written = writer.pointer - (arena.base + arena.count)
        arena.count += written
        return written
    }

    /// Reads a whole record.
    /// - Throws: `EventLogError` with code `malformedRecord`; retrying does not help.
    package static func decode(_ bytes: UnsafeRawBufferPointer) throws(EventLogError) -> RecordFields {
        let header = try RecordHeader(parsing: bytes)
        return RecordFields(
            stream: try StreamName(bytes: header.name(in: bytes)), sequence: header.sequence,
            event: NewEvent(
                kind: header.kind, version: header.version, occurredOn: header.occurredOn, learnedOn: header.learnedOn,
                metadata: Array(header.metadata(in: bytes)), payload: Array(header.payload(in: bytes))),
            recordedAt: header.recordedAt, eventID: header.eventID(in: bytes), appendID: header.appendID(in: bytes),
            contentDigest: header.contentDigest(in: bytes), previousHash: header.previousHash(in: bytes),
            codec: header.codec, hashAlgorithm: header.hashAlgorithm, epoch: header.epoch)
    }

    /// Reads a whole record.
    /// - Throws: `EventLogError` with code `malformedRecord`; retrying does not help.
    package static func decode(_ bytes: [UInt8]) throws(EventLogError) -> RecordFields {
        let result: Result<RecordFields, EventLogError> = bytes.withUnsafeBytes { buffer in
            do throws(EventLogError) { return .success(try decode(buffer)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Field numbers of `StoredRecord` shifted to tags.
    enum Tag {
        static let stream: UInt8 = 1 << 3 | 2
        static let sequence: UInt8 = 2 << 3
        static let kind: UInt8 = 3 << 3
        static let version: UInt8 = 4 << 3
        static let occurredOn: UInt8 = 5 << 3
        static let recordedAt: UInt8 = 6 << 3
        static let learnedOn: UInt8 = 7 << 3
        static let eventID: UInt8 = 8 << 3 | 2
        static let appendID: UInt8 = 9 << 3 | 2
        static let contentDigest: UInt8 = 10 << 3 | 2
        static let metadata: UInt8 = 11 << 3 | 2
        static let payload: UInt8 = 12 << 3 | 2
        static let previousHash: UInt8 = 13 << 3 | 2
        static let codec: UInt8 = 14 << 3
        static let hashAlgorithm: UInt8 = 15 << 3
        /// Field 16 needs a second tag byte.
        static let epoch: (UInt8, UInt8) = (0x80, 1)
    }
}

/// What the log adds to an event.
struct RecordPlace {
    var sequence: UInt64
    var recordedAt: Int64
    var eventID: EventID
    var previousHash: EventHash?
    var codec: UInt32 = 0
    var hashAlgorithm: UInt32 = 0
    var epoch: UInt64
}

extension RecordCoder {
    /// Raw writing into memory that has room.
    private struct Writer {
        /// Upper bound of everything but name, metadata and payload.
        static let fixedRoom = 256

        var pointer: UnsafeMutableRawPointer

        init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }

        @inline(__always)
        mutating func byte(_ value: UInt8) {
            pointer.storeBytes(of: value, as: UInt8.self)
            pointer += 1
        }

        @inline(__always)
        mutating func varint(_ value: UInt64) {
            var rest = value
            while rest >= 0x80 {
                byte(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            byte(UInt8(truncatingIfNeeded: rest))
        }

        @inline(__always)
        mutating func number(_ tag: UInt8, _ value: UInt64) {
            guard value != 0 else { return }
            byte(tag)
            varint(value)
        }

        @inline(__always)
        mutating func bytes(_ tag: UInt8, _ value: UnsafeRawBufferPointer) {
            guard let base = value.baseAddress, value.count > 0 else { return }
            byte(tag)
            varint(UInt64(value.count))
            pointer.copyMemory(from: base, byteCount: value.count)
            pointer += value.count
        }

        @inline(__always)
        mutating func sixteen(_ tag: UInt8, _ value: some SixteenBytes) {
            byte(tag)
            byte(16)
            pointer.storeBytes(of: value.high.bigEndian, as: UInt64.self)
            pointer.storeBytes(of: value.low.bigEndian, toByteOffset: 8, as: UInt64.self)
            pointer += 16
        }
    }
}
