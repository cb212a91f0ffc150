import ArgumentParser
import CareDomain
import CareWire
import MessageBus
import OfficeFiles
import ServiceKit
import SwiftProtobuf

/// `carectl pay`
struct PayCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pay", abstract: "Payment batches: prepare, close, bank files and answers, books.",
        discussion: """
            A batch goes: prepare (which families), close (what each is due, as known at that moment), export (a file for the bank),
            answer (what the bank did). Every command may be repeated at any time, also on a later day: nobody is paid twice for a
            month, and a run that was interrupted goes on where it stopped. Each takes a key of a department that holds the function
            in the place (rules facts PACK): close 资金管理; export, answer, collect, return, reverse 资金发放; decide 审核认定; different
            people each. What is taken back (kind recovery) goes to no bank: export lists it, collect records what came in.
            """,
        subcommands: [
            PayPrepare.self, PayClose.self, PayExport.self, PayAnswer.self, PayCollect.self, PayReturn.self,
            PayReverse.self, PayDecide.self, PayList.self, PayShow.self, PayReconcile.self,
        ])
}

/// Which sums a batch is about, as typed.
struct ScopeOptions: ParsableArguments {
    @Option(help: "Families registered in this division: 6, 9 or 12 digits.")
    var division: String

    @Option(help: "Months: 2014-09, 2014-Q3, 2014-H1, 2014 or 2014-09..2015-01; at most ten years.")
    var period: String

    @Option(help: "regular, arrears (what people decided to pay) or recovery (what people decided to take back).")
    var kind = BatchKind.regular

    @Option(help: "Only this clause, such as CZ-2.1; may be repeated.")
    var clause: [String] = []

    @Option(help: "2 and so on for a further batch of the same months.")
    var number = 1

    func scope() throws -> BatchScope {
        guard let division = DivisionCode(division) else {
            throw Failure(
                6201, UserText(zh: "--division 应是 6、9 或 12 位数字", en: "--division must be 6, 9 or 12 digits"),
                exit: .usage)
        }
        guard let period = PaymentPeriod(parsing: period) else {
            if let months = PaymentPeriod.excess(in: period) {
                throw Failure(
                    6202,
                    UserText(
                        zh: "--period 有 \(months) 个月，一批至多 \(PaymentPeriod.mostMonths) 个月（十年）",
                        en:
                            "--period has \(months) months; a batch takes at most \(PaymentPeriod.mostMonths), ten years"
                    ),
                    advice: UserText(zh: "请分成几批，如先 …2024-12，再 2025-01…", en: "make several batches of it"),
                    exit: .usage)
            }
            throw Failure(
                6202,
                UserText(
                    zh: "--period 应写成 2014-09、2014-Q3、2014-H1、2014 或 2014-09..2015-01",
                    en: "--period must be 2014-09, 2014-Q3, 2014-H1, 2014 or 2014-09..2015-01"), exit: .usage)
        }
        let clauses = try clause.map { text in
            guard let clause = ClauseID(text) else {
                throw Failure(
                    6203, UserText(zh: "--clause 应是条款编号，如 CZ-2.1", en: "--clause must be a clause such as CZ-2.1"),
                    exit: .usage)
            }
            return clause
        }
        return BatchScope(kind: kind, division: division, period: period, clauses: clauses, number: number)
    }
}

extension BatchKind: ExpressibleByArgument {}

