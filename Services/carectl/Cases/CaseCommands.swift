import ArgumentParser
import CareDomain
import CaseImport
import Foundation
import OfficeFiles
import ServiceKit

/// `carectl case`
struct CaseCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "case", abstract: "Bring facts in: rosters, visit forms, commands, a death; take one back.",
        subcommands: [CaseImportFile.self, CaseTemplate.self, CaseDeath.self, CaseLeave.self, CaseWithdraw.self])
}

/// `carectl case import`
struct CaseImportFile: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import a roster or visit forms (CSV), or commands (NDJSON).",
        discussion: """
            The kind of file is told from its content. Every row is checked first; the good ones are recorded, the
            others are written beside the file with the reason. The rows of a family, and a form, are recorded whole
            or sent back whole. Somebody of the same name and birth date in another family is sent back with that family's
            id, ID numbers or not (CARE-1318); a column 同名同日另有其人, or namesake in a command, says that it is somebody else,
            and why. The same file again changes nothing. A cell that differs from the archive needs --as
            change or --as correction. A visit form says whose it is by 户编号 or 户主身份证号; a name alone is sent back
            (CARE-7290). A form that stands twice in a file is taken once. A visit form that is on record already
            (same household, day and visitor) is put right as a whole by a correction; a change takes it as filled
            in anew on --on DAY. The counts are of families, of a visit file forms, of a command file lines; beside
            变更 (changed) stands the number of entries where a family has several. 未变 (unchanged) say what is on
            record: nothing is sent; 此前已登记 (recorded before) had been recorded under the same ids, for example by an
            earlier run of the same file. Cells of families on file about what is kept from this key are neither
            compared nor recorded (CARE-6195). Exit status 1 when something was refused.
            """,
        aliases: ["submit"])

    @OptionGroup var common: CommonOptions

    @Argument(help: "The file; - for standard input.")
    var file: String

    @Flag(help: "Check and count, record nothing.")
    var dryRun = false

    @Option(name: .customLong("as"), help: "What a differing cell means: change or correction.")
    var meaning: String?

    @Option(help: "Day of the change, for --as change.")
    var on: String?

    @Option(
        help: """
            Why the archive was wrong, for --as correction: 录入错误, 认错人, 材料迟到, 重复登记 (typing_error, wrong_person, \
            late_document, duplicate), or words of your own, which are sealed: the page shows them with --reveal.
            """)
    var reason: String?

    @Option(help: "Commands under way at a time; lines about one household or person go out in their order.")
    var inFlight = 32

    @Flag(help: "The counts as a JSON object on standard output.")
    var json = false

    func validate() throws {
        switch meaning {
        case nil:
            if on != nil || reason != nil {
                throw ValidationError(
                    UserText(zh: "--on 与 --reason 要和 --as 一起写", en: "--on and --reason belong to --as"))
            }
        case "change":
            if on == nil || reason != nil {
                throw ValidationError(
                    UserText(
                        zh: "--as change 要写 --on 日期，不写 --reason", en: "--as change needs --on DAY, and no --reason"))
            }
        case "correction":
            if reason == nil || on != nil {
                throw ValidationError(
                    UserText(
                        zh: "--as correction 要写 --reason 理由，不写 --on",
                        en: "--as correction needs --reason TEXT, and no --on"))
            }
        default:
            throw ValidationError(UserText(zh: "--as 应是 change 或 correction", en: "--as is change or correction"))
        }
        guard (1...1000).contains(inFlight) else {
            throw ValidationError(UserText(zh: "--in-flight 应是 1 到 1000", en: "--in-flight is 1 to 1000"))
        }
    }

    func perform(_ desk: Desk) async throws {
        let input = try ImportFile(path: file)
        let interruption = Interruption()
        defer { interruption.stop() }
        let pump = CommandPump(
            intake: try await desk.line(to: .intake),
            begun: dryRun ? RunBeginning(head: nil) : await RunBeginning.now(desk), isTrial: dryRun, window: inFlight,
            takesQueued: true, interruption: interruption, desk: desk)
        if try input.holdsCommands() {
            guard meaning == nil else {
                throw Failure(
                    6183, UserText(zh: "--as 只用于名册和走访表", en: "--as is for rosters and visit forms only"), exit: .usage)
            }
            var work = CommandFileImport(input, desk: desk)
            let failure = dryRun ? try await work.check(through: pump) : try await work.send(through: pump)
            return try report(work.tally, failure, desk)
        }
        let table = try input.table()
        let plan = try await plan(input, table, desk)
        var work = OfficeImport(input, table: table, plan: plan, desk: desk)
        let failure = try await work.send(through: pump)
        try report(work.tally, failure, desk)
    }

    private func plan(_ input: ImportFile, _ table: CSVTable, _ desk: Desk) async throws -> OfficeImport.Plan {
        let families = ArchiveFamilies(
            archive: try await desk.line(to: .careArchive), today: desk.today)
        switch try ImportFile.content(of: table) {
        case .roster, .commands:
            let mode = try mode(desk)
            let roster = try Roster(table)
            let found = try await families.named(in: table)
            let plan = try await plan(roster, input.digest, mode, found, families)
            var work = OfficeImport.Plan(plan, of: roster, mode: mode)
            let homes = found.histories.compactMapValues { $0.household.division(on: desk.today) }
            let alike = try await HelpersOnRecord.asked(
                of: plan, in: families.archive, today: desk.today, homes: homes)
            if let note = alike?.note { work.notes.append(note) }
            return work
        case .visits:
            let found = try await families.named(in: table)
            var comparison = DetailComparison(archive: families.archive)
            for row in table.rows {
                for family in found.families(of: [row.row]) {
                    let values = HeldValue.values(ofForm: row, in: table, about: family.household)
                    comparison.add(values, of: family.id)
                }
            }
            let people = try await comparison.run()
            let known = KnownFamilies(people.compactMap { id, people in found.histories[id].map { people.family($0) } })
            let mode = try mode(desk)
            return OfficeImport.Plan(
                try VisitPlan(table, file: input.digest, lookup: known, mode: mode, today: desk.today), mode: mode)
        }
    }

    private func plan(
        _ roster: Roster, _ digest: Identifier128, _ mode: RosterMode, _ found: ArchiveFamilies.Found,
        _ families: ArchiveFamilies
    ) async throws -> RosterPlan {
        var comparison = DetailComparison(archive: families.archive)
        for family in roster.families {
            for known in found.families(of: family.rows.map(\.row)) {
                comparison.add(HeldValue.values(of: family.rows, about: known.household), of: known.id)
            }
        }
        let people = try await comparison.run()
        let withheld = try await families.withheld(of: found.histories)
        var known = KnownFamilies(
            people.sorted { $0.key < $1.key }.compactMap { id, people in
                found.histories[id].map { people.family($0, withheld: withheld[id] ?? []) }
            })
        func planned() -> RosterPlan {
            RosterPlan(roster, file: digest, lookup: known, mode: mode, today: families.today)
        }
        let plan = planned()
        // A correction says again all that its event said, so whoever makes it has to see that.
        guard case .correction = mode else { return plan }
        let closed = plan.families.filter(\.needsOpening).compactMap(\.household)
        for id in closed {
            guard let history = found.histories[id], let shown = try await families.shown(of: id) else { continue }
            let pages = try await families.pages(of: history)
            var family = (people[id] ?? ComparedPeople([], [])).opened(by: shown, pages: pages)
                .family(history, withheld: withheld[id] ?? [])
            family.isOpened = true
            known.add(family)
        }
        return closed.isEmpty ? plan : planned()
    }

    private func mode(_ desk: Desk) throws -> RosterMode {
        switch meaning {
        case "change": return .change(on: try desk.day(on, option: "--on"))
        case "correction":
            let known = Correction.reason(typed: (reason ?? "").trimmingCharacters(in: .whitespaces))
            return .correction(reason: known.code, text: known.text)
        default: return .report
        }
    }

    private func report(_ tally: ImportTally, _ failure: Failure?, _ desk: Desk) throws {
        desk.say((dryRun ? UserText(zh: "预览（未登记）：", en: "preview (nothing recorded): ") : .plain("")) + tally.text)
        if json { desk.print(tally.json.text()) }
        if let failure { throw failure }
        if tally.refused > 0 { desk.status = .problemsFound }
    }
}

