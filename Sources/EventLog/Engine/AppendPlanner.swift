/// Decides, stamps, chains, encodes and hashes a batch of append requests. Knows nothing of storage.
///
/// One batch: `plan`, then the storage writes `rows` durably, then `commit` makes the new heads visible, or `rollback`
/// forgets the batch. Heads change only in `commit`, so a failed write leaves nothing to undo.
package final class AppendPlanner {
    /// Heads of all streams.
    package let heads: HeadTable
    let filter: AppendIDFilter
    private let shard: ShardNumber
    private let epoch: UInt64
    private let algorithm: HashAlgorithm
    /// The end of the log after the last committed batch.
    package private(set) var committed: LogHead
    private var digest: RunningDigest
    private var stagedDigest: RunningDigest
    private var fenced: [StreamKey: Fence] = [:]
    var batch = AppendBatch()

    /// Continues a log.
    /// - Parameters:
    ///   - head: The end of the log.
    ///   - heads: Heads of all streams up to `head`.
    ///   - filter: Append ids of all streams up to `head`.
    ///   - digest: Running digest up to `head`.
    ///   - fences: Streams that take no events.
    package init(
        head: LogHead, heads: HeadTable, filter: AppendIDFilter, digest: RunningDigest, fences: [Fence],
        algorithm: HashAlgorithm = .sha256
    ) {
        precondition(digest.count == head.position.rawValue, "AppendPlanner.init: digest and head must agree")
        self.heads = heads
        self.filter = filter
        shard = head.shard
        epoch = head.epoch
        committed = head
        self.algorithm = algorithm
        self.digest = digest
        stagedDigest = digest
        for fence in fences { fenced[StreamKey(fence.stream)] = fence }
    }

    /// Fenced streams in order of name.
    package var fences: [Fence] { fenced.values.sorted { $0.stream.text < $1.stream.text } }

    /// The running digest after the last committed batch.
    package var committedDigest: RunningDigest { digest }

    /// Fences a stream or lifts its fence.
    package func setFence(_ fence: Fence?, for stream: StreamName) { fenced[StreamKey(stream)] = fence }

    /// The rows of the batch, in order of position.
    package var rows: [PlannedRow] { batch.rows }

    /// Plans a batch.
    /// - Throws: `EventLogError` of `history`; the batch is forgotten then.
    package func plan(
        _ requests: [AppendRequest], at now: RecordedTime, history: any AppendHistory
    ) throws(EventLogError) {
        let base = AppendBatch.Base(
            heads: heads, filter: filter, fenced: fenced, shard: shard, epoch: epoch, algorithm: algorithm,
            position: committed.position.rawValue, now: now)
        do throws(EventLogError) {
            let last = committed.recordedAt
            // In place: taking a request out of its array would count references of all that it holds.
            try requests.withUnsafeBufferPointer { (requests) throws(EventLogError) in
                try Self.plan(requests, base, after: last, history, &batch)
            }
        } catch {
            batch.clear()
            throw error
        }
        stagedDigest = digest
        for row in batch.rows { stagedDigest.add(row.hash) }
    }

    private static func plan(
        _ requests: UnsafeBufferPointer<AppendRequest>, _ base: borrowing AppendBatch.Base, after last: RecordedTime?,
        _ history: any AppendHistory, _ batch: inout AppendBatch
    ) throws(EventLogError) {
        batch.begin(requests, base, after: last)
        guard let first = requests.baseAddress else { return }
        for index in 0..<requests.count { try batch.plan((first + index).pointee, index, base, history) }
    }

    /// The head as it will be when the batch is committed.
    package var stagedHead: LogHead {
        LogHead(
            shard: shard, position: Position(committed.position.rawValue + UInt64(batch.rows.count)),
            digest: batch.rows.isEmpty ? committed.digest : stagedDigest.value,
            recordedAt: batch.rows.last?.recordedAt ?? committed.recordedAt, epoch: epoch)
    }

    /// Bytes of a row's record; valid until the next batch.
    package func record(of row: PlannedRow) -> UnsafeRawBufferPointer { batch.record(of: row) }

    /// Makes the batch visible. Call once its rows are durable.
    package func commit(_ head: LogHead) {
        let touched = batch.touched
        heads.update(touched.count) { index in
            guard let head = touched[index].head else {
                preconditionFailure("AppendPlanner.commit: stream without head")
            }
            return (touched[index].number, touched[index].key, head)
        }
        for append in batch.accepted { filter.insert(append.id, in: append.key) }
        digest = stagedDigest
        committed = head
    }

    /// Forgets the batch.
    package func rollback() { batch.clear() }

    /// The answers, once the batch is committed.
    /// - Parameter eventsBetween: Reads the events of a stream after one sequence up to another, oldest first, at most
    ///   `AppendOutcome.conflictEventLimit`.
    package func outcomes(
        of requests: [AppendRequest],
        eventsBetween: (StreamName, SequenceNumber, SequenceNumber) throws(EventLogError) -> [StoredEvent]
    ) throws(EventLogError) -> [AppendOutcome] {
        guard !batch.conflicts.isEmpty else { return batch.outcomes }
        var outcomes = batch.outcomes
        for conflict in batch.conflicts where conflict.expected < conflict.current {
            let events = try eventsBetween(requests[conflict.request].stream, conflict.expected, conflict.current)
            outcomes[conflict.request] = .wrongExpectedSequence(current: conflict.current, eventsAfter: events)
        }
        return outcomes
    }
}
