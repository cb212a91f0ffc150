import Foundation
import MessageBus
import ZeroMQ

/// Figures of the bus alone, CURVE on, two reactors over loopback in one process: round trips and feed (a).
enum BusBench {
    /// What a run of round trips showed.
    struct RoundTrips: Sendable {
        /// Requests under way at the same time.
        var inFlight: Int
        /// Requests answered per second.
        var perSecond: Double
        /// Middle and worst hundredth of the round trips, in microseconds.
        var p50Microseconds: Double
        var p99Microseconds: Double
    }

    /// What a run over feed (a) showed.
    struct FanOut: Sendable {
        /// Events in each frame.
        var eventsPerFrame: Int
        /// Events handed to the following core per second, decoded to positions, records and hashes.
        var eventsPerSecond: Double
        /// Events that came over the feed itself; the others were read from the log.
        var liveShare: Double
    }

    /// Asks an echo service `count` times with `inFlight` requests under way, 150 bytes each way.
    static func roundTrips(inFlight: Int, count: Int) async throws -> RoundTrips {
        let keys = try Keys()
        let server = try await startServer(keys) { EchoCore() }
        let done = Finish<RoundTrips>()
        var configuration = ReactorConfiguration(name: "bench-client", keys: keys.client)
        configuration.links = [keys.link(server)]
        let clientContext = try ZMQContext()
        let client = try Reactor(configuration, context: clientContext) {
            AskingCore(inFlight: inFlight, count: count, done: done)
        }
        try await client.start()
        let result = await done.value()
        try await client.stop()
        try clientContext.terminate()
        try await server.stop()
        return result
    }

    /// Publishes `count` events of 150 bytes to one follower. The publisher keeps at most three frames ahead of it, as
    /// the log's commits do in practice; what the feed drops all the same is read from the log and counted apart.
    static func fanOut(eventsPerFrame: Int, count: Int) async throws -> FanOut {
        let keys = try Keys()
        let received = Progress()
        let archive = try await startServer(keys, feed: true) {
            PublishingCore(perFrame: eventsPerFrame, count: count, received: received)
        }
        let done = Finish<FanOut>()
        var configuration = ReactorConfiguration(name: "bench-follower", keys: keys.client)
        configuration.links = [keys.link(archive)]
        configuration.followedFeed = .init(
            address: archive.addresses.feed ?? "", serverKey: keys.server.publicKey)
        let context = try ZMQContext()
        let follower = try Reactor(configuration, context: context) {
            FollowingCore(perFrame: eventsPerFrame, count: count, received: received, done: done)
        }
        try await follower.start()
        received.onAdvance { _ = archive.reactor.post(.advance) }
        let result = await done.value()
        try await follower.stop()
        try context.terminate()
        try await archive.stop()
        return result
    }

    // MARK: Parts

    private struct Keys: Sendable {
        let server: CurveKeyPair
        let client: CurveKeyPair

        init() throws {
            server = try CurveKeyPair.generate()
            client = try CurveKeyPair.generate()
        }

        func link<Core: ServiceCore>(_ running: Running<Core>) -> ReactorConfiguration.Link {
            .init(
                name: "server",
                endpoints: [.init(address: running.addresses.server ?? "", serverKey: server.publicKey)])
        }
    }

    private struct Running<Core: ServiceCore>: Sendable {
        let reactor: Reactor<Core>
        let context: ZMQContext
        let addresses: BoundAddresses

        func stop() async throws {
            try await reactor.stop()
            try context.terminate()
        }
    }

