import ZeroMQ

/// The serving side of feed (b): one cursor and one credit per subscription, reads from the log in fair turns, and an
/// end with a reason.
///
/// Pure. Nothing is kept for a subscriber except its cursor: a slow one costs a few hundred bytes and nobody's time.
package struct CatchUpServer {
    /// Bounds of the service.
    package struct Settings: Sendable {
        /// Most subscriptions of one peer.
        package var maximumPerPeer = 64
        /// Most subscriptions in all.
        package var maximumSubscriptions = 2_000
        /// Most reads that the core is asked for at the same time.
        package var maximumReads = 8
        /// Largest batch in bytes of records.
        package var batchBytes = 256 << 10
        /// Interval of empty batches to a subscriber that is at the head.
        package var heartbeatInterval: Duration = .seconds(1)
        /// A subscriber that says nothing for so long is given up.
        package var silenceLimit: Duration = .seconds(30)
        /// Pause after a send that would have blocked and after a failed read.
        package var retryPause: Duration = .milliseconds(100)

        /// Defaults.
        package init() {}
    }

    /// What whoever runs the machine has to do.
    package enum Action: Sendable {
        /// Ask the core for a page.
        case read(SubscriptionRead)
        /// Send this frame. When it cannot be sent, say so with `notSent` at once, before anything else happens.
        case send(RoutingID, [UInt8], subscription: RequestID)
    }

    /// Why a frame could not be sent.
    package enum SendFailure: Sendable {
        /// The subscriber's queue is full.
        case wouldBlock
        /// The subscriber is gone.
        case gone
    }

    private struct Name: Hashable {
        var route: RoutingID
        var id: RequestID
    }

    private enum Stage: Hashable {
        /// In the queue for a read.
        case queued
        /// The core reads.
        case reading
        /// Nothing more in the log.
        case atHead
        /// Credit is used up.
        case withoutCredit
        /// Waiting until the time has come to try again.
        case paused(until: MonotonicTime)
    }

    private struct Subscription {
        /// Counts subscriptions, so that walks over them always have the same order.
        let number: UInt64
        var key: CurvePublicKey
        var filter: EventFilter
        var grant: [UInt8]
        var cursor: EncodedCursor
        var fromHead: Bool
        var credit: UInt64
        var spent: UInt64 = 0
        var stage = Stage.queued
        var lastHeard: MonotonicTime
        var lastSent: MonotonicTime
        var isHeadStale = false
        var token: SubscriptionToken?
        /// Number of the checkpoint that it was sent last.
        var checkpoint: UInt64 = 0
        /// Where to go back to when the last batch could not be sent.
        var previous: (cursor: EncodedCursor, spent: UInt64, fromHead: Bool, checkpoint: UInt64)?
    }

    private let settings: Settings
    private var subscriptions: [Name: Subscription] = [:]
    private var names: [SubscriptionToken: Name] = [:]
    private var perPeer: [CurvePublicKey: Int] = [:]
    private var queue: [Name] = []
    private var queueStart = 0
    private var reads = 0
    /// Subscriptions that read up to the head, in that order; some may have left that stage since.
    private var waitingForEvents: [Name] = []
    private var lastToken: UInt64 = 0
    private var lastNumber: UInt64 = 0
    private var nextScan = MonotonicTime.never
    /// The newest checkpoint and how many there were before; each subscription is sent it once, with its next frame.
    private var checkpoint: (number: UInt64, text: String) = (0, "")
    /// Events sent so far, for metrics.
    package private(set) var eventsSent = 0
    /// Subscriptions ended by this side so far, for metrics.
    package private(set) var endedByUs = 0

    /// A service without subscriptions.
    package init(settings: Settings) {
        self.settings = settings
    }

    /// How many subscriptions there are.
    package var count: Int { subscriptions.count }
    /// How far each of them is, in no order.
    var standing: [(key: CurvePublicKey, follower: Follower)] {
        subscriptions.values.filter { !$0.fromHead }.map { subscription in
            let state: Follower.State =
                switch subscription.stage {
                case .queued, .reading: .reading
                case .atHead: .live
                case .withoutCredit: .withoutCredit
                case .paused: .failing
                }
            let follower = Follower(
                peer: "", number: subscription.number, cursor: subscription.cursor, state: state,
                lastHeard: subscription.lastHeard)
            return (subscription.key, follower)
        }
    }

    /// When `tick` is to be called next, at the latest.
    package var nextTick: MonotonicTime { nextScan }

    /// There is a newer signed checkpoint of the log, for subscribers to keep.
    package mutating func announce(checkpoint text: String) { checkpoint = (checkpoint.number + 1, text) }

    /// Takes what a client says, which is on the list as `peer`.
    package mutating func received(
        _ request: RequestServer.SubscriptionRequest, from route: RoutingID, peer: Peer, registry: PeerRegistry,
        now: BusMoment, actions: inout [Action]
    ) {
        switch request {
        case .subscribe(let id, let cursor, let fromHead, let filter, let credit, let grant):
            let name = Name(route: route, id: id)
            // A repeated subscribe is a sign of life, not a second subscription.
            if subscriptions[name] != nil {
                heard(name, credit: credit, now: now.monotonic)
                break
            }
            guard perPeer[peer.key, default: 0] < settings.maximumPerPeer,
                subscriptions.count < settings.maximumSubscriptions
            else {
                sendEnd(name, .problem(.tooManySubscriptions), cursor: cursor, actions: &actions)
                return
            }
            lastNumber += 1
            subscriptions[name] = Subscription(
                number: lastNumber, key: peer.key, filter: filter, grant: grant, cursor: cursor, fromHead: fromHead,
                credit: credit,
                lastHeard: now.monotonic, lastSent: now.monotonic)
            perPeer[peer.key, default: 0] += 1
            nextScan = min(nextScan, now.monotonic + settings.heartbeatInterval)
            enqueue(name)
        case .credit(let id, let total):
            let name = Name(route: route, id: id)
            guard subscriptions[name] != nil else {
                // Ours was lost, by a restart for instance: the client subscribes again from its cursor.
                sendEnd(name, .problem(.starting), cursor: .start, actions: &actions)
                return
            }
            heard(name, credit: total, now: now.monotonic)
        case .unsubscribe(let id):
            let name = Name(route: route, id: id)
            let cursor = subscriptions[name]?.cursor ?? .start
            remove(name)
            sendEnd(name, .ok(), cursor: cursor, actions: &actions)
        }
        startReads(registry: registry, now: now, actions: &actions)
    }

    private mutating func heard(_ name: Name, credit: UInt64, now: MonotonicTime) {
        guard var subscription = subscriptions[name] else { return }
        subscription.lastHeard = now
        subscription.credit = max(subscription.credit, credit)
        subscriptions[name] = subscription
        if subscription.stage == .withoutCredit && subscription.credit > subscription.spent { enqueue(name) }
    }

    private mutating func enqueue(_ name: Name) {
        subscriptions[name]?.stage = .queued
        queue.append(name)
    }

    /// Asks for pages in the order in which subscriptions became ready, a few at a time.
    private mutating func startReads(registry: PeerRegistry, now: BusMoment, actions: inout [Action]) {
        while reads < settings.maximumReads, queueStart < queue.count {
            let name = queue[queueStart]
            queueStart += 1
            guard var subscription = subscriptions[name], subscription.stage == .queued else { continue }
            guard case .known(let peer) = registry.verdict(on: subscription.key, utcMicroseconds: now.utcMicroseconds)
            else {
                let problem = registry.refusal(ofListed: subscription.key, utcMicroseconds: now.utcMicroseconds)
                end(name, .problem(problem ?? .keyWithdrawn), actions: &actions)
                continue
            }
            lastToken += 1
            let token = SubscriptionToken(number: lastToken)
            let left = subscription.credit - min(subscription.credit, subscription.spent)
            subscription.stage = .reading
            subscription.isHeadStale = false
            subscription.token = token
            subscriptions[name] = subscription
            names[token] = name
            reads += 1
            actions.append(
                .read(
                    SubscriptionRead(
                        token: token, peer: peer, grant: subscription.grant, cursor: subscription.cursor,
                        fromHead: subscription.fromHead, filter: subscription.filter,
                        maximumBytes: Int(min(left, UInt64(settings.batchBytes))))))
        }
        if queueStart == queue.count {
            queue.removeAll(keepingCapacity: true)
            queueStart = 0
        }
    }

    /// Takes the core's answer to a read.
    package mutating func page(
        _ token: SubscriptionToken, _ page: SubscriptionPage, registry: PeerRegistry, now: BusMoment,
        actions: inout [Action]
    ) {
        guard let name = names.removeValue(forKey: token) else { return }
        reads -= 1
        defer { startReads(registry: registry, now: now, actions: &actions) }
        guard let subscription = subscriptions[name], subscription.token == token else { return }
        if let problem = registry.refusal(ofListed: subscription.key, utcMicroseconds: now.utcMicroseconds) {
            end(name, .problem(problem), actions: &actions)
            return
        }
        switch page {
        case .refused(let reply): end(name, reply, actions: &actions)
        case .failed: pause(name, now: now.monotonic)
        case .events(let page): send(page, name, subscription, now: now.monotonic, actions: &actions)
        }
    }

    private mutating func pause(_ name: Name, now: MonotonicTime) {
        let until = now + settings.retryPause
        subscriptions[name]?.stage = .paused(until: until)
        nextScan = min(nextScan, until)
    }

    private mutating func send(
        _ page: LogPage, _ name: Name, _ old: Subscription, now: MonotonicTime,
        actions: inout [Action]
    ) {
        var subscription = old
        let batch = CatchUpBatch(
            subscription: name.id, cursorBefore: subscription.fromHead ? page.cursorAfter : subscription.cursor,
            cursorAfter: page.cursorAfter, events: page.events, live: page.atHead,
            checkpoint: unsentCheckpoint(subscription))
        subscription.previous = (
            subscription.cursor, subscription.spent, subscription.fromHead, subscription.checkpoint
        )
        subscription.checkpoint = checkpoint.number
        subscription.cursor = page.cursorAfter
        subscription.fromHead = false
        subscription.spent += batch.price
        subscription.lastSent = now
        let mustContinue = !page.atHead || subscription.isHeadStale
        let hasCredit = subscription.credit > subscription.spent
        subscription.stage = !mustContinue ? .atHead : .withoutCredit
        subscriptions[name] = subscription
        if !mustContinue { waitingForEvents.append(name) }
        eventsSent += page.events.count
        actions.append(.send(name.route, ServerFrame.catchUp(batch).encoded(), subscription: name.id))
        if mustContinue && hasCredit { enqueue(name) }
    }

    private func unsentCheckpoint(_ subscription: Subscription) -> String {
        subscription.checkpoint < checkpoint.number ? checkpoint.text : ""
    }

    /// The last frame of this subscription could not be sent: its cursor goes back to where the frame began.
    package mutating func notSent(
        _ route: RoutingID, subscription id: RequestID, _ failure: SendFailure, now: MonotonicTime
    ) {
        let name = Name(route: route, id: id)
        guard var subscription = subscriptions[name] else { return }
        switch failure {
        case .gone: remove(name)
        case .wouldBlock:
            if let previous = subscription.previous {
                (subscription.cursor, subscription.spent, subscription.fromHead, subscription.checkpoint) = previous
                subscription.previous = nil
            }
            subscriptions[name] = subscription
            pause(name, now: now)
        }
    }

    /// Something was appended: subscribers at the head read on.
    package mutating func headMoved(registry: PeerRegistry, now: BusMoment, actions: inout [Action]) {
        for token in names.keys {
            if let name = names[token] { subscriptions[name]?.isHeadStale = true }
        }
        let waiting = waitingForEvents
        waitingForEvents.removeAll(keepingCapacity: true)
        for name in waiting {
            guard let subscription = subscriptions[name], subscription.stage == .atHead else { continue }
            if subscription.credit > subscription.spent {
                enqueue(name)
            } else {
                subscriptions[name]?.stage = .withoutCredit
            }
        }
        startReads(registry: registry, now: now, actions: &actions)
    }

    /// Sends heartbeats, ends what is silent, goes on with what was paused.
    package mutating func tick(registry: PeerRegistry, now: BusMoment, actions: inout [Action]) {
        guard now.monotonic >= nextScan else { return }
        nextScan = subscriptions.isEmpty ? .never : now.monotonic + settings.heartbeatInterval
        for (name, subscription) in inOrder {
            if now.monotonic - subscription.lastHeard >= settings.silenceLimit {
                end(name, .problem(.subscriberStalled), actions: &actions)
                continue
            }
            switch subscription.stage {
            case .paused(let until):
                if until <= now.monotonic { enqueue(name) } else { nextScan = min(nextScan, until) }
            case .atHead, .withoutCredit:
                guard now.monotonic - subscription.lastSent >= settings.heartbeatInterval else { break }
                subscriptions[name]?.lastSent = now.monotonic
                // An empty batch that cannot be sent takes nothing back but the checkpoint in it.
                subscriptions[name]?.previous = (
                    subscription.cursor, subscription.spent, subscription.fromHead, subscription.checkpoint
                )
                subscriptions[name]?.checkpoint = checkpoint.number
                let empty = CatchUpBatch(
                    subscription: name.id, cursorBefore: subscription.cursor, cursorAfter: subscription.cursor,
                    events: [], live: subscription.stage == .atHead, checkpoint: unsentCheckpoint(subscription))
                actions.append(.send(name.route, ServerFrame.catchUp(empty).encoded(), subscription: name.id))
            case .queued, .reading: break
            }
        }
        startReads(registry: registry, now: now, actions: &actions)
    }

    /// Ends the subscriptions of keys that are no longer on the list, and says so.
    package mutating func withdraw(_ keys: Set<CurvePublicKey>, _ problem: BusProblem, actions: inout [Action]) {
        for (name, subscription) in inOrder where keys.contains(subscription.key) {
            end(name, .problem(problem), actions: &actions)
        }
    }

    /// Ends all subscriptions, for stopping.
    package mutating func endAll(actions: inout [Action]) {
        for (name, _) in inOrder { end(name, .problem(.stopping), actions: &actions) }
    }

    /// Where a peer has subscriptions.
    package func routes(of key: CurvePublicKey) -> [RoutingID] {
        inOrder.filter { $0.value.key == key }.map(\.key.route)
    }

    private var inOrder: [(key: Name, value: Subscription)] {
        subscriptions.sorted { $0.value.number < $1.value.number }
    }

    private mutating func end(_ name: Name, _ reply: BusReply, actions: inout [Action]) {
        guard let subscription = subscriptions[name] else { return }
        endedByUs += 1
        sendEnd(name, reply, cursor: subscription.cursor, actions: &actions)
        remove(name)
    }

    private func sendEnd(_ name: Name, _ reply: BusReply, cursor: EncodedCursor, actions: inout [Action]) {
        let frame = ServerFrame.subscriptionEnded(id: name.id, reply, cursor: cursor)
        actions.append(.send(name.route, frame.encoded(), subscription: name.id))
    }

    private mutating func remove(_ name: Name) {
        guard let subscription = subscriptions.removeValue(forKey: name) else { return }
        // A read that is under way keeps its place until its page comes.
        if let count = perPeer[subscription.key] { perPeer[subscription.key] = count > 1 ? count - 1 : nil }
    }
}
