import CareDomain

/// 办理程序 as a pack declares it: the workflow with its English words, and where a parameter says how long a notice lasts.
package struct PackWorkflow: Sendable {
    /// As far as the pack itself says it; steps whose notice a parameter measures have no period.
    package let workflow: ApplicationWorkflow
    package let title: Wording
    package let stepTitles: [Code: Wording]
    package let paperTitles: [Code: Wording]
    /// Steps of a notice whose days a parameter says.
    package let noticeParameters: [Code: ParameterID]
    /// Steps whose time a parameter limits, in days.
    package let limitParameters: [Code: ParameterID]

    /// The workflow with the parameters' values: those of the pack first, then those published later.
    package func workflow(_ values: [ParameterValue]) -> ApplicationWorkflow {
        func days(_ parameter: ParameterID?) -> [ApplicationWorkflow.DatedDays] {
            guard let parameter else { return [] }
            return values.filter { $0.parameter == parameter }.compactMap { value in
                // A century is no time limit: a slip of the hand, not to be reckoned with.
                guard case .int(let days) = value.value, (0...36_500).contains(days) else { return nil }
                return .init(days: Int(clamping: days), validity: value.period)
            }
        }
        var filled = workflow
        for index in filled.steps.indices {
            let step = filled.steps[index].code
            filled.steps[index].noticePeriods += days(noticeParameters[step])
            filled.steps[index].dayLimits += days(limitParameters[step])
        }
        return filled
    }
}

extension PackWorkflow {
    /// Its parts as texts, by field, for comparing two versions.
    var differenceFields: [String: String] {
        var fields = ["title": title.chinese, "clauses": workflow.clauses.map(\.rawValue).joined(separator: " ")]
        if workflow.isLayered { fields["layered"] = "true" }
        fields["deceased"] = workflow.aboutDeceased.map(\.rawValue).joined(separator: " ")
        fields["steps"] = workflow.steps.map(\.code.rawValue).joined(separator: " → ")
        for paper in workflow.papers {
            fields["papers.\(paper.code)"] =
                ([paper.title, "proof \(paper.proof.rawValue)"]
                + paper.clauses.map(\.rawValue)).joined(separator: " ")
        }
        for step in workflow.steps {
            let notice = noticeParameters[step.code]?.rawValue ?? step.noticePeriods.last.map { "\($0.days)" }
            let parts: [String?] = [
                step.title, step.kind.rawValue, step.level.rawValue, step.function?.rawValue,
                step.roles.isEmpty ? nil : "roles " + step.roles.map(\.rawValue).joined(separator: ","),
                step.papers.isEmpty ? nil : "papers " + step.papers.map(\.rawValue).joined(separator: ","),
                step.deadline.map { "due \($0)" },
                step.window.map { "open \($0.clause) \($0.from[0])-\($0.from[1]) \($0.to[0])-\($0.to[1])" },
                limitParameters[step.code].map { "limit \($0)" },
                notice.map { "notice \($0)" },
            ]
            fields["steps.\(step.code)"] = parts.compactMap { $0 }.joined(separator: " ")
        }
        if let check = workflow.reverification {
            let exits = check.exitReasons.map(\.code.rawValue).joined(separator: ",")
            fields["reverify"] = "\(check.level.rawValue) \(check.month)-\(check.day) \(exits)"
        }
        return fields
    }
}

extension ApplicationWorkflow.Deadline {
    /// The deadline of a step that a due rule means; nil for rules that name no day.
    init?(_ rule: DueRule) {
        switch rule {
        case .withinDays(let days): self = .days(days)
        case .monthBegin(let month): self = .yearly(month: month, day: 10)
        case .midMonth(let month): self = .yearly(month: month, day: 20)
        case .monthEnd(let month): self = .yearly(month: month, day: 31)
        case .byDay(let month, let day): self = .yearly(month: month, day: day)
        case .yearEnd: self = .yearly(month: 12, day: 31)
        case .window(_, let to): self = .yearly(month: to.month, day: to.day)
        case .quarterEnd: self = .quarterEnd
        case .always, .holiday, .halfYearEnd, .confirmedYearEnd: return nil
        }
    }
}

extension RulePack {
    /// Who holds which function, who states what, figures included, and who pays into funds, as texts, for comparing two versions.
    var officeFields: [String: String] {
        var fields: [String: String] = [:]
        for (function, departments) in functions {
            fields["functions.\(function.rawValue)"] = departments.map(\.rawValue).joined(separator: " ")
        }
        for (act, departments) in owners {
            fields["stated_by.\(act.rawValue)"] = departments.map(\.rawValue).joined(separator: " ")
        }
        for (fact, departments) in factOwners {
            fields["stated_by.\(fact)"] = departments.map(\.rawValue).joined(separator: " ")
        }
        fields.merge(figureFields) { first, _ in first }
        fields["lending"] = lending.map { lending in
            ([lending.clause.rawValue] + lending.proven.map(\.rawValue) + lending.payers.map(\.rawValue))
                .joined(separator: " ")
        }
        for (mode, districts) in lending?.modes ?? [:] {
            fields["lending.modes.\(mode.rawValue)"] = districts.map(\.rawValue).joined(separator: " ")
        }
        return fields
    }
}
