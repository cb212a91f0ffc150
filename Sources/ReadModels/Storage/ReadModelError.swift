import GRDB

/// What can go wrong with a read model. It is always rebuildable, so nothing here loses data.
package struct ReadModelError: Error, Sendable, CustomStringConvertible {
    /// Stable codes.
    package enum Code: String, Sendable, CaseIterable {
        /// SQLite could not read or write. A retry may help when the disk was full or busy.
        case storage
        /// The database does not run at the durability it was told to.
        case durability
        /// The log could not be read.
        case log
        /// The file is of another version, or damaged: rebuild it.
        case unusable
        /// The rebuild was told to stop.
        case cancelled
    }

    package let code: Code
    /// What happened, for the operator; no personal data.
    package let message: String
    package let underlying: (any Error)?
    package let file: String
    package let line: Int

    package init(
        _ code: Code, _ message: String, underlying: (any Error)? = nil, file: String = #fileID, line: Int = #line
    ) {
        self.code = code
        self.message = message
        self.underlying = underlying
        self.file = file
        self.line = line
    }

    /// Whether trying again may help.
    package var isRetriable: Bool { code == .storage || code == .log }

    /// Whether the disk has no room for it.
    package var isForWantOfRoom: Bool {
        guard let cause = underlying as? DatabaseError else { return false }
        return cause.resultCode == .SQLITE_FULL || cause.extendedResultCode == .SQLITE_IOERR_WRITE
            || cause.extendedResultCode == .SQLITE_IOERR_SHMSIZE
    }

    package var description: String {
        let cause = underlying.map { ": \($0)" } ?? ""
        return "read model \(code.rawValue): \(message)\(cause) (\(file):\(line))"
    }
}
