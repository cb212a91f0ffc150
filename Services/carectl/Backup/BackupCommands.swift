import ArgumentParser
import AttachmentStore
import CareDomain
import EventLog
import EventLogSQLite
import Foundation
import MessageBus
import ServiceKit
import ServiceWiring

/// `carectl backup`
struct BackupCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the log while it is written, check copies, make a deployment of one.",
        subcommands: [BackupCreate.self, BackupStatus.self, BackupVerify.self, BackupRestore.self])
}

/// `carectl backup create`
struct BackupCreate: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Copy the log, also beside running services, and check the copy.",
        discussion: """
            Works on the files, as the account that owns them. The copy holds every event that was acknowledged when it
            began, with the packs among them, and the attachments that were there. Read models and the services' own
            checkpoints are made anew from the log.
            Families whose records are damaged are copied as they are, named (CARE-6245) and closed in the copy; the exit
            status is then 3. Damage of which nobody can tell the family, a cut end or unreadable pages are refused.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "Folder for the copy; new or empty.")
    var to: String

    @Option(help: "Data folder of the deployment; otherwise that of the configuration.")
    var data: String?

    @Flag(help: "Also the key files and the peer list. Whoever has them can speak for everybody: lock them away.")
    var withKeys = false

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let root: String
        if let data { root = data } else { root = try await desk.configuration().dataFolder }
        let log = try LogCheck.folder(in: root)
        var keys: (folder: String, peerList: String)?
        if withKeys {
            let configuration = try await desk.configuration()
            keys = (configuration.keyFolder, configuration.peerList)
        }
        let target = BackupFolder(path: to)
        let now = desk.now.microseconds
        let (copy, files) = try await Background.run { [keys] in
            var progress = desk.progress(
                UserText(zh: "备份", en: "copying"), unit: UserText(zh: "条", en: "events"), total: nil)
            let made = try target.copy(log: log, keys: keys) { done, _ in progress.update(done: Int(clamping: done)) }
            progress.finish(done: Int(clamping: made.copy.position))
            return made
        }
        let report = try await LogCheck.run(
            target.logFolder, desk, checkpoints: SavedCheckpoint.stored(beside: target.logFolder).named)
        try Self.requireConfined(report)
        try await BackupVerify.requireAttachments(target)
        let manifest = try target.seal(copy, files: files, checked: report, now: now)
        do {
            // What is vouched for here is what `backup verify` finds: it looks at the finished copy.
            _ = try await BackupVerify.check(target, desk)
        } catch {
            target.unseal()
            throw error
        }
        do {
            try NewestBackup(createdAt: now, position: manifest.position).leave(in: BackupFolder.dataFolder(ofLog: log))
        } catch {
            desk.mention(
                UserText(
                    zh: "备份做好了，但没能在数据目录里记下它：backup status 和告警仍以为是上一次（\(error)）",
                    en:
                        "the backup is made, but could not be noted in the data folder: backup status and alerts still tell of "
                        + "the one before (\(error))"))
        }
        if json {
            desk.print(BackupText.json(manifest, report, path: "\(to)/\(BackupManifest.name)").text(indented: true))
        } else {
            desk.print("\(to)/\(BackupManifest.name)")
        }
        let end = BackupText.moment(manifest.recordedAt, desk.language)
        guard manifest.damaged.isEmpty else { return BackupText.warn(manifest, desk) }
        desk.mention(
            UserText(
                zh: "已备份 \(manifest.position) 条事件并核对完好，到 \(end) 为止；此后的登记，下次备份前只在这块磁盘上",
                en:
                    "copied \(manifest.position) events and found them sound, up to \(end); what is recorded from now on is "
                    + "on this disk only, until the next backup"))
    }

    /// - Throws: `Failure` when damage of the copied log is not that of single families.
    static func requireConfined(_ report: VerifyReport) throws {
        guard report.isConfined else { throw damaged(report) }
    }

    /// - Throws: `Failure` when the log is damaged otherwise than the manifest says, or another one.
    static func requireSame(_ report: VerifyReport, _ manifest: BackupManifest) throws {
        let isWhole = report.events == manifest.position || !manifest.damaged.isEmpty
        guard report.isConfined, isWhole, report.damagedStreams.map(\.text) == manifest.damaged,
            report.vouchedPosition?.rawValue == manifest.position
        else { throw damaged(report) }
    }

    private static func damaged(_ report: VerifyReport) -> Failure {
        let first = report.damages.first.map { ": \($0)" } ?? ""
        return Failure(
            6244,
            UserText(
                zh: "备份中的日志有 \(report.damages.count) 处损坏\(first)",
                en: "the log in the backup has \(report.damages.count) damages\(first)"),
            advice: UserText(
                zh: "用 carectl log verify 查明原件，换用更早的备份",
                en: "check the original with carectl log verify; use an older backup"),
            exit: .problemsFound)
    }
}

/// `carectl backup verify`
struct BackupVerify: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every file of a backup and every event in it.",
        discussion: """
            Exit status 1 when the backup is damaged; 3 when it is what it was when it was made, and holds families that
            were damaged already (CARE-6245).
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Folder of the backup.")
    var folder: String

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let (manifest, report) = try await Self.check(BackupFolder(path: folder), desk)
        let word = manifest.damaged.isEmpty ? "sound" : "damaged"
        if json {
            desk.print(BackupText.json(manifest, report, path: "\(folder)/\(BackupManifest.name)").text(indented: true))
        } else {
            desk.print("\(word) \(manifest.position) \(manifest.digest)")
        }
        guard manifest.damaged.isEmpty else { return BackupText.warn(manifest, desk) }
        let age = BackupText.age(UInt64(max(0, desk.now.microseconds - manifest.createdAt)) / 1_000_000)
        let end = BackupText.moment(manifest.recordedAt, desk.language)
        desk.mention(
            UserText(
                zh: "备份完好：\(manifest.position) 条事件，到 \(end) 为止；始于 \(age.zh)前，此后的登记不在其中",
                en:
                    "sound: \(manifest.position) events, up to \(end); begun \(age.en) ago, what was recorded since then "
                    + "is not in it"))
    }

    /// Files, then events.
    static func check(
        _ backup: BackupFolder, _ desk: Desk
    ) async throws -> (manifest: BackupManifest, report: VerifyReport) {
        let manifest = try await Background.run { try backup.check() }
        let report = try await LogCheck.run(
            backup.logFolder, desk, checkpoints: SavedCheckpoint.stored(beside: backup.logFolder).named)
        try await requireAttachments(backup)
        try backup.removeLeftovers()
        try BackupCreate.requireSame(report, manifest)
        return (manifest, report)
    }
}

