import CareDomain

extension DutyEvent {
    /// Writes the fields under the names of the contract.
    func describe(in fields: inout ViewFields) {
        switch self {
        case .reported(let event):
            event.key.describe(in: &fields)
            event.evidence.describe(in: &fields)
            fields.add("department", event.department)
        case .corrected(let event):
            fields.add("report_sequence", event.report.view)
            event.evidence.describe(in: &fields)
            fields.add("reason", event.reason)
        case .withdrawn(let event):
            fields.add("report_sequence", event.report.view)
            fields.add("reason", event.reason)
        case .listSent(let event):
            fields.add("kind", event.kind)
            fields.add("period", event.period)
            fields.add("digest", event.digest)
            fields.add("rows", event.rows)
            fields.add("from", event.from)
            fields.add("to", event.to)
            fields.add("due_day", event.dueOn)
            event.replacement?.describe(in: &fields)
        case .listReceived(let event):
            fields.add("list_sequence", event.list.view)
            fields.add("digest", event.digest)
        case .asked(let event):
            fields.add("project", event.project)
            fields.add("kind", event.kind)
            fields.add("clause", event.clause)
            fields.add("from", event.from)
            fields.add("to", event.to)
            fields.add("due_day", event.dueOn)
        case .answered(let event):
            fields.add("question_sequence", event.question.view)
            fields.add("outcome", event.outcome.rawValue)
            fields.add("paper", event.paper)
        case .arranged(let event): fields.add("question_sequence", event.question.view)
        case .surveyStated(let event):
            event.key.describe(in: &fields)
            fields.add("measure", event.measure)
            fields.add("asked", event.asked)
            fields.add("answered", event.answered)
            fields.add("positive", event.positive)
            event.replacement?.describe(in: &fields)
        case .sampleDrawn(let event):
            fields.add("purpose", event.purpose)
            fields.add("period", event.period)
            fields.add("size", event.size)
            fields.add("seed", String(event.seed))
            event.replacement?.describe(in: &fields)
        case .figureStated(let event):
            fields.add("pack", event.pack)
            fields.add("fact", event.fact)
            fields.add("value", event.value.view)
            fields.add("period", event.period)
            fields.add("source", event.source)
            fields.add("digest", event.attachment)
            event.replacement?.describe(in: &fields)
        case .reportSent(let event): event.describe(in: &fields)
        case .noticeRaised(let notice): notice.describe(in: &fields)
        case .noticeDelivered(let delivered): delivered.describe(in: &fields)
        }
    }
}

extension ReportSent {
    /// The content itself is shown by whoever reads the report.
    fileprivate func describe(in fields: inout ViewFields) {
        fields.add("kind", scope.kind)
        fields.add("division", scope.division)
        fields.add("pack", scope.pack)
        fields.add("clause", scope.clause)
        fields.add("first_day", scope.firstDay)
        fields.add("last_day", scope.lastDay)
        fields.add("version", version)
        fields.add("known_at", .int(knownAt.microseconds))
        fields.add("digest", digest)
        fields.add("content_bytes", content.count)
        fields.add(
            "figures",
            objects: figures.map { figure in
                .object([ViewField("name", .text(figure.name.rawValue)), ViewField("value", .int(figure.value))])
            })
        fields.add("reason", reason)
    }
}

extension OfficeNotice {
    /// Writes the fields under the names of the contract.
    func describe(in fields: inout ViewFields) {
        fields.add("kind", kind)
        fields.add("key", key)
        fields.add("department", department)
        fields.add("due_on", dueOn)
        fields.add("clause", clause)
        fields.add("pack", pack)
        fields.add("period", period)
        if let amount { fields.add("amount_fen", .int(amount.amount)) }
        fields.add("helper", person)
    }
}

extension NoticeDelivered {
    /// Writes the fields under the names of the contract.
    func describe(in fields: inout ViewFields) {
        fields.add("notice_sequence", notice.view)
        fields.add("channel", channel)
        fields.add("outcome", "\(outcome)")
        fields.add("attempts", attempts)
        fields.add("reason", reason)
    }
}

extension DutyKey {
    fileprivate func describe(in fields: inout ViewFields) {
        fields.add("pack", pack)
        fields.add("clause", clause)
        fields.add("period", period)
    }
}

extension DutyEvidence {
    fileprivate func describe(in fields: inout ViewFields) {
        fields.add("attachments", each: attachments)
        fields.add("count", count)
        fields.add("paper", paper)
    }
}

extension DutyReplacement {
    fileprivate func describe(in fields: inout ViewFields) {
        fields.add("replaces", replaced.view)
        fields.add("reason", reason)
    }
}

extension EventKind {
    /// What an event of a duty book is called in Chinese; nil for others.
    var dutyTitle: String? {
        switch self {
        case .dutyReported: "履责完成"
        case .dutyCorrected: "履责更正"
        case .dutyWithdrawn: "撤回履责报告"
        case .listSent: "名单移送"
        case .listReceived: "名单签收"
        case .consultationAsked: "事先征询"
        case .consultationAnswered: "征询答复"
        case .projectArranged: "项目安排"
        case .surveyStated: "调查结果"
        case .sampleDrawn: "随机抽样"
        case .figureStated: "指标数据"
        case .reportSent: "报表上报"
        case .dutyNoticeRaised: "提醒办理部门"
        case .dutyNoticeDelivered: "部门提醒送达情况"
        default: nil
        }
    }
}
