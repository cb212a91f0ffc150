import CareDomain

extension PackReader {
    /// Checks an expression and notes what is wrong at its place in the file.
    func expression(_ value: YAMLValue?, subject: EntityKind?, expected: ExpressionType?) -> CheckedExpression? {
        guard let value, let text = document.text(value) else { return nil }
        var scope = scope
        scope.subject = subject
        do throws(ExpressionIssue) {
            return try Checker.check(text, in: scope, expected: expected)
        } catch {
            document.note(error, in: value)
            return nil
        }
    }

    func condition(_ item: YAMLValue, subject: EntityKind) -> Condition? {
        guard
            let fields = document.fields(
                item, required: ["id", "zh", "en", "expr"],
                optional: ["later_zh", "later_en", "unmet_zh", "unmet_en"]),
            let id = document.code(fields["id"]), let title = document.wording(fields),
            let expression = expression(fields["expr"], subject: subject, expected: .bool)
        else { return nil }
        return Condition(
            id: id, title: title,
            later: fields["later_zh"] == nil ? nil : document.wording(fields, "later_zh", "later_en"),
            unmet: fields["unmet_zh"] == nil ? nil : document.wording(fields, "unmet_zh", "unmet_en"),
            expression: expression, definition: expression.leadingDefinition)
    }

    /// Conditions, each under a name of its own: by it explanations and differences tell one from another.
    private func conditions(_ value: YAMLValue?, subject: EntityKind) -> [Condition] {
        var seen: Set<Code> = []
        return document.items(value).compactMap { item in
            guard let condition = condition(item, subject: subject) else { return nil }
            if !seen.insert(condition.id).inserted {
                document.note(
                    item, "pack.repeated",
                    Wording("条件 \(condition.id) 在这一条里重复", "the condition \(condition.id) stands twice in the clause"),
                    Wording("换一个 id，或删去一处", "give it another id, or remove one"))
            }
            return condition
        }
    }

    func rule(_ item: YAMLValue) -> (YAMLValue, Rule)? {
        guard
            let fields = document.fields(
                item, required: ["clause", "zh", "en", "words", "kind", "unit", "conditions"],
                optional: [
                    "department", "who", "amount", "measure", "payers", "month_rule", "payment", "top_up", "defines",
                    "warnings", "duty", "second_approver", "payee",
                ]),
            let clause = document.parsed(fields["clause"], Wording("条款号", "a clause number"), { ClauseID($0) }),
            let title = document.wording(fields), let words = document.text(fields["words"]),
            let kind = document.choice(fields["kind"], RuleKind.self), let unit = unit(fields["unit"])
        else { return nil }
        let conditions = conditions(fields["conditions"], subject: unit.beneficiary)
        let amount = fields["amount"].flatMap { self.amount($0, unit) }
        let rule = Rule(
            clause: clause, title: title, words: words, kind: kind, unit: unit,
            department: document.department(fields["department"]),
            who: fields["who"].flatMap { condition($0, subject: unit.beneficiary) }, conditions: conditions,
            amount: amount, measure: fields["measure"].flatMap { measure($0, unit) },
            payers: document.items(fields["payers"]).compactMap { payerCase($0, unit) },
            payee: payee(fields["payee"], kind), monthRule: monthRule(fields["month_rule"]),
            payment: document.choice(fields["payment"], PaymentRhythm.self) ?? .deployment,
            topUp: readingIndex(fields["top_up"]),
            defines: document.parsed(fields["defines"], Wording("事实代码", "a fact code")) { FactID($0) },
            warnings: self.conditions(fields["warnings"], subject: unit.beneficiary),
            secondApproval: secondApproval(fields["second_approver"]),
            duty: fields["duty"].flatMap { duty($0, clause, title) }, readings: [])
        let age = scope.readings.firstIndex { $0.id.rawValue == "age_attained" }
        return (item, rule.withReadings(definitions, shared: sharedReadings(rule), age: age))
    }

    /// `second_approver: [exception, above_floor]`
    private func secondApproval(_ value: YAMLValue?) -> SecondApproval {
        document.items(value).reduce(into: []) { need, item in
            switch document.choice(item, SecondApprovalWord.self) {
            case .exception: need.insert(.exception)
            case .aboveFloor: need.insert(.aboveFloor)
            case nil: break
            }
        }
    }

