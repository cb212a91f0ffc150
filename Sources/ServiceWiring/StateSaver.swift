import Foundation
import Logging

/// Saves a small file again and again, and says once when it cannot and once when it can again: on a full disk the log
/// is not filled with the same line.
///
/// `@unchecked Sendable`: `failure` is touched only while the lock is locked.
package final class StateSaver: @unchecked Sendable {
    private let path: String
    private let what: String
    private let logger: Logger
    private let write: @Sendable ([UInt8], String) throws -> Void
    private let lock = NSLock()
    private var failure: String?

    /// - Parameters:
    ///   - path: The file.
    ///   - what: What it is, for the log: "checkpoint".
    ///   - write: Writes bytes in the place of a file.
    package init(
        path: String, what: String, logger: Logger,
        write: @escaping @Sendable ([UInt8], String) throws -> Void = { try StateFile.write($0, to: $1) }
    ) {
        self.path = path
        self.what = what
        self.logger = logger
        self.write = write
    }

    /// Writes the file, or leaves the one before.
    package func save(_ encode: () throws -> [UInt8]) {
        do {
            try write(try encode(), path)
            if note(nil) { logger.info("\(what) saved again") }
        } catch {
            let reason = error.localizedDescription
            if note(reason) {
                logger.warning(
                    "\(what) not saved; it is tried on, and told again when that changes",
                    metadata: ["reason": "\(reason)"])
            }
        }
    }

    /// - Returns: whether it is other than before.
    private func note(_ reason: String?) -> Bool {
        lock.withLock {
            defer { failure = reason }
            return failure != reason
        }
    }
}
