import EventLog

/// Tells which rows behind the end of a log that was closed in order are its own all the same.
///
/// Behind such an end the log writes nothing before it has said in the head file that it goes on. So rows there are somebody
/// else's, unless an older head file was put back. Then the trail has an entry for each of them, and each continues its
/// stream; whoever adds a row to the database alone has neither.
struct NewerRows {
    private var trail: TrailReader
    /// The same file, for single entries far from those read in order.
    private var alone: TrailReader
    private let vouched: UInt64
    private let end: UInt64

    /// - Parameter vouched: The position that the head file vouches for.
    init(_ trail: TrailReader, after vouched: UInt64) {
        self.trail = trail
        alone = trail
        alone.expect(1)
        self.vouched = vouched
        end = trail.count
    }

    /// Whether a row is one of them: sound by itself, with the hash and the stream that the trail has for its position, and
    /// following the event before it in its stream.
    /// - Throws: `EventLogError` with `readFailed`.
    mutating func contain(_ row: EventRow, _ rows: EventRows) throws(EventLogError) -> Bool {
        guard row.position > vouched, row.position <= end, let entry = trail.entry(at: row.position),
            entry.hash == row.hash, let header = try? RecordHeader(parsing: row.record), row.flaw(header) == nil,
            entry.key == StreamKey(nameBytes: header.name(in: row.record))
        else { return false }
        guard row.sequence > 1 else { return true }
        // The hash of the event before binds its sequence; where its row is damaged, the trail has the hash.
        let chained = header.previousHash(in: row.record)
        if let before = alone.entry(at: row.previous) { return before.hash == chained && before.key == entry.key }
        return try rows.hash(at: row.previous) == chained
    }
}
