import EventLog
import Glibc

/// A file of the file system for small positioned reads and writes, synced on demand.
final class DurableFile: LogDiskFile {
    private var descriptor: Int32
    private let name: String

    /// Opens a file, creating it when asked. The name in messages is without its directory.
    init(_ path: String, create: Bool) throws(EventLogError) {
        name = path.split(separator: "/").last.map(String.init) ?? path
        descriptor = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0o600)
        if descriptor < 0 { throw Self.failure("open", name) }
    }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

    /// Bytes of the file.
    func size() throws(EventLogError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure("stat", name) }
        return Int(status.st_size)
    }

    /// Takes the exclusive lock; false when another open file holds it.
    func tryLock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    /// Sets the length.
    func truncate(to length: Int) throws(EventLogError) {
        guard ftruncate(descriptor, off_t(length)) == 0 else { throw Self.failure("truncate", name) }
    }

    /// Makes the file at least so long, with room on the disk for every byte of it.
    /// - Throws: `diskFull` when there is no room; `storageFailed` for anything else, also where files may not be so long.
    func allocate(_ length: Int) throws(EventLogError) {
        guard length > 0 else { return }
        var number = EINTR
        while number == EINTR { number = posix_fallocate(descriptor, 0, off_t(length)) }
        guard number != 0 else { return }
        let isFull = number == ENOSPC || number == EDQUOT
        throw EventLogError(
            isFull ? .diskFull : .storageFailed, "cannot take room for \(name)",
            underlying: "errno \(number): \(String(cString: strerror(number)))")
    }

    /// Writes all bytes at an offset.
    func write(_ bytes: [UInt8], at offset: Int) throws(EventLogError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map { pwrite(descriptor, $0 + done, bytes.count - done, off_t(offset + done)) } ?? 0
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("write", name) }
            done += count
        }
    }

    /// Reads up to `count` bytes at an offset; fewer at the end of the file.
    func read(_ count: Int, at offset: Int) throws(EventLogError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let part = bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { pread(descriptor, $0 + done, count - done, off_t(offset + done)) } ?? 0
            }
            if part < 0 && errno == EINTR { continue }
            guard part >= 0 else { throw Self.failure("read", name) }
            if part == 0 { break }
            done += part
        }
        bytes.removeSubrange(done...)
        return bytes
    }

    /// Forces the content to disk.
    func sync() throws(EventLogError) {
        guard fdatasync(descriptor) == 0 else { throw Self.failure("sync", name) }
    }

    /// Lengthens a file with zeros that really stand on disk. A convenience: when there is no space for it, the file
    /// keeps its length and grows later.
    static func extend(_ path: String, to length: Int) {
        guard let file = try? DurableFile(path, create: false), let size = try? file.size(), size < length else {
            return
        }
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        var end = size
        do throws(EventLogError) {
            while end < length {
                let part = min(zeros.count, length - end)
                try file.write(part == zeros.count ? zeros : Array(zeros[..<part]), at: end)
                end += part
            }
            try file.sync()
        } catch {
            try? file.truncate(to: size)
        }
    }

    /// Makes a directory and those above it that are missing, for their owner only.
    static func makeDirectories(_ path: String) throws(EventLogError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeDirectories(String(path[..<slash]))
            if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        }
        throw failure("create", "directory \(path)")
    }

    /// Forces a directory entry to disk, so that a new file survives a power cut.
    static func syncDirectory(_ path: String) throws(EventLogError) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw failure("open", "log directory") }
        defer { Glibc.close(directory) }
        guard fsync(directory) == 0 else { throw failure("sync", "log directory") }
    }

    static func failure(_ action: String, _ name: String, line: UInt = #line) -> EventLogError {
        let number = errno
        let reason = String(cString: strerror(number))
        let code: EventLogError.Code = [ENOSPC, EDQUOT, EFBIG].contains(number) ? .diskFull : .storageFailed
        return EventLogError(code, "cannot \(action) \(name)", underlying: "errno \(number): \(reason)", line: line)
    }
}
