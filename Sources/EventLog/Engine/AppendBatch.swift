/// What the planner works out for one batch. A value with one owner, so that its parts are reached without run-time
/// checks; its memory is reused from batch to batch.
struct AppendBatch: ~Copyable {
    /// What a batch builds on.
    struct Base {
        let heads: HeadTable
        let filter: AppendIDFilter
        let fenced: [StreamKey: Fence]
        let shard: ShardNumber
        let epoch: UInt64
        let algorithm: HashAlgorithm
        let position: UInt64
        let now: RecordedTime
    }

    /// A stream touched by the batch.
    struct Touched {
        var key: StreamKey
        /// Its entry in the table of heads; nil when it is new.
        var number: Int?
        var head: StreamHead?
        /// Last append of the batch in this stream, by its place in `accepted`.
        var lastAccepted: Int
    }

    /// An append that the batch takes.
    struct Accepted {
        var id: AppendID
        var key: StreamKey
        var contentDigest: ContentDigest
        /// Its request.
        var request: Int
        /// The append before it in the same stream and batch; -1 when there is none.
        var previous: Int
    }

    /// A request that found its stream elsewhere; its events are read once the batch is stored.
    struct Conflict {
        var request: Int
        var current: SequenceNumber
        var expected: SequenceNumber
    }

    var arena = RecordArena()
    var rows: [PlannedRow] = []
    var touched: [Touched] = []
    var outcomes: [AppendOutcome] = []
    var conflicts: [Conflict] = []
    var accepted: [Accepted] = []
    private var overlay = BatchOverlay()
    private var keys: [StreamKey] = []
    private var numbers: [UInt32] = []
    private var lastTime = Int64.min

    /// Forgets the last batch and fetches what the next one will look up.
    mutating func begin(
        _ requests: UnsafeBufferPointer<AppendRequest>, _ base: borrowing Base, after last: RecordedTime?
    ) {
        clear()
        lastTime = last?.microseconds ?? .min
        overlay.prepare(for: requests.count)
        outcomes.reserveCapacity(requests.count)
        rows.reserveCapacity(requests.count)
        keys.removeAll(keepingCapacity: true)
        guard let first = requests.baseAddress else { return }
        for index in 0..<requests.count { keys.append(StreamKey((first + index).pointee.stream)) }
        guard requests.count > 8 else { return }
        base.heads.warm(keys, &numbers)
        base.filter.warm(requests, keys)
    }

    mutating func clear() {
        rows.removeAll(keepingCapacity: true)
        touched.removeAll(keepingCapacity: true)
        outcomes.removeAll(keepingCapacity: true)
        conflicts.removeAll(keepingCapacity: true)
        accepted.removeAll(keepingCapacity: true)
        arena.clear()
    }

    /// Bytes of a row's record.
    @inline(__always)
    borrowing func record(of row: PlannedRow) -> UnsafeRawBufferPointer { arena.bytes(row.offset, row.length) }

    /// Plans the next request.
    mutating func plan(
        _ request: borrowing AppendRequest, _ index: Int, _ base: borrowing Base, _ history: any AppendHistory
    ) throws(EventLogError) {
        if let invalid = Self.invalidity(of: request) { return outcomes.append(.invalid(invalid)) }
        let key = keys[index]
        if !base.fenced.isEmpty, let fence = base.fenced[key] { return outcomes.append(.streamFenced(fence)) }
        let place = overlay.place(of: key, in: touched)
        let earlier = overlay[place]
        var number: Int?
        var head: StreamHead?
        if earlier >= 0 {
            number = touched[earlier].number
            head = touched[earlier].head
            if let found = findInBatch(request.appendID, request.contentDigest, earlier) {
                return outcomes.append(found)
            }
        } else {
            number = base.heads.number(of: key)
            if let number { head = base.heads.head(at: number) }
        }
        if let number, base.filter.mayContain(request.appendID, in: key),
            let known = try lookUp(request, base.heads.head(at: number), base.now, history)
        {
            return outcomes.append(known)
        }
        let current = head?.sequence ?? .none
        if let expected = Self.missed(request.expected, current) {
            conflicts.append(Conflict(request: index, current: current, expected: expected))
            return outcomes.append(.wrongExpectedSequence(current: current, eventsAfter: []))
        }
        let slot: Int
        if earlier >= 0 {
            slot = earlier
        } else {
            slot = touched.count
            overlay[place] = slot
            touched.append(Touched(key: key, number: number, head: head, lastAccepted: -1))
        }
        accepted.append(
            Accepted(
                id: request.appendID, key: key, contentDigest: request.contentDigest, request: index,
                previous: touched[slot].lastAccepted))
        touched[slot].lastAccepted = accepted.count - 1
        add(request, slot, base)
    }

