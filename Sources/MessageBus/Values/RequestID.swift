/// Names a request, 16 bytes, not all zero. For commands it is the command id; a retry carries the same one.
package struct RequestID: Sendable, Hashable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// From exactly 16 bytes, not all zero; `nil` otherwise.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        for (index, byte) in bytes.enumerated() {
            if index < 8 { words.0 = words.0 << 8 | UInt64(byte) } else { words.1 = words.1 << 8 | UInt64(byte) }
        }
        guard words != (0, 0) else { return nil }
        (high, low) = words
    }

    /// From two numbers, for ids that a counter or a random source makes. Not both zero.
    package init(_ high: UInt64, _ low: UInt64) {
        precondition(high != 0 || low != 0, "RequestID.init: an id is not all zero")
        self.high = high
        self.low = low
    }

    /// The 16 bytes.
    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            for index in 0..<8 {
                buffer[index] = UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * index))
                buffer[index + 8] = UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * index))
            }
            count = 16
        }
    }

    /// 32 hexadecimal digits, for logs.
    package var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Writes the id as a protobuf field.
    func write(field: UInt32, to writer: inout WireWriter) {
        writer.tag(field, .bytes)
        writer.varint(16)
        writer.bigEndian(high)
        writer.bigEndian(low)
    }
}
