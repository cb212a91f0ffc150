import Foundation
import Synchronization

/// A number that only grows: things done since the process began.
package final class Counter: MetricCell {
    private let value = Atomic<UInt64>(0)

    init() {}

    /// Adds `amount`; safe from any thread and cheap enough for every event.
    package func add(_ amount: Int = 1) {
        precondition(amount >= 0, "Counter.add: a counter never goes down")
        value.add(UInt64(amount), ordering: .relaxed)
    }

    /// The present count.
    package var count: UInt64 { value.load(ordering: .relaxed) }

    func samples(_ name: String, _ labels: String) -> String { "\(name)\(labels.inBraces) \(count)\n" }
}

/// A number that goes up and down.
package final class Gauge: MetricCell {
    private let bits = Atomic<UInt64>(0)

    init() {}

    /// Sets the present value; safe from any thread.
    package func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    /// The present value.
    package var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func samples(_ name: String, _ labels: String) -> String {
        "\(name)\(labels.inBraces) \(PrometheusText.number(value))\n"
    }
}

/// How values are spread over buckets with fixed upper bounds.
///
/// `@unchecked Sendable`: everything that changes is read and written under `lock`.
package final class Histogram: MetricCell, @unchecked Sendable {
    private let bounds: [Double]
    private let lock = NSLock()
    private var counts: [UInt64]
    private var sum = 0.0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// Counts one value. Not-a-number is left out, since one would spoil the sum for good.
    package func observe(_ value: Double) {
        guard !value.isNaN else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        lock.withLock {
            counts[bucket] += 1
            sum += value
        }
    }

    /// Counts a duration, in seconds.
    package func observe(_ duration: Duration) { observe(duration / .seconds(1)) }

    func samples(_ name: String, _ labels: String) -> String {
        let (counts, sum) = lock.withLock { (self.counts, self.sum) }
        var output = ""
        var total: UInt64 = 0
        for (index, count) in counts.enumerated() {
            total += count
            let bound = index < bounds.count ? PrometheusText.number(bounds[index]) : "+Inf"
            let separator = labels.isEmpty ? "" : ","
            output += "\(name)_bucket{\(labels)\(separator)le=\"\(bound)\"} \(total)\n"
        }
        output += "\(name)_sum\(labels.inBraces) \(PrometheusText.number(sum))\n"
        return output + "\(name)_count\(labels.inBraces) \(total)\n"
    }

    /// Bounds for times between 50 microseconds and 10 seconds.
    package static let secondsBounds: [Double] = [
        0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]
}

/// One line (or block of lines) of a metric: a metric with its labels filled in.
package protocol MetricCell: AnyObject, Sendable {}

/// How text looks in Prometheus' exposition format 0.0.4.
enum PrometheusText {
    /// A number without needless digits: `3`, `0.25`, `+Inf`.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return String(value)
    }

    /// Backslash and line feed escaped, as HELP lines want it.
    static func help(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    /// `name="value",…` with backslash, quote and line feed escaped, in the order the labels were declared.
    static func labels(_ names: [String], _ values: [String]) -> String {
        zip(names, values).map { "\($0)=\"\(help($1).replacing("\"", with: "\\\""))\"" }.joined(separator: ",")
    }
}

extension String {
    /// In braces, or nothing when empty.
    var inBraces: String { isEmpty ? "" : "{\(self)}" }
}
