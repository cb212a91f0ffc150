import ArgumentParser
import EventLog
import EventLogSQLite
import Foundation
import ServiceKit

/// `carectl log verify`
struct LogVerify: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every event on disk: hashes, chains, order, head. Read-only.",
        discussion: "Works on the files, also beside a running care-archive. Exit status 1 when there is damage.")

    @OptionGroup var common: CommonOptions

    @Option(help: "Folder of the log; otherwise that of the configuration.")
    var data: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let root: String
        if let data { root = data } else { root = try await desk.configuration().dataFolder }
        let folder = try LogCheck.folder(in: root)
        desk.mention(UserText(zh: "核对 \(folder)", en: "checking \(folder)"))
        let report = try await LogCheck.run(folder, desk)
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
            (
                "damages",
                .array(
                    report.damages.map { damage in
                        .object([
                            ("kind", .string(damage.kind.rawValue)),
                            ("position", damage.position.map { .count($0.rawValue) } ?? .null),
                            ("stream", .optional(damage.stream?.text)),
                            ("sequence", damage.sequence.map { .count($0.rawValue) } ?? .null),
                            ("detail", .string(damage.detail)),
                        ])
                    })
            ),
        ])
    }
}
