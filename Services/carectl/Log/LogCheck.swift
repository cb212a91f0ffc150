import EventLog
import EventLogSQLite
import Foundation
import ServiceKit

/// Reading all files of a log for damage, also beside a running care-archive.
enum LogCheck {
    /// The log's own folder: the one given, or the one the archive keeps in a data folder.
    static func folder(in root: String) throws -> String {
        let candidates = [root, "\(root)/log"]
        func first(with name: String) -> String? {
            candidates.first { FileManager.default.fileExists(atPath: "\($0)/\(name)") }
        }
        guard let found = first(with: "events.sqlite") else {
            // What stands beside it tells that there was one: then it is lost, and no folder was mistyped.
            for name in ["events.head", "events.sqlite-wal", "events.trail", "events.names", "events.image"] {
                if let folder = first(with: name) { throw lost(folder, told: name) }
            }
            if let stored = SavedCheckpoint.stored(beside: "\(root)/log").furthest {
                throw lost("\(root)/log", told: "checkpoints/\(stored.name)")
            }
            throw Failure(
                6153, UserText(zh: "\(root) 里没有事件日志", en: "there is no log in \(root)"),
                advice: UserText(zh: "请用 --data 指明目录", en: "name the folder with --data"), exit: .usage)
        }
        return found
    }

    /// The database is gone, and something else of the log is there.
    private static func lost(_ folder: String, told name: String) -> Failure {
        let events =
            HeadCheck.vouchedEvents(in: folder).map {
                UserText(zh: "，日志头证明曾有 \($0) 条事件", en: "; the head file vouches for \($0) events")
            } ?? .plain("")
        return Failure(
            3116,
            UserText(
                zh: "\(folder)/events.sqlite 不见了，而 \(name) 还在：数据库被删除或移走",
                en: "\(folder)/events.sqlite is gone, while \(name) is there: the database was removed or moved away")
                + events,
            advice: UserText(
                zh: "放回原来的 events.sqlite（连同 events.sqlite-wal）；没有了就用 carectl backup restore 把最新备份整个恢复到新目录。"
                    + "这里的文件都先原样保留",
                en:
                    "put back events.sqlite, with its events.sqlite-wal; if it is lost, restore the newest backup whole into "
                    + "another folder with carectl backup restore. Keep all files here as they are"),
            exit: .problemsFound)
    }

    /// The files beside the database, read on the way.
    /// - Returns: What is wrong with them; nothing where no head file says which log this is.
    static func sideFiles(_ folder: String, _ report: VerifyReport) async throws -> [SideFileFlaw] {
        try await Background.run { try SideFiles(directory: folder)?.check(report) ?? [] }
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
