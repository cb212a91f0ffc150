import ArgumentParser
import CareDomain
import EventLog
import Foundation
import MessageBus
import ServiceKit
import ServiceWiring

/// `carectl log keep`
struct LogKeep: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "keep",
        abstract: "保存检查点 Keep the archive's signed checkpoints in a folder of your own, and compare them.",
        discussion: """
            供档案服务以外的部门使用：档案服务每签一个检查点就推送过来，核对签名，与已存的比较，存入目录。
            出现矛盾（事件变少、换了日志、同样多但不同）即报警并以状态 1 结束；已存的从不覆盖成矛盾的。
            For departments other than the archive's own: each checkpoint that the archive signs is sent here, its
            signature is checked, it is compared with the kept ones and kept. One that contradicts them (fewer events,
            another log, as many events but others) ends the command with status 1 and is kept apart.
            To compare the log itself: carectl log verify --checkpoint FOLDER/newest.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Folder of the kept checkpoints, where the archive's administrators cannot write.")
    var folder: String

    @Option(help: "Public key of the signer, as text or file; otherwise the one of the first checkpoint kept here.")
    var signer: String?

    @Flag(help: "End when the newest one is kept; otherwise go on until interrupted.")
    var once = false

    func perform(_ desk: Desk) async throws {
        var kept = try KeptCheckpoints(folder)
        if let signer {
            let key = try await SavedCheckpoint.signer(signer, desk)
            try kept.pin(key)
        }
        let archive = try await desk.line(to: .careArchive)
        // Nothing but the newest checkpoint is wanted; packs change seldom.
        let subscription = try archive.client.follow(
            from: .start, fromHead: true, filter: EventFilter(categories: ["pack"]))
        let interruption = Interruption { subscription.end() }
        defer { interruption.stop() }
        if once {
            _ = try await archive.answering()
            desk.mention(
                UserText(zh: "等待档案服务最近的检查点，至多一个签发间隔", en: "waiting for the archive's newest checkpoint"))
        } else {
            desk.mention(UserText(zh: "正在保存，Ctrl-C 结束", en: "keeping, Ctrl-C ends"))
        }
        async let _ = archive.watch()
        for try await batch in subscription where !batch.checkpoint.isEmpty {
            let (signed, isNew) = try kept.take(batch.checkpoint)
            let checkpoint = signed.checkpoint
            if isNew || once {
                desk.say(
                    UserText(
                        zh: "已存：\(checkpoint.position) 条事件、\(checkpoint.streams) 个流，"
                            + "截至 \(Moment(microseconds: checkpoint.recordedAt).wallClock)",
                        en: "kept: \(checkpoint.position) events in \(checkpoint.streams) streams"))
            }
            if once {
                subscription.end()
                return
            }
        }
        desk.status = .interrupted
    }
}

/// Checkpoints that somebody keeps: the newest, the last of each day, and who signs them.
struct KeptCheckpoints {
    private let folder: String
    private var signer: [UInt8]?
    private var newest: SignedCheckpoint?

    /// Opens the folder, making it when it is missing.
    /// - Throws: `Failure` when what is kept there was changed.
    init(_ folder: String) throws {
        self.folder = folder
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        if let data = FileManager.default.contents(atPath: "\(folder)/signer") {
            let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            signer = CheckpointKey.publicKey(text)
            guard signer != nil else { throw Self.changed("\(folder)/signer") }
        }
        guard FileManager.default.fileExists(atPath: "\(folder)/newest") else { return }
        guard let signer else { throw Self.changed("\(folder)/signer") }
        newest = try SavedCheckpoint.read("\(folder)/newest", signer: signer)
    }

    private static func changed(_ path: String) -> Failure {
        Failure(
            3132, UserText(zh: "\(path) 缺失或被改过", en: "\(path) is missing or was changed"),
            advice: UserText(zh: "请用 --signer 指明公钥，另存一个目录", en: "name the key with --signer and keep another folder"),
            exit: .problemsFound)
    }

    /// Says whose signature counts.
    mutating func pin(_ key: [UInt8]) throws {
        guard signer == nil || signer == key else {
            throw Failure(
                3131,
                UserText(zh: "这个目录里的检查点由另一把密钥签名", en: "the checkpoints of this folder are signed by another key"),
                advice: UserText(zh: "换了密钥请另用一个目录", en: "with a new key use another folder"), exit: .problemsFound)
        }
        if signer == nil {
            try PrivateFile.replace("\(folder)/signer", with: Array((Base64.text(key) + "\n").utf8), mode: 0o600)
        }
        signer = key
    }

    /// Checks, compares and keeps one.
    /// - Returns: The checkpoint, and whether it was not known before.
    /// - Throws: `Failure` when it is not signed as it must be, or contradicts what is kept.
    mutating func take(_ text: String) throws -> (SignedCheckpoint, isNew: Bool) {
        guard let signed = SignedCheckpoint(text: text) else { throw Failure.badAnswer }
        if let signer { try SavedCheckpoint.check(signed, signer: signer) }
        guard CheckpointKey.isSigned(signed) else { throw Failure.badAnswer }
        if let newest, let contradiction = signed.checkpoint.contradiction(of: newest.checkpoint) {
            let place = "\(folder)/contradiction-\(signed.checkpoint.position)-\(signed.checkpoint.epoch)"
            try PrivateFile.replace(place, with: Array(text.utf8), mode: 0o600)
            throw Self.alarm(contradiction, signed.checkpoint, newest.checkpoint, place)
        }
        try pin(signed.signer)
        guard signed != newest else { return (signed, false) }
        let bytes = Array(text.utf8)
        try PrivateFile.replace("\(folder)/newest", with: bytes, mode: 0o600)
        let day = signed.checkpoint.recordedAt / 86_400_000_000
        try PrivateFile.replace("\(folder)/day-\(day)", with: bytes, mode: 0o600)
        newest = signed
        return (signed, true)
    }

    private static func alarm(
        _ contradiction: Checkpoint.Contradiction, _ new: Checkpoint, _ old: Checkpoint, _ place: String
    ) -> Failure {
        let reason =
            switch contradiction {
            case .otherLog: UserText(zh: "换成了另一份日志", en: "it is another log")
            case .fewerEvents:
                UserText(
                    zh: "事件由 \(old.position) 条变成 \(new.position) 条：换回了旧文件，或丢了末尾",
                    en: "\(new.position) events after \(old.position): an older state was put back, or the end is lost")
            case .otherEvents:
                UserText(zh: "同为 \(new.position) 条事件，内容却不同", en: "\(new.position) events as before, but others")
            case .goesBack:
                UserText(zh: "事件变多，流、写入代次或时间却倒退", en: "more events, but streams, epoch or time go back")
            }
        return Failure(
            3130,
            UserText(
                zh: "档案服务的检查点与已存的矛盾：\(reason.zh)", en: "the archive's checkpoint contradicts the kept one: \(reason.en)"
            ),
            advice: UserText(
                zh: "新的存为 \(place)；请查明原因（例如从备份恢复过），查明后另用一个目录",
                en: "the new one is kept as \(place); find out why (a restore from a backup?), then use another folder"),
            exit: .problemsFound)
    }
}
