import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import RuleEngine
import ServiceKit

/// `carectl rules calendar`
struct RulesCalendar: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar", abstract: "List what a pack asks of offices in a year: who, by when, with what proof.",
        discussion: """
            Deadlines as the pack's date words are read (by their default reading), holidays from the lunar table. Duties
            without a date stand at the end. With --division the state is the one that carectl duty list shows: what was reported there
            counts as done. Without it nothing is asked of the record.
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

    @Option(help: "What was done in this division: 6, 9 or 12 digits.")
    var division: String?

    @Flag(help: "One JSON document.")
    var json = false

    /// What was reported of a duty, by clause and period.
    private typealias Reported = [String: Care_V1_DutyLine]

    func perform(_ desk: Desk) async throws {
        guard let pack = try source.read(pack).max(by: { $0.validFrom < $1.validFrom }) else { return }
        let day = try desk.day(on, option: "--on")
        let year = year ?? day.year
        let lines = pack.dutyItems(year: year).filter {
            (owner == nil || $0.owner.rawValue == owner) && ($0.terms.lastDay.map { $0 >= pack.validFrom } ?? true)
        }
        let reported = try await reported(pack.id, year, day, desk)
        if json {
            desk.print(
                JSON.object([
                    ("pack", .string(pack.id.rawValue)), ("version", .day(pack.validFrom)), ("year", .int(Int64(year))),
                    ("lines", .array(lines.map { Self.json($0, day, reported) })),
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
            let said = reported?[Self.key(line)]
            table.append([
                line.clause.rawValue,
                desk.text(line.title) + (line.holiday.map { " \(desk.text($0))" } ?? ""),
                DutyWords.office(line.owner.rawValue, desk), line.deadline?.warnFrom.description ?? "",
                line.deadline?.lastDay.description ?? Self.undated(line.rule, desk),
                said.map { Self.standing($0, desk) }
                    ?? line.deadline.map { Self.state($0.state(on: day), desk) } ?? "", desk.text(line.evidence),
            ])
        }
        desk.show(table)
    }

    /// What the record knows; nil when it is not asked.
    private func reported(_ pack: PackID, _ year: Int, _ day: CivilDay, _ desk: Desk) async throws -> Reported? {
        guard let division else { return nil }
        let query = Care_V1_DutyCalendarQuery.with {
            $0.division = division
            $0.pack = pack.rawValue
            $0.year = UInt32(clamping: year)
            $0.asOf = day.dayNumber
        }
        let lines = try await desk.line(to: .careArchive).duties(query)
        return Reported(lines.map { ("\($0.clause) \($0.period)", $0) }) { first, _ in first }
    }

    /// How a duty stands, with those who owe it where that is another level.
    private static func standing(_ line: Care_V1_DutyLine, _ desk: Desk) -> String {
        let state = DutyWords.state(line.state, desk)
        return line.isElsewhere ? "\(state)（\(DutyWords.holders(line, desk))）" : state
    }

    private static func key(_ line: DutyItem) -> String { "\(line.clause) \(line.period)" }

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

    private static func json(_ line: DutyItem, _ day: CivilDay, _ reported: Reported?) -> JSON {
        let said = reported?[key(line)]
        return .object([
            ("clause", .string(line.clause.rawValue)), ("period", .string(line.period.rawValue)),
            ("title", .wording(line.title)),
            ("owner", .string(line.owner.rawValue)), ("due", .optional(line.rule?.name)),
            ("holiday", line.holiday.map(JSON.wording) ?? .null),
            ("warn_from", line.deadline.map { .day($0.warnFrom) } ?? .null),
            ("last_day", line.deadline.map { .day($0.lastDay) } ?? .null),
            ("state", .optional(said?.state ?? line.deadline?.state(on: day).rawValue)),
            ("level", .string(line.level.rawValue)), ("elsewhere", said.map { .bool($0.isElsewhere) } ?? .null),
            ("evidence", .wording(line.evidence)),
        ])
    }
}
