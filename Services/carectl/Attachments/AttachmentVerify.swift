import ArgumentParser
import AttachmentStore
import Foundation
import ServiceKit

/// `carectl attachment verify`
struct AttachmentVerify: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare the store with the log: what is named and missing, lost, damaged, left over. Read-only.",
        discussion: """
            Works on the files, as the account that owns them, also beside running services and in the folder of a backup. missing: a
            record names it and nobody put it there. lost: it was put there and is gone. damaged: it is not what was put there. unnamed:
            no record names it yet. stray: nothing tells of it, as a crash leaves it. Exit status 1 for the first three.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "Data folder of the deployment or folder of a backup; otherwise that of the configuration.")
    var data: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let root: String
        if let data { root = data } else { root = try await desk.configuration().dataFolder }
        let log = try LogCheck.folder(in: root)
        let audit = try await Background.run {
            try AttachmentAudit(log: log, folder: AttachmentFolder(path: BackupFolder.attachments(besideLog: log)))
        }
        if audit.findings.contains(where: \.problem.isFault) { desk.status = .problemsFound }
        if json {
            return desk.print(
                JSON.object([
                    ("sound", .int(Int64(audit.sound))), ("findings", .array(audit.findings.map(\.json))),
                ]).text(indented: true))
        }
        for finding in audit.findings {
            desk.print("\(finding.problem.rawValue) \(finding.digest) \(finding.place?.stream ?? "-")")
        }
        desk.say(
            UserText(
                zh: "完好 \(audit.sound) 份，问题与多余 \(audit.findings.count) 处",
                en: "\(audit.sound) sound, \(audit.findings.count) findings"))
    }
}

extension AttachmentAudit.Finding {
    fileprivate var json: JSON {
        .object([
            ("problem", .string(problem.rawValue)), ("digest", .string(digest.description)),
            ("stream", .optional(place?.stream)),
        ])
    }
}
