import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import MessageBus
import OfficeFiles
import ServiceKit

/// `carectl sub parked`
struct SubscriberParked: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked", abstract: "Print the events that consumers cannot process, decoded.",
        discussion: """
            A consumer parks a household at the first event that it cannot process; the household's later events wait
            behind it, other households go on. Rows of lists leave such an event out instead. Exit status 1 when any
            waits. Deliveries that wait are listed by carectl notice ls --parked.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "Only of this consumer.")
    var consumer: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        let query = Care_V1_ListParkedEventsQuery.with { $0.consumer = consumer ?? "" }
        guard case .parkedEvents(let list) = try await archive.ask(.listParkedEvents(query)) else {
            throw Failure.badAnswer
        }
        if list.total > 0 { desk.status = .problemsFound }
        var lines: [(entry: Care_V1_ParkedEventList.Entry, event: ShownEvent?)] = []
        for entry in list.entries { lines.append((entry, await Self.event(entry.event, archive))) }
        if json {
            let entries = lines.map(Self.json)
            desk.print(
                JSON.object([("total", .count(list.total)), ("entries", .array(entries))]).text(indented: true))
            return
        }
        var table = TextTable([
            .init("消费者"), .init("户编号"), .init("序号", .right), .init("事件"), .init("原因", mayShrink: true),
            .init("滞留于"), .init("次数", .right), .init("状态"), .init("内容", mayShrink: true),
        ])
        for (entry, event) in lines {
            let parked = entry.event
            table.append([
                entry.consumer, parked.household.idText, "\(parked.sequence)", Self.kind(parked),
                [Self.chinese(parked.reason), parked.detail].filter { !$0.isEmpty }.joined(separator: " "),
                parked.parkedAt == 0 ? "" : Moment(microseconds: parked.parkedAt).wallClock,
                "\(parked.attempts)", parked.isSkipped ? "已跳过" : "滞留", event?.view.value.json ?? "",
            ])
        }
        desk.show(table)
        desk.mention(UserText(zh: "滞留 \(list.total) 条", en: "\(list.total) parked"))
    }

    /// The event itself; nil when the archive does not hand it out.
    private static func event(_ parked: Care_V1_ParkedEvent, _ archive: Line) async -> ShownEvent? {
        let query = Care_V1_HouseholdEventsQuery.with {
            $0.household = parked.household.idText
            $0.afterSequence = parked.sequence - 1
        }
        guard parked.sequence > 0,
            case .householdEvents(let reply)? = try? await archive.ask(.householdEvents(query)),
            let entry = reply.entries.first,
            let event = try? ShownEvent(
                BusEvent(position: entry.position, record: Array(entry.record), hash: Array(entry.hash))),
            event.sequence == parked.sequence
        else { return nil }
        return event
    }

    private static func kind(_ parked: Care_V1_ParkedEvent) -> String {
        parked.kind == 0 ? "" : EventKind(rawValue: Int(parked.kind))?.title ?? "\(parked.kind)"
    }

    private static func chinese(_ reason: String) -> String {
        switch reason {
        case "unreadable": "读不懂"
        case "damaged": "记录损坏"
        case "fenced": "该户已隔离"
        case "refused": "结果被拒收"
        case "too_large": "结果过大"
        case "id_reused": "编号重复"
        default: reason
        }
    }

    private static func json(_ line: (entry: Care_V1_ParkedEventList.Entry, event: ShownEvent?)) -> JSON {
        let parked = line.entry.event
        return .object([
            ("consumer", .string(line.entry.consumer)), ("household", .id(parked.household)),
            ("sequence", .count(parked.sequence)), ("kind", .count(UInt64(parked.kind))),
            ("reason", .string(parked.reason)), ("detail", .string(parked.detail)),
            ("parked_at", parked.parkedAt == 0 ? .null : .moment(Moment(microseconds: parked.parkedAt))),
            ("attempts", .count(parked.attempts)), ("skipped", .bool(parked.isSkipped)),
            ("event", .optional(line.event?.view.value.json)),
        ])
    }
}

/// Which parked event is meant.
struct ParkedPlace: ParsableArguments {
    @Argument(help: "The consumer, as carectl sub parked names it.")
    var consumer: String

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "Sequence of the event.")
    var sequence: UInt64

    /// Has the archive record what becomes of it.
    func settle(_ action: Care_V1_ParkedEventSettled.Action, reason: String, _ desk: Desk) async throws -> Bool {
        let archive = try await desk.line(to: .careArchive)
        let id = try await archive.household(household, on: desk.today)
        let order = Care_V1_SettleParkedEvent.with {
            $0.consumer = consumer
            $0.household = id.wireData
            $0.eventSequence = sequence
            $0.action = action
            $0.reason = reason
        }
        let reply = try await archive.operate(.settleParkedEvent(order))
        if !reply.accepted {
            desk.status = .problemsFound
            desk.mention(
                UserText(
                    zh: "\(consumer) 没有滞留这条事件，用 carectl sub parked 查看",
                    en: "\(consumer) has not parked this event; see carectl sub parked"))
        }
        return reply.accepted
    }
}

/// `carectl sub retry`
struct SubscriberRetry: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Have a consumer try a parked or skipped event again. Recorded with your name.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var place: ParkedPlace

    @Option(help: "Why, for the record.")
    var reason = "retry"

    func perform(_ desk: Desk) async throws {
        guard try await place.settle(.retry, reason: reason, desk) else { return }
        desk.mention(UserText(zh: "已登记，将重试", en: "recorded; it will be tried again"))
    }
}

/// `carectl sub skip`
struct SubscriberSkip: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip",
        abstract: "Have a consumer go on as if a parked event were not there. Recorded with your name.",
        discussion: "Only for this consumer; the event itself stays in the log. carectl sub retry takes it back.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var place: ParkedPlace

    @Option(help: "Why, for the record.")
    var reason: String

    func perform(_ desk: Desk) async throws {
        guard try await place.settle(.skip, reason: reason, desk) else { return }
        desk.mention(UserText(zh: "已登记，将跳过", en: "recorded; it will be passed over"))
    }
}
