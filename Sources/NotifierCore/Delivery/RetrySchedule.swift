import CareDomain

/// How often and when a delivery is tried again: exponential, bounded, spread by a value of its own.
package struct RetrySchedule: Hashable, Sendable {
    /// Attempts before it is parked, the first included. At least 1.
    package var attempts: Int
    /// Pause after the first failure.
    package var first: Duration
    /// No pause is longer.
    package var longest: Duration

    package init(attempts: Int = 8, first: Duration = .seconds(1), longest: Duration = .seconds(300)) {
        self.attempts = max(1, attempts)
        self.first = first
        self.longest = longest
    }

    /// The pause after `failures` failures in a row (from 1): doubled each time up to the longest, of which between a
    /// half and the whole is kept, by `seed`, so that many deliveries that failed together do not come back together.
    package func pause(afterFailures failures: Int, seed: UInt64) -> Duration {
        var pause = first
        for _ in 1..<max(1, failures) where pause < longest { pause *= 2 }
        pause = min(pause, longest)
        // SplitMix64 over the seed and the count.
        var mixed = seed &+ 0x9E37_79B9_7F4A_7C15 &* UInt64(failures)
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return pause / 2 + pause / 2 * Int((mixed ^ (mixed >> 31)) % 1024) / 1024
    }

    /// The pause before another attempt; nil when there is none: it would not help, or enough were made.
    /// - Parameter attempts: Those made so far, from 1.
    func pause(after failure: DeliveryFailure, attempts: Int, seed: UInt64) -> Duration? {
        guard failure.isPassing, attempts < self.attempts else { return nil }
        return max(pause(afterFailures: attempts, seed: seed), min(failure.retryAfter ?? .zero, longest))
    }
}
