import Foundation

/// The metrics of one service and their text for Prometheus (exposition format 0.0.4).
///
/// Plain, and no backend of swift-metrics: there a metric has no help text, no bucket bounds and no declared labels, and
/// one backend serves the whole process, so that a simulator with many services in one process could not keep their
/// figures apart. Declare metrics once at start-up and keep what is returned.
///
/// `@unchecked Sendable`: `families` and `refreshers` are read and written under `lock`.
package final class MetricsRegistry: @unchecked Sendable {
    private struct Family {
        let kind: MetricKind
        let help: String
        let labels: [String]
        let bounds: [Double]
        let object: AnyObject & Sendable
        let render: @Sendable () -> String
    }

    private let labelLimit: Int
    private let lock = NSLock()
    private var families: [String: Family] = [:]
    private var refreshers: [@Sendable () -> Void] = []
    private let overflows: MetricFamily<Counter>

    /// - Parameter labelLimit: most different label values a metric may have.
    package init(labelLimit: Int = 200) {
        self.labelLimit = labelLimit
        overflows = MetricFamily(labels: ["metric"], limit: 10_000, make: { Counter() }, onOverflow: {})
    }

    /// A counter without labels. The name ends in `_total`.
    package func counter(_ name: String, help: String) -> Counter { counter(name, help: help, labels: []).with() }

    /// A counter with labels.
    package func counter(_ name: String, help: String, labels: [String]) -> MetricFamily<Counter> {
        family(name, .counter, help, labels, [], make: { Counter() }) { $0.samples(name, $1) }
    }

    /// A gauge without labels.
    package func gauge(_ name: String, help: String) -> Gauge { gauge(name, help: help, labels: []).with() }

    /// A gauge with labels.
    package func gauge(_ name: String, help: String, labels: [String]) -> MetricFamily<Gauge> {
        family(name, .gauge, help, labels, [], make: { Gauge() }) { $0.samples(name, $1) }
    }

    /// A histogram without labels.
    /// - Parameter bounds: upper bounds of the buckets, ascending, without infinity.
    package func histogram(_ name: String, help: String, bounds: [Double] = Histogram.secondsBounds) -> Histogram {
        histogram(name, help: help, labels: [], bounds: bounds).with()
    }

    /// A histogram with labels.
    package func histogram(
        _ name: String, help: String, labels: [String], bounds: [Double] = Histogram.secondsBounds
    ) -> MetricFamily<Histogram> {
        precondition(
            !bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy(<) && bounds.allSatisfy(\.isFinite),
            "MetricsRegistry.histogram: the bounds of \(name) must ascend")
        return family(name, .histogram, help, labels, bounds, make: { Histogram(bounds: bounds) }) {
            $0.samples(name, $1)
        }
    }

    /// Runs before each scrape, to bring gauges up to date that nobody sets otherwise.
    package func beforeScrape(_ refresh: @escaping @Sendable () -> Void) {
        lock.withLock { refreshers.append(refresh) }
    }

    /// Everything as text, families by name, cells by label values: the same state gives the same bytes.
    package func exposition() -> String {
        for refresh in lock.withLock({ refreshers }) { refresh() }
        var all = lock.withLock { families }
        if !overflows.ordered.isEmpty {
            let name = "guanhuai_metric_labels_dropped_total"
            all[name] = Family(
                kind: .counter, help: "Label values that were counted under other.", labels: ["metric"], bounds: [],
                object: overflows,
                render: { [overflows] in overflows.ordered.reduce("") { $0 + $1.cell.samples(name, $1.labels) } })
        }
        var output = ""
        for (name, family) in all.sorted(by: { $0.key < $1.key }) {
            let samples = family.render()
            if samples.isEmpty { continue }
            output += "# HELP \(name) \(PrometheusText.help(family.help))\n# TYPE \(name) \(family.kind.rawValue)\n"
            output += samples
        }
        return output
    }

    private func family<Cell: MetricCell>(
        _ name: String,
        _ kind: MetricKind,
        _ help: String,
        _ labels: [String],
        _ bounds: [Double],
        make: @escaping @Sendable () -> Cell,
        samples: @escaping @Sendable (Cell, String) -> String
    ) -> MetricFamily<Cell> {
        if let problem = MetricNames.problem(name: name, kind: kind, help: help, labels: labels) {
            preconditionFailure("MetricsRegistry: \(problem)")
        }
        return lock.withLock {
            if let known = families[name] {
                guard known.kind == kind, known.help == help, known.labels == labels, known.bounds == bounds,
                    let family = known.object as? MetricFamily<Cell>
                else { preconditionFailure("MetricsRegistry: \(name) is declared twice, differently") }
                return family
            }
            let family = MetricFamily(labels: labels, limit: labelLimit, make: make) { [overflows] in
                overflows.with(name).add()
            }
            families[name] = Family(
                kind: kind, help: help, labels: labels, bounds: bounds, object: family,
                render: { family.ordered.reduce("") { $0 + samples($1.cell, $1.labels) } })
            return family
        }
    }
}
