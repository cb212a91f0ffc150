import ArgumentParser
import CareDomain
import EventLogSQLite
import Foundation
import ServiceKit
import ServiceWiring

/// `carectl backup status`
struct BackupStatus: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "最近的备份有多旧 How old the newest backup is, and what would be lost with the disk.",
        discussion: """
            只读文件，不问服务。还没有备份过则以状态 1 结束（CARE-6228）。
            Reads files only, and asks no service. Exit status 1 when there is none (CARE-6228). care-archive serves the same
            as guanhuai_backup_time_seconds and guanhuai_backup_position.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "Data folder of the deployment; otherwise that of the configuration.")
    var data: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let root: String
        if let data { root = data } else { root = try await desk.configuration().dataFolder }
        let log = try LogCheck.folder(in: root)
        let newest = NewestBackup.read(in: BackupFolder.dataFolder(ofLog: log))
        let events = HeadCheck.vouchedEvents(in: log)
        let since = newest.flatMap { newest in events.map { $0 - min($0, newest.position) } }
        if json {
            desk.print(
                JSON.object([
                    ("created_at", newest.map { .string(Moment(microseconds: $0.createdAt).wallClock) } ?? .null),
                    ("age_seconds", newest.map { .count(Self.age(of: $0, desk)) } ?? .null),
                    ("events", newest.map { .count($0.position) } ?? .null),
                    ("events_since", since.map { .count($0) } ?? .null),
                ]).text(indented: true))
        }
        guard let newest else {
            throw Failure(
                6228, UserText(zh: "还没有备份过这里的数据", en: "no backup was made of this data yet"),
                advice: UserText(
                    zh: "磁盘一坏就全没了；现在就做：carectl backup create --to 另一块盘上的目录",
                    en: "all of it would go with the disk; make one now, on another: carectl backup create --to DIR"),
                exit: .problemsFound)
        }
        guard !json else { return }
        let when = Moment(microseconds: newest.createdAt).wallClock
        let age = BackupText.age(Self.age(of: newest, desk))
        desk.print(
            UserText(
                zh: "最近的备份始于 \(when)（\(age.zh)前），含 \(newest.position) 条事件；"
                    + (since.map { "此后 \($0) 条" } ?? "此后的登记") + "只在这块磁盘上",
                en: "newest backup begun \(when) (\(age.en) ago), with \(newest.position) events; "
                    + (since.map { "\($0) since then are" } ?? "what came since then is") + " on this disk only")[
                    desk.language])
    }

    /// Whole seconds since a backup was begun; 0 when the clock went back.
    private static func age(of backup: NewestBackup, _ desk: Desk) -> UInt64 {
        UInt64(max(0, desk.now.microseconds - backup.createdAt)) / 1_000_000
    }
}
