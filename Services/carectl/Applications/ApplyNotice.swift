import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl apply notice`
struct ApplyNotice: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "notice", abstract: "Open the public notice of the application.",
        discussion: "The day of the notice does not count. carectl apply notices prints the list to hang out.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: ApplicationOptions

    @Option(help: "How many days; otherwise as the pack, or its parameter, says.")
    var days: Int?

    func perform(_ desk: Desk) async throws {
        let found = try await options.find(desk)
        let step = try found.step()
        try await found.act(desk) { _ in
            .noticeOpened(PublicNoticeOpened(application: found.reference, step: step, days: days))
        }
    }
}

/// `carectl apply object`
struct ApplyObject: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "object", abstract: "Record an objection to what is on public notice.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: ApplicationOptions
    @OptionGroup var why: ReasonOptions

    func perform(_ desk: Desk) async throws {
        let found = try await options.find(desk)
        let reason = try why.code()
        try await found.act(desk) { id in
            .objectionRaised(
                ObjectionRaised(
                    application: found.reference, reason: reason, sealed: found.sealed(why.text, id)))
        }
    }
}

/// `carectl apply answer`
struct ApplyAnswer: CareCommand {
    /// Whether the objection holds.
    enum Verdict: String, ExpressibleByArgument, CaseIterable { case upheld, dismissed }

    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Decide an objection after the investigation.",
        discussion: "Whoever reviewed the application cannot. What was upheld has to be returned or rejected.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: ApplicationOptions

    @Option(help: "upheld or dismissed.")
    var verdict: Verdict

    @Option(help: "Number of the objection; only needed when several are open.")
    var objection: UInt64?

    @Option(help: "What was found, a code.")
    var finding: String

    @Option(help: "The investigation in words; kept with the personal data.")
    var text: String?

    func perform(_ desk: Desk) async throws {
        let found = try await options.find(desk)
        let finding = try Code.typed(finding, option: "--finding")
        let open = found.entry.openObjections
        guard let number = objection ?? open.first, objection != nil || open.count == 1 else {
            throw Failure(
                6224,
                UserText(
                    zh: "待核查的异议有 \(open.count) 条，请用 --objection 写明",
                    en: "\(open.count) objections are open: --objection"),
                exit: .problemsFound)
        }
        try await found.act(desk) { id in
            .objectionDecided(
                ObjectionDecided(
                    application: found.reference, objection: EventReference(sequence: number),
                    isUpheld: verdict == .upheld, finding: finding, sealed: found.sealed(text, id)))
        }
    }
}

/// `carectl apply notices`
struct ApplyNotices: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "notices", abstract: "Print the list to hang out (公示单): names and numbers masked.")

    @OptionGroup var common: CommonOptions

    @Option(help: "Only in this division: 6, 9 or 12 digits.")
    var division: String?

    @Option(help: "On public notice on this day; otherwise today.")
    var on: String?

    @Flag(help: "As a CSV file.")
    var csv = false

    private static let titles = ["序号", "姓名", "证件号码", "区划", "申报事项", "公示起", "公示止"]

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let entries = try await desk.line(to: .careArchive).applications(
            .with {
                $0.asOf = day.dayNumber
                $0.division = division ?? ""
                $0.filter = .onNotice
            })
        let rows = entries.enumerated().map { index, entry in
            [
                "\(index + 1)", entry.maskedName, entry.maskedIDNumber,
                csv ? entry.division : desk.place(entry.division), entry.clause.name,
                DayText.of(entry.noticeOpenedOn + 1), DayText.of(entry.noticeLastDay, ifSet: entry.hasNoticeLastDay),
            ]
        }
        if csv {
            var file = CSVWriter()
            file.append(Self.titles)
            for row in rows { file.append(row) }
            return StandardOutput.write(file.bytes)
        }
        var table = TextTable(Self.titles.map { .init($0) })
        for row in rows { table.append(row) }
        desk.show(table)
        desk.mention(UserText(zh: "公示中 \(rows.count) 件", en: "\(rows.count) on public notice"))
    }
}
