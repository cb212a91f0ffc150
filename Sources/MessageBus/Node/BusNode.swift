import ZeroMQ

/// A service core with all protocol machines of the bus around it: what comes from the network goes in at the top,
/// what the core does comes out through the transport.
///
/// Pure but for the transport it calls, so that services and simulations run the same code. Belongs to one thread.
package final class BusNode<Core: ServiceCore, Transport: BusTransport> where Transport.Work == Core.Work {
    package typealias Input = ServiceInput<Core.Work, Core.External>
    package typealias Action = ServiceAction<Core.Work>

    /// The service.
    package private(set) var core: Core
    /// Its way to the world.
    package var transport: Transport
    /// The key list in force.
    package private(set) var registry: PeerRegistry
    /// Whether the core asked to stop.
    package private(set) var wantsStop = false
    /// Whether stopping has begun.
    package private(set) var isStopping = false

    let settings: BusNodeSettings
    var server: RequestServer
    var catchUp: CatchUpServer
    var links: [RequestClient]
    var publisher: FeedPublisher?
    var follower: FeedFollower?
    var subscriptions: [UInt64: (link: LinkID, client: CatchUpClient)] = [:]
    private var timers: [TimerID: MonotonicTime] = [:]
    private var nextTimer = MonotonicTime.never
    private var inbox: [Input] = []
    private var actions: [Action] = []
    private var isPumping = false
    /// Whether the core took inputs since the last turn ended: another turn is due at once.
    package private(set) var needsTurn = false
    private var nextIDNumber: UInt64 = 0
    private var validKeys: Set<CurvePublicKey> = []
    private var validFeedKeys: Set<CurvePublicKey> = []
    /// Times at which `validKeys` and `validFeedKeys` are right.
    private var timesOfKeys = Int64.min..<Int64.max

    /// Tags of requests that the node itself makes (pages for feed (a)) have this bit; the core's have not.
    private static var ownTag: UInt64 { 1 << 63 }

    /// A node at rest; `start` sets it going.
    package init(
        core: Core, transport: Transport, registry: PeerRegistry, linkCount: Int, settings: BusNodeSettings,
        now: BusMoment
    ) {
        self.core = core
        self.transport = transport
        self.registry = registry
        self.settings = settings
        server = RequestServer(settings: settings.server)
        catchUp = CatchUpServer(settings: settings.catchUp)
        links = (0..<linkCount).map { index in
            RequestClient(
                settings: settings.link(LinkID(rawValue: index)), now: now.monotonic,
                utcMicroseconds: now.utcMicroseconds)
        }
    }

    // MARK: What happens

    /// Puts the key list in force and gives the core its first input.
    package func start(now: BusMoment) {
        applyKeys(now: now, problem: .keyWithdrawn)
        give(.started, now: now)
    }

    /// A frame came to the server endpoint.
    /// - Parameter arrived: when, if that was before now.
    package func received(
        _ frame: [UInt8], from route: RoutingID, key: CurvePublicKey?, arrived: MonotonicTime? = nil, now: BusMoment
    ) {
        switch server.received(frame, from: route, key: key, registry: registry, arrived: arrived, now: now) {
        case .request(let request): give(.request(request), now: now)
        case .answer(let answer): _ = transport.send(to: route, answer)
        case .subscription(let request, let peer):
            var todo: [CatchUpServer.Action] = []
            catchUp.received(request, from: route, peer: peer, registry: registry, now: now, actions: &todo)
            perform(todo, now: now)
        case .nothing: break
        }
    }

    /// A frame came over a link.
    package func received(_ frame: [UInt8], on link: LinkID, now: BusMoment) {
        var todo: [RequestClient.Action] = []
        links[link.rawValue].received(frame, now: now.monotonic, actions: &todo)
        perform(todo, link, now: now)
    }

    /// A link's connection stands (again).
    package func connected(_ link: LinkID, now: BusMoment) {
        var todo: [RequestClient.Action] = []
        links[link.rawValue].connected(now: now.monotonic, actions: &todo)
        perform(todo, link, now: now)
    }

    /// A link's connection was lost.
    package func disconnected(_ link: LinkID, now: BusMoment) {
        links[link.rawValue].disconnected(now: now.monotonic)
    }

    /// A message of feed (a) came.
    package func receivedFeed(_ message: [UInt8], now: BusMoment) {
        guard follower != nil else { return }
        var todo: [FeedFollower.Action] = []
        follower?.received(message, now: now.monotonic, actions: &todo)
        perform(todo, now: now)
    }

    /// Another thread posted something.
    package func received(_ external: Core.External, now: BusMoment) {
        give(.external(external), now: now)
    }

    /// Whether a key may read feed (a) now.
    package func mayReadFeed(_ key: CurvePublicKey?) -> Bool {
        key.map(validFeedKeys.contains) ?? false
    }

    /// Puts another key list in force. Withdrawn keys are told why and cut: subscriptions end at once, connections of
    /// feed (a) and of the server are made anew. An older list than the present one is ignored.
    package func replacePeers(_ list: PeerRegistry, now: BusMoment) {
        guard list.generation > registry.generation else { return }
        registry = list.replacing(registry)
        applyKeys(now: now, problem: .keyWithdrawn)
        give(.peersChanged(registry), now: now)
    }

    /// The inputs of this turn are through.
    package func turnEnded(now: BusMoment) {
        tick(now: now)
        needsTurn = false
        core.turnEnded(now: now, actions: &actions)
        performActions(now: now)
        pump(now: now)
        var frames: [[UInt8]] = []
        publisher?.flush(frames: &frames)
        for frame in frames { transport.publish(frame) }
    }

    /// Refuses new work and asks the core to settle. `isSettled` tells when it has.
    package func beginStop(now: BusMoment) {
        guard !isStopping else { return }
        isStopping = true
        server.refusesNew = true
        var todo: [CatchUpServer.Action] = []
        catchUp.endAll(actions: &todo)
        perform(todo, now: now)
        give(.stopping, now: now)
    }

    /// Whether every request that was accepted has its reply.
    package var isSettled: Bool { isStopping && server.inFlight == 0 }

    /// The last thing: requests and subscriptions of this service's own are given up.
    package func finishStop(now: BusMoment) {
        for (tag, entry) in subscriptionsInOrder {
            var todo: [CatchUpClient.Action] = []
            subscriptions[tag]?.client.stop(actions: &todo)
            perform(todo, tag, entry.link, now: now)
        }
        for index in links.indices {
            var todo: [RequestClient.Action] = []
            links[index].cancelAll(actions: &todo)
            perform(todo, LinkID(rawValue: index), now: now)
        }
    }

    /// Nothing more comes; what the core owns is closed.
    package func end() { core.ended() }

    /// In a fixed order, so that the same inputs give the same frames.
    private var subscriptionsInOrder: [(key: UInt64, value: (link: LinkID, client: CatchUpClient))] {
        subscriptions.isEmpty ? [] : subscriptions.sorted { $0.key < $1.key }
    }

    // MARK: Time

    /// When `turnEnded` is to be called next, at the latest.
    package var nextTick: MonotonicTime {
        var next = min(nextTimer, server.nextTick, catchUp.nextTick)
        for link in links { next = min(next, link.nextTick) }
        if let publisher { next = min(next, publisher.nextTick) }
        if let follower { next = min(next, follower.nextTick) }
        for entry in subscriptions.values { next = min(next, entry.client.nextTick) }
        return next
    }

    private func tick(now: BusMoment) {
        judgeKeys(now: now)
        for late in server.tick(now: now.monotonic) { _ = transport.send(to: late.route, late.frame) }
        if catchUp.nextTick <= now.monotonic {
            var todo: [CatchUpServer.Action] = []
            catchUp.tick(registry: registry, now: now, actions: &todo)
            perform(todo, now: now)
        }
        for index in links.indices where links[index].nextTick <= now.monotonic {
            var todo: [RequestClient.Action] = []
            links[index].tick(now: now.monotonic, actions: &todo)
            perform(todo, LinkID(rawValue: index), now: now)
        }
        if let next = publisher?.nextTick, next <= now.monotonic {
            var frames: [[UInt8]] = []
            publisher?.tick(now: now.monotonic, frames: &frames)
            for frame in frames { transport.publish(frame) }
        }
        if let next = follower?.nextTick, next <= now.monotonic {
            var todo: [FeedFollower.Action] = []
            follower?.tick(now: now.monotonic, actions: &todo)
            perform(todo, now: now)
        }
        for (tag, entry) in subscriptionsInOrder where entry.client.nextTick <= now.monotonic {
            var todo: [CatchUpClient.Action] = []
            subscriptions[tag]?.client.tick(now: now.monotonic, actions: &todo)
            perform(todo, tag, entry.link, now: now)
        }
        fireTimers(now: now)
    }

    private func fireTimers(now: BusMoment) {
        guard nextTimer <= now.monotonic else { return }
        let due = timers.filter { $0.value <= now.monotonic }
            .sorted { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }
        for (timer, _) in due { timers[timer] = nil }
        nextTimer = timers.values.min() ?? .never
        for (timer, _) in due { give(.timer(timer), now: now) }
    }

    // MARK: Keys

    /// Lets in whose time it is by this moment, and nobody else: also when the clock was put ahead or back. Call it
    /// before new connections are judged.
    package func judgeKeys(now: BusMoment) {
        guard !timesOfKeys.contains(now.utcMicroseconds) else { return }
        applyKeys(now: now, problem: .keyExpired)
        give(.peersChanged(registry), now: now)
    }

    /// Brings ZAP, subscriptions and connections in line with the list as it holds at this moment.
    private func applyKeys(now: BusMoment, problem: BusProblem) {
        let keys = registry.validKeys(utcMicroseconds: now.utcMicroseconds)
        let feedKeys = registry.feedKeys(utcMicroseconds: now.utcMicroseconds)
        timesOfKeys = registry.timesOfSameKeys(around: now.utcMicroseconds)
        let withdrawn = validKeys.subtracting(keys)
        let withdrawnFromFeed = validFeedKeys.subtracting(feedKeys)
        validKeys = keys
        validFeedKeys = feedKeys
        transport.allow(serverKeys: keys, feedKeys: feedKeys)
        if !withdrawn.isEmpty {
            let farewell = ServerFrame.farewell(.problem(problem)).encoded()
            var told: Set<RoutingID> = []
            let routes = withdrawn.sorted { $0.text < $1.text }
                .flatMap { server.routes(of: $0) + catchUp.routes(of: $0) }
            var todo: [CatchUpServer.Action] = []
            catchUp.withdraw(withdrawn, problem, actions: &todo)
            perform(todo, now: now)
            for route in routes where told.insert(route).inserted { _ = transport.send(to: route, farewell) }
            server.forget(withdrawn)
            transport.cutServerConnections()
        }
        if !withdrawnFromFeed.isEmpty { transport.cutFeedConnections() }
    }

    // MARK: The core

    private func give(_ input: Input, now: BusMoment) {
        guard !isPumping, inbox.count == 0 else {
            inbox.append(input)
            return pump(now: now)
        }
        // The ordinary case: nothing waits, so the input need not be put away and taken out again.
        isPumping = true
        step(input, now: now)
        isPumping = false
        pump(now: now)
    }

    /// Feeds the core until nothing is left. Performing an action may bring new inputs; they wait their turn, so the
    /// core is never entered twice.
    private func pump(now: BusMoment) {
        guard !isPumping, inbox.count > 0 else { return }
        isPumping = true
        defer { isPumping = false }
        while inbox.count > 0 {
            var inputs: [Input] = []
            swap(&inputs, &inbox)
            for input in inputs { step(input, now: now) }
        }
    }

    private func step(_ input: Input, now: BusMoment) {
        needsTurn = true
        core.step(input, now: now, actions: &actions)
        performActions(now: now)
    }

    private func performActions(now: BusMoment) {
        guard actions.count > 0 else { return }
        var todo: [Action] = []
        swap(&todo, &actions)
        for action in todo { perform(action, now: now) }
    }

    private func perform(_ action: Action, now: BusMoment) {
        switch action {
        case .reply(let token, let reply):
            guard let answer = server.reply(token, reply, registry: registry, now: now) else { return }
            // Not sent: the peer is gone or behind; it asks again with the same id.
            _ = transport.send(to: answer.route, answer.frame)
        case .request(let link, let tag, let request):
            precondition(tag < Self.ownTag, "BusNode.perform(request): the tag \(tag) is not below 2^63")
            submit(request, tag: tag, on: link, now: now)
        case .cancel(let link, let id):
            var todo: [RequestClient.Action] = []
            links[link.rawValue].cancel(id, actions: &todo)
            perform(todo, link, now: now)
        case .openFeed(let epoch, let head):
            publisher = FeedPublisher(settings: settings.publisher, epoch: epoch, head: head, now: now.monotonic)
        case .publish(let segment): publish(segment, now: now)
        case .headMoved: headMoved(now: now)
        case .announceCheckpoint(let text): catchUp.announce(checkpoint: text)
        case .page(let token, let page):
            var todo: [CatchUpServer.Action] = []
            catchUp.page(token, page, registry: registry, now: now, actions: &todo)
            perform(todo, now: now)
        case .follow(let cursor):
            follower = FeedFollower(settings: settings.follower, cursor: cursor, now: now.monotonic)
        case .subscribe(let link, let tag, let cursor, let fromHead, let filter, let grant):
            nextIDNumber += 1
            var client = settings.subscription
            client.idSeed = settings.idSeed &+ nextIDNumber << 32 | 1
            let machine = CatchUpClient(
                settings: client, cursor: cursor, fromHead: fromHead, filter: filter, grant: grant, now: now.monotonic)
            subscriptions[tag] = (link, machine)
        case .consumed(let tag, let bytes):
            guard let link = subscriptions[tag]?.link else { return }
            var todo: [CatchUpClient.Action] = []
            subscriptions[tag]?.client.consumed(bytes, now: now.monotonic, actions: &todo)
            perform(todo, tag, link, now: now)
        case .unsubscribe(let tag):
            guard let link = subscriptions[tag]?.link else { return }
            var todo: [CatchUpClient.Action] = []
            subscriptions[tag]?.client.stop(actions: &todo)
            perform(todo, tag, link, now: now)
            subscriptions[tag] = nil
        case .setTimer(let timer, let after):
            timers[timer] = now.monotonic + after
            nextTimer = min(nextTimer, now.monotonic + after)
        case .cancelTimer(let timer): timers[timer] = nil
        case .work(let work): if !transport.start(work) { inbox.append(.workRefused(work)) }
        case .replacePeers(let list): replacePeers(list, now: now)
        case .log(let entry): transport.log(entry)
        case .stop: wantsStop = true
        }
    }

    private func publish(_ segment: FeedSegment, now: BusMoment) {
        precondition(publisher != nil, "BusNode.publish: the core has not opened the feed")
        var frames: [[UInt8]] = []
        publisher?.publish(segment, frames: &frames)
        for frame in frames { transport.publish(frame) }
        headMoved(now: now)
    }

    private func headMoved(now: BusMoment) {
        guard catchUp.count > 0 else { return }
        var todo: [CatchUpServer.Action] = []
        catchUp.headMoved(registry: registry, now: now, actions: &todo)
        perform(todo, now: now)
    }

    private func submit(_ request: OutgoingRequest, tag: UInt64, on link: LinkID, now: BusMoment) {
        var todo: [RequestClient.Action] = []
        links[link.rawValue].submit(request, tag: tag, now: now.monotonic, actions: &todo)
        perform(todo, link, now: now)
    }

    // MARK: The machines' actions

    private func perform(_ todo: [CatchUpServer.Action], now: BusMoment) {
        for action in todo {
            switch action {
            case .read(let read): inbox.append(.read(read))
            case .send(let route, let frame, let subscription):
                switch transport.send(to: route, frame) {
                case .sent: break
                case .wouldBlock:
                    catchUp.notSent(route, subscription: subscription, .wouldBlock, now: now.monotonic)
                case .hostUnreachable:
                    catchUp.notSent(route, subscription: subscription, .gone, now: now.monotonic)
                }
            }
        }
        pump(now: now)
    }

    private func perform(_ todo: [RequestClient.Action], _ link: LinkID, now: BusMoment) {
        for action in todo {
            switch action {
            case .send(let frame): _ = transport.send(on: link, frame)
            case .connect(let endpoint): transport.connect(link, endpoint: endpoint)
            case .complete(let tag, let reply):
                if tag & Self.ownTag != 0 {
                    completePage(number: tag & ~Self.ownTag, reply, now: now)
                } else {
                    inbox.append(.reply(link, tag: tag, reply))
                }
            case .subscription(let frame): route(frame, link, now: now)
            case .linkReset:
                for (tag, entry) in subscriptions where entry.link == link {
                    subscriptions[tag]?.client.linkReset(now: now.monotonic)
                }
            }
        }
        pump(now: now)
    }

    private func route(_ frame: RequestClient.SubscriptionFrame, _ link: LinkID, now: BusMoment) {
        for (tag, entry) in subscriptionsInOrder where entry.link == link {
            var todo: [CatchUpClient.Action] = []
            switch frame {
            case .batch(let batch):
                guard batch.subscription == entry.client.subscription else { continue }
                subscriptions[tag]?.client.received(batch, now: now.monotonic, actions: &todo)
            case .ended(let id, let reply, _):
                guard id == entry.client.subscription else { continue }
                subscriptions[tag]?.client.ended(id, reply, now: now.monotonic, actions: &todo)
            }
            perform(todo, tag, link, now: now)
        }
    }

    private func perform(_ todo: [CatchUpClient.Action], _ tag: UInt64, _ link: LinkID, now: BusMoment) {
        for action in todo {
            switch action {
            case .send(let frame): _ = transport.send(on: link, frame)
            case .deliver(let batch): inbox.append(.subscription(tag: tag, batch))
            case .ended(let reply, let cursor):
                subscriptions[tag] = nil
                inbox.append(.subscriptionEnded(tag: tag, reply, cursor: cursor))
            }
        }
        pump(now: now)
    }

    private func perform(_ todo: [FeedFollower.Action], now: BusMoment) {
        for action in todo {
            switch action {
            case .read(let number, let page):
                nextIDNumber += 1
                let request = OutgoingRequest(
                    id: RequestID(settings.idSeed | 1, nextIDNumber), method: .readAll, body: page.encoded(),
                    timeout: settings.pageTimeout)
                submit(request, tag: Self.ownTag | number, on: settings.logLink, now: now)
            case .deliver(let segment): inbox.append(.events(segment))
            case .state(let state): inbox.append(.feedState(state))
            }
        }
        pump(now: now)
    }

    private func completePage(number: UInt64, _ reply: BusReply, now: BusMoment) {
        var todo: [FeedFollower.Action] = []
        guard reply.code != BusProblem.placeUnknown.code else {
            follower?.pageRefused(number: number, actions: &todo)
            return perform(todo, now: now)
        }
        guard reply.status == .ok, let page = try? LogPage(decoding: reply.body) else {
            follower?.pageFailed(number: number, now: now.monotonic)
            return
        }
        follower?.page(number: number, page, now: now.monotonic, actions: &todo)
        perform(todo, now: now)
    }
}
