import ZeroMQ

/// How far one subscription of feed (b) is, as its service knows it.
package struct Follower: Sendable, Hashable {
    /// What the service is about to do for it.
    package enum State: Sendable, Hashable {
        /// Reading on.
        case reading
        /// Everything was sent.
        case live
        /// It takes no more for now: its credit is used up.
        case withoutCredit
        /// The log could not be read; tried again soon.
        case failing
    }

    /// Name of the key that subscribed; empty when it is not on the list any more.
    package var peer: String
    /// Counts the service's subscriptions from 1.
    package var number: UInt64
    /// Cursor up to which everything was sent; empty = from the beginning.
    package var cursor: EncodedCursor
    package var state: State
    /// When the subscriber was last heard.
    package var lastHeard: MonotonicTime
}

extension CatchUpServer {
    /// Every subscription with the key that made it, in the order in which they began. One that begins at the head and was
    /// not placed there yet is not among them.
    package var followers: [(key: CurvePublicKey, follower: Follower)] {
        standing.sorted { $0.follower.number < $1.follower.number }
    }
}
