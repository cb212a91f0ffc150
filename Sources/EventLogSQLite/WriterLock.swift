import EventLog
import Glibc

/// Keeps a second writer out, also one in another process. Given back when it is released or the process ends.
final class WriterLock {
    private var file: (any LogDiskFile)?

    /// Takes the lock.
    /// - Throws: `EventLogError` with `writerLocked`; retry once the other writer has closed.
    init(_ files: LogFiles) throws(EventLogError) {
        let file = try files.disk.open(files.lock, create: true)
        guard file.tryLock() else {
            let holder = String(decoding: try file.read(32, at: 0), as: UTF8.self)
            throw EventLogError(
                .writerLocked,
                "process \(holder.isEmpty ? "unknown" : holder) is writing this log; stop it, or use another directory")
        }
        try file.truncate(to: 0)
        try file.write(Array("\(getpid())".utf8), at: 0)
        self.file = file
    }

    /// Gives the lock back.
    func release() { file = nil }
}
