/// The present, as an argument: what a reactor read from the clocks once for a whole turn, or what a simulator says.
package struct BusMoment: Sendable, Hashable {
    /// Never goes back, counts from an arbitrary start. Deadlines and timers use it.
    package var monotonic: MonotonicTime
    /// UTC microseconds since 1970-01-01. May jump; only for stamps, never for measuring.
    package var utcMicroseconds: Int64

    /// A moment from its two readings.
    package init(monotonic: MonotonicTime, utcMicroseconds: Int64) {
        self.monotonic = monotonic
        self.utcMicroseconds = utcMicroseconds
    }
}

/// A reading of a clock that never goes back, in nanoseconds from an arbitrary start.
package struct MonotonicTime: Sendable, Hashable, Comparable {
    /// Nanoseconds since the clock's start.
    package var nanoseconds: Int64

    /// A reading.
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Later than any time that comes.
    package static let never = MonotonicTime(nanoseconds: .max)

    package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    /// A later time; stays at `never` when the sum is too large.
    package static func + (time: Self, duration: Duration) -> Self {
        let (sum, overflow) = time.nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        return MonotonicTime(nanoseconds: overflow ? .max : sum)
    }

    /// The time from the right to the left reading.
    package static func - (left: Self, right: Self) -> Duration {
        .nanoseconds(left.nanoseconds - right.nanoseconds)
    }
}

extension Duration {
    /// Whole nanoseconds, clamped to `Int64`.
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, sumOverflow) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return sumOverflow ? .max : sum
    }

    /// Whole milliseconds from 0 to `UInt32.max`, rounded up so that a short positive time never becomes zero.
    var wireMilliseconds: UInt32 {
        let nanoseconds = max(0, wholeNanoseconds)
        return UInt32(clamping: nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 == 0 ? 0 : 1))
    }
}
