/// A request as a service core receives it: checked against the key list, not yet against the method's rights.
package struct IncomingRequest: Sendable, Hashable {
    /// Goes back with the reply.
    package var token: ReplyToken
    /// Whose key spoke, from the list in force at this moment; never from the frame.
    package var peer: Peer
    /// The client's name for the request; the same on a retry.
    package var id: RequestID
    /// What is asked for.
    package var method: BusMethod
    /// The message that belongs to the method.
    package var body: [UInt8]
    /// When the client stops waiting.
    package var deadline: MonotonicTime
    /// W3C trace context; may be empty.
    package var traceparent: String
    /// Encoded `SignedGrant`; empty when the peer speaks for itself.
    package var grant: [UInt8]
    /// Cursor that the answer must cover; `.start` = none.
    package var receipt: EncodedCursor
    /// Which submission of its client it is: greater than every one before; 0 = not said.
    package var submission: UInt64

    /// A request from its parts, for tests and simulators; services get theirs from the bus.
    package init(
        token: ReplyToken, peer: Peer, id: RequestID, method: BusMethod, body: [UInt8], deadline: MonotonicTime,
        traceparent: String = "", grant: [UInt8] = [], receipt: EncodedCursor = .start,
        submission: UInt64 = 0
    ) {
        self.token = token
        self.peer = peer
        self.id = id
        self.method = method
        self.body = body
        self.deadline = deadline
        self.traceparent = traceparent
        self.grant = grant
        self.receipt = receipt
        self.submission = submission
    }
}

/// Names a request that waits for its reply. Good for one reply; a second one is ignored.
package struct ReplyToken: Sendable, Hashable {
    /// Counts requests from 1.
    package let number: UInt64

    /// A token, for tests and simulators; services get theirs from the bus.
    package init(number: UInt64) {
        self.number = number
    }
}
