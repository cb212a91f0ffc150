extension Proposal {
    /// The family takes it back while it is under way. A confirmed one that missed its window, and on which nothing was granted, is
    /// ended by those who confirmed it: it would bar the application of the next year for ever.
    func decided(_ event: ApplicationWithdrawn) throws(Refusal) -> ApplicationWithdrawn {
        let (found, workflow) = try open(event.application)
        if found.state == .confirmed {
            guard found.missedWindow(workflow, on: command.occurredOn) != nil else {
                throw Refusal(
                    .applicationState, field: "application", detail: found.state.chinese, english: found.state.english,
                    clause: found.clause)
            }
            if let award = grant(on: found) {
                throw Refusal(
                    .applicationGranted, field: "application", detail: "#\(award.reference.sequence)",
                    clause: found.clause)
            }
            try checkLevel(
                workflow.steps.first { $0.kind == .confirm }?.level ?? .county, roles: [], found.clause)
            try checkFunction(.review, found.clause, found.subject)
            return event
        }
        try checkUnconfirmed(found)
        if let declaration = workflow.steps.first { try checkLevel(declaration, found.clause) }
        return event
    }

    /// A grant that rests on the application and stands.
    private func grant(on found: ApplicationCase) -> DecidedAward? {
        household.awards.last { $0.stands && $0.decided.place?.application == found.reference }
    }

    /// Why there cannot be a second application beside one, and what ends that one.
    func applicationOpen(_ earlier: ApplicationCase, _ workflow: ApplicationWorkflow) -> Refusal {
        let number = "#\(earlier.reference.sequence)"
        let title = workflow.steps.first { $0.code == earlier.step }?.title
        func refusal(_ chinese: String, _ english: String) -> Refusal {
            Refusal(
                .applicationOpen, field: "subject", detail: number, words: "\(number) \(chinese)",
                english: "\(number) \(english)", clause: earlier.clause)
        }
        guard earlier.state == .confirmed else {
            return refusal(
                "\(earlier.state.chinese)\(title.map { "，在“\($0)”这一步" } ?? "")；要重报的，先撤回（carectl apply withdraw）",
                "\(earlier.state.english); to apply anew, take it back first (carectl apply withdraw)")
        }
        if let missed = earlier.missedWindow(workflow, on: command.occurredOn), grant(on: earlier) == nil {
            return refusal(
                "已确认，“\(missed.step.title)”的开放时间 \(missed.lastDay) 已过而没有办，也没有资助；先由确认的一级结束它"
                    + "（carectl apply withdraw），再报",
                "confirmed; the step \(missed.step.code) was open until \(missed.lastDay) and was not done, nor was anything "
                    + "granted: whoever confirms ends it first (carectl apply withdraw)")
        }
        if workflow.reverification != nil {
            return refusal(
                "已确认，逐年审核，不必再报；不再享受的，走年审退出（carectl apply reverify --exit）",
                "confirmed, and looked at every year: nothing to apply for; who leaves, exits (carectl apply reverify --exit)"
            )
        }
        return refusal(
            "已确认，还没有办完\(title.map { "“\($0)”" } ?? "")，先往下办完（carectl apply forward）",
            "confirmed, and not through its steps: go on with it first (carectl apply forward)")
    }
}
