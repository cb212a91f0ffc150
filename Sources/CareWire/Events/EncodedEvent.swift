/// An event as the log takes it in: everything but the stream and what the log adds.
package struct EncodedEvent: Hashable, Sendable {
    /// Number of the event type.
    package var kind: UInt32
    /// Version of the payload.
    package var version: UInt32
    /// Days since 1970-01-01.
    package var occurredOn: Int32
    /// Days since 1970-01-01.
    package var learnedOn: Int32?
    /// Encoded `EventMetadata`.
    package var metadata: [UInt8]
    /// Encoded event.
    package var payload: [UInt8]
}
