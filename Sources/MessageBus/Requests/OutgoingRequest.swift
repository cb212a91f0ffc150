/// A request that a service or client sends.
package struct OutgoingRequest: Sendable, Hashable {
    /// Names the request; a retry carries the same one. For commands the command id.
    package var id: RequestID
    /// What is asked for.
    package var method: BusMethod
    /// The message that belongs to the method.
    package var body: [UInt8]
    /// How long to wait for an answer, retries included.
    package var timeout: Duration
    /// W3C trace context; may be empty.
    package var traceparent: String
    /// Encoded `SignedGrant`; may be empty.
    package var grant: [UInt8]
    /// Cursor that the answer must cover; `.start` = none.
    package var receipt: EncodedCursor
    /// Whether "overloaded" and "unavailable" are retried until the timeout, or given to the caller at once.
    package var retriesRefusals: Bool

    /// A request from its parts.
    package init(
        id: RequestID, method: BusMethod, body: [UInt8], timeout: Duration = .seconds(10), traceparent: String = "",
        grant: [UInt8] = [], receipt: EncodedCursor = .start, retriesRefusals: Bool = true
    ) {
        self.id = id
        self.method = method
        self.body = body
        self.timeout = timeout
        self.traceparent = traceparent
        self.grant = grant
        self.receipt = receipt
        self.retriesRefusals = retriesRefusals
    }
}