    private func amount(_ value: YAMLValue, _ unit: RuleUnit) -> AmountRule? {
        guard
            let fields = document.fields(
                value, required: ["type"],
                optional: [
                    "value", "unit", "parameter", "expr", "when", "hours", "hourly_rate", "delivered", "without_rhythm",
                ]),
            let type = document.choice(fields["type"], AmountType.self)
        else { return nil }
        checkRhythm(fields, type, unit)
        var money: CheckedExpression?
        if let figure = fields["value"] {
            money = literal(figure, fields["unit"])
        } else if let parameter = fields["parameter"] {
            money = parameterAmount(parameter, unit)
        } else if fields["expr"] != nil {
            money = expression(fields["expr"], subject: unit.beneficiary, expected: .money)
        }
        if type != .none, money == nil {
            document.note(
                value, "pack.amount", Wording("缺少可用的金额", "no usable sum"),
                Wording("写 value 和 unit、parameter 或 expr", "write value and unit, parameter, or expr"))
        }
        return AmountRule(
            type: type, money: money,
            when: fields["when"].flatMap { expression($0, subject: unit.beneficiary, expected: .bool) },
            hours: fields["hours"].flatMap { expression($0, subject: unit.beneficiary, expected: .decimal) },
            hourlyRate: fields["hourly_rate"].flatMap { expression($0, subject: unit.beneficiary, expected: .money) },
            deliveredFact: fields["delivered"].flatMap(deliveredFact))
    }

    /// A sum is due by a rhythm; one for which the document gives none must say so, and is told but never due.
    private func checkRhythm(_ fields: DocumentReader.Fields, _ type: AmountType, _ unit: RuleUnit) {
        let isWithout = document.bool(fields["without_rhythm"], else: false)
        if type != .none, unit.cadence == .none, !isWithout {
            document.note(
                fields.place, "pack.unit", Wording("有金额的条款须写明频率", "a clause with a sum needs a rhythm"),
                Wording(
                    "unit 写成 \(unit)·month、\(unit)·once 等；文件没有写频率的，写 without_rhythm: true",
                    "write the unit \(unit)·month, \(unit)·once or another; without_rhythm: true where the document gives none"
                ))
        }
        if isWithout, unit.cadence != .none {
            document.note(
                fields["without_rhythm"]!, "pack.unit", Wording("\(unit) 已有频率", "\(unit) has a rhythm"),
                Wording("去掉 without_rhythm，或改 unit", "leave without_rhythm out, or change the unit"))
        }
    }

    private func measure(_ value: YAMLValue, _ unit: RuleUnit) -> MeasureRule? {
        guard let fields = document.fields(value, required: ["expr", "unit"], optional: ["always", "least"]),
            let name = document.text(fields["unit"]),
            let expression = expression(fields["expr"], subject: unit.beneficiary, expected: nil)
        else { return nil }
        guard [.decimal, .int, .money].contains(where: { expression.type.fits($0) }) else {
            document.note(
                fields["expr"]!, "expression.type", Wording("这里需要数或金额", "a number or a sum is needed here"),
                Wording("写成 int、decimal 或 money", "give an int, a decimal or money"))
            return nil
        }
        let least: Int64? = document.parsed(
            fields["least"], Wording("至多三位小数的数", "a number with at most three decimals")
        ) {
            guard case .decimal(let thousandths)? = FactValueText.parse($0, as: .decimal, unit: nil) else { return nil }
            return thousandths
        }
        return MeasureRule(
            expression: expression, unit: name, isAlways: document.bool(fields["always"], else: false), least: least)
    }

    private func deliveredFact(_ value: YAMLValue) -> FactID? {
        let fact = document.parsed(value, Wording("类型 decimal 的事实", "a fact of type decimal")) { text in
            FactID(text).flatMap { id in scope.vocabulary[id]?.type == .decimal ? id : nil }
        }
        return fact
    }

    private func literal(_ figure: YAMLValue, _ unit: YAMLValue?) -> CheckedExpression? {
        guard let unit, ["fen", "yuan"].contains(unit.text ?? "") else {
            document.note(
                unit ?? figure, "pack.unit", Wording("金额须注明单位 fen 或 yuan", "a sum needs the unit fen or yuan"),
                Wording("加上 unit: yuan 或 unit: fen", "add unit: yuan or unit: fen"))
            return nil
        }
        let value = document.parsed(figure, FactType.money.values(unit: unit.text)) {
            FactValueText.parse($0, as: .money, unit: unit.text)
        }
        guard case .money(let fen) = value else { return nil }
        guard fen >= .zero else {
            document.note(
                figure, "pack.amount", Wording("金额小于零", "a sum below zero"),
                Wording("写成零或正数；要收回的由人决定", "write zero or more; what is to come back is decided by people"))
            return nil
        }
        return CheckedExpression(
            nodes: [CheckedExpression.Node(operation: .constant(.money(fen)), type: .money, offset: 0)], root: 0,
            source: "\(figure.text ?? "") \(unit.text ?? "")", slots: 0, readings: [])
    }

    private func parameterAmount(_ value: YAMLValue, _ unit: RuleUnit) -> CheckedExpression? {
        guard let name = document.text(value) else { return nil }
        if let definition = scope.parameters.first(where: { $0.id.rawValue == name }), definition.per != unit {
            document.note(
                value, "pack.unit",
                Wording(
                    "参数按 \(definition.per?.description ?? "（未注明）") 计，条款按 \(unit) 计",
                    "the parameter is per \(definition.per?.description ?? "(not stated)"), the clause per \(unit)"),
                Wording("改正 per 或 unit；户与人不能互换", "correct per or unit; household and person never convert"))
        }
        var scope = scope
        scope.subject = unit.beneficiary
        do throws(ExpressionIssue) {
            return try Checker.check("care.parameter('\(name)')", in: scope, expected: .money)
        } catch {
            document.note(value, error.code, error.problem, error.advice)
            return nil
        }
    }

