/// A stream in sixteen bytes: the first half of SHA-256 over its name.
///
/// Heads of millions of streams are kept by this key instead of by name. Finding two names with one key takes about
/// 2^64 attempts, so a peer cannot aim at another household's stream.
package struct StreamKey: Sendable, Hashable {
    /// First eight bytes, big-endian.
    package let high: UInt64
    /// Next eight bytes, big-endian.
    package let low: UInt64

    /// A key from its two halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The key of a name.
    package init(_ name: StreamName) {
        self = name.withBytes { StreamKey(nameBytes: $0) }
    }

    /// The key of a name given as UTF-8 bytes.
    package init(nameBytes: UnsafeRawBufferPointer) {
        let digest = EventHash(of: nameBytes)
        self.init(high: digest.word0, low: digest.word1)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(low) }
}
