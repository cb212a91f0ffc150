import EligibilityCore
import ServiceKit

/// Eligibility's counters as Prometheus shows them.
struct EligibilityMetrics: Sendable {
    private let judged: Gauge
    private let determinations: Gauge
    private let conflicts: Gauge
    private let failures: Gauge
    private let waiting: Gauge

    init(_ registry: MetricsRegistry) {
        judged = registry.gauge("guanhuai_eligibility_judged", help: "Households judged since the start.")
        determinations = registry.gauge(
            "guanhuai_eligibility_determinations", help: "Determinations appended since the start.")
        conflicts = registry.gauge(
            "guanhuai_eligibility_conflicts", help: "Appends met by newer events since the start.")
        failures = registry.gauge("guanhuai_eligibility_set_aside", help: "Households set aside since the start.")
        waiting = registry.gauge("guanhuai_eligibility_waiting", help: "Households to be judged.")
    }

    @Sendable func show(_ counters: EligibilityService.Counters) {
        judged.set(Double(counters.judged))
        determinations.set(Double(counters.determinations))
        conflicts.set(Double(counters.conflicts))
        failures.set(Double(counters.failures))
        waiting.set(Double(counters.waiting))
    }
}
