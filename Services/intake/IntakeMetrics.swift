import IntakeCore
import ServiceKit

/// Intake's counters as Prometheus shows them.
struct IntakeMetrics: Sendable {
    private let commands: MetricFamily<Gauge>
    private let settled: Gauge

    init(_ registry: MetricsRegistry) {
        commands = registry.gauge(
            "guanhuai_intake_commands", help: "Commands answered since the start, by outcome.", labels: ["outcome"])
        settled = registry.gauge(
            "guanhuai_intake_settled_reservations", help: "Silent reservations settled since the start.")
    }

    @Sendable func show(_ counters: IntakeCore.Counters) {
        commands.with("recorded").set(Double(counters.recorded))
        commands.with("repeated").set(Double(counters.repeated))
        commands.with("tried").set(Double(counters.tried))
        commands.with("refused").set(Double(counters.refused))
        commands.with("failed").set(Double(counters.failed))
        commands.with("overloaded").set(Double(counters.overloaded))
        settled.set(Double(counters.settledReservations))
    }
}
