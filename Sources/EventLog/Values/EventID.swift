/// Names one event for ever, in whatever engine it is kept.
package struct EventID: SixteenBytes {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The id of the event at `place` (from 0) among the events of one append: the first half of SHA-256 over the
    /// sixteen bytes of the append id and the place as eight big-endian bytes.
    package init(of append: AppendID, place: Int) {
        let input = (append.high.bigEndian, append.low.bigEndian, UInt64(place).bigEndian)
        let digest = withUnsafeBytes(of: input) { EventHash(of: $0) }
        self.init(high: digest.word0, low: digest.word1)
    }
}
