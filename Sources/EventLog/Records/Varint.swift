/// Base-128 numbers of the protobuf wire format.
enum Varint {
    /// How many bytes a number takes.
    @inline(__always)
    static func size(_ value: UInt64) -> Int {
        // ceil(bits / 7) for 1...64 bits without a division; 0 takes one byte like 1.
        (UInt64.bitWidth - (value | 1).leadingZeroBitCount + 6) / 7
    }

    /// Appends a number to an array.
    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Maps signed to unsigned numbers so that small magnitudes stay short.
    @inline(__always)
    static func zigzag(_ value: Int32) -> UInt64 { UInt64(UInt32(bitPattern: (value << 1) ^ (value >> 31))) }

    /// The inverse of `zigzag`; nil when the number does not fit.
    @inline(__always)
    static func unzigzag(_ value: UInt64) -> Int32? {
        guard let narrow = UInt32(exactly: value) else { return nil }
        return Int32(bitPattern: narrow >> 1) ^ -Int32(bitPattern: narrow & 1)
    }
}
