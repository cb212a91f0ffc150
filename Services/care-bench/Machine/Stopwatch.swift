import Glibc

/// Seconds on a clock that only goes forward.
enum Stopwatch {
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// Durations in microseconds, in order of length.
struct Latencies: Sendable {
    private let sorted: [Double]

    init(seconds: [Double]) { sorted = seconds.map { $0 * 1e6 }.sorted() }

    /// The duration below which this share lies; 0 when nothing was measured.
    func percentile(_ share: Double) -> Double {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}
