/// A value of exactly sixteen bytes, kept as two big-endian words so that it costs no allocation.
package protocol SixteenBytes: Sendable, Hashable, CustomStringConvertible {
    /// First eight bytes, big-endian.
    var high: UInt64 { get }
    /// Last eight bytes, big-endian.
    var low: UInt64 { get }
    /// From its two halves.
    init(high: UInt64, low: UInt64)
}

extension SixteenBytes {
    /// From sixteen bytes; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        // Nearly all bytes lie in one piece; walking them through the generic collection costs ten times as much.
        let read = bytes.withContiguousStorageIfAvailable { Self(contiguous: UnsafeRawBufferPointer($0)) }
        guard let made = read ?? Array(bytes).withUnsafeBytes({ Self(contiguous: $0) }) else { return nil }
        self = made
    }

    private init?(contiguous bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return nil }
        self.init(at: 0, in: bytes)
    }

    /// Reads sixteen bytes at `offset`; the caller has checked that they are there.
    init(at offset: Int, in buffer: UnsafeRawBufferPointer) {
        self.init(
            high: UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
            low: UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)))
    }

    /// The sixteen bytes.
    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            raw.storeBytes(of: high.bigEndian, as: UInt64.self)
            raw.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            count = 16
        }
    }

    /// Thirty-two lower-case hexadecimal digits.
    package var description: String { hexadecimal(bytes) }
}

/// Lower-case hexadecimal digits of some bytes.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
