/// Writes and reads `care.v1.StoredRecord` by hand, in canonical form: fields ascending, default values left out.
///
/// The hash of an event covers exactly these bytes, so their form must be the same on every machine and for ever; a
/// general protobuf library does not promise that.
package enum RecordCoder {
    /// Largest record in bytes, payload and metadata included.
    package static let largestRecord = 8 << 20

    /// The canonical bytes of a record.
    package static func encode(_ fields: RecordFields) -> [UInt8] {
        let arena = RecordArena(capacity: 512)
        let length = encode(fields, into: arena)
        return Array(arena.bytes(0, length))
    }

    /// Appends the canonical bytes of a record to an arena.
    /// - Returns: How many bytes were written.
    static func encode(_ fields: RecordFields, into arena: RecordArena) -> Int {
        fields.stream.withBytes { name in
            fields.event.metadata.withUnsafeBytes { metadata in
                fields.event.payload.withUnsafeBytes { payload in
                    arena.reserve(name.count + metadata.count + payload.count + Writer.fixedRoom)
                    var writer = Writer(arena.base + arena.count)
                    writer.write(fields, name: name, metadata: metadata, payload: payload)
                    let written = writer.pointer - (arena.base + arena.count)
                    arena.count += written
                    return written
                }
            }
        }
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

        @inline(__always)
        mutating func write(
            _ fields: RecordFields, name: UnsafeRawBufferPointer, metadata: UnsafeRawBufferPointer,
            payload: UnsafeRawBufferPointer
        ) {
            bytes(Tag.stream, name)
            number(Tag.sequence, fields.sequence.rawValue)
            number(Tag.kind, UInt64(fields.event.kind))
            number(Tag.version, UInt64(fields.event.version))
            number(Tag.occurredOn, Varint.zigzag(fields.event.occurredOn.rawValue))
            number(Tag.recordedAt, UInt64(bitPattern: fields.recordedAt.microseconds))
            if let learnedOn = fields.event.learnedOn {
                byte(Tag.learnedOn)
                varint(Varint.zigzag(learnedOn.rawValue))
            }
            sixteen(Tag.eventID, fields.eventID)
            sixteen(Tag.appendID, fields.appendID)
            sixteen(Tag.contentDigest, fields.contentDigest)
            bytes(Tag.metadata, metadata)
            bytes(Tag.payload, payload)
            if let previous = fields.previousHash {
                byte(Tag.previousHash)
                byte(UInt8(EventHash.byteCount))
                previous.write(to: pointer)
                pointer += EventHash.byteCount
            }
            number(Tag.codec, UInt64(fields.codec))
            number(Tag.hashAlgorithm, UInt64(fields.hashAlgorithm))
            if fields.epoch != 0 {
                byte(Tag.epoch.0)
                byte(Tag.epoch.1)
                varint(fields.epoch)
            }
        }
    }
}
