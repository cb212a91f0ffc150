/// Reads a log beside its writer. One reader serves one thread at a time; a thread that needs its own makes its own.
///
/// A reader sees committed events only, and every call is one short transaction, so long reads never hold up the
/// writer. Following the log live is reading after a cursor again whenever the writer's head has moved: nothing can be
/// skipped, because positions are given out in commit order by one writer.
package protocol EventLogReader: AnyObject {
    /// The end of the log.
    func head() throws(EventLogError) -> LogHead

    /// The end of a stream; nil when it does not exist.
    func streamHead(_ stream: StreamName) throws(EventLogError) -> StreamHead?

    /// Streams that take no events because some of theirs are damaged, by name.
    func fences() throws(EventLogError) -> [Fence]

    /// Reads a stream towards its end. Hashes and chain are checked.
    /// - Parameters:
    ///   - first: Sequence to begin with; 1 for the beginning.
    ///   - limit: How many events at most.
    /// - Throws: `EventLogError` with `readFailed` (a retry may help) or `closed`.
    func readStream(
        _ stream: StreamName, from first: SequenceNumber, limit: Int
    ) throws(EventLogError) -> StreamSlice

    /// Reads a stream towards its beginning, newest first. Hashes and chain are checked.
    /// - Parameters:
    ///   - last: Sequence to begin with; nil for the end of the stream.
    ///   - limit: How many events at most.
    /// - Throws: `EventLogError` with `readFailed` (a retry may help) or `closed`.
    func readStreamBackwards(
        _ stream: StreamName, from last: SequenceNumber?, limit: Int
    ) throws(EventLogError) -> StreamSlice

    /// Reads all streams after a cursor. Hashes are checked.
    /// - Parameters:
    ///   - cursor: Where the reader is.
    ///   - limit: How many events at most; at least 1. A call also ends after looking at many unwanted events.
    ///   - filter: Which events are wanted.
    /// - Throws: `EventLogError` with `readFailed` (a retry may help), `invalidCursor` or `closed`.
    func readAll(after cursor: Cursor, limit: Int, filter: ReadFilter) throws(EventLogError) -> LogSlice

    /// Walks all streams after a cursor without copying. Hashes are not checked: that is what `verify` is for.
    /// - Parameters:
    ///   - cursor: Where the reader is.
    ///   - limit: How many events to look at, at most; at least 1.
    ///   - filter: Which events `body` gets.
    ///   - body: Called for each wanted event in order. Must not call the reader.
    /// - Returns: Where to go on, and whether the log had nothing more.
    /// - Throws: `EventLogError` with `readFailed` (a retry may help), `malformedRecord`, `invalidCursor` or `closed`.
    func scan(
        after cursor: Cursor, limit: Int, filter: ReadFilter, _ body: (ScannedEvent) -> Void
    ) throws(EventLogError) -> ScanEnd

    /// Closes the reader's connection. Further calls throw `closed`.
    func close()
}

/// Where a scan ended.
package struct ScanEnd: Sendable, Hashable {
    /// Where to go on.
    package var cursor: Cursor
    /// Whether the log had nothing more at that moment.
    package var isAtHead: Bool

    package init(cursor: Cursor, isAtHead: Bool) {
        self.cursor = cursor
        self.isAtHead = isAtHead
    }
}
