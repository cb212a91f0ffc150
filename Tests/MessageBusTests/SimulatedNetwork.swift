@testable import MessageBus

/// A network that loses, repeats, delays and so reorders what is sent; everything follows from the seed.
struct SimulatedNetwork<Payload> {
    /// In so many of a hundred cases a frame is lost.
    var lossPercent = 20
    /// In so many of a hundred cases a frame comes twice.
    var repeatPercent = 20
    /// Longest delay in milliseconds.
    var maximumDelay: Int64 = 40
    var random: SeededRandom
    private var inTransit: [(due: MonotonicTime, order: Int, payload: Payload)] = []
    private var sent = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func send(_ payload: Payload, now: MonotonicTime) {
        if random.chance(lossPercent) { return }
        for _ in 0..<(random.chance(repeatPercent) ? 2 : 1) {
            sent += 1
            let delay = Int64.random(in: 0...maximumDelay, using: &random)
            inTransit.append((now + .milliseconds(delay), sent, payload))
        }
    }

    /// What arrives by now, in the order of arrival.
    mutating func arrivals(now: MonotonicTime) -> [Payload] {
        let due = inTransit.filter { $0.due <= now }.sorted { ($0.due, $0.order) < ($1.due, $1.order) }
        inTransit.removeAll { $0.due <= now }
        return due.map(\.payload)
    }

    /// Everything in transit is lost, as when a connection breaks.
    mutating func cut() { inTransit.removeAll() }
}
