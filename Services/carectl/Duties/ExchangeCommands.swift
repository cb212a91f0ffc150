import ArgumentParser
import CareDomain
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl exchange`
struct ExchangeCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exchange", abstract: "Lists (名单) that one department sends to another, with receipt.",
        discussion: """
            Recorded are what it lists, its digest and its rows; the file is put into the store, from which the two departments fetch it
            (carectl attachment get), or goes its own way (--digest-only). The department that it is for confirms with the file that
            arrived: another file is refused. The sender is the department of the key that speaks.
            """,
        subcommands: [ExchangeSend.self, ExchangeReceive.self, ExchangeShowAll.self])
}

/// `carectl exchange send`
struct ExchangeSend: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Send a list; another one of the same kind and period says which it replaces.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var book: DutyBookOptions
    @OptionGroup var replacement: DutyReplacementOptions

    @Argument(help: "The file.")
    var file: String

    @Option(help: "What it lists, a code such as training_wishes.")
    var kind: String

    @Option(help: "The period: 2014 or 2014-q3.")
    var period: String

    @Option(help: "The department that it is for, such as dept.hrss.")
    var to: String

    @Option(help: "Rows without the heading; otherwise the lines of the file are counted.")
    var rows: Int?

    @Option(help: "The receipt is due on this day; otherwise ten days later.")
    var due: String?

    @Flag(help: "The file goes its own way: only its digest is recorded.")
    var digestOnly = false

    func perform(_ desk: Desk) async throws {
        let (division, day) = (try book.code(), try book.day(desk))
        let read = try OfficeFile(file)
        let list = ListSent(
            kind: try Code.typed(kind, option: "--kind"), period: try Code.period(period), digest: read.digest,
            rows: rows ?? read.rows, to: try DepartmentID.typed(to, option: "--to"),
            dueOn: try due.map { try desk.day($0, option: "--due") } ?? day + 10,
            replacement: try replacement.replacement())
        if !digestOnly { try await read.put(at: .duty(division), desk) }
        try await desk.line(to: .intake).duty(
            DutyCommand(
                division, day, .listSent(list),
                [kind, period, to, "\(read.digest)", "\(list.rows)", "\(list.dueOn)", "\(replacement.replaces ?? 0)"]),
            desk)
    }
}

/// `carectl exchange receive`
struct ExchangeReceive: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive", abstract: "Confirm that a list arrived, with the file that arrived.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var book: DutyBookOptions

    @Argument(help: "Number of the list in the division's book.")
    var number: UInt64

    @Argument(help: "The file.")
    var file: String

    func perform(_ desk: Desk) async throws {
        let (division, day) = (try book.code(), try book.day(desk))
        let digest = try OfficeFile(file).digest
        let event = DutyEvent.listReceived(ListReceived(list: EventReference(sequence: number), digest: digest))
        try await desk.line(to: .intake).duty(
            DutyCommand(division, day, event, ["\(number)", "\(digest)"]), desk)
    }
}

/// Of which division, as of which day.
struct DutyListOptions: ParsableArguments {
    @Option(help: "Only of this division and within it.")
    var division: String?

    @Option(help: "As of this day; otherwise today.")
    var asOf: String?

    @Flag(help: "One JSON document.")
    var json = false
}

/// `carectl exchange list`
struct ExchangeShowAll: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List what was sent and whether it arrived; ends with 1 when a receipt is overdue.",
        discussion: "Of a list in whose place another was sent, received or not, the state names that one.",
        aliases: ["ls"])

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: DutyListOptions

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(options.asOf, option: "--as-of")
        let query = Care_V1_ListExchangesQuery.with {
            $0.division = options.division ?? ""
            $0.asOf = day.dayNumber
        }
        guard case .exchanges(let list) = try await desk.line(to: .careArchive).ask(.listExchanges(query)) else {
            throw Failure.badAnswer
        }
        if list.exchanges.contains(where: { $0.state == DutyBook.Exchange.State.overdue.rawValue }) {
            desk.status = .problemsFound
        }
        // A list and the one that took its place stand in one book.
        func successor(of one: Care_V1_ExchangeList.Exchange) -> UInt64? {
            list.exchanges.first {
                $0.division == one.division && $0.list.hasReplaces && $0.list.replaces == one.sequence
            }?.sequence
        }
        if options.json {
            let exchanges = list.exchanges.map { $0.json(replacedBy: successor(of: $0)) }
            return desk.print(JSON.object([("exchanges", .array(exchanges))]).text(indented: true))
        }
        var table = TextTable([
            .init(desk.word("区划", "division")), .init("", .right), .init(desk.word("名单", "list")),
            .init(desk.word("期间", "period")), .init(desk.word("行数", "rows"), .right),
            .init(desk.word("移送", "from")), .init(desk.word("接收", "to")), .init(desk.word("移送日", "sent")),
            .init(desk.word("签收期限", "due")), .init(desk.word("签收日", "received")), .init(desk.word("状态", "state")),
        ])
        for one in list.exchanges {
            table.append([
                desk.place(one.division), "#\(one.sequence)", one.list.kind, one.list.period, "\(one.list.rows)",
                DutyWords.office(one.list.from, desk), DutyWords.office(one.list.to, desk), DayText.of(one.sentOn),
                DayText.of(one.list.dueDay),
                DayText.of(one.receivedOn, ifSet: one.hasReceivedOn),
                DutyWords.exchange(one.state, replacedBy: successor(of: one), desk),
            ])
        }
        desk.show(table)
    }
}

extension Care_V1_ExchangeList.Exchange {
    fileprivate func json(replacedBy successor: UInt64?) -> JSON {
        .object([
            ("division", .string(division)), ("number", .count(sequence)), ("kind", .string(list.kind)),
            ("period", .string(list.period)), ("digest", .string(Hexadecimal.text([UInt8](list.digest)))),
            ("rows", .int(Int64(list.rows))), ("from", .string(list.from)), ("to", .string(list.to)),
            ("sent_on", .day(sentOn)), ("due_on", .day(list.dueDay)),
            ("received_on", .day(receivedOn, ifSet: hasReceivedOn)), ("state", .string(state)),
            ("replaces", list.hasReplaces ? .count(list.replaces) : .null),
            ("replaced_by", successor.map { .count($0) } ?? .null),
        ])
    }
}
