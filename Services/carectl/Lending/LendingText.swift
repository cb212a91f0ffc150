import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import NotifierCore
import OfficeFiles
import ServiceKit

extension Fen {
    /// A percentage as typed, 4.35, in thousandths of a percent.
    static func thousandths(_ text: String, option: String) throws -> Int {
        guard let thousandths = scaled(text, digits: 3) else {
            throw Failure(
                6481, UserText(zh: "\(option) 应是百分数，如 4.35", en: "\(option) must be a percentage such as 4.35"),
                exit: .usage)
        }
        return Int(thousandths)
    }

    private static func scaled(_ text: String, digits: Int) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, !whole.isEmpty, whole.utf8.count <= 12,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.utf8.count <= digits, parts.count == 1 || !fraction.isEmpty else { return nil }
        return Int64(whole + fraction + String(repeating: "0", count: digits - fraction.utf8.count))
    }
}

extension LoanInstalment {
    /// An instalment as typed, 2018-03-31=5000.
    static func typed(_ text: String) throws -> LoanInstalment {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let day = CivilDay(parsing: parts[0]) else {
            throw Failure(
                6482,
                UserText(
                    zh: "--instalment 应写成 到期日=金额，如 2018-03-31=5000",
                    en: "--instalment must be DAY=YUAN such as 2018-03-31=5000"), exit: .usage)
        }
        return LoanInstalment(dueOn: day, amount: try Fen.typed(String(parts[1]), option: "--instalment"))
    }
}

extension LendingMode: ExpressibleByArgument {}
extension LoanLevel: ExpressibleByArgument {}
extension LoanParty: ExpressibleByArgument {}
extension LoanStage: ExpressibleByArgument {}

/// What funds, cases and figures are called.
enum LendingWords {
    static func mode(_ code: String) -> String { LendingMode(rawValue: code)?.chinese ?? code }

    static func state(_ code: String) -> String { LoanCase.State(rawValue: code)?.chinese ?? code }

    static func stage(_ code: String) -> String { LoanStage(rawValue: code)?.chinese ?? code }

    static func movement(_ code: String) -> String {
        if code.hasSuffix("_reversed") { return "冲销：\(movement(String(code.dropLast("_reversed".count))))" }
        return switch code {
        case "deposited": "注入"
        case "reserved": "占用"
        case "released": "释放"
        case "disbursed": "放款"
        case "repaid": "还款"
        case "written_off": "核销"
        case "recovered": "核销后收回"
        case "handed_over": "上缴盘活"
        case "taken_over": "接收盘活"
        default: code
        }
    }

    static func account(_ code: String) -> String {
        switch code {
        case "bank": "可用余额"
        case "transit": "占用中"
        case "lent": "在借本金"
        case "written_off": "已核销"
        case "recovered": "核销后收回"
        case "handover": "资金划转"
        case let code where code.hasPrefix("capital."):
            "注入资金：\(PaymentWords.payer(String(code.dropFirst("capital.".count))))"
        case let code where code.hasPrefix("expense."): "支出：\(mode(String(code.dropFirst("expense.".count))))"
        default: code
        }
    }

    static func missing(_ code: String) -> String { LoanStep.chinese(code) }

    /// What an act of a case says beside its title: who reviewed or signed, which stage, how it was assessed. Receipts, papers
    /// and reasons stay as people wrote them.
    static func detail(_ act: Care_V1_LoanPage.Act) -> String {
        switch EventKind(rawValue: Int(act.kind)) {
        case .loanReviewed:
            let parts = act.detail.split(separator: ":", maxSplits: 1).map(String.init)
            guard let level = parts.first else { return act.detail }
            return ([LoanLevel(rawValue: level)?.chinese ?? level] + parts.dropFirst()).joined(separator: "：")
        case .loanSigned:
            let parts = act.detail.split(separator: ":", maxSplits: 1).map(String.init)
            guard let party = parts.first.flatMap(LoanParty.init) else { return act.detail }
            return party.chinese + (parts.dropFirst().first == "replaced" ? "（已另签还款计划）" : "")
        case .loanRepaid where act.detail.hasPrefix(recovery):
            return "核销后收回：\(act.detail.dropFirst(recovery.count))"
        case .loanStaged: return stage(act.detail)
        case .loanExitAssessed:
            if act.detail.hasPrefix("out:") { return "脱贫：\(act.detail.dropFirst("out:".count))" }
            if act.detail.hasPrefix("back:") { return "返贫：\(act.detail.dropFirst("back:".count))" }
            return act.detail
        case .loanNoticeRaised: return OfficeNotice.Kind(rawValue: act.detail)?.wording.chinese ?? act.detail
        default: return act.detail
        }
    }

    /// Before the receipt of what came in after a write-off.
    private static let recovery = "recovered:"

