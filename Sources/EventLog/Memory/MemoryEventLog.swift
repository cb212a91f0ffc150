/// A log in memory: the port's reference implementation, used by tests and by the simulator. Durable as long as its
/// store lives.
package final class MemoryEventLog: EventLogWriter {
    private enum Condition {
        case open
        case stopped(EventLogError)
        case closed
    }

    private let store: MemoryEventStore
    private let planner: AppendPlanner
    private var condition = Condition.open
    /// Epoch of this writer.
    package let epoch: UInt64
    package var onHeadMoved: ((LogHead) -> Void)?

    /// Opens a log on a store.
    /// - Throws: `EventLogError` with `writerLocked` while another writer holds the store; retry after it has closed.
    package init(store: MemoryEventStore = MemoryEventStore()) throws(EventLogError) {
        let state = try store.withState { (state) throws(EventLogError) in
            guard !state.isHeld else {
                throw EventLogError(.writerLocked, "another writer holds the in-memory log")
            }
            state.isHeld = true
            state.head.epoch += 1
            return state
        }
        var digest = RunningDigest()
        let filter = AppendIDFilter()
        for row in state.rows {
            digest.add(row.event.hash)
            let fields = try RecordCoder.decode(row.event.record)
            filter.insert(fields.appendID, in: StreamKey(fields.stream))
        }
        self.store = store
        epoch = state.head.epoch
        planner = AppendPlanner(
            head: state.head, heads: store.heads, filter: filter, digest: digest, fences: Array(state.fences.values))
    }

    package var head: LogHead { planner.committed }

    package var fences: [Fence] { planner.fences }

    package func append(
        _ requests: [AppendRequest], at now: RecordedTime
    ) throws(EventLogError) -> [AppendOutcome] {
        try requireOpen()
        let history = MemoryHistory(store: store)
        try planner.plan(requests, at: now, history: history)
        let head = planner.stagedHead
        do throws(EventLogError) {
            try write(head)
        } catch {
            planner.rollback()
            if error.code != .diskFull { condition = .stopped(error) }
            throw error
        }
        planner.commit(head)
        let outcomes = try planner.outcomes(of: requests) { stream, after, last in
            store.withState { $0.events(of: StreamKey(stream), after: after, upTo: last) }
        }
        if !planner.rows.isEmpty { onHeadMoved?(head) }
        return outcomes
    }

    private func write(_ head: LogHead) throws(EventLogError) {
        let rows = planner.rows
        try store.withState { (state) throws(EventLogError) in
            guard state.head.epoch == epoch else {
                throw EventLogError(.staleEpoch, "epoch \(epoch) is over; the log is at epoch \(state.head.epoch)")
            }
            if let failure = state.nextFailure {
                state.nextFailure = nil
                throw failure
            }
            for row in rows {
                let bytes = planner.record(of: row)
                let event = StoredEvent(position: Position(row.position), record: Array(bytes), hash: row.hash)
                state.rows.append(MemoryEventStore.Row(event: event, stream: row.stream, previous: row.previous))
                state.positions[row.key, default: []].append(row.position)
            }
            state.head = head
        }
    }

    package func forEachAppended(_ body: (ScannedEvent) -> Void) { planner.forEachRow(body) }

    package func streamHead(_ stream: StreamName) -> StreamHead? { store.heads.head(of: StreamKey(stream)) }

    package func fence(_ stream: StreamName, reason: String, at now: RecordedTime) throws(EventLogError) {
        try requireOpen()
        let fence = Fence(stream: stream, reason: reason, since: now)
        store.withState { $0.fences[StreamKey(stream)] = fence }
        planner.setFence(fence, for: stream)
    }

    package func liftFence(_ stream: StreamName) throws(EventLogError) {
        try requireOpen()
        store.withState { $0.fences[StreamKey(stream)] = nil }
        planner.setFence(nil, for: stream)
    }

    package func makeReader() throws(EventLogError) -> any EventLogReader {
        try requireOpen()
        return MemoryEventReader(store: store)
    }

    package func close() throws(EventLogError) {
        if case .closed = condition { return }
        condition = .closed
        store.withState { if $0.head.epoch == epoch { $0.isHeld = false } }
    }

    private func requireOpen() throws(EventLogError) {
        switch condition {
        case .open: return
        case .closed: throw EventLogError(.closed, "the log is closed")
        case .stopped(let cause):
            throw EventLogError(.writerStopped, "the writer stopped earlier", underlying: cause.description)
        }
    }
}

/// Finds earlier appends by reading the stream.
private struct MemoryHistory: AppendHistory {
    let store: MemoryEventStore

    func findAppend(
        _ id: AppendID, in stream: StreamName, head: StreamHead
    ) throws(EventLogError) -> FoundAppend? {
        let events = store.withState { $0.events(of: StreamKey(stream), after: .none, upTo: head.sequence, limit: nil) }
        var search = AppendSearch(id: id, stream: stream, shard: .single)
        for event in events.reversed() where try search.isDone(after: event) { break }
        return search.found
    }
}

extension MemoryEventStore.State {
    func events(
        of key: StreamKey, after: SequenceNumber, upTo last: SequenceNumber,
        limit: Int? = AppendOutcome.conflictEventLimit
    ) -> [StoredEvent] {
        let all = positions[key] ?? []
        let wanted = all.prefix(Int(last.rawValue)).dropFirst(Int(after.rawValue)).prefix(limit ?? .max)
        return wanted.map { rows[Int($0) - 1].event }
    }
}
