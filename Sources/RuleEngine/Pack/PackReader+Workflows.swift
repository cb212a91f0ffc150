import CareDomain

extension PackReader {
    /// One workflow of `applications`.
    func workflow(_ item: YAMLValue, _ rules: [Rule]) -> (YAMLValue, PackWorkflow)? {
        guard
            let fields = document.fields(
                item, required: ["id", "zh", "en", "clauses", "steps"],
                optional: ["papers", "reverify", "deceased", "layered"]),
            let code = document.code(fields["id"]), let title = document.wording(fields)
        else { return nil }
        let clauses = document.items(fields["clauses"]).compactMap { workflowClause($0, rules.map(\.clause)) }
        let papers = document.items(fields["papers"]).compactMap { paper($0, clauses) }
        let steps = document.items(fields["steps"]).compactMap { step($0, papers.map(\.paper.code)) }
        guard steps.count == document.items(fields["steps"]).count else { return nil }
        var workflow = ApplicationWorkflow(
            code: code, title: title.chinese, clauses: clauses, papers: papers.map(\.paper), steps: steps.map(\.step),
            reverification: fields["reverify"].flatMap(reverification),
            aboutDeceased: document.items(fields["deceased"]).compactMap { workflowClause($0, clauses) })
        workflow.isLayered = document.bool(fields["layered"], else: false)
        checkOrder(workflow, fields["steps"] ?? item)
        var parameters: [Code: ParameterID] = [:]
        var limits: [Code: ParameterID] = [:]
        for step in steps {
            parameters[step.step.code] = step.noticeParameter
            limits[step.step.code] = step.limitParameter
        }
        return (
            item,
            PackWorkflow(
                workflow: workflow, title: title,
                stepTitles: Dictionary(steps.map { ($0.step.code, $0.title) }) { first, _ in first },
                paperTitles: Dictionary(papers.map { ($0.paper.code, $0.title) }) { first, _ in first },
                noticeParameters: parameters, limitParameters: limits)
        )
    }

    private func workflowClause(_ value: YAMLValue, _ clauses: [ClauseID]) -> ClauseID? {
        document.parsed(value, Wording("本包中管户或人的条款", "a clause of this pack about households or persons")) { text in
            clauses.first { $0.rawValue == text }
        }
    }

    private func paper(
        _ item: YAMLValue, _ clauses: [ClauseID]
    ) -> (paper: ApplicationWorkflow.Paper, title: Wording)? {
        guard let fields = document.fields(item, required: ["id", "zh", "en"], optional: ["clauses", "proof"]),
            let code = document.code(fields["id"]), let title = document.wording(fields)
        else { return nil }
        let proof = fields["proof"].flatMap { document.choice($0, ApplicationWorkflow.Paper.Proof.self) } ?? .seen
        let only = document.items(fields["clauses"]).compactMap { workflowClause($0, clauses) }
        return (.init(code: code, title: title.chinese, clauses: only, proof: proof), title)
    }

    private struct ReadStep {
        let step: ApplicationWorkflow.Step
        let title: Wording
        let noticeParameter: ParameterID?
        let limitParameter: ParameterID?
    }

