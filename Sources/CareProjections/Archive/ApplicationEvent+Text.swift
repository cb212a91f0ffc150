import CareDomain

extension ApplicationEvent {
    /// What the event is called: 申报, 公示 …
    package var chineseTitle: String {
        switch self {
        case .submitted: "申报"
        case .forwarded: "办理一步"
        case .returned: "退回补正"
        case .rejected: "不予通过"
        case .withdrawn: "撤回申报"
        case .noticeOpened: "公示"
        case .objectionRaised: "异议"
        case .objectionDecided: "异议核查结果"
        case .confirmed: "确认"
        case .reverified: "年审"
        }
    }

    /// What it says, in Chinese; codes that nobody has a word for stay codes.
    /// - Parameters:
    ///   - word: The word of a step, paper or reason.
    ///   - subject: Who a beneficiary is.
    package func text(word: (Code) -> String, subject: (FactSubject) -> String) -> String {
        let files = Set(handedIn.files.map(\.paper))
        func list(_ codes: [Code]) -> String? {
            let papers = codes.map { word($0) + (files.contains($0) ? "（附件）" : "") }
            return papers.isEmpty ? nil : "材料：" + papers.joined(separator: "、")
        }
        let parts: [String?]
        switch self {
        case .submitted(let event):
            parts = [
                event.clause.rawValue, subject(event.subject), list(event.papers), event.step.map { "至 " + word($0) },
                event.previous.map { "接第 \($0.sequence) 条重报" },
            ]
        case .forwarded(let event):
            parts = [word(event.step), event.to.map { "至 " + word($0) } ?? "办结", list(event.papers)]
        case .returned(let event): parts = [event.to.map { "退回到 " + word($0) }, word(event.reason)]
        case .rejected(let event): parts = [word(event.step), word(event.reason)]
        case .withdrawn(let event): parts = [word(event.reason)]
        case .noticeOpened(let event): parts = [event.days.map { "公示 \($0) 天" }]
        case .objectionRaised(let event): parts = [word(event.reason)]
        case .objectionDecided(let event):
            parts = ["第 \(event.objection.sequence) 条异议", event.isUpheld ? "成立" : "不成立", word(event.finding)]
        case .confirmed(let event): parts = [event.to.map { "至 " + word($0) }]
        case .reverified(let event):
            var reason: Code?
            if case .exits(let why) = event.outcome { reason = why }
            parts = ["\(event.year) 年", reason.map { "退出：" + word($0) } ?? "继续"]
        }
        let about = application.map { "第 \($0.sequence) 条申报" }
        return ([about] + parts).compactMap { $0 }.joined(separator: " ")
    }
}
