import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl loan`
struct LoanCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loan", abstract: "Loans to mothers in hardship: from the application to the last repayment.",
        discussion: """
            A loan goes: apply, review (village, township, district), helper, guarantee (the village committee), sign three times
            (applicant with the schedule, project_lead, township), inform, disburse, repay. Nobody who reviewed it pays it out; a mother
            has one at a time. write-off takes two persons. Aid that is not repaid: carectl aid. What was typed wrong is reversed by
            somebody else (reverse), and entered anew; it counts on no day then.
            """,
        subcommands: [
            LoanApply.self, LoanReview.self, LoanHelper.self, LoanGuarantee.self, LoanSign.self, LoanInform.self,
            LoanDisburse.self, LoanRepay.self, LoanWriteOff.self, LoanStageCommand.self, LoanExit.self,
            LoanWithdraw.self, LoanReverse.self, LoanShow.self, LoanList.self, LoanDue.self, LoanOverdue.self,
        ])
}

/// Which case, as typed.
struct LoanChoice: ParsableArguments {
    @Argument(help: "Case id, or a beginning of it that is unique.")
    var loan: String

    @OptionGroup var act: ActDay

    /// Sends an act on the case.
    /// - Parameter words: What makes it the same act when it is typed again; nil = every time another.
    func send(_ action: LoanAction, _ desk: Desk, once words: [String]? = nil) async throws {
        let day = try act.day(desk)
        let page = try await desk.line(to: .careArchive).loan(loan, on: day)
        guard let id = LoanID(bytes: page.entry.loan) else { throw Failure.badAnswer }
        // Entered once more after a reversal, it is another act, though it says the same.
        let reversed = page.acts.count { $0.reversedBy > 0 && $0.occurredOn == day.dayNumber }
        let round = reversed == 0 ? [] : ["after \(reversed)"]
        let command = LendingCommand(
            id: words.map { .said(id.value, $0 + [day.description] + round) } ?? .random(), stream: .loan(id),
            occurredOn: day,
            action: .loan(action))
        try await desk.line(to: .intake).lend(command, desk)
    }
}

/// Who applies for what.
struct LoanApplyOptions: ParsableArguments {
    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Option(help: "The fund that is asked: its id, or a beginning of it that is unique.")
    var fund: String

    @Option(help: "What it is for, a code such as breeding.")
    var purpose: String

    @Option(help: "The mother: a person id, or wife, single_parent; otherwise the only mother of the household.")
    var mother: String?

    @OptionGroup var act: ActDay

    /// Sends the application.
    func send(_ amount: Fen, _ subsidy: SubsidyTerms?, _ desk: Desk) async throws {
        let day = try act.day(desk)
        let archive = try await desk.line(to: .careArchive)
        let home = try await archive.household(household, on: day)
        let fund = try await archive.fund(fund).fund
        guard let fundID = FundID(bytes: fund.fund), let mode = LendingMode(rawValue: fund.mode) else {
            throw Failure.badAnswer
        }
        let mother = try await person(of: home, on: day, archive)
        let query = Care_V1_ListLoansQuery.with {
            $0.asOf = desk.today.dayNumber
            $0.mother = .init(mother.value.bytes)
        }
        let earlier = try await archive.loans(query).filter { entry in
            let kind = LendingMode(rawValue: entry.application.mode)
            return (kind == .revolvingLoan) == (mode == .revolvingLoan)
        }
        let number = (earlier.map { Int($0.application.number) }.max() ?? 0) + 1
        let applied = LoanApplied(
            fund: fundID, household: home, mother: mother, number: number, amount: amount,
            purpose: try Code.typed(purpose, option: "--purpose"), subsidy: subsidy)
        let id = LoanID.derived(of: mother, mode, number: number)
        try await desk.line(to: .intake).lend(
            LendingCommand(id: .random(), stream: .loan(id), occurredOn: day, action: .loan(.apply(applied))), desk)
    }

    private func person(of home: HouseholdID, on day: CivilDay, _ archive: Line) async throws -> PersonID {
        if let mother {
            let member = try TypedMember(mother, option: "--mother")
            return try await member.person(in: try await archive.page(of: home.description, on: day))
        }
        let page = try await archive.page(of: home.description, on: day)
        let mothers = page.members.filter {
            $0.standing == .present && ($0.role == .wife || ($0.role == .singleParent && $0.sex == .female))
        }
        if mothers.isEmpty { throw Self.noMother(page, on: day) }
        guard let only = mothers.first, mothers.count == 1 else {
            throw Failure(
                6485, UserText(zh: "该户有 \(mothers.count) 位母亲，请用 --mother 指明", en: "say which with --mother"),
                advice: UserText(
                    zh: "用 carectl household show --json 查看人员编号", en: "see: carectl household show --json"),
                exit: .problemsFound)
        }
        return only.person
    }

    /// Nobody of the family could apply on the day; most often the day lies before its file was opened.
    private static func noMother(_ page: CareArchive, on day: CivilDay) -> Failure {
        if let opened = page.header.registeredOn, day < opened {
            return Failure(
                6630,
                UserText(
                    zh: "该户 \(opened) 建档，\(day) 还不能申请", en: "the family's file was opened on \(opened), after \(day)"),
                advice: UserText(
                    zh: "申请日期（--on）写建档之日或以后；建档日期有误的，先用名册更正",
                    en: "apply on that day or later (--on), or correct the day of the file by a roster"),
                exit: .problemsFound)
        }
        return Failure(
            6631,
            UserText(zh: "该户 \(day) 没有在世的母亲", en: "no living mother belongs to the family on \(day)"),
            advice: UserText(
                zh: "用 carectl household show 核对成员的身份和日期",
                en: "check the members, their roles and days: carectl household show"), exit: .problemsFound)
    }
}

/// `carectl loan apply`
struct LoanApply: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "A mother applies for a loan (申请); above the ceiling it is refused, not cut.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: LoanApplyOptions

    @Option(help: "In yuan.")
    var amount: String

    func perform(_ desk: Desk) async throws {
        try await options.send(try Fen.typed(amount, option: "--amount"), nil, desk)
    }
}

/// `carectl loan review`
struct LoanReview: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "One level has looked at the application (审核): village, township, district.",
        discussion: """
            Each level does its own (层层审核): a key of the village (org.community), of the township (org.township) or of the
            district's division, three different people, one after the other.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: LoanChoice

    @Option(help: "village, township or district; in this order.")
    var level: LoanLevel

    @Option(help: "Turn it down, for this reason, a code.")
    var reject: String?

    func perform(_ desk: Desk) async throws {
        let reason = try reject.map { try Code.typed($0, option: "--reject") }
        try await choice.send(
            .review(LoanReviewed(level: level, isPassed: reason == nil, reason: reason)), desk)
    }
}

/// `carectl loan helper`
struct LoanHelper: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "helper", abstract: "Name who helps the family and sees to the recovery (帮扶责任人).")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: LoanChoice

    @Option(help: "Account or staff code of the person.")
    var helper: String

    func perform(_ desk: Desk) async throws {
        try await choice.send(.nameHelper(try Code.typed(helper, option: "--helper")), desk)
    }
}

/// `carectl loan guarantee`
struct LoanGuarantee: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "guarantee", abstract: "The committee of the mother's own village guarantees (村居委会担保).")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: LoanChoice

    @Option(help: "The committee's division, 12 digits.")
    var committee: String

    @Option(help: "Reference of the guarantee, a code.")
    var paper: String

    func perform(_ desk: Desk) async throws {
        guard let division = DivisionCode(committee) else {
            throw Failure(
                6486, UserText(zh: "--committee 应是 12 位数字", en: "--committee must be 12 digits"), exit: .usage)
        }
        try await choice.send(
            .guarantee(committee: division, paper: try Code.typed(paper, option: "--paper")), desk)
    }
}

/// `carectl loan sign`
struct LoanSign: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "One of the three parties signs the agreement (签协议).",
        discussion: """
            The first signature brings the schedule: --instalment 2018-03-31=5000, as often as there are due days. Before the payout
            another schedule can take its place when a payout was reversed or its first day is over: whoever signs first brings it,
            and all three sign anew. Nothing is paid out until they have.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: LoanChoice

    @Option(help: "applicant, project_lead or township.")
    var party: LoanParty

    @Option(help: "Due day and sum in yuan, 2018-03-31=5000; may be repeated.")
    var instalment: [String] = []

    func perform(_ desk: Desk) async throws {
        try await choice.send(.sign(party, try instalment.map(LoanInstalment.typed)), desk)
    }
}

/// `carectl loan inform`
struct LoanInform: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "inform", abstract: "The borrower was told why and when the money comes back (讲清资金回笼).")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: LoanChoice

    func perform(_ desk: Desk) async throws { try await choice.send(.inform, desk) }
}

/// `carectl loan disburse`
struct LoanDisburse: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "disburse", abstract: "Pay out (放款): set the money aside, record it, book it.",
        discussion: "Interrupted on its way? Type the same again with the same day: it goes on where it stopped.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: LoanChoice

    func perform(_ desk: Desk) async throws { try await choice.send(.disburse, desk, once: ["disburse"]) }
}

/// `carectl loan repay`
struct LoanRepay: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "repay",
        abstract: "Principal came back (还款); a receipt counts once, more than is open is refused.",
        discussion: """
            Of a loan that was written off it is booked as a recovery (核销后收回, CARE-1817): the fund has the money, the loan stays
            written off and no repayment rate counts it. What came in before the write-off is a repayment: reverse the write-off first.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: LoanChoice

    @Option(help: "In yuan.")
    var amount: String

    @Option(help: "Voucher, a code.")
    var receipt: String

    func perform(_ desk: Desk) async throws {
        let sum = try Fen.typed(amount, option: "--amount")
        try await choice.send(
            .repay(sum, receipt: try Code.typed(receipt, option: "--receipt")), desk,
            once: ["repay", receipt, "\(sum)"])
    }
}

/// `carectl loan write-off`
struct LoanWriteOff: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "write-off", abstract: "Write off the rest (核销): one person proposes, another decides.",
        discussion: """
            First with --reason; then somebody else with --decide. What is written off counts as unpaid. Proposed is the rest as it is
            then, as loan show tells: when that changed since, the decision is refused (CARE-1815) and the new rest is proposed anew.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: LoanChoice

    @Option(help: "Propose it, for this reason, a code.")
    var reason: String?

    @Flag(help: "Decide it, as a second person.")
    var decide = false

    func perform(_ desk: Desk) async throws {
        guard (reason == nil) == decide else {
            throw Failure(
                6487,
                UserText(zh: "请写 --reason（提请）或 --decide（决定）", en: "say --reason to propose or --decide to decide"),
                exit: .usage)
        }
        if let reason {
            try await choice.send(.proposeWriteOff(try Code.typed(reason, option: "--reason")), desk)
        } else {
            try await choice.send(.writeOff, desk, once: ["write-off"])
        }
    }
}

/// `carectl loan stage`
struct LoanStageCommand: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "stage", abstract: "Stage of the aid (三模式): poverty_exit, start_up or bundled.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: LoanChoice

    @Option(help: "poverty_exit (脱贫式), start_up (创业式) or bundled (捆绑式).")
    var stage: LoanStage

    func perform(_ desk: Desk) async throws { try await choice.send(.stage(stage), desk) }
}

/// `carectl loan exit`
struct LoanExit: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "exit", abstract: "The family is assessed as out of poverty (脱贫认定), or no longer.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: LoanChoice

    @Option(help: "On what it rests, a code.")
    var basis: String

    @Flag(help: "Take an earlier assessment back (返贫).")
    var back = false

    func perform(_ desk: Desk) async throws {
        try await choice.send(.assessExit(isOut: !back, basis: try Code.typed(basis, option: "--basis")), desk)
    }
}

/// `carectl loan withdraw`
struct LoanWithdraw: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "End an application before any payout; money set aside is free again.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: LoanChoice

    @Option(help: "Why, a code.")
    var reason: String

    func perform(_ desk: Desk) async throws {
        try await choice.send(.withdraw(try Code.typed(reason, option: "--reason")), desk)
    }
}