/// `carectl case template`
struct CaseTemplate: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "template", abstract: "Write the empty form: roster or visit.",
        discussion: """
            In the needs form (visit) each column of needs holds either a number alone, such as 3, or the needs in words:
            each counts as one item, parted by a comma, 、, a semicolon or a line break outside brackets; where they are
            numbered 1、 2、 the numbers count. A count in words, such as 3项, is sent back at the import. --columns lists every
            column with what may stand in it and what it means; the columns that end in 止 hold the last day included.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "roster or visit.")
    var form: String

    @Option(name: .shortAndLong, help: "File to write; otherwise standard output.")
    var output: String?

    @Flag(help: "List the columns: allowed values and meaning, instead of the empty form.")
    var columns = false

    func validate() throws {
        guard !columns || output == nil else {
            throw ValidationError(
                UserText(zh: "--columns 只列出说明，不写文件", en: "--columns lists the columns and writes no file"))
        }
    }

    func perform(_ desk: Desk) async throws {
        guard let template = OfficeTemplate(rawValue: form) else {
            throw Failure(
                6327, UserText(zh: "没有 \(form) 这种表，只有 roster 和 visit", en: "there is roster and visit, no \(form)"),
                exit: .usage)
        }
        if columns {
            let titles: [TextTable.Column] = [
                .init(desk.word("栏目", "column")), .init(desk.word("可填", "allowed"), mayShrink: true),
                .init(desk.word("说明", "meaning"), mayShrink: true),
            ]
            func said(_ hint: CellHint) -> String { desk.language == .chinese ? hint.chinese : hint.english }
            return desk.show(
                titles, template.columns.map { [$0.heading, said($0.allowed), said($0.meaning)] }, csv: false)
        }
        guard let output else { return StandardOutput.write(template.file) }
        // An office may have typed for hours into a file of this name.
        try PrivateFile.write(template.file, to: output, mode: 0o644)
        desk.mention(UserText(zh: "空表写在 \(output)", en: "the empty form is in \(output)"))
    }
}
