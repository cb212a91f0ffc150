import ZeroMQ

/// The answering side: checks each frame, bounds what is under way, joins retries, answers late ones, counts bad ones.
///
/// Pure. A request from a peer that is under way already (same id, after a reconnect for instance) is not given to the
/// core a second time: its one reply goes to where the peer was heard last. What was answered is forgotten; the core
/// knows by the command id whether it did something before.
package struct RequestServer {
    /// Bounds of a server.
    package struct Settings: Sendable {
        /// Most requests of one peer that wait for their reply.
        package var maximumPerPeer = 1_024
        /// Most requests in all that wait for their reply.
        package var maximumInFlight = 8_192
        /// Time for requests that name none.
        package var defaultDeadline: Duration = .seconds(10)
        /// Longer times are cut to this.
        package var maximumDeadline: Duration = .seconds(120)
        /// What overloaded clients are told to wait at least; grows with the load.
        package var retryAfter: Duration = .milliseconds(50)
        /// How long after its deadline a request may stay with the core before its place is taken back.
        package var grace: Duration = .seconds(60)
        /// Largest frame either way; a larger one becomes "too large".
        package var maximumFrameBytes = 8 << 20

        /// Defaults for one county.
        package init() {}
    }

    /// What a frame means.
    package enum Outcome: Sendable {
        /// A request for the core.
        case request(IncomingRequest)
        /// Send this frame back at once.
        case answer([UInt8])
        /// Something about a subscription, from a peer that is on the list.
        case subscription(SubscriptionRequest, Peer)
        /// Nothing to do.
        case nothing
    }

    /// What clients say about subscriptions.
    package enum SubscriptionRequest: Sendable, Hashable {
        /// Begin.
        case subscribe(
            RequestID, cursor: EncodedCursor, fromHead: Bool, filter: EventFilter, credit: UInt64, grant: [UInt8])
        /// More may be sent.
        case credit(RequestID, totalBytes: UInt64)
        /// End.
        case unsubscribe(RequestID)
    }

    /// What was seen, for metrics.
    package struct Counters: Sendable, Hashable {
        /// Requests given to the core.
        package var accepted = 0
        /// Requests joined to one under way.
        package var joined = 0
        /// Requests refused for overload.
        package var overloaded = 0
        /// Frames that could not be read.
        package var malformed = 0
        /// Frames of keys that are not, or no longer, on the list.
        package var unauthorised = 0
        /// Requests whose time ran out before the core answered.
        package var expired = 0
        /// Replies sent.
        package var replied = 0
    }

    private struct Entry {
        var key: CurvePublicKey
        var id: RequestID
        var route: RoutingID
        var deadline: MonotonicTime
        /// The client's number of the last attempt that joined.
        var attempt: UInt64
        /// The submission that the core was given; 0 = not said.
        var submission: UInt64
        var expired = false
    }

    private struct Name: Hashable {
        var key: CurvePublicKey
        var id: RequestID
    }

    private let settings: Settings
    private var entries: [UInt64: Entry] = [:]
    private var tokens: [Name: UInt64] = [:]
    private var perPeer: [CurvePublicKey: Int] = [:]
    /// Where each peer spoke from last, the newest at the end, so that also one who waits for nothing can be told.
    private var heardFrom: [CurvePublicKey: [RoutingID]] = [:]
    private var lastHeard: (key: CurvePublicKey, route: RoutingID)?
    /// Connections of one key that are remembered.
    private static let connectionsPerPeer = 8
    private var lastToken: UInt64 = 0
    private var earliest = MonotonicTime.never
    /// Set while stopping: new requests are answered "stopping".
    package var refusesNew = false
    /// What was seen so far.
    package private(set) var counters = Counters()

    /// A server without requests.
    package init(settings: Settings) {
        self.settings = settings
    }

    /// How many requests wait for their reply.
    package var inFlight: Int { entries.count }
    /// When `tick` is to be called next, at the latest.
    package var nextTick: MonotonicTime { earliest }

    /// Takes a frame.
    /// - Parameters:
    ///   - key: the sender's key as ZAP attested it; `nil` for an unprotected connection, which is refused.
    ///   - arrived: when the frame has come, when that is before now. A request whose time has run out since is not
    ///     carried out: whoever sent it has given it up, and may have been told something else meanwhile.
    package mutating func received(
        _ bytes: [UInt8], from route: RoutingID, key: CurvePublicKey?, registry: PeerRegistry,
        arrived: MonotonicTime? = nil, now: BusMoment
    ) -> Outcome {
        let frame: ClientFrame
        do throws(ClientFrame.Unreadable) {
            frame = try ClientFrame(decoding: bytes)
        } catch {
            counters.malformed += 1
            return unreadable(error)
        }
        guard bytes.count <= settings.maximumFrameBytes else {
            counters.malformed += 1
            let reply = BusReply.tooLarge(.received, bytes: bytes.count, limit: settings.maximumFrameBytes)
            return refused(frame, reply)
        }
        let peer: Peer
        switch registry.verdict(on: key, utcMicroseconds: now.utcMicroseconds) {
        case .known(let known): peer = known
        case .unknown: return unauthorised(frame, .unknownKey)
        case .withdrawn: return unauthorised(frame, .keyWithdrawn)
        case .expired: return unauthorised(frame, .keyExpired)
        }
        remember(route, of: peer.key)
        switch frame {
        case .request(let request):
            return take(request, from: route, peer: peer, arrived: arrived ?? now.monotonic, now: now.monotonic)
        case .ping(let nonce): return .answer(ServerFrame.pong(nonce: nonce).encoded())
        case .subscribe(let frame):
            let subscribe = SubscriptionRequest.subscribe(
                frame.id, cursor: frame.cursor, fromHead: frame.fromHead, filter: frame.filter,
                credit: frame.creditBytes, grant: frame.grant)
            return .subscription(subscribe, peer)
        case .credit(let id, let total): return .subscription(.credit(id, totalBytes: total), peer)
        case .unsubscribe(let id): return .subscription(.unsubscribe(id), peer)
        }
    }

    private mutating func remember(_ route: RoutingID, of key: CurvePublicKey) {
        // Nearly always the connection that spoke before.
        guard lastHeard?.key != key || lastHeard?.route != route else { return }
        lastHeard = (key, route)
        var routes = heardFrom[key] ?? []
        routes.removeAll { $0 == route }
        routes.append(route)
        heardFrom[key] = routes.suffix(Self.connectionsPerPeer)
    }

    private mutating func take(
        _ frame: RequestFrame, from route: RoutingID, peer: Peer, arrived: MonotonicTime, now: MonotonicTime
    ) -> Outcome {
        let name = Name(key: peer.key, id: frame.id)
        let wanted: Duration =
            frame.remainingMilliseconds == 0
            ? settings.defaultDeadline : .milliseconds(Int64(frame.remainingMilliseconds))
        let deadline = arrived + min(wanted, settings.maximumDeadline)
        if deadline <= now {
            counters.expired += 1
            return .answer(reply(frame.id, frame.attempt, .problem(.overloaded, retryAfter: settings.retryAfter)))
        }
        if let token = tokens[name] {
            if let other = another(frame, than: token) { return other }
            counters.joined += 1
            entries[token]?.route = route
            entries[token]?.deadline = deadline
            entries[token]?.attempt = frame.attempt
            entries[token]?.expired = false
            return .nothing
        }
        if refusesNew {
            return .answer(reply(frame.id, frame.attempt, .problem(.stopping, retryAfter: .milliseconds(500))))
        }
        let mine = perPeer[peer.key, default: 0]
        guard entries.count < settings.maximumInFlight, mine < settings.maximumPerPeer else {
            counters.overloaded += 1
            return .answer(reply(frame.id, frame.attempt, .problem(.overloaded, retryAfter: settings.retryAfter)))
        }
        lastToken += 1
        entries[lastToken] = Entry(
            key: peer.key, id: frame.id, route: route, deadline: deadline, attempt: frame.attempt,
            submission: frame.submission)
        tokens[name] = lastToken
        perPeer[peer.key] = mine + 1
        earliest = min(earliest, deadline)
        counters.accepted += 1
        return .request(
            IncomingRequest(
                token: ReplyToken(number: lastToken), peer: peer, id: frame.id, method: frame.method,
                body: frame.body, deadline: deadline, traceparent: frame.traceparent, grant: frame.grant,
                receipt: frame.receipt, submission: frame.submission))
    }

    /// What becomes of an attempt of another submission than the one that is under way under the same id; nil when it is of
    /// the same, or nobody says of which. The core knows the one it was given, and may refuse that one for good.
    private mutating func another(_ frame: RequestFrame, than token: UInt64) -> Outcome? {
        guard let known = entries[token]?.submission, known != 0, frame.submission != 0, known != frame.submission
        else { return nil }
        // Nobody waits any more for an answer to the earlier one.
        guard frame.submission > known else { return .nothing }
        counters.overloaded += 1
        return .answer(reply(frame.id, frame.attempt, .problem(.overloaded, retryAfter: Self.pauseForEarlier)))
    }

    /// After which a later submission comes again while an earlier one is under way.
    private static let pauseForEarlier = Duration.milliseconds(100)

    private func unreadable(_ failure: ClientFrame.Unreadable) -> Outcome {
        var problem = BusProblem.malformed
        if case .unsupportedVersion = failure.error { problem = .unsupportedVersion }
        guard let id = failure.requestID else {
            // Nothing to answer to; a farewell at least tells whoever wrote the client why it hears nothing.
            return .answer(ServerFrame.farewell(.problem(problem)).encoded())
        }
        return .answer(reply(id, 0, .problem(problem)))
    }

    private mutating func unauthorised(_ frame: ClientFrame, _ problem: BusProblem) -> Outcome {
        counters.unauthorised += 1
        return refused(frame, .problem(problem))
    }

    private func refused(_ frame: ClientFrame, _ answer: BusReply) -> Outcome {
        switch frame {
        case .request(let request): return .answer(reply(request.id, request.attempt, answer))
        case .subscribe(let subscribe):
            return .answer(
                ServerFrame.subscriptionEnded(id: subscribe.id, answer, cursor: subscribe.cursor).encoded())
        case .ping, .credit, .unsubscribe: return .answer(ServerFrame.farewell(answer).encoded())
        }
    }

    private func reply(_ id: RequestID, _ attempt: UInt64, _ reply: BusReply) -> [UInt8] {
        var reply = reply
        reply.attempt = attempt
        return ServerFrame.reply(id: id, reply).encoded()
    }

    /// The frame that answers a request and where it goes; `nil` when the token was answered before or given up.
    package mutating func reply(
        _ token: ReplyToken, _ answer: BusReply, registry: PeerRegistry, now: BusMoment
    ) -> (route: RoutingID, frame: [UInt8])? {
        guard let entry = remove(token.number) else { return nil }
        // The client has its "deadline" already and will ask again with the same id.
        guard !entry.expired else { return nil }
        // A key that was withdrawn meanwhile learns nothing more.
        if let problem = registry.refusal(ofListed: entry.key, utcMicroseconds: now.utcMicroseconds) {
            counters.unauthorised += 1
            return (entry.route, reply(entry.id, entry.attempt, .problem(problem)))
        }
        counters.replied += 1
        let bytes = answer.body.count + 16_384
        if bytes > settings.maximumFrameBytes {
            let refusal = BusReply.tooLarge(.answer, bytes: bytes, limit: settings.maximumFrameBytes)
            return (entry.route, reply(entry.id, entry.attempt, refusal))
        }
        return (entry.route, reply(entry.id, entry.attempt, answer))
    }

    private mutating func remove(_ token: UInt64) -> Entry? {
        guard let entry = entries.removeValue(forKey: token) else { return nil }
        tokens[Name(key: entry.key, id: entry.id)] = nil
        if let count = perPeer[entry.key] { perPeer[entry.key] = count > 1 ? count - 1 : nil }
        return entry
    }

    /// Answers requests whose time is over. They keep their place until the core answers or the grace is over, so that
    /// work which nobody waits for still counts as load.
    package mutating func tick(now: MonotonicTime) -> [(route: RoutingID, frame: [UInt8])] {
        guard now >= earliest else { return [] }
        var frames: [(route: RoutingID, frame: [UInt8])] = []
        earliest = .never
        for token in entries.keys.sorted() {
            guard var entry = entries[token] else { continue }
            if !entry.expired && entry.deadline <= now {
                entry.expired = true
                entries[token] = entry
                counters.expired += 1
                frames.append((entry.route, reply(entry.id, entry.attempt, .problem(.deadline))))
            }
            let next = entry.expired ? entry.deadline + settings.grace : entry.deadline
            if next <= now { _ = remove(token) } else { earliest = min(earliest, next) }
        }
        return frames
    }

    /// Where a peer waits for replies or spoke from last, to tell it that its key was withdrawn.
    package func routes(of key: CurvePublicKey) -> [RoutingID] {
        let waiting = entries.filter { $0.value.key == key }.sorted { $0.key < $1.key }.map(\.value.route)
        return waiting + (heardFrom[key] ?? []).filter { !waiting.contains($0) }
    }

    /// Takes back the places of peers that are no longer on the list; what the core still answers for them is dropped.
    package mutating func forget(_ keys: Set<CurvePublicKey>) {
        for (token, entry) in entries where keys.contains(entry.key) { _ = remove(token) }
        for key in keys { heardFrom[key] = nil }
        lastHeard = nil
    }
}
