import EventLog

/// Finds out, before a log is written again, what it holds and whether that is what the head file vouches for.
struct LogRecovery {
    private(set) var heads = HeadTable()
    private(set) var filter = AppendIDFilter()
    private(set) var digest = RunningDigest()
    private(set) var recordedAt = Int64.min
    private(set) var lastHash = EventHash.zero
    /// Where the image began that was used; 0 without one.
    private(set) var imagePosition: UInt64 = 0
    /// Damage found in the part that had to be read.
    private(set) var damages: [Damage] = []
    /// Streams that must not take events because of it.
    private(set) var damagedStreams: [StreamName: String] = [:]
    /// The digest over what the records themselves hash to. A damaged stored hash changes `digest` but not this one,
    /// and a damaged record the other way round: damage is only believed to be all there is when one of them holds.
    private var recomputed = RunningDigest()
    private var vouched: HeadFile.Content?
    private var isVouchedForSeen = false
    private var lastAppend: (AppendID, StreamKey)?
    /// Rows known to be missing, or others than were written at their positions.
    let lost: LostRows
    /// Missing rows whose own place cannot be told, and how many sequences are missing in streams whose later events
    /// are there: when these explain those, every damaged stream is known.
    private var unplaced = 0
    private var skipped: UInt64 = 0
    /// Damaged rows whose streams cannot be told: each may be one of those sequences.
    private var unnamed = 0
    /// Whether a missing row's hash is unknown, so that what the head file vouches for cannot be computed.
    private var hasUnknownHash = false

    var position: UInt64 { digest.count }

    /// Missing events that no damaged stream explains.
    private var unexplained: Int { unplaced - max(0, Int(skipped) - unnamed) }

    /// Whether the events are those that the head file vouches for, as far as their hashes are known.
    private var isVouchedFor: Bool { vouched == nil || isVouchedForSeen || hasUnknownHash }

    /// Reads the image when there is a good one, then all events after it.
    /// - Parameters:
    ///   - last: Where the log ends.
    ///   - usingImage: Whether what is behind a good image need not be read.
    /// - Throws: `EventLogError` with `eventsMissing`, `eventsChanged`, `corrupted` or `readFailed`.
    init(
        _ files: LogFiles, _ rows: EventRows, log: LogIdentity, vouched: HeadFile.Content?, upTo last: UInt64,
        usingImage: Bool = true
    ) throws(EventLogError) {
        let trail = TrailReader(files, log: log)
        try self.init(files, rows, log, vouched, upTo: last, lost: LostRows(), usingImage)
        if !damages.isEmpty || !isVouchedFor {
            // Something is wrong: what belongs at each position is asked of the trail, or else of the events behind it,
            // and all is read again.
            let lost = try Self.lostRows(trail, rows, vouched, after: imagePosition, upTo: last)
            if !lost.isEmpty { try self.init(files, rows, log, vouched, upTo: last, lost: lost, usingImage) }
        }
        guard unexplained <= 0 else {
            throw EventLogError(
                .eventsMissing,
                "which streams \(unexplained) of \(damages.count) missing or damaged events belong to cannot be told, "
                    + "and writing on could fork them: run log verify, and restore the newest backup")
        }
        if let vouched, !isVouchedFor {
            throw EventLogError(
                .eventsChanged,
                "the head file vouches for \(vouched.position) events with digest \(vouched.digest), but the "
                    + "database's first \(vouched.position) events have another one, and the \(damages.count) damaged "
                    + "events found do not explain it: events were rewritten or a file was exchanged. "
                    + "Run log verify and compare with a backup or a checkpoint"
            )
        }
    }

    private init(
        _ files: LogFiles, _ rows: EventRows, _ log: LogIdentity, _ vouched: HeadFile.Content?, upTo last: UInt64,
        lost: LostRows, _ usingImage: Bool
    ) throws(EventLogError) {
        self.vouched = vouched
        self.lost = lost
        if usingImage, !lost.isTold { try useImage(files, rows, log, last) }
        if position == vouched?.position ?? 0 { checkVouched() }
        _ = try rows.forEach(after: position, upTo: last) { row, _ in
            if let row, lost[row.position] == nil { take(row, rows) } else { takeLost(isThere: row != nil) }
            return true
        }
    }

    private static func lostRows(
        _ trail: TrailReader?, _ rows: EventRows, _ vouched: HeadFile.Content?, after start: UInt64, upTo last: UInt64
    ) throws(EventLogError) -> LostRows {
        let truth = try vouched.map { (vouched) throws(EventLogError) in
            try TrailTruth.of(trail, rows, position: vouched.position, digest: vouched.digest, upTo: last)
        }
        switch truth {
        case .told(let lost) where !lost.isEmpty: return lost
        case .foreign(let why, _):
            throw EventLogError(
                .eventsChanged,
                "\(why): a file was exchanged or history rewritten. Run log verify and compare with a backup or a "
                    + "checkpoint")
        default: return try LostRows(rows, after: start, upTo: last)
        }
    }

