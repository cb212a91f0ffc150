import CareDomain

/// The fields of a protobuf message in the order in which they stand, read in place.
struct ProtoFields {
    /// One field. The bytes belong to the message and go away with it.
    struct Field {
        let number: UInt64
        /// Of a number; 0 for bytes.
        let value: UInt64
        /// Of a length-delimited field; empty for a number.
        let bytes: UnsafeRawBufferPointer

        /// Bytes as text; broken UTF-8 is repaired.
        var text: String { String(decoding: bytes, as: UTF8.self) }

        /// A zigzag number.
        var signed: Int64 { Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }

        /// A day; clamped to what a day number holds.
        var day: CivilDay { CivilDay(dayNumber: Int32(clamping: signed)) }

        /// Sixteen bytes; nil for another number.
        var id: PersonID? {
            guard bytes.count == 16 else { return nil }
            return PersonID(
                Identifier128(
                    high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                    low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))))
        }
    }

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    /// False once the bytes turned out not to be a message.
    private(set) var isWhole = true

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// How many bytes were read so far.
    var position: Int { offset }

    /// The next field; nil at the end, or where the bytes stop being a message.
    mutating func next() -> Field? {
        guard offset < bytes.count else { return nil }
        guard let tag = varint() else { return broken() }
        switch tag & 7 {
        case 0:
            guard let value = varint() else { return broken() }
            return Field(number: tag >> 3, value: value, bytes: Self.none)
        case 1, 5:
            let size = tag & 7 == 1 ? 8 : 4
            guard bytes.count - offset >= size else { return broken() }
            offset += size
            return Field(number: tag >> 3, value: 0, bytes: Self.none)
        case 2:
            guard let length = varint(), length <= UInt64(bytes.count - offset) else { return broken() }
            let range = offset..<offset + Int(length)
            offset = range.upperBound
            return Field(number: tag >> 3, value: 0, bytes: UnsafeRawBufferPointer(rebasing: bytes[range]))
        default:
            return broken()
        }
    }

    private static var none: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

    private mutating func broken() -> Field? {
        isWhole = false
        offset = bytes.count
        return nil
    }

    @inline(__always)
    private mutating func varint() -> UInt64? {
        // Most numbers take one byte.
        if offset < bytes.count, bytes[offset] < 0x80 {
            offset += 1
            return UInt64(bytes[offset - 1])
        }
        return longVarint()
    }

    private mutating func longVarint() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count, shift < 64 {
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