extension BackupVerify {
    /// What the copied log tells of lies in the copied store.
    static func requireAttachments(_ backup: BackupFolder) async throws {
        let audit = try await Background.run {
            try AttachmentAudit(
                log: backup.logFolder,
                folder: AttachmentFolder(path: BackupFolder.attachments(besideLog: backup.logFolder)))
        }
        guard let gone = audit.findings.first(where: { [.lost, .damaged].contains($0.problem) }) else { return }
        throw Failure(
            6563,
            UserText(
                zh: "备份里的附件 \(gone.digest) 缺失或损坏", en: "attachment \(gone.digest) of the backup is gone or damaged"),
            advice: UserText(
                zh: "用 carectl attachment verify 查明原件，另作备份", en: "see carectl attachment verify; make another backup"),
            exit: .problemsFound)
    }
}

/// `carectl backup restore`
struct BackupRestore: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a data folder out of a backup. Refuses damaged backups and folders in use.",
        discussion: """
            Stop the services first; then point data.dir at the new folder and start them all. What was acknowledged after
            the backup is not in it: clients send it again with the same command ids. Services on other machines keep
            their checkpoints elsewhere; remove those, or they say that they follow another log.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Folder of the backup.")
    var folder: String

    @Option(help: "The data folder to make; new or empty.")
    var into: String

    @Option(help: "Folder for the keys of the backup; new or empty. Left out = keys stay where they are.")
    var keysInto: String?

    func perform(_ desk: Desk) async throws {
        let backup = BackupFolder(path: folder)
        let (manifest, _) = try await BackupVerify.check(backup, desk)
        let target = into
        let keysInto = keysInto
        let now = Date()
        let copy = try await Background.run {
            var progress = desk.progress(
                UserText(zh: "恢复", en: "restoring"), unit: UserText(zh: "条", en: "events"),
                total: Int(clamping: manifest.position))
            let copy = try backup.restore(
                into: target, keysInto: keysInto, epochs: RestoredEpoch(at: now)
            ) { done, _ in progress.update(done: Int(clamping: done)) }
            progress.finish(done: Int(clamping: copy.position))
            return copy
        }
        let report = try await LogCheck.run("\(into)/log", desk)
        try BackupCreate.requireSame(report, manifest)
        desk.print("restored \(copy.position) \(Hexadecimal.text(copy.digest.bytes))")
        desk.mention(
            UserText(
                zh:
                    "已恢复 \(copy.position) 条事件；\(BackupText.moment(manifest.recordedAt, desk.language)) 之后的登记不在其中，请用同一编号重新提交",
                en: "restored \(copy.position) events; what was recorded after "
                    + "\(BackupText.moment(manifest.recordedAt, desk.language)) is not among them: submit it again "
                    + "with the same ids"))
        if !manifest.damaged.isEmpty { BackupText.warn(manifest, desk) }
    }
}

/// The epoch of a restored log: one step beyond the backup's, and beyond any that was restored in an earlier minute, so
/// that followers of a log that is gone always notice.
struct RestoredEpoch: Sendable {
    let added = FeedFollower.epochsPerRestore
    let floor: UInt64

    init(at now: Date) {
        floor = UInt64(max(0, now.timeIntervalSince1970) / 60) * FeedFollower.epochsPerRestore
    }
}

/// Words of the backup commands.
enum BackupText {
    /// Names the families whose records are damaged in the backup; the exit status says so, too.
    static func warn(_ manifest: BackupManifest, _ desk: Desk) {
        desk.status = .doneWithDamage
        let names = manifest.damaged.prefix(20).joined(separator: " ") + (manifest.damaged.count > 20 ? " …" : "")
        let failure = Failure(
            6245,
            UserText(
                zh: "共 \(manifest.position) 条事件，其中 \(manifest.damaged.count) 户的记录在备份时已经损坏，照原样保留并封存：\(names)",
                en:
                    "\(manifest.position) events; the records of \(manifest.damaged.count) families were damaged already "
                    + "and are kept as they were, closed: \(names)"
            ),
            advice: UserText(
                zh: "用 carectl log verify 查明损坏处，这几户从更早的备份核对补录；旧备份请勿删除",
                en: "see carectl log verify; compare these families with an older backup, and do not delete that one"),
            exit: .doneWithDamage)
        desk.say(failure.line(in: desk.language))
    }

    /// What a backup holds, for programs.
    static func json(_ manifest: BackupManifest, _ report: VerifyReport, path: String) -> JSON {
        .object([
            ("manifest", .string(path)), ("events", .count(manifest.position)), ("digest", .string(manifest.digest)),
            ("created_at", .string(Moment(microseconds: manifest.createdAt).wallClock)),
            ("sound", .bool(manifest.damaged.isEmpty)),
            ("code", manifest.damaged.isEmpty ? .null : .string("CARE-6245")),
            ("damaged", .array(manifest.damaged.map { .string($0) })),
            ("damages", .array(report.damages.map { LogVerify.json($0) })),
        ])
    }

    /// How long ago something was, in whole minutes, hours or days.
    static func age(_ seconds: UInt64) -> (zh: String, en: String) {
        func words(_ count: UInt64, _ zh: String, _ en: String) -> (zh: String, en: String) {
            ("\(count) \(zh)", "\(count) \(en)\(count == 1 ? "" : "s")")
        }
        switch seconds {
        case ..<120: return words(seconds, "秒", "second")
        case ..<7_200: return words(seconds / 60, "分钟", "minute")
        case ..<172_800: return words(seconds / 3_600, "小时", "hour")
        default: return words(seconds / 86_400, "天", "day")
        }
    }

    static func moment(_ microseconds: Int64, _ language: Language) -> String {
        microseconds == 0
            ? UserText(zh: "（没有事件）", en: "(no events)")[language] : Moment(microseconds: microseconds).wallClock
    }
}

/// Work that reads and writes files for long, on a thread of its own.
enum Background {
    static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
        }
    }
}
