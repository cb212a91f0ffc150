import MessageBus
import ServiceKit

/// A service's side of the bus as Prometheus shows it: requests by what became of them, queues, and how often feed (a)
/// had a gap that was read from the log.
///
/// `@unchecked Sendable`: `last` is touched only on the reactor's thread, which alone calls `show`.
package final class BusMetrics: @unchecked Sendable {
    private let requests: MetricFamily<Counter>
    private let blocked: Counter
    private let refused: Counter
    private let halfOpen: Counter
    private let waiting: MetricFamily<Gauge>
    private let gaps: Counter?
    private let frames: Counter?
    private var last = BusFigures()

    /// - Parameter followsFeed: whether the service follows feed (a).
    package init(_ registry: MetricsRegistry, followsFeed: Bool) {
        requests = registry.counter(
            "guanhuai_bus_requests_total", help: "Requests of the bus, by what became of them.", labels: ["outcome"])
        blocked = registry.counter(
            "guanhuai_bus_sends_blocked_total", help: "Frames not sent because the receiver's queue was full.")
        refused = registry.counter(
            "guanhuai_bus_peers_refused_total", help: "Connections refused because their key is not on the list.")
        halfOpen = registry.counter(
            "guanhuai_bus_half_open_ended_total",
            help: "Connections ended because too many stood that had not shown a key.")
        waiting = registry.gauge(
            "guanhuai_bus_waiting", help: "What waits or is held at the moment, by queue.", labels: ["queue"])
        gaps =
            followsFeed
            ? registry.counter(
                "guanhuai_feed_gaps_total", help: "Gaps of the event feed that were noticed and read from the log.")
            : nil
        frames =
            followsFeed
            ? registry.counter("guanhuai_feed_frames_total", help: "Frames of the event feed taken in order.") : nil
        show(last)
    }

    /// Takes the newest figures; each is at least the one before.
    package func show(_ figures: BusFigures) {
        let (now, before) = (figures.requests, last.requests)
        requests.with("accepted").add(now.accepted - before.accepted)
        requests.with("joined").add(now.joined - before.joined)
        requests.with("replied").add(now.replied - before.replied)
        requests.with("overloaded").add(now.overloaded - before.overloaded)
        requests.with("malformed").add(now.malformed - before.malformed)
        requests.with("unauthorised").add(now.unauthorised - before.unauthorised)
        requests.with("expired").add(now.expired - before.expired)
        blocked.add(figures.sendsBlocked - last.sendsBlocked)
        refused.add(figures.peersRefused - last.peersRefused)
        halfOpen.add(figures.halfOpenEnded - last.halfOpenEnded)
        waiting.with("requests").set(Double(figures.inFlight))
        waiting.with("jobs").set(Double(figures.jobsWaiting))
        waiting.with("subscriptions").set(Double(figures.subscriptions))
        gaps?.add((figures.feed?.gaps ?? 0) - (last.feed?.gaps ?? 0))
        frames?.add((figures.feed?.frames ?? 0) - (last.feed?.frames ?? 0))
        last = figures
    }
}
