import NotifierCore
import ServiceKit

/// The notifier's counters as Prometheus shows them.
struct NotifierMetrics: Sendable {
    private let load: MetricFamily<Gauge>
    private let outcomes: MetricFamily<Gauge>

    init(_ registry: MetricsRegistry) {
        load = registry.gauge(
            "guanhuai_notifier_load", help: "What the notifier holds at the moment.", labels: ["what"])
        outcomes = registry.gauge(
            "guanhuai_notifier_notices", help: "Notices since the start, by outcome.", labels: ["outcome"])
    }

    @Sendable func show(_ counters: NotifierCounters, _ held: NotifierLoad) {
        load.with("waiting").set(Double(held.waiting))
        load.with("active").set(Double(held.active))
        load.with("deliveries").set(Double(held.deliveries))
        outcomes.with("raised").set(Double(counters.raised))
        outcomes.with("delivered").set(Double(counters.delivered))
        outcomes.with("parked").set(Double(counters.parked))
    }
}
