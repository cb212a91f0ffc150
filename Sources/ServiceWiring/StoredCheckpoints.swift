import EventLog
import Foundation

/// The signed checkpoints that the archive left in its folder: `newest`, and `day-N`, the last of each day.
///
/// Each is looked at by itself: an old one that is sound tells what the log was, whatever became of the newest.
package struct StoredCheckpoints: Sendable {
    /// A checkpoint of the folder.
    package struct Stored: Sendable, Hashable {
        /// Name of its file.
        package var name: String
        package var signed: SignedCheckpoint
    }

    /// What is wrong with a file of the folder.
    package enum Flaw: Sendable, Hashable {
        /// It cannot be read, or its signature does not hold.
        case damaged(String)
        /// There is no `newest` beside those of the days.
        case newestMissing
        /// `newest` is older than one of a day: an earlier one was put back.
        case newestOlder(than: String)

        /// Name of the file.
        package var name: String {
            if case .damaged(let name) = self { name } else { "newest" }
        }

        /// What is wrong, in a word.
        package var state: String {
            switch self {
            case .damaged: "damaged"
            case .newestMissing: "missing"
            case .newestOlder: "older"
            }
        }
    }

    /// Those that are signed as they say, by number of events.
    package private(set) var sound: [Stored] = []
    /// What is wrong.
    package private(set) var flaws: [Flaw] = []

    /// Reads a folder; one that is not there holds none.
    package init(folder: String) {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter(Self.isName).sorted()
        for name in names {
            if let signed = Self.read("\(folder)/\(name)") {
                sound.append(Stored(name: name, signed: signed))
            } else {
                flaws.append(.damaged(name))
            }
        }
        sound.sort { ($0.signed.checkpoint.position, $0.name) < ($1.signed.checkpoint.position, $1.name) }
        if !names.isEmpty, !names.contains("newest") { flaws.append(.newestMissing) }
        if let newest = sound.first(where: { $0.name == "newest" }), let last = sound.last,
            last.signed.checkpoint.position > newest.signed.checkpoint.position
        {
            flaws.append(.newestOlder(than: last.name))
        }
    }

    /// The one that holds most events.
    package var furthest: Stored? { sound.last }

    /// All that are sound, for comparing the log with them.
    package var named: [NamedCheckpoint] { sound.map { NamedCheckpoint($0.name, $0.signed.checkpoint) } }

    /// Reads a checkpoint; nil when the file is none, or its signature does not hold.
    package static func read(_ path: String) -> SignedCheckpoint? {
        guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 16,
            let signed = SignedCheckpoint(text: String(decoding: data, as: UTF8.self)), CheckpointKey.isSigned(signed)
        else { return nil }
        return signed
    }

    private static func isName(_ name: String) -> Bool {
        if name == "newest" { return true }
        guard name.hasPrefix("day-"), name.count > 4 else { return false }
        return name.dropFirst(4).allSatisfy(\.isNumber)
    }
}
