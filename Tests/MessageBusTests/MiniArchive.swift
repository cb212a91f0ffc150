import Foundation
import ZeroMQ

@testable import MessageBus

/// A value that a reactor's thread writes and a test reads. `@unchecked Sendable`: only touched while the lock is held.
final class Shared<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value
    private var waiters: [(matches: @Sendable (Value) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []

    init(_ value: Value) { self.value = value }

    func read() -> Value { lock.withLock { value } }

    func update(_ change: (inout Value) -> Void) {
        let ready = lock.withLock {
            change(&value)
            let ready = waiters.filter { $0.matches(value) }
            waiters.removeAll { $0.matches(value) }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    /// Waits until the value is as wanted; the test's time limit ends a wait that never does.
    func wait(until matches: @escaping @Sendable (Value) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isReady = lock.withLock {
                if matches(value) { return true }
                waiters.append((matches, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}

/// A small archive: an in-memory log that outlives the core, echo, append, pages, subscriptions.
struct MiniArchive: ServiceCore {
    enum External: Sendable {
        /// Answer every held request.
        case release
        /// Append so many events.
        case append(Int)
    }
    typealias Work = [UInt8]

    let log: Shared<[BusEvent]>
    /// Ids of the requests that reached the core, in order.
    let seen: Shared<[RequestID]>
    private var held: [ReplyToken] = []
    private var pendingReplies: [ReplyToken] = []
    private var pendingEvents = 0

    init(log: Shared<[BusEvent]>, seen: Shared<[RequestID]> = Shared([])) {
        self.log = log
        self.seen = seen
    }

    mutating func step(
        _ input: ServiceInput<Work, External>, now: BusMoment, actions: inout [ServiceAction<Work>]
    ) {
        switch input {
        case .started: actions.append(.openFeed(epoch: 1, head: cursor(UInt64(log.read().count))))
        case .request(let request): take(request, actions: &actions)
        case .read(let read):
            let from = read.fromHead ? UInt64(log.read().count) : position(read.cursor)
            actions.append(.page(read.token, .events(page(after: from, bytes: read.maximumBytes))))
        case .external(.append(let count)): pendingEvents += count
        case .external(.release), .stopping:
            for token in held { actions.append(.reply(token, .ok([1]))) }
            held = []
        case .workRefused: break
        case .reply, .events, .feedState, .subscription, .subscriptionEnded, .timer, .peersChanged: break
        }
    }

    private mutating func take(_ request: IncomingRequest, actions: inout [ServiceAction<Work>]) {
        let isRepeated = seen.read().contains(request.id)
        seen.update { $0.append(request.id) }
        switch request.method {
        case .append where isRepeated: pendingReplies.append(request.token)
        case .query: actions.append(.reply(request.token, .ok(request.body)))
        case .append:
            pendingEvents += request.body.count
            pendingReplies.append(request.token)
        case .operate: held.append(request.token)
        case .readAll:
            guard let wanted = try? LogPageRequest(decoding: request.body) else {
                actions.append(.reply(request.token, .problem(.malformed)))
                return
            }
            let page = page(after: position(wanted.cursor), bytes: Int(wanted.maximumBytes))
            actions.append(.reply(request.token, .ok(page.encoded())))
        default: actions.append(.reply(request.token, .problem(.unknownMethod)))
        }
    }

    private func page(after start: UInt64, bytes: Int) -> LogPage {
        let events = log.read()
        var end = Int(start)
        var size = 0
        while end < events.count && (size == 0 || size + events[end].record.count <= bytes) {
            size += events[end].record.count
            end += 1
        }
        return LogPage(
            events: Array(events[Int(start)..<end]), cursorAfter: cursor(UInt64(end)), atHead: end == events.count)
    }

    /// The group commit: events first, then replies, then the feed.
    mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<Work>]) {
        guard pendingEvents > 0 || !pendingReplies.isEmpty else { return }
        let before = UInt64(log.read().count)
        let new = (0..<UInt64(pendingEvents)).map { event(before + 1 + $0, bytes: 150) }
        log.update { $0.append(contentsOf: new) }
        for token in pendingReplies { actions.append(.reply(token, .ok())) }
        actions.append(
            .publish(
                FeedSegment(
                    cursorBefore: cursor(before), cursorAfter: cursor(before + UInt64(pendingEvents)), events: new)))
        pendingReplies = []
        pendingEvents = 0
    }
}

/// A service that follows feed (a) and writes down which positions it got.
struct MiniFollower: ServiceCore {
    enum External: Sendable {}
    typealias Work = Never

    let positions: Shared<[UInt64]>
    let states: Shared<[FeedFollower.State]>

    mutating func step(
        _ input: ServiceInput<Work, External>, now: BusMoment, actions: inout [ServiceAction<Work>]
    ) {
        switch input {
        case .started: actions.append(.follow(from: .start))
        case .events(let segment): positions.update { $0.append(contentsOf: segment.events.map(\.position)) }
        case .feedState(let state): states.update { $0.append(state) }
        default: break
        }
    }

    mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<Work>]) {}
}
