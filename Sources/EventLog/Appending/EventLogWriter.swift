/// The one writer of a shard. Owned by one thread; every call blocks until it is done.
package protocol EventLogWriter: AnyObject {
    /// Epoch of this writer, higher than that of every earlier one.
    var epoch: UInt64 { get }

    /// The end of the log as of the last acknowledged append.
    var head: LogHead { get }

    /// Streams that take no events, in order of name.
    var fences: [Fence] { get }

    /// Called on the owner's thread after each append that wrote something, with the new head.
    var onHeadMoved: ((LogHead) -> Void)? { get set }

    /// Appends many requests in one durable commit.
    ///
    /// Each request is atomic and answered on its own; later requests see the effect of earlier ones. When the call
    /// returns, everything appended is chained, written and synced, and the head is advanced. Each event is stamped
    /// `max(now, last + 1)`.
    /// - Parameters:
    ///   - requests: In order of arrival.
    ///   - now: The clock of the caller.
    /// - Returns: One outcome for each request, in the same order.
    /// - Throws: `EventLogError`; nothing of the batch is acknowledged. After `diskFull` the same call may succeed
    ///   later; after anything else the writer has stopped and the log must be reopened.
    func append(_ requests: [AppendRequest], at now: RecordedTime) throws(EventLogError) -> [AppendOutcome]

    /// Gives the events written by the last call of `append`, in order of position, without reading them back. For
    /// publishing right after the acknowledgement; valid until the next call.
    func forEachAppended(_ body: (ScannedEvent) -> Void)

    /// The end of a stream; nil when it does not exist.
    func streamHead(_ stream: StreamName) -> StreamHead?

    /// Stops a damaged stream from taking more events. Survives a restart.
    /// - Throws: `EventLogError`; see `append`.
    func fence(_ stream: StreamName, reason: String, at now: RecordedTime) throws(EventLogError)

    /// Lets a repaired stream take events again.
    /// - Throws: `EventLogError`; see `append`.
    func liftFence(_ stream: StreamName) throws(EventLogError)

    /// A reader with its own connection, for use on another thread.
    func makeReader() throws(EventLogError) -> any EventLogReader

    /// Saves what makes the next start quick, and gives the lock back. Further calls throw `closed`.
    func close() throws(EventLogError)
}
