import Glibc

/// Reads the machine's clocks. Only reactors and benchmarks use it; everything else is told the time.
package enum SystemClock {
    /// Both clocks, read once.
    package static func now() -> BusMoment {
        BusMoment(
            monotonic: MonotonicTime(nanoseconds: read(CLOCK_MONOTONIC)),
            utcMicroseconds: read(CLOCK_REALTIME) / 1_000)
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
