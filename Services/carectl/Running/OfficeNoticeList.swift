import ArgumentParser
import CareDomain
import CareWire
import NotifierCore
import OfficeFiles
import ServiceKit

/// `carectl notice offices`
struct OfficeNoticeList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "offices",
        abstract: "List notices to offices: duties, lists, questions and loans that are due or overdue.")

    @OptionGroup var common: CommonOptions

    @Option(
        help: """
            open (no channel has delivered it yet), parked (a channel gave up and waits for notice retry) or delivered (by one channel \
            at least; another may still be trying).
            """)
    var state: String?

    @Option(help: "Kind of notice, such as duty_overdue.")
    var kind: String?

    @Option(help: "Of this division and within it: 6, 9 or 12 digits.")
    var division: String?

    @Option(help: "As of this day; otherwise today.")
    var asOf: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(asOf, option: "--as-of")
        let query = Care_V1_ListOfficeNoticesQuery.with {
            $0.division = division ?? ""
            $0.asOf = day.dayNumber
            $0.state = state ?? ""
            $0.kind = kind ?? ""
        }
        guard case .officeNotices(let list) = try await desk.line(to: .careArchive).ask(.listOfficeNotices(query))
        else { throw Failure.badAnswer }
        if json {
            return desk.print(
                JSON.object([("as_of", .day(day)), ("notices", .array(list.notices.map(\.json)))]).text(indented: true))
        }
        var table = TextTable([
            .init(desk.word("记录", "stream")), .init("", .right), .init(desk.word("区划", "division")),
            .init(desk.word("提醒", "notice")), .init(desk.word("条款", "clause")), .init(desk.word("期间", "period")),
            .init(desk.word("提出", "raised")), .init(desk.word("期限", "due")), .init(desk.word("责任部门", "department")),
            .init(desk.word("送达", "delivery")),
        ])
        for one in list.notices {
            let state =
                !one.parkedChannels.isEmpty
                ? desk.word("滞留", "parked")
                : one.delivered ? desk.word("已送达", "delivered") : desk.word("待送达", "open")
            let words = OfficeNotice.Kind(rawValue: one.kind)?.wording
            table.append([
                one.stream, "#\(one.sequence)", desk.place(one.division), words.map { desk.text($0) } ?? one.kind,
                one.clause, one.period, DayText.of(one.raisedOn), DayText.of(one.dueOn),
                DutyWords.office(one.department, desk),
                ([state] + one.parkedChannels).joined(separator: " "),
            ])
        }
        desk.show(table)
    }
}

/// A stream of an office as typed.
enum OfficeStreamName {
    /// Whether the text names one rather than a household.
    static func isOne(_ text: String) -> Bool { OfficeStream(name: text) != nil }

    /// The notice in it.
    static func sequence(_ number: UInt64) throws(Failure) -> UInt64 {
        guard number > 0 else {
            throw Failure(
                6580, UserText(zh: "请写明提醒的序号", en: "say the sequence of the notice"), exit: .usage)
        }
        return number
    }
}

extension Care_V1_OfficeNoticeList.Entry {
    fileprivate var json: JSON {
        .object([
            ("stream", .string(stream)), ("division", .string(division)), ("sequence", .count(sequence)),
            ("kind", .string(kind)), ("clause", clause.isEmpty ? .null : .string(clause)),
            ("period", period.isEmpty ? .null : .string(period)), ("raised_on", .day(raisedOn)),
            ("due_on", .day(dueOn)), ("department", .string(department)),
            ("amount_fen", hasAmountFen ? .int(amountFen) : .null), ("delivered", .bool(delivered)),
            ("parked_channels", .array(parkedChannels.map { .string($0) })),
        ])
    }
}
