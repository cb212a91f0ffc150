import ArgumentParser
import CareDomain
import CareWire
import MessageBus
import OfficeFiles
import ServiceKit

/// `carectl intake`
struct IntakeCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake", abstract: "The service that takes commands in.", subcommands: [OutboxCommands.self])
}

/// `carectl intake outbox`
struct OutboxCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "Commands that intake keeps on its own disk.",
        discussion: """
            While care-archive cannot be reached, intake answers "queued": the command is on intake's own disk, synced,
            and is recorded when the line is back, in the order in which commands came. A command that is refused then,
            because the file has changed meanwhile, waits here for a person; nothing is overwritten.
            """,
        subcommands: [OutboxList.self, OutboxRetry.self, OutboxDrop.self], defaultSubcommand: OutboxList.self)
}

extension Line {
    /// Asks intake's outbox for something.
    fileprivate func outbox(_ operation: Care_V1_Operation.OneOf_Operation) async throws -> Care_V1_OperationReply {
        let reply = try await operate(operation)
        guard reply.hasOutbox else { throw Failure.badAnswer }
        return reply
    }
}

/// `carectl intake outbox list`
struct OutboxList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Print what is kept; exit status 1 when a command or a file waits for a person.")

    @OptionGroup var common: CommonOptions

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let state = try await desk.line(to: .intake).outbox(.listOutbox(.init())).outbox
        if state.refusedCount + state.unreadableCount > 0 { desk.status = .problemsFound }
        if json {
            desk.print(Self.json(state).text(indented: true))
            return
        }
        var table = TextTable([
            .init(desk.word("命令", "command")), .init(desk.word("户编号", "household")),
            .init(desk.word("内容", "action")), .init(desk.word("暂存于", "kept at")), .init(desk.word("来自", "from")),
            .init(desk.word("状态", "state"), mayShrink: true),
        ])
        for line in state.lines {
            table.append([
                line.commandID.idText, line.household.idText, line.action,
                Moment(microseconds: line.queuedAt).wallClock, line.peer,
                line.hasRefusal
                    ? "\(line.refusal.code) \(desk.word(line.refusal.textZh, line.refusal.textEn))"
                    : desk.word("待线路恢复", "waits for the line"),
            ])
        }
        desk.show(table)
        if state.unreadableCount > 0 {
            desk.say(
                UserText(
                    zh: "有 \(state.unreadableCount) 个暂存文件读不出（已损坏），已改名为 .unreadable 留在受理服务的暂存目录，"
                        + "服务日志写明是哪些；其中的登记没有送出，请联系当时登记的人重新登记",
                    en:
                        "\(state.unreadableCount) kept files cannot be read (damaged); they stay in intake's outbox folder under "
                        + "the ending .unreadable, its log names them. What they held was not sent: ask those who entered it "
                        + "to do so again"))
        }
        desk.mention(
            UserText(
                zh: "档案服务\(state.cutOff ? "连不上" : "可达")；待登记 \(state.waitingCount) 条，"
                    + "被拒待人处理 \(state.refusedCount) 条",
                en: "care-archive \(state.cutOff ? "cannot be reached" : "can be reached"); "
                    + "\(state.waitingCount) wait for the line, \(state.refusedCount) refused and wait for a person"))
    }

    private static func json(_ state: Care_V1_OutboxState) -> JSON {
        .object([
            ("cut_off", .bool(state.cutOff)), ("waiting", .count(UInt64(state.waitingCount))),
            ("refused", .count(UInt64(state.refusedCount))),
            ("unreadable", .count(UInt64(state.unreadableCount))),
            (
                "commands",
                .array(
                    state.lines.map { line in
                        .object([
                            ("command", .id(line.commandID)), ("household", .id(line.household)),
                            ("action", .string(line.action)),
                            ("queued_at", .moment(Moment(microseconds: line.queuedAt))), ("peer", .string(line.peer)),
                            ("code", line.hasRefusal ? .string(line.refusal.code) : .null),
                            ("text_zh", line.hasRefusal ? .string(line.refusal.textZh) : .null),
                            ("text_en", line.hasRefusal ? .string(line.refusal.textEn) : .null),
                        ])
                    })
            ),
        ])
    }
}

/// Which kept command is meant.
struct KeptCommandChoice: ParsableArguments {
    @Argument(help: "The command's id, as the list prints it.")
    var command: String

    fileprivate func settle(
        _ decision: Care_V1_SettleOutbox.Decision, reason: Code?, _ desk: Desk
    ) async throws {
        guard let id = CommandID(command) else {
            throw Failure(
                6291, UserText(zh: "不是命令编号：\(command)", en: "not a command id: \(command)"),
                advice: UserText(
                    zh: "用 carectl intake outbox list 查看", en: "see carectl intake outbox list"), exit: .usage)
        }
        let order = Care_V1_SettleOutbox.with {
            $0.commandID = .init(id.value.bytes)
            $0.decision = decision
            $0.reason = reason?.rawValue ?? ""
        }
        guard try await desk.line(to: .intake).outbox(.settleOutbox(order)).accepted else {
            throw Failure(
                6292,
                UserText(
                    zh: "暂存中没有等人处理的这条命令：\(command)", en: "no such command waits for a person in the outbox: \(command)"),
                advice: UserText(
                    zh: "用 carectl intake outbox list 查看", en: "see carectl intake outbox list"),
                exit: .problemsFound)
        }
    }
}

/// `carectl intake outbox retry`
struct OutboxRetry: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Have a refused command tried again, after what was in its way is put right.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: KeptCommandChoice

    func perform(_ desk: Desk) async throws {
        try await choice.settle(.retry, reason: nil, desk)
        desk.say(
            UserText(
                zh: "将再次登记，结果见 carectl intake outbox list", en: "it is tried again; see carectl intake outbox list"))
    }
}

/// `carectl intake outbox drop`
struct OutboxDrop: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Give a refused command up for good.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: KeptCommandChoice

    @Option(help: "Why, a code such as wrong_household; goes to the service's log.")
    var reason: String

    func perform(_ desk: Desk) async throws {
        try await choice.settle(.drop, reason: Code.typed(reason, option: "--reason"), desk)
        desk.say(UserText(zh: "已放弃", en: "given up"))
    }
}
