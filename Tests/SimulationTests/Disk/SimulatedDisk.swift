import EventLog
import EventLogSQLite
import Foundation

/// The disk of one machine: the files of SQLite (through `SimulatedVFS`) and those beside it (through `LogDisk`).
///
/// `@unchecked Sendable`: everything is touched only while `lock` is held. Only the rebuild of the read models, at the
/// end of a run, reads from two threads; all else happens on the simulation's one.
final class SimulatedDisk: LogDisk, @unchecked Sendable {
    /// What goes wrong at the moment, in thousandths of the calls.
    struct Trouble {
        var writesFail = 0
        var syncsFail = 0
        /// Nothing that makes a file longer is written, unless others became shorter.
        var isFull = false
        /// No room is taken in advance, for another reason than want of it.
        var takesNoRoomAhead = false
    }

    enum Failure: Error {
        case write
        case sync
        case full
        /// The process that opened the file is dead.
        case dead
    }

    private let lock = NSRecursiveLock()
    private var files: [String: SimulatedFile] = [:]
    private var locks: [String: ObjectIdentifier] = [:]
    private var shared: [String: SharedMemory] = [:]
    private var holders: [String: [Weak]] = [:]
    private var random: SeededRandom
    /// What befalls the trail, which nothing depends on, is drawn apart: it does not change what befalls the rest.
    private var trailRandom: SeededRandom
    /// Likewise the file of refusals.
    private var refusalRandom: SeededRandom
    /// Rises with each death of the process: files that an earlier one opened do nothing any more.
    private var life = 0
    /// What goes wrong now.
    private var trouble = Trouble()
    private var ignoresDeletes = false
    /// The mutant that acknowledges before it has synced.
    private let syncsLate: Bool
    /// Bytes that files gave back while the disk is full.
    private var room = 0
    private(set) var failedWrites = 0
    private(set) var failedSyncs = 0
    private(set) var fullWrites = 0

    init(random: SeededRandom, syncsLate: Bool) {
        self.random = random
        var other = random
        trailRandom = other.fork()
        refusalRandom = other.fork()
        self.syncsLate = syncsLate
    }

    func withLock<Result>(_ body: () throws -> Result) rethrows -> Result { try lock.withLock(body) }

    func set(_ trouble: Trouble) {
        lock.withLock {
            self.trouble = trouble
            room = 0
        }
    }

    /// Others take what room there is left.
    func takeRoom() { lock.withLock { room = 0 } }

    // MARK: The end of a process

    /// The process is killed: what it wrote stands, what it held is given back.
    func kill() {
        lock.withLock {
            life += 1
            locks = [:]
            shared = [:]
            holders = [:]
        }
    }

    /// The machine loses power: of what was not synced, any part is lost.
    func losePower() {
        lock.withLock {
            kill()
            let keeping = random.one(of: [0, 200, 500, 900, 1000])
            for path in files.keys.sorted() {
                guard let file = files[path] else { continue }
                drawing(for: path) { file.losePower(keeping: keeping, &$0) }
            }
        }
    }

    /// Draws what befalls a file.
    private func drawing<Result>(for path: String, _ body: (inout SeededRandom) -> Result) -> Result {
        if path.hasSuffix("/events.trail") || path.hasSuffix("/events.names") { return body(&trailRandom) }
        return path.hasSuffix("/events.refused") ? body(&refusalRandom) : body(&random)
    }

    // MARK: Files

    func file(_ path: String, create: Bool) -> OpenedFile? {
        lock.withLock {
            guard let file = files[path] ?? (create ? SimulatedFile() : nil) else { return nil }
            files[path] = file
            return OpenedFile(disk: self, path: path, file: file, life: life)
        }
    }

    func exists(_ path: String) -> Bool { lock.withLock { files[path] != nil } }

    func delete(_ path: String) {
        lock.withLock {
            guard !ignoresDeletes else { return }
            room += files[path]?.size ?? 0
            files[path] = nil
        }
    }

    /// While the connections of a dead process are let go, SQLite may want to tidy up behind them.
    func ignoringDeletes(_ body: () -> Void) {
        lock.withLock { ignoresDeletes = true }
        body()
        lock.withLock { ignoresDeletes = false }
    }

    /// The memory that connections to one database share while their process lives.
    func sharedMemory(_ path: String, life: Int) -> SharedMemory {
        lock.withLock {
            guard life == self.life else { return SharedMemory() }
            let memory = shared[path] ?? SharedMemory()
            shared[path] = memory
            return memory
        }
    }

    // MARK: LogDisk

    func open(_ path: String, create: Bool) throws(EventLogError) -> any LogDiskFile {
        guard let file = file(path, create: create) else {
            throw EventLogError(.storageFailed, "cannot open the file", underlying: "it is not there")
        }
        return file
    }

    func makeDirectories(_ path: String) throws(EventLogError) {}

    func syncDirectory(_ path: String) throws(EventLogError) {}

    func rename(_ path: String, to new: String) throws(EventLogError) {
        lock.withLock {
            files[new] = files[path]
            files[path] = nil
        }
    }

    func remove(_ path: String) { delete(path) }

    // MARK: What open files ask

    func isAlive(_ file: OpenedFile) -> Bool { file.life == life }

    func lockWhole(_ file: OpenedFile) -> Bool {
        lock.withLock {
            guard locks[file.path] == nil else { return false }
            locks[file.path] = ObjectIdentifier(file)
            return true
        }
    }

