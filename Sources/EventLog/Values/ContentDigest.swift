/// Digest of what a command says. The same append id with another digest is refused.
package struct ContentDigest: SixteenBytes {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
