import EventLog

/// One pass over all rows of a log.
struct VerifyPass {
    private let rows: EventRows
    private let vouched: (position: UInt64, digest: EventHash)?
    private let heads = HeadTable()
    private var digest = RunningDigest()
    private var lastTime = Int64.min
    /// Missing positions whose stream is not known yet.
    private var missing: Set<UInt64> = []
    /// Sequences that later events of their streams show to be missing.
    private var skipped: UInt64 = 0
    /// Damaged rows whose streams cannot be told: each may be one of those sequences.
    private var unnamed = 0
    /// Whether a missing row's hash is unknown, so that the digest cannot be computed.
    private var hasUnknownHash = false
    /// What belongs at positions that are empty or hold another row.
    private let lost: LostRows
    /// The same over what the records themselves hash to: a damaged stored hash changes `digest` but not this one.
    private var recomputed = RunningDigest()
    private(set) var position: UInt64 = 0
    /// What the log was at earlier moments, those that were not met yet, and the streams up to the last of them.
    private var checkpoints: ArraySlice<NamedCheckpoint>
    private let checkpointEnd: UInt64
    private var streams = StreamTree()
    var report = VerifyReport()
    /// There is damage that is not that of single streams.
    var isWide = false

    /// Whether rows are missing, or contradict each other.
    var needsSecondLook: Bool { !missing.isEmpty || !report.damages.isEmpty }

    /// - Parameter lost: What is known of rows that are missing or stand in each other's places; a first pass knows
    ///   nothing of that.
    init(
        _ rows: EventRows, vouched: (position: UInt64, digest: EventHash)?, checkpoints: [NamedCheckpoint] = [],
        lost: LostRows = LostRows()
    ) {
        self.rows = rows
        self.lost = lost
        self.vouched = vouched
        self.checkpoints =
            checkpoints.filter { $0.checkpoint.position > 0 }
            .sorted { $0.checkpoint.position < $1.checkpoint.position }[...]
        checkpointEnd = self.checkpoints.last?.checkpoint.position ?? 0
        report.vouchedPosition = vouched.map { Position($0.position) }
    }

    /// Takes the next position: its row, or nil when there is none.
    mutating func take(_ row: EventRow?) {
        if let row, lost[row.position] == nil { takeRow(row) } else { takeLost(isThere: row != nil) }
        checkDigest()
        while let next = checkpoints.first, next.checkpoint.position == position {
            compare(next)
            checkpoints.removeFirst()
        }
    }

    private mutating func takeLost(isThere: Bool) {
        position += 1
        let place = lost[position]
        let hash = place?.hash
        if hash == nil { hasUnknownHash = true }
        digest.add(hash ?? .zero)
        recomputed.add(hash ?? .zero)
        guard let place else {
            missing.insert(position)
            return
        }
        report.damages.append(Damage(lostAt: position, place, isThere: isThere))
        if place.stream == nil { unnamed += 1 }
        let key = place.key
        if let hash, position <= checkpointEnd {
            streams.take(key, sequence: place.sequence, hash: hash)
        }
        let head = heads.head(of: key)
        let known = head?.sequence.rawValue ?? 0
        guard place.sequence > known else { return }
        skipped += place.sequence - 1 - known
        heads.update(
            key,
            to: StreamHead(
                first: Position(place.first), last: Position(position), sequence: SequenceNumber(place.sequence),
                hash: hash ?? .zero))
    }

    private mutating func takeRow(_ row: EventRow) {
        position = row.position
        report.events += 1
        let header = try? RecordHeader(parsing: row.record)
        let flaw = row.flaw(header)
        if let header, flaw == nil || flaw == .columnMismatch {
            if let flaw { report.damages.append(row.damage(flaw, header)) }
            follow(row, header, isSound: flaw == nil)
            if header.recordedAt.microseconds <= lastTime { report.damages.append(row.damage(.timeOrder, header)) }
            lastTime = header.recordedAt.microseconds
        } else if let flaw {
            takeUntrusted(row, header, flaw)
        }
        let hash = row.hash ?? .zero
        digest.add(hash)
        recomputed.add(flaw == nil ? hash : row.ownHash)
        if row.position <= checkpointEnd, let header, let hash = row.hash, flaw == nil {
            streams.take(
                StreamKey(nameBytes: header.name(in: row.record)), sequence: header.sequence.rawValue, hash: hash)
        }
    }

    /// Whether the log up to the checkpoint is what it was when the checkpoint was signed.
    private mutating func compare(_ named: NamedCheckpoint) {
        let checkpoint = named.checkpoint
        guard digest.value != checkpoint.digest || streams.root() != checkpoint.root else { return }
        // Damaged events found may be all there is: their hashes, as far as they are known, say so.
        let isExplained =
            hasUnknownHash
            || (!report.damages.isEmpty && [digest.value, recomputed.value].contains(checkpoint.digest))
        if !isExplained { isWide = true }
        report.damages.append(
            Damage(
                .digestMismatch, position: nil,
                detail:
                    "the first \(checkpoint.position) events are not those of the checkpoint\(named.suffix): events were "
                    + "rewritten, removed or exchanged since it was signed"))
    }

