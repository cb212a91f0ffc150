/// Name of a connection at a ROUTER socket, at most 15 bytes. Without a name of its own a client gets one of 5 bytes.
package struct RoutingID: Sendable, Hashable {
    private let high: UInt64
    private let low: UInt64

    /// Longest name that is served; clients should not set one at all.
    package static let maximumBytes = 15

    /// A name from its bytes; `nil` when empty or too long.
    package init?(_ bytes: some Collection<UInt8>) {
        guard (1...Self.maximumBytes).contains(bytes.count) else { return nil }
        var words: (UInt64, UInt64) = (0, UInt64(bytes.count))
        for (index, byte) in bytes.enumerated() {
            if index < 8 {
                words.0 |= UInt64(byte) << UInt64(56 - 8 * index)
            } else {
                words.1 |= UInt64(byte) << UInt64(120 - 8 * index)
            }
        }
        (high, low) = words
    }

    /// The bytes.
    package var bytes: [UInt8] {
        let count = Int(low & 0xFF)
        return [UInt8](unsafeUninitializedCapacity: Self.maximumBytes) { buffer, initialized in
            for index in 0..<count {
                let word = index < 8 ? high >> UInt64(56 - 8 * index) : low >> UInt64(120 - 8 * index)
                buffer[index] = UInt8(truncatingIfNeeded: word)
            }
            initialized = count
        }
    }
}
