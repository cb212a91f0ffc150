import CareDomain

extension ApplicationEvent {
    /// The event's own fields with stable keys, without sealed parts and without sequences.
    func canonicalMembers(_ reference: CanonicalExport.Reference) -> [(String, JSONText)] {
        let name = application.map { [("application", JSONText.string(reference.digest($0)))] } ?? []
        // Papers without a file leave no trace here: what was recorded before files were is exported as ever.
        let files = handedIn.files.map { JSONText.string("\($0.paper) \($0.file.reference)") }
        return name + ownMembers(reference) + (files.isEmpty ? [] : [("files", .array(files))])
    }

    private func ownMembers(_ reference: CanonicalExport.Reference) -> [(String, JSONText)] {
        func code(_ name: String, _ code: Code?) -> (String, JSONText) { (name, .optional(code?.rawValue)) }
        func codes(_ list: [Code]) -> JSONText { .array(list.map { .string($0.rawValue) }) }
        switch self {
        case .submitted(let event):
            return [
                ("clause", .string(event.clause.rawValue)), ("subject", event.subject.canonical(reference)),
                ("papers", codes(event.papers)), code("workflow", event.workflow), code("step", event.step),
                ("previous", event.previous.map { .string(reference.digest($0)) } ?? .null),
            ]
        case .forwarded(let event):
            return [
                code("step", event.step), ("papers", codes(event.papers)), code("to", event.to),
                ("function", .optional(event.function?.rawValue)),
            ]
        case .returned(let event):
            return [code("step", event.step), code("to", event.to), code("reason", event.reason)]
        case .rejected(let event): return [code("step", event.step), code("reason", event.reason)]
        case .withdrawn(let event): return [code("reason", event.reason)]
        case .noticeOpened(let event):
            return [code("step", event.step), ("days", event.days.map { .int(Int64($0)) } ?? .null)]
        case .objectionRaised(let event): return [code("reason", event.reason)]
        case .objectionDecided(let event):
            return [
                ("objection", .string(reference.digest(event.objection))), ("upheld", .bool(event.isUpheld)),
                code("finding", event.finding),
            ]
        case .confirmed(let event): return [code("step", event.step), code("to", event.to)]
        case .reverified(let event):
            var reason: Code?
            if case .exits(let why) = event.outcome { reason = why }
            return [("year", .int(Int64(event.year))), code("exit_reason", reason)]
        }
    }
}
