import CareDomain

/// What differs between two versions of a pack, item by item.
package struct PackDifference: Hashable, Sendable {
    /// What kind of item differs.
    package enum Part: String, Hashable, Sendable, CaseIterable {
        case pack, fact, parameter, reading, definition, rule, interaction, indexation, declaration, workflow

        /// The word for people.
        package var wording: Wording {
            switch self {
            case .pack: Wording("整个版本", "version")
            case .indexation: Wording("动态调整", "indexation")
            case .fact: Wording("事实", "fact")
            case .parameter: Wording("参数", "parameter")
            case .reading: Wording("口径", "reading")
            case .definition: Wording("推导事实", "definition")
            case .rule: Wording("条款", "clause")
            case .interaction: Wording("互斥", "interaction")
            case .declaration: Wording("职责", "declaration")
            case .workflow: Wording("办理程序", "workflow")
            }
        }
    }

    /// One difference.
    package struct Change: Hashable, Sendable {
        package let part: Part
        /// Clause, parameter, reading, fact.
        package let id: String
        /// Field of it: `amount`, `conditions.wife_49`; empty when the whole item came or went.
        package let field: String
        /// nil = was not there.
        package let before: String?
        /// nil = is no longer there.
        package let after: String?
        /// Title of the condition, definition, parameter or reading that changed; nil where the field has none.
        package var title: Wording?

        package init(
            part: Part, id: String, field: String, before: String?, after: String?, title: Wording? = nil
        ) {
            self.part = part
            self.id = id
            self.field = field
            self.before = before
            self.after = after
            self.title = title
        }
    }

    /// What answers are computed by, and titles, in the order of the parts; then by id and field. All that differs: ``all(from:to:)``.
    package let changes: [Change]

    /// Compares two versions.
    package init(from old: RulePack, to new: RulePack) {
        let before = Self.items(old)
        let after = Self.items(new)
        changes = Part.allCases.flatMap { part -> [Change] in
            let (one, two) = (before[part] ?? [:], after[part] ?? [:])
            return Set(one.keys).union(two.keys).sorted().flatMap { id in
                Self.changes(part, id, one[id], two[id]).map { change in
                    var named = change
                    named.title =
                        Self.title(part, id, change.field, in: new) ?? Self.title(part, id, change.field, in: old)
                    return named
                }
            }
        }
    }

    private static func changes(_ part: Part, _ id: String, _ old: [String: String]?, _ new: [String: String]?)
        -> [Change]
    {
        guard let old else { return [Change(part: part, id: id, field: "", before: nil, after: new?["title"] ?? id)] }
        guard let new else { return [Change(part: part, id: id, field: "", before: old["title"] ?? id, after: nil)] }
        return Set(old.keys).union(new.keys).sorted().compactMap { field in
            old[field] == new[field]
                ? nil : Change(part: part, id: id, field: field, before: old[field], after: new[field])
        }
    }

    /// Every item as texts by field.
    private static func items(_ pack: RulePack) -> [Part: [String: [String: String]]] {
        var items: [Part: [String: [String: String]]] = [:]
        for fact in pack.vocabulary.facts {
            var fields = ["title": fact.title.chinese, "type": "\(fact.type)", "nature": fact.nature.rawValue]
            if fact.precedence != pack.precedence { fields["precedence"] = fact.precedence.text }
            fields["shown_to"] = fact.shownTo?.map(\.rawValue).joined(separator: " ")
            items[.fact, default: [:]][fact.id.rawValue] = fields
        }
        for parameter in pack.parameters {
            var fields = ["title": parameter.title.chinese, "type": parameter.type.name]
            fields["per"] = parameter.per?.description
            for value in parameter.values {
                let keys = value.keys.isEmpty ? "" : "[\(value.keys.joined(separator: ","))]"
                fields["value\(keys) \(value.period.start)"] =
                    FactValueText.text(value.value) + (value.period.end.map { " …\($0 - 1)" } ?? "")
            }
            for bound in parameter.bounds {
                let keys = bound.keys.isEmpty ? "" : "[\(bound.keys.joined(separator: ","))]"
                fields["\(bound.side.rawValue)\(keys)"] = FactValueText.text(bound.value)
            }
            items[.parameter, default: [:]][parameter.id.rawValue] = fields
        }
        for reading in pack.readings {
            items[.reading, default: [:]][reading.id.rawValue] = [
                "title": reading.title.chinese, "default": FactValueText.text(reading.standard),
                "choices": reading.choices?.map(\.rawValue).joined(separator: " | ") ?? "true | false",
            ]
        }
        for definition in pack.definitions where definition.rule == nil {
            items[.definition, default: [:]][definition.id.rawValue] = [
                "title": definition.title.chinese, "expr": definition.expression.source,
            ]
        }
        for rule in pack.rules { items[.rule, default: [:]][rule.clause.rawValue] = fields(rule, pack) }
        items[.pack] = [pack.id.rawValue: pack.differenceFields.merging(pack.officeFields) { first, _ in first }]
        for interaction in pack.interactions {
            items[.interaction, default: [:]][interaction.clause.rawValue] = interaction.differenceFields(pack.readings)
        }
        for indexation in pack.indexations {
            items[.indexation, default: [:]][indexation.clause.rawValue] = indexation.differenceFields
        }
        for declaration in pack.declarations {
            items[.declaration, default: [:]][declaration.clause.rawValue] = [
                "title": declaration.title.chinese, "owner": declaration.owner.rawValue,
                "due": declaration.dueByReading.map { "\($0.rules.sorted { $0.key < $1.key })" }
                    ?? declaration.due.map { "\($0)" } ?? "",
                "targets": declaration.targets.map { "\($0.unit ?? "")/\($0.counted?.rawValue ?? "")=\($0.value)" }
                    .joined(separator: " "),
            ]
        }
        for workflow in pack.workflows {
            items[.workflow, default: [:]][workflow.workflow.code.rawValue] = workflow.differenceFields
        }
        if let guidance = pack.guidance {
            items[.declaration]?[guidance.clause.rawValue]?.merge(guidance.differenceFields) { first, _ in first }
        }
        return items
    }

    private static func fields(_ rule: Rule, _ pack: RulePack) -> [String: String] {
        var fields = ["title": rule.title.chinese, "words": rule.words, "kind": rule.kind.rawValue]
        fields["unit"] = rule.unit.description
        fields["department"] = rule.department?.rawValue
        fields["who"] = rule.who?.expression.source
        for condition in rule.conditions { fields["conditions.\(condition.id)"] = condition.expression.source }
        for warning in rule.warnings { fields["warnings.\(warning.id)"] = warning.expression.source }
        fields["amount"] = rule.amount.flatMap { amount in
            amount.money.map { "\(amount.type.rawValue) \($0.source)" } ?? amount.type.rawValue
        }
        fields["amount.when"] = rule.amount?.when?.source
        fields["hours"] = rule.amount?.hours?.source
        fields["hourly_rate"] = rule.amount?.hourlyRate?.source
        if !rule.secondApproval.isEmpty { fields["second_approver"] = rule.secondApproval.words.joined(separator: " ") }
        if let payee = rule.payee, !payee.isAssumed {
            fields["payee"] = [payee.title.chinese, payee.account?.rawValue].compactMap { $0 }.joined(separator: " ")
        }
        fields["measure"] = rule.measure?.expression.source
        if let measure = rule.measure, measure.isAlways { fields["measure.always"] = "true" }
        if let least = rule.measure?.least {
            fields["measure.least"] = FactValueText.text(.decimal(thousandths: least))
        }
        fields["payers"] = rule.payers.map { payer in
            let shares =
                (payer.shares.map { "\($0.payer.rawValue) \($0.parts)" }
                + payer.computed.map { "\($0.payer.rawValue) \($0.expression.source)" }).joined(separator: " : ")
            return payer.condition.map { "\($0.source) → \(shares)" } ?? shares
        }.joined(separator: "; ")
        switch rule.monthRule {
        case .fixed(let fixed): fields["month_rule"] = fixed.rawValue
        case .reading(let index, let rules):
            let choices = rules.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.rawValue)" }
            fields["month_rule"] = "readings.\(pack.readings[index].id) \(choices.joined(separator: " "))"
        }
        fields["payment"] = rule.payment.rawValue
        fields["top_up"] = rule.topUp.map { "readings.\(pack.readings[$0].id)" }
        fields["delivered"] = rule.amount?.deliveredFact?.rawValue
        fields["defines"] = rule.defines?.rawValue
        return fields
    }
}
