/// Growing pauses between retries, spread a little so that many clients do not come back at the same instant.
///
/// Pure: the spread comes from a counter, not from a random source.
package struct Backoff: Sendable, Hashable {
    /// First pause.
    package var initial: Duration
    /// Pauses double up to this.
    package var maximum: Duration
    /// Makes the spread differ between clients.
    package var seed: UInt64

    /// Pauses from `initial`, doubling up to `maximum`.
    package init(initial: Duration = .milliseconds(50), maximum: Duration = .seconds(2), seed: UInt64 = 0) {
        self.initial = initial
        self.maximum = maximum
        self.seed = seed
    }

    /// The pause before attempt number `attempt` (1 = first retry): between three quarters and the whole of the step.
    package func pause(attempt: Int, salt: UInt64 = 0) -> Duration {
        let doublings = min(max(0, attempt - 1), 20)
        let full = min(maximum.wholeNanoseconds, initial.wholeNanoseconds.multipliedClamped(by: 1 << Int64(doublings)))
        let spread = Int64(Self.mix(seed &+ salt &+ UInt64(attempt)) % 256)
        return .nanoseconds(full - full / 4 / 256 * spread)
    }

    /// SplitMix64's finisher: every bit of the input moves every bit of the output.
    private static func mix(_ input: UInt64) -> UInt64 {
        var value = input &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

extension Int64 {
    /// The product, or the largest number when it is too large. For non-negative numbers.
    func multipliedClamped(by factor: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }
}