    private mutating func useImage(
        _ files: LogFiles, _ rows: EventRows, _ log: LogIdentity, _ last: UInt64
    ) throws(EventLogError) {
        guard let image = HeadsImageReader(files, log: log), image.end.position <= last,
            image.front.position <= vouched?.position ?? 0,
            try rows.hash(at: image.front.position) ?? .zero == image.front.hash,
            try rows.hash(at: image.end.position) ?? .zero == image.end.hash,
            let digest = RunningDigest(
                group: image.front.digestGroup, count: image.front.position, open: image.front.digestOpen)
        else { return }
        imagePosition = image.front.position
        heads = image.heads
        filter = image.filter
        self.digest = digest
        recomputed = digest
        recordedAt = image.front.recordedAt
        lastHash = image.front.hash
    }

    private mutating func checkVouched() {
        guard let vouched else { return }
        guard digest.count == vouched.position else { return }
        isVouchedForSeen = digest.value == vouched.digest || recomputed.value == vouched.digest
    }

    private mutating func take(_ row: EventRow, _ rows: EventRows) {
        let header = try? RecordHeader(parsing: row.record)
        var flaw = row.flaw(header)
        if flaw == nil, let header {
            let key = StreamKey(nameBytes: header.name(in: row.record))
            flaw = takeSound(row, header, key)
        }
        let hash = row.hash ?? row.ownHash
        if let flaw { takeDamaged(row, header, flaw, hash, rows) }
        digest.add(hash)
        recomputed.add(flaw == nil ? hash : row.ownHash)
        lastHash = hash
        if let header { recordedAt = max(recordedAt, header.recordedAt.microseconds) }
        checkVouched()
    }

    /// Takes the place of a row that is not there, or of another than was written there.
    private mutating func takeLost(isThere: Bool) {
        let place = lost[position + 1]
        let damage = Damage(lostAt: position + 1, place, isThere: isThere)
        damages.append(damage)
        if let place, let stream = place.stream {
            damagedStreams[stream] = damage.description
            let key = place.key
            let head = heads.head(of: key)
            if head.map({ $0.last.rawValue <= position }) ?? true {
                skipped += place.sequence - 1 - min(place.sequence - 1, head?.sequence.rawValue ?? 0)
                heads.update(
                    key,
                    to: StreamHead(
                        first: Position(place.first), last: Position(position + 1),
                        sequence: SequenceNumber(place.sequence), hash: place.hash ?? .zero))
            }
        } else {
            unplaced += 1
        }
        let hash = place?.hash ?? .zero
        if place?.hash == nil { hasUnknownHash = true }
        digest.add(hash)
        recomputed.add(hash)
        lastHash = hash
        checkVouched()
    }

    /// Takes a row whose record, hash and columns agree.
    /// - Returns: What is wrong with its place in the stream.
    private mutating func takeSound(_ row: EventRow, _ header: RecordHeader, _ key: StreamKey) -> Damage.Kind? {
        let append = header.appendID(in: row.record)
        if lastAppend.map({ $0 != (append, key) }) ?? true {
            filter.insert(append, in: key)
            lastAppend = (append, key)
        }
        let head = heads.head(of: key)
        // The image may already know this event or a later one of the stream.
        if let head, head.last.rawValue >= row.position { return nil }
        guard let hash = row.hash, (head?.sequence.rawValue ?? 0) + 1 == row.sequence,
            (head?.last.rawValue ?? 0) == row.previous, head?.hash == header.previousHash(in: row.record),
            (head?.first.rawValue ?? row.position) == row.stream
        else {
            let known = head?.sequence.rawValue ?? 0
            if row.sequence > known + 1 { skipped += row.sequence - known - 1 }
            return .brokenChain
        }
        heads.update(
            key,
            to: StreamHead(
                first: Position(row.stream), last: Position(row.position), sequence: header.sequence, hash: hash))
        return header.recordedAt.microseconds > recordedAt ? nil : .timeOrder
    }

    /// Fences the stream a damaged row belongs to. A record that has its hash tells the name itself; of another the
    /// stream's first row does, because the damaged one may not.
    private mutating func takeDamaged(
        _ row: EventRow, _ header: RecordHeader?, _ kind: Damage.Kind, _ hash: EventHash, _ rows: EventRows
    ) {
        var name: StreamName?
        var sequence = row.sequence
        if let header, hash == EventHash(of: row.record, header) {
            name = try? StreamName(bytes: header.name(in: row.record))
            sequence = header.sequence.rawValue
        }
        if name == nil, row.stream != row.position {
            name =
                try? rows.row(at: row.stream) { first in
                    (try? RecordHeader(parsing: first.record)).flatMap {
                        try? StreamName(bytes: $0.name(in: first.record))
                    }
                } ?? nil
        }
        name = name ?? header.flatMap { try? StreamName(bytes: $0.name(in: row.record)) }
        let damage = Damage(
            kind, position: Position(row.position), stream: name, sequence: SequenceNumber(row.sequence))
        damages.append(damage)
        guard let name else {
            unnamed += 1
            return
        }
        damagedStreams[name] = damage.description
        let key = StreamKey(name)
        // An older event that stands here once more does not make the newer ones undone.
        guard sequence > heads.head(of: key)?.sequence.rawValue ?? 0 else { return }
        heads.update(
            key,
            to: StreamHead(
                first: Position(row.stream), last: Position(row.position), sequence: SequenceNumber(sequence),
                hash: hash))
    }
}

extension EventRows {
    /// Stored hash of a row.
    func hash(at position: UInt64) throws(EventLogError) -> EventHash? { try row(at: position) { $0.hash } ?? nil }
}
