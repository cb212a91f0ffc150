import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl grant`
struct GrantCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Grants (资助) that take places of a unit's guidance numbers.",
        discussion: """
            One project for one household and year, whichever units act at the same moment. A grant rests on a confirmed application where
            the pack asks for one (carectl apply). An interrupted grant goes on when the same command is given again; expire lets its place
            go instead. What was granted is paid by carectl pay like any award.
            """,
        subcommands: [GrantGive.self, GrantRelease.self, GrantExpire.self, GrantList.self])
}

extension Line {
    /// Grants as asked for.
    func grants(_ query: Care_V1_ListGrantsQuery) async throws -> Care_V1_GrantList {
        guard case .grants(let list) = try await ask(.listGrants(query)) else { throw Failure.badAnswer }
        return list
    }
}

/// `carectl grant give`
struct GrantGive: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "give", abstract: "Grant a project to a household.",
        discussion: """
            Refused when the household has a grant of the year; the refusal names it. Helped in the year before: only with --exception, a
            reason and --second, another person who approved it. So with another sum than the clause's own: a reason and --second. Beyond
            the guidance number a reason is needed. The day of the grant is not before the confirmation of the application, nor before
            the right begins. Prints the number of the grant.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "The project's clause, such as WZ-3.1.")
    var clause: String

    @Option(help: "The unit that grants, 6 digits.")
    var unit: String

    @Option(help: "The activity year.")
    var year: Int

    @Option(
        help: """
            The student or other person for clauses about one: a person id, or wife, husband, single_parent, only_child; left out = the
            household.
            """)
    var person: String?

    @Option(help: "In yuan; otherwise the clause's own sum.")
    var amount: String?

    @Option(help: "Why, a code such as larger_need.")
    var reason: String?

    @Flag(help: "An exception for a household that was helped in the year before.")
    var exception = false

    @Option(help: "Account of the second person who approved the exception, or the other sum.")
    var second: String?

    @Option(help: "The day of the grant; otherwise today.")
    var on: String?

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let division = try DivisionCode.unit(unit)
        let archive = try await desk.line(to: .careArchive)
        let household = try await found(archive, on: day)
        var subject = FactSubject.household
        if let person {
            let member = try TypedMember(person, option: "--person")
            subject = .person(try await member.person(in: try await archive.page(of: household.description, on: day)))
        }
        let order = GrantOrder(
            household: household, clause: try ClauseID.typed(clause),
            subject: subject, year: year,
            amount: try amount.map { try Fen.typed($0, option: "--amount") },
            reason: try reason.map { try Code.typed($0, option: "--reason") }, isException: exception,
            secondApprover: try second.map { try Code.typed($0, option: "--second") })
        let earlier = try await earlierGrants(order, division, archive)
        let ended = earlier.filter { $0.state == "released" || $0.state == "expired" }
        let id = Self.command(order, of: division, after: ended.count)
        // What was begun on another day goes on as it was begun.
        let begun = earlier.first {
            GrantID(bytes: $0.grant) == GrantID(id) && ($0.state == "reserved" || $0.state == "confirmed")
        }
        let command = UnitCommand(
            id: id, unit: division, occurredOn: begun.map { CivilDay(dayNumber: $0.reservedOn) } ?? day,
            action: .give(order))
        let recorded = try await desk.line(to: .intake).unit(command)
        desk.mention(
            recorded.isRepeated
                ? UserText(zh: "此前已资助，名额已确认", en: "granted before; the place is confirmed")
                : UserText(zh: "已资助，名额已确认，已落盘", en: "granted, the place is confirmed, on disk"))
        desk.print(GrantID(id).description)
    }

    /// A whole id is taken as it is: the unit where a family lives may not open its page.
    private func found(_ archive: Line, on day: CivilDay) async throws -> HouseholdID {
        if let whole = HouseholdID(household.lowercased()) { return whole }
        return try await archive.page(of: household, on: day).header.household
    }

    private func earlierGrants(
        _ order: GrantOrder, _ division: DivisionCode, _ archive: Line
    ) async throws -> [Care_V1_GrantList.Entry] {
        let query = Care_V1_ListGrantsQuery.with {
            $0.year = UInt32(clamping: order.year)
            $0.division = division.rawValue
            $0.household = .init(order.household.value.bytes)
        }
        return try await archive.grants(query).entries.filter { $0.clause == order.clause.rawValue }
    }

    /// The same grant is the same command, so that giving the command again goes on with it; after one was taken back, or let
    /// go unfinished, it is another.
    private static func command(_ order: GrantOrder, of unit: DivisionCode, after ended: Int) -> CommandID {
        CommandID(
            Derivation.identifier(
                of: order.household.value, "grant", ended,
                text: "\(unit)|\(order.year)|\(order.clause)|\(order.subject)"))
    }
}

extension Fen {
    /// Yuan as typed.
    static func typed(_ text: String, option: String) throws -> Fen {
        guard let sum = Fen(yuanText: text), sum >= .zero else {
            throw Failure(
                6434,
                UserText(
                    zh: "\(option) 应写成元，最多两位小数，如 3500.00",
                    en: "\(option) must be yuan with at most two decimals, such as 3500.00"), exit: .usage)
        }
        return sum
    }
}

/// Which grant, and why it ends.
struct GrantEndOptions: ParsableArguments {
    @Argument(help: "Number of the grant, or a beginning of it that is unique.")
    var grant: String

    @Option(help: "Why, a code such as withdrawn.")
    var reason: String

    @Option(help: "The day it was done; otherwise today.")
    var on: String?

    func send(_ desk: Desk, _ action: (GrantEnd) -> UnitAction) async throws {
        let reason = try Code.typed(reason, option: "--reason")
        let query = Care_V1_ListGrantsQuery.with { $0.grant = grant.lowercased() }
        let found = try await desk.line(to: .careArchive).grants(query).entries
        guard let entry = found.first, found.count == 1, let id = GrantID(bytes: entry.grant) else {
            throw Failure(
                6435,
                UserText(
                    zh: found.isEmpty ? "没有这项资助，或不在您的辖区" : "编号开头对应 \(found.count) 项资助，请多写几位",
                    en: found.isEmpty ? "no such grant, or outside your division" : "\(found.count) grants begin so"),
                advice: UserText(zh: "用 carectl grant list 查看", en: "see: carectl grant list"), exit: .problemsFound)
        }
        let command = UnitCommand(
            id: .random(), unit: try DivisionCode.unit(entry.division), occurredOn: try desk.day(on, option: "--on"),
            action: action(GrantEnd(grant: id, reason: reason)))
        try await desk.line(to: .intake).unit(command)
        desk.mention(UserText(zh: "名额已释放，已落盘", en: "the place is free, on disk"))
    }
}

/// `carectl grant release`
struct GrantRelease: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Take a grant back that was not paid; its place is free again.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: GrantEndOptions

    func perform(_ desk: Desk) async throws { try await options.send(desk) { .release($0) } }
}

/// `carectl grant expire`
struct GrantExpire: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "expire", abstract: "Let a place go whose grant was never finished.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: GrantEndOptions

    func perform(_ desk: Desk) async throws { try await options.send(desk) { .expire($0) } }
}

/// `carectl grant list`
struct GrantList: CareCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List grants.")

    @OptionGroup var common: CommonOptions

    @Option(help: "Only of this activity year.")
    var year: Int?

    @Option(help: "Only of this unit, 6 digits.")
    var unit: String?

    @Option(help: "Only of this household: its whole id.")
    var household: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let home = try household.map { text in
            guard let id = HouseholdID(text.lowercased()) else {
                throw Failure(
                    6436, UserText(zh: "--household 应是完整的户编号", en: "--household must be a whole household id"),
                    exit: .usage)
            }
            return id
        }
        let query = Care_V1_ListGrantsQuery.with {
            $0.year = UInt32(clamping: year ?? 0)
            $0.division = unit ?? ""
            $0.household = .init(home?.value.bytes ?? [])
        }
        let list = try await desk.line(to: .careArchive).grants(query)
        if json {
            let document = JSON.object([
                ("grants", .array(list.entries.map(\.json))), ("has_more", .bool(list.hasMore_p)),
            ])
            return desk.print(document.text(indented: true))
        }
        var table = TextTable([
            .init("资助"), .init("单位"), .init("年度", .right), .init("条款"), .init("名称", mayShrink: true), .init("户编号"),
            .init("金额", .right), .init("状态"), .init("理由"), .init("日期"), .init("经办"),
        ])
        for entry in list.entries {
            table.append([
                entry.grant.idText, desk.place(entry.division), "\(entry.year)", entry.clause, entry.title,
                entry.household.idText, "\(Fen(entry.amountFen))",
                entry.stateWord + (entry.isBeyond ? "（超指导数）" : ""), entry.reasonWord(desk),
                "\(CivilDay(dayNumber: entry.reservedOn))", entry.actor,
            ])
        }
        desk.show(table)
        if list.hasMore_p {
            desk.say(UserText(zh: "还有更多，请按年度、单位查询", en: "there are more: ask by year and unit"))
        }
    }
}

extension Care_V1_GrantList.Entry {
    /// Why, in words where the rules gave the reason themselves: a place that was let go says which rule refused the grant.
    fileprivate func reasonWord(_ desk: Desk) -> String {
        guard let refusal = PlaceReleased.refusal(in: reason) else { return reason }
        return desk.word(refusal.chinese, refusal.english) + "（\(refusal.code)）"
    }

    fileprivate var stateWord: String {
        switch state {
        case "reserved": "占名额"
        case "confirmed": "已资助"
        case let code: PlaceReleased.Cause(rawValue: code)?.chinese ?? code
        }
    }

    fileprivate var json: JSON {
        .object([
            ("grant", .id(grant)), ("division", .string(division)), ("year", .int(Int64(year))),
            ("clause", .string(clause)), ("title", .string(title)), ("household", .id(household)),
            ("amount_fen", .int(amountFen)), ("state", .string(state)), ("is_beyond", .bool(isBeyond)),
            ("reason", reason.isEmpty ? .null : .string(reason)),
            ("reserved_on", .string(CivilDay(dayNumber: reservedOn).description)), ("actor", .string(actor)),
            ("award", awardSequence == 0 ? .null : .count(awardSequence)),
        ])
    }
}
