import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl report`
struct ReportCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Print the forms that the documents ask for, filled from the record.",
        subcommands: [
            ReportAnnexFour.self, ReportRoll.self, ReportLoans.self, ReportIndicators.self, ReportState.self,
            ReportList.self, ReportShow.self,
        ])
}

/// `carectl report annex4`
struct ReportAnnexFour: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "annex4",
        abstract: "Sum up the needs forms by unit, cell by cell as Annex 4 of Boshan prints it (需求情况汇总表).",
        discussion: """
            Of each family the latest signed form counts, from --from to --as-of, of two of one day the one recorded later; the forms of
            a file that was merged into the family's are the family's, and are traced to that file. Where the family belongs, and whether its
            file is open, are those of --as-of. The basic columns count families, those of needs count items. A question that a form leaves
            open is in no count: the remarks tell how many, and a cell that no form answers says 未填, not 0.
            --send freezes the summary of a division as it stands; a correction is a further version with --reason.
            --trace COLUMN lists the forms behind a column, each with its household and the sequence of its event
            (carectl log get household-ID SEQUENCE); a column is named as printed or by its code.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var sending: ReportSendingOptions

    @Option(help: "In this division: 6, 9 or 12 digits.")
    var division: String?

    @Option(help: "The cut-off day; otherwise today.")
    var asOf: String?

    @Option(help: "First day of the forms; otherwise 1 January of the year of the cut-off day.")
    var from: String?

    @Option(help: "Digits of the division codes that make a unit: 6, 9 or 12.")
    var depth: UInt32 = 12

    @Option(help: "List the forms behind this column, such as 大病救助 or need_serious_illness.")
    var trace: String?

    @Flag(help: "One JSON document.")
    var json = false

    @Flag(help: "A CSV file that spreadsheet programs open, with the headings as printed.")
    var csv = false

    func perform(_ desk: Desk) async throws {
        let last = try desk.day(asOf, option: "--as-of")
        let first = try from.map { try desk.day($0, option: "--from") } ?? last.firstDayOfYear
        guard first <= last else {
            throw Failure(
                6261, UserText(zh: "--from 晚于截止日 \(last)", en: "--from is after the cut-off day \(last)"),
                exit: .usage)
        }
        let column = try trace.map { try Self.column($0) }
        guard column == nil || !sending.send else {
            throw Failure(
                6334,
                UserText(
                    zh: "--trace 只列出一栏的表，不能同时 --send", en: "--trace lists the forms of one column: not with --send"),
                advice: UserText(zh: "先去掉 --trace 上报", en: "send it without --trace"), exit: .usage)
        }
        let query = Care_V1_NeedsSummaryQuery.with {
            $0.asOf = last.dayNumber
            $0.from = first.dayNumber
            $0.division = division ?? ""
            $0.depth = depth
            $0.trace = column?.rawValue ?? ""
        }
        let archive = try await desk.line(to: .careArchive)
        let wire =
            try await sending.send
            ? send(query, first...last, desk) : archive.needsSummary(query)
        let summary = try NeedsSummary(wire)
        if let column {
            Self.show(FormsBehind(column: column, summary: summary, forms: wire.forms), json: json, csv: csv, desk)
        } else if json {
            desk.print(summary.json.text(indented: true))
        } else if csv {
            StandardOutput.write(summary.csv)
        } else {
            desk.print("\(NeedsSummary.title)（\(first) 至 \(last)）")
            desk.show(summary.table)
        }
    }

    /// Freezes the summary as it stands.
    private func send(
        _ query: Care_V1_NeedsSummaryQuery, _ days: ClosedRange<CivilDay>, _ desk: Desk
    ) async throws -> Care_V1_NeedsSummary {
        let archive = try await desk.line(to: .careArchive)
        let division = try DivisionCode.book(division ?? "")
        let (wire, knownAt) = try await archive.steady { try await archive.needsSummary(query) }
        let scope = ReportScope(
            kind: Code(unchecked: "annex4"), division: division, firstDay: days.lowerBound, lastDay: days.upperBound)
        try await desk.freeze(
            ReportDocument(scope: scope, knownAt: knownAt, document: try NeedsSummary(wire).json), sending)
        return wire
    }

    private static func column(_ text: String) throws -> NeedsSummary.Column {
        if let column = NeedsSummary.Column(named: text) { return column }
        let names = NeedsSummary.Column.allCases.map(\.label).joined(separator: "、")
        throw Failure(
            6262, UserText(zh: "没有“\(text)”这一栏", en: "there is no column \(text)"),
            advice: UserText(zh: "可用：\(names)", en: "columns: \(names)"), exit: .usage)
    }

    private static func show(_ found: FormsBehind, json: Bool, csv: Bool, _ desk: Desk) {
        if json { return desk.print(found.json.text(indented: true)) }
        let titles = ["单位", "户编号", "户主", "登记日期", "登记表", "需求", found.column.label]
        if csv {
            var file = CSVWriter()
            file.append(titles)
            for row in found.rows(\.self) { file.append(row) }
            return StandardOutput.write(file.bytes)
        }
        var table = TextTable(titles.map { .init($0) })
        for row in found.rows(desk.place) { table.append(row) }
        desk.show(table)
        let unit = found.column.countsHouseholds ? "户" : "条"
        let number = found.summary.total.count(found.column)
        desk.mention(
            UserText(
                zh: "\(found.column.label)：\(number) \(unit)，登记表 \(found.forms.count) 张",
                en: "\(found.column.label): \(number), from \(found.forms.count) forms"))
    }
}

extension Line {
    fileprivate func needsSummary(_ query: Care_V1_NeedsSummaryQuery) async throws -> Care_V1_NeedsSummary {
        guard case .needsSummary(let wire) = try await ask(.needsSummary(query), timeout: .seconds(120)) else {
            throw Failure.badAnswer
        }
        return wire
    }
}

/// The forms behind one column.
private struct FormsBehind {
    let column: NeedsSummary.Column
    let summary: NeedsSummary
    let forms: [Care_V1_NeedsSummary.Form]

    /// One row for each form; the events by their sequences in the household's stream.
    /// - Parameter place: What stands for a division.
    func rows(_ place: (String) -> String) -> [[String]] {
        forms.map { form in
            [
                place(form.division), form.household.idText, form.maskedName, DayText.of(form.day), "\(form.sequence)",
                form.needSequences.map { "\($0)" }.joined(separator: " "), form.open ? "未填" : "\(form.count)",
            ]
        }
    }

    var json: JSON {
        .object([
            ("from", .day(summary.days.lowerBound)), ("as_of", .day(summary.days.upperBound)),
            ("column", .string(column.rawValue)), ("heading", .string(column.heading)),
            ("count", .int(Int64(summary.total.count(column)))),
            ("open_count", .int(Int64(summary.total.openCount(column)))),
            (
                "forms",
                .array(
                    forms.map { form in
                        .object([
                            ("division", .string(form.division)), ("household", .id(form.household)),
                            ("masked_name", .string(form.maskedName)), ("day", .day(form.day)),
                            ("sequence", .count(form.sequence)), ("count", .count(form.count)),
                            ("open", .bool(form.open)), ("needs", .array(form.needSequences.map { .count($0) })),
                        ])
                    })
            ),
        ])
    }
}
