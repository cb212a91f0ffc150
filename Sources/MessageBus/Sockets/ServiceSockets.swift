import ZeroMQ

/// An address that could not be bound.
struct ListenError: Error {
    let address: String
    let cause: ZMQError
}

/// All sockets of one reactor, on its thread: a ``BusTransport`` over ZeroMQ.
///
/// A class because its sockets are not copyable and the node keeps the transport in a variable.
final class ServiceSockets<Work: Sendable>: BusTransport {
    let configuration: ReactorConfiguration
    let context: ZMQContext
    private(set) var bound = BoundAddresses()
    private var authenticator: Authenticator?
    private var server: Listener?
    private var feed: Listener?
    private var followed: Connection?
    private var links: [Connection] = []
    private let scratch = Message()
    private let startWork: (Work) -> Bool
    private let writeLog: (BusLogEntry) -> Void
    private var standstill = Standstill()
    /// When the server's connections are to be cut.
    private var serverCut: MonotonicTime?
    /// Replies and requests that found a full queue, for metrics.
    private(set) var wouldBlockCount = 0
    /// Whether sockets were replaced since the watch was made.
    private(set) var socketsChanged = true

    /// Holds the handler, which is not copyable.
    private final class Authenticator {
        var handler: ZAPHandler
        var state = SocketState()

        init(_ context: ZMQContext) throws(ZMQError) {
            handler = try ZAPHandler(context, allowList: ZAPAllowList())
        }
    }

    /// A bound socket; while `isBound` is false it waits for its address to become free again.
    private final class Listener {
        let socket: Socket
        var state = SocketState()
        let address: String
        var isBound = true

        init(_ context: ZMQContext, _ kind: SocketKind, _ options: SocketOptions, _ address: String) throws {
            let opened = try Socket(context, kind, options)
            do throws(ZMQError) {
                self.address = try opened.bind(address)
            } catch {
                throw ListenError(address: address, cause: error)
            }
            socket = opened
        }
    }

    /// A connected socket with the monitor that tells when its handshake is done.
    private final class Connection {
        let socket: Socket
        var state = SocketState()
        let monitor: SocketMonitor
        var monitorState = SocketState()

        init(
            _ context: ZMQContext, _ kind: SocketKind, _ options: SocketOptions, _ address: String
        ) throws(ZMQError) {
            let opened = try Socket(context, kind, options)
            monitor = try opened.monitor([.handshakes, .endings])
            if kind == .sub { try opened.subscribe(ReactorConfiguration.feedTopic) }
            try opened.connect(address)
            socket = opened
        }

        deinit { socket.stopMonitor() }
    }

    /// Opens everything; the key list is empty until `allow` is called.
    init(
        _ configuration: ReactorConfiguration, context: ZMQContext, startWork: @escaping (Work) -> Bool,
        log: @escaping (BusLogEntry) -> Void
    ) throws {
        self.configuration = configuration
        self.context = context
        self.startWork = startWork
        writeLog = log
        if configuration.serverAddress != nil || configuration.feedAddress != nil {
            authenticator = try Authenticator(context)
        }
        if let address = configuration.serverAddress {
            let security = SocketSecurity.curveServer(
                keys: configuration.keys, domain: ReactorConfiguration.serverDomain)
            let listener = try Listener(
                context, .router,
                configuration.options(
                    security, send: configuration.sendHighWaterMark, receive: configuration.requestHighWaterMark,
                    maximumBytes: configuration.maximumFrameBytes), address)
            bound.server = listener.address
            server = listener
        }
        if let address = configuration.feedAddress {
            let security = SocketSecurity.curveServer(keys: configuration.keys, domain: ReactorConfiguration.feedDomain)
            var options = configuration.options(
                security, send: configuration.feedHighWaterMark, receive: configuration.subscriptionHighWaterMark,
                maximumBytes: 4_096)
            options.xpubManual = true
            options.xpubVerbose = true
            let listener = try Listener(context, .xpub, options, address)
            bound.feed = listener.address
            feed = listener
        }
        for index in configuration.links.indices { links.append(try openLink(index, endpoint: 0)) }
        if let endpoint = configuration.followedFeed {
            let security = SocketSecurity.curveClient(keys: configuration.keys, serverKey: endpoint.serverKey)
            followed = try Connection(
                context, .sub,
                configuration.options(
                    security, send: 4, receive: configuration.feedHighWaterMark,
                    maximumBytes: configuration.maximumFeedMessageBytes), endpoint.address)
        }
    }

    private func openLink(_ index: Int, endpoint: Int) throws(ZMQError) -> Connection {
        let target = configuration.links[index].endpoints[endpoint]
        let security = SocketSecurity.curveClient(keys: configuration.keys, serverKey: target.serverKey)
        var options = configuration.options(
            security, send: configuration.sendHighWaterMark, receive: configuration.receiveHighWaterMark,
            maximumBytes: configuration.maximumFeedMessageBytes)
        options.linger = .zero
        return try Connection(context, .dealer, options, target.address)
    }

    // MARK: Watching

