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
            A case is one right that a batch pays or for which somebody applied, a loan, or a unit's year. Review is deciding about
            the right, or its arrears, and reviewing, publishing and confirming an application; of a loan its reviews, of a unit's year
            giving grants and taking them back. Fund is closing the batch; repayments and write-offs of a loan; budget, advance
            and settlement of a unit. Payment is sending files, taking answers in, returns and reversals, the step of an application
            that says so, and paying a loan out. Supervision is deciding objections and scoring a unit.

            Cases that are kept from this key (遮, such as loans from the operator's) are not looked at: it says which (CARE-6217), with the
            departments whose keys see them, and which records are damaged (CARE-6218). Exit status 0 when all was looked at and is
            right, 1 when somebody holds two, or something was not looked at.
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
        let left = try await archive.casesNotSeen(on: desk.today, besides: batch)
        if !report.findings.isEmpty || !left.isNothing { desk.status = .problemsFound }
        if json {
            let document = JSON.object(
                [
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
                                    ("clause", .string($0.clause)), ("unit", .string($0.unit)),
                                    ("year", .int(Int64($0.year))), ("loan", .id($0.loan)),
                                    ("actor", .string($0.actor)),
                                    ("functions", .array($0.functions.map { .string($0) })),
                                ])
                            })
                    ),
                ] + left.json)
            return desk.print(document.text(indented: true))
        }
        var table = TextTable([.init("职能"), .init("经办人")])
        for holder in report.holders { table.append([Self.chinese(holder.act), holder.actor]) }
        desk.show(table)
        for finding in report.findings {
            let functions = finding.functions.map(Self.chinese).joined(separator: "、")
            let batch = finding.batch.isEmpty ? "-" : finding.batch.idText
            desk.print("\(finding.actor) \(functions) \(batch) \(Self.place(finding))")
        }
        left.tell(desk)
        desk.say(Self.verdict(cases: report.caseCount, findings: report.findings.count, isWhole: left.isNothing))
    }

    /// What was found, of that which was looked at.
    static func verdict(cases: UInt64, findings: Int, isWhole: Bool) -> UserText {
        guard findings == 0 else {
            return UserText(
                zh: "有 \(findings) 处兼任\(isWhole ? "" : "；没有查全，见上")",
                en: "\(findings) findings\(isWhole ? "" : "; not all was looked at, see above")")
        }
        guard !isWhole else {
            return UserText(zh: "\(cases) 件：无人兼任两项职能", en: "\(cases) cases: nobody holds two functions")
        }
        return UserText(
            zh: "没有查全，见上；查过的 \(cases) 件里没有发现兼任",
            en:
                "not all was looked at, see above; of the \(cases) cases that were, nobody was found to hold two functions"
        )
    }

    /// Which case it is.
    private static func place(_ finding: Care_V1_SeparationReport.Finding) -> String {
        if !finding.unit.isEmpty { return "单位 \(finding.unit) \(finding.year)" }
        return finding.loan.isEmpty ? "\(finding.household.idText) \(finding.clause)" : "借款 \(finding.loan.idText)"
    }

    private static func chinese(_ code: String) -> String {
        code == "accounts" ? "登记收款账户" : CaseFunction(rawValue: code)?.chinese ?? code
    }
}
