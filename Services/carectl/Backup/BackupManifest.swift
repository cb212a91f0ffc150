import Crypto
import EventLog
import EventLogSQLite
import Foundation

/// What a backup holds: the log's place, every file with its length and SHA-256, and a last line over all lines above.
///
/// Text, so that people and other programs can read it; nothing in it is secret or personal.
struct BackupManifest: Equatable {
    /// One file of the backup.
    struct File: Equatable {
        /// Below the backup's folder.
        var path: String
        var bytes: UInt64
        /// SHA-256 in hexadecimal digits.
        var digest: String
    }

    static let name = "manifest"
    private static let title = "guanhuai-backup 1"

    /// Identity of the log in hexadecimal digits.
    var log: String
    /// Events in it.
    var position: UInt64
    /// Running digest over them, in hexadecimal digits.
    var digest: String
    var epoch: UInt64
    /// When the last event was recorded, in UTC microseconds; 0 = there is none.
    var recordedAt: Int64
    /// When the backup was begun, in UTC microseconds.
    var createdAt: Int64
    /// Names of the streams that were damaged already when the backup was made, in order; they are in it as they were.
    var damaged: [String]
    var files: [File]

    init(_ copy: LogBackup, createdAt: Int64, damaged: [String] = [], files: [File]) {
        log = Hexadecimal.text(copy.log)
        position = copy.position
        digest = Hexadecimal.text(copy.digest.bytes)
        epoch = copy.epoch
        recordedAt = copy.recordedAt ?? 0
        self.createdAt = createdAt
        self.damaged = damaged
        self.files = files
    }

    /// The file's text.
    var text: String {
        var lines = [
            Self.title, "log \(log)", "position \(position)", "digest \(digest)", "epoch \(epoch)",
            "recorded \(recordedAt)", "created \(createdAt)",
        ]
        lines += damaged.map { "damaged \($0)" }
        lines += files.map { "file \($0.digest) \($0.bytes) \($0.path)" }
        let body = lines.map { $0 + "\n" }.joined()
        return Self.sealed(body)
    }

    /// Lines with the last one that vouches for them.
    static func sealed(_ body: String) -> String { body + "end \(digest(Array(body.utf8)))\n" }

    /// Reads a manifest; nil when it is cut, changed or of another version.
    init?(text: String) {
        guard let end = text.range(of: "end ", options: .backwards),
            text[end.upperBound...] == Self.digest(Array(text[..<end.lowerBound].utf8)) + "\n"
        else { return nil }
        var lines = text[..<end.lowerBound].split(separator: "\n")[...]
        guard lines.popFirst() == Self.title[...] else { return nil }
        func value(_ name: String) -> String? {
            guard let line = lines.popFirst(), line.hasPrefix(name + " ") else { return nil }
            return String(line.dropFirst(name.count + 1))
        }
        guard let log = value("log"), let position = value("position").flatMap(UInt64.init),
            let digest = value("digest"), let epoch = value("epoch").flatMap(UInt64.init),
            let recordedAt = value("recorded").flatMap(Int64.init),
            let createdAt = value("created").flatMap(Int64.init)
        else { return nil }
        var damaged: [String] = []
        while lines.first?.hasPrefix("damaged ") ?? false, let stream = value("damaged") { damaged.append(stream) }
        var files: [File] = []
        while !lines.isEmpty {
            guard let parts = value("file")?.split(separator: " ", maxSplits: 2), parts.count == 3,
                let bytes = UInt64(parts[1]), Self.isInside(parts[2])
            else { return nil }
            files.append(File(path: String(parts[2]), bytes: bytes, digest: String(parts[0])))
        }
        self.log = log
        self.position = position
        self.digest = digest
        self.epoch = epoch
        self.recordedAt = recordedAt
        self.createdAt = createdAt
        self.damaged = damaged
        self.files = files
    }

    /// A path that leads out of the folder is no path of a backup.
    private static func isInside(_ path: Substring) -> Bool {
        !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
    }

    private static func digest(_ bytes: [UInt8]) -> String { Hexadecimal.text(Array(SHA256.hash(data: bytes))) }

    /// Length and SHA-256 of a file, read piece by piece.
    /// - Throws: what the system says.
    static func describe(_ path: String, in folder: String) throws -> File {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "\(folder)/\(path)"))
        defer { try? file.close() }
        var hash = SHA256()
        var bytes: UInt64 = 0
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
            hash.update(data: piece)
            bytes += UInt64(piece.count)
        }
        return File(path: path, bytes: bytes, digest: Hexadecimal.text(Array(hash.finalize())))
    }
}
