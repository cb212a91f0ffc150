import Foundation

/// Folders in which services keep what they know of families: nobody else on the machine reads them.
///
/// A service takes the rights of others away from whatever it makes (`ServiceRunner.main`). Folders that were there before
/// may be open, made by an earlier program or by hand.
package enum PrivateFolder {
    /// Makes the folder and those above it that are missing, for their owner only. Of a folder that is there and open to
    /// others, their rights are taken away, from all that lies in it first; links are not followed. What belongs to somebody
    /// else stays as it is, and so does the folder above (`shut`).
    /// - Throws: what the system says when the folder cannot be made; a retry helps once that is mended.
    package static func make(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var state = stat()
        // Whoever cannot enter the folder does not reach what lies in it: one that is closed needs no walk, however large it is.
        guard stat(path, &state) == 0, state.st_mode & 0o077 != 0 else { return }
        let names = FileManager.default.enumerator(atPath: path)
        while let name = names?.nextObject() as? String { close("\(path)/\(name)") }
        chmod(path, 0o700)
    }

    /// Takes the rights of others away from the folder alone, not from what lies in it, which nobody else reaches then. One that
    /// is missing, is closed, is somebody else's or is everybody's (`/tmp`) stays as it is.
    /// - Returns: The rights that it had, `755`; nil when nothing was changed.
    package static func shut(_ path: String) -> String? {
        var state = stat()
        guard stat(path, &state) == 0, state.st_mode & S_IFMT == S_IFDIR, state.st_mode & 0o077 != 0,
            state.st_mode & S_ISVTX == 0, chmod(path, state.st_mode & 0o700) == 0
        else { return nil }
        return String(state.st_mode & 0o777, radix: 8)
    }

    private static func close(_ path: String) {
        var state = stat()
        guard lstat(path, &state) == 0, state.st_mode & S_IFMT != S_IFLNK, state.st_mode & 0o077 != 0 else { return }
        chmod(path, state.st_mode & 0o700)
    }
}