    /// What came in after the write-off and stands.
    static func recovered(_ acts: [Care_V1_LoanPage.Act]) -> Fen {
        let standing = acts.filter {
            EventKind(rawValue: Int($0.kind)) == .loanRepaid && $0.detail.hasPrefix(recovery) && $0.reversedBy == 0
        }
        return Fen(standing.reduce(0) { $0 + $1.amountFen })
    }

    /// What an act reverses, or what reversed it.
    static func reversal(_ act: Care_V1_LoanPage.Act) -> String {
        if act.reverses > 0 { return "（冲销 #\(act.reverses)）" }
        if act.reversedBy > 0 { return "（已冲销：#\(act.reversedBy) \(DayText.of(act.reversedOn))）" }
        return ""
    }

    /// What a movement of a fund reverses and why, or what reversed it.
    static func reversal(_ movement: Care_V1_FundPage.Movement) -> String {
        if movement.reverses > 0 {
            return " #\(movement.reverses)" + (movement.reason.isEmpty ? "" : "（\(movement.reason)）")
        }
        return movement.reversedBy > 0 ? "（已冲销：#\(movement.reversedBy)）" : ""
    }

    static func figure(_ name: String) -> String {
        switch name {
        case "newly_helped": "新增受助户"
        case "disbursed_revolving_loan_fen": "本期放款（滚动借款）"
        case "disbursed_grant_fen": "本期发放（一次性帮扶）"
        case "disbursed_interest_subsidy_fen": "本期贴息"
        case "due_fen": "本期到期本金"
        case "repaid_fen": "本期收回本金"
        case "overdue_fen": "期末逾期本金"
        case "overdue_loans": "期末逾期笔数"
        case "written_off_fen": "本期核销"
        case "recovered_fen": "本期核销后收回"
        case "exits": "本期认定脱贫户"
        case "helped_total": "累计受助户"
        case "out_total": "累计脱贫户（现状）"
        case "completed_total": "帮扶结束户"
        case "gross_disbursed_fen": "累计投入（实付）"
        case "fresh_capital_fen": "累计投入（新增本金）"
        case "mean_disbursed_fen": "户均投入"
        case "outstanding_fen": "期末在借本金"
        case "due_total_fen": "累计到期本金"
        case "repaid_of_due_fen": "到期本金中已还"
        case "repayment_rate_bp": "还款率"
        case "exit_rate_bp": "脱贫率（全部受助户）"
        case "exit_rate_completed_bp": "脱贫率（帮扶结束户）"
        default: name
        }
    }

    /// A figure as people read it: yuan, percent or a count.
    static func value(_ figure: Care_V1_LoanFigure) -> String {
        if figure.name.hasSuffix("_fen") { return "\(Fen(figure.value)) 元" }
        if figure.name.hasSuffix("_bp") { return "\(Fen(figure.value)) %" }
        return "\(figure.value)"
    }
}

/// The day of an act.
struct ActDay: ParsableArguments {
    @Option(help: "The day it was done; otherwise today.")
    var on: String?

    func day(_ desk: Desk) throws -> CivilDay { try desk.day(on, option: "--on") }
}

extension Line {
    /// Sends a command about a fund, a case or a report, and again until it is answered: the same command is done once. What
    /// there is to remark is said first.
    @discardableResult
    func lend(_ command: LendingCommand, _ desk: Desk, printsID: Bool = true) async throws -> Recorded {
        let body = try LendingCodec.encode(command)
        let end = ContinuousClock.now + .seconds(120)
        while true {
            do {
                let recorded = try await send(body, id: command.id, method: .submitLoan)
                recorded.tellRemarks(desk)
                desk.say(
                    recorded.isRepeated
                        ? UserText(zh: "此前已登记", en: "recorded before")
                        : UserText(zh: "已登记，已落盘", en: "recorded and on disk"))
                if printsID { desk.print(command.stream.value.description) }
                return recorded
            } catch {
                let failure = Failure(explaining: error)
                guard failure.isWorthWaiting, .now < end else { throw failure }
            }
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    /// One fund.
    func fund(_ typed: String) async throws -> Care_V1_FundPage {
        guard case .fund(let page) = try await ask(.fund(.with { $0.fund = typed })) else { throw Failure.badAnswer }
        return page
    }

    /// One case.
    func loan(_ typed: String, on day: CivilDay) async throws -> Care_V1_LoanPage {
        let query = Care_V1_LoanQuery.with {
            $0.loan = typed
            $0.asOf = day.dayNumber
        }
        guard case .loan(let page) = try await ask(.loan(query)) else { throw Failure.badAnswer }
        return page
    }

    /// Cases.
    func loans(_ query: Care_V1_ListLoansQuery) async throws -> [Care_V1_LoanEntry] {
        guard case .loans(let list) = try await ask(.listLoans(query)) else { throw Failure.badAnswer }
        return list.loans
    }
}

extension CommandID {
    /// The id of an act that is done once however often it is typed: it follows from what it says.
    static func said(_ subject: Identifier128, _ words: [String]) -> CommandID {
        .derived(CommandID(subject), words.joined(separator: "|"))
    }
}
