import Foundation
import MessageBus
import ServiceKit
import ZeroMQ

/// Feed (a) to one subscriber: a publisher and a follower, each with its own reactor, over loopback with CURVE.
struct FeedBench {
    let runs: Int
    var perFrame = 500
    var count = 2_000_000
    /// Bytes of a record.
    var recordBytes = 300

    func measure(_ told: (Figure) -> Void) async throws {
        var measured: [Run] = []
        var live: [Double] = []
        Memory.forgetPeak()
        for _ in 0..<runs {
            let (result, load) = try await SystemLoad.during { try await fanOut() }
            measured.append(Run(value: result.eventsPerSecond, latencies: nil, load: load, count: count))
            live.append(result.liveShare)
        }
        var figure = Run.figure(
            "feed", UserText(zh: "内部事件流，一个订阅者", en: "feed (a) to one subscriber"), unit: "events/s",
            data: UserText(
                zh: "\(count) 个事件，每个 \(recordBytes) 字节，每帧 \(perFrame) 个",
                en: "\(count) events of \(recordBytes) bytes, \(perFrame) per frame"), measured)
        figure.aim = 2_000_000
        figure.peakMiB = Memory.peakMiB
        let share = Int((Figure.median(live) * 100).rounded())
        figure.note = UserText(
            zh: "\(share) % 直接来自事件流，其余从日志补读", en: "\(share) % over the feed itself, the rest read from the log")
        told(figure)
    }

    /// What a run showed.
    struct FanOut: Sendable {
        /// Events handed to the following core per second, decoded to positions, records and hashes.
        var eventsPerSecond: Double
        /// Share that came over the feed itself; the others were read from the log.
        var liveShare: Double
    }

    /// The publisher keeps at most three frames ahead of the follower, as the log's commits do in practice; what the
    /// feed drops all the same is read from the log and counted apart.
    private func fanOut() async throws -> FanOut {
        let (archiveKeys, clientKeys) = (try CurveKeyPair.generate(), try CurveKeyPair.generate())
        let received = FeedProgress()
        var configuration = ReactorConfiguration(name: "bench-archive", keys: archiveKeys)
        configuration.serverAddress = "tcp://127.0.0.1:*"
        configuration.feedAddress = "tcp://127.0.0.1:*"
        configuration.peers = try PeerRegistry(
            [Peer(name: "bench", key: clientKeys.publicKey, rights: [.append])], generation: 1)
        let archiveContext = try ZMQContext()
        let archive = try Reactor(configuration, context: archiveContext) { [self] in
            PublishingCore(perFrame: perFrame, count: count, recordBytes: recordBytes, received: received)
        }
        let addresses = try await archive.start()
        let done = Handover<FanOut>()
        var following = ReactorConfiguration(name: "bench-follower", keys: clientKeys)
        following.links = [
            .init(
                name: "archive",
                endpoints: [.init(address: addresses.server ?? "", serverKey: archiveKeys.publicKey)])
        ]
        following.followedFeed = .init(address: addresses.feed ?? "", serverKey: archiveKeys.publicKey)
        let context = try ZMQContext()
        let follower = try Reactor(following, context: context) { [self] in
            FollowingCore(perFrame: perFrame, count: count, received: received, done: done)
        }
        try await follower.start()
        received.onAdvance { _ = archive.post(.advance) }
        let result = await done.wait()
        try await follower.stop()
        try context.terminate()
        try await archive.stop()
        try archiveContext.terminate()
        return result
    }
}

/// How far the follower has come. `@unchecked Sendable`: only touched while the lock is held.
private final class FeedProgress: @unchecked Sendable {
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

private struct PublishingCore: ServiceCore {
    enum External: Sendable { case advance }
    typealias Work = Never

    private let perFrame: Int
    private let count: Int
    private let received: FeedProgress
    private var head: UInt64 = 0
    private let record: ArraySlice<UInt8>
    private let hash: ArraySlice<UInt8> = [UInt8](repeating: 5, count: 32)[...]

    init(perFrame: Int, count: Int, recordBytes: Int, received: FeedProgress) {
        self.perFrame = perFrame
        self.count = count
        self.received = received
        record = [UInt8](repeating: 3, count: recordBytes)[...]
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
            actions.append(
                .publish(
                    FeedSegment(
                        cursorBefore: Self.cursor(head), cursorAfter: Self.cursor(end), events: events(head, end))))
            head = end
        }
    }

    private func events(_ start: UInt64, _ end: UInt64) -> [BusEvent] {
        (start..<end).map { BusEvent(position: $0 + 1, record: record, hash: hash) }
    }

    private func page(_ body: [UInt8]) -> BusReply {
        guard let wanted = try? LogPageRequest(decoding: body) else { return .problem(.malformed) }
        let start = wanted.cursor.bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let end = min(head, start + UInt64(wanted.maximumBytes) / UInt64(record.count))
        return .ok(LogPage(events: events(start, end), cursorAfter: Self.cursor(end), atHead: end == head).encoded())
    }

    mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<Never>]) {}
}

private struct FollowingCore: ServiceCore {
    typealias Work = Never
    typealias External = Never

    private let perFrame: Int
    private let count: Int
    private let received: FeedProgress
    private let done: Handover<FeedBench.FanOut>
    private var events = 0
    private var live = 0
    private var isLive = false
    private var begun: Int64 = 0
    private var frames = 0
    private var bytes = 0

    init(perFrame: Int, count: Int, received: FeedProgress, done: Handover<FeedBench.FanOut>) {
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
        case .events(let segment): take(segment)
        default: break
        }
    }

    private mutating func take(_ segment: FeedSegment) {
        for event in segment.events { bytes &+= event.record.count }
        events += segment.events.count
        if isLive { live += segment.events.count }
        let whole = events / perFrame
        if whole > frames {
            received.advance(by: whole - frames)
            frames = whole
        }
        guard events == count else { return }
        let seconds = Double(SystemClock.now().monotonic.nanoseconds - begun) / 1e9
        done.put(
            FeedBench.FanOut(
                eventsPerSecond: Double(count) / seconds, liveShare: Double(live) / Double(count)))
    }

    mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<Never>]) {}
}
