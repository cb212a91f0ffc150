/// One digest over the hashes of all events of a shard, in order of position.
///
/// Sixty-four hashes are folded at a time: `group = SHA-256(group ‖ 64 hashes)`, from 32 zero bytes. The digest at any
/// position is `SHA-256(group ‖ hashes since the last full group)`. Groups are aligned to positions, so the digest does
/// not depend on how events were grouped into commits, and costs about one hash block for two events.
package struct RunningDigest: Sendable {
    /// Events folded at a time.
    package static let groupSize = 64

    /// How many hashes went in.
    package private(set) var count: UInt64
    /// Fold of all full groups.
    package private(set) var group: EventHash
    private var block: [UInt8]

    /// The digest of an empty log.
    package init() { self.init(group: .zero, count: 0) }

    /// Continues after full groups; `count` must be a multiple of `groupSize`.
    package init(group: EventHash, count: UInt64) {
        precondition(count % UInt64(Self.groupSize) == 0, "RunningDigest.init continues only after a full group")
        self.group = group
        self.count = count
        block = [UInt8](repeating: 0, count: (Self.groupSize + 1) * EventHash.byteCount)
        block.withUnsafeMutableBytes { if let base = $0.baseAddress { group.write(to: base) } }
    }

    /// Continues anywhere; `open` are the hashes since the last full group, 32 bytes each.
    package init?(group: EventHash, count: UInt64, open: [UInt8]) {
        let places = Int(count % UInt64(Self.groupSize))
        guard open.count == places * EventHash.byteCount else { return nil }
        self.init(group: group, count: count - UInt64(places))
        block.replaceSubrange(EventHash.byteCount..<EventHash.byteCount + open.count, with: open)
        self.count = count
    }

    /// The hashes since the last full group, 32 bytes each.
    package var open: [UInt8] {
        let places = Int(count % UInt64(Self.groupSize))
        return Array(block[EventHash.byteCount..<(places + 1) * EventHash.byteCount])
    }

    /// Adds the hash of the next event.
    package mutating func add(_ hash: EventHash) {
        let place = Int(count % UInt64(Self.groupSize))
        let group = block.withUnsafeMutableBytes { bytes -> EventHash? in
            guard let base = bytes.baseAddress else { return nil }
            hash.write(to: base + (place + 1) * EventHash.byteCount)
            guard place == Self.groupSize - 1 else { return nil }
            let folded = EventHash(of: UnsafeRawBufferPointer(bytes))
            folded.write(to: base)
            return folded
        }
        if let group { self.group = group }
        count += 1
    }

    /// The digest over everything added so far.
    package var value: EventHash {
        let open = Int(count % UInt64(Self.groupSize))
        return block.withUnsafeBytes { EventHash(of: UnsafeRawBufferPointer(rebasing: $0[..<((open + 1) * 32)])) }
    }
}
