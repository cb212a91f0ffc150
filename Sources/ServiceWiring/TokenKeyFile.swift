import CareWire
import Foundation
import ServiceKit

/// The deployment's key for person tokens: 32 random bytes in a file that only its owner can read.
///
/// Losing it loses the link between ID numbers and person streams; giving it away lets others guess who is registered.
package enum TokenKeyFile {
    /// Reads the key.
    /// - Throws: `KeyFileError`; a retry does not help.
    package static func read(_ path: String) throws -> TokenKey {
        var info = stat()
        guard stat(path, &info) == 0 else { throw KeyFileError.cannotRead(path: path, errno: errno) }
        guard info.st_mode & 0o077 == 0 else {
            throw KeyFileError.tooOpen(path: path, mode: Int(info.st_mode & 0o777))
        }
        guard let bytes = StateFile.read(path), let key = TokenKey(bytes: bytes) else {
            throw KeyFileError.malformed(path: path, line: 1)
        }
        return key
    }

    /// Makes a key file unless there is one.
    /// - Returns: Whether one was made.
    /// - Throws: `KeyFileError`.
    package static func makeIfAbsent(_ path: String) throws -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            if errno == EEXIST { return false }
            throw KeyFileError.cannotWrite(path: path, errno: errno)
        }
        defer { close(file) }
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        guard bytes.withUnsafeBytes({ write(file, $0.baseAddress, $0.count) }) == 32, fsync(file) == 0 else {
            let reason = errno
            unlink(path)
            throw KeyFileError.cannotWrite(path: path, errno: reason)
        }
        return true
    }
}
