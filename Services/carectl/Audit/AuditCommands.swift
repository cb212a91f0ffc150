import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl audit`
struct AuditCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Prove from the log that rules about people were kept.",
        subcommands: [AuditSeparation.self])
}

/// `carectl audit separation`
struct AuditSeparation: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "separation",
        abstract: "Prove that nobody holds two of review, fund, payment and supervision on one case.",
        discussion: """
            A case is one right that a batch pays or for which somebody applied. Review is deciding about the right, or its arrears, and
            reviewing, publishing and confirming an application; fund is closing the batch; payment is sending files, taking answers
            in, returns and reversals, and the step of an application that says so; supervision is deciding objections. Exit status 0 when all is right, 1 when somebody holds two.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Only this batch; otherwise all.")
    var batch: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let query = Care_V1_SeparationQuery.with { $0.batch = batch ?? "" }
        let archive = try await desk.line(to: .careArchive)
        guard case .separation(let report) = try await archive.ask(.separation(query), timeout: .seconds(120)) else {
            throw Failure.badAnswer
        }
        if !report.findings.isEmpty { desk.status = .problemsFound }
        if json {
            let document = JSON.object([
                ("cases", .count(report.caseCount)),
                (
                    "holders",
                    .array(
                        report.holders.map {
                            .object([("function", .string($0.act)), ("actor", .string($0.actor))])
                        })
                ),
                (
                    "findings",
                    .array(
                        report.findings.map {
                            .object([
                                ("batch", .id($0.batch)), ("household", .id($0.household)),
                                ("clause", .string($0.clause)), ("actor", .string($0.actor)),
                                ("functions", .array($0.functions.map { .string($0) })),
                            ])
                        })
                ),
            ])
            return desk.print(document.text(indented: true))
        }
        var table = TextTable([.init("职能"), .init("经办人")])
        for holder in report.holders { table.append([Self.chinese(holder.act), holder.actor]) }
        desk.show(table)
        for finding in report.findings {
            let functions = finding.functions.map(Self.chinese).joined(separator: "、")
            desk.print(
                "\(finding.actor) \(functions) \(finding.batch.isEmpty ? "-" : finding.batch.idText) \(finding.household.idText) \(finding.clause)"
            )
        }
        desk.say(
            report.findings.isEmpty
                ? UserText(
                    zh: "\(report.caseCount) 件：无人兼任两项职能", en: "\(report.caseCount) cases: nobody holds two functions")
                : UserText(zh: "有 \(report.findings.count) 处兼任", en: "\(report.findings.count) findings"))
    }

    private static func chinese(_ code: String) -> String { CaseFunction(rawValue: code)?.chinese ?? code }
}
