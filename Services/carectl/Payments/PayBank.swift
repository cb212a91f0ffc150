import ArgumentParser
import CareDomain
import CareWire
import CaseImport
import Foundation
import OfficeFiles
import ServiceKit

/// `carectl pay export`
struct PayExport: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Make a file for the bank of all lines that wait, and print it as CSV; of a recovery, a list.",
        discussion: """
            Lines that were never sent, that the bank did not pay or that came back wait. A line without a payment reference
            (fact person.account_ref) waits until there is one; a parent's is never paid to the other parent, unless the same
            reference is stated for both. What is paid in place of the person (代缴、代办: an insurance that is bought, a fee that is waived;
            rules facts lists these clauses) goes to the account of the institution and never to one of the family: until the office
            names it (rules set-parameter, or the fact person.institution_account_ref) these lines wait and are named, and nothing
            else. Each month's money goes to the account that stood at the end of that month, whichever stands today.

            A line that is more than is due by what became known after the closing, a death say, waits and is named, until it is
            reversed (pay reverse) or the over-payment is let go (pay decide). A line with months that a decision holds (暂缓) waits
            whole and is named with the day; exporting the batch again afterwards sends it. A line of somebody of whom an accident
            alone says that they died (household deaths) is sent and named, to those who may see the accident.

            Repeated while no new line waits, it prints the same file again, as long as the bank has not answered all of it: also when
            the command was cut off before it wrote the file. With --file any earlier file is printed again (pay show lists them);
            nothing is sent anew.

            A batch of kind recovery has no file for a bank: it gives a list of what is to be taken back (应退清单), which names no
            account of a family. The office collects, and records what came in with pay collect. What went to an institution is taken
            back from it: the list names it and the account that got the money. Of somebody who has died the list says so, and
            whom to ask the office finds out with the family. Remarks on the list are as known today. What nobody has received,
            because the bank has not answered or the money failed, came back or was reversed, stands on no list: it is named,
            until it was paid or is reversed, too.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Batch id, or a beginning of it that is unique.")
    var batch: String

    @Option(help: "Print this file of the batch again.")
    var file: Int?

    @Option(help: "Write here instead of standard output.")
    var out: String?

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        var page = try await archive.batch(batch)
        var number = file ?? 0
        var isAgain = false
        if file == nil {
            let next = page.files.count + 1
            let command = try PaymentCommand.said(.issue, about: page.id, on: desk.today, number: next)
            try await desk.line(to: .intake).pay(command, patiently: desk)
            page = try await archive.batch(batch)
            // Nothing new waited: what the last run made is what was asked for.
            isAgain = page.files.count < next
            number = isAgain ? Int(page.files.last?.firstOfRun ?? 0) : next
        }
        guard let found = page.files.first(where: { $0.number == UInt32(clamping: number) }) else {
            throw Failure(
                6205, UserText(zh: "批次没有第 \(number) 个文件", en: "the batch has no file \(number)"),
                advice: UserText(zh: "各文件见 carectl pay show", en: "carectl pay show lists its files"),
                exit: .problemsFound)
        }
        let bytes: [UInt8]
        var toInstitutions = 0
        if page.summary.takesBack {
            var lines = RecoveryLines(page, desk)
            let listed = try await lines.lines(of: found, archive)
            bytes = RecoveryList.bytes(listed)
            toInstitutions = listed.count { !$0.institutions.isEmpty }
        } else {
            bytes = BankFile.bytes(
                found.entries.map {
                    BankFile.Line(
                        reference: $0.reference, account: $0.accountRef, amount: Fen($0.amountFen), clause: $0.clause,
                        months: $0.months)
                })
        }
        if let out { try PrivateFile.replace(out, with: bytes, mode: 0o600) } else { StandardOutput.write(bytes) }
        tell(page, found, isAgain: isAgain, desk)
        if toInstitutions > 0 {
            desk.say(
                UserText(
                    zh: "其中 \(toInstitutions) 笔的钱付给了机构：向清单写明的机构收回，不向家庭",
                    en:
                        "institutions got the money of \(toInstitutions) lines: collect it from those that the list names, "
                        + "not from the families"))
        }
    }

    /// Says which file it is, whether it is one that was made before, and which others the bank has not answered.
    private func tell(
        _ page: Care_V1_PaymentBatchPage, _ found: Care_V1_PaymentBatchPage.File, isAgain: Bool, _ desk: Desk
    ) {
        let count = found.entries.count
        guard !page.summary.takesBack else { return tellOfList(found, isAgain: isAgain, desk) }
        desk.mention(
            UserText(
                zh: "第 \(found.number) 个文件：\(count) 笔 \(found.total) 元",
                en: "file \(found.number): \(count) lines, \(found.total) yuan"))
        if isAgain {
            let day = DayText.of(found.issuedOn)
            desk.say(
                UserText(
                    zh: "没有新的待送明细；这是 \(day) 已生成的第 \(found.number) 个文件，内容不变，已送过银行的请勿再送",
                    en: "nothing new waits; this is file \(found.number) of \(day), unchanged: do not hand it in twice")
            )
        }
        guard file == nil else { return }
        let later = page.files.count - Int(found.number)
        if later > 0 {
            desk.say(
                UserText(
                    zh: "另有 \(later) 个文件，用 --file \(found.number + 1) 起取得",
                    en: "\(later) more files: print them with --file \(found.number + 1) and so on"))
        }
        let earlier = page.files.filter { $0.number < found.number && $0.unansweredCount > 0 }.map { "\($0.number)" }
        if !earlier.isEmpty {
            desk.say(
                UserText(
                    zh: "尚未回盘的还有第 \(earlier.joined(separator: "、")) 个文件；没有送出的用 --file 再次取得",
                    en: "not answered by the bank: file \(earlier.joined(separator: ", ")); print it again with --file")
            )
        }
    }

    /// Says what becomes of a list of sums to be taken back.
    private func tellOfList(_ found: Care_V1_PaymentBatchPage.File, isAgain: Bool, _ desk: Desk) {
        desk.say(
            UserText(
                zh: "第 \(found.number) 份应退清单：\(found.entries.count) 笔，应退 \(-found.total) 元；不送银行，"
                    + "收到的用 carectl pay collect 登记",
                en: "list \(found.number) of what is to be taken back: \(found.entries.count) lines, "
                    + "\(-found.total) yuan; it goes to no bank: record what comes in with carectl pay collect"))
        guard isAgain else { return }
        let day = DayText.of(found.issuedOn)
        desk.say(
            UserText(
                zh: "没有新的应退明细；这是 \(day) 已列出的清单", en: "nothing new is to be taken back; this is the list of \(day)"))
    }
}

extension Care_V1_PaymentBatchPage.File {
    /// What its lines add up to.
    var total: Fen { entries.reduce(.zero) { $0 + Fen($1.amountFen) } }
}

/// `carectl pay answer`
struct PayAnswer: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Take in what the bank did with a file.",
        discussion: """
            A table with the columns 业务参考号, 金额 (yuan), 结果 (成功 or 失败) and 原因; the last row begins with 合计, with the sum under
            金额 and the number of lines under 结果. It is booked whole or not at all; what is wrong is said with its row. The same file
            again, also on a later day, changes nothing.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Batch id, or a beginning of it that is unique.")
    var batch: String

    @Argument(help: "The bank's file; - for standard input.")
    var path: String

    @Option(help: "Number of the file that it answers; otherwise the latest.")
    var file: Int?

    func perform(_ desk: Desk) async throws {
        let input = try ImportFile(path: path)
        let page = try await desk.line(to: .careArchive).batch(batch)
        guard !page.summary.takesBack else {
            throw Failure(
                7276,
                UserText(
                    zh: "这一批是追回，没有送过银行，没有回盘", en: "this batch takes sums back: no bank was sent any of it"),
                advice: UserText(
                    zh: "收到退款的，用 carectl pay collect 批次 笔号 登记",
                    en: "record what came in: carectl pay collect BATCH LINE"),
                exit: .problemsFound)
        }
        let answer: BankAnswer
        do {
            answer = try BankAnswerFile.read(input.bytes, file: file ?? max(1, page.files.count))
        } catch let problem as BankAnswerProblem {
            let place = problem.row.map { UserText(zh: "第 \($0) 行：", en: "row \($0): ") } ?? .plain("")
            throw Failure(6206, place + UserText(zh: problem.chinese, en: problem.english), exit: .badData)
        }
        let command = try PaymentCommand.said(.takeAnswer(answer), about: page.id, on: desk.today)
        try await desk.line(to: .intake).pay(command, patiently: desk)
        desk.show(try await desk.line(to: .careArchive).batch(batch).summaryTable)
    }
}