    private func step(_ item: YAMLValue, _ papers: [Code]) -> ReadStep? {
        guard
            let fields = document.fields(
                item, required: ["id", "zh", "en", "kind", "level"],
                optional: [
                    "roles", "function", "papers", "due", "days", "month", "day", "from", "to", "notice_days",
                    "limit", "open",
                ]),
            let code = document.code(fields["id"]), let title = document.wording(fields),
            let kind = document.choice(fields["kind"], ApplicationWorkflow.StepKind.self),
            let level = document.choice(fields["level"], AdministrativeLevel.self)
        else { return nil }
        let asked = document.items(fields["papers"]).compactMap { value in
            document.parsed(value, Wording("已声明的材料", "a declared paper")) { text in
                papers.first { $0.rawValue == text }
            }
        }
        var function: CaseFunction? = kind == .declare || kind == .record ? nil : .review
        if let named = fields["function"], let read = document.choice(named, CaseFunction.self) {
            if kind != .record {
                document.note(
                    named, "pack.step_function",
                    Wording("这类步骤的职能是定的", "the function of such a step is fixed"),
                    Wording("只有 record 步骤可写 function", "only a record step may name one"))
            }
            function = read
        }
        let (days, parameter) = noticeDays(fields["notice_days"], kind)
        var step = ApplicationWorkflow.Step(
            code: code, title: title.chinese, kind: kind, level: level,
            roles: document.items(fields["roles"]).compactMap(document.code), function: function, papers: asked,
            deadline: deadline(fields), noticePeriods: days.map { [.init(days: $0)] } ?? [])
        step.window = fields["open"].flatMap(window)
        return ReadStep(
            step: step, title: title, noticeParameter: parameter, limitParameter: dayParameter(fields["limit"]))
    }

    /// `{clause: WZ-5.3d, from: 05-10, to: 11-20}`
    private func window(_ value: YAMLValue) -> ApplicationWorkflow.Window? {
        guard let fields = document.fields(value, required: ["clause", "from", "to"]),
            let clause = document.parsed(
                fields["clause"], Wording("条款编号", "a clause number"), { ClauseID($0) }),
            let from = monthDay(fields["from"]), let to = monthDay(fields["to"])
        else { return nil }
        return .init(clause: clause, from: (from.month, from.day), to: (to.month, to.day))
    }

    private func deadline(_ fields: DocumentReader.Fields) -> ApplicationWorkflow.Deadline? {
        guard let due = fields["due"], let rule = dueRule(fields, nil) else { return nil }
        let deadline = ApplicationWorkflow.Deadline(rule)
        if deadline == nil {
            document.note(
                due, "pack.step_due", Wording("这种期限定不出一步的到期日", "such a due rule gives a step no last day"),
                Wording(
                    "用 within_days、month_begin、by_day、quarter_end 等",
                    "use within_days, month_begin, by_day, quarter_end"))
        }
        return deadline
    }

    /// A number of days, or the parameter that says it.
    private func noticeDays(
        _ value: YAMLValue?, _ kind: ApplicationWorkflow.StepKind
    ) -> (days: Int?, parameter: ParameterID?) {
        guard let value else {
            return (nil, nil)
        }
        guard kind == .notice else {
            document.note(
                value, "pack.step_notice", Wording("只有公示步骤有公示天数", "only a notice has days"),
                Wording("删去，或改为 kind: notice", "remove it, or make it kind: notice"))
            return (nil, nil)
        }
        if let number = value.text.flatMap({ Int($0) }) {
            return (document.int(value, 1...365) == nil ? nil : number, nil)
        }
        return (nil, dayParameter(value))
    }

    /// A parameter that says a number of days.
    private func dayParameter(_ value: YAMLValue?) -> ParameterID? {
        document.parsed(value, Wording("天数或整数型参数", "a number of days or an int parameter")) { text in
            scope.parameters.first {
                guard case .int = $0.type else { return false }
                return $0.id.rawValue == text && $0.keys.isEmpty
            }?.id
        }
    }

    private func reverification(_ value: YAMLValue) -> ApplicationWorkflow.Reverification? {
        guard let fields = document.fields(value, required: ["level", "month", "day", "exits"]),
            let level = document.choice(fields["level"], AdministrativeLevel.self),
            let month = document.int(fields["month"], 1...12), let day = document.int(fields["day"], 1...31),
            CivilDay(year: 2023, month: Int(month), day: Int(day)) != nil
        else { return nil }
        let exits = document.items(fields["exits"]).compactMap { item -> PolicyCatalog.Word? in
            guard let fields = document.fields(item, required: ["id", "zh", "en"]),
                let code = document.code(fields["id"]), let title = document.wording(fields)
            else { return nil }
            return .init(code: code, title: title.chinese)
        }
        return .init(level: level, month: Int(month), day: Int(day), exitReasons: exits)
    }

