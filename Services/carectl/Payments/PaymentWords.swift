import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// What batches, lines and accounts are called.
enum PaymentWords {
    static func state(_ code: String) -> String {
        switch code {
        case "prepared": "已编制"
        case "closing": "截止中"
        case "frozen": "已锁定"
        case "settled": "已结清"
        case "open": "待送"
        case "in_transit": "在途"
        case "paid": "已发放"
        case "failed": "失败"
        case "returned": "退回"
        case "reversed": "已冲销"
        default: code
        }
    }

    /// How far a sum is that is taken back.
    static func recoveryState(_ code: String) -> String {
        switch code {
        case "open": "待列清单"
        case "in_transit": "待收回"
        case "paid": "已收回"
        case "failed": "未收回"
        case "returned": "收回后又退"
        default: state(code)
        }
    }

    static func account(_ code: String) -> String {
        switch code {
        case "payable": "应付受益人"
        case "transit": "在途"
        case "bank": "银行"
        case let code where code.hasPrefix("expense."): "补助支出：\(payer(String(code.dropFirst("expense.".count))))"
        default: code
        }
    }

    /// Who bears a sum, in the words of `household why`.
    static func payer(_ code: String) -> String { Code(code).map(KnownOffices.name(ofPayer:)) ?? code }

    /// What `pay reconcile` finds.
    static func finding(_ code: String) -> String {
        switch Reconciliation.Finding.Code(rawValue: code) {
        case .unbalanced: "借贷不平"
        case .balance: "余额与各笔不符"
        case .orderMissing: "户档案没有这一笔列发"
        case .orderDiffers: "列发与户档案不同"
        case .outcomeDiffers: "结果与户档案不同"
        case .orderedTwice: "同一月份列发两次"
        case .recoveryUnfounded: "追回的钱没有发到手（未收的冲销，已收的应还给家庭）"
        case .orderUnknown: "户档案列发了批次没有的"
        case nil: code
        }
    }
}

extension Care_V1_PaymentBatchSummary {
    var kindWord: String {
        switch scope.kind {
        case .arrears: "补发"
        case .recovery: "追回"
        default: "正常"
        }
    }

    var months: String {
        let (first, last) = (CivilMonth(wireIndex: scope.firstMonth), CivilMonth(wireIndex: scope.lastMonth))
        return first == last ? "\(first)" : "\(first)…\(last)"
    }

    var stateWord: String { PaymentWords.state(state) }

    /// What the state of a line is called.
    func lineStateWord(_ code: String) -> String {
        takesBack ? PaymentWords.recoveryState(code) : PaymentWords.state(code)
    }

    var json: JSON {
        .object([
            ("batch", .id(batch)), ("kind", .string("\(scope.kind)")), ("division", .string(scope.division)),
            ("months", .string(months)), ("clauses", .array(scope.clauses.map { .string($0) })),
            ("number", .int(Int64(scope.number))), ("state", .string(state)),
            ("closed_at", .moment(hasClosedAt ? Moment(microseconds: closedAt) : nil)),
            ("members", .int(Int64(memberCount))), ("members_done", .int(Int64(membersDone))),
            ("lines", .int(Int64(lineCount))), ("total_fen", .int(totalFen)),
            (
                "states",
                .array(
                    states.map {
                        .object([
                            ("state", .string($0.state)), ("lines", .int(Int64($0.lineCount))),
                            ("total_fen", .int($0.totalFen)),
                        ])
                    })
            ), ("balances", .balances(balances)), ("open_steps", .bool(hasOpenSteps_p)),
            (
                "acts",
                .array(acts.map { .object([("act", .string($0.act)), ("actor", .string($0.actor))]) })
            ),
        ])
    }
}

extension JSON {
    /// Balances by account.
    static func balances(_ postings: [Care_V1_Posting]) -> JSON {
        .object(postings.map { ($0.account, .int($0.amountFen)) })
    }
}

extension Care_V1_PaymentBatchPage {
    /// The batch in short.
    var summaryTable: TextTable {
        var table = TextTable([.init("批次"), .init(summary.batch.idText)])
        table.append(["类别、月份", "\(summary.kindWord) \(summary.months) \(summary.scope.division)"])
        table.append(["状态", summary.stateWord])
        table.append(["列户", "\(summary.memberCount)（已核 \(summary.membersDone)）"])
        table.append(["合计", "\(summary.lineCount) 笔 \(Fen(summary.totalFen)) 元"])
        for state in summary.states {
            table.append([summary.lineStateWord(state.state), "\(state.lineCount) 笔 \(Fen(state.totalFen)) 元"])
        }
        for posting in summary.balances {
            table.append([PaymentWords.account(posting.account), Fen(posting.amountFen).description])
        }
        return table
    }
}

extension Care_V1_PaymentBatchPage {
    /// The files for the bank.
    var fileTable: TextTable {
        var table = TextTable([
            .init("文件", .right), .init("生成日"), .init("笔数", .right), .init("金额", .right), .init("未回盘", .right),
        ])
        for file in files {
            table.append([
                "\(file.number)", DayText.of(file.issuedOn), "\(file.entries.count)", "\(file.total)",
                "\(file.unansweredCount)",
            ])
        }
        return table
    }
}

extension Care_V1_PaymentBatchPage.File {
    var json: JSON {
        .object([
            ("number", .int(Int64(number))), ("issued_on", .day(issuedOn)), ("lines", .int(Int64(entries.count))),
            ("sum_fen", .int(total.amount)), ("unanswered", .int(Int64(unansweredCount))),
        ])
    }
}
