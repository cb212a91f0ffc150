/// The heads of all streams of a shard, by stream key, in about 80 bytes each.
///
/// The writer's thread is the only one that changes it, always under the lock; readers on other threads look up under
/// the lock. So the writer itself may look up without it. Entries never move and are never removed: they live in chunks
/// of 65,536, and an open-addressing table of entry numbers points at them.
package final class HeadTable: @unchecked Sendable {
    // Safe to share: see above; `lock` orders the writer's changes with every reader's look.
    struct Entry {
        var key: StreamKey
        var hash: EventHash
        var first: UInt64
        var last: UInt64
        var sequence: UInt64
    }

    static let chunkBits = 16
    private let lock = LogLock()
    private var chunks: [UnsafeMutablePointer<Entry>] = []
    private var slots: UnsafeMutablePointer<UInt32>
    private var mask: Int
    /// How many streams there are.
    package private(set) var count = 0

    /// An empty table.
    package init() {
        mask = 1023
        slots = .allocate(capacity: mask + 1)
        slots.initialize(repeating: 0, count: mask + 1)
    }

    deinit {
        slots.deallocate()
        for chunk in chunks { chunk.deallocate() }
    }

    /// The head of a stream, for any thread.
    package func head(of key: StreamKey) -> StreamHead? {
        lock.withLock { headForOwner(of: key) }
    }

    /// The head of a stream, for the thread that changes the table.
    @inline(__always)
    func headForOwner(of key: StreamKey) -> StreamHead? {
        let slot = slots[slotIndex(of: key)]
        guard slot != 0 else { return nil }
        let entry = entryPointer(Int(slot) - 1)
        return StreamHead(
            first: Position(entry.pointee.first), last: Position(entry.pointee.last),
            sequence: SequenceNumber(entry.pointee.sequence), hash: entry.pointee.hash)
    }

    /// Sets many heads as one change.
    func update(_ count: Int, _ change: (Int) -> (key: StreamKey, head: StreamHead)) {
        lock.withLock {
            for index in 0..<count {
                let (key, head) = change(index)
                set(head, for: key)
            }
        }
    }

    /// Sets one head.
    package func update(_ key: StreamKey, to head: StreamHead) {
        lock.withLock { set(head, for: key) }
    }

    /// Bytes of one entry in a saved image.
    package static var imageBytesPerStream: Int { MemoryLayout<Entry>.stride }

    /// The entries `range` of `0..<count`, in the order streams were added, as they stand in memory. For the owner's
    /// thread.
    package func imageBytes(of range: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count * Self.imageBytesPerStream)
        for number in range {
            bytes += UnsafeRawBufferPointer(start: entryPointer(number), count: Self.imageBytesPerStream)
        }
        return bytes
    }

    /// Adds entries from `imageBytes`.
    package func addImage(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            for offset in stride(from: 0, to: buffer.count, by: Self.imageBytesPerStream) {
                let entry = buffer.loadUnaligned(fromByteOffset: offset, as: Entry.self)
                update(
                    entry.key,
                    to: StreamHead(
                        first: Position(entry.first), last: Position(entry.last),
                        sequence: SequenceNumber(entry.sequence), hash: entry.hash))
            }
        }
    }

    private func set(_ head: StreamHead, for key: StreamKey) {
        let index = slotIndex(of: key)
        if slots[index] == 0 {
            let number = count
            if number >> Self.chunkBits == chunks.count { chunks.append(.allocate(capacity: 1 << Self.chunkBits)) }
            count += 1
            slots[index] = UInt32(count)
            entryPointer(number).initialize(to: entry(key, head))
            if count * 4 > (mask + 1) * 3 { grow() }
        } else {
            entryPointer(Int(slots[index]) - 1).pointee = entry(key, head)
        }
    }

    private func entry(_ key: StreamKey, _ head: StreamHead) -> Entry {
        Entry(
            key: key, hash: head.hash, first: head.first.rawValue, last: head.last.rawValue,
            sequence: head.sequence.rawValue)
    }

    @inline(__always)
    private func entryPointer(_ number: Int) -> UnsafeMutablePointer<Entry> {
        chunks[number >> Self.chunkBits] + (number & (1 << Self.chunkBits - 1))
    }

    /// The slot that holds the key, or the empty slot where it belongs. The key is half a SHA-256, so its low bits are
    /// as good as any hash.
    @inline(__always)
    private func slotIndex(of key: StreamKey) -> Int {
        var index = Int(truncatingIfNeeded: key.low) & mask
        while slots[index] != 0 && entryPointer(Int(slots[index]) - 1).pointee.key != key { index = (index + 1) & mask }
        return index
    }

    private func grow() {
        slots.deallocate()
        mask = mask * 2 + 1
        slots = .allocate(capacity: mask + 1)
        slots.initialize(repeating: 0, count: mask + 1)
        for number in 0..<count { slots[slotIndex(of: entryPointer(number).pointee.key)] = UInt32(number + 1) }
    }
}
