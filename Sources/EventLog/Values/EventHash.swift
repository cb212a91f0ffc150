import CSHA256

/// Hash over the bytes of a stored record (SHA-256, or what the record names), kept as four big-endian words so that it costs no allocation.
package struct EventHash: Sendable, Hashable, CustomStringConvertible {
    /// Bytes of a hash.
    package static let byteCount = 32

    /// Bytes 0 to 7, big-endian.
    package let word0: UInt64
    /// Bytes 8 to 15, big-endian.
    package let word1: UInt64
    /// Bytes 16 to 23, big-endian.
    package let word2: UInt64
    /// Bytes 24 to 31, big-endian.
    package let word3: UInt64

    /// All zero; stands for "no hash" where a fixed size is needed.
    package static let zero = EventHash(word0: 0, word1: 0, word2: 0, word3: 0)

    init(word0: UInt64, word1: UInt64, word2: UInt64, word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// Computes SHA-256 of some bytes.
    package init(of bytes: UnsafeRawBufferPointer) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutablePointer(to: &words) { pointer in
            pointer.withMemoryRebound(to: UInt64.self, capacity: 4) { care_sha256(bytes.baseAddress, bytes.count, $0) }
        }
        self.init(word0: words.0, word1: words.1, word2: words.2, word3: words.3)
    }

    /// From thirty-two bytes; nil for any other count.
    package init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(at: 0, in: bytes)
    }

    /// From thirty-two bytes; nil for any other count.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self = bytes.withUnsafeBytes { EventHash(at: 0, in: $0) }
    }

    /// Reads a hash at `offset`; the caller has checked that it is there.
    init(at offset: Int, in buffer: UnsafeRawBufferPointer) {
        word0 = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        word1 = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
        word2 = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self))
        word3 = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self))
    }

    /// Writes the thirty-two bytes to memory that has room for them.
    package func write(to pointer: UnsafeMutableRawPointer) {
        pointer.storeBytes(of: word0.bigEndian, as: UInt64.self)
        pointer.storeBytes(of: word1.bigEndian, toByteOffset: 8, as: UInt64.self)
        pointer.storeBytes(of: word2.bigEndian, toByteOffset: 16, as: UInt64.self)
        pointer.storeBytes(of: word3.bigEndian, toByteOffset: 24, as: UInt64.self)
    }

    /// The thirty-two bytes.
    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            if let base = buffer.baseAddress { write(to: UnsafeMutableRawPointer(base)) }
            count = Self.byteCount
        }
    }

    /// Sixty-four lower-case hexadecimal digits.
    package var description: String { hexadecimal(bytes) }
}