    private func payerCase(_ item: YAMLValue, _ unit: RuleUnit) -> PayerCase? {
        guard let fields = document.fields(item, required: ["shares"], optional: ["when"]) else { return nil }
        let entries = document.entries(fields["shares"])
        let isFixed = entries.allSatisfy { $0.value.text.flatMap { Int64($0) } != nil }
        let condition = fields["when"].flatMap { expression($0, subject: unit.beneficiary, expected: .bool) }
        if isFixed {
            let shares = entries.compactMap { key, value -> PayerShare? in
                guard let payer = document.code(key), let parts = document.int(value, 1...1_000_000) else { return nil }
                return PayerShare(payer: payer, parts: parts)
            }
            return PayerCase(condition: condition, shares: shares, computed: [])
        }
        let computed = entries.compactMap { key, value -> ComputedShare? in
            guard let payer = document.code(key),
                let expression = expression(value, subject: unit.beneficiary, expected: nil)
            else { return nil }
            return ComputedShare(payer: payer, expression: expression)
        }
        let isOneKind = [ExpressionType.money, .int].contains { type in
            computed.allSatisfy { $0.expression.type.fits(type) }
        }
        if !isOneKind {
            document.note(
                fields["shares"]!, "expression.type",
                Wording("各方的份额须都是金额，或都是整数", "the shares must all be money, or all whole numbers"),
                Wording("改成同一种", "make them of one kind"))
        }
        return PayerCase(condition: condition, shares: [], computed: computed)
    }

    func readingIndex(_ value: YAMLValue?) -> Int? {
        document.parsed(value, Wording("已声明的口径", "a declared reading")) { name in
            scope.readings.firstIndex { $0.id.rawValue == name }
        }
    }

    private func monthRule(_ value: YAMLValue?) -> MonthRuleSource {
        guard let value else {
            guard let index = scope.readings.firstIndex(where: { $0.id.rawValue == "month_rule" }) else {
                return .fixed(.anyDay)
            }
            let choices = MonthRule.allCases.map { (Code(unchecked: $0.rawValue), $0) }
            return .reading(index, Dictionary(uniqueKeysWithValues: choices))
        }
        if value.text != nil { return .fixed(document.choice(value, MonthRule.self) ?? .anyDay) }
        guard let fields = document.fields(value, required: ["reading", "choices"]),
            let index = readingIndex(fields["reading"])
        else { return .fixed(.anyDay) }
        var choices: [Code: MonthRule] = [:]
        for (key, value) in document.entries(fields["choices"]) {
            if let code = document.code(key) { choices[code] = document.choice(value, MonthRule.self) }
        }
        return .reading(index, choices)
    }

    /// Readings that the engine itself applies to a rule: month rule, top-up, beginning of rights.
    private func sharedReadings(_ rule: Rule) -> [Int] {
        var indexes: [Int] = [rule.topUp].compactMap { $0 }
        if rule.amount?.money != nil {
            if case .reading(let index, _) = rule.monthRule { indexes.append(index) }
            indexes += scope.readings.indices.filter { scope.readings[$0].id.rawValue == "rights_from" }
        }
        return indexes
    }
}

/// Words under `second_approver`.
private enum SecondApprovalWord: String, CaseIterable {
    case exception
    case aboveFloor = "above_floor"
}

extension CheckedExpression {
    /// The derived fact the expression asks for first: the whole of it, or the first side of an `||`.
    fileprivate var leadingDefinition: Int? {
        var index = root
        while case .or(let left, _) = nodes[index].operation { index = left }
        if case .derived(_, let definition) = nodes[index].operation { return definition }
        return nil
    }
}

extension Rule {
    /// The rule with every reading its expressions and the derived facts behind them refer to.
    ///
    /// - Parameter age: the reading that says when an age is reached; counts where an age is asked for.
    fileprivate func withReadings(_ definitions: [Definition], shared: [Int], age: Int?) -> Rule {
        var found = Set(shared)
        var visited: Set<Int> = []
        var open = expressions
        while let expression = open.popLast() {
            found.formUnion(expression.readings)
            for node in expression.nodes {
                switch node.operation {
                case .derived(_, let index) where visited.insert(index).inserted:
                    open.append(definitions[index].expression)
                case .elapsed(.years, _, _, _): if let age { found.insert(age) }
                default: break
                }
            }
        }
        return Rule(
            clause: clause, title: title, words: words, kind: kind, unit: unit, department: department, who: who,
            conditions: conditions, amount: amount, measure: measure, payers: payers, payee: payee,
            monthRule: monthRule,
            payment: payment, topUp: topUp, defines: defines, warnings: warnings, secondApproval: secondApproval,
            duty: duty,
            readings: found.sorted())
    }
}
