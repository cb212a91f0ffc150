import CZeroMQ

/// What a socket does with messages and peers.
package enum SocketKind: Int32, Sendable, CaseIterable {
    /// One other socket, both ways.
    case pair = 0
    /// Sends to all subscribers; drops for those that are behind.
    case pub = 1
    /// Receives what it subscribed to.
    case sub = 2
    /// Asks and waits for the answer, strictly in turn.
    case req = 3
    /// Answers, strictly in turn.
    case rep = 4
    /// Asks without waiting; deals messages out among its connections.
    case dealer = 5
    /// Receives from many, first frame is the peer's routing id; sends to the peer so named.
    case router = 6
    /// Receives work.
    case pull = 7
    /// Hands work out.
    case push = 8
    /// `pub` that sees its subscriptions, and may decide them (`xpubManual`).
    case xpub = 9
    /// `sub` that sends its subscriptions as messages.
    case xsub = 10

    /// Whether two frames of this kind may be sent after each other without receiving in between.
    package var sendsFreely: Bool {
        switch self {
        case .req, .rep, .sub, .pull: false
        case .pair, .pub, .dealer, .router, .push, .xpub, .xsub: true
        }
    }
}
