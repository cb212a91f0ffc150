import EventLog

/// What the trail says of one event: the stream it belongs to and the hash of its record.
struct TrailEntry: Equatable {
    /// Hash of the record as it was written.
    var hash: EventHash
    /// The stream.
    var key: StreamKey

    /// Bytes of an entry: hash, key, and a sum that ties them to the log and the position.
    static let byteCount = EventHash.byteCount + 16 + 8

    init(hash: EventHash, key: StreamKey) {
        self.hash = hash
        self.key = key
    }

    /// Reads the entry of a position; nil when the bytes are not that.
    init?(at pointer: UnsafeRawPointer, position: UInt64, log: LogIdentity) {
        let word = { (offset: Int) in UInt64(bigEndian: pointer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        guard let hash = EventHash(bytes: UnsafeRawBufferPointer(start: pointer, count: EventHash.byteCount)) else {
            return nil
        }
        self.init(hash: hash, key: StreamKey(high: word(32), low: word(40)))
        guard word(48) == sum(position, log) else { return nil }
    }

    /// Writes the entry of a position.
    func write(to pointer: UnsafeMutableRawPointer, position: UInt64, log: LogIdentity) {
        hash.write(to: pointer)
        pointer.storeBytes(of: key.high.bigEndian, toByteOffset: 32, as: UInt64.self)
        pointer.storeBytes(of: key.low.bigEndian, toByteOffset: 40, as: UInt64.self)
        pointer.storeBytes(of: sum(position, log).bigEndian, toByteOffset: 48, as: UInt64.self)
    }

    /// Against torn and misplaced bytes only: that the hashes are true is for the head file's digest to say.
    private func sum(_ position: UInt64, _ log: LogIdentity) -> UInt64 {
        var sum = TrailSum(log, position)
        for word in [hash.word0, hash.word1, hash.word2, hash.word3, key.high, key.low] { sum.add(word) }
        return sum.value
    }
}

/// A sum over the words of one place of a log's files; that of other bytes, of another place or of another log is another.
struct TrailSum {
    private var state: UInt64

    init(_ log: LogIdentity, _ position: UInt64) {
        state = log.high ^ log.low
        add(position)
    }

    mutating func add(_ word: UInt64) {
        state = (state ^ word) &* 0xff51_afd7_ed55_8ccd
        state ^= state >> 32
    }

    /// Never 0, so that a hole of a file is nothing.
    var value: UInt64 { state | 1 }
}
