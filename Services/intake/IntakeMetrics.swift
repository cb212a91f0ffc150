import IntakeCore
import ServiceKit

/// Intake's counters as Prometheus shows them.
struct IntakeMetrics: Sendable {
    private let commands: MetricFamily<Gauge>
    private let settled: Gauge
    private let outbox: MetricFamily<Gauge>

    init(_ registry: MetricsRegistry) {
        commands = registry.gauge(
            "guanhuai_intake_commands", help: "Commands answered since the start, by outcome.", labels: ["outcome"])
        settled = registry.gauge(
            "guanhuai_intake_settled_reservations", help: "Silent reservations settled since the start.")
        outbox = registry.gauge(
            "guanhuai_intake_outbox",
            help: "Commands kept on this disk: waiting for care-archive, or refused and waiting for a person.",
            labels: ["state"])
    }

    @Sendable func show(_ counters: IntakeCore.Counters, _ kept: (waiting: Int, refused: Int)) {
        outbox.with("waiting").set(Double(kept.waiting))
        outbox.with("refused").set(Double(kept.refused))
        commands.with("recorded").set(Double(counters.recorded))
        commands.with("repeated").set(Double(counters.repeated))
        commands.with("tried").set(Double(counters.tried))
        commands.with("refused").set(Double(counters.refused))
        commands.with("failed").set(Double(counters.failed))
        commands.with("overloaded").set(Double(counters.overloaded))
        settled.set(Double(counters.settledReservations))
    }
}
