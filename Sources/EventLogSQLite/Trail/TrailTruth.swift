import EventLog

/// What the trail says of the rows of a log, once its hashes lead to the digest that the head file vouches for.
enum TrailTruth {
    /// Exactly these rows are not what was written.
    case told(LostRows)
    /// The rows are those of another history, or most streams are damaged: nothing that closing some families helps. With
    /// the rows that are not what was written, where it helps to know them.
    case foreign(String, LostRows)
    /// There is no trail, or it does not lead to the digest.
    case silent
}

extension TrailTruth {
    /// Reads the trail beside all rows that the head file vouches for.
    static func of(
        _ trail: TrailReader?, _ rows: EventRows, position: UInt64, digest: EventHash, upTo last: UInt64
    ) throws(EventLogError) -> TrailTruth {
        guard let trail else { return .silent }
        var pass = TrailPass(trail)
        _ = try rows.forEach(after: 0, upTo: min(position, last)) { row, _ in pass.take(row) }
        while pass.isTold && pass.position < position { _ = pass.take(nil) }
        guard pass.isTold, pass.digest.value == digest else { return .silent }
        if let why = pass.whyForked(upTo: position) { return .foreign(why, LostRows()) }
        let lost = LostRows(told: try pass.namedPlaces(rows, upTo: min(position, last)))
        return pass.whyTooMuch.map { .foreign($0, lost) } ?? .told(lost)
    }
}

/// One pass over rows and trail.
private struct TrailPass {
    private var trail: TrailReader
    private let heads = HeadTable()
    private(set) var digest = RunningDigest()
    private(set) var position: UInt64 = 0
    /// Whether each position so far was told by the trail or by its row.
    private(set) var isTold = true
    private var places: [UInt64: LostRows.Place] = [:]
    /// Hashes of rows that are others than were written at their positions.
    private var others: [UInt64: EventHash] = [:]

    init(_ trail: TrailReader) { self.trail = trail }

    /// Takes the next position.
    /// - Returns: Whether it makes sense to go on.
    mutating func take(_ row: EventRow?) -> Bool {
        position += 1
        let header = row.flatMap { try? RecordHeader(parsing: $0.record) }
        let known: TrailEntry
        if let entry = trail.entry(at: position) {
            known = entry
        } else if let row, let header, let hash = row.hash, row.flaw(header) == nil {
            known = TrailEntry(hash: hash, key: StreamKey(nameBytes: header.name(in: row.record)))
        } else {
            isTold = false
            return false
        }
        let head = heads.head(of: known.key)
        let first = head?.first.rawValue ?? position
        let sequence = (head?.sequence.rawValue ?? 0) + 1
        let kind = row.map { flaw($0, header, known.hash, head, first, sequence) } ?? .missing
        if let kind {
            let hash = known.hash == .zero ? nil : known.hash
            places[position] = LostRows.Place(
                key: known.key, first: first, sequence: sequence, hash: hash, kind: kind)
            if let row, let hash = row.hash, hash != known.hash { others[position] = hash }
        }
        digest.add(known.hash)
        heads.update(
            known.key,
            to: StreamHead(
                first: Position(first), last: Position(position), sequence: SequenceNumber(sequence), hash: known.hash))
        return true
    }

    /// What is wrong with a row, when that is known which stands there.
    private func flaw(
        _ row: EventRow, _ header: RecordHeader?, _ hash: EventHash, _ head: StreamHead?, _ first: UInt64,
        _ sequence: UInt64
    ) -> Damage.Kind? {
        if let flaw = row.flaw(header), flaw != .columnMismatch { return flaw }
        guard row.hash == hash else { return .displaced }
        guard row.flaw(header) == nil, row.stream == first, row.sequence == sequence,
            row.previous == head?.last.rawValue ?? 0
        else { return .columnMismatch }
        return nil
    }

    /// Why these are the rows of another file with the same beginning; nil when they are not.
    ///
    /// Such a file differs in all rows from some place on, and holds records that this log never had; rows exchanged with
    /// each other are no sign of it.
    func whyForked(upTo end: UInt64) -> String? {
        let written = Set(others.keys.compactMap { places[$0]?.hash })
        var streams: Set<StreamKey> = []
        var start = end
        while start > 0, let hash = others[start], !written.contains(hash) {
            if let place = places[start] { streams.insert(place.key) }
            start -= 1
        }
        guard streams.count > 2 else { return nil }
        return "all events from position \(start + 1) on, of \(streams.count) streams, are others than were written"
    }

    /// Why closing the damaged streams does not help; nil when it does.
    var whyTooMuch: String? {
        let damaged = Set(places.values.map(\.key)).count
        guard damaged > max(16, heads.count / 2) else { return nil }
        return "\(damaged) of \(heads.count) streams are damaged"
    }

    /// The places with the names of their streams: from the file of names, or else from any row of the stream.
    func namedPlaces(_ rows: EventRows, upTo end: UInt64) throws(EventLogError) -> [UInt64: LostRows.Place] {
        let wanted = Set(places.values.map(\.key))
        var names = trail.names(of: wanted)
        if names.count < wanted.count {
            _ = try rows.forEach(after: 0, upTo: end) { row, _ in
                if let row, let header = try? RecordHeader(parsing: row.record) {
                    let bytes = header.name(in: row.record)
                    let key = StreamKey(nameBytes: bytes)
                    // A name that has the key is the stream's, whatever became of the record around it.
                    if wanted.contains(key), names[key] == nil { names[key] = try? StreamName(bytes: bytes) }
                }
                return names.count < wanted.count
            }
        }
        return places.mapValues { place in
            var place = place
            place.stream = names[place.key]
            return place
        }
    }
}
