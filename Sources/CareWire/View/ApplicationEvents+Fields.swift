import CareDomain

extension ApplicationEvent {
    /// Writes the open fields, in the order of the contract and under its names.
    func describe(in fields: inout ViewFields) {
        if let application { fields.add("application_sequence", application.view) }
        switch self {
        case .submitted(let event):
            fields.add("clause", event.clause)
            fields.add("subject", event.subject.view)
            fields.add("papers", each: event.papers)
            fields.add("files", each: event.files.map { "\($0.paper) \($0.file.reference)" })
            fields.add("workflow", event.workflow)
            fields.add("step", event.step)
            fields.add("previous_sequence", event.previous?.view)
        case .forwarded(let event):
            fields.add("step", event.step)
            fields.add("papers", each: event.papers)
            fields.add("files", each: event.files.map { "\($0.paper) \($0.file.reference)" })
            fields.add("to", event.to)
            fields.add("function", event.function?.rawValue)
        case .returned(let event):
            fields.add("step", event.step)
            fields.add("to", event.to)
            fields.add("reason", event.reason)
        case .rejected(let event):
            fields.add("step", event.step)
            fields.add("reason", event.reason)
        case .withdrawn(let event): fields.add("reason", event.reason)
        case .noticeOpened(let event):
            fields.add("step", event.step)
            fields.add("days", event.days)
        case .objectionRaised(let event): fields.add("reason", event.reason)
        case .objectionDecided(let event):
            fields.add("objection_sequence", event.objection.view)
            fields.add("upheld", event.isUpheld)
            fields.add("finding", event.finding)
        case .confirmed(let event):
            fields.add("step", event.step)
            fields.add("to", event.to)
        case .reverified(let event):
            fields.add("year", event.year)
            if case .exits(let reason) = event.outcome { fields.add("exit_reason", reason) }
        }
    }
}
