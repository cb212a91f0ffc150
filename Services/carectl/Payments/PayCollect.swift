import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import CaseImport
import MessageBus
import ServiceKit

extension Care_V1_PaymentBatchSummary {
    /// Whether the batch takes sums back: what it exports is a list for the office, and nothing for a bank.
    var takesBack: Bool { scope.kind == .recovery }
}

/// The lines of a list of sums to be taken back, each with whom it is about as the family's page has it today.
struct RecoveryLines {
    private let page: Care_V1_PaymentBatchPage
    private var families: [HouseholdID: CareArchive] = [:]
    private let desk: Desk

    init(_ page: Care_V1_PaymentBatchPage, _ desk: Desk) {
        self.page = page
        self.desk = desk
    }

    mutating func lines(of file: Care_V1_PaymentBatchPage.File, _ archive: Line) async throws -> [RecoveryList.Line] {
        var result: [RecoveryList.Line] = []
        for entry in file.entries {
            guard let wire = page.lines.first(where: { $0.number == entry.line }) else { throw Failure.badAnswer }
            let household = try HouseholdID(wireData: wire.household, "household")
            let ordered = try OrderedLine(wire: wire.line)
            let who = try await person(ordered.subject, household, archive)
            result.append(
                RecoveryList.Line(
                    reference: entry.reference, household: household.description, person: who.name,
                    amount: -Fen(entry.amountFen), clause: entry.clause, months: entry.months, note: who.note,
                    institutions: wire.holders.filter { !$0.titleZh.isEmpty }.map {
                        RecoveryList.Institution(
                            title: $0.titleZh, account: $0.accountRef, amount: Fen($0.amountFen))
                    }))
        }
        return result
    }

    private mutating func person(
        _ subject: FactSubject, _ household: HouseholdID, _ archive: Line
    ) async throws -> (name: String, note: String) {
        guard case .person(let person) = subject else { return ("户", "") }
        if families[household] == nil {
            do {
                families[household] = try await archive.page(of: household.description, on: desk.today)
            } catch let error as BusError {
                guard [.notFound, .unauthorised].contains(error.reply.status) else { throw error }
                // A family that has moved away is read where it went; its sums are collected here all the same.
                return ("人 \(person)", "本密钥看不到该户档案（如已迁出）")
            }
        }
        guard let member = families[household]?.members.first(where: { $0.person == person }) else {
            return ("人 \(person)", "")
        }
        let name = [member.role.chinese, member.name].compactMap { $0 }.joined(separator: " ")
        guard member.standing == .died else { return (name, "") }
        let day = member.standingSince.map { "（\($0)）" } ?? ""
        return (name, "本人已故\(day)：向谁收回由经办与家属、继承人核实")
    }
}

/// `carectl pay collect`
struct PayCollect: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Record that sums of a list of what is to be taken back (应退清单) came in, or could not be collected.",
        discussion: """
            Of a batch of kind recovery. No account is debited: the office collects, and records each line when the money has
            come in. What could not be collected (--failed) stands in the next list, unless it is reversed (pay reverse).
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Batch id, or a beginning of it that is unique.")
    var batch: String

    @Argument(help: "Numbers of the lines, as carectl pay show lists them.")
    var lines: [Int]

    @Option(help: "They could not be collected, and why: a code such as not_found.")
    var failed: String?

    @Option(help: "The day on which it came in; otherwise today.")
    var on: String?

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let failure = try failed.map { text in
            guard let code = Code(text) else {
                throw Failure(
                    6144, UserText(zh: "--failed 应是代码，如 not_found", en: "--failed must be a code such as not_found"),
                    exit: .usage)
            }
            return code
        }
        let page = try await desk.line(to: .careArchive).batch(batch)
        guard page.summary.takesBack else {
            throw Failure(
                7274,
                UserText(
                    zh: "这一批是发放，不是追回，没有应退清单",
                    en: "this batch pays: it takes nothing back and has no list to collect"),
                advice: UserText(zh: "银行回盘用 carectl pay answer", en: "the bank's answer: carectl pay answer"),
                exit: .problemsFound)
        }
        for answer in try Self.answers(of: page, lines, failure: failure) {
            let command = try PaymentCommand.said(.takeAnswer(answer), about: page.id, on: day)
            try await desk.line(to: .intake).pay(command, patiently: desk)
        }
        desk.show(try await desk.line(to: .careArchive).batch(batch).summaryTable)
    }

    /// What is said of the lines, list by list; each line as the latest list has it.
    /// - Throws: `Failure` where a line stands in no list.
    static func answers(
        of page: Care_V1_PaymentBatchPage, _ lines: [Int], failure: Code?
    ) throws -> [BankAnswer] {
        var byFile: [UInt32: [BankAnswer.Line]] = [:]
        for number in lines {
            let file = page.files.last { $0.entries.contains { Int($0.line) == number } }
            guard let file, let entry = file.entries.first(where: { Int($0.line) == number }) else {
                throw Failure(
                    7275,
                    UserText(zh: "第 \(number) 笔不在应退清单里", en: "line \(number) stands in no list yet"),
                    advice: UserText(
                        zh: "先用 carectl pay export 列出清单；各笔见 carectl pay show",
                        en: "make the list first: carectl pay export; carectl pay show lists the lines"),
                    exit: .problemsFound)
            }
            byFile[file.number, default: []].append(
                BankAnswer.Line(
                    row: number, reference: entry.reference, amount: Fen(entry.amountFen), failure: failure))
        }
        return byFile.sorted { $0.key < $1.key }.map { file, lines in
            BankAnswer(
                file: Int(file), lines: lines, declaredCount: lines.count,
                declaredTotal: lines.reduce(Fen.zero) { $0 + $1.amount })
        }
    }
}
