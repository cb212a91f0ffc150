import CareDomain

extension LendingEvent {
    /// `LoanDisbursed`.
    package var name: String {
        switch self {
        case .fund(let event): event.name
        case .loan(let event): event.name
        case .report: "LoanReportSent"
        }
    }

    func describe(in fields: inout ViewFields) {
        switch self {
        case .fund(let event): event.describe(in: &fields)
        case .loan(let event): event.describe(in: &fields)
        case .report(let sent):
            fields.add("kind", sent.scope.kind.rawValue)
            fields.add("division", sent.scope.division)
            fields.add("first_day", sent.scope.firstDay)
            fields.add("last_day", sent.scope.lastDay)
            fields.add("version", sent.version)
            fields.add("known_at", .int(sent.knownAt.microseconds))
            fields.add(
                "figures",
                objects: sent.figures.map {
                    .object([ViewField("name", .text($0.name.rawValue)), ViewField("value", .int($0.value))])
                })
            fields.add("problems", each: sent.problems)
            fields.add("reason", sent.reason)
        }
        fields.add("postings", objects: postings.map(\.lendingView))
    }
}

extension FundEvent {
    fileprivate var name: String {
        switch self {
        case .opened: "FundOpened"
        case .deposited: "FundDeposited"
        case .reserved: "FundReserved"
        case .released: "FundReleased"
        case .posted(let event): event.movement.reverses == nil ? "FundPosted" : "FundPostingReversed"
        case .handedOver: "FundHandedOver"
        case .takenOver: "FundTakenOver"
        case .historyStated: "FundHistoryStated"
        case .referenceTaken: "FundReferenceTaken"
        case .referenceFreed: "FundReferenceFreed"
        case .reversed: "FundEntryReversed"
        }
    }

    fileprivate func describe(in fields: inout ViewFields) {
        switch self {
        case .opened(let scope):
            fields.add("division", scope.division)
            fields.add("mode", scope.mode.rawValue)
            fields.add("number", scope.number)
        case .deposited(let event):
            fields.add("payer", event.payer)
            fields.add("amount_fen", .int(event.amount.amount))
            fields.add("receipt", event.receipt)
        case .reserved(let claim), .released(let claim):
            fields.add("loan", claim.loan)
            fields.add("amount_fen", .int(claim.amount.amount))
        case .posted(let event):
            fields.add("loan", event.loan)
            fields.add("loan_sequence", event.movement.cause.view)
            if let entry = event.movement.reverses { fields.add("reversed_sequence", entry.view) }
            fields.add("receipt", event.movement.receipt)
            fields.add("kind", event.movement.kind.rawValue)
            fields.add("amount_fen", .int(event.movement.amount.amount))
        case .handedOver(let event):
            fields.add("to", event.to)
            fields.add("amount_fen", .int(event.amount.amount))
        case .takenOver(let event):
            fields.add("from", event.from)
            fields.add("from_sequence", event.cause.view)
            fields.add("amount_fen", .int(event.amount.amount))
        case .reversed(let event):
            fields.add("entry_sequence", event.entry.view)
            fields.add("kind", event.kind.rawValue)
            fields.add("amount_fen", .int(event.amount.amount))
            fields.add("reason", event.reason)
        case .referenceTaken(let reference), .referenceFreed(let reference):
            fields.add("loan", reference.loan)
            fields.add("kind", reference.kind.rawValue)
            fields.add("reference", reference.reference)
        case .historyStated(let history):
            fields.add("through_day", history.through)
            fields.add("helped_count", history.helped)
            fields.add("out_count", history.out)
            fields.add("completed_count", history.completed)
            fields.add("disbursed_fen", .int(history.disbursed.amount))
            fields.add("capital_fen", .int(history.capital.amount))
            fields.add("due_fen", .int(history.due.amount))
            fields.add("repaid_fen", .int(history.repaid.amount))
        }
    }
}

extension LoanEvent {
    fileprivate var name: String {
        switch self {
        case .applied: "LoanApplied"
        case .reviewed: "LoanReviewed"
        case .guaranteed: "LoanGuaranteed"
        case .signed: "LoanSigned"
        case .informed: "LoanInformed"
        case .helperNamed: "LoanHelperNamed"
        case .disbursed: "LoanDisbursed"
        case .repaid: "LoanRepaid"
        case .writeOffProposed: "LoanWriteOffProposed"
        case .writtenOff: "LoanWrittenOff"
        case .staged: "LoanStaged"
        case .exitAssessed: "LoanExitAssessed"
        case .withdrawn: "LoanWithdrawn"
        case .reversed: "LoanReversed"
        case .noticeRaised: "LoanNoticeRaised"
        case .noticeDelivered: "LoanNoticeDelivered"
        }
    }

