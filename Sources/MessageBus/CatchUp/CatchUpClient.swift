/// The asking side of feed (b): one subscription that survives lost frames, restarts and changes of the link, and hands
/// every event over once and in order.
///
/// Pure. Credit is given back as the consumer takes events, so at most one window of bytes is on its way.
package struct CatchUpClient {
    /// Bounds and times of a subscription.
    package struct Settings: Sendable {
        /// Bytes of records that may be on their way or wait for the consumer.
        package var windowBytes: UInt64 = 1 << 20
        /// Interval at which credit is repeated as a sign of life.
        package var heartbeatInterval: Duration = .seconds(2)
        /// Time without a frame until the client subscribes again.
        package var silenceLimit: Duration = .seconds(5)
        /// Pauses before subscribing again.
        package var backoff = Backoff()
        /// Makes the ids of subscriptions differ between clients; from a random source.
        package var idSeed: UInt64 = 1

        /// Defaults.
        package init() {}
    }

    /// What whoever runs the machine has to do.
    package enum Action: Sendable, Hashable {
        /// Send this frame to the service.
        case send([UInt8])
        /// Hand these events over; nothing lies between them and what was handed over before. Say `consumed` when done.
        case deliver(CatchUpBatch)
        /// The service ended the subscription for good. The last action.
        case ended(BusReply, cursor: EncodedCursor)
    }

    private enum Stage: Hashable {
        case subscribed
        case waiting(until: MonotonicTime)
        case ended
    }

    private let settings: Settings
    private let filter: EventFilter
    private let grant: [UInt8]
    private var fromHead: Bool
    private var stage: Stage
    private var id: RequestID
    private var count: UInt64 = 0
    private var attempts = 0
    /// Bytes received and consumed since the present subscription began.
    private var received: UInt64 = 0
    private var outstanding: UInt64 = 0
    private var announced: UInt64 = 0
    private var lastHeard: MonotonicTime
    private var lastCredit: MonotonicTime
    /// Where the subscription stands: everything before has been handed over.
    package private(set) var cursor: EncodedCursor
    /// Whether the service had nothing more when it last sent something.
    package private(set) var isLive = false

    /// A subscription that goes on from `cursor`, or from the head as it is when the service first answers. `tick`
    /// starts it.
    package init(
        settings: Settings, cursor: EncodedCursor, fromHead: Bool = false, filter: EventFilter, grant: [UInt8] = [],
        now: MonotonicTime
    ) {
        self.settings = settings
        self.filter = filter
        self.grant = grant
        self.cursor = cursor
        self.fromHead = fromHead
        stage = .waiting(until: now)
        id = RequestID(settings.idSeed, 1)
        lastHeard = now
        lastCredit = now
    }

    /// The present name of the subscription.
    package var subscription: RequestID { id }
    /// Whether the service ended it for good.
    package var hasEnded: Bool { stage == .ended }
    /// When `tick` is to be called next, at the latest.
    package var nextTick: MonotonicTime {
        switch stage {
        case .waiting(let until): until
        case .subscribed: min(lastHeard + settings.silenceLimit, lastCredit + settings.heartbeatInterval)
        case .ended: .never
        }
    }

    /// Takes a batch of the link; those of other subscriptions are ignored.
    package mutating func received(_ batch: CatchUpBatch, now: MonotonicTime, actions: inout [Action]) {
        guard stage == .subscribed, batch.subscription == id else { return }
        lastHeard = now
        if !fromHead && batch.cursorBefore != cursor {
            // Seen before, or a frame was lost: the service goes on from where we stand.
            wait(until: now, actions: &actions)
            return
        }
        attempts = 0
        fromHead = false
        isLive = batch.live
        received += batch.price
        outstanding += batch.price
        guard batch.cursorAfter != cursor || !batch.events.isEmpty || !batch.checkpoint.isEmpty else { return }
        cursor = batch.cursorAfter
        actions.append(.deliver(batch))
    }

    /// The consumer has done with this many bytes of records.
    package mutating func consumed(_ bytes: UInt64, now: MonotonicTime, actions: inout [Action]) {
        outstanding -= min(outstanding, bytes)
        guard stage == .subscribed else { return }
        // Half a window at once: not a frame for each batch.
        if received + settings.windowBytes - min(outstanding, settings.windowBytes)
            >= announced + settings.windowBytes / 2
        {
            sendCredit(now: now, actions: &actions)
        }
    }

    private mutating func sendCredit(now: MonotonicTime, actions: inout [Action]) {
        announced = max(announced, received + settings.windowBytes - min(outstanding, settings.windowBytes))
        lastCredit = now
        actions.append(.send(ClientFrame.credit(subscription: id, totalBytes: announced).encoded()))
    }

    /// Takes the service's end of a subscription; that of another one is ignored.
    package mutating func ended(
        _ subscription: RequestID, _ reply: BusReply, now: MonotonicTime, actions: inout [Action]
    ) {
        guard stage == .subscribed, subscription == id else { return }
        if reply.status.isRetriable {
            attempts += 1
            let pause = max(
                .milliseconds(Int64(reply.retryAfterMilliseconds)), settings.backoff.pause(attempt: attempts))
            stage = .waiting(until: now + pause)
        } else {
            stage = .ended
            actions.append(.ended(reply, cursor: cursor))
        }
    }

    /// The link was reset: what was on its way is gone.
    package mutating func linkReset(now: MonotonicTime) {
        guard stage == .subscribed else { return }
        attempts += 1
        stage = .waiting(until: now + settings.backoff.pause(attempt: attempts))
    }

    /// The consumer wants no more.
    package mutating func stop(actions: inout [Action]) {
        if stage == .subscribed { actions.append(.send(ClientFrame.unsubscribe(subscription: id).encoded())) }
        stage = .ended
    }

    private mutating func wait(until: MonotonicTime, actions: inout [Action]) {
        actions.append(.send(ClientFrame.unsubscribe(subscription: id).encoded()))
        stage = .waiting(until: until)
    }

    /// Subscribes when it is time to, repeats credit, notices silence.
    package mutating func tick(now: MonotonicTime, actions: inout [Action]) {
        if stage == .subscribed {
            if now - lastHeard >= settings.silenceLimit {
                attempts += 1
                wait(until: now + settings.backoff.pause(attempt: attempts), actions: &actions)
            } else if now - lastCredit >= settings.heartbeatInterval {
                sendCredit(now: now, actions: &actions)
            }
        }
        if case .waiting(let until) = stage, now >= until { subscribe(now: now, actions: &actions) }
    }

    private mutating func subscribe(now: MonotonicTime, actions: inout [Action]) {
        count += 1
        id = RequestID(settings.idSeed, count)
        stage = .subscribed
        received = 0
        announced = settings.windowBytes - min(outstanding, settings.windowBytes)
        lastHeard = now
        lastCredit = now
        let frame = SubscribeFrame(
            id: id, cursor: cursor, fromHead: fromHead, filter: filter, creditBytes: announced, grant: grant)
        actions.append(.send(ClientFrame.subscribe(frame).encoded()))
    }
}