    /// Follows the chain of the row's stream. After damage the next event is taken as it comes, so that one flaw is
    /// reported once and not for every later event.
    private mutating func follow(_ row: EventRow, _ header: RecordHeader, isSound: Bool) {
        let key = StreamKey(nameBytes: header.name(in: row.record))
        let head = heads.head(of: key)
        let sequence = header.sequence.rawValue
        if isSound {
            let known = head?.sequence.rawValue ?? 0
            if known + 1 != sequence {
                if sequence > known { skipped += sequence - known - 1 }
                findMissing(row, header, from: known + 1)
            } else if head?.last.rawValue ?? 0 != row.previous || (head?.first.rawValue ?? row.position) != row.stream
                || (head?.hash != .zero && head?.hash != header.previousHash(in: row.record))
            {
                report.damages.append(row.damage(.brokenChain, header))
            }
        }
        // An older event that stands here once more does not make the newer ones undone.
        guard sequence > head?.sequence.rawValue ?? 0 else { return }
        let first = head?.first.rawValue ?? (isSound ? row.stream : row.position)
        heads.update(
            key,
            to: StreamHead(
                first: Position(first), last: Position(row.position), sequence: header.sequence,
                hash: row.hash ?? .zero))
    }

    /// The event skips sequences: the ones between are at missing positions, or the chain is broken.
    private mutating func findMissing(_ row: EventRow, _ header: RecordHeader, from first: UInt64) {
        guard missing.remove(row.previous) != nil else {
            report.damages.append(row.damage(.brokenChain, header))
            return
        }
        let name = try? StreamName(bytes: header.name(in: row.record))
        report.damages.append(
            Damage(
                .missing, position: Position(row.previous), stream: name,
                sequence: SequenceNumber(row.sequence - 1),
                detail: row.sequence - 1 > first ? "and older ones from sequence \(first)" : ""))
    }

    /// A row whose bytes cannot be trusted: its stream is told by the stream's first event.
    private mutating func takeUntrusted(_ row: EventRow, _ header: RecordHeader?, _ flaw: Damage.Kind) {
        var name: StreamName?
        if row.stream != row.position {
            name = try? rows.row(at: row.stream, { first in Self.name(of: first) }) ?? nil
        }
        if name == nil, let header { name = try? StreamName(bytes: header.name(in: row.record)) }
        report.damages.append(
            Damage(flaw, position: Position(row.position), stream: name, sequence: SequenceNumber(row.sequence)))
        guard let name else {
            unnamed += 1
            return
        }
        let key = StreamKey(name)
        let first = heads.head(of: key)?.first.rawValue ?? row.position
        heads.update(
            key,
            to: StreamHead(
                first: Position(first), last: Position(row.position), sequence: SequenceNumber(row.sequence),
                hash: .zero))
    }

    private mutating func checkDigest() {
        guard let vouched, digest.count == vouched.position, !hasUnknownHash else { return }
        if digest.value != vouched.digest && recomputed.value != vouched.digest {
            isWide = true
            report.damages.append(
                Damage(
                    .digestMismatch, position: nil,
                    detail: "events up to \(vouched.position) have digest \(digest.value), "
                        + "the head vouches for \(vouched.digest)"))
        }
    }

    /// Ends the pass and attributes what is left.
    func finish() -> VerifyReport {
        var report = report
        var isWide = isWide || unnamed > 0 || missing.count > max(0, Int(clamping: skipped) - unnamed)
        if let vouched, vouched.position == 0, digest.count == 0, vouched.digest != digest.value {
            isWide = true
            report.damages.append(Damage(.digestMismatch, position: nil, detail: "the head of an empty log is wrong"))
        }
        for named in checkpoints {
            isWide = true
            report.damages.append(
                Damage(
                    .missing, position: Position(position + 1),
                    detail:
                        "the checkpoint\(named.suffix) holds \(named.checkpoint.position) events, the log "
                        + "\(position): an older "
                        + "state was put back, or the end was cut off"))
        }
        report.damages += Self.runs(missing)
        report.isConfined = !isWide
        report.streams = heads.count
        report.damages.sort { ($0.position?.rawValue ?? .max) < ($1.position?.rawValue ?? .max) }
        return report
    }

    /// One damage for each run of positions that follow each other.
    private static func runs(_ missing: Set<UInt64>) -> [Damage] {
        var runs: [ClosedRange<UInt64>] = []
        for position in missing.sorted() {
            if let last = runs.last, last.upperBound + 1 == position {
                runs[runs.count - 1] = last.lowerBound...position
            } else {
                runs.append(position...position)
            }
        }
        return runs.map { Damage(missing: $0, detail: "row missing or unreadable") }
    }

    private static func name(of row: EventRow) -> StreamName? {
        guard let header = try? RecordHeader(parsing: row.record), row.hash == EventHash(of: row.record, header) else {
            return nil
        }
        return try? StreamName(bytes: header.name(in: row.record))
    }
}
