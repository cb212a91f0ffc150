/// One of the 64 fixed parts every stream belongs to, whatever engine holds the log.
///
/// The number is part of the protocol: FNV-1a with 64 bits over the name's UTF-8 bytes, upper half folded onto the
/// lower, modulo 64. It must never change, because shards are assigned by it.
package struct VirtualPartition: Sendable, Hashable, Comparable {
    /// How many there are.
    package static let count = 64

    /// 0 to 63.
    package let number: UInt8

    /// The partition of a stream.
    package init(of name: StreamName) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.text.utf8 {
            hash ^= UInt64(byte)
            hash &*= 0x100_0000_01b3
        }
        number = UInt8(truncatingIfNeeded: (hash ^ (hash >> 32)) % UInt64(Self.count))
    }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
