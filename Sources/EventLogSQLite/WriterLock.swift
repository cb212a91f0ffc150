import EventLog
import Glibc

/// Keeps a second writer out, also one in another process. Given back when it is released or the process ends.
final class WriterLock {
    /// Bytes of the file: the process's number, and blanks.
    private static let length = 32
    private var file: (any LogDiskFile)?

    /// Takes the lock.
    /// - Throws: `EventLogError` with `writerLocked`; retry once the other writer has closed.
    init(_ files: LogFiles) throws(EventLogError) {
        let file = try files.disk.open(files.lock, create: true)
        guard file.tryLock() else {
            let holder = String(decoding: try file.read(Self.length, at: 0).prefix { $0 != 0x20 }, as: UTF8.self)
            throw EventLogError(
                .writerLocked,
                "process \(holder.isEmpty ? "unknown" : holder) is writing this log; stop it, or use another directory")
        }
        // Over what stood there, in its room: on a full disk a file made empty could not be filled again.
        let name = Array("\(getpid())".utf8)
        do throws(EventLogError) {
            try file.write(name + [UInt8](repeating: 0x20, count: Self.length - name.count), at: 0)
        } catch {
            // Only for whoever asks who has it; the lock holds without.
            guard error.code == .diskFull else { throw error }
        }
        self.file = file
    }

    /// Gives the lock back.
    func release() { file = nil }
}
