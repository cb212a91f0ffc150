/// Decides, stamps, chains, encodes and hashes a batch of append requests. Knows nothing of storage.
///
/// One batch: `plan`, then the storage writes `rows` durably, then `commit` makes the new heads visible, or `rollback`
/// forgets the batch. Heads change only in `commit`, so a failed write leaves nothing to undo.
package final class AppendPlanner {
    /// What a request came to, before conflicts are filled with events.
    enum Planned {
        case decided(AppendOutcome)
        case conflict(current: SequenceNumber, expected: SequenceNumber)
    }

    /// A stream touched by the batch.
    struct Touched {
        var key: StreamKey
        var head: StreamHead?
        /// Last row of the batch in this stream; -1 when it has none yet.
        var lastRow: Int
    }

    /// Heads of all streams.
    package let heads: HeadTable
    let filter: AppendIDFilter
    private let shard: ShardNumber
    private let epoch: UInt64
    /// The end of the log after the last committed batch.
    package private(set) var committed: LogHead
    private var digest: RunningDigest
    private var fenced: [StreamKey: Fence] = [:]

    let arena = RecordArena()
    /// The rows of the batch, in order of position.
    package private(set) var rows: [PlannedRow] = []
    private var touched: [Touched] = []
    private var overlay = BatchOverlay()
    private var planned: [Planned] = []
    private var accepted: [(id: AppendID, key: StreamKey)] = []
    private var lastTime: Int64 = .min
    private var stagedDigest: RunningDigest

    /// Continues a log.
    /// - Parameters:
    ///   - heads: Heads of all streams up to `head`.
    ///   - filter: Append ids of all streams up to `head`.
    ///   - digest: Running digest up to `head`.
    package init(head: LogHead, heads: HeadTable, filter: AppendIDFilter, digest: RunningDigest, fences: [Fence]) {
        precondition(digest.count == head.position.rawValue, "AppendPlanner.init: digest and head must agree")
        self.heads = heads
        self.filter = filter
        shard = head.shard
        epoch = head.epoch
        committed = head
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

    /// Plans a batch.
    /// - Throws: `EventLogError` of `history`; call `rollback` then.
    package func plan(
        _ requests: [AppendRequest], at now: RecordedTime, history: some AppendHistory
    ) throws(EventLogError) {
        clear()
        overlay.prepare(for: requests.count)
        planned.reserveCapacity(requests.count)
        lastTime = committed.recordedAt?.microseconds ?? .min
        for index in requests.indices {
            planned.append(try plan(requests[index], index, now, history))
        }
        stagedDigest = digest
        for row in rows { stagedDigest.add(row.hash) }
    }

    /// The head as it will be when the batch is committed.
    package var stagedHead: LogHead {
        LogHead(
            shard: shard, position: Position(committed.position.rawValue + UInt64(rows.count)),
            digest: rows.isEmpty ? committed.digest : stagedDigest.value,
            recordedAt: rows.last?.recordedAt ?? committed.recordedAt, epoch: epoch)
    }

    /// Bytes of a row's record; valid until the next batch.
    @inline(__always)
    package func record(of row: PlannedRow) -> UnsafeRawBufferPointer { arena.bytes(row.offset, row.length) }

    /// Makes the batch visible. Call once its rows are durable.
    package func commit(_ head: LogHead) {
        heads.update(touched.count) { index in
            let stream = touched[index]
            guard let head = stream.head else { preconditionFailure("AppendPlanner.commit: stream without head") }
            return (stream.key, head)
        }
        for (id, key) in accepted { filter.insert(id, in: key) }
        digest = stagedDigest
        committed = head
    }

    /// Forgets the batch.
    package func rollback() { clear() }

    /// The answers, once the batch is committed.
    /// - Parameter eventsBetween: Reads the events of a stream after one sequence up to another, oldest first, at most
    ///   `AppendOutcome.conflictEventLimit`.
    package func outcomes(
        of requests: [AppendRequest],
        eventsBetween: (StreamName, SequenceNumber, SequenceNumber) throws(EventLogError) -> [StoredEvent]
    ) throws(EventLogError) -> [AppendOutcome] {
        var outcomes: [AppendOutcome] = []
        outcomes.reserveCapacity(planned.count)
        for (index, plan) in planned.enumerated() {
            switch plan {
            case .decided(let outcome): outcomes.append(outcome)
            case .conflict(let current, let expected):
                let events =
                    expected < current ? try eventsBetween(requests[index].stream, expected, current) : []
                outcomes.append(.wrongExpectedSequence(current: current, eventsAfter: events))
            }
        }
        return outcomes
    }

    private func clear() {
        rows.removeAll(keepingCapacity: true)
        touched.removeAll(keepingCapacity: true)
        planned.removeAll(keepingCapacity: true)
        accepted.removeAll(keepingCapacity: true)
        arena.clear()
    }

    private func plan(
        _ request: AppendRequest, _ index: Int, _ now: RecordedTime, _ history: some AppendHistory
    ) throws(EventLogError) -> Planned {
        if let invalid = Self.invalidity(of: request) { return .decided(.invalid(invalid)) }
        let key = StreamKey(request.stream)
        if !fenced.isEmpty, let fence = fenced[key] { return .decided(.streamFenced(fence)) }
        let place = overlay.place(of: key) { touched[$0].key }
        let earlier = overlay[place]
        let head: StreamHead?
        if earlier >= 0 {
            head = touched[earlier].head
            if let found = findInBatch(request, earlier) { return .decided(found) }
        } else {
            head = heads.headForOwner(of: key)
        }
        if let head, filter.mayContain(request.appendID, in: key),
            let stored = earlier >= 0 ? heads.headForOwner(of: key) : head,
            let known = try lookUp(request, stored, now, history)
        {
            return .decided(known)
        }
        let current = head?.sequence ?? .none
        switch request.expected {
        case .any: break
        case .noStream where current == .none: break
        case .noStream: return .conflict(current: current, expected: .none)
        case .exactly(let expected) where expected == current: break
        case .exactly(let expected): return .conflict(current: current, expected: expected)
        }
        let slot: Int
        if earlier >= 0 {
            slot = earlier
        } else {
            slot = touched.count
            overlay[place] = slot
            touched.append(Touched(key: key, head: head, lastRow: -1))
        }
        accepted.append((request.appendID, key))
        return .decided(.appended(add(request, index, slot, now)))
    }

    /// The answer to a request whose append id the stream already has; nil when it has not.
    private func lookUp(
        _ request: AppendRequest, _ head: StreamHead, _ now: RecordedTime, _ history: some AppendHistory
    ) throws(EventLogError) -> AppendOutcome? {
        do throws(EventLogError) {
            guard let found = try history.findAppend(request.appendID, in: request.stream, head: head) else {
                return nil
            }
            return found.contentDigest == request.contentDigest ? .repeated(found.receipt) : .appendIDReused
        } catch  where error.code == .corrupted {
            // A stream that cannot be searched could take a command twice; it alone is refused.
            return .streamFenced(Fence(stream: request.stream, reason: error.message, since: now))
        }
    }

    private static func invalidity(of request: AppendRequest) -> InvalidAppend? {
        guard !request.events.isEmpty else { return .noEvents }
        for event in request.events {
            let bytes = event.metadata.count + event.payload.count
            if bytes > RecordCoder.largestRecord - 1024 { return .eventTooLarge(bytes: bytes) }
        }
        return nil
    }

    private func add(_ request: AppendRequest, _ index: Int, _ slot: Int, _ now: RecordedTime) -> AppendReceipt {
        var head = touched[slot].head
        var fields = RecordFields(
            stream: request.stream, sequence: .none, event: request.events[0], recordedAt: now,
            eventID: EventID(high: 0, low: 0), appendID: request.appendID, contentDigest: request.contentDigest,
            previousHash: nil, epoch: epoch)
        let firstSequence = head?.sequence.next ?? .first
        for (place, event) in request.events.enumerated() {
            lastTime = lastTime == .min ? now.microseconds : max(now.microseconds, lastTime + 1)
            fields.event = event
            fields.sequence = head?.sequence.next ?? .first
            fields.recordedAt = RecordedTime(microseconds: lastTime)
            fields.eventID = EventID(of: request.appendID, place: place)
            fields.previousHash = head?.hash
            let offset = arena.count
            let length = RecordCoder.encode(fields, into: arena)
            let hash = EventHash(of: arena.bytes(offset, length))
            arena.append(hash)
            let position = committed.position.rawValue + UInt64(rows.count) + 1
            rows.append(
                PlannedRow(
                    position: position, stream: head?.first.rawValue ?? position, sequence: fields.sequence.rawValue,
                    previous: head?.last.rawValue ?? 0, kind: event.kind, day: event.occurredOn.rawValue,
                    offset: offset, length: length, hash: hash, request: index, previousRow: touched[slot].lastRow,
                    recordedAt: fields.recordedAt))
            touched[slot].lastRow = rows.count - 1
            head = StreamHead(
                first: head?.first ?? Position(position), last: Position(position), sequence: fields.sequence,
                hash: hash)
        }
        touched[slot].head = head
        guard let head else { preconditionFailure("AppendPlanner.add: a request has at least one event") }
        return AppendReceipt(
            stream: request.stream, firstSequence: firstSequence, lastSequence: head.sequence, shard: shard,
            lastPosition: head.last, recordedAt: fields.recordedAt, hash: head.hash)
    }

    /// Looks for the append id among the earlier requests of this batch on the same stream.
    private func findInBatch(_ request: AppendRequest, _ slot: Int) -> AppendOutcome? {
        var row = touched[slot].lastRow
        while row >= 0 {
            let owner = rows[row].request
            if case .decided(.appended(let receipt)) = planned[owner] {
                let bytes = record(of: rows[row])
                guard let header = try? RecordHeader(parsing: bytes) else {
                    preconditionFailure("AppendPlanner.findInBatch: own record cannot be read")
                }
                if header.appendID(in: bytes) == request.appendID {
                    let same = header.contentDigest(in: bytes) == request.contentDigest
                    return same ? .repeated(receipt) : .appendIDReused
                }
            }
            row = rows[row].previousRow
        }
        return nil
    }
}
