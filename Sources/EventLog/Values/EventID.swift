/// Names one event for ever, in whatever engine it is kept.
package struct EventID: SixteenBytes {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The id of the event at `place` (from 0) among the events of one append: for the first event the append id itself,
    /// for the others the first half of SHA-256 over the sixteen bytes of the append id and the place as eight
    /// big-endian bytes. Most appends have one event, and then no hash is needed.
    package init(of append: AppendID, place: Int) {
        guard place > 0 else {
            self.init(high: append.high, low: append.low)
            return
        }
        let input = (append.high.bigEndian, append.low.bigEndian, UInt64(place).bigEndian)
        let digest = withUnsafeBytes(of: input) { EventHash(of: $0) }
        self.init(high: digest.word0, low: digest.word1)
    }
}
