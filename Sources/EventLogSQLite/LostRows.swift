import EventLog

/// Tells what stood at positions where a row is missing, unreadable, or another than was written there: later events of
/// the stream name the row before them and carry its hash.
///
/// Nothing here is believed for its own sake: what it tells has to lead to the digest that the head file vouches for.
struct LostRows {
    /// What is known of the row that belongs at a position.
    struct Place: Equatable {
        /// nil when only its key is known.
        var stream: StreamName?
        var key: StreamKey
        /// Position of the stream's first event.
        var first: UInt64
        var sequence: UInt64
        /// nil when no event carries it.
        var hash: EventHash?
        /// What is wrong there, when it is known closer than that the row is not the one that belongs there.
        var kind: Damage.Kind?

        init(stream: StreamName, first: UInt64, sequence: UInt64, hash: EventHash?) {
            self.stream = stream
            key = StreamKey(stream)
            self.first = first
            self.sequence = sequence
            self.hash = hash
        }

        init(key: StreamKey, first: UInt64, sequence: UInt64, hash: EventHash?, kind: Damage.Kind) {
            self.key = key
            self.first = first
            self.sequence = sequence
            self.hash = hash
            self.kind = kind
        }
    }

    /// Rows looked for; with more of them a person must look at the log first.
    static let most = 4096

    private var places: [UInt64: Place] = [:]
    /// Whether the trail tells it, which leaves nothing to guess.
    private(set) var isTold = false

    /// What belongs at a position; nil when nothing says that it is lost.
    subscript(position: UInt64) -> Place? { places[position] }

    /// Positions with another row, or with none.
    var positions: Dictionary<UInt64, Place>.Keys { places.keys }

    var isEmpty: Bool { places.isEmpty }

    /// Nothing is lost.
    init() {}

    /// What the trail tells.
    init(told places: [UInt64: Place]) {
        self.places = places
        isTold = true
    }

    /// Looks at all rows after `start`.
    init(_ rows: EventRows, after start: UInt64, upTo last: UInt64) throws(EventLogError) {
        let scan = try LostRowScan(rows, after: start, upTo: last)
        guard !scan.isTooMuch else { return }
        try tell(scan.missing, rows, upTo: last)
        accept(scan.claims)
        try putBack(scan.strays, rows, upTo: last)
        try settleLast(rows, scan, after: start, upTo: last)
        for (position, place) in places where place.hash != nil {
            if try rows.hash(at: position) == place.hash { places[position] = nil }
        }
    }

    /// Missing rows: any later event of the stream tells whose they were.
    private mutating func tell(
        _ missing: Set<UInt64>, _ rows: EventRows, upTo last: UInt64
    ) throws(EventLogError) {
        for (target, later) in try rows.pointers(to: missing, upTo: last) {
            for position in later where places[target]?.hash == nil {
                if let place = try rows.place(of: target, by: position) { places[target] = place }
            }
        }
    }

    /// The newest events of a stream first: one whose own place is disputed counts only when a later one carries its hash.
    private mutating func accept(_ claims: [LostRowScan.Claim]) {
        var hashes: Set<EventHash> = []
        for claim in claims.sorted(by: { ($0.place.sequence, $0.teller) > ($1.place.sequence, $1.teller) }) {
            let isDisputed = places[claim.teller].map { $0.hash != nil && $0.hash != claim.tellerHash } ?? false
            guard !isDisputed || hashes.contains(claim.tellerHash) else { continue }
            if places[claim.position]?.hash == nil { places[claim.position] = claim.place }
            if let hash = claim.place.hash { hashes.insert(hash) }
        }
    }

    /// Records exchanged while the columns beside them stayed: the columns say which record belongs there.
    private mutating func putBack(
        _ strays: [LostRowScan.Stray], _ rows: EventRows, upTo last: UInt64
    ) throws(EventLogError) {
        guard !strays.isEmpty else { return }
        let pointers = try rows.pointers(to: Set(strays.map(\.first)), upTo: last)
        for stray in strays where places[stray.position]?.hash == nil {
            var name: StreamName?
            for position in [stray.first] + (pointers[stray.first] ?? []) where name == nil {
                if strays.contains(where: { $0.position == position }) { continue }
                name = try rows.soundName(at: position)
            }
            let stream = name ?? stray.stream
            guard let record = strays.first(where: { $0.stream == stream && $0.recordSequence == stray.sequence })
            else { continue }
            places[stray.position] = Place(
                stream: stream, first: stray.first, sequence: stray.sequence, hash: record.hash)
        }
    }

