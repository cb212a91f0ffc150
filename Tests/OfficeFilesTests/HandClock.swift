/// A clock that moves only when the test says so.
///
/// `@unchecked Sendable`: used from one test on one thread; it conforms only because `Clock` asks for it.
final class HandClock: Clock, @unchecked Sendable {
    struct Instant: InstantProtocol {
        var sinceStart: Duration

        func advanced(by duration: Duration) -> Instant { Instant(sinceStart: sinceStart + duration) }
        func duration(to other: Instant) -> Duration { other.sinceStart - sinceStart }
        static func < (left: Instant, right: Instant) -> Bool { left.sinceStart < right.sinceStart }
    }

    private(set) var now = Instant(sinceStart: .zero)
    var minimumResolution: Duration { .nanoseconds(1) }

    func advance(by duration: Duration) { now = now.advanced(by: duration) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws { now = max(now, deadline) }
}
