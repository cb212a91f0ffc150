/// A service as a step machine: inputs in, actions out; no await, no clock, no random source, no sockets.
///
/// One instance belongs to one thread: the reactor's in a service, the simulator's in a simulation. Inputs of one turn
/// come one after the other through ``step(_:now:actions:)``; then ``turnEnded(now:actions:)`` is called once, so that
/// everything a turn has asked for can be made durable together. Actions are performed after each call, in their order;
/// outcomes come back as later inputs of the same or a later turn.
///
/// Rules that the bus relies on:
/// - Each ``IncomingRequest`` gets exactly one `.reply`, in this turn or later, also when the answer is a refusal.
/// - Each ``SubscriptionRead`` gets exactly one `.page`.
/// - What is published with `.publish` is durable already.
package protocol ServiceCore: SendableMetatype {
    /// A job for the worker thread: reads that take long.
    associatedtype Work: Sendable
    /// What other threads post to the core: results of the worker, messages of the service's own parts.
    associatedtype External: Sendable

    /// Takes one input.
    mutating func step(_ input: ServiceInput<Work, External>, now: BusMoment, actions: inout [ServiceAction<Work>])

    /// The inputs of this turn are through: commit what they asked for, then reply and publish.
    mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<Work>])

    /// The thread ends in order and nothing more comes: what the core owns is closed. Not called after a fault.
    mutating func ended()
}

extension ServiceCore {
    /// Most cores own nothing that must be closed.
    package mutating func ended() {}
}

/// Names one of a service's links to other services: its index in the configuration.
package struct LinkID: RawRepresentable, Sendable, Hashable {
    /// Index in the configuration, from 0.
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
}

/// Names a timer of a core; the core chooses the numbers.
package struct TimerID: RawRepresentable, Sendable, Hashable {
    /// The core's number.
    package let rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// What happens to a core.
package enum ServiceInput<Work: Sendable, External: Sendable>: Sendable {
    /// The first input. Set timers, open the feed, begin to follow.
    case started
    /// A peer of the list asks. Check its rights for the method, then reply once.
    case request(IncomingRequest)
    /// The answer to a `.request` of this core, or why there is none. Exactly one for each.
    case reply(LinkID, tag: UInt64, BusReply)
    /// Events of feed (a), in order and without a gap since the cursor given to `.follow`.
    case events(FeedSegment)
    /// Feed (a) stands at the head, or reads the log.
    case feedState(FeedFollower.State)
    /// A subscriber of feed (b) is due: read from the log, apply rights and masking, answer with `.page`.
    case read(SubscriptionRead)
    /// Events of a feed (b) that this core subscribed to under `tag`. Say `.consumed` when done.
    case subscription(tag: UInt64, CatchUpBatch)
    /// The subscription ended for good; go on from the cursor when it makes sense.
    case subscriptionEnded(tag: UInt64, BusReply, cursor: EncodedCursor)
    /// A timer is due.
    case timer(TimerID)
    /// Posted by another thread.
    case external(External)
    /// The worker's queue is full; nothing was done. Refuse whoever waits for it.
    case workRefused(Work)
    /// The key list changed, or a key's time ran out.
    case peersChanged(PeerRegistry)
    /// Stop: settle what is under way, reply to everything. No new requests come after this.
    case stopping
}

/// What a core wants done.
package enum ServiceAction<Work: Sendable>: Sendable {
    /// Answer a request. A second answer to the same token is ignored.
    case reply(ReplyToken, BusReply)
    /// Ask another service; the answer comes as `.reply` with the same tag. Tags below 2^63.
    case request(LinkID, tag: UInt64, OutgoingRequest)
    /// Give a request up; it completes at once.
    case cancel(LinkID, RequestID)
    /// Begin feed (a) as its publisher: everything up to `head` is in the log. Once, before the first `.publish`.
    case openFeed(epoch: UInt64, head: EncodedCursor)
    /// Send durable events to feed (a), and wake subscribers of feed (b). At most about 256 KiB per segment.
    case publish(FeedSegment)
    /// Wake subscribers of feed (b) without publishing, for instance after a rebuild.
    case headMoved
    /// There is a newer signed checkpoint of the log: send it to every subscriber of feed (b), once.
    case announceCheckpoint(String)
    /// Answer a ``SubscriptionRead``.
    case page(SubscriptionToken, SubscriptionPage)
    /// Begin to follow feed (a) after this cursor. Once.
    case follow(from: EncodedCursor)
    /// Subscribe to feed (b) of another service under a tag of one's own.
    case subscribe(LinkID, tag: UInt64, cursor: EncodedCursor, fromHead: Bool, EventFilter, grant: [UInt8])
    /// Done with this many bytes of records of a subscription: it may send more.
    case consumed(tag: UInt64, bytes: UInt64)
    /// End a subscription.
    case unsubscribe(tag: UInt64)
    /// Be called with `.timer` after this time; replaces a timer with the same name.
    case setTimer(TimerID, after: Duration)
    /// Forget a timer.
    case cancelTimer(TimerID)
    /// Give a job to the worker thread.
    case work(Work)
    /// Put another key list in force; withdrawn keys are cut.
    case replacePeers(PeerRegistry)
    /// A line for the operator's log.
    case log(BusLogEntry)
    /// Stop the service, for instance when the disk failed.
    case stop
}

/// A line for the operator's log. Never holds personal data, keys, payloads or peers' addresses.
package struct BusLogEntry: Sendable, Hashable {
    /// How serious.
    package enum Level: Sendable, Hashable, Comparable {
        /// For finding faults.
        case debug
        /// Ordinary events.
        case info
        /// Worth a look.
        case warning
        /// Something does not work.
        case error
    }
    /// How serious.
    package var level: Level
    /// What happened, in words that do not vary.
    package var message: String
    /// Numbers and codes.
    package var fields: [String: String]

    /// A line.
    package init(_ level: Level, _ message: String, _ fields: [String: String] = [:]) {
        self.level = level
        self.message = message
        self.fields = fields
    }
}