    fileprivate func describe(in fields: inout ViewFields) {
        switch self {
        case .applied(let event): event.describe(in: &fields)
        case .reviewed(let event):
            fields.add("level", event.level.rawValue)
            fields.add("passed", event.isPassed)
            fields.add("reason", event.reason)
        case .guaranteed(let committee, let paper):
            fields.add("committee", committee)
            fields.add("paper", paper)
        case .signed(let party, let schedule):
            fields.add("party", party.rawValue)
            fields.add("instalments", objects: schedule.map(\.view))
        case .informed: break
        case .noticeRaised(let notice): notice.describe(in: &fields)
        case .noticeDelivered(let delivered): delivered.describe(in: &fields)
        case .helperNamed(let code): fields.add("helper", code)
        case .disbursed(let amount), .writtenOff(let amount): fields.add("amount_fen", .int(amount.amount))
        case .repaid(let amount, let receipt):
            fields.add("amount_fen", .int(amount.amount))
            fields.add("receipt", receipt)
        case .writeOffProposed(let reason), .withdrawn(let reason): fields.add("reason", reason)
        case .reversed(let event):
            fields.add("entry_sequence", event.entry.view)
            fields.add("kind", event.kind.rawValue)
            fields.add("amount_fen", .int(event.amount.amount))
            fields.add("reason", event.reason)
        case .staged(let stage): fields.add("stage", stage.rawValue)
        case .exitAssessed(let isOut, let basis):
            fields.add("is_out", isOut)
            fields.add("basis", basis)
        }
    }
}

extension LoanApplied {
    fileprivate func describe(in fields: inout ViewFields) {
        fields.add("fund", fund)
        fields.add("household", household)
        fields.add("mother", mother)
        fields.add("number", number)
        fields.add("amount_fen", .int(amount.amount))
        fields.add("purpose", purpose)
        if let subsidy {
            var terms = ViewFields()
            terms.add("lender_ref", subsidy.lender)
            terms.add("principal_fen", .int(subsidy.principal.amount))
            terms.add("rate_thousandths", subsidy.rateThousandths)
            terms.add("years", subsidy.years)
            terms.add("days", subsidy.days)
            terms.add("share_thousandths", subsidy.shareThousandths)
            fields.add("subsidy", .object(terms.fields))
        }
        fields.add("division", division)
        fields.add("mode", mode?.rawValue)
    }
}

extension LoanInstalment {
    fileprivate var view: ViewValue {
        .object([ViewField("due_day", .text(dueOn.description)), ViewField("amount_fen", .int(amount.amount))])
    }
}

extension Posting {
    fileprivate var lendingView: ViewValue {
        .object([ViewField("account", .text(account.rawValue)), ViewField("amount_fen", .int(amount.amount))])
    }
}

extension EventKind {
    /// What an event of a fund, a case or a report is called in Chinese; nil for others.
    var lendingTitle: String? {
        switch self {
        case .fundOpened: "设立资金"
        case .fundDeposited: "注入资金"
        case .fundReserved: "占用资金"
        case .fundReleased: "释放资金"
        case .fundPosted: "资金入账"
        case .fundHandedOver: "上缴盘活"
        case .fundTakenOver: "接收盘活"
        case .fundHistoryStated: "历史数据"
        case .fundReferenceTaken: "凭证占用"
        case .fundReferenceFreed: "凭证释放"
        case .fundPostingReversed: "冲销入账"
        case .fundEntryReversed: "冲销资金账目"
        case .loanApplied: "申请帮扶"
        case .loanReviewed: "审核"
        case .loanGuaranteed: "村（居）委会担保"
        case .loanSigned: "签订协议"
        case .loanInformed: "讲清资金回笼"
        case .loanHelperNamed: "明确帮扶责任人"
        case .loanDisbursed: "放款"
        case .loanRepaid: "还款"
        case .loanWriteOffProposed: "提请核销"
        case .loanWrittenOff: "核销"
        case .loanStaged: "帮扶阶段"
        case .loanExitAssessed: "脱贫认定"
        case .loanWithdrawn: "撤回申请"
        case .loanReversed: "冲销借款账目"
        case .loanReportSent: "报表上报"
        case .loanNoticeRaised: "还款提醒"
        case .loanNoticeDelivered: "还款提醒送达情况"
        default: nil
        }
    }
}
