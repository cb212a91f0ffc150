import EventLog
import Glibc

/// Room beside the log that is given up when a start finds the disk full, so that the log can be opened the usual way and
/// read.
///
/// It is a file of allocated bytes that hold nothing. Opening copies the write-ahead log into the database, which may grow
/// by as much, and needs some more beside it; so before each commit the reserve is made as long as the write-ahead log will
/// make that, or the commit is refused as on a full disk. After a start that gave it up nothing is appended until it is
/// there again. Decision 0007.
///
/// Where such a file cannot be had for another reason than want of room, the log goes on without, and it is tried again:
/// by whoever watches the disk, and by the writer every fifteen seconds in which it commits. What finds room is kept from
/// then on; what finds none is a full disk like any other.
///
/// `@unchecked Sendable`: everything that changes is touched only while `lock` is held. The writer asks before it commits;
/// whoever watches the disk may take the room back meanwhile.
package final class SpaceReserve: @unchecked Sendable {
    private let lock = LogLock()
    private let files: LogFiles
    private let file: any LogDiskFile
    /// Bytes kept besides what the write-ahead log asks for: what else opening writes, here and in the read models.
    private let besides: Int
    /// Shortest length, and the one that covers a write-ahead log as long as it usually gets.
    private let shortest: Int
    private let usual: Int
    private var length = 0
    /// Length that is missed; `shortest` when none is.
    private var wanted: Int
    private var triedAt: RecordedTime?
    /// Whether the last try found that such a file cannot be had here, for another reason than want of room: until a later
    /// one finds otherwise the log goes on without.
    private var isUseless = false

    private static let step = 1 << 20
    /// How much longer than necessary it is made while there is room.
    private static let stride = 4 << 20
    /// Microseconds between two tries of the writer: when room is missing, and when the file cannot be had.
    private static let pause: Int64 = 1_000_000
    private static let uselessPause: Int64 = 15_000_000

    /// Looks whether there is room to open the log besides the reserve, and gives that up when there is not.
    init(_ files: LogFiles, _ options: SQLiteLogOptions) throws(EventLogError) {
        self.files = files
        besides = options.openingBytes
        shortest = Self.needed(for: 0, besides)
        usual = Self.needed(for: options.checkpointBytes + options.checkpointBytes / 4, besides)
        wanted = shortest
        file = try files.disk.open(files.reserve, create: true)
        let there = try file.size()
        do throws(EventLogError) {
            // A file that was copied may be as long without having its room.
            try file.allocate(there)
            length = there
            try Self.tryRoom(max(shortest, there), files)
        } catch {
            note(error)
            length = 0
            try file.truncate(to: 0)
        }
    }

    /// Takes room and gives it back, to see whether it is there: free bytes of the system say nothing of quotas.
    private static func tryRoom(_ bytes: Int, _ files: LogFiles) throws(EventLogError) {
        let path = files.reserve + ".new"
        defer { files.disk.remove(path) }
        try files.disk.open(path, create: true).allocate(bytes)
    }

    /// Room that opening may need with so many bytes in the write-ahead log.
    private static func needed(for writeAheadLog: Int, _ besides: Int) -> Int {
        let bytes = writeAheadLog + writeAheadLog / 16 + besides
        return (bytes + step - 1) / step * step
    }

    /// Ends the opening: makes the reserve what it is to be, if there is room.
    func settle() {
        lock.withLock {
            if length > usual, (try? file.truncate(to: usual)) != nil { length = usual }
            // What else is opened on this disk goes first; what is missing then is taken back later, as it comes.
            if length < shortest, (try? Self.tryRoom(shortest + besides, files)) != nil {
                take(shortest, keepingPart: false)
            }
            guard length > 0 else { return }
            try? files.disk.syncDirectory(files.directory)
        }
    }

    /// Whether the log could be opened again if the disk were full now, and takes what is to be appended.
    package var isWhole: Bool { lock.withLock { isUseless || length >= wanted } }

    /// Bytes that it holds, and those it is to hold.
    package var bytes: (held: Int, wanted: Int) { lock.withLock { (length, wanted) } }

    /// Takes back what room there is; tries again also when such a file could not be had before.
    /// - Returns: Whether nothing is missing any more.
    @discardableResult
    package func restore() -> Bool {
        lock.withLock {
            if length < wanted { take(wanted, keepingPart: length < shortest) }
            return isUseless || length >= wanted
        }
    }

    /// Makes sure that the log can be opened on a full disk after a commit.
    /// - Parameter writeAheadLog: Bytes that the write-ahead log will have then, at most.
    /// - Throws: `diskFull`; nothing may be committed then, and a retry helps when there is room.
    func require(for writeAheadLog: Int, at now: RecordedTime) throws(EventLogError) {
        try lock.withLock { () throws(EventLogError) in
            let bytes = max(shortest, Self.needed(for: writeAheadLog, besides))
            if length < bytes {
                wanted = bytes
                let pause = isUseless ? Self.uselessPause : Self.pause
                if triedAt.map({ !(0..<pause).contains(now.microseconds - $0.microseconds) }) ?? true {
                    take(bytes, keepingPart: length < shortest)
                    if length < bytes { triedAt = now }
                }
                guard isUseless || length >= bytes else {
                    throw EventLogError(
                        .diskFull,
                        "the log keeps \(bytes >> 20) MiB free for its next start and has \(length >> 20) MiB of them")
                }
            }
            wanted = shortest
        }
    }

    /// Lengthens the file.
    /// - Parameter keepingPart: Whether as much as there is room for is kept when it is not enough, so that nobody else
    ///   takes it meanwhile.
    private func take(_ bytes: Int, keepingPart: Bool) {
        defer { try? file.sync() }
        if length >= shortest, (try? file.allocate(bytes + Self.stride)) != nil {
            length = bytes + Self.stride
            isUseless = false
            return
        }
        do throws(EventLogError) {
            try file.allocate(bytes)
            length = bytes
            isUseless = false
            return
        } catch { note(error) }
        while keepingPart, !isUseless, length + Self.step <= bytes, (try? file.allocate(length + Self.step)) != nil {
            length += Self.step
        }
        try? file.truncate(to: length)
    }

    private func note(_ error: EventLogError) { isUseless = error.code != .diskFull }
}
