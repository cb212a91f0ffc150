import EventLog

/// Reads an SQLite log on its own connection.
package final class SQLiteEventReader: EventLogReader {
    /// Rows looked at in one transaction. Longer calls take several, so that the write-ahead log can be copied.
    static let rowsPerTransaction = 4096

    private var rows: EventRows?
    private var owner: DamageOwner
    private let board: LogBoard
    /// Rows that look sound, but stand where others belong.
    private let displaced: [UInt64: Damage]
    private var walked: WalkedStream?

    init(
        _ files: LogFiles, _ log: LogIdentity, options: SQLiteLogOptions, board: LogBoard,
        displaced: [UInt64: Damage]
    ) throws(EventLogError) {
        let database = try Database(files.database, options: options, create: false, cacheBytes: 8 << 20)
        // Copying the write-ahead log is the writer's, also when a reader closes last.
        database.keepWriteAheadLog()
        try database.run("PRAGMA query_only = ON")
        let rows = try EventRows(database)
        rows.trail = TrailReader(files, log: log)
        owner = DamageOwner(rows, heads: board.heads, trail: rows.trail)
        self.rows = rows
        self.board = board
        self.displaced = displaced
    }

    package func head() throws(EventLogError) -> LogHead {
        _ = try open()
        return board.head
    }

    package func streamHead(_ stream: StreamName) throws(EventLogError) -> StreamHead? {
        _ = try open()
        return board.heads.head(of: StreamKey(stream))
    }

    package func fences() throws(EventLogError) -> [Fence] {
        _ = try open()
        return board.fences
    }

    package func readStream(
        _ stream: StreamName, from first: SequenceNumber, limit: Int
    ) throws(EventLogError) -> StreamSlice {
        let rows = try open()
        let key = StreamKey(stream)
        guard let head = board.heads.head(of: key) else { return StreamSlice() }
        var slice = StreamSlice(head: head, fence: board.fence(of: key))
        let start = max(first.rawValue, 1)
        guard limit > 0, start <= head.sequence.rawValue else { return slice }
        let end = start + min(UInt64(limit) - 1, head.sequence.rawValue - start)
        if let walked, walked.covers(head, start...end) {
            try rows.collect(walked.positions(start...end), of: stream, head: head, into: &slice)
            return slice
        }
        var walk = try rows.walk(stream, head: head, downTo: start, keeping: start...end)
        slice.events = walk.events.reversed()
        slice.damages = walk.damages
        // Long streams are read page by page; remembering the way spares walking it again for each page.
        if head.sequence.rawValue >= WalkedStream.worthwhile, start + UInt64(limit) <= head.sequence.rawValue {
            if start > 1 { walk = try rows.walk(stream, head: head, downTo: 1, keeping: nil) }
            walked = WalkedStream(head: head, newestFirst: walk.positions)
        }
        return slice
    }

    package func readStreamBackwards(
        _ stream: StreamName, from last: SequenceNumber?, limit: Int
    ) throws(EventLogError) -> StreamSlice {
        let rows = try open()
        let key = StreamKey(stream)
        guard let head = board.heads.head(of: key) else { return StreamSlice() }
        var slice = StreamSlice(head: head, fence: board.fence(of: key))
        let end = min(last ?? head.sequence, head.sequence).rawValue
        guard limit > 0, end > 0 else { return slice }
        let start = end - min(UInt64(limit) - 1, end - 1)
        let walk = try rows.walk(stream, head: head, downTo: start, keeping: start...end)
        slice.events = walk.events
        slice.damages = walk.damages
        return slice
    }

    package func readAll(
        after cursor: Cursor, limit: Int, filter: ReadFilter
    ) throws(EventLogError) -> LogSlice {
        let rows = try open()
        let (start, head) = try bounds(cursor)
        var slice = LogSlice(cursor: cursor, isAtHead: false)
        var found: [(damage: Damage, claimed: StreamName?)] = []
        var known: [Damage] = []
        let most = max(limit, 1)
        let end = min(head, start.addingReportingOverflow(UInt64(most)).partialValue)
        // Unwanted events count too: a call stays short however rare the wanted ones are.
        let lookAt = filter == .all ? max(end, start) : min(head, start + 65_536)
        rows.trail?.expect(lookAt - start)
        let last = try rows.forEach(after: start, upTo: lookAt) { row, damage in
            guard let row else {
                if let damage { found.append((damage, nil)) }
                return true
            }
            if let damage = displaced[row.position] {
                known.append(damage)
                return true
            }
            let header = try? RecordHeader(parsing: row.record)
            // A damaged type must not make an event look unwanted: the column counts only when the record agrees.
            if let header, Int64(header.kind) == row.kind, !filter.wants(kind: header.kind) { return true }
            if let flaw = row.flaw(header) {
                let damage = row.damage(flaw, header)
                found.append((damage, damage.stream))
                return true
            }
            guard let header, let hash = row.hash else { return true }
            if rows.trail?.contradicts(row.position, hash) ?? false {
                let damage = Damage(displacedAt: row.position)
                found.append((damage, nil))
                return true
            }
            guard filter.wants(streamNamed: header.name(in: row.record)) else { return true }
            slice.events.append(row.stored(hash))
            return slice.events.count < most
        }
        slice.cursor = cursor.moved(to: Position(last), in: .single)
        slice.isAtHead = last == head
        if !found.isEmpty { slice.damages = try owner.placed(found, upTo: head) }
        slice.damages += known
        return slice
    }

    package func scan(
        after cursor: Cursor, limit: Int, filter: ReadFilter, _ body: (ScannedEvent) -> Void
    ) throws(EventLogError) -> ScanEnd {
        let rows = try open()
        let (start, head) = try bounds(cursor)
        let end = start + min(UInt64(max(limit, 1)), head - start)
        var flaw: EventLogError?
        rows.trail?.expect(end - start)
        let last = try rows.scan(after: start, upTo: end) { row, damage in
            guard let row else {
                flaw = EventLogError(.corrupted, damage?.description ?? "row missing")
                return false
            }
            if let damage = displaced[row.position] {
                flaw = EventLogError(.corrupted, damage.description)
                return false
            }
            guard filter.wants(kind: UInt32(truncatingIfNeeded: row.kind)) else { return true }
            guard let header = try? RecordHeader(parsing: row.record), let hash = row.hash else {
                flaw = EventLogError(.malformedRecord, "record at position \(row.position) cannot be read")
                return false
            }
            if rows.trail?.contradicts(row.position, hash) ?? false {
                flaw = EventLogError(.corrupted, Damage(displacedAt: row.position).description)
                return false
            }
            guard filter.wants(streamNamed: header.name(in: row.record)) else { return true }
            body(ScannedEvent(position: Position(row.position), header: header, bytes: row.record, hash: hash))
            return true
        }
        if let flaw { throw flaw }
        return ScanEnd(cursor: cursor.moved(to: Position(last), in: .single), isAtHead: last == head)
    }

    package func close() {
        rows?.close()
        rows = nil
    }

    private func bounds(_ cursor: Cursor) throws(EventLogError) -> (start: UInt64, head: UInt64) {
        let head = board.head.position.rawValue
        let start = cursor.position(in: .single).rawValue
        guard start <= head else { throw EventLogError(.invalidCursor, "cursor is beyond the log's head") }
        return (start, head)
    }

    private func open() throws(EventLogError) -> EventRows {
        guard let rows else { throw EventLogError(.closed, "the reader is closed") }
        return rows
    }
}

/// Where the events of a long stream stand.
private struct WalkedStream {
    static let worthwhile: UInt64 = 256

    let head: StreamHead
    /// Positions in order of sequence.
    let all: [UInt64]

    init?(head: StreamHead, newestFirst: [UInt64]) {
        guard newestFirst.count == Int(head.sequence.rawValue) else { return nil }
        self.head = head
        all = newestFirst.reversed()
    }

    /// A stream only grows, so what was walked stays true for its older part.
    func covers(_ current: StreamHead, _ range: ClosedRange<UInt64>) -> Bool {
        current.first == head.first && range.upperBound <= UInt64(all.count)
    }

    func positions(_ range: ClosedRange<UInt64>) -> ArraySlice<UInt64> {
        all[Int(range.lowerBound) - 1...Int(range.upperBound) - 1]
    }
}