    private var connections: [Connection] { followed.map { [$0] + links } ?? links }

    /// Adds every socket to a fresh watch.
    func join(_ watch: inout SocketWatch) throws(ZMQError) {
        socketsChanged = false
        if let authenticator { try authenticator.state.join(&watch, authenticator.handler.socket) }
        for listener in [server, feed] {
            if let listener { try listener.state.join(&watch, listener.socket) }
        }
        for connection in connections {
            try connection.state.join(&watch, connection.socket)
            try connection.monitorState.join(&watch, connection.monitor.socket)
        }
    }

    /// Takes over what the watch has found.
    func take(_ watch: borrowing SocketWatch) {
        authenticator?.state.take(watch)
        server?.state.take(watch)
        feed?.state.take(watch)
        followed?.state.take(watch)
        followed?.monitorState.take(watch)
        for link in links {
            link.state.take(watch)
            link.monitorState.take(watch)
        }
    }

    /// Whether a socket may have messages that no signal will tell of any more.
    func mayHaveMessages() throws(ZMQError) -> Bool {
        var mayHave = authenticator?.state.isDue ?? false
        if let server, try server.state.mayHaveMessages(server.socket) { mayHave = true }
        if let feed, try feed.state.mayHaveMessages(feed.socket) { mayHave = true }
        if let followed, followed.state.isDue || followed.monitorState.isDue { mayHave = true }
        for link in links {
            if try link.state.mayHaveMessages(link.socket) || link.monitorState.isDue { mayHave = true }
        }
        return mayHave
    }

    // MARK: Receiving

    /// Takes what has arrived, at most `framesPerTurn` from each socket.
    func drain<Core: ServiceCore>(
        into node: BusNode<Core, ServiceSockets<Work>>, now: BusMoment
    ) throws(ZMQError) where Core.Work == Work {
        standstill.look(at: now.monotonic)
        if let authenticator, authenticator.state.isDue, try !authenticator.handler.serve() {
            authenticator.state.drained()
        }
        // The feed before the links: pages read over a link then find the frames that came before them.
        if let followed { try drainFeed(followed, into: node, now: now) }
        for index in links.indices { try drainLink(index, into: node, now: now) }
        if let server, server.state.isDue {
            try drainServer(server, into: node, now: now)
        } else {
            standstill.foundNothing(at: now.monotonic)
        }
        if let feed, feed.state.isDue { try drainSubscriptions(feed, into: node) }
    }

    private func drainFeed<Core: ServiceCore>(
        _ followed: Connection, into node: BusNode<Core, ServiceSockets<Work>>, now: BusMoment
    ) throws(ZMQError) where Core.Work == Work {
        if followed.monitorState.isDue {
            while try followed.monitor.next() != nil {}
            followed.monitorState.drained()
        }
        guard followed.state.isDue else { return }
        for _ in 0..<configuration.framesPerTurn {
            guard try followed.socket.receive(into: scratch) else { return followed.state.drained() }
            guard scratch.hasMore, try followed.socket.receive(into: scratch) else { continue }
            let bytes = scratch.bytes
            try followed.socket.skipRest(of: scratch)
            node.receivedFeed(bytes, now: now)
        }
    }

    private func drainLink<Core: ServiceCore>(
        _ index: Int, into node: BusNode<Core, ServiceSockets<Work>>, now: BusMoment
    ) throws(ZMQError) where Core.Work == Work {
        let id = LinkID(rawValue: index)
        // Looked up each time: handling an event or a frame may have replaced the connection.
        while links[index].monitorState.isDue {
            let link = links[index]
            guard let event = try link.monitor.next() else {
                link.monitorState.drained()
                break
            }
            switch event.what {
            case .handshakeSucceeded: node.connected(id, now: now)
            case .disconnected: node.disconnected(id, now: now)
            default: break
            }
        }
        guard links[index].state.isDue else { return }
        for _ in 0..<configuration.framesPerTurn {
            let link = links[index]
            guard try link.socket.receive(into: scratch) else { return link.state.drained() }
            let bytes = scratch.bytes
            try link.socket.skipRest(of: scratch)
            node.received(bytes, on: id, now: now)
        }
    }

    private func drainServer<Core: ServiceCore>(
        _ server: Listener, into node: BusNode<Core, ServiceSockets<Work>>, now: BusMoment
    ) throws(ZMQError) where Core.Work == Work {
        for _ in 0..<configuration.framesPerTurn {
            guard try server.socket.receive(into: scratch) else {
                standstill.foundNothing(at: now.monotonic)
                return server.state.drained()
            }
            let route = scratch.withUnsafeBytes { RoutingID($0) }
            guard scratch.hasMore, try server.socket.receive(into: scratch) else { continue }
            let key = scratch.authenticatedKey
            let bytes = scratch.bytes
            // A message of several frames is not of this protocol: the machine counts it as malformed.
            let isWhole = !scratch.hasMore
            try server.socket.skipRest(of: scratch)
            guard let route else { continue }
            let arrived = standstill.arrival(at: now.monotonic)
            node.received(isWhole ? bytes : [], from: route, key: key, arrived: arrived, now: now)
        }
    }

