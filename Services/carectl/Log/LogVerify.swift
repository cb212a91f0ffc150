import ArgumentParser
import EventLog
import EventLogSQLite
import Foundation
import ServiceKit

/// `carectl log verify`
struct LogVerify: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every event on disk: hashes, chains, order, head. Read-only.",
        discussion: """
            Works on the files, also beside a running care-archive, and compares them with a signed checkpoint: one kept
            elsewhere shows also that all files together were exchanged for older ones. Exit status 1 when there is
            damage.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "Folder of the log; otherwise that of the configuration.")
    var data: String?

    @Option(help: "A signed checkpoint kept elsewhere; otherwise the newest one beside the log, when there is one.")
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
        let signed: SignedCheckpoint?
        if let checkpoint {
            signed = try SavedCheckpoint.read(checkpoint, signer: try await SavedCheckpoint.signer(signer, desk))
        } else {
            signed = SavedCheckpoint.beside(folder)
        }
        let report = try await LogCheck.run(folder, desk, checkpoint: signed?.checkpoint)
        if json {
            desk.print(Self.json(report).text(indented: true))
        } else {
            for damage in report.damages { desk.print(damage.description) }
            desk.say(
                UserText(
                    zh: "共核对 \(report.events) 条事件、\(report.streams) 个流："
                        + (report.isSound ? "完好" : "发现 \(report.damages.count) 处损坏"),
                    en: "checked \(report.events) events in \(report.streams) streams: "
                        + (report.isSound ? "sound" : "\(report.damages.count) damages")))
        }
        if !report.isSound { desk.status = .problemsFound }
    }

    private static func json(_ report: VerifyReport) -> JSON {
        .object([
            ("events", .count(report.events)), ("streams", .int(Int64(report.streams))),
            ("sound", .bool(report.isSound)),
            ("damages", .array(report.damages.map { json($0) })),
        ])
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
