import EventLog
import Foundation

@testable import EventLogSQLite

/// The real files of one log, with a record of everything that was written, synced, made and removed, and with calls that
/// fail when they are asked to. SQLite's files come here through `RecordingVFS`, the others as a `LogDisk`.
///
/// `@unchecked Sendable`: everything is touched only while `lock` is held. It is held over each call, so that the record
/// has the order in which the calls were done.
final class RecordingDisk: LogDisk, @unchecked Sendable {
    private let lock = NSRecursiveLock()
    private let system = SystemDisk()
    private var record: [RecordedCall] = []
    private var fault: PlannedFault?
    private var seen = 0
    private var struck = false

    /// What was done so far.
    var calls: [RecordedCall] { lock.withLock { record } }
    /// Whether the planned fault came to pass.
    var hasStruck: Bool { lock.withLock { struck } }

    /// Lets a call fail, counted from now on.
    func plan(_ fault: PlannedFault?) {
        lock.withLock {
            self.fault = fault
            seen = 0
            struck = false
        }
    }

    func note(_ call: RecordedCall) { lock.withLock { record.append(call) } }

    /// Runs a call on a file, unless it is the one that is to fail.
    func perform<Result>(
        _ call: PlannedFault.Call, _ name: String, failing: (PlannedFault.Failure) -> Result, _ body: () -> Result
    ) -> Result {
        lock.withLock {
            if let fault, fault.call == call, name.hasSuffix(fault.file) {
                seen += 1
                if seen == fault.number {
                    struck = true
                    return failing(fault.failure)
                }
            }
            return body()
        }
    }

    static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    // MARK: LogDisk

    private static func error(_ failure: PlannedFault.Failure) -> EventLogError {
        EventLogError(failure == .full ? .diskFull : .storageFailed, "planned")
    }

    /// The same for calls that throw.
    func attempt<Value>(
        _ call: PlannedFault.Call, _ name: String, onFailure: (PlannedFault.Failure) -> Void = { _ in },
        _ body: () throws(EventLogError) -> Value
    ) throws(EventLogError) -> Value {
        let result: Result<Value, EventLogError> = perform(call, name) { failure in
            onFailure(failure)
            return .failure(Self.error(failure))
        } _: {
            do throws(EventLogError) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    func open(_ path: String, create: Bool) throws(EventLogError) -> any LogDiskFile {
        let name = Self.name(path)
        return try attempt(.open, name) { () throws(EventLogError) in
            let isNew = access(path, F_OK) != 0
            let file = try system.open(path, create: create)
            if isNew { record.append(.create(name)) }
            return RecordingFile(disk: self, name: name, file: file)
        }
    }

    func makeDirectories(_ path: String) throws(EventLogError) { try system.makeDirectories(path) }

    func syncDirectory(_ path: String) throws(EventLogError) {
        try lock.holding { () throws(EventLogError) in
            try system.syncDirectory(path)
            record.append(.syncDirectory)
        }
    }

    func rename(_ path: String, to new: String) throws(EventLogError) {
        try attempt(.rename, Self.name(new)) { () throws(EventLogError) in
            try system.rename(path, to: new)
            record.append(.rename(Self.name(path), to: Self.name(new)))
        }
    }

    func remove(_ path: String) {
        lock.withLock {
            system.remove(path)
            record.append(.remove(Self.name(path)))
        }
    }
}

extension NSRecursiveLock {
    fileprivate func holding<Value>(_ body: () throws(EventLogError) -> Value) throws(EventLogError) -> Value {
        lock()
        defer { unlock() }
        return try body()
    }
}

/// A file beside the database, recorded.
private final class RecordingFile: LogDiskFile {
    private let disk: RecordingDisk
    private let name: String
    private let file: any LogDiskFile

    init(disk: RecordingDisk, name: String, file: any LogDiskFile) {
        self.disk = disk
        self.name = name
        self.file = file
    }

    func size() throws(EventLogError) -> Int { try file.size() }
    func tryLock() -> Bool { file.tryLock() }
    func read(_ count: Int, at offset: Int) throws(EventLogError) -> [UInt8] { try file.read(count, at: offset) }

    func truncate(to length: Int) throws(EventLogError) {
        try disk.attempt(.truncate, name) { () throws(EventLogError) in
            try file.truncate(to: length)
            disk.note(.truncate(name, length: length))
        }
    }

    func allocate(_ length: Int) throws(EventLogError) {
        try disk.attempt(.truncate, name) { () throws(EventLogError) in
            try file.allocate(length)
            disk.note(.truncate(name, length: max(length, try file.size())))
        }
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(EventLogError) {
        try disk.attempt(.write, name) { failure in
            guard failure == .short else { return }
            let part = Array(bytes.prefix(bytes.count / 2))
            try? file.write(part, at: offset)
            disk.note(.write(name, offset: offset, bytes: part))
        } _: { () throws(EventLogError) in
            try file.write(bytes, at: offset)
            disk.note(.write(name, offset: offset, bytes: bytes))
        }
    }

    func sync() throws(EventLogError) {
        try disk.attempt(.sync, name) { _ in
            disk.note(.failedSync(name))
        } _: { () throws(EventLogError) in
            try file.sync()
            disk.note(.sync(name))
        }
    }
}