    func unlockWhole(_ path: String, by holder: ObjectIdentifier) {
        lock.withLock { if locks[path] == holder { locks[path] = nil } }
    }

    // MARK: SQLite's locks on a database: 1 shared, 2 reserved, 3 pending, 4 exclusive

    private struct Weak {
        weak var file: OpenedFile?
    }

    /// Raises a connection's lock; false when another stands in the way.
    func raise(_ file: OpenedFile, to level: Int32) -> Bool {
        guard isAlive(file), file.level < level else { return true }
        let others = (holders[file.path] ?? []).compactMap(\.file).filter { $0 !== file && $0.life == life }
        let highest = others.map(\.level).max() ?? 0
        let isFree =
            switch level {
            case 1: highest < 3
            case 2, 3: highest < 2
            default: highest < 1
            }
        guard isFree else { return false }
        file.level = level
        if !(holders[file.path] ?? []).contains(where: { $0.file === file }) {
            holders[file.path, default: []].removeAll { $0.file == nil }
            holders[file.path, default: []].append(Weak(file: file))
        }
        return true
    }

    func lower(_ file: OpenedFile, to level: Int32) { file.level = min(file.level, level) }

    func isReserved(_ path: String) -> Bool {
        (holders[path] ?? []).contains { $0.file.map { $0.life == life && $0.level >= 2 } ?? false }
    }

    func write(_ bytes: [UInt8], at offset: Int, to opened: OpenedFile) throws(Failure) {
        guard isAlive(opened) else { throw .dead }
        try lengthen(opened.file, to: offset + bytes.count)
        if drawing(for: opened.path, { $0.chance(trouble.writesFail) }) {
            failedWrites += 1
            // Some of it may have arrived.
            let done = bytes.prefix(drawing(for: opened.path) { $0.number(0...bytes.count) })
            if !done.isEmpty { opened.file.write(Array(done), at: offset) }
            throw .write
        }
        opened.file.write(bytes, at: offset)
    }

    /// Takes the room for a longer file.
    private func lengthen(_ file: SimulatedFile, to length: Int) throws(Failure) {
        guard trouble.isFull, length > file.size else { return }
        guard length - file.size <= room else {
            fullWrites += 1
            throw .full
        }
        room -= length - file.size
    }

    func allocate(_ length: Int, for opened: OpenedFile) throws(Failure) {
        guard isAlive(opened) else { throw .dead }
        guard !trouble.takesNoRoomAhead else { throw .write }
        guard length > opened.file.size else { return }
        try lengthen(opened.file, to: length)
        opened.file.truncate(to: length)
    }

    func truncate(_ opened: OpenedFile, to length: Int) {
        guard isAlive(opened) else { return }
        room += max(0, opened.file.size - length)
        opened.file.truncate(to: length)
    }

    func sync(_ opened: OpenedFile) throws(Failure) {
        guard isAlive(opened) else { throw .dead }
        if drawing(for: opened.path, { $0.chance(trouble.syncsFail) }) {
            failedSyncs += 1
            drawing(for: opened.path) { opened.file.failSync(&$0) }
            throw .sync
        }
        opened.file.sync(isLate: syncsLate)
    }
}

/// A file that a process has open.
final class OpenedFile: LogDiskFile {
    let disk: SimulatedDisk
    let path: String
    let file: SimulatedFile
    let life: Int
    /// SQLite's lock on a database, by its own numbers.
    var level: Int32 = 0
    var memory: SharedMemory?
    /// Whether the last write failed for want of room.
    var foundNoRoom = false

    init(disk: SimulatedDisk, path: String, file: SimulatedFile, life: Int) {
        self.disk = disk
        self.path = path
        self.file = file
        self.life = life
    }

    deinit { disk.unlockWhole(path, by: ObjectIdentifier(self)) }

    func size() throws(EventLogError) -> Int { disk.withLock { file.size } }

    func tryLock() -> Bool { disk.lockWhole(self) }

    func truncate(to length: Int) throws(EventLogError) {
        disk.withLock { disk.truncate(self, to: length) }
    }

    func allocate(_ length: Int) throws(EventLogError) {
        let failure: SimulatedDisk.Failure? = disk.withLock {
            do throws(SimulatedDisk.Failure) {
                try disk.allocate(length, for: self)
                return nil
            } catch { return error }
        }
        if let failure { throw EventLogError(failure == .full ? .diskFull : .storageFailed, "cannot take room") }
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(EventLogError) {
        let failure: SimulatedDisk.Failure? = disk.withLock {
            do throws(SimulatedDisk.Failure) {
                try disk.write(bytes, at: offset, to: self)
                return nil
            } catch { return error }
        }
        switch failure {
        case nil: return
        case .full: throw EventLogError(.diskFull, "cannot write", underlying: "no room")
        case .write, .sync, .dead: throw EventLogError(.storageFailed, "cannot write", underlying: "played")
        }
    }

    func read(_ count: Int, at offset: Int) throws(EventLogError) -> [UInt8] {
        disk.withLock {
            [UInt8](unsafeUninitializedCapacity: count) { buffer, found in
                found = buffer.baseAddress.map { file.read(count, at: offset, into: $0) } ?? 0
            }
        }
    }

    func sync() throws(EventLogError) {
        let isDone = disk.withLock {
            do throws(SimulatedDisk.Failure) {
                try disk.sync(self)
                return true
            } catch { return false }
        }
        if !isDone { throw EventLogError(.storageFailed, "cannot sync", underlying: "played") }
    }
}
