import ArgumentParser
import CareDomain
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl report list`
struct ReportList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the reports that were sent, with their versions.", aliases: ["ls"])

    @OptionGroup var common: CommonOptions

    @Option(help: "Only about this division and those within it.")
    var division: String?

    @Option(help: "Only of this kind: indicators, annex4, roll, loans.")
    var kind: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let list = try await desk.line(to: .careArchive).reports(
            .with {
                $0.division = division ?? ""
                $0.kind = kind ?? ""
            })
        if json {
            return desk.print(
                JSON.object([("reports", .array(list.reports.map(\.json)))]).text(indented: true))
        }
        var table = TextTable([
            .init(desk.word("报表", "report")), .init(desk.word("种类", "kind")), .init(desk.word("区划", "division")),
            .init(desk.word("起", "from")), .init(desk.word("止", "to")), .init(desk.word("版", "version"), .right),
            .init(desk.word("上报日", "sent on")), .init(desk.word("经办", "by")), .init(desk.word("原因", "reason")),
        ])
        for report in list.reports {
            for version in report.versions {
                table.append([
                    report.report.idText, version.kindText(desk), desk.place(version.sent.division),
                    DayText.of(version.sent.firstDay), DayText.of(version.sent.lastDay), "\(version.sent.version)",
                    DayText.of(version.sentOn), version.actor, version.sent.reason,
                ])
            }
        }
        desk.show(table)
    }
}

/// `carectl report show`
struct ReportShow: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a report as it was sent, byte by byte.",
        discussion:
            "Of a report about loans (report loans --send) the figures were frozen: they are printed as one document.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The report, or a beginning of its id that is unique.")
    var report: String

    @Option(help: "Which version; otherwise the latest.")
    var version: UInt32?

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        let typed = report.lowercased()
        let found = try await archive.reports(.init()).reports.filter { $0.report.idText.hasPrefix(typed) }
        guard let one = found.first, found.count == 1 else {
            throw Failure(
                6575,
                found.isEmpty
                    ? UserText(zh: "没有编号以 \(report) 开头的报表", en: "no report's id begins with \(report)")
                    : UserText(
                        zh: "有 \(found.count) 份报表以 \(report) 开头", en: "\(found.count) reports begin with \(report)"),
                advice: UserText(zh: "用 carectl report list 查看", en: "see carectl report list"),
                exit: .problemsFound)
        }
        let whole = try await archive.reports(.with { $0.report = one.report }).reports.first?.versions ?? []
        guard let chosen = version.map({ number in whole.first { $0.sent.version == number } }) ?? whole.last else {
            throw Failure(6576, UserText(zh: "没有这一版", en: "there is no such version"), exit: .problemsFound)
        }
        // What was sent is what is shown: its digest was checked when it was read.
        _ = try ReportSent(wire: chosen.sent)
        StandardOutput.write([UInt8](chosen.sent.content))
        desk.mention(
            UserText(
                zh: "第 \(chosen.sent.version) 版，\(DayText.of(chosen.sentOn)) 上报，共 \(whole.count) 版",
                en: "version \(chosen.sent.version) of \(whole.count), sent \(DayText.of(chosen.sentOn))"))
    }
}

/// What reports are called.
enum ReportWords {
    static func kind(_ code: String) -> String {
        switch code {
        case "indicators": "指标报表"
        case "annex4": "需求情况汇总表"
        case "roll": "待遇名册"
        case "loans": "借款报表"
        default: code
        }
    }
}

extension Care_V1_ReportList.Version {
    fileprivate func kindText(_ desk: Desk) -> String {
        ([desk.word(ReportWords.kind(sent.kind), sent.kind)] + [sent.pack, sent.clause].filter { !$0.isEmpty }).joined(
            separator: " ")
    }

    fileprivate var json: JSON {
        .object([
            ("version", .int(Int64(sent.version))), ("sent_on", .day(sentOn)), ("actor", .string(actor)),
            ("known_at", .moment(Moment(microseconds: sent.knownAt))),
            ("digest", .string(Hexadecimal.text([UInt8](sent.digest)))),
            ("reason", sent.hasReason ? .string(sent.reason) : .null),
            ("figures", .object(sent.figures.map { ($0.name, .int($0.value)) })),
        ])
    }
}

extension Care_V1_ReportList.Report {
    fileprivate var json: JSON {
        let scope = versions.first?.sent ?? .init()
        return .object([
            ("report", .id(report)), ("kind", .string(scope.kind)), ("division", .string(scope.division)),
            ("pack", scope.hasPack ? .string(scope.pack) : .null),
            ("clause", scope.hasClause ? .string(scope.clause) : .null), ("first_day", .day(scope.firstDay)),
            ("last_day", .day(scope.lastDay)), ("versions", .array(versions.map(\.json))),
        ])
    }
}