    /// Declaration first, one confirmation, reviews and notices before it, records after it, no name twice.
    private func checkOrder(_ workflow: ApplicationWorkflow, _ place: YAMLValue) {
        let kinds = workflow.steps.map(\.kind)
        let confirmation = kinds.firstIndex(of: .confirm)
        let isRight =
            kinds.first == .declare && kinds.count { $0 == .declare } == 1 && kinds.count { $0 == .confirm } == 1
            && kinds.enumerated().allSatisfy { index, kind in
                switch kind {
                case .declare, .confirm: true
                case .review, .notice: index < confirmation ?? 0
                case .record: index > confirmation ?? .max
                }
            }
            && Set(workflow.steps.map(\.code)).count == kinds.count
        guard !isRight else { return }
        document.note(
            place, "pack.workflow_order",
            Wording(
                "步骤的次序不对：先 declare，再 review、notice，一个 confirm，最后 record，代码不重复",
                "steps go: declare, then review and notice, one confirm, then record, and no id twice"),
            Wording("改正次序或 kind", "correct the order or the kinds"))
    }
}

extension PackReader {
    /// `stated_by`: the departments that may state something of a family, and single facts of the vocabulary.
    func owners(_ value: YAMLValue?) -> (acts: [OwnedAct: [DepartmentID]], facts: [FactID: [DepartmentID]]) {
        var found: (acts: [OwnedAct: [DepartmentID]], facts: [FactID: [DepartmentID]]) = ([:], [:])
        for (key, list) in document.entries(value) {
            let departments = document.items(list).compactMap(knownDepartment)
            if let act = OwnedAct(rawValue: key.text ?? "") {
                found.acts[act] = departments
                continue
            }
            let acts = OwnedAct.allCases.map(\.rawValue).joined(separator: "、")
            let fact = document.parsed(
                key,
                Wording("\(acts)，或本政策包要人陈述的事实", "one of \(acts), or a fact of this pack that somebody states")
            ) { text in
                FactID(text).flatMap { scope.vocabulary[$0] != nil && OwnRecord($0) == nil ? $0 : nil }
            }
            if let fact { found.facts[fact] = departments }
        }
        return found
    }

    /// `functions`: the departments that hold each of the four functions.
    func offices<Key: CaseIterable & RawRepresentable<String> & Hashable>(_ value: YAMLValue) -> [Key: [DepartmentID]] {
        guard let fields = document.fields(value, required: [], optional: Key.allCases.map(\.rawValue)) else {
            return [:]
        }
        var found: [Key: [DepartmentID]] = [:]
        for key in Key.allCases {
            guard let named = fields[key.rawValue] else { continue }
            found[key] = document.items(named).compactMap(knownDepartment)
        }
        return found
    }

    /// `precedence`: kinds of source, level by level, the first before the next.
    func precedence(_ value: YAMLValue?) -> FactPrecedence {
        let levels = document.items(value).map { document.items($0) }
        var seen: Set<Code> = []
        for item in levels.joined() {
            guard let code = document.code(item), !seen.insert(code).inserted else { continue }
            document.note(
                item, "pack.repeated", Wording("来源 \(code) 重复", "the source \(code) stands twice"),
                Wording("删去一处", "remove one"))
        }
        return FactPrecedence(levels.map { $0.compactMap { Code($0.text ?? "") } })
    }

    /// One of the departments that keys and records use: of a slip of the hand nobody would ever have a key.
    func knownDepartment(_ value: YAMLValue) -> DepartmentID? {
        document.parsed(value, Wording("部门代码", "a known department")) { text in
            KnownOffices.departments.first { $0.id.rawValue == text }?.id
        }
    }
}

extension Rule {
    /// Whether what it gives belongs to a household, a person of it or an incident that struck it.
    var concernsHousehold: Bool { unit.beneficiary.root == .household }
}
