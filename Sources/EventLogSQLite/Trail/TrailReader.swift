import EventLog

/// Reads the trail, and the names beside it. Used by one thread; each reader opens the files for itself.
///
/// The trail is the log's skeleton outside the database: for each position the stream's key and the record's hash.
/// It vouches for nothing by itself. Its hashes are believed when they lead to the digest that the head file vouches for;
/// then they tell exactly which rows of which streams are others than were written, and everybody else is served.
struct TrailReader {
    /// Most entries read at a time.
    static let block = 4096

    /// Entries to read at a time: as many as will be asked for in order, when that is known to be less.
    private var ahead = Self.block

    private let file: any LogDiskFile
    private let files: LogFiles
    private let log: LogIdentity
    private var bytes: [UInt8] = []
    /// Position of the first entry in `bytes`, and of the first that they are not asked for.
    private var start: UInt64 = 1
    private var end: UInt64 = 1

    /// Opens the trail of a log; nil when there is none.
    init?(_ files: LogFiles, log: LogIdentity) {
        guard let file = try? files.disk.open(files.trail, create: false) else { return nil }
        self.file = file
        self.files = files
        self.log = log
    }

    /// Positions that the file has entries for, or room.
    var count: UInt64 { UInt64(((try? file.size()) ?? 0) / TrailEntry.byteCount) }

    /// So many entries in order will be asked for next.
    mutating func expect(_ count: UInt64) { ahead = Int(min(UInt64(Self.block), max(count, 1))) }

    /// The entry of a position; nil when there is none that can be read.
    mutating func entry(at position: UInt64) -> TrailEntry? {
        guard let offset = offset(of: position) else { return nil }
        return bytes.withUnsafeBytes { bytes in
            bytes.baseAddress.flatMap { TrailEntry(at: $0 + offset, position: position, log: log) }
        }
    }

    /// Whether the trail says that another record was written at a position than one with this hash.
    mutating func contradicts(_ position: UInt64, _ hash: EventHash) -> Bool {
        guard let offset = offset(of: position) else { return false }
        let isSame = bytes.withUnsafeBytes { bytes in
            EventHash(bytes: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + EventHash.byteCount])) == hash
        }
        // What was read ahead may have been written since: an event that was being appended and failed makes room for another.
        return isSame ? false : contradictsAlone(position, hash)
    }

    /// The same for an event far from those asked for before.
    func contradictsAlone(_ position: UInt64, _ hash: EventHash) -> Bool {
        let place = Int(position - 1) * TrailEntry.byteCount
        guard let bytes = try? file.read(TrailEntry.byteCount, at: place), bytes.count == TrailEntry.byteCount else {
            return false
        }
        let entry = bytes.withUnsafeBytes { bytes in
            bytes.baseAddress.flatMap { TrailEntry(at: $0, position: position, log: log) }
        }
        return entry.map { $0.hash != .zero && $0.hash != hash } ?? false
    }

    private mutating func offset(of position: UInt64) -> Int? {
        if position < start || position >= end { load(position) }
        let offset = Int(position - start) * TrailEntry.byteCount
        return offset + TrailEntry.byteCount <= bytes.count ? offset : nil
    }

    private mutating func load(_ position: UInt64) {
        start = position
        bytes =
            (try? file.read(ahead * TrailEntry.byteCount, at: Int(position - 1) * TrailEntry.byteCount)) ?? []
        let count = bytes.count / TrailEntry.byteCount
        // Where nothing is, the next positions are not asked for one by one.
        end = position + UInt64(count == 0 ? ahead : count)
    }

    /// Names of streams, where the file of names has them.
    func names(of keys: Set<StreamKey>) -> [StreamKey: StreamName] {
        var found: [StreamKey: StreamName] = [:]
        guard !keys.isEmpty, let file = try? files.disk.open(files.names, create: false) else { return found }
        TrailNames.forEach(file, log: log) { bytes in
            bytes.withUnsafeBytes { bytes in
                let key = StreamKey(nameBytes: bytes)
                if keys.contains(key), let name = try? StreamName(bytes: bytes) { found[key] = name }
            }
        }
        return found
    }
}
