/// The asking side of one link: requests under way, retries with the same id, heartbeats, change of endpoint.
///
/// Pure: bytes, times and outcomes come in, actions go out; whoever runs it owns socket and clock. Every submitted
/// request completes exactly once.
package struct RequestClient {
    /// Bounds and times of a link.
    package struct Settings: Sendable {
        /// Most requests under way; more are answered "too many" at once.
        package var maximumInFlight = 1_024
        /// Largest frame that is sent.
        package var maximumFrameBytes = 8 << 20
        /// Time without a reply until a request is sent again.
        package var attemptTimeout: Duration = .seconds(2)
        /// Pauses between retries.
        package var backoff = Backoff()
        /// Time without any frame until a ping is sent.
        package var heartbeatInterval: Duration = .seconds(1)
        /// Time without any frame until the service counts as gone.
        package var deadAfter: Duration = .seconds(3)
        /// How many endpoints there are to choose from; they are tried in turn.
        package var endpointCount = 1

        /// Defaults for loopback and county networks.
        package init() {}
    }

    /// What whoever runs the machine has to do.
    package enum Action: Sendable, Hashable {
        /// Send this frame. When the socket would block, drop it and tell the machine nothing: it retries by itself.
        case send([UInt8])
        /// Leave the present connection and connect to the endpoint with this index.
        case connect(endpoint: Int)
        /// A request has its answer.
        case complete(tag: UInt64, BusReply)
        /// A frame of a subscription, for the machine that follows it.
        case subscription(SubscriptionFrame)
        /// The connection was given up or closed by the service: what was under way on it, other than requests, is gone.
        case linkReset
    }

    /// Frames of the link that belong to subscriptions.
    package enum SubscriptionFrame: Sendable, Hashable {
        /// Events.
        case batch(CatchUpBatch)
        /// The end, why, and up to where everything was sent.
        case ended(RequestID, BusReply, cursor: EncodedCursor)
    }

    private struct Pending {
        var tag: UInt64
        var request: OutgoingRequest
        var deadline: MonotonicTime
        var nextAttempt: MonotonicTime
        var lastAttempt: MonotonicTime
        var attempts = 0
        /// Number of the last attempt, as the frame carries it.
        var number: UInt64 = 0
        /// Number of the submission; 0 = not numbered.
        var submission: UInt64
    }

    /// Bytes at most of what stands around body and grant.
    private static let envelope = 1_200

    private let settings: Settings
    private var pending: [RequestID: Pending] = [:]
    private var earliest = MonotonicTime.never
    private var endpoint = 0
    private var lastHeard: MonotonicTime
    private var lastPing: MonotonicTime
    private var nonce: UInt64 = 0
    /// Attempts of all requests so far: a number is used once, also when a request with a known id is made again.
    private var attemptCount: UInt64 = 0
    /// What the clock of days is ahead of the monotonic one, in microseconds, as it was at the beginning: submissions are
    /// numbered by both, so that an earlier run of the program had lower numbers. Nil = they are not numbered.
    private let clockOffset: Int64?
    private var lastSubmission: UInt64 = 0
    private var deaths = 0
    /// Whether the present connection has shown a sign of life.
    private var hasHeard = false
    /// Whether the present socket has been connected before.
    private var hasConnected = false
    /// When a connection was last lost.
    private var lastLoss = MonotonicTime(nanoseconds: .min)
    /// Why the service does not speak with us any more, after a farewell.
    package private(set) var farewell: BusReply?
    /// Frames of the service that could not be read.
    package private(set) var malformedFrames = 0

    /// A link whose socket is connecting to endpoint 0.
    /// - Parameter utcMicroseconds: The time of day, from which submissions are numbered; nil = they are not.
    package init(settings: Settings, now: MonotonicTime, utcMicroseconds: Int64? = nil) {
        self.settings = settings
        clockOffset = utcMicroseconds.map { $0 - now.nanoseconds / 1_000 }
        lastHeard = now
        lastPing = now
    }

    /// How many requests are under way.
    package var inFlight: Int { pending.count }

    /// Whether the service has answered lately.
    package func isUp(now: MonotonicTime) -> Bool {
        hasHeard && now - lastHeard < settings.deadAfter
    }

    /// When `tick` is to be called next, at the latest.
    package var nextTick: MonotonicTime {
        min(earliest, max(lastHeard, lastPing) + settings.heartbeatInterval, lastHeard + settings.deadAfter)
    }

    /// Sends a request.
    ///
    /// Completes at once when too many are under way, the frame is too large, or one with the same id is under way.
    package mutating func submit(
        _ request: OutgoingRequest, tag: UInt64, now: MonotonicTime, actions: inout [Action]
    ) {
        guard pending.count < settings.maximumInFlight, pending[request.id] == nil else {
            actions.append(.complete(tag: tag, .problem(.tooManyInFlight, retryAfter: settings.backoff.initial)))
            return
        }
        let bytes = request.body.count + request.grant.count + Self.envelope
        guard bytes <= settings.maximumFrameBytes else {
            // Sent, it would be refused, or cut off without a word where it is twice as large.
            let reply = BusReply.tooLarge(.unsent, bytes: bytes, limit: settings.maximumFrameBytes)
            actions.append(.complete(tag: tag, reply))
            return
        }
        var entry = Pending(
            tag: tag, request: request, deadline: now + request.timeout, nextAttempt: now, lastAttempt: now,
            submission: nextSubmission(now))
        attempt(&entry, now: now, actions: &actions)
        pending[request.id] = entry
    }

    private mutating func nextSubmission(_ now: MonotonicTime) -> UInt64 {
        guard let clockOffset else { return 0 }
        lastSubmission = max(lastSubmission + 1, UInt64(clamping: now.nanoseconds / 1_000 + clockOffset))
        return lastSubmission
    }

    private mutating func attempt(_ entry: inout Pending, now: MonotonicTime, actions: inout [Action]) {
        attemptCount += 1
        entry.attempts += 1
        entry.number = attemptCount
        entry.lastAttempt = now
        let request = entry.request
        let frame = RequestFrame(
            id: request.id, remainingMilliseconds: max(1, (entry.deadline - now).wireMilliseconds),
            method: request.method, body: request.body, traceparent: request.traceparent, grant: request.grant,
            receipt: request.receipt, attempt: entry.number, submission: entry.submission)
        actions.append(.send(ClientFrame.request(frame).encoded()))
        let patience = max(settings.attemptTimeout, settings.backoff.pause(attempt: entry.attempts))
        entry.nextAttempt = now + patience
        earliest = min(earliest, entry.nextAttempt, entry.deadline)
    }

    /// Gives a request up; its answer, should it come, is dropped.
    package mutating func cancel(_ id: RequestID, actions: inout [Action]) {
        guard let entry = pending.removeValue(forKey: id) else { return }
        actions.append(.complete(tag: entry.tag, .problem(.cancelled)))
    }

    /// Gives all requests up, for stopping.
    package mutating func cancelAll(actions: inout [Action]) {
        for id in pending.sorted(by: { $0.value.tag < $1.value.tag }).map(\.key) { cancel(id, actions: &actions) }
    }

    /// Takes a frame of the service.
    package mutating func received(_ bytes: [UInt8], now: MonotonicTime, actions: inout [Action]) {
        let frame: ServerFrame
        do throws(FrameError) {
            frame = try ServerFrame(decoding: bytes)
        } catch {
            malformedFrames += 1
            return
        }
        lastHeard = now
        hasHeard = true
        deaths = 0
        switch frame {
        case .reply(let id, let reply): answered(id, reply, now: now, actions: &actions)
        case .pong: farewell = nil
        case .catchUp(let batch): actions.append(.subscription(.batch(batch)))
        case .subscriptionEnded(let id, let reply, let cursor):
            actions.append(.subscription(.ended(id, reply, cursor: cursor)))
        case .farewell(let reply):
            farewell = reply
            for entry in pending.values.sorted(by: { $0.tag < $1.tag }) {
                actions.append(.complete(tag: entry.tag, reply))
            }
            pending.removeAll(keepingCapacity: true)
            actions.append(.linkReset)
        }
    }

    private mutating func answered(
        _ id: RequestID, _ reply: BusReply, now: MonotonicTime, actions: inout [Action]
    ) {
        // Unknown: the answer to an earlier attempt of a request that has completed.
        guard var entry = pending[id] else { return }
        // Refused when an earlier attempt came: the later one, still on its way, may be carried out, and says so.
        guard reply.attempt == 0 || reply.attempt == entry.number || reply.status.isReceipt else { return }
        var reply = reply
        reply.attempt = 0
        reply.isResent = entry.attempts > 1
        if reply.status == .overloaded || reply.status == .unavailable, entry.request.retriesRefusals {
            let wait = max(
                .milliseconds(Int64(reply.retryAfterMilliseconds)),
                settings.backoff.pause(attempt: entry.attempts, salt: entry.tag))
            let next = now + wait
            if next < entry.deadline {
                entry.nextAttempt = next
                earliest = min(earliest, next)
                pending[id] = entry
                return
            }
        }
        pending[id] = nil
        actions.append(.complete(tag: entry.tag, reply))
    }

    /// The connection was lost; the socket makes a new one by itself and keeps what it has not sent yet.
    package mutating func disconnected(now: MonotonicTime) {
        lastLoss = now
    }

    /// The handshake of a connection is done. When it is not the first, what was sent on the one before may be lost: all
    /// that was under way then is sent once more, without waiting for its time.
    package mutating func connected(now: MonotonicTime, actions: inout [Action]) {
        let isAgain = hasConnected
        hasConnected = true
        farewell = nil
        hasHeard = true
        lastHeard = now
        guard isAgain else { return }
        actions.append(.linkReset)
        let lost = pending.filter { $0.value.lastAttempt <= lastLoss }
        guard !lost.isEmpty else { return }
        for id in lost.keys { pending[id]?.nextAttempt = now }
        earliest = now
        tick(now: now, actions: &actions)
    }

    /// Does what is due: retries, deadlines, pings, change of endpoint.
    package mutating func tick(now: MonotonicTime, actions: inout [Action]) {
        if now - lastHeard >= settings.deadAfter {
            giveUpConnection(now: now, actions: &actions)
        } else if now - max(lastHeard, lastPing) >= settings.heartbeatInterval {
            ping(now: now, actions: &actions)
        }
        guard now >= earliest else { return }
        earliest = .never
        // In the order of their tags, so that the same inputs give the same actions.
        let due = pending.filter { min($0.value.nextAttempt, $0.value.deadline) <= now }
        for (id, entry) in due.sorted(by: { $0.value.tag < $1.value.tag }) {
            if entry.deadline <= now {
                pending[id] = nil
                let heard = now - lastHeard < settings.deadAfter && hasHeard
                // A key that was withdrawn is not let in again: the reason says more than that nobody answers.
                let reply = heard ? BusReply.problem(.deadline) : farewell ?? .problem(.unreachable)
                actions.append(.complete(tag: entry.tag, reply))
            } else {
                var entry = entry
                attempt(&entry, now: now, actions: &actions)
                pending[id] = entry
            }
        }
        for entry in pending.values { earliest = min(earliest, entry.nextAttempt, entry.deadline) }
    }

    private mutating func ping(now: MonotonicTime, actions: inout [Action]) {
        nonce += 1
        lastPing = now
        actions.append(.send(ClientFrame.ping(nonce: nonce).encoded()))
    }

    /// The service is silent: leave the connection, whose queue may hold old frames, and try the next endpoint.
    private mutating func giveUpConnection(now: MonotonicTime, actions: inout [Action]) {
        deaths += 1
        endpoint = (endpoint + 1) % settings.endpointCount
        hasHeard = false
        hasConnected = false
        lastHeard = now
        actions.append(.connect(endpoint: endpoint))
        actions.append(.linkReset)
        ping(now: now, actions: &actions)
        let next = now + settings.backoff.pause(attempt: deaths)
        for id in pending.keys { pending[id]?.nextAttempt = next }
        if !pending.isEmpty { earliest = min(earliest, next) }
    }
}
