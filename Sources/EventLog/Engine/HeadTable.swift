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

        init(_ key: StreamKey, _ head: StreamHead) {
            self.key = key
            hash = head.hash
            first = head.first.rawValue
            last = head.last.rawValue
            sequence = head.sequence.rawValue
        }

        var head: StreamHead {
            StreamHead(
                first: Position(first), last: Position(last), sequence: SequenceNumber(sequence), hash: hash)
        }
    }

    /// Kept behind a pointer, because every look at a class's own variables would be checked at run time.
    private struct Table {
        var chunks: UnsafeMutablePointer<UnsafeMutablePointer<Entry>>
        var chunkCount = 0
        var slots: UnsafeMutablePointer<UInt32>
        var mask: Int
        var count = 0
        /// Keeps the compiler from leaving out the reads of `warm`.
        var warmth: UInt64 = 0
    }

    static let chunkBits = 16
    /// Room for 4 billion streams, the most a slot can number.
    private static let mostChunks = 1 << 16

    private let lock = LogLock()
    private let table: UnsafeMutablePointer<Table>

    /// How many streams there are.
    package var count: Int { table.pointee.count }

    /// An empty table.
    package init() {
        let slots = UnsafeMutablePointer<UInt32>.allocate(capacity: 1024)
        slots.initialize(repeating: 0, count: 1024)
        table = .allocate(capacity: 1)
        table.initialize(to: Table(chunks: .allocate(capacity: Self.mostChunks), slots: slots, mask: 1023))
    }

    deinit {
        for chunk in 0..<table.pointee.chunkCount { table.pointee.chunks[chunk].deallocate() }
        table.pointee.chunks.deallocate()
        table.pointee.slots.deallocate()
        table.deallocate()
    }

    /// The head of a stream, for any thread.
    package func head(of key: StreamKey) -> StreamHead? {
        lock.withLock { number(of: key).map { entry($0).pointee.head } }
    }

    /// The first head that is wanted, for any thread. Looks at all of them.
    package func first(where isWanted: (StreamHead) -> Bool) -> StreamHead? {
        lock.withLock {
            for number in 0..<count {
                let head = entry(number).pointee.head
                if isWanted(head) { return head }
            }
            return nil
        }
    }

    /// Entry number of a stream, for the thread that changes the table.
    @inline(__always)
    func number(of key: StreamKey) -> Int? {
        let slot = table.pointee.slots[slotIndex(of: key)]
        return slot == 0 ? nil : Int(slot) - 1
    }

    /// The head of an entry, for the thread that changes the table.
    @inline(__always)
    func head(at number: Int) -> StreamHead { entry(number).pointee.head }

    /// Brings what a batch will look up into the processor's cache. Asked for all at once, memory answers many times
    /// faster than one after the other.
    func warm(_ keys: [StreamKey], _ numbers: inout [UInt32]) {
        numbers.removeAll(keepingCapacity: true)
        let slots = table.pointee.slots
        let mask = table.pointee.mask
        for key in keys { numbers.append(slots[Int(truncatingIfNeeded: key.low) & mask]) }
        var sum: UInt64 = 0
        for number in numbers where number != 0 { sum &+= entry(Int(number) - 1).pointee.sequence }
        table.pointee.warmth = sum
    }

    /// Sets many heads as one change; `number` is the entry of a stream that is already there.
    func update(_ count: Int, _ change: (Int) -> (number: Int?, key: StreamKey, head: StreamHead)) {
        lock.withLock {
            for index in 0..<count {
                let (number, key, head) = change(index)
                if let number { entry(number).pointee = Entry(key, head) } else { set(head, for: key) }
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
            bytes += UnsafeRawBufferPointer(start: entry(number), count: Self.imageBytesPerStream)
        }
        return bytes
    }

    /// Adds entries from `imageBytes`.
    package func addImage(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            for offset in stride(from: 0, to: buffer.count, by: Self.imageBytesPerStream) {
                let entry = buffer.loadUnaligned(fromByteOffset: offset, as: Entry.self)
                update(entry.key, to: entry.head)
            }
        }
    }

    private func set(_ head: StreamHead, for key: StreamKey) {
        let index = slotIndex(of: key)
        if table.pointee.slots[index] != 0 {
            entry(Int(table.pointee.slots[index]) - 1).pointee = Entry(key, head)
            return
        }
        let number = table.pointee.count
        if number >> Self.chunkBits == table.pointee.chunkCount { addChunk() }
        table.pointee.count += 1
        table.pointee.slots[index] = UInt32(number + 1)
        entry(number).initialize(to: Entry(key, head))
        if (number + 1) * 4 > (table.pointee.mask + 1) * 3 { grow() }
    }

    @inline(__always)
    private func entry(_ number: Int) -> UnsafeMutablePointer<Entry> {
        table.pointee.chunks[number >> Self.chunkBits] + (number & (1 << Self.chunkBits - 1))
    }

    /// The slot that holds the key, or the empty slot where it belongs. The key is half a SHA-256, so its low bits are
    /// as good as any hash.
    @inline(__always)
    private func slotIndex(of key: StreamKey) -> Int {
        let slots = table.pointee.slots
        let mask = table.pointee.mask
        var index = Int(truncatingIfNeeded: key.low) & mask
        while slots[index] != 0 && entry(Int(slots[index]) - 1).pointee.key != key { index = (index + 1) & mask }
        return index
    }

    private func addChunk() {
        precondition(table.pointee.chunkCount < Self.mostChunks, "HeadTable.addChunk: more streams than a shard takes")
        table.pointee.chunks[table.pointee.chunkCount] = .allocate(capacity: 1 << Self.chunkBits)
        table.pointee.chunkCount += 1
    }

    private func grow() {
        table.pointee.slots.deallocate()
        let size = (table.pointee.mask + 1) * 2
        table.pointee.mask = size - 1
        table.pointee.slots = .allocate(capacity: size)
        table.pointee.slots.initialize(repeating: 0, count: size)
        for number in 0..<table.pointee.count {
            table.pointee.slots[slotIndex(of: entry(number).pointee.key)] = UInt32(number + 1)
        }
    }
}
