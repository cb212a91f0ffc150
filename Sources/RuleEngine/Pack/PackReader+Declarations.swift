import CareDomain

/// Clauses that are no rule over facts: declarations, interactions, indexation, capabilities.
extension PackReader {
    /// `declarations`: duties of offices, quotas, evaluations.
    func declaration(_ item: YAMLValue) -> (YAMLValue, Declaration)? {
        guard
            let fields = document.fields(
                item, required: ["clause", "zh", "en", "words", "kind", "unit", "owner", "evidence_zh", "evidence_en"],
                optional: ["due", "days", "month", "day", "from", "to", "points", "pieces", "targets"]),
            let clause = clauseNumber(fields["clause"]), let title = document.wording(fields),
            let words = document.text(fields["words"]), let kind = document.choice(fields["kind"], RuleKind.self),
            let unit = document.text(fields["unit"]), let owner = document.department(fields["owner"]),
            let evidence = document.wording(fields, "evidence_zh", "evidence_en")
        else { return nil }
        let byReading = dueByReading(fields["due"])
        let bounds = document.items(fields["pieces"]).compactMap { document.int($0, 0...1_000) }.map { Int($0) }
        return (
            item,
            Declaration(
                clause: clause, title: title, words: words, kind: kind, unit: unit, owner: owner,
                due: fields["due"] == nil ? nil : dueRule(fields, byReading), dueByReading: byReading,
                evidence: evidence,
                points: document.int(fields["points"], 0...1_000).map { Int($0) },
                pieces: bounds.count == 2 && bounds[0] <= bounds[1] ? bounds[0]...bounds[1] : nil,
                targets: document.items(fields["targets"]).compactMap(target))
        )
    }

    private func target(_ item: YAMLValue) -> Declaration.Target? {
        guard let fields = document.fields(item, required: ["value"], optional: ["unit", "clause"]),
            let value = document.int(fields["value"], 0...1_000_000_000)
        else { return nil }
        return Declaration.Target(
            unit: document.text(fields["unit"]), counted: clauseNumber(fields["clause"]), value: value)
    }

    /// `capabilities` and `left_out`: clauses carried out by the system itself, or not at all.
    func capability(_ item: YAMLValue, isLeftOut: Bool) -> (YAMLValue, Capability)? {
        guard let fields = document.fields(item, required: ["clause", "zh", "en", "note_zh", "note_en"]),
            let clause = clauseNumber(fields["clause"]), let title = document.wording(fields),
            let note = document.wording(fields, "note_zh", "note_en")
        else { return nil }
        return (item, Capability(clause: clause, title: title, note: note, isLeftOut: isLeftOut))
    }

    func clauseNumber(_ value: YAMLValue?) -> ClauseID? {
        document.parsed(value, Wording("条款号", "a clause number")) { ClauseID($0) }
    }

    // MARK: Interactions

    /// `interactions`: which grants bar which rights.
    func interaction(_ item: YAMLValue, _ rules: [Rule]) -> (YAMLValue, Interaction)? {
        guard
            let fields = document.fields(
                item, required: ["clause", "zh", "en", "words", "kind", "among", "strength"],
                optional: ["same_clause_when", "one_item", "let_pass"]),
            let clause = clauseNumber(fields["clause"]), let title = document.wording(fields),
            let words = document.text(fields["words"]),
            let kind = document.choice(fields["kind"], Interaction.Kind.self),
            let strength = document.choice(fields["strength"], InteractionStrength.self)
        else { return nil }
        let pass = fields["let_pass"].flatMap {
            document.fields($0, required: ["reading", "is", "clauses"])
        }
        let letsPass = pass.flatMap { fields in
            readingCase(fields).map { (when: $0, clauses: ruleClauses(fields["clauses"], rules)) }
        }
        let narrow = fields["same_clause_when"].flatMap { document.fields($0, required: ["reading", "is"]) }
        return (
            item,
            Interaction(
                clause: clause, title: title, words: words, kind: kind, among: ruleClauses(fields["among"], rules),
                isSoft: strength == .soft, onlySameClause: narrow.flatMap(readingCase),
                oneItem: document.items(fields["one_item"]).map { ruleClauses($0, rules) }, letsPass: letsPass)
        )
    }

    private func ruleClauses(_ value: YAMLValue?, _ rules: [Rule]) -> [ClauseID] {
        document.items(value).compactMap { item in
            document.parsed(item, Wording("本包中作为规则的条款", "a clause of this pack that is a rule")) { text in
                rules.first { $0.clause.rawValue == text }?.clause
            }
        }
    }

    private func readingCase(_ fields: DocumentReader.Fields) -> Interaction.Case? {
        guard let index = readingIndex(fields["reading"]) else { return nil }
        let reading = scope.readings[index]
        let choice = document.parsed(fields["is"], Wording("这个口径的选项", "a choice of the reading")) {
            FactValueText.parse($0, as: reading.choices.map(FactType.code) ?? .bool, unit: nil)
        }
        return choice.map { Interaction.Case(reading: index, choice: $0) }
    }

    // MARK: Indexation

    /// `indexations`: standards that follow an index.
    func indexation(_ item: YAMLValue) -> (YAMLValue, Indexation)? {
        guard
            let fields = document.fields(
                item,
                required: [
                    "clause", "zh", "en", "words", "department", "index", "threshold_percent", "base_year", "standards",
                ], optional: ["growth", "rounding"]),
            let clause = clauseNumber(fields["clause"]), let title = document.wording(fields),
            let words = document.text(fields["words"]), let department = document.department(fields["department"]),
            let index = seriesParameter(fields["index"]),
            let threshold = document.int(fields["threshold_percent"], 1...1_000),
            let base = readingIndex(fields["base_year"])
        else { return nil }
        return (
            item,
            Indexation(
                clause: clause, title: title, words: words, department: department, index: index,
                growth: seriesParameter(fields["growth"]), thresholdPercent: threshold, baseYear: base,
                rounding: readingIndex(fields["rounding"]),
                standards: document.items(fields["standards"]).compactMap(indexedStandard))
        )
    }

    /// A figure by calendar year and series.
    private func seriesParameter(_ value: YAMLValue?) -> ParameterID? {
        document.parsed(value, Wording("类型 decimal、有一个键的参数", "a parameter of type decimal with one key")) { name in
            scope.parameters.first { $0.id.rawValue == name && $0.type == .decimal && $0.keys.count == 1 }?.id
        }
    }

    private func indexedStandard(_ item: YAMLValue) -> Indexation.Standard? {
        guard
            let fields = document.fields(item, required: ["id", "clause", "zh", "en", "yuan", "series"]),
            let id = document.code(fields["id"]), let clause = clauseNumber(fields["clause"]),
            let title = document.wording(fields), let series = document.code(fields["series"]),
            case .money(let figure) = document.parsed(
                fields["yuan"], Wording("以元为单位的金额", "a sum in yuan"),
                { FactValueText.parse($0, as: .money, unit: "yuan") })
        else { return nil }
        return Indexation.Standard(id: id, clause: clause, title: title, figure: figure, series: series.rawValue)
    }
}

private enum InteractionStrength: String, CaseIterable {
    case hard, soft
}
