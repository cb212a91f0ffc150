import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl report loans`
struct ReportLoans: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "loans", abstract: "Quarterly report and half-year or year-end check of the Happiness Project.",
        discussion: """
            Figures of the period and up to its last day, of all funds in the division. The repayment rate takes revolving loans alone:
            principal repaid against what was due; paid early, it counts at its due day; written off, it counts as unpaid; with nothing
            due there is no rate. --send freezes the report as it is now; a correction is a further version with --reason, and the
            earlier ones stay. Each version is checked against the log as it was known then; which figures differ from version to
            version, and now from the last one, is told below the table.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "District, sub-district or city: 6 or 9 digits.")
    var division: String

    @Option(help: "Quarterly report, such as 2017-Q3.")
    var quarter: String?

    @Option(help: "Half-year check, such as 2017-H1.")
    var halfYear: String?

    @Option(help: "Year-end check, such as 2017.")
    var year: String?

    @Option(help: "As known at this moment (2017-10-01T09:30:00+08:00) or at the end of this day.")
    var knownAt: String?

    @Flag(help: "Send it: it is frozen as a version.")
    var send = false

    @Option(help: "A problem that the check found, a code; may be repeated.")
    var problem: [String] = []

    @Option(help: "Why it is sent again, a code.")
    var reason: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let scope = try scope()
        let archive = try await desk.line(to: .careArchive)
        let moment = try knownAt.map { try desk.moment($0) }
        var page = try await archive.report(scope, moment)
        if send, try await freeze(scope, page, desk) { page = try await archive.report(scope, moment) }
        if page.versions.contains(where: { !$0.isReproduced }) { desk.status = .problemsFound }
        if json { return desk.print(document(scope, page).text(indented: true)) }
        var table = TextTable(
            [.init("指标")] + page.versions.map { .init("第 \($0.report.version) 版", .right) }
                + [.init("现在", .right)])
        // A rate without a denominator is left out of the figures: here it says so (不适用).
        let names = page.figures.map(\.name) + page.versions.flatMap { $0.report.figures.map(\.name) } + Self.rates
        var seen: Set<String> = []
        for name in names where seen.insert(name).inserted {
            let columns = page.versions.map { Self.value(name, $0.report.figures) } + [Self.value(name, page.figures)]
            table.append([LendingWords.figure(name)] + columns)
        }
        desk.show(table)
        for version in page.versions {
            desk.say(
                UserText(
                    zh: "第 \(version.report.version) 版 \(DayText.of(version.sentOn)) 上报"
                        + "，\(version.isReproduced ? "与当时的记录一致" : "与当时的记录不符")",
                    en: "version \(version.report.version) sent \(DayText.of(version.sentOn)), "
                        + (version.isReproduced ? "as the log had it" : "not as the log had it")))
        }
        for difference in differences(page) { desk.say(difference) }
    }

    /// What each version says otherwise than the one before it, and the record now otherwise than the last one.
    private func differences(_ page: Care_V1_LoanReportPage) -> [UserText] {
        var texts: [UserText] = []
        for (before, after) in zip(page.versions, page.versions.dropFirst()) {
            let changed = Self.changes(before.report.figures, after.report.figures)
            guard !changed.isEmpty else { continue }
            let (old, new) = (before.report.version, after.report.version)
            texts.append(
                UserText(
                    zh: "第 \(new) 版与第 \(old) 版不同：\(Self.told(changed))",
                    en: "version \(new) differs from version \(old): \(Self.told(changed))"))
        }
        guard let last = page.versions.last?.report else { return texts }
        let changed = Self.changes(last.figures, page.figures)
        if !changed.isEmpty {
            texts.append(
                UserText(
                    zh: "现在与第 \(last.version) 版不同：\(Self.told(changed))；要更正，用 --send --reason 另报一版",
                    en:
                        "the record differs from version \(last.version): \(Self.told(changed)); --send --reason sends a "
                        + "further version"))
        }
        return texts
    }

    /// Figures that are others, or are there in one of both only, in the order of the report.
    private static func changes(
        _ before: [Care_V1_LoanFigure], _ after: [Care_V1_LoanFigure]
    ) -> [(name: String, before: String, after: String)] {
        var seen: Set<String> = []
        return (after + before).map(\.name).filter { seen.insert($0).inserted }.compactMap { name in
            let (old, new) = (value(name, before), value(name, after))
            return old == new ? nil : (name, old, new)
        }
    }

    private static func told(_ changes: [(name: String, before: String, after: String)]) -> String {
        changes.map { "\(LendingWords.figure($0.name)) \($0.before) → \($0.after)" }.joined(separator: "，")
    }

    /// Freezes the report as its next version. What was sent as it stands changes nothing.
    /// - Returns: Whether a version was added.
    private func freeze(
        _ scope: LoanReportScope, _ page: Care_V1_LoanReportPage, _ desk: Desk
    ) async throws -> Bool {
        let sent = LoanReportSent(
            scope: scope, version: page.versions.count + 1, knownAt: Moment(microseconds: page.knownAt),
            figures: try page.figures.map { LoanFigure(try Code.typed($0.name, option: "figures"), $0.value) },
            problems: try problem.map { try Code.typed($0, option: "--problem") },
            reason: try reason.map { try Code.typed($0, option: "--reason") })
        if let last = page.versions.last?.report, try LoanReportSent(wire: last).saysTheSame(as: sent) {
            desk.mention(
                UserText(
                    zh: "与已上报的第 \(last.version) 版相同，没有再报", en: "the same as version \(last.version), not sent again"))
            return false
        }
        try await desk.line(to: .intake).lend(
            LendingCommand(
                id: .random(), stream: .report(.derived(from: scope)), occurredOn: desk.today, action: .report(sent)),
            desk, printsID: !json)
        return true
    }

    /// Rates of which nothing is known without a denominator (XM-6.2, XM-6.3).
    private static let rates = ["repayment_rate_bp", "exit_rate_bp", "exit_rate_completed_bp"]

    private static func value(_ name: String, _ figures: [Care_V1_LoanFigure]) -> String {
        figures.first { $0.name == name }.map(LendingWords.value) ?? "不适用"
    }

    private func scope() throws -> LoanReportScope {
        let kinds: [(kind: LoanReportScope.Kind, text: String?, unit: CalendarUnit)] = [
            (.quarter, quarter, .quarter), (.halfYear, halfYear, .halfYear), (.year, year, .year),
        ]
        let given = kinds.filter { $0.text != nil }
        guard let only = given.first, given.count == 1, let period = PaymentPeriod(parsing: only.text ?? ""),
            period.isOne(only.unit), let division = DivisionCode(division)
        else {
            throw Failure(
                6490,
                UserText(
                    zh: "请写 --division 和 --quarter 2017-Q3、--half-year 2017-H1、--year 2017 之一",
                    en: "say --division and one of --quarter 2017-Q3, --half-year 2017-H1, --year 2017"), exit: .usage)
        }
        return LoanReportScope(
            kind: only.kind, division: division, firstDay: period.first.firstDay, lastDay: period.last.lastDay)
    }

    private func document(_ scope: LoanReportScope, _ page: Care_V1_LoanReportPage) -> JSON {
        .object([
            ("report", .id(page.report)), ("kind", .string(scope.kind.rawValue)),
            ("division", .string(scope.division.rawValue)), ("first_day", .day(scope.firstDay)),
            ("last_day", .day(scope.lastDay)), ("known_at", .moment(Moment(microseconds: page.knownAt))),
            ("figures", Self.json(page.figures)),
            (
                "versions",
                .array(
                    page.versions.map { version in
                        .object([
                            ("version", .int(Int64(version.report.version))), ("sent_on", .day(version.sentOn)),
                            ("actor", version.actor.isEmpty ? .null : .string(version.actor)),
                            ("known_at", .moment(Moment(microseconds: version.report.knownAt))),
                            ("reason", version.report.reason.isEmpty ? .null : .string(version.report.reason)),
                            ("problems", .array(version.report.problems.map { .string($0) })),
                            ("figures", Self.json(version.report.figures)),
                            ("reproduced", .bool(version.isReproduced)),
                        ])
                    })
            ),
            // Figures in which the record differs from the last version that was sent.
            ("changed_since", .array(changedSince(page).map { .string($0) })),
        ])
    }

    private func changedSince(_ page: Care_V1_LoanReportPage) -> [String] {
        page.versions.last.map { Self.changes($0.report.figures, page.figures).map(\.name) } ?? []
    }

    private static func json(_ figures: [Care_V1_LoanFigure]) -> JSON {
        .object(figures.map { ($0.name, .int($0.value)) })
    }
}

extension Line {
    /// The figures of a period and the versions that were sent.
    fileprivate func report(_ scope: LoanReportScope, _ knownAt: Moment?) async throws -> Care_V1_LoanReportPage {
        let query = Care_V1_LoanReportQuery.with {
            $0.kind = scope.kind.rawValue
            $0.division = scope.division.rawValue
            $0.firstDay = scope.firstDay.dayNumber
            $0.lastDay = scope.lastDay.dayNumber
            if let knownAt { $0.knownAt = knownAt.microseconds }
        }
        guard case .loanReport(let page) = try await ask(.loanReport(query)) else { throw Failure.badAnswer }
        return page
    }
}
