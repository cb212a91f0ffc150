/// Growing memory for the records of one batch; reused from batch to batch.
///
/// A value with one owner rather than an object: its fields are touched several times for each event. Addresses change when it grows, so callers keep offsets.
struct RecordArena: ~Copyable {
    private(set) var base: UnsafeMutableRawPointer
    private(set) var capacity: Int
    var count = 0

    /// Above this many bytes the memory is given back after a batch.
    private static let kept = 16 << 20

    init(capacity: Int = 1 << 16) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// Makes room for `extra` more bytes.
    @inline(__always)
    mutating func reserve(_ extra: Int) {
        if capacity - count < extra { grow(extra) }
    }

    private mutating func grow(_ extra: Int) {
        let larger = max(capacity * 2, count + extra)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = moved
        capacity = larger
    }

    /// Appends the bytes of a hash.
    @inline(__always)
    mutating func append(_ hash: EventHash) {
        reserve(EventHash.byteCount)
        hash.write(to: base + count)
        count += EventHash.byteCount
    }

    /// Forgets the content.
    mutating func clear() {
        count = 0
        guard capacity > Self.kept else { return }
        base.deallocate()
        capacity = 1 << 20
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    func bytes(_ offset: Int, _ length: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + offset, count: length)
    }
}
