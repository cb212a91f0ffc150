import ArgumentParser
import CareProjections
import EventLog
import EventLogSQLite
import Foundation
import ServiceKit
import ServiceWiring

/// `carectl log mend-head`
struct LogMendHead: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "mend-head", abstract: "Make events.head anew where an older one was put back, or it is gone.",
        discussion: """
            For a log that does not start for its head file (CARE-3111, or CARE-3110 where events.head is missing or damaged). The head
            is what shows that the database was cut or rewritten, so it is never made from the database alone: a signed
            checkpoint that stands beside the log, or is given with --checkpoint, must prove the events, all of them sound and
            in their chains. Rows that an earlier start set aside are taken back as far as that checkpoint proves them.
            Events behind the checkpoint are signed by nobody; how many there are is said, and they are taken over only when
            --unsigned names that number. Without --yes nothing is changed and it is said what would be. Stop care-archive before.
            Each time is recorded in events.mended, which log verify shows; the head file that was there is kept beside it.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "Folder of the log; otherwise that of the configuration.")
    var data: String?

    @Option(help: "A signed checkpoint kept elsewhere, besides those beside the log.")
    var checkpoint: String?

    @Option(help: "Public key of the signer, as text or file; otherwise checkpoint.pub of the key folder.")
    var signer: String?

    @Option(help: "How many events behind the checkpoint, signed by nobody, are taken over.")
    var unsigned: UInt64 = 0

    @Flag(help: "Do it. Otherwise it is only said what would be done.")
    var yes = false

    func perform(_ desk: Desk) async throws {
        let root: String
        if let data { root = data } else { root = try await desk.configuration().dataFolder }
        let folder = try LogCheck.folder(in: root)
        let key = try await SavedCheckpoint.signer(signer, desk)
        var proofs = SavedCheckpoint.stored(beside: folder).sound.filter { $0.signed.signer == key }
            .map { NamedCheckpoint($0.name, $0.signed.checkpoint) }
        if let checkpoint {
            proofs.append(NamedCheckpoint(checkpoint, try SavedCheckpoint.read(checkpoint, signer: key).checkpoint))
        }
        let (accepted, wanted, now) = (unsigned, yes, desk.now)
        let finding = try await Background.run { [proofs] in
            let mend = try HeadMend(directory: folder, checkpoints: proofs)
            let finding: HeadMend.Finding
            switch mend.result {
            case .success(let found): finding = found
            case .failure(let refused): throw Self.failure(refused.obstacle)
            }
            if wanted {
                guard finding.unsigned == accepted else { throw Self.notAccepted(finding, accepted) }
                try mend.write(record: Self.record(finding, signer: key, at: now.rfc3339))
            }
            return finding
        }
        desk.print(Self.words(finding, isDone: wanted)[desk.language])
        guard wanted else {
            let more = finding.unsigned > 0 ? " --unsigned \(finding.unsigned)" : ""
            return desk.mention(
                UserText(
                    zh: "什么也没有改动。要照此办理，加上 --yes\(more)", en: "nothing was changed; to do it, add --yes\(more)"))
        }
        let report = try await LogCheck.run(folder, desk, checkpoints: proofs)
        for damage in report.damages { desk.print(damage.description) }
        guard report.isSound else {
            desk.status = .problemsFound
            return
        }
        desk.mention(
            UserText(
                zh: "已核对 \(report.events) 条事件，完好；可以启动 care-archive",
                en: "checked \(report.events) events: sound; care-archive may be started"))
    }

    private static func words(_ finding: HeadMend.Finding, isDone: Bool) -> UserText {
        let proof = finding.proof
        let before = finding.before.map(String.init)
        var text = UserText(
            zh: "events.head \(isDone ? "已改为" : "将改为")证明 \(finding.events) 条事件（"
                + (before.map { "原先证明 \($0) 条" } ?? "原先缺失或读不出")
                + "）；签名检查点 \(proof.name) 证明前 \(proof.checkpoint.position) 条",
            en: "events.head \(isDone ? "now vouches" : "would vouch") for \(finding.events) events ("
                + (before.map { "before: \($0)" } ?? "before: missing or unreadable")
                + "); the signed checkpoint \(proof.name) proves the first \(proof.checkpoint.position)")
        if finding.unsigned > 0 {
            text =
                text
                + UserText(
                    zh: "，其后 \(finding.unsigned) 条没有人签过名，只有链和行迹为证",
                    en:
                        "; the \(finding.unsigned) behind it were signed by nobody, their chain and the trail alone speak for "
                        + "them")
        }
        if finding.takenBack > 0 {
            text =
                text
                + UserText(
                    zh: "；移开的行里 \(finding.takenBack) 条回到事件中",
                    en: "; \(finding.takenBack) rows that were set aside are events again")
        }
        if finding.leftAside > 0 {
            text =
                text
                + UserText(
                    zh: "；\(finding.leftAside) 条仍留在移开处，没有检查点证明它们",
                    en: "; \(finding.leftAside) stay set aside: no checkpoint proves them")
        }
        if isDone, let kept = finding.keptAs {
            text = text + UserText(zh: "；原来的日志头留作 \(kept)", en: "; the head file that was there is kept as \(kept)")
        }
        return text
    }

    /// One line for events.mended.
    private static func record(_ finding: HeadMend.Finding, signer: [UInt8], at time: String) -> String {
        JSON.object([
            ("at", .string(time)), ("by", .string(NSUserName())),
            ("before", finding.before.map { .count($0) } ?? .null),
            ("events", .count(finding.events)), ("digest", .string("\(finding.digest)")),
            ("checkpoint", .string(finding.proof.name)),
            ("checkpoint_events", .count(finding.proof.checkpoint.position)),
            ("signer", .string(Base64.text(signer))), ("unsigned", .count(finding.unsigned)),
            ("taken_back", .count(finding.takenBack)), ("kept_as", .optional(finding.keptAs)),
        ]).text()
    }

    private static func notAccepted(_ finding: HeadMend.Finding, _ accepted: UInt64) -> Failure {
        Failure(
            3123,
            UserText(
                zh: "检查点 \(finding.proof.name) 之后有 \(finding.unsigned) 条事件没有人签过名，--unsigned 写的是 \(accepted)",
                en: "\(finding.unsigned) events behind the checkpoint \(finding.proof.name) were signed by nobody, and "
                    + "--unsigned says \(accepted)"),
            advice: UserText(
                zh: "别的部门若存有更新的检查点，用 --checkpoint 给出；否则先看清这些事件，再写 --unsigned \(finding.unsigned)",
                en:
                    "give a later checkpoint that others keep with --checkpoint; or look at these events first and then write "
                    + "--unsigned \(finding.unsigned)"), exit: .usage)
    }

    private static let wholeBackup = UserText(
        zh: "所有文件原样保留；用 carectl backup restore 把最新备份整个恢复到新目录再比对",
        en:
            "keep all files as they are, restore the newest backup whole into another folder with carectl backup restore, and "
            + "compare")

    /// Why no head is made, and what to do.
    private static func failure(_ obstacle: HeadMend.Obstacle) -> Failure {
        switch obstacle {
        case .notNeeded:
            Failure(
                3118,
                UserText(
                    zh: "events.head 不比日志旧，不必重做", en: "events.head is not older than the log: there is nothing to mend"),
                advice: UserText(zh: "服务起不来时，看它说的原因", en: "if a service does not start, see what it says"), exit: .usage
            )
        case .nothingProves:
            Failure(
                3119,
                UserText(
                    zh: "没有签名检查点证明日志头之后的事件，不能只凭数据库重做日志头",
                    en:
                        "no signed checkpoint proves events beyond events.head, and a head is not made from the database alone"
                ),
                advice: UserText(
                    zh: "别的部门存有检查点时，用 --checkpoint 文件 --signer 公钥 给出；否则",
                    en: "give one that another department keeps: --checkpoint FILE --signer KEY; otherwise ")
                    + wholeBackup,
                exit: .problemsFound)
        case .rowsMissing(let proved, let there):
            Failure(
                3120,
                UserText(
                    zh: "应有 \(proved) 条事件，连同移开的行只有 \(there) 条：缺了已确认的事件",
                    en:
                        "there should be \(proved) events; with the rows that were set aside there are \(there): acknowledged "
                        + "events are missing"), advice: wholeBackup, exit: .problemsFound)
        case .damaged(let count, let first):
            Failure(
                3121,
                UserText(
                    zh: "行有 \(count) 处不对，不能由它们重做日志头：\(first)",
                    en: "the rows are wrong in \(count) places, and no head is made from them: \(first)"),
                advice: UserText(zh: "用 carectl log verify 看全部；", en: "see all with carectl log verify; ")
                    + wholeBackup,
                exit: .problemsFound)
        case .trailDiffers(let position):
            Failure(
                3122,
                UserText(
                    zh: "检查点之后，位置 \(position) 的行与行迹 events.trail 不一致，证明不了",
                    en:
                        "behind the checkpoint the rows and events.trail do not agree at position \(position): nothing proves "
                        + "these events"), advice: wholeBackup, exit: .problemsFound)
        }
    }
}
