/// The heads of all streams under one Merkle root, streams in the order of their first events.
///
/// What stands for a stream is not only its last hash but the fold of all its hashes, `fold = SHA-256(fold ‖ hash)` from
/// 32 zero bytes, so that one leaf proves every event of the stream without showing any. About 150 bytes for each stream.
package struct StreamTree: Sendable {
    /// The end of one stream.
    package struct Head: Sendable, Hashable {
        /// Sequence of its last event.
        package var sequence: UInt64
        /// Fold of the hashes of all its events.
        package var fold: EventHash
    }

    private var numbers: [StreamKey: UInt32] = [:]
    private var heads: [Head] = []
    private var keys: [StreamKey] = []
    private var tree = MerkleTree()
    private var changed: Set<UInt32> = []
    /// Streams of which an event was damaged or missing: they stay where they were.
    package private(set) var broken: Set<StreamKey> = []

    /// A tree of no streams.
    package init() {}

    /// How many streams there are.
    package var count: Int { heads.count }

    /// Takes the next event of a stream. Events come in the order of the log.
    package mutating func take(_ key: StreamKey, sequence: UInt64, hash: EventHash) {
        guard !broken.contains(key) else { return }
        let number: UInt32
        if let known = numbers[key] {
            number = known
        } else {
            number = UInt32(heads.count)
            numbers[key] = number
            keys.append(key)
            heads.append(Head(sequence: 0, fold: .zero))
            // A leaf of its own also when its first event is missing: those of later streams stand behind it.
            changed.insert(number)
        }
        let head = heads[Int(number)]
        guard sequence == head.sequence + 1 else { return leave(key) }
        heads[Int(number)] = Head(sequence: sequence, fold: Self.fold(head.fold, hash))
        changed.insert(number)
    }

    /// Leaves a damaged stream as it is from here on.
    package mutating func leave(_ key: StreamKey) { broken.insert(key) }

    /// The root over all streams as they are now.
    package mutating func root() -> EventHash {
        // New leaves must come in their order.
        for number in changed.sorted() {
            tree.set(Self.leaf(keys[Int(number)], heads[Int(number)]), at: Int(number))
        }
        changed.removeAll(keepingCapacity: true)
        return tree.root()
    }

    /// Where a stream stands, and the hashes that lead from it to the root; nil for an unknown one. Call `root` first.
    package func place(of key: StreamKey) -> (index: Int, head: Head, path: [EventHash])? {
        guard let number = numbers[key] else { return nil }
        return (Int(number), heads[Int(number)], tree.path(of: Int(number)))
    }

    /// Adds an event's hash to the fold of its stream.
    package static func fold(_ fold: EventHash, _ hash: EventHash) -> EventHash {
        withUnsafeTemporaryAllocation(byteCount: 2 * EventHash.byteCount, alignment: 8) { bytes in
            guard let base = bytes.baseAddress else { return .zero }
            fold.write(to: base)
            hash.write(to: base + EventHash.byteCount)
            return EventHash(of: UnsafeRawBufferPointer(bytes))
        }
    }

    /// The leaf of a stream: `SHA-256(0 ‖ key ‖ sequence ‖ fold)`, numbers big-endian.
    package static func leaf(_ key: StreamKey, _ head: Head) -> EventHash {
        withUnsafeTemporaryAllocation(byteCount: 25 + EventHash.byteCount, alignment: 8) { bytes in
            guard let base = bytes.baseAddress else { return .zero }
            base.storeBytes(of: 0, as: UInt8.self)
            for (place, word) in [key.high, key.low, head.sequence].enumerated() {
                base.storeBytes(of: word.bigEndian, toByteOffset: 1 + place * 8, as: UInt64.self)
            }
            head.fold.write(to: base + 25)
            return EventHash(of: UnsafeRawBufferPointer(bytes))
        }
    }
}
