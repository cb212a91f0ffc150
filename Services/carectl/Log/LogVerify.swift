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
        let folder = try Self.folder(in: root)
        desk.mention(UserText(zh: "核对 \(folder)", en: "checking \(folder)"))
        let report = try await Self.run(folder, desk)
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

    /// The log's own folder: the one given, or the one the archive keeps in a data folder.
    private static func folder(in root: String) throws -> String {
        let candidates = [root, "\(root)/log"]
        guard let found = candidates.first(where: { FileManager.default.fileExists(atPath: "\($0)/events.sqlite") })
        else {
            throw Failure(
                6153, UserText(zh: "\(root) 里没有事件日志", en: "there is no log in \(root)"),
                advice: UserText(zh: "请用 --data 指明目录", en: "name the folder with --data"), exit: .usage)
        }
        return found
    }

    /// The check reads for minutes and never waits for anybody: it gets a thread of its own.
    private static func run(_ folder: String, _ desk: Desk) async throws -> VerifyReport {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                var progress = desk.progress(
                    UserText(zh: "核对", en: "checking"), unit: UserText(zh: "条", en: "events"), total: nil)
                let result = Result {
                    try LogVerifier(directory: folder).run { done, _ in
                        progress.update(done: Int(clamping: done))
                        return true
                    }
                }
                if case .success(let report) = result { progress.finish(done: Int(clamping: report.events)) }
                continuation.resume(with: result)
            }
        }
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
