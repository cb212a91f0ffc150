import CareWire
import Foundation
import ServiceKit

/// The deployment's key for person tokens: 32 random bytes in a file that only its owner can read.
///
/// Losing it loses the link between ID numbers and person streams; giving it away lets others guess who is registered.
package enum TokenKeyFile {
    /// Name of the file in the folder of keys.
    package static let name = "token.key"
    /// Bytes of a key that is made here; one with more is accepted.
    package static let size = 32

    /// Reads the key.
    /// - Throws: `HouseKeyError` or `KeyFileError`; a retry does not help.
    package static func read(_ path: String) throws -> TokenKey {
        let bytes = try HouseKeyFile.read(path, .token)
        guard let key = TokenKey(bytes: bytes) else { throw HouseKeyError.tooShort(path: path, bytes: bytes.count) }
        return key
    }

    /// Makes a key file unless there is one.
    /// - Returns: Whether one was made.
    /// - Throws: `KeyFileError`.
    package static func makeIfAbsent(_ path: String) throws -> Bool {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
        do throws(KeyFileError) { try NewFile.write(bytes, to: path, mode: 0o600) } catch {
            if case .exists = error { return false }
            throw error
        }
        return true
    }
}
