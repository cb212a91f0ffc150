import EventLog
import EventLogSQLite
import Foundation
import ServiceKit

/// Reading all files of a log for damage, also beside a running care-archive.
enum LogCheck {
    /// The log's own folder: the one given, or the one the archive keeps in a data folder.
    static func folder(in root: String) throws -> String {
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
    /// - Parameter checkpoints: what the log is compared with.
    static func run(
        _ folder: String, _ desk: Desk, checkpoints: [NamedCheckpoint] = []
    ) async throws -> VerifyReport {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                var progress = desk.progress(
                    UserText(zh: "核对", en: "checking"), unit: UserText(zh: "条", en: "events"), total: nil)
                let result = Result {
                    try LogVerifier(directory: folder, checkpoints: checkpoints).run { done, _ in
                        progress.update(done: Int(clamping: done))
                        return true
                    }
                }
                if case .success(let report) = result { progress.finish(done: Int(clamping: report.events)) }
                continuation.resume(with: result)
            }
        }
    }
}
