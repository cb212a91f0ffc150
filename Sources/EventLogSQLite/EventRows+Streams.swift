import EventLog

extension EventRow {
    /// The damage of this row, with as much of its place as can be told.
    func damage(_ kind: Damage.Kind, _ header: RecordHeader?) -> Damage {
        let name = header.flatMap { try? StreamName(bytes: $0.name(in: record)) }
        return Damage(
            kind, position: Position(position), stream: name, sequence: SequenceNumber(sequence))
    }
}

extension Damage {
    /// A position without its row, or with another one.
    init(lostAt position: UInt64, _ place: LostRows.Place?, isThere: Bool) {
        let kind = isThere ? place?.kind ?? .displaced : .missing
        let detail =
            switch kind {
            case .missing: "row missing or unreadable"
            case .displaced: "another record stands here than was written"
            default: ""
            }
        self.init(
            kind, position: Position(position), stream: place?.stream,
            sequence: place.map { SequenceNumber($0.sequence) }, detail: detail)
    }
}

extension Damage {
    /// A row whose record is sound, but not the one that the trail says was written there.
    init(displacedAt position: UInt64) {
        self.init(
            .displaced, position: Position(position), detail: "another record stands here than was written")
    }

    /// Rows missing one after the other whose streams cannot be told.
    init(missing range: ClosedRange<UInt64>, detail: String) {
        let count = range.upperBound - range.lowerBound + 1
        let span = count == 1 ? "" : "positions \(range.lowerBound)-\(range.upperBound), \(count) events: "
        self.init(.missing, position: Position(range.lowerBound), detail: span + detail)
    }
}

extension EventRows {
    /// What a walk along a stream found, newest first.
    struct Walk {
        var events: [StoredEvent] = []
        var positions: [UInt64] = []
        var damages: [Damage] = []
    }

    /// Follows the stream's chain from its end, checking every event that is kept.
    /// - Parameters:
    ///   - first: Sequence to stop at.
    ///   - kept: Sequences whose events are wanted; nil for positions only.
    func walk(
        _ stream: StreamName, head: StreamHead, downTo first: UInt64, keeping kept: ClosedRange<UInt64>?
    ) throws(EventLogError) -> Walk {
        try inTransaction { () throws(EventLogError) in
            var walk = Walk()
            var position = head.last.rawValue
            var sequence = head.sequence.rawValue
            var expected: EventHash? = head.hash
            while sequence >= first && sequence > 0 {
                let keeps = kept?.contains(sequence) ?? false
                let next = try row(at: position) { row -> UInt64? in
                    guard row.stream == head.first.rawValue, row.sequence == sequence,
                        row.previous < row.position, (row.previous == 0) == (sequence == 1)
                    else { return nil }
                    walk.positions.append(position)
                    if keeps { keep(row, stream, &expected, &walk) } else { expected = nil }
                    return row.previous
                }
                guard let next = next ?? nil else {
                    let damage = Damage(
                        .missing, position: Position(position), stream: stream, sequence: SequenceNumber(sequence),
                        detail: "this event and the older ones of the stream cannot be reached")
                    walk.damages.append(damage)
                    break
                }
                position = next
                sequence -= 1
            }
            return walk
        }
    }

    private func keep(_ row: EventRow, _ stream: StreamName, _ expected: inout EventHash?, _ walk: inout Walk) {
        let header = try? RecordHeader(parsing: row.record)
        var flaw = row.flaw(header)
        if flaw == nil, let hash = row.hash {
            if let expected {
                if hash != expected { flaw = .brokenChain }
            } else if trail?.contradictsAlone(row.position, hash) ?? false {
                // Behind a break the chain says nothing any more: a whole tail may be rewritten.
                flaw = .displaced
            }
        }
        if flaw == nil, let header, !stream.hasBytes(header.name(in: row.record)) { flaw = .columnMismatch }
        if let flaw {
            walk.damages.append(
                Damage(
                    flaw, position: Position(row.position), stream: stream, sequence: SequenceNumber(row.sequence)))
            expected = nil
        } else if let header, let hash = row.hash {
            walk.events.append(row.stored(hash))
            expected = header.previousHash(in: row.record)
        }
    }

    /// Reads events whose positions are known.
    func collect(
        _ positions: ArraySlice<UInt64>, of stream: StreamName, head: StreamHead, into slice: inout StreamSlice
    ) throws(EventLogError) {
        try inTransaction { () throws(EventLogError) in
            for (index, position) in zip(positions.indices, positions) {
                var walk = Walk()
                let found: Void? = try row(at: position) { row in
                    var expected: EventHash?
                    keep(row, stream, &expected, &walk)
                }
                if found == nil {
                    let sequence = SequenceNumber(UInt64(index) + 1)
                    walk.damages.append(
                        Damage(.missing, position: Position(position), stream: stream, sequence: sequence))
                }
                slice.events += walk.events
                slice.damages += walk.damages
            }
        }
    }

    /// Finds an append by following the stream's chain from its end.
    func findAppend(
        _ id: AppendID, in stream: StreamName, head: StreamHead
    ) throws(EventLogError) -> FoundAppend? {
        var search = AppendSearch(id: id, stream: stream, shard: .single)
        var position = head.last.rawValue
        while position > 0 {
            let next = try row(at: position) { row -> UInt64? in
                guard let header = try? RecordHeader(parsing: row.record), let hash = row.hash,
                    row.previous < row.position
                else { return nil }
                let done = search.isDone(header, row.record, Position(row.position), hash)
                return done ? 0 : row.previous
            }
            guard let next = next ?? nil else {
                throw EventLogError(.corrupted, "stream cannot be followed beyond position \(position)")
            }
            position = next
        }
        return search.found
    }
}
