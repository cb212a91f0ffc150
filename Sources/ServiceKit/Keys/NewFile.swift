import Foundation

/// A small file that is there whole or not at all, however the process that makes it ends.
package enum NewFile {
    /// Writes a file, forces it to disk and then gives it its name. An existing file is never touched.
    /// - Parameters:
    ///   - path: must not exist yet.
    ///   - mode: rights, whatever the process's mask is.
    /// - Throws: `KeyFileError.exists` or `.cannotWrite`.
    package static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(KeyFileError) {
        // Asked first, so that a full disk is no trouble for what is there already.
        var state = stat()
        guard lstat(path, &state) != 0 else { throw .exists(path: path) }
        let temporary = try prepare(bytes, for: path, mode: mode)
        defer { unlink(temporary) }
        guard link(temporary, path) == 0 else {
            throw errno == EEXIST ? .exists(path: path) : .cannotWrite(path: path, errno: errno)
        }
        syncFolder(of: path)
    }

    /// Exchanges a file at once; what was there before is gone only when the new content is on disk.
    /// - Throws: `KeyFileError.cannotWrite`.
    package static func replace(_ bytes: [UInt8], at path: String, mode: mode_t) throws(KeyFileError) {
        let temporary = try prepare(bytes, for: path, mode: mode)
        guard rename(temporary, path) == 0 else {
            let reason = errno
            unlink(temporary)
            throw .cannotWrite(path: path, errno: reason)
        }
        syncFolder(of: path)
    }

    /// Writes the content beside the file and forces it to disk.
    private static func prepare(_ bytes: [UInt8], for path: String, mode: mode_t) throws(KeyFileError) -> String {
        let temporary = "\(path).\(getpid()).new"
        // Left by a process of this number that was killed here.
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard file >= 0 else { throw .cannotWrite(path: path, errno: errno) }
        let isWhole =
            fchmod(file, mode) == 0 && Foundation.write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        let reason = isWhole ? 0 : errno
        close(file)
        guard isWhole else {
            unlink(temporary)
            throw .cannotWrite(path: path, errno: reason)
        }
        return temporary
    }

    /// A new name survives a power cut only when its folder is synced. Some file systems cannot; the file itself is safe.
    private static func syncFolder(of path: String) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
