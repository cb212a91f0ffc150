import Dispatch
import EventLog

/// Writes the trail beside the database, before each commit. Owned by the writer's thread.
///
/// Before it, so that after the end of a process each row behind the head file that is its own stands in the trail, too.
/// Nothing waits for it and no acknowledged event depends on it: where it is torn after a loss of power or could not be
/// written on a full disk, the rows themselves say what belongs there. So it is synced only before an image of the heads
/// is put in place, behind which nothing is read again at a start.
///
/// `@unchecked Sendable`: the files are written by the owner's thread and synced by the queue, which the disk allows;
/// `failure` is set on the queue and read after it has been waited for.
final class TrailWriter: @unchecked Sendable {
    private let log: LogIdentity
    private let file: any LogDiskFile
    private let names: any LogDiskFile
    private let queue: DispatchQueue?
    private var namesEnd: Int
    private var failure: EventLogError?
    /// Entries that are there without a gap.
    private(set) var position: UInt64
    /// Where the last batch began.
    private var before: (position: UInt64, namesEnd: Int)?
    /// Entries that are surely on disk, and those that a sync under way brings there.
    private var synced: UInt64
    private var syncing: UInt64

    /// Continues the trail behind the last position up to which it is known to be right and on disk.
    /// - Parameter keepsNames: Whether the names of streams that began behind it stay: of damaged ones no row may tell.
    init(
        _ files: LogFiles, log: LogIdentity, after position: UInt64, keepsNames: Bool, syncsBehind: Bool
    ) throws(EventLogError) {
        self.log = log
        file = try files.disk.open(files.trail, create: true)
        names = try files.disk.open(files.names, create: true)
        queue = syncsBehind ? DispatchQueue(label: "care.log.trail") : nil
        // A log that had no trail yet, or lost a part of it, gets it whole.
        let there = try names.size() == 0 ? 0 : UInt64(file.size() / TrailEntry.byteCount)
        let known = min(position, there)
        self.position = known
        synced = known
        syncing = known
        namesEnd = try TrailNames.end(names, upTo: keepsNames ? .max : known, log: log)
    }

    /// Adds the rows of a batch that is about to be committed.
    func add(_ planner: AppendPlanner) throws(EventLogError) {
        var entries: [UInt8] = []
        var slots: [UInt8] = []
        planner.withRows { rows, memory in
            entries = [UInt8](unsafeUninitializedCapacity: rows.count * TrailEntry.byteCount) { buffer, count in
                var place = UnsafeMutableRawPointer(buffer.baseAddress)
                for row in rows {
                    guard let here = place else { break }
                    TrailEntry(hash: row.hash, key: row.key).write(to: here, position: row.position, log: log)
                    place = here + TrailEntry.byteCount
                }
                count = rows.count * TrailEntry.byteCount
            }
            for row in rows where row.sequence == 1 {
                let record = UnsafeRawBufferPointer(start: memory + row.offset, count: row.length)
                guard let header = try? RecordHeader(parsing: record) else { continue }
                slots += TrailNames.slots(of: header.name(in: record), first: row.position, log: log)
            }
        }
        before = (position, namesEnd)
        try write(entries, slots)
    }

    private func write(_ entries: [UInt8], _ slots: [UInt8]) throws(EventLogError) {
        try file.write(entries, at: Int(position) * TrailEntry.byteCount)
        if !slots.isEmpty { try names.write(slots, at: namesEnd) }
        position += UInt64(entries.count / TrailEntry.byteCount)
        namesEnd += slots.count
    }

    /// Adds what the rows say up to a position.
    /// - Parameters:
    ///   - lost: Rows that are not what was written; what is known of them goes in.
    ///   - old: The trail as it was, when its readable entries count more than the rows.
    func catchUp(
        _ rows: EventRows, upTo end: UInt64, lost: LostRows = LostRows(), keeping old: TrailReader? = nil
    ) throws(EventLogError) {
        var old = old
        while position < end {
            var entries: [UInt8] = []
            var slots: [UInt8] = []
            let next = min(end, position + UInt64(TrailReader.block))
            var place = position
            _ = try rows.forEach(after: position, upTo: next) { row, _ in
                place += 1
                let known = old?.entry(at: place)
                if let entry = known ?? Self.entry(row, lost[place]) {
                    entries.add(entry, position: place, log: log)
                } else {
                    entries += [UInt8](repeating: 0, count: TrailEntry.byteCount)
                }
                if known == nil, let row, row.sequence == 1, lost[place] == nil,
                    let header = try? RecordHeader(parsing: row.record)
                {
                    slots += TrailNames.slots(of: header.name(in: row.record), first: place, log: log)
                }
                return true
            }
            try write(entries, slots)
        }
    }

    private static func entry(_ row: EventRow?, _ place: LostRows.Place?) -> TrailEntry? {
        if let place { return place.hash.map { TrailEntry(hash: $0, key: place.key) } }
        guard let row, let hash = row.hash, let header = try? RecordHeader(parsing: row.record),
            hash == EventHash(of: row.record, header)
        else { return nil }
        return TrailEntry(hash: hash, key: StreamKey(nameBytes: header.name(in: row.record)))
    }

    /// Whether the file is so long already that its entries up to a position need no more room.
    func hasRoom(upTo end: UInt64) throws(EventLogError) -> Bool {
        try file.size() >= Int(end) * TrailEntry.byteCount
    }

    /// Cuts off what is behind the log's end: a batch that was never committed, whose places are for other events.
    func cut(behind end: UInt64) throws(EventLogError) {
        let bytes = Int(end) * TrailEntry.byteCount
        if try file.size() > bytes { try file.truncate(to: bytes) }
    }

    /// Cuts off what is behind the last entry.
    func cut() throws(EventLogError) {
        let bytes = Int(position) * TrailEntry.byteCount
        if try file.size() > bytes { try file.truncate(to: bytes) }
        if try names.size() > namesEnd { try names.truncate(to: namesEnd) }
    }

    /// Takes back what was added for a batch that was not committed: its places are for other events.
    /// - Parameter end: The last position that is committed.
    func takeBack(to end: UInt64) throws(EventLogError) {
        if position > end, let before { (position, namesEnd) = before }
        before = nil
        try cut()
    }

    /// Begins to force everything written to disk.
    func beginSync() {
        syncing = position
        guard let queue else { return }
        queue.async { self.syncBehind() }
    }

    private func syncBehind() {
        do throws(EventLogError) {
            try file.sync()
            try names.sync()
        } catch { failure = error }
    }

    /// Ends a sync that was begun.
    /// - Parameter position: What must be on disk then.
    /// - Throws: What it met. What is not surely on disk is written once more: no later sync brings it there.
    func endSync(of position: UInt64) throws(EventLogError) {
        if let queue { queue.sync {} } else { syncBehind() }
        if let failure {
            self.failure = nil
            self.position = synced
            throw failure
        }
        synced = max(synced, min(syncing, self.position))
        guard synced >= position else { throw EventLogError(.storageFailed, "the trail is behind the image") }
    }
}

extension [UInt8] {
    /// Appends an entry of the trail.
    fileprivate mutating func add(_ entry: TrailEntry, position: UInt64, log: LogIdentity) {
        withUnsafeTemporaryAllocation(byteCount: TrailEntry.byteCount, alignment: 8) { bytes in
            guard let base = bytes.baseAddress else { return }
            entry.write(to: base, position: position, log: log)
            self += UnsafeRawBufferPointer(bytes)
        }
    }
}
