import EventLog

/// Tells of rows that are missing or unreadable to which streams they belonged, and what their hashes were, by what sound
/// events of those streams say: a later one names the row before it and carries its hash.
struct MissingRows {
    /// What is known of one missing row.
    struct Place {
        var stream: StreamName
        /// Position of the stream's first event.
        var first: UInt64
        var sequence: UInt64
        /// nil when no event carries it.
        var hash: EventHash?
    }

    /// Rows missing that are looked for; with more of them a person must look at the log first.
    private static let most = 4096

    private var places: [UInt64: Place] = [:]

    /// Looks at all rows after `start`.
    init(_ rows: EventRows, after start: UInt64, upTo last: UInt64) throws(EventLogError) {
        var missing: Set<UInt64> = []
        var position = start
        _ = try rows.forEach(after: start, upTo: last) { row, _ in
            position += 1
            if row == nil { missing.insert(position) }
            return missing.count <= Self.most
        }
        guard missing.count <= Self.most else { return }
        for (target, later) in try rows.pointers(to: missing, upTo: last) {
            for position in later where places[target]?.hash == nil {
                if let place = try rows.place(of: target, by: position) { places[target] = place }
            }
        }
    }

    /// The place of a missing row; nil when no sound event tells.
    subscript(position: UInt64) -> Place? { places[position] }
}

extension EventRows {
    /// What the event at `position` says of the missing row at `target`, which it names as the one before it or as the
    /// first of its stream.
    fileprivate func place(of target: UInt64, by position: UInt64) throws(EventLogError) -> MissingRows.Place? {
        try row(at: position) { row -> MissingRows.Place? in
            guard let header = try? RecordHeader(parsing: row.record), row.flaw(header) == nil,
                let stream = try? StreamName(bytes: header.name(in: row.record))
            else { return nil }
            if row.previous == target {
                return MissingRows.Place(
                    stream: stream, first: row.stream, sequence: row.sequence - 1,
                    hash: header.previousHash(in: row.record))
            }
            return MissingRows.Place(stream: stream, first: target, sequence: 1, hash: nil)
        } ?? nil
    }

    /// Name of the stream of the event at a position; nil when it is missing or not sound.
    func soundName(at position: UInt64) throws(EventLogError) -> StreamName? {
        try row(at: position) { row -> StreamName? in
            guard let header = try? RecordHeader(parsing: row.record), row.flaw(header) == nil else { return nil }
            return try? StreamName(bytes: header.name(in: row.record))
        } ?? nil
    }
}
