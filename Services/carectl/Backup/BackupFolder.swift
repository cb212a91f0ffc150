import AttachmentStore
import CareDomain
import EventLog
import EventLogSQLite
import Foundation
import ServiceKit
import ServiceWiring

/// A folder that holds a backup, or shall hold one.
struct BackupFolder {
    let path: String

    private static let log = "log"
    private static let keys = "keys"
    private static let checkpoints = "checkpoints"
    private static let attachments = "attachments"
    /// SQLite's own files beside a database that was opened; nothing of a backup is in them.
    private static let leftovers = ["events.sqlite-wal", "events.sqlite-shm"]

    /// Where the log of the backup is.
    var logFolder: String { "\(path)/\(Self.log)" }

    /// Where files that records name lie, in a data folder as in a backup.
    static func attachments(besideLog log: String) -> String {
        URL(fileURLWithPath: log).deletingLastPathComponent().appendingPathComponent(attachments).path
    }

    /// The data folder in which a log has its folder.
    static func dataFolder(ofLog log: String) -> String {
        URL(fileURLWithPath: log).standardizedFileURL.deletingLastPathComponent().path
    }

    // MARK: Making

    /// Copies a deployment's log, its newest checkpoint and, when asked for, its keys. It is no backup yet: `seal` makes
    /// it one when the copy was checked.
    /// - Returns: What was copied, and the files.
    func copy(
        log folder: String, keys: (folder: String, peerList: String)?, progress: (UInt64, UInt64) -> Void
    ) throws -> (copy: LogBackup, files: [String]) {
        try Self.requireEmpty(path)
        try Self.makePrivate(path)
        var files: [String] = []
        // The checkpoint first, so that it is never ahead of the copied log.
        let checkpoints = URL(fileURLWithPath: folder).deletingLastPathComponent()
            .appendingPathComponent(Self.checkpoints).path
        // A damaged one tells nothing: the last that is sound is taken.
        if let last = StoredCheckpoints(folder: checkpoints).furthest {
            try Self.makePrivate("\(path)/\(Self.checkpoints)")
            try Self.copy("\(checkpoints)/\(last.name)", to: "\(path)/\(Self.checkpoints)/newest")
            files.append("\(Self.checkpoints)/newest")
        }
        let copy = try LogBackup.copy(from: folder, to: logFolder) { done, all in
            progress(done, all)
            return true
        }
        for name in ["events.sqlite", "events.head"] { files.append("\(Self.log)/\(name)") }
        for name in ["events.trail", "events.names", "events.mended"]
        where FileManager.default.fileExists(atPath: "\(logFolder)/\(name)") { files.append("\(Self.log)/\(name)") }
        // After the log: whatever it tells of lies in the store already.
        files += try Self.copyAttachments(Self.attachments(besideLog: folder), to: "\(path)/\(Self.attachments)")
            .map { "\(Self.attachments)/\($0)" }
        if let keys { files += try copyKeys(keys.folder, keys.peerList) }
        return (copy, files)
    }

    /// Closes damaged families in the copy and writes the manifest; it comes last, so that a backup that was cut short is
    /// none.
    func seal(_ copy: LogBackup, files: [String], checked report: VerifyReport, now: Int64) throws -> BackupManifest {
        if !report.isSound { try LogBackup.fence(report, in: logFolder) }
        try removeLeftovers()
        let manifest = BackupManifest(
            copy, createdAt: now, damaged: report.damagedStreams.map(\.text),
            files: try files.sorted().map { try BackupManifest.describe($0, in: path) })
        try PrivateFile.write(Array(manifest.text.utf8), to: "\(path)/\(BackupManifest.name)", mode: 0o600)
        return manifest
    }

    /// Takes the manifest back: what is there is no backup.
    func unseal() { try? FileManager.default.removeItem(atPath: "\(path)/\(BackupManifest.name)") }

    /// Copies every file that was checked.
    /// - Returns: Their names below the folder.
    private static func copyAttachments(_ source: String, to target: String) throws -> [String] {
        try AttachmentFolder(path: source).all().map { digest in
            let name = AttachmentFolder.name(of: digest)
            try makePrivate("\(target)/\(name.prefix(2))")
            try copy("\(source)/\(name)", to: "\(target)/\(name)")
            return name
        }
    }

    private func copyKeys(_ folder: String, _ peerList: String) throws -> [String] {
        try Self.makePrivate("\(path)/\(Self.keys)")
        var files: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        where name.hasSuffix(".key") || name.hasSuffix(".pub") {
            try Self.copy("\(folder)/\(name)", to: "\(path)/\(Self.keys)/\(name)")
            files.append("\(Self.keys)/\(name)")
        }
        if FileManager.default.fileExists(atPath: peerList) {
            try Self.copy(peerList, to: "\(path)/\(Self.keys)/peers.yaml")
            files.append("\(Self.keys)/peers.yaml")
        }
        return files
    }