    /// Confirms subscriptions of keys that may read the feed; all others get nothing.
    private func drainSubscriptions<Core: ServiceCore>(
        _ feed: Listener, into node: BusNode<Core, ServiceSockets<Work>>
    ) throws(ZMQError) where Core.Work == Work {
        for _ in 0..<configuration.framesPerTurn {
            guard try feed.socket.receive(into: scratch) else { return feed.state.drained() }
            let bytes = scratch.bytes
            let key = scratch.authenticatedKey
            try feed.socket.skipRest(of: scratch)
            let topic = Array(bytes.dropFirst())
            // On unsubscription too the peer's state in libzmq must be brought in line.
            if bytes.first == 0 {
                try feed.socket.confirmUnsubscription(prefix: topic)
            } else if topic == ReactorConfiguration.feedTopic, node.mayReadFeed(key) {
                try feed.socket.confirmSubscription(prefix: topic)
            }
        }
    }

    // MARK: Listening again

    /// Cuts and binds again what is due. Returns when to be called next.
    func maintain(now: MonotonicTime) throws(ZMQError) -> MonotonicTime {
        if let due = serverCut, due <= now, let server {
            serverCut = nil
            try cut(server)
        }
        var next = serverCut ?? .never
        for listener in [server, feed] {
            guard let listener, !listener.isBound else { continue }
            // The old listener closes in libzmq's thread; until then the address is taken.
            listener.state.used()
            do throws(ZMQError) {
                try listener.socket.bind(listener.address)
                listener.isBound = true
            } catch {
                guard error.isAddressInUse else { throw error }
                next = min(next, now + .milliseconds(2))
            }
        }
        return next
    }

    private func cut(_ listener: Listener) throws(ZMQError) {
        guard listener.isBound else { return }
        listener.state.used()
        try listener.socket.unbind(listener.address)
        listener.isBound = false
    }

    // MARK: BusTransport

    func send(to route: RoutingID, _ frame: [UInt8]) -> SendOutcome {
        guard let server else { return .hostUnreachable }
        server.state.used()
        return note {
            () throws(ZMQError) in
            let outcome = try server.socket.send(route.bytes, more: true)
            return outcome == .sent ? try server.socket.send(frame) : outcome
        }
    }

    func send(on link: LinkID, _ frame: [UInt8]) -> SendOutcome {
        let connection = links[link.rawValue]
        connection.state.used()
        return note { () throws(ZMQError) in try connection.socket.send(frame) }
    }

    /// Errors of sending (only an ended context has any) count as "would block": the loop meets them when receiving.
    private func note(_ send: () throws(ZMQError) -> SendOutcome) -> SendOutcome {
        do {
            let outcome = try send()
            if outcome == .wouldBlock { wouldBlockCount += 1 }
            return outcome
        } catch {
            return .wouldBlock
        }
    }

    func connect(_ link: LinkID, endpoint: Int) {
        do throws(ZMQError) {
            links[link.rawValue] = try openLink(link.rawValue, endpoint: endpoint)
            socketsChanged = true
        } catch {
            log(BusLogEntry(.error, "cannot open a connection", ["error": error.description]))
        }
    }

    func publish(_ message: [UInt8]) {
        guard let feed else { return }
        feed.state.used()
        _ = note { () throws(ZMQError) in
            let outcome = try feed.socket.send(ReactorConfiguration.feedTopic, more: true)
            return outcome == .sent ? try feed.socket.send(message) : outcome
        }
    }

    func allow(serverKeys: Set<CurvePublicKey>, feedKeys: Set<CurvePublicKey>) {
        authenticator?.handler.allowList = ZAPAllowList([
            ReactorConfiguration.serverDomain: serverKeys, ReactorConfiguration.feedDomain: feedKeys,
        ])
    }

    func cutFeedConnections() {
        guard let feed else { return }
        do throws(ZMQError) {
            try cut(feed)
        } catch {
            log(BusLogEntry(.error, "cannot cut the feed's connections", ["error": error.description]))
        }
    }

    func cutServerConnections() {
        guard server != nil else { return }
        // Long enough for a farewell to leave, short enough to be "at once".
        serverCut = serverCut ?? SystemClock.now().monotonic + .milliseconds(200)
    }

    func start(_ work: Work) -> Bool { startWork(work) }

    func log(_ entry: BusLogEntry) { writeLog(entry) }

    /// Peers let in and refused by the key list, for metrics.
    var authenticationCounts: (accepted: Int, refused: Int) {
        guard let authenticator else { return (0, 0) }
        return (authenticator.handler.accepted, authenticator.handler.refused.values.reduce(0, +))
    }

    /// The figures of a node with what the sockets and the worker's queue know.
    func adding(to figures: BusFigures, jobsWaiting: Int) -> BusFigures {
        var figures = figures
        figures.jobsWaiting = jobsWaiting
        figures.sendsBlocked = wouldBlockCount
        figures.peersRefused = authenticationCounts.refused
        return figures
    }
}
