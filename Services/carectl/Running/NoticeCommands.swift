import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit
import SwiftProtobuf

/// `carectl notice`
struct NoticeCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notice", abstract: "Notices and their delivery.",
        discussion: """
            Notices about families stand in their files (ls); notices to offices, of duties, lists, questions and loans, stand in the
            division's duty book or with the loan (offices).
            """,
        subcommands: [NoticeList.self, OfficeNoticeList.self, NoticeRetry.self, NoticeSkip.self])
}

/// `carectl notice ls`
struct NoticeList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List notices.",
        discussion: """
            All that were raised up to the day, as the families' pages show them: also those of files that are closed or went into another \
            file since, not those of files registered in error.
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "Only those whose delivery gave up and waits for somebody.")
    var parked = false

    @Option(
        help: """
            open (no channel has delivered it yet), parked (a channel gave up and waits for notice retry) or delivered (by one channel \
            at least; another may still be trying).
            """)
    var state: String?

    @Option(help: "Kind of notice, a code.")
    var kind: String?

    @Option(help: "In this division: 6, 9 or 12 digits.")
    var division: String?

    @Option(help: "As of this day; otherwise today.")
    var asOf: String?

    @Option(help: "At most this many; 0 = all.")
    var limit = 100

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        let day = try desk.day(asOf, option: "--as-of")
        var query = Care_V1_ListNoticesQuery.with {
            $0.division = division ?? ""
            $0.asOf = day.dayNumber
            $0.state = parked ? "parked" : state ?? ""
            $0.kind = kind ?? ""
        }
        let (notices, total) = try await archive.all(limit: limit > 0 ? limit : nil) { page in
            query.page = page
            guard case .notices(let list) = try await archive.ask(.listNotices(query)) else { throw Failure.badAnswer }
            return (list.notices, list.total, list.nextPage)
        }
        if json {
            let document = JSON.object([
                ("as_of", .day(day)), ("total", .count(total)), ("notices", .array(notices.map(Self.json))),
            ])
            desk.print(document.text(indented: true))
            return
        }
        var table = TextTable([
            .init("户编号"), .init("序号", .right), .init("区划"), .init("提醒"), .init("提出"), .init("期限"), .init("责任部门"),
            .init("送达"),
        ])
        for notice in notices {
            let state = notice.parkedChannels.isEmpty ? (notice.delivered ? "已送达" : "待送达") : "滞留"
            table.append([
                notice.household.idText, "\(notice.sequence)", desk.place(notice.division), notice.kind.name,
                DayText.of(notice.raisedOn), DayText.of(notice.dueOn, ifSet: notice.hasDueOn),
                notice.hasDepartment ? notice.department.name : "",
                ([state] + notice.parkedChannels).joined(separator: " "),
            ])
        }
        desk.show(table)
        desk.mention(UserText(zh: "共 \(total) 条", en: "\(total) in all"))
    }

    private static func json(_ notice: Care_V1_NoticeList.Entry) -> JSON {
        .object([
            ("household", .id(notice.household)), ("sequence", .count(notice.sequence)),
            ("division", .string(notice.division)), ("kind", .word(notice.kind)),
            ("person", notice.hasPerson ? .id(notice.person) : .null), ("raised_on", .day(notice.raisedOn)),
            ("due_on", .day(notice.dueOn, ifSet: notice.hasDueOn)),
            ("department", notice.hasDepartment ? .word(notice.department) : .null),
            ("delivered", .bool(notice.delivered)),
            ("parked_channels", .array(notice.parkedChannels.map { .string($0) })),
        ])
    }
}

/// `carectl notice retry`
struct NoticeRetry: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Try parked deliveries again.",
        discussion: """
            Without arguments all of the families'; with a household all of its; with a sequence that one. A notice to an office is named by
            its stream, as notice offices prints it, and its sequence.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique; or duty-520100, loan-….")
    var household: String?

    @Argument(help: "Sequence of the notice.")
    var sequence: UInt64 = 0

    func perform(_ desk: Desk) async throws {
        var retry = Care_V1_RetryNotice()
        if let household, OfficeStreamName.isOne(household) {
            retry.stream = household
            retry.noticeSequence = try OfficeStreamName.sequence(sequence)
        } else if let household {
            retry.household = try await desk.line(to: .careArchive).household(household, on: desk.today).wireData
            retry.noticeSequence = sequence
        }
        let reply = try await desk.line(to: .notifier).operate(.retryNotice(retry))
        desk.mention(
            reply.accepted
                ? UserText(zh: "将再次投递", en: "it will be delivered again")
                : UserText(zh: "没有滞留的投递", en: "no delivery is parked"))
    }
}

/// `carectl notice skip`
struct NoticeSkip: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip", abstract: "Give a parked delivery up.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique; or duty-520100, loan-….")
    var household: String

    @Argument(help: "Sequence of the notice.")
    var sequence: UInt64

    @Option(help: "Why, a code.")
    var reason: String

    func perform(_ desk: Desk) async throws {
        guard Code(reason) != nil else {
            throw Failure(
                6161,
                UserText(
                    zh: "--reason 应是代码，如 delivered_by_phone", en: "--reason must be a code such as delivered_by_phone"),
                exit: .usage)
        }
        var skip = Care_V1_SkipNotice.with {
            $0.noticeSequence = sequence
            $0.reason = reason
        }
        if OfficeStreamName.isOne(household) {
            skip.stream = household
        } else {
            skip.household = try await desk.line(to: .careArchive).household(household, on: desk.today).wireData
        }
        let reply = try await desk.line(to: .notifier).operate(.skipNotice(skip))
        desk.mention(
            reply.accepted
                ? UserText(zh: "已放弃投递并登记", en: "given up and recorded")
                : UserText(zh: "这条提醒没有滞留的投递", en: "no delivery of this notice is parked"))
    }
}
