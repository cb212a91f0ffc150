import Foundation

/// Writes 4 KiB beside the log and syncs them, to see how long the disk takes and whether it takes anything at all, also
/// when nobody appends.
///
/// It is not the log's own commit: that is not timed, since every append would pay for it. The file loses its name at
/// once, so that nothing of it is left behind. Used by one thread.
final class DiskProbe {
    /// What a try came to.
    enum Outcome: Equatable {
        /// Written and synced in this time.
        case synced(Duration)
        /// The disk is full or fails.
        case refused
    }

    private static let size = 4_096
    private let folder: String
    private var descriptor: Int32 = -1

    /// - Parameter folder: a folder on the disk that is asked about.
    init(folder: String) { self.folder = folder }

    deinit { close() }

    /// Writes and syncs once. Takes as long as the disk does.
    func tryOnce() -> Outcome {
        if descriptor < 0 { descriptor = nameless() }
        guard descriptor >= 0 else { return .refused }
        let bytes = [UInt8](repeating: 0x5a, count: Self.size)
        let start = ContinuousClock.now
        // A new file each time: on a full disk an old one could still be written over.
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count,
            fsync(descriptor) == 0
        else {
            close()
            return .refused
        }
        return .synced(ContinuousClock.now - start)
    }

    /// A file whose name is gone before anything is written to it.
    private func nameless() -> Int32 {
        var path = Array("\(folder)/probe-XXXXXX".utf8CString)
        let made = mkstemp(&path)
        if made >= 0 { unlink(path) }
        return made
    }

    /// Bytes that this service may still use there; nil when the kernel does not say.
    var freeBytes: UInt64? {
        var state = statvfs()
        guard statvfs(folder, &state) == 0 else { return nil }
        return UInt64(state.f_bavail) * UInt64(state.f_frsize)
    }

    private func close() {
        if descriptor >= 0 { Foundation.close(descriptor) }
        descriptor = -1
    }
}
