import ArchiveClient
import CareDomain

/// What a delivery is about and where its outcome is written.
protocol DeliveryKey: Hashable, Comparable, Sendable {
    /// The stream in the log, so to speak.
    associatedtype Owner: Hashable & Sendable
    var owner: Owner { get }
    var notice: EventReference { get }
    var channel: Code { get }
    /// Spreads repeated attempts; the same for the same delivery.
    var seed: UInt64 { get }
}

/// 送达簿: the deliveries under way, from the first attempt until the outcome stands in the log. Which notices there are and
/// what the log says of them, its user knows.
struct DeliveryBook<Key: DeliveryKey>: Sendable {
    /// An attempt to be made now.
    enum Attempt {
        case line(Key, String)
        case post(Key, body: [UInt8])
    }

    /// What the log says of a delivery.
    enum Standing {
        /// There is no such notice.
        case gone
        /// Nothing yet.
        case open
        case settled(NoticeDelivered.Outcome)

        init(_ outcome: NoticeDelivered.Outcome?) { self = outcome.map { .settled($0) } ?? .open }
    }

    /// What an answered attempt comes to.
    enum Answer {
        /// Tried again later.
        case waits
        case delivered
        /// Given up for now, for an operator.
        case parked(reason: Code, attempts: Int)
    }

    private let retry: RetrySchedule
    private let maximum: Int
    private let maximumPosts: Int
    private var deliveries: [Key: OpenDelivery] = [:]
    private var byOwner: [Key.Owner: Set<Key>] = [:]
    /// Posts ready to go, in order.
    private var outbox = UniqueQueue<Key>()
    private var lines: [Key] = []
    private var postsUnderWay = 0

    init(_ configuration: NotifierConfiguration) {
        retry = configuration.retry
        maximum = configuration.maximumDeliveries
        maximumPosts = configuration.maximumPosts
    }

    var count: Int { deliveries.count }
    /// Whether there is room for another one.
    var hasRoom: Bool { deliveries.count < maximum }
    subscript(key: Key) -> OpenDelivery? { deliveries[key] }
    func has(of owner: Key.Owner) -> Bool { byOwner[owner] != nil }
    /// When the next attempt is due that was put off.
    var wakesAt: Duration? {
        var next: Duration?
        for delivery in deliveries.values {
            if let until = delivery.waitsUntil, next.map({ until < $0 }) ?? true { next = until }
        }
        return next
    }

    /// Begins a delivery anew.
    mutating func start(_ key: Key, isPost: Bool, content: [UInt8], isRepeat: Bool) {
        drop(key)
        deliveries[key] = OpenDelivery(isPost: isPost, content: content, isRepeat: isRepeat)
        byOwner[key.owner, default: []].insert(key)
        queue(key)
    }

    private mutating func queue(_ key: Key) {
        guard let delivery = deliveries[key] else { return }
        deliveries[key]?.state = .queued
        if delivery.isPost { outbox.append(key) } else { lines.append(key) }
    }

    /// Puts those in line whose pause is over.
    mutating func resume(at now: Duration) {
        var due: [Key] = []
        for (key, delivery) in deliveries {
            if let until = delivery.waitsUntil, until <= now { due.append(key) }
        }
        for key in due.sorted() { queue(key) }
    }

    /// The lines that wait to be written.
    mutating func takeLines() -> [Attempt] {
        defer { lines.removeAll() }
        var attempts: [Attempt] = []
        for key in lines {
            guard let content = begin(key) else { continue }
            attempts.append(.line(key, String(decoding: content, as: UTF8.self)))
        }
        return attempts
    }

    /// The posts that may go now; no more than allowed are under way at a time.
    mutating func takePosts() -> [Attempt] {
        var attempts: [Attempt] = []
        while postsUnderWay < maximumPosts, let key = outbox.popFirst() {
            guard let body = begin(key) else { continue }
            postsUnderWay += 1
            attempts.append(.post(key, body: body))
        }
        return attempts
    }

    private mutating func begin(_ key: Key) -> [UInt8]? {
        guard let delivery = deliveries[key], case .queued = delivery.state else { return nil }
        deliveries[key]?.state = .underWay
        return delivery.content
    }

    /// Takes the answer to an attempt; nil when nobody waits for it any more.
    mutating func take(_ result: DeliveryResult, of key: Key, at now: Duration) -> Answer? {
        guard let delivery = deliveries[key], case .underWay = delivery.state else { return nil }
        if delivery.isPost { postsUnderWay -= 1 }
        let attempts = delivery.attempts + 1
        deliveries[key]?.attempts = attempts
        guard let failure = result.failure else {
            deliveries[key]?.state = .finished(.delivered, reason: nil)
            return .delivered
        }
        guard let pause = retry.pause(after: failure, attempts: attempts, seed: key.seed) else {
            deliveries[key]?.state = .finished(.parked, reason: failure.reason)
            return .parked(reason: failure.reason, attempts: attempts)
        }
        deliveries[key]?.state = .waiting(until: now + pause)
        return .waits
    }

    /// The outcomes that the log does not have yet, in order; what was settled elsewhere is dropped.
    mutating func outcomes(
        of owner: Key.Owner, standing: (Key) -> Standing
    ) -> [(key: Key, delivered: NoticeDelivered)] {
        var found: [(key: Key, delivered: NoticeDelivered)] = []
        for key in (byOwner[owner] ?? []).sorted() {
            guard let delivery = deliveries[key], case .finished(let outcome, let reason) = delivery.state else {
                continue
            }
            switch standing(key) {
            case .open: break
            // Sent again by an operator, after it was given up.
            case .settled(let known) where delivery.isRepeat && known != .delivered: break
            case .gone, .settled:
                drop(key)
                continue
            }
            found.append(
                (
                    key,
                    NoticeDelivered(
                        notice: key.notice, channel: key.channel, outcome: outcome, attempts: delivery.attempts,
                        reason: reason)
                ))
        }
        return found
    }

    /// Forgets a delivery; the answer to an attempt under way is then ignored.
    mutating func drop(_ key: Key) {
        guard let delivery = deliveries.removeValue(forKey: key) else { return }
        if case .underWay = delivery.state, delivery.isPost { postsUnderWay -= 1 }
        byOwner[key.owner]?.remove(key)
        if byOwner[key.owner]?.isEmpty ?? false { byOwner[key.owner] = nil }
    }

    mutating func drop(of owner: Key.Owner) {
        for key in byOwner[owner] ?? [] { drop(key) }
    }
}
