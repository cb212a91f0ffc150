import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl fund`
struct FundCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fund", abstract: "Funds of the Happiness Project: capital, balances, dormant money handed over.",
        discussion: """
            A fund belongs to a district or sub-district and gives one kind of aid: revolving_loan, grant or interest_subsidy. Money is
            set aside before a payout and never goes below zero; every movement is balanced. show lists them and exits with 1 when the
            books and the cases do not agree.
            """,
        subcommands: [
            FundOpen.self, FundDeposit.self, FundTransfer.self, FundReverse.self, FundPast.self, FundShow.self,
            FundList.self,
        ])
}

/// `carectl fund open`
struct FundOpen: CareCommand {
    static let configuration = CommandConfiguration(commandName: "open", abstract: "Open a fund.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var act: ActDay

    @Option(help: "District or sub-district: 6 or 9 digits.")
    var division: String

    @Option(help: "revolving_loan, grant or interest_subsidy.")
    var mode = LendingMode.revolvingLoan

    @Option(help: "2 and so on for a further fund of the same division and kind.")
    var number = 1

    func perform(_ desk: Desk) async throws {
        guard let division = DivisionCode(division) else {
            throw Failure(
                6483, UserText(zh: "--division 应是 6 或 9 位数字", en: "--division must be 6 or 9 digits"), exit: .usage)
        }
        let scope = FundScope(division: division, mode: mode, number: number)
        let id = FundID.derived(from: scope)
        let day = try act.day(desk)
        try await desk.line(to: .intake).lend(
            LendingCommand(
                id: .said(id.value, ["open", day.description]), stream: .fund(id), occurredOn: day,
                action: .fund(.open(scope))), desk)
    }
}

/// Which fund, as typed.
struct FundChoice: ParsableArguments {
    @Argument(help: "Fund id, or a beginning of it that is unique.")
    var fund: String

    func id(_ desk: Desk) async throws -> FundID {
        let page = try await desk.line(to: .careArchive).fund(fund)
        return FundID(bytes: page.fund.fund) ?? FundID(Identifier128(high: 0, low: 0))
    }
}

/// `carectl fund deposit`
struct FundDeposit: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "deposit",
        abstract: "Fresh capital came in, from a payer that the pack names; a receipt counts once.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: FundChoice
    @OptionGroup var act: ActDay

    @Option(help: "In yuan.")
    var amount: String

    @Option(help: "Who gives it, a code: city, district, province, finance, donation.")
    var payer: String

    @Option(help: "Voucher, a code.")
    var receipt: String

    func perform(_ desk: Desk) async throws {
        let deposited = FundDeposited(
            payer: try Code.typed(payer, option: "--payer"), amount: try Fen.typed(amount, option: "--amount"),
            receipt: try Code.typed(receipt, option: "--receipt"))
        let page = try await desk.line(to: .careArchive).fund(choice.fund)
        guard let id = FundID(bytes: page.fund.fund) else { throw Failure.badAnswer }
        let day = try act.day(desk)
        let words = ["deposit", payer, receipt, "\(deposited.amount)", "\(day)"]
        let command = LendingCommand(
            id: .said(id.value, words + page.round("deposited", deposited.amount, on: day)), stream: .fund(id),
            occurredOn: day, action: .fund(.deposit(deposited)))
        try await desk.line(to: .intake).lend(command, desk)
    }
}

/// `carectl fund transfer`
struct FundTransfer: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer", abstract: "Hand a dormant balance to another fund of the same kind (盘活资金).",
        discussion: """
            Loans stay with the fund that gave them, with all their history; what comes back later can be handed over again. When the
            run was interrupted, type the same again with the same day (--on) and sum: it goes on where it stopped. On another day it
            is another transfer. Without --amount, and when nothing is left, the last transfer to that fund is meant, on whichever day.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: FundChoice
    @OptionGroup var act: ActDay

    @Option(help: "The fund that gets it.")
    var to: String

    @Option(help: "In yuan; otherwise all that is available.")
    var amount: String?

    @Option(help: "2 and so on for a further transfer of the same sum on the same day.")
    var number = 1

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        let page = try await archive.fund(choice.fund)
        let source = page.fund
        let target = try await archive.fund(to).fund
        guard let id = FundID(bytes: source.fund), let other = FundID(bytes: target.fund) else {
            throw Failure.badAnswer
        }
        var day = try act.day(desk)
        var sum = try amount.map { try Fen.typed($0, option: "--amount") } ?? Fen(source.availableFen)
        if amount == nil, sum <= .zero {
            let last = try last(of: page, to: target, on: act.on == nil ? nil : day)
            (day, sum) = (CivilDay(dayNumber: last.occurredOn), Fen(last.amountFen))
        }
        let words = ["transfer", "\(other)", "\(sum)", "\(day)", "\(number)"]
        let command = LendingCommand(
            id: .said(id.value, words + page.round("handed_over", sum, on: day)), stream: .fund(id), occurredOn: day,
            action: .fund(.handOver(to: other, sum)))
        try await desk.line(to: .intake).lend(command, desk)
    }
}

extension Care_V1_FundPage {
    /// What tells an entry that is made once more after a reversal from the one that was reversed, though it says the same.
    fileprivate func round(_ kind: String, _ amount: Fen, on day: CivilDay) -> [String] {
        let reversed = movements.count {
            $0.kind == kind && $0.amountFen == amount.amount && $0.occurredOn == day.dayNumber && $0.reversedBy > 0
        }
        return reversed == 0 ? [] : ["after \(reversed)"]
    }
}

extension FundTransfer {
    /// The latest transfer to a fund: when nothing is left, whoever types the command again means that one.
    private func last(
        of page: Care_V1_FundPage, to target: Care_V1_FundEntry, on day: CivilDay?
    ) throws -> Care_V1_FundPage.Movement {
        let found = page.movements.last { movement in
            movement.kind == "handed_over" && movement.other == target.fund && movement.reversedBy == 0
                && (day.map { movement.occurredOn == $0.dayNumber } ?? true)
        }
        guard let found else {
            throw Failure(
                6681, UserText(zh: "这笔资金没有可划转的余额", en: "the fund has nothing to hand over"),
                advice: UserText(zh: "余额和往来见 carectl fund show", en: "see carectl fund show"), exit: .problemsFound)
        }
        return found
    }
}

/// `carectl fund history`
struct FundPast: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Totals of the years before the record began, from the paper books.",
        discussion:
            """
            They count in the indicators and move no money; stating them again takes the place of the earlier ones. They end before
            the first entry in the fund's own record: days that both held would count twice (CARE-1463).
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: FundChoice

    @Option(help: "Last day that the totals cover.")
    var through: String

    @Option(help: "Households helped.")
    var helped: Int

    @Option(help: "Of them, assessed as out of poverty.")
    var out: Int

    @Option(help: "Of them, those whose aid is completed.")
    var completed: Int

    @Option(help: "Paid out, in yuan.")
    var disbursed: String

    @Option(help: "Fresh capital, in yuan.")
    var capital: String

    @Option(help: "Principal that fell due, in yuan.")
    var due = "0"

    @Option(help: "Of that, repaid, in yuan.")
    var repaid = "0"

    func perform(_ desk: Desk) async throws {
        let history = FundHistory(
            through: try desk.day(through, option: "--through"), helped: helped, out: out, completed: completed,
            disbursed: try Fen.typed(disbursed, option: "--disbursed"),
            capital: try Fen.typed(capital, option: "--capital"), due: try Fen.typed(due, option: "--due"),
            repaid: try Fen.typed(repaid, option: "--repaid"))
        let id = try await choice.id(desk)
        let command = LendingCommand(
            id: .random(), stream: .fund(id), occurredOn: desk.today, action: .fund(.state(history)))
        try await desk.line(to: .intake).lend(command, desk)
    }
}

/// `carectl fund show`
struct FundShow: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a fund with its balances and movements.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: FundChoice

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let page = try await desk.line(to: .careArchive).fund(choice.fund)
        if !page.fund.findings.isEmpty { desk.status = .problemsFound }
        if json {
            let document = JSON.object([
                ("fund", page.fund.json),
                (
                    "movements",
                    .array(
                        page.movements.map {
                            .object([
                                ("sequence", .count($0.sequence)), ("on", .day($0.occurredOn)),
                                ("kind", .string($0.kind)), ("amount_fen", .int($0.amountFen)),
                                ("other", $0.other.isEmpty ? .null : .id($0.other)),
                                ("available_fen", .int($0.availableFen)),
                                ("reverses", $0.reverses == 0 ? .null : .count($0.reverses)),
                                ("reversed_by", $0.reversedBy == 0 ? .null : .count($0.reversedBy)),
                                ("reason", $0.reason.isEmpty ? .null : .string($0.reason)),
                            ])
                        })
                ),
            ])
            return desk.print(document.text(indented: true))
        }
        var head = TextTable([.init("资金"), .init(page.fund.fund.idText)])
        head.append(["区划、模式", "\(page.fund.division) \(LendingWords.mode(page.fund.mode)) 第 \(page.fund.number) 笔"])
        for posting in page.fund.balances {
            head.append([LendingWords.account(posting.account), Fen(posting.amountFen).description])
        }
        if page.fund.underWayFen > 0 { head.append(["划转未达", Fen(page.fund.underWayFen).description]) }
        desk.show(head)
        var table = TextTable([
            .init("序", .right), .init("日期"), .init("事项"), .init("金额", .right), .init("个案、资金"), .init("可用余额", .right),
        ])
        for movement in page.movements {
            table.append([
                "#\(movement.sequence)", DayText.of(movement.occurredOn),
                LendingWords.movement(movement.kind) + LendingWords.reversal(movement),
                Fen(movement.amountFen).description, movement.other.isEmpty ? "" : movement.other.idText,
                Fen(movement.availableFen).description,
            ])
        }
        if !page.movements.isEmpty { desk.show(table) }
        desk.say(
            page.fund.findings.isEmpty
                ? UserText(zh: "账平，与个案一致", en: "books balanced, and as the cases have it")
                : UserText(
                    zh: "不符：\(page.fund.findings.joined(separator: "、"))",
                    en: "findings: \(page.fund.findings.joined(separator: ", "))"))
    }
}

/// `carectl fund list`
struct FundList: CareCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List funds.", aliases: ["ls"])

    @OptionGroup var common: CommonOptions

    @Option(help: "Only in this division: 6, 9 or 12 digits.")
    var division: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let query = Care_V1_ListFundsQuery.with { $0.division = division ?? "" }
        guard case .funds(let list) = try await desk.line(to: .careArchive).ask(.listFunds(query)) else {
            throw Failure.badAnswer
        }
        if json {
            return desk.print(JSON.object([("funds", .array(list.funds.map(\.json)))]).text(indented: true))
        }
        var table = TextTable([
            .init("资金"), .init("区划"), .init("模式"), .init("可用", .right), .init("占用", .right), .init("在借", .right),
            .init("新增本金", .right), .init("不符"),
        ])
        for fund in list.funds {
            table.append([
                fund.fund.idText, desk.place(fund.division), LendingWords.mode(fund.mode),
                Fen(fund.availableFen).description, Fen(fund.reservedFen).description,
                Fen(fund.outstandingFen).description, Fen(fund.capitalFen).description,
                fund.findings.joined(separator: "、"),
            ])
        }
        desk.show(table)
    }
}

extension Care_V1_FundEntry {
    var json: JSON {
        .object([
            ("fund", .id(fund)), ("division", .string(division)), ("mode", .string(mode)),
            ("number", .int(Int64(number))), ("opened_on", .day(openedOn)), ("available_fen", .int(availableFen)),
            ("reserved_fen", .int(reservedFen)), ("outstanding_fen", .int(outstandingFen)),
            ("capital_fen", .int(capitalFen)), ("under_way_fen", .int(underWayFen)),
            ("balances", .balances(balances)), ("findings", .array(findings.map { .string($0) })),
        ])
    }
}
