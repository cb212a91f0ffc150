import Foundation
import ServiceKit

/// Writes 4 KiB beside the log and syncs them, to see how long the disk takes and whether it takes anything at all, also
/// when nobody appends.
///
/// It is not the log's own commit: that is not timed, since every append would pay for it. Each try has a file of its
/// own, since room that was taken once could be written over on a full disk; the file loses its name at once, so that
/// nothing of it is left behind.
struct DiskProbe: Sendable {
    /// What a try came to.
    enum Outcome: Equatable {
        /// Written and synced in this time.
        case synced(Duration)
        /// Nothing was written, for this reason.
        case refused(WriteTrouble)
    }

    private static let size = 4_096

    /// A folder on the disk that is asked about.
    let folder: String

    /// Writes and syncs once. Takes as long as the disk does.
    func tryOnce() -> Outcome {
        let descriptor = nameless()
        guard descriptor >= 0 else { return .refused(WriteTrouble(errno: -descriptor)) }
        defer { close(descriptor) }
        let bytes = [UInt8](repeating: 0x5a, count: Self.size)
        let start = ContinuousClock.now
        let written = pwrite(descriptor, bytes, bytes.count, 0)
        // A disk that takes a part only has no room for the rest, and says nothing of it.
        guard written < 0 || written == bytes.count else { return .refused(.noRoom) }
        guard written >= 0, fsync(descriptor) == 0 else { return .refused(WriteTrouble(errno: errno)) }
        return .synced(ContinuousClock.now - start)
    }

    /// A file whose name is gone before anything is written to it; the system's number, negative, when there is none.
    private func nameless() -> Int32 {
        var path = Array("\(folder)/probe-XXXXXX".utf8CString)
        let made = mkstemp(&path)
        guard made >= 0 else { return -errno }
        unlink(path)
        return made
    }

    /// Bytes that this service may still use there; nil when the kernel does not say.
    var freeBytes: UInt64? {
        var state = statvfs()
        guard statvfs(folder, &state) == 0 else { return nil }
        return UInt64(state.f_bavail) * UInt64(state.f_frsize)
    }
}