    // MARK: Checking

    /// Reads the manifest and compares every file with it.
    /// - Throws: `Failure` naming what is missing, cut or changed.
    func check() throws -> BackupManifest {
        guard let data = FileManager.default.contents(atPath: "\(path)/\(BackupManifest.name)") else {
            throw Failure(
                6240,
                UserText(
                    zh: "\(path) 里没有备份清单：不是备份，或没有做完", en: "there is no manifest in \(path): no backup, or not finished"),
                exit: .problemsFound)
        }
        guard let manifest = BackupManifest(text: String(decoding: data, as: UTF8.self)) else {
            throw Failure(
                6241, UserText(zh: "备份清单损坏或被改过", en: "the manifest is damaged or was changed"), exit: .problemsFound)
        }
        for file in manifest.files {
            let found = try? BackupManifest.describe(file.path, in: path)
            guard found == file else {
                throw Failure(
                    6242,
                    UserText(
                        zh: "备份文件 \(file.path) " + (found == nil ? "缺失" : "损坏或被改过"),
                        en: "the backup's file \(file.path) is " + (found == nil ? "missing" : "damaged or changed")),
                    advice: UserText(zh: "请用另一份备份", en: "use another backup"), exit: .problemsFound)
            }
            try requirePrivate(file.path)
        }
        return manifest
    }

    /// Secrets must not be readable by others.
    private func requirePrivate(_ file: String) throws {
        guard file.hasPrefix("\(Self.keys)/"), file.hasSuffix(".key") else { return }
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(file)")
        guard let mode = attributes[.posixPermissions] as? Int, mode & 0o077 == 0 else {
            throw KeyFileError.tooOpen(
                path: "\(path)/\(file)", mode: (attributes[.posixPermissions] as? Int) ?? 0)
        }
    }

    /// Removes what reading the copied database leaves behind.
    func removeLeftovers() throws {
        for name in Self.leftovers { try? FileManager.default.removeItem(atPath: "\(logFolder)/\(name)") }
    }

    // MARK: Restoring

    /// Makes a data folder out of the backup, with a log of an epoch beyond any that the lost one can have had.
    func restore(
        into data: String, keysInto keyFolder: String?, epochs: RestoredEpoch,
        progress: (UInt64, UInt64) -> Void
    ) throws -> LogBackup {
        try Self.requireEmpty(data)
        if let keyFolder { try Self.requireEmpty(keyFolder) }
        try Self.makePrivate(data)
        let copy = try LogBackup.copy(
            from: logFolder, to: "\(data)/\(Self.log)", addingEpochs: epochs.added, epochAtLeast: epochs.floor
        ) { done, all in
            progress(done, all)
            return true
        }
        try removeLeftovers()
        let checkpoint = "\(path)/\(Self.checkpoints)/newest"
        if FileManager.default.fileExists(atPath: checkpoint) {
            try Self.makePrivate("\(data)/\(Self.checkpoints)")
            try Self.copy(checkpoint, to: "\(data)/\(Self.checkpoints)/newest")
        }
        _ = try Self.copyAttachments("\(path)/\(Self.attachments)", to: "\(data)/\(Self.attachments)")
        guard let keyFolder else { return copy }
        try Self.makePrivate(keyFolder)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(Self.keys)")) ?? [] {
            try Self.copy("\(path)/\(Self.keys)/\(name)", to: "\(keyFolder)/\(name)")
        }
        return copy
    }

    // MARK: Files

    private static func requireEmpty(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return }
        let content = isFolder.boolValue ? (try? FileManager.default.contentsOfDirectory(atPath: path)) : nil
        guard content == [] else {
            throw Failure(
                6243, UserText(zh: "\(path) 不是空目录，不会覆盖", en: "\(path) is not an empty folder; nothing is overwritten"),
                advice: UserText(zh: "请另选一个目录", en: "name another folder"), exit: .usage)
        }
    }

    private static func makePrivate(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    }

    private static func copy(_ source: String, to target: String) throws {
        guard let data = FileManager.default.contents(atPath: source) else {
            throw Failure(6214, UserText(zh: "读不到 \(source)", en: "cannot read \(source)"), exit: .usage)
        }
        let mode: mode_t = target.hasSuffix(".pub") || target.hasSuffix("peers.yaml") ? 0o644 : 0o600
        try PrivateFile.write(Array(data), to: target, mode: mode)
    }
}
