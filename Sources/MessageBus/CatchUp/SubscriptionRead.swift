/// What a service core is asked to read for a subscription of feed (b).
package struct SubscriptionRead: Sendable, Hashable {
    /// Goes back with the page.
    package var token: SubscriptionToken
    /// Who subscribed, as the key list says at this moment. Rights and masking are applied for this peer, per event.
    package var peer: Peer
    /// Encoded `SignedGrant` of the subscription; empty when the peer speaks for itself.
    package var grant: [UInt8]
    /// Read what follows this cursor.
    package var cursor: EncodedCursor
    /// Start at the head instead; `cursor` is to be ignored. Answer with an empty page whose cursor is the head.
    package var fromHead: Bool
    /// What is wanted.
    package var filter: EventFilter
    /// At most this many bytes of records, but at least one event.
    package var maximumBytes: Int

    /// A read from its parts, for tests and simulators.
    package init(
        token: SubscriptionToken, peer: Peer, grant: [UInt8], cursor: EncodedCursor, fromHead: Bool,
        filter: EventFilter, maximumBytes: Int
    ) {
        self.token = token
        self.peer = peer
        self.grant = grant
        self.cursor = cursor
        self.fromHead = fromHead
        self.filter = filter
        self.maximumBytes = maximumBytes
    }
}

/// Names a read for a subscription. Good for one page; a second one is ignored.
package struct SubscriptionToken: Sendable, Hashable {
    /// Counts reads from 1.
    package let number: UInt64

    /// A token, for tests and simulators; services get theirs from the bus.
    package init(number: UInt64) {
        self.number = number
    }
}

/// What a core answers to a ``SubscriptionRead``.
package enum SubscriptionPage: Sendable, Hashable {
    /// The events that fit filter and rights, masked; the cursor stands behind everything that was looked at.
    case events(LogPage)
    /// The subscription may not go on.
    case refused(BusReply)
    /// The log could not be read now; try again after a pause.
    case failed
}
