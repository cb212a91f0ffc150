import Foundation
import ServiceKit

/// What the newest backup of a data folder holds. `carectl backup create` leaves it there when the copy is checked and
/// finished, and care-archive shows it: what came after it is gone with the disk.
package struct NewestBackup: Sendable, Hashable {
    /// When the backup was begun, in UTC microseconds: all that was acknowledged by then is in it.
    package var createdAt: Int64
    /// Events in it.
    package var position: UInt64

    package init(createdAt: Int64, position: UInt64) {
        self.createdAt = createdAt
        self.position = position
    }

    /// The file, beside the folder of the log.
    package static let name = "backup.newest"
    private static let title = "guanhuai-newest-backup 1"

    /// The note as text: title, when, how many events.
    package var text: String { "\(Self.title)\ncreated \(createdAt)\nposition \(position)\n" }

    /// Reads `text`; nil for anything else.
    package init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[0] == Self.title, lines[1].hasPrefix("created "),
            lines[2].hasPrefix("position "), lines[3].isEmpty, let createdAt = Int64(lines[1].dropFirst(8)),
            let position = UInt64(lines[2].dropFirst(9)), createdAt >= 0
        else { return nil }
        self.init(createdAt: createdAt, position: position)
    }

    /// The note of a data folder; nil where no backup was made of it, or the note cannot be read.
    package static func read(in folder: String) -> NewestBackup? {
        FileManager.default.contents(atPath: "\(folder)/\(name)")
            .flatMap { NewestBackup(text: String(decoding: $0, as: UTF8.self)) }
    }

    /// Leaves the note in a data folder, in the place of the one before.
    /// - Throws: `KeyFileError.cannotWrite`; nothing of the backup depends on it.
    package func leave(in folder: String) throws(KeyFileError) {
        try NewFile.replace(Array(text.utf8), at: "\(folder)/\(Self.name)", mode: 0o600)
    }
}
