/// Answers "has this stream seen this append id?" with *certainly not* or *perhaps*, in two bytes per append.
///
/// Command ids are remembered for as long as the log lives; keeping them all, or an index over random ids, would cost
/// far more than the appends themselves. So a split-block Bloom filter (256-bit blocks, eight bits per id, about one
/// false answer in a thousand) decides whether the stream itself must be searched. Segments double in size, so that it
/// grows without being rebuilt.
package final class AppendIDFilter {
    struct Segment {
        /// Eight 32-bit lanes per block.
        let words: UnsafeMutableBufferPointer<UInt32>
        /// How many ids it takes.
        let capacity: Int
        var inserted = 0

        var blockCount: UInt64 { UInt64(words.count / 8) }
    }

    /// Kept behind a pointer, because every look at a class's own variables would be checked at run time.
    private struct Table {
        var segments: [Segment] = []
        /// Keeps the compiler from leaving out the reads of `warm`.
        var warmth: UInt32 = 0
    }

    static let smallestCapacity = 1 << 18
    private let table: UnsafeMutablePointer<Table>

    private var segments: [Segment] {
        @inline(__always) get { table.pointee.segments }
    }

    /// An empty filter.
    package init() {
        table = .allocate(capacity: 1)
        table.initialize(to: Table())
    }

    deinit {
        for segment in segments { segment.words.deallocate() }
        table.deinitialize(count: 1)
        table.deallocate()
    }

    /// Whether the id may have been added for the stream; false is certain.
    package func mayContain(_ id: AppendID, in stream: StreamKey) -> Bool {
        let (block, lanes) = Self.hashes(id, stream)
        for segment in segments where Self.contains(segment, block, lanes) { return true }
        return false
    }

    /// Brings what a batch will look up into the processor's cache, as `HeadTable.warm` does.
    func warm(_ requests: UnsafeBufferPointer<AppendRequest>, _ keys: [StreamKey]) {
        var sum: UInt32 = 0
        let segments = segments
        guard let first = requests.baseAddress else { return }
        for index in keys.indices {
            let (block, _) = Self.hashes((first + index).pointee.appendID, keys[index])
            for segment in segments { sum &+= Self.block(block, in: segment).pointee }
        }
        table.pointee.warmth = sum
    }

    /// Adds an id.
    package func insert(_ id: AppendID, in stream: StreamKey) {
        if segments.last.map({ $0.inserted >= $0.capacity }) ?? true {
            addSegment(capacity: segments.last.map { $0.capacity * 2 } ?? Self.smallestCapacity)
        }
        let (block, lanes) = Self.hashes(id, stream)
        let last = segments.count - 1
        let base = Self.block(block, in: segments[last])
        for lane in 0..<8 { base[lane] |= Self.bit(lanes, lane) }
        table.pointee.segments[last].inserted += 1
    }

    private func addSegment(capacity: Int, inserted: Int = 0) {
        let words = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: capacity / 2)
        words.initialize(repeating: 0)
        table.pointee.segments.append(Segment(words: words, capacity: capacity, inserted: inserted))
    }

    /// Capacity and number of ids of each segment, for a saved image.
    package var shape: [(capacity: Int, inserted: Int)] { segments.map { ($0.capacity, $0.inserted) } }

    /// Bytes of a segment, for a saved image.
    package func imageBytes(ofSegment number: Int, _ range: Range<Int>) -> [UInt8] {
        Array(UnsafeRawBufferPointer(segments[number].words)[range])
    }

    /// Adds a segment of a saved image; its bytes follow with `fill`.
    package func restoreSegment(capacity: Int, inserted: Int) { addSegment(capacity: capacity, inserted: inserted) }

    /// Sets bytes of a restored segment.
    package func fill(segment number: Int, at offset: Int, with bytes: [UInt8]) {
        UnsafeMutableRawBufferPointer(segments[number].words)[offset..<offset + bytes.count].copyBytes(from: bytes)
    }

    @inline(__always)
    private static func contains(_ segment: Segment, _ block: UInt64, _ lanes: UInt32) -> Bool {
        let base = Self.block(block, in: segment)
        for lane in 0..<8 where base[lane] & bit(lanes, lane) == 0 { return false }
        return true
    }

    @inline(__always)
    private static func block(_ hash: UInt64, in segment: Segment) -> UnsafeMutablePointer<UInt32> {
        let index = Int(hash.multipliedFullWidth(by: segment.blockCount).high)
        return segment.words.baseAddress.unsafelyUnwrapped + index * 8
    }

    /// The bit of a lane: the top five bits of the hash times that lane's odd constant.
    @inline(__always)
    private static func bit(_ hash: UInt32, _ lane: Int) -> UInt32 {
        let salt: UInt32 =
            switch lane {
            case 0: 0x47b6_137b
            case 1: 0x4497_4d91
            case 2: 0x8824_ad5b
            case 3: 0xa2b7_289d
            case 4: 0x7054_95c7
            case 5: 0x2df1_424b
            case 6: 0x9efc_4947
            default: 0x5c6b_fb31
            }
        return 1 << ((hash &* salt) >> 27)
    }

    /// Mixes id and stream, so that one id in two streams is two entries and chosen ids cannot crowd one block.
    @inline(__always)
    private static func hashes(_ id: AppendID, _ stream: StreamKey) -> (block: UInt64, lanes: UInt32) {
        var hash = id.high ^ stream.high
        hash = mix(hash) ^ id.low ^ stream.low
        hash = mix(hash)
        return (hash, UInt32(truncatingIfNeeded: mix(hash &+ 0x9e37_79b9_7f4a_7c15)))
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
