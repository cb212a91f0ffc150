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
        }
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
        default: nil
        }
    }
}