    private static func startServer<Core: ServiceCore>(
        _ keys: Keys, feed: Bool = false, _ makeCore: @escaping @Sendable () -> Core
    ) async throws -> Running<Core> {
        var configuration = ReactorConfiguration(name: "bench-server", keys: keys.server)
        configuration.serverAddress = "tcp://127.0.0.1:*"
        if feed { configuration.feedAddress = "tcp://127.0.0.1:*" }
        configuration.peers = try PeerRegistry(
            [Peer(name: "bench", key: keys.client.publicKey, rights: [.append, .query])], generation: 1)
        let context = try ZMQContext()
        let reactor = try Reactor(configuration, context: context, makeCore: makeCore)
        return Running(reactor: reactor, context: context, addresses: try await reactor.start())
    }
}

/// Hands one value from a reactor to a task. `@unchecked Sendable`: only touched while the lock is held.
private final class Finish<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var result: Value?
    private var waiter: CheckedContinuation<Value, Never>?

    func set(_ value: Value) {
        let waiting = lock.withLock {
            result = value
            return waiter
        }
        waiting?.resume(returning: value)
    }

    func value() async -> Value {
        await withCheckedContinuation { continuation in
            let known = lock.withLock {
                if result == nil { waiter = continuation }
                return result
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}

/// How far the follower has come. `@unchecked Sendable`: only touched while the lock is held.
private final class Progress: @unchecked Sendable {
    private let lock = NSLock()
    private var frames = 0
    private var isReady = false
    private var wake: (@Sendable () -> Void)?

    /// Frames received; `nil` before the follower stands at the head.
    var state: Int? { lock.withLock { isReady ? frames : nil } }

    func onAdvance(_ wake: @escaping @Sendable () -> Void) {
        lock.withLock { self.wake = wake }
        wake()
    }

    func advance(by count: Int) {
        let wake = lock.withLock {
            isReady = true
            frames += count
            return self.wake
        }
        wake?()
    }
}

private struct EchoCore: ServiceCore {
    typealias Work = Never
    typealias External = Never

    mutating func step(_ input: ServiceInput<Never, Never>, now: BusMoment, actions: inout [ServiceAction<Never>]) {
        if case .request(let request) = input { actions.append(.reply(request.token, .ok(request.body))) }
    }

    mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<Never>]) {}
}

private struct AskingCore: ServiceCore {
    typealias Work = Never
    typealias External = Never

    let inFlight: Int
    let count: Int
    let done: Finish<BusBench.RoundTrips>
    private let body = [UInt8](repeating: 7, count: 150)
    private var asked = 0
    private var begun: Int64 = 0
    private var sentAt: [Int64]
    private var micros: [Double] = []

    init(inFlight: Int, count: Int, done: Finish<BusBench.RoundTrips>) {
        self.inFlight = inFlight
        self.count = count
        self.done = done
        sentAt = [Int64](repeating: 0, count: count)
        micros.reserveCapacity(count)
    }

    mutating func step(_ input: ServiceInput<Never, Never>, now: BusMoment, actions: inout [ServiceAction<Never>]) {
        switch input {
        case .started: ask(&actions)
        case .reply(_, let tag, _):
            let time = SystemClock.now().monotonic.nanoseconds
            // The first answer includes the handshake; the clock starts after it.
            if micros.isEmpty && begun == 0 {
                begun = time
                for _ in 0..<inFlight { ask(&actions) }
                return
            }
            micros.append(Double(time - sentAt[Int(tag)]) / 1_000)
            if asked < count { ask(&actions) }
            if micros.count == count - 1 { finish(time) }
        default: break
        }
    }

    private mutating func ask(_ actions: inout [ServiceAction<Never>]) {
        guard asked < count else { return }
        sentAt[asked] = SystemClock.now().monotonic.nanoseconds
        let id = RequestID(1, UInt64(asked) + 1)
        actions.append(
            .request(
                LinkID(rawValue: 0), tag: UInt64(asked), OutgoingRequest(id: id, method: .query, body: body)))
        asked += 1
    }

    private mutating func finish(_ time: Int64) {
        micros.sort()
        done.set(
            BusBench.RoundTrips(
                inFlight: inFlight, perSecond: Double(micros.count) / (Double(time - begun) / 1e9),
                p50Microseconds: micros[micros.count / 2], p99Microseconds: micros[micros.count * 99 / 100]))
    }

    mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<Never>]) {}
}

private struct PublishingCore: ServiceCore {
    enum External: Sendable { case advance }
    typealias Work = Never

    let perFrame: Int
    let count: Int
    let received: Progress
    private var head: UInt64 = 0
    private let record: ArraySlice<UInt8> = [UInt8](repeating: 3, count: 150)[...]
    private let hash: ArraySlice<UInt8> = [UInt8](repeating: 5, count: 32)[...]

    init(perFrame: Int, count: Int, received: Progress) {
        self.perFrame = perFrame
        self.count = count
        self.received = received
    }

    static func cursor(_ position: UInt64) -> EncodedCursor {
        position == 0 ? .start : EncodedCursor(withUnsafeBytes(of: position.bigEndian) { Array($0) })
    }

    mutating func step(
        _ input: ServiceInput<Never, External>, now: BusMoment, actions: inout [ServiceAction<Never>]
    ) {
        switch input {
        case .started: actions.append(.openFeed(epoch: 1, head: .start))
        case .external: publish(&actions)
        case .request(let request): actions.append(.reply(request.token, page(request.body)))
        default: break
        }
    }

    private mutating func publish(_ actions: inout [ServiceAction<Never>]) {
        guard let frames = received.state else { return }
        while head < count, Int(head) / perFrame < frames + 3 {
            let end = min(UInt64(count), head + UInt64(perFrame))
            let segment = FeedSegment(
                cursorBefore: Self.cursor(head), cursorAfter: Self.cursor(end), events: events(head, end))
            actions.append(.publish(segment))
            head = end
        }
    }

    private func events(_ start: UInt64, _ end: UInt64) -> [BusEvent] {
        (start..<end).map { BusEvent(position: $0 + 1, record: record, hash: hash) }
    }

    private func page(_ body: [UInt8]) -> BusReply {
        guard let wanted = try? LogPageRequest(decoding: body) else { return .problem(.malformed) }
        let start = wanted.cursor.bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let end = min(head, start + UInt64(wanted.maximumBytes) / 150)
        return .ok(LogPage(events: events(start, end), cursorAfter: Self.cursor(end), atHead: end == head).encoded())
    }

    mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<Never>]) {}
}

private struct FollowingCore: ServiceCore {
    typealias Work = Never
    typealias External = Never

    let perFrame: Int
    let count: Int
    let received: Progress
    let done: Finish<BusBench.FanOut>
    private var events = 0
    private var live = 0
    private var isLive = false
    private var begun: Int64 = 0
    private var frames = 0
    private var bytes = 0

    init(perFrame: Int, count: Int, received: Progress, done: Finish<BusBench.FanOut>) {
        self.perFrame = perFrame
        self.count = count
        self.received = received
        self.done = done
    }

    mutating func step(_ input: ServiceInput<Never, Never>, now: BusMoment, actions: inout [ServiceAction<Never>]) {
        switch input {
        case .started: actions.append(.follow(from: .start))
        case .feedState(let state):
            isLive = state == .live
            guard isLive, begun == 0 else { return }
            begun = SystemClock.now().monotonic.nanoseconds
            received.advance(by: 0)
        case .events(let segment):
            for event in segment.events { bytes &+= event.record.count }
            events += segment.events.count
            if isLive { live += segment.events.count }
            let whole = events / perFrame
            if whole > frames {
                received.advance(by: whole - frames)
                frames = whole
            }
            if events == count {
                let seconds = Double(SystemClock.now().monotonic.nanoseconds - begun) / 1e9
                done.set(
                    BusBench.FanOut(
                        eventsPerFrame: perFrame, eventsPerSecond: Double(count) / seconds,
                        liveShare: Double(live) / Double(count)))
            }
        default: break
        }
    }

    mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<Never>]) {}
}
