/// What a service's side of the bus has seen since it began, and what waits at the moment; for metrics.
package struct BusFigures: Sendable, Hashable {
    /// Requests by what became of them.
    package var requests = RequestServer.Counters()
    /// Requests that wait for their reply.
    package var inFlight = 0
    /// Jobs that wait for the worker thread.
    package var jobsWaiting = 0
    /// Subscribers of feed (b).
    package var subscriptions = 0
    /// How far they are, in the order in which they began.
    package var followers: [Follower] = []
    /// Frames that were not sent because the receiver's queue was full; they are asked for again.
    package var sendsBlocked = 0
    /// Connections refused because their key is not on the list.
    package var peersRefused = 0
    /// Connections ended because too many stood that had not shown a key.
    package var halfOpenEnded = 0
    /// What was seen of feed (a); nil for a service that does not follow it.
    package var feed: FeedFollower.Counters?

    package init() {}
}

extension BusNode {
    /// The figures of the machines; what the sockets count is theirs to add.
    var figures: BusFigures {
        var figures = BusFigures()
        figures.requests = server.counters
        figures.inFlight = server.inFlight
        figures.subscriptions = catchUp.count
        figures.followers = catchUp.followers.map { key, follower in
            var named = follower
            switch registry.verdict(on: key, utcMicroseconds: 0) {
            case .known(let peer), .expired(let peer): named.peer = peer.name
            case .unknown, .withdrawn: break
            }
            return named
        }
        figures.feed = follower?.counters
        return figures
    }
}
