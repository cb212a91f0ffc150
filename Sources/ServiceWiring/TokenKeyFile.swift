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
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        do throws(KeyFileError) { try NewFile.write(bytes, to: path, mode: 0o600) } catch {
            if case .exists = error { return false }
            throw error
        }
        return true
    }
}
