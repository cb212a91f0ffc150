import ArgumentParser
import CareDomain
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl duty`
struct DutyCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duty",
        abstract: "Duties (职责) of a pack in a division: what is due, and what was done with what proof.",
        discussion: """
            The pack says what is due when; a report says on which day it was done, and shows it by files (they are put into the store, their
            digests are recorded; carectl attachment fetches them), a count or a paper. A correction or withdrawal names its reason, and what was said before
            stays. carectl rules calendar lists what a pack asks without asking the record.
            """,
        subcommands: [DutyList.self, DutyDone.self, DutyCorrect.self, DutyWithdraw.self, DutyShow.self])
}

/// Which duties: of a pack, in a division.
struct DutyPackOptions: ParsableArguments {
    @Option(help: "The pack, such as guiyang-2013.")
    var pack: String

    func id() throws -> PackID { try PackID.typed(pack) }
}

/// Which duty: clause and period.
struct DutyChoice: ParsableArguments {
    @OptionGroup var packs: DutyPackOptions

    @Argument(help: "The clause, such as GY-4.1.")
    var clause: String

    @Option(help: "The period: 2014, 2014-q3, 2014-h2, or as duty list prints it.")
    var period: String

    func key() throws -> DutyKey {
        DutyKey(pack: try packs.id(), clause: try ClauseID.typed(clause), period: try Code.period(period))
    }

    /// How the duty stands; refused when the pack has no such period of it.
    func line(in division: DivisionCode, on day: CivilDay, _ desk: Desk) async throws -> Care_V1_DutyLine {
        let key = try key()
        let query = Care_V1_DutyCalendarQuery.with {
            $0.division = division.rawValue
            $0.pack = key.pack.rawValue
            $0.year = UInt32(clamping: key.year ?? 0)
            $0.asOf = day.dayNumber
            $0.clause = key.clause.rawValue
            $0.period = key.period.rawValue
        }
        guard let line = try await desk.line(to: .careArchive).duties(query).first else { throw Failure.badAnswer }
        return line
    }

    /// The report that stands.
    func standing(in division: DivisionCode, _ desk: Desk) async throws -> Care_V1_DutyLine.Statement {
        let line = try await line(in: division, on: desk.today, desk)
        guard !line.hasWithdrawn, let statement = line.statements.first else {
            throw Failure(
                6536, UserText(zh: "这一期没有履责报告", en: "nothing was reported for the period"), exit: .problemsFound)
        }
        return statement
    }
}

/// `carectl duty list`
struct DutyList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the duties of a year with owner, target, days, state and proof.",
        discussion: """
            A duty is owed in the books of one level: the village's or township's where it is theirs, otherwise the level that the
            clause's unit names, otherwise that of the document's own government. What other levels owe is listed with how it stands
            there. The target (目标) is what the document asks, in its words, with the numbers that the pack holds for it. The table cuts
            long words short where the terminal is narrow; --csv and --json have them whole, and the proof that is asked for beside
            the one that was shown. What has no date is ahead while its period runs, and unrecorded (未记录) when that is over and nothing was reported. Ends
            with 1 when one of the division's own is overdue.
            """, aliases: ["ls"])

    @OptionGroup var common: CommonOptions
    @OptionGroup var packs: DutyPackOptions

    @Option(help: "The division: 6, 9 or 12 digits.")
    var division: String

    @Option(help: "Calendar year; otherwise the present one.")
    var year: Int?

    @Option(help: "As of this day; otherwise today.")
    var asOf: String?

    @Option(help: "Only of this department, such as dept.fp.")
    var owner: String?

    @Flag(help: "Only what is due soon, overdue, or unrecorded when its period is over.")
    var open = false

    @Flag(help: "One JSON document.")
    var json = false

    @Flag(help: "A CSV file that spreadsheet programs open.")
    var csv = false

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(asOf, option: "--as-of")
        let division = try DivisionCode.book(division)
        let pack = try packs.id()
        let query = Care_V1_DutyCalendarQuery.with {
            $0.division = division.rawValue
            $0.pack = pack.rawValue
            $0.year = UInt32(clamping: year ?? day.year)
            $0.asOf = day.dayNumber
        }
        let wanted = Set([DutyState.warned, .overdue, .unrecorded].map(\.rawValue))
        let lines = try await desk.line(to: .careArchive).duties(query).filter { line in
            (owner == nil || line.owner == owner) && (!open || wanted.contains(line.state))
        }
        let overdue = lines.count { !$0.isElsewhere && $0.state == DutyState.overdue.rawValue }
        if overdue > 0 { desk.status = .problemsFound }
        if json {
            return desk.print(
                JSON.object([
                    ("pack", .string(pack.rawValue)), ("division", .string(division.rawValue)), ("as_of", .day(day)),
                    ("duties", .array(lines.map(\.json))),
                ]).text(indented: true))
        }
        if csv { return writeCSV(lines, desk) }
        var table = TextTable([
            .init(desk.word("条款", "clause")), .init(desk.word("期间", "period")),
            .init(desk.word("名称", "title"), mayShrink: true), .init(desk.word("责任部门", "owner")),
            .init(desk.word("目标", "target"), mayShrink: true),
            .init(desk.word("提醒自", "warned from")), .init(desk.word("截止", "last day")),
            .init(desk.word("状态", "state")), .init(desk.word("完成日", "done on")),
            .init(desk.word("由谁办", "owed by"), mayShrink: true), .init(desk.word("凭据", "proof"), mayShrink: true),
        ])
        for line in lines {
            let standing = line.hasWithdrawn ? nil : line.statements.first
            table.append([
                line.clause, line.period, desk.word(line.titleZh, line.titleEn), DutyWords.office(line.owner, desk),
                DutyWords.target(line, desk),
                DayText.of(line.warnFrom, ifSet: line.hasWarnFrom), DayText.of(line.lastDay, ifSet: line.hasLastDay),
                DutyWords.state(line.state, desk), standing.map { DayText.of($0.doneOn) } ?? "",
                DutyWords.holders(line, desk),
                standing.map { DutyWords.evidence($0.evidence, desk) } ?? desk.word(line.proofZh, line.proofEn),
            ])
        }
        desk.show(table)
        let own = lines.count { !$0.isElsewhere }
        desk.mention(
            UserText(
                zh: "本级 \(own) 项，逾期 \(overdue) 项；其他各级 \(lines.count - own) 项",
                en: "\(own) of its own, \(overdue) overdue; \(lines.count - own) of other levels"))
    }

    private func writeCSV(_ lines: [Care_V1_DutyLine], _ desk: Desk) {
        var file = CSVWriter()
        file.append([
            desk.word("条款", "clause"), desk.word("期间", "period"), desk.word("名称", "title"),
            desk.word("责任部门", "owner"), desk.word("目标", "target"), desk.word("应有凭据", "proof asked for"),
            desk.word("提醒自", "warned from"), desk.word("截止", "last day"), desk.word("状态", "state"),
            desk.word("完成日", "done on"), desk.word("由谁办", "owed by"), desk.word("凭据", "proof"),
        ])
        for line in lines {
            let standing = line.hasWithdrawn ? nil : line.statements.first
            file.append([
                line.clause, line.period, desk.word(line.titleZh, line.titleEn), DutyWords.office(line.owner, desk),
                DutyWords.target(line, desk), desk.word(line.proofZh, line.proofEn),
                DayText.of(line.warnFrom, ifSet: line.hasWarnFrom), DayText.of(line.lastDay, ifSet: line.hasLastDay),
                DutyWords.state(line.state, desk), standing.map { DayText.of($0.doneOn) } ?? "",
                DutyWords.holders(line, desk), standing.map { DutyWords.evidence($0.evidence, desk) } ?? "",
            ])
        }
        StandardOutput.write(file.bytes)
    }
}

/// `carectl duty done`
struct DutyDone: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "done", abstract: "Report that a duty was done, on which day and with what proof.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: DutyChoice
    @OptionGroup var book: DutyBookOptions
    @OptionGroup var proof: DutyEvidenceOptions

    func perform(_ desk: Desk) async throws {
        let (key, division, day) = (try choice.key(), try book.code(), try book.day(desk))
        let evidence = try await proof.evidence(of: division, desk)
        let before = try await choice.line(in: division, on: desk.today, desk)
        // Reported again after a withdrawal, it is another report.
        let round = before.hasWithdrawn ? "\(before.statements.first?.reportSequence ?? 0)" : ""
        let event = DutyEvent.reported(DutyReported(key: key, evidence: evidence))
        try await desk.line(to: .intake).duty(
            DutyCommand(division, day, event, [key.description, evidence.words, round]), desk)
    }
}

/// `carectl duty correct`
struct DutyCorrect: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "correct",
        abstract: "Put a report right: another day, or other proof; what is left out stays as it was.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: DutyChoice
    @OptionGroup var book: DutyBookOptions
    @OptionGroup var proof: DutyEvidenceOptions

    @Option(help: "Why, a code.")
    var reason: String

    func perform(_ desk: Desk) async throws {
        let division = try book.code()
        let statement = try await choice.standing(in: division, desk)
        let day = try book.on.map { try desk.day($0, option: "--on") } ?? CivilDay(dayNumber: statement.doneOn)
        let given = try await proof.evidence(of: division, desk)
        let evidence = given.isEmpty ? try DutyEvidence(wire: statement.evidence) : given
        let event = DutyEvent.corrected(
            DutyCorrected(
                report: EventReference(sequence: statement.reportSequence), evidence: evidence,
                reason: try Code.typed(reason, option: "--reason")))
        try await desk.line(to: .intake).duty(
            DutyCommand(division, day, event, ["\(statement.sequence)", reason, evidence.words]), desk)
    }
}

/// `carectl duty withdraw`
struct DutyWithdraw: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "Take a report back: the duty was not done; it may be reported again.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: DutyChoice
    @OptionGroup var book: DutyBookOptions

    @Option(help: "Why, a code.")
    var reason: String

    func perform(_ desk: Desk) async throws {
        let (division, day) = (try book.code(), try book.day(desk))
        let statement = try await choice.standing(in: division, desk)
        let event = DutyEvent.withdrawn(
            DutyWithdrawn(
                report: EventReference(sequence: statement.reportSequence),
                reason: try Code.typed(reason, option: "--reason")))
        try await desk.line(to: .intake).duty(
            DutyCommand(division, day, event, ["\(statement.reportSequence)", reason]), desk)
    }
}

/// `carectl duty show`
struct DutyShow: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one duty of a period with all that was said about it.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: DutyChoice

    @Option(help: "The division: 6, 9 or 12 digits.")
    var division: String

    @Option(help: "As of this day; otherwise today.")
    var asOf: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(asOf, option: "--as-of")
        let line = try await choice.line(in: try DivisionCode.book(division), on: day, desk)
        if json { return desk.print(line.json.text(indented: true)) }
        var head = TextTable([.init(line.clause), .init(desk.word(line.titleZh, line.titleEn))])
        head.append([desk.word("责任部门", "owner"), DutyWords.office(line.owner, desk)])
        head.append([desk.word("截止", "last day"), DayText.of(line.lastDay, ifSet: line.hasLastDay)])
        head.append([desk.word("状态", "state"), DutyWords.state(line.state, desk)])
        head.append([desk.word("目标", "target"), DutyWords.target(line, desk)])
        head.append([desk.word("应有凭据", "proof asked for"), desk.word(line.proofZh, line.proofEn)])
        if line.hasWithdrawn { head.append([desk.word("已撤回", "withdrawn"), line.withdrawn]) }
        desk.show(head)
        var table = TextTable([
            .init("", .right), .init(desk.word("完成日", "done on")), .init(desk.word("凭据", "proof")),
            .init(desk.word("部门", "department")), .init(desk.word("经办", "by")), .init(desk.word("原因", "reason")),
        ])
        for said in line.statements {
            table.append([
                "#\(said.sequence)", DayText.of(said.doneOn), DutyWords.evidence(said.evidence, desk),
                DutyWords.office(said.department, desk), said.actor, said.reason,
            ])
        }
        desk.show(table)
    }
}

extension DutyEvidence {
    /// What tells it from other evidence.
    var words: String {
        attachments.map(\.description).joined(separator: ",")
            + "/\(count.map(String.init) ?? "")/\(paper?.rawValue ?? "")"
    }
}

extension Care_V1_DutyLine {
    var json: JSON {
        let said = statements.map { said in
            JSON.object([
                ("sequence", .count(said.sequence)), ("report", .count(said.reportSequence)),
                ("done_on", .day(said.doneOn)), ("evidence", said.evidence.json),
                ("department", .string(said.department)), ("actor", .string(said.actor)),
                ("reason", said.reason.isEmpty ? .null : .string(said.reason)),
            ])
        }
        return .object([
            ("clause", .string(clause)), ("period", .string(period)), ("title_zh", .string(titleZh)),
            ("title_en", .string(titleEn)), ("owner", .string(owner)),
            ("warn_from", .day(warnFrom, ifSet: hasWarnFrom)), ("last_day", .day(lastDay, ifSet: hasLastDay)),
            ("state", .string(state)), ("target", .string(targetWords)),
            ("target_zh", targetZh.isEmpty ? .null : .string(targetZh)),
            ("target_en", targetEn.isEmpty ? .null : .string(targetEn)), ("proof_zh", .string(proofZh)),
            ("proof_en", .string(proofEn)),
            ("done_on", hasWithdrawn ? .null : .day(statements.first?.doneOn ?? 0, ifSet: !statements.isEmpty)),
            ("withdrawn", hasWithdrawn ? .string(withdrawn) : .null), ("said", .array(said)),
            ("elsewhere", .bool(isElsewhere)),
            (
                "holders",
                .array(
                    holders.map {
                        .object([
                            ("division", .string($0.division)), ("state", .string($0.state)),
                            ("done_on", .day($0.doneOn, ifSet: $0.hasDoneOn)),
                        ])
                    })
            ),
        ])
    }
}
