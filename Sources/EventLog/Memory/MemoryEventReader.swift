/// Reads an in-memory log.
package final class MemoryEventReader: EventLogReader {
    private let store: MemoryEventStore
    private var isClosed = false

    init(store: MemoryEventStore) { self.store = store }

    package func head() throws(EventLogError) -> LogHead {
        try requireOpen()
        return store.withState { $0.head }
    }

    package func streamHead(_ stream: StreamName) throws(EventLogError) -> StreamHead? {
        try requireOpen()
        return store.heads.head(of: StreamKey(stream))
    }

    package func fences() throws(EventLogError) -> [Fence] {
        try requireOpen()
        return store.withState { Array($0.fences.values) }.sorted { $0.stream.text < $1.stream.text }
    }

    package func readStream(
        _ stream: StreamName, from first: SequenceNumber, limit: Int
    ) throws(EventLogError) -> StreamSlice {
        try requireOpen()
        let key = StreamKey(stream)
        guard let head = store.heads.head(of: key) else { return StreamSlice() }
        return store.withState { state in
            let after = SequenceNumber(max(first.rawValue, 1) - 1)
            let events = state.events(of: key, after: after, upTo: head.sequence, limit: max(limit, 0))
            return StreamSlice(events: events, head: head, fence: state.fences[key])
        }
    }

    package func readStreamBackwards(
        _ stream: StreamName, from last: SequenceNumber?, limit: Int
    ) throws(EventLogError) -> StreamSlice {
        try requireOpen()
        let key = StreamKey(stream)
        guard let head = store.heads.head(of: key) else { return StreamSlice() }
        return store.withState { state in
            let upTo = min(last ?? head.sequence, head.sequence)
            let skipped = upTo.rawValue - min(UInt64(max(limit, 0)), upTo.rawValue)
            let events = state.events(of: key, after: SequenceNumber(skipped), upTo: upTo, limit: nil)
            return StreamSlice(events: events.reversed(), head: head, fence: state.fences[key])
        }
    }

    package func readAll(
        after cursor: Cursor, limit: Int, filter: ReadFilter
    ) throws(EventLogError) -> LogSlice {
        var events: [StoredEvent] = []
        // Unwanted events count too: a call stays short however rare the wanted ones are.
        let end = try walk(after: cursor, atMost: 65_536, filter) { event in
            events.append(event.stored())
            return events.count < max(limit, 1)
        }
        return LogSlice(events: events, cursor: end.cursor, isAtHead: end.isAtHead)
    }

    package func scan(
        after cursor: Cursor, limit: Int, filter: ReadFilter, _ body: (ScannedEvent) -> Void
    ) throws(EventLogError) -> ScanEnd {
        try walk(after: cursor, atMost: max(limit, 1), filter) { event in
            body(event)
            return true
        }
    }

    package func close() { isClosed = true }

    private func walk(
        after cursor: Cursor, atMost limit: Int, _ filter: ReadFilter, _ body: (ScannedEvent) -> Bool
    ) throws(EventLogError) -> ScanEnd {
        try requireOpen()
        let start = cursor.position(in: .single).rawValue
        let (rows, total) = store.withState { state in
            let from = min(Int(clamping: start), state.rows.count)
            return (Array(state.rows[from..<min(from + limit, state.rows.count)]), state.rows.count)
        }
        guard start <= UInt64(total) else { throw EventLogError(.invalidCursor, "cursor is beyond the log's head") }
        var last = start
        for row in rows {
            last = row.event.position.rawValue
            let header = try row.event.header()
            let goOn = row.event.record.withUnsafeBytes { bytes in
                guard filter.wants(kind: header.kind), filter.wants(streamNamed: header.name(in: bytes)) else {
                    return true
                }
                return body(
                    ScannedEvent(position: row.event.position, header: header, bytes: bytes, hash: row.event.hash))
            }
            if !goOn { break }
        }
        return ScanEnd(cursor: cursor.moved(to: Position(last), in: .single), isAtHead: last == UInt64(total))
    }

    private func requireOpen() throws(EventLogError) {
        if isClosed { throw EventLogError(.closed, "the reader is closed") }
    }
}