/// Which line, and why.
struct LineOptions: ParsableArguments {
    @Argument(help: "Batch id, or a beginning of it that is unique.")
    var batch: String

    @Argument(help: "Number of the line, as carectl pay show lists it.")
    var line: Int

    @Option(help: "Why, a code such as account_closed.")
    var reason: String

    func send(_ desk: Desk, _ action: (Int, Code) -> PaymentAction) async throws {
        guard let code = Code(reason) else {
            throw Failure(
                6144,
                UserText(zh: "--reason 应是代码，如 account_closed", en: "--reason must be a code such as account_closed"),
                exit: .usage)
        }
        let page = try await desk.line(to: .careArchive).batch(batch)
        let command = PaymentCommand(
            id: .random(), batch: page.id, occurredOn: desk.today, action: action(line, code))
        try await desk.line(to: .intake).pay(command, patiently: desk)
        desk.show(try await desk.line(to: .careArchive).batch(batch).summaryTable)
    }
}

/// `carectl pay return`
struct PayReturn: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "return",
        abstract: "Record that money that was paid came back; it is sent again with the next file.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: LineOptions

    func perform(_ desk: Desk) async throws {
        try await options.send(desk) { .recordReturn(line: $0, reason: $1) }
    }
}

/// `carectl pay reverse`
struct PayReverse: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "reverse",
        abstract: "Take a line that is not under way out of the batch; its months may be ordered anew.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: LineOptions

    func perform(_ desk: Desk) async throws {
        try await options.send(desk) { .reverse(line: $0, reason: $1) }
    }
}