    /// The sequence that was expected in vain; nil when the expectation holds.
    private static func missed(_ expected: ExpectedSequence, _ current: SequenceNumber) -> SequenceNumber? {
        switch expected {
        case .any: nil
        case .noStream: current == .none ? nil : SequenceNumber.none
        case .exactly(let sequence): sequence == current ? nil : sequence
        }
    }

    private static func invalidity(of request: borrowing AppendRequest) -> InvalidAppend? {
        guard !request.events.isEmpty else { return .noEvents }
        for place in request.events.indices {
            let bytes = request.events[place].metadata.count + request.events[place].payload.count
            if bytes > RecordCoder.largestRecord - 1024 { return .eventTooLarge(bytes: bytes) }
        }
        return nil
    }

    /// The answer to a request whose append id the stream already has; nil when it has not.
    private func lookUp(
        _ request: borrowing AppendRequest, _ head: StreamHead, _ now: RecordedTime, _ history: any AppendHistory
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

    /// Stamps, chains, encodes and hashes the events of a request.
    private mutating func add(_ request: borrowing AppendRequest, _ slot: Int, _ base: borrowing Base) {
        var head = touched[slot].head
        let firstSequence = head?.sequence.next ?? .first
        for place in request.events.indices {
            lastTime = lastTime == .min ? base.now.microseconds : max(base.now.microseconds, lastTime + 1)
            let sequence = head?.sequence.next ?? .first
            let record = RecordPlace(
                sequence: sequence.rawValue, recordedAt: lastTime,
                eventID: EventID(of: request.appendID, place: place), previousHash: head?.hash,
                hashAlgorithm: base.algorithm.recorded, epoch: base.epoch)
            let offset = arena.count
            let length = request.stream.withBytes { name in
                RecordCoder.encode(
                    name: name, request.events[place], record, appendID: request.appendID,
                    contentDigest: request.contentDigest, into: &arena)
            }
            let hash = EventHash(of: arena.bytes(offset, length), by: base.algorithm)
            arena.append(hash)
            let position = base.position + UInt64(rows.count) + 1
            let first = head?.first ?? Position(position)
            rows.append(
                PlannedRow(
                    position: position, stream: first.rawValue, key: touched[slot].key, sequence: sequence.rawValue,
                    previous: head?.last.rawValue ?? 0, kind: request.events[place].kind,
                    day: request.events[place].occurredOn.rawValue, offset: offset, length: length, hash: hash,
                    recordedAt: RecordedTime(microseconds: lastTime)))
            head = StreamHead(first: first, last: Position(position), sequence: sequence, hash: hash)
        }
        touched[slot].head = head
        guard let head else { preconditionFailure("AppendBatch.add: a request has at least one event") }
        outcomes.append(
            .appended(
                AppendReceipt(
                    stream: request.stream, firstSequence: firstSequence, lastSequence: head.sequence,
                    shard: base.shard, lastPosition: head.last, recordedAt: RecordedTime(microseconds: lastTime),
                    hash: head.hash)))
    }

    /// Looks for the append id among the earlier appends of this batch on the same stream.
    private func findInBatch(_ id: AppendID, _ contentDigest: ContentDigest, _ slot: Int) -> AppendOutcome? {
        var place = touched[slot].lastAccepted
        while place >= 0 {
            if accepted[place].id == id {
                guard case .appended(let receipt) = outcomes[accepted[place].request] else {
                    preconditionFailure("AppendBatch.findInBatch: an accepted append was appended")
                }
                return accepted[place].contentDigest == contentDigest ? .repeated(receipt) : .appendIDReused
            }
            place = accepted[place].previous
        }
        return nil
    }
}
