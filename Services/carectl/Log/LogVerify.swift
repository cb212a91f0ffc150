import ArgumentParser
import EventLog
import EventLogSQLite
import Foundation
import ServiceKit
import ServiceWiring

/// `carectl log verify`
struct LogVerify: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every event on disk: hashes, chains, order, head. Read-only.",
        discussion: """
            Works on the files, also beside a running care-archive, and compares them with each signed checkpoint that
            stands beside the log: the newest and those of the days. One kept elsewhere shows also that all files together
            were exchanged for older ones. Exit status 1 when there is damage, when a stored checkpoint is damaged
            (CARE-6329), gone (CARE-6330) or older than another one (CARE-6331), when rows stand in the file that are none
            of the log's events, when the database is gone (CARE-3116), or when a file beside it is damaged: events.trail
            (CARE-3112), events.names (3113), events.refused (3114), events.image (3115). Those cost no event; what they do
            cost is said. Rows that were set aside at an earlier start are only shown: they stand in the table strays.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "Folder of the log; otherwise that of the configuration.")
    var data: String?

    @Option(help: "A signed checkpoint kept elsewhere, to compare with besides those beside the log.")
    var checkpoint: String?

    @Option(help: "Public key of its signer, as text or file; otherwise checkpoint.pub of the key folder.")
    var signer: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let root: String
        if let data { root = data } else { root = try await desk.configuration().dataFolder }
        let folder = try LogCheck.folder(in: root)
        desk.mention(UserText(zh: "核对 \(folder)", en: "checking \(folder)"))
        let stored = SavedCheckpoint.stored(beside: folder)
        var checkpoints = stored.named
        if let checkpoint {
            let kept = try SavedCheckpoint.read(checkpoint, signer: try await SavedCheckpoint.signer(signer, desk))
            checkpoints.append(NamedCheckpoint(checkpoint, kept.checkpoint))
        }
        let report = try await LogCheck.run(folder, desk, checkpoints: checkpoints)
        let files = try await LogCheck.sideFiles(folder, report)
        let isSound = report.isSound && stored.flaws.isEmpty
        if json {
            desk.print(Self.json(report, stored, files).text(indented: true))
        } else {
            for damage in report.damages { desk.print(damage.description) }
            for flaw in stored.flaws { desk.print("checkpoint \(flaw.name): \(flaw.state)") }
            for flaw in files { desk.print("file \(flaw.description)") }
            for row in report.setAside { desk.print("set aside: \(row.detail)") }
            for line in HeadMend.records(in: folder) { desk.print("head made anew: \(line)") }
            let unlisted = report.setAsideCount - report.setAside.count
            if unlisted > 0 { desk.print("set aside: and \(unlisted) more such rows, in the table strays") }
            desk.say(
                UserText(
                    zh: "共核对 \(report.events) 条事件、\(report.streams) 个流、\(checkpoints.count) 个检查点："
                        + (isSound ? "完好" : "发现 \(report.damages.count + stored.flaws.count) 处损坏"),
                    en: "checked \(report.events) events in \(report.streams) streams and \(checkpoints.count) "
                        + "checkpoints: "
                        + (isSound ? "sound" : "\(report.damages.count + stored.flaws.count) damages")))
        }
        for flaw in stored.flaws { desk.say(SavedCheckpoint.failure(flaw).line(in: desk.language)) }
        for flaw in files {
            desk.say(SideFileWords.failure(flaw, isSound: report.isSound).line(in: desk.language))
        }
        if !isSound || !files.isEmpty { desk.status = .problemsFound }
    }

    private static func json(_ report: VerifyReport, _ stored: StoredCheckpoints, _ files: [SideFileFlaw]) -> JSON {
        .object([
            ("events", .count(report.events)), ("streams", .int(Int64(report.streams))),
            ("sound", .bool(report.isSound && stored.flaws.isEmpty && files.isEmpty)),
            ("damages", .array(report.damages.map { json($0) })),
            (
                "checkpoints",
                .array(
                    stored.sound.map { json($0.name, $0.signed.checkpoint.position, "sound") }
                        + stored.flaws.map { json($0.name, nil, $0.state) })
            ),
            ("files", .array(files.map { SideFileWords.json($0) })),
            ("set_aside", .array(report.setAside.map { json($0) })),
            ("set_aside_count", .int(Int64(report.setAsideCount))),
        ])
    }

    /// One stored checkpoint.
    private static func json(_ name: String, _ events: UInt64?, _ state: String) -> JSON {
        .object([("name", .string(name)), ("events", events.map { .count($0) } ?? .null), ("state", .string(state))])
    }

    /// One place.
    static func json(_ damage: Damage) -> JSON {
        .object([
            ("kind", .string(damage.kind.rawValue)),
            ("position", damage.position.map { .count($0.rawValue) } ?? .null),
            ("stream", .optional(damage.stream?.text)),
            ("sequence", damage.sequence.map { .count($0.rawValue) } ?? .null),
            ("detail", .string(damage.detail)),
        ])
    }
}