/// `carectl pay prepare`
struct PayPrepare: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare", abstract: "Begin a batch and name the families to be looked at.",
        discussion: """
            Nothing is paid yet. The same division, months, kind, clauses and number are the same batch: repeating the command adds
            families that came in meanwhile, until the batch is closed.

            A regular batch pays the months of its period that no batch paid, also of a period long past, and none that has not begun
            on the day of its closing: what a quarter or year gives as one sum is paid whole once the month has begun in which it
            is due, sums by the month only for months that have begun; prepare and close name the others, and a batch of
            those months pays them. What became known only
            after a regular batch of the family, or the first batch of the same months, had gone past a month is arrears: it waits
            for a person (pay decide) and is paid by a batch of kind arrears. What somebody awarded after that first batch (a grant) was
            decided by that: the next regular batch of the months pays it. What a person let go no batch pays. What an employer or
            insurer bears they pay to the family: prepare and close say so, and the award opened an item of the family's plan
            (household show), to be recorded as done. Families that the batch would pay for somebody of whom an accident alone says that
            they died (household deaths) are named, to those who may see the accident.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: ScopeOptions

    func perform(_ desk: Desk) async throws {
        let scope = try options.scope()
        let batch = BatchID.derived(from: scope)
        let archive = try await desk.line(to: .careArchive)
        var households: [HouseholdID] = []
        var query = Care_V1_PaymentCandidatesQuery.with { $0.scope = (try? scope.wire()) ?? .init() }
        while true {
            guard case .paymentCandidates(let part) = try await archive.ask(.paymentCandidates(query)) else {
                throw Failure.badAnswer
            }
            households += try part.householdIds.map { try HouseholdID(wireData: $0, "household_ids") }
            guard part.hasMore_p, let last = part.householdIds.last else { break }
            query.afterHousehold = last
        }
        guard !households.isEmpty else {
            throw Failure(
                6204, UserText(zh: "没有可列入的家庭", en: "no family may get anything from it"),
                advice: UserText(
                    zh: "用 carectl household show 查看应享待遇；补发、追回先用 carectl pay decide 决定",
                    en: "see carectl household show; arrears and recoveries need carectl pay decide first"),
                exit: .problemsFound)
        }
        let intake = try await desk.line(to: .intake)
        var rest = households[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(8192))
            rest = rest.dropFirst(part.count)
            let recorded = try await intake.pay(.said(.prepare(scope, households: part), about: batch, on: desk.today))
            recorded.tellRemarks(desk)
        }
        desk.say(
            UserText(
                zh: "批次 \(scope.period)，可列入 \(households.count) 户；下一步 carectl pay close",
                en: "batch \(scope.period), \(households.count) families; next: carectl pay close"))
        desk.print(batch.description)
    }
}

/// `carectl pay close`
struct PayClose: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Take no more families and order what each is due, as known now.",
        discussion: """
            Repeat it when it was interrupted, on any day: it goes on where it stopped, with what was known at the closing.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Batch id, or a beginning of it that is unique.")
    var batch: String

    func perform(_ desk: Desk) async throws {
        let page = try await desk.line(to: .careArchive).batch(batch)
        let id = page.id
        let command = try PaymentCommand.said(.close, about: id, on: desk.today)
        try await desk.line(to: .intake).pay(command, patiently: desk)
        desk.show(try await desk.line(to: .careArchive).batch(batch).summaryTable)
        desk.print(id.description)
    }
}

extension Line {
    /// Sends a payment command.
    func pay(_ command: PaymentCommand, timeout: Duration = .seconds(60)) async throws -> Recorded {
        try await send(try PaymentCodec.encode(command), id: command.id, method: .submitPayment, timeout: timeout)
    }

    /// Sends a payment command again and again until it is answered: a long run takes longer than one request may, and a
    /// service may be started anew meanwhile. The same command is done once.
    @discardableResult
    func pay(_ command: PaymentCommand, patiently desk: Desk) async throws -> Recorded {
        let end = ContinuousClock.now + .seconds(600)
        var hasSpoken = false
        while true {
            do {
                let recorded = try await pay(command, timeout: .seconds(20))
                desk.mention(
                    recorded.isRepeated
                        ? UserText(zh: "此前已登记，后续已办完", en: "recorded before; all that follows is done")
                        : UserText(zh: "已登记，已落盘", en: "recorded and on disk"))
                recorded.tellRemarks(desk)
                return recorded
            } catch {
                let failure = Failure(explaining: error)
                guard failure.isWorthWaiting, .now < end else { throw failure }
                if !hasSpoken { desk.mention(UserText(zh: "还在办理，请稍候…", en: "still under way …")) }
                hasSpoken = true
            }
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    /// One batch.
    func batch(_ typed: String) async throws -> Care_V1_PaymentBatchPage {
        let query = Care_V1_PaymentBatchQuery.with { $0.batch = typed }
        guard case .paymentBatch(let page) = try await ask(.paymentBatch(query)) else { throw Failure.badAnswer }
        return page
    }
}

extension Care_V1_PaymentBatchPage {
    var id: BatchID { BatchID(bytes: summary.batch) ?? BatchID(Identifier128(high: 0, low: 0)) }
}