    /// The newest event of a stream is told by none. When it was exchanged with another, its record stands where that one
    /// belongs, and that one where it belongs.
    private mutating func settleLast(
        _ rows: EventRows, _ scan: LostRowScan, after start: UInt64, upTo last: UInt64
    ) throws(EventLogError) {
        let told = Dictionary(
            places.compactMap { entry in entry.value.hash.map { ($0, entry.key) } },
            uniquingKeysWith: { first, _ in first })
        guard !told.isEmpty else { return }
        var vacated: [UInt64] = []
        _ = try rows.forEach(after: start, upTo: last) { row, _ in
            if let row, let hash = row.hash, let home = told[hash], home != row.position,
                places[row.position]?.hash == nil
            {
                vacated.append(row.position)
            }
            return vacated.count <= Self.most
        }
        var homeless: [(place: Place, previous: UInt64)] = []
        for position in places.keys.sorted() {
            let found = try rows.row(at: position) { row -> Place? in
                guard let header = try? RecordHeader(parsing: row.record), let hash = row.hash,
                    hash == EventHash(of: row.record, header), told[hash] == nil,
                    let stream = try? StreamName(bytes: header.name(in: row.record))
                else { return nil }
                return Place(stream: stream, first: row.stream, sequence: header.sequence.rawValue, hash: hash)
            }
            if let place = found ?? nil { homeless.append((place, position)) }
        }
        guard vacated.count == homeless.count, Set(homeless.map(\.place.stream)).count <= 1 || vacated.count == 1
        else { return }
        homeless.sort { $0.place.sequence < $1.place.sequence }
        for (position, record) in zip(vacated.sorted(), homeless) { places[position] = record.place }
    }
}

/// One look at all rows for what contradicts what.
struct LostRowScan {
    /// An event says that another row belongs at a position than stands there.
    struct Claim {
        var position: UInt64
        var place: LostRows.Place
        /// Where the event stands that says so, and its hash.
        var teller: UInt64
        var tellerHash: EventHash
    }

    /// A sound record beside columns of another event.
    struct Stray {
        var position: UInt64
        var stream: StreamName
        var recordSequence: UInt64
        var hash: EventHash
        /// What the columns say: first position of the stream, sequence.
        var first: UInt64
        var sequence: UInt64
    }

    private(set) var missing: Set<UInt64> = []
    private(set) var claims: [Claim] = []
    private(set) var strays: [Stray] = []
    private let heads = HeadTable()

    var isTooMuch: Bool { max(missing.count, claims.count, strays.count) > LostRows.most }

    init(_ rows: EventRows, after start: UInt64, upTo last: UInt64) throws(EventLogError) {
        var position = start
        var problem: EventLogError?
        _ = try rows.forEach(after: start, upTo: last) { row, _ in
            position += 1
            do throws(EventLogError) {
                if let row { try take(row, rows) } else { missing.insert(position) }
            } catch {
                problem = error
            }
            return problem == nil && !isTooMuch
        }
        if let problem { throw problem }
    }

    private mutating func take(_ row: EventRow, _ rows: EventRows) throws(EventLogError) {
        guard let header = try? RecordHeader(parsing: row.record), let hash = row.hash,
            hash == EventHash(of: row.record, header)
        else { return }
        guard header.sequence.rawValue == row.sequence, Int64(header.kind) == row.kind,
            Int64(header.occurredOn.rawValue) == row.day
        else {
            guard let stream = try? StreamName(bytes: header.name(in: row.record)) else { return }
            strays.append(
                Stray(
                    position: row.position, stream: stream, recordSequence: header.sequence.rawValue, hash: hash,
                    first: row.stream, sequence: row.sequence))
            return
        }
        let key = StreamKey(nameBytes: header.name(in: row.record))
        let previous = header.previousHash(in: row.record)
        let head = heads.head(of: key)
        let isExpected = head.map { $0.last.rawValue == row.previous && $0.hash == previous } ?? false
        if row.sequence > 1, row.previous > 0, !isExpected { try compare(row, header, hash, rows) }
        heads.update(
            key,
            to: StreamHead(
                first: Position(row.stream), last: Position(row.position), sequence: header.sequence, hash: hash))
    }

    /// Compares what the row says of the one before it with what stands there.
    private mutating func compare(
        _ row: EventRow, _ header: RecordHeader, _ hash: EventHash, _ rows: EventRows
    ) throws(EventLogError) {
        let previous = header.previousHash(in: row.record)
        let isThere = try rows.row(at: row.previous) { before in before.hash == previous }
        guard isThere == false, let stream = try? StreamName(bytes: header.name(in: row.record)) else { return }
        claims.append(
            Claim(
                position: row.previous,
                place: LostRows.Place(
                    stream: stream, first: row.stream, sequence: row.sequence - 1, hash: previous),
                teller: row.position, tellerHash: hash))
    }
}

extension EventRows {
    /// What the event at `position` says of the missing row at `target`, which it names as the one before it or as the
    /// first of its stream.
    fileprivate func place(of target: UInt64, by position: UInt64) throws(EventLogError) -> LostRows.Place? {
        try row(at: position) { row -> LostRows.Place? in
            guard let header = try? RecordHeader(parsing: row.record), row.flaw(header) == nil,
                let stream = try? StreamName(bytes: header.name(in: row.record))
            else { return nil }
            if row.previous == target {
                return LostRows.Place(
                    stream: stream, first: row.stream, sequence: row.sequence - 1,
                    hash: header.previousHash(in: row.record))
            }
            return LostRows.Place(stream: stream, first: target, sequence: 1, hash: nil)
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
