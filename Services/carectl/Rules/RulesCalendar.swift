import ArgumentParser
import CareDomain
import CareProjections
import OfficeFiles
import RuleEngine
import ServiceKit

/// `carectl rules calendar`
struct RulesCalendar: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar", abstract: "List what a pack asks of offices in a year: who, by when, with what proof.",
        discussion: """
            Deadlines as the pack's date words are read (by their default reading), holidays from the lunar table. Duties
            without a date stand at the end. Whether something was done is not asked here.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var source: PackSource

    @Argument(help: "A pack id, a version, a folder or a file.")
    var pack: String

    @Option(help: "Calendar year; otherwise the present one.")
    var year: Int?

    @Option(help: "How things stand on this day; otherwise today.")
    var on: String?

    @Option(help: "Only of this department, such as dept.fp.")
    var owner: String?

    @Flag(help: "One JSON document.")
    var json = false

    /// Something asked of an office, once.
    private struct Line {
        var clause: ClauseID
        var title: Wording
        var owner: DepartmentID
        /// nil = no date.
        var deadline: DueRule.Deadline?
        /// The feast it is for.
        var holiday: Wording?
        var rule: DueRule?
        var evidence: Wording
    }

    func perform(_ desk: Desk) async throws {
        guard let pack = try source.read(pack).max(by: { $0.validFrom < $1.validFrom }) else { return }
        let day = try desk.day(on, option: "--on")
        let year = year ?? day.year
        let lines = Self.lines(of: pack, year: year).filter { owner == nil || $0.owner.rawValue == owner }
            .sorted { left, right in
                (left.deadline?.lastDay.dayNumber ?? .max, left.clause)
                    < (right.deadline?.lastDay.dayNumber ?? .max, right.clause)
            }
        if json {
            desk.print(
                JSON.object([
                    ("pack", .string(pack.id.rawValue)), ("version", .day(pack.validFrom)), ("year", .int(Int64(year))),
                    ("lines", .array(lines.map { Self.json($0, day) })),
                ]).text(indented: true))
            return
        }
        var table = TextTable([
            .init(desk.word("条款", "clause")), .init(desk.word("名称", "title"), mayShrink: true),
            .init(desk.word("责任部门", "owner")), .init(desk.word("提醒自", "warned from")),
            .init(desk.word("截止", "last day")), .init(desk.word("状态", "state")),
            .init(desk.word("凭据", "proof"), mayShrink: true),
        ])
        for line in lines {
            table.append([
                line.clause.rawValue,
                desk.text(line.title) + (line.holiday.map { " \(desk.text($0))" } ?? ""),
                line.owner.rawValue, line.deadline?.warnFrom.description ?? "",
                line.deadline?.lastDay.description ?? Self.undated(line.rule, desk),
                line.deadline.map { Self.state($0.state(on: day), desk) } ?? "", desk.text(line.evidence),
            ])
        }
        desk.show(table)
    }

    private static func lines(of pack: RulePack, year: Int) -> [Line] {
        let duties = pack.duties.duties.map { duty in
            Line(
                clause: duty.clause, title: duty.title, owner: duty.owner, rule: pack.due(duty, [:]),
                evidence: duty.evidence)
        }
        let declared = pack.declarations.map { declaration in
            Line(
                clause: declaration.clause, title: declaration.title, owner: declaration.owner,
                rule: pack.due(declaration, [:]), evidence: declaration.evidence)
        }
        return (duties + declared).flatMap { line -> [Line] in
            if case .holiday? = line.rule {
                return pack.duties.holidays.compactMap { feast in
                    guard let deadline = feast.period(year: year).flatMap({ line.rule?.deadline(for: $0) }) else {
                        return nil
                    }
                    var line = line
                    line.holiday = feast.title
                    line.deadline = deadline
                    return line
                }
            }
            let deadlines = line.rule?.deadlines(year: year) ?? []
            if deadlines.isEmpty { return [line] }
            return deadlines.map { deadline in
                var line = line
                line.deadline = deadline
                return line
            }
        }
    }

    private static func undated(_ rule: DueRule?, _ desk: Desk) -> String {
        switch rule {
        case .always?: desk.word("随时", "always")
        case .withinDays(let days)?: desk.word("事由起 \(days) 日内", "within \(days) days")
        case .confirmedYearEnd?: desk.word("确认符合条件的当年年底", "end of the year in which the right is established")
        default: desk.word("未定日期", "no date")
        }
    }

    private static func state(_ state: DueRule.DeadlineState, _ desk: Desk) -> String {
        switch state {
        case .ahead: desk.word("未到", "ahead")
        case .warned: desk.word("将到期", "due soon")
        case .past: desk.word("已过", "past")
        }
    }

    private static func json(_ line: Line, _ day: CivilDay) -> JSON {
        .object([
            ("clause", .string(line.clause.rawValue)), ("title", .wording(line.title)),
            ("owner", .string(line.owner.rawValue)), ("due", .optional(line.rule?.name)),
            ("holiday", line.holiday.map(JSON.wording) ?? .null),
            ("warn_from", line.deadline.map { .day($0.warnFrom) } ?? .null),
            ("last_day", line.deadline.map { .day($0.lastDay) } ?? .null),
            ("state", .optional(line.deadline?.state(on: day).rawValue)), ("evidence", .wording(line.evidence)),
        ])
    }
}
