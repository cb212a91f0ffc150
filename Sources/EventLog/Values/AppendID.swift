/// Names one append within its stream, derived from the command id. Remembered for as long as the log lives.
package struct AppendID: SixteenBytes {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
