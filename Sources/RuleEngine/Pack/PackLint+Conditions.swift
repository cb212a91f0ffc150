import CareDomain

extension PackLint {
    /// Conditions that no facts can meet, alone or together, and conditions that say nothing more than others.
    func conditions() -> [Finding] {
        let logic = ConditionLogic(pack)
        let plain = ConditionLogic(pack, looksBehind: false)
        let ofRules = pack.rules.flatMap { rule in
            together(rule, logic, plain) + alone(rule.warnings, "warnings", rule, logic) + payers(rule, logic)
        }
        let ofDefinitions = pack.definitions.filter { $0.rule == nil && $0.expression.type == .bool }.compactMap {
            verdict($0.expression, logic, "\($0.id)", ["definitions", $0.id.rawValue, "expr"])
        }
        return ofRules + ofDefinitions
    }

    /// The circle and the conditions, which must all hold.
    private func together(_ rule: Rule, _ logic: ConditionLogic, _ plain: ConditionLogic) -> [Finding] {
        var found: [Finding] = []
        // What the conditions before leave, by what derived facts stand for, and by the derived facts themselves, which tell
        // where the other has too many alternatives.
        var before = [Statements()]
        var plainBefore = [Statements()]
        var isFirst = true
        var isImpossible = false
        for condition in [rule.who].compactMap({ $0 }) + rule.conditions {
            let isWho = condition.id == rule.who?.id && isFirst
            let path =
                ["rules", rule.clause.rawValue]
                + (isWho ? ["who", "expr"] : ["conditions", condition.id.rawValue, "expr"])
            let about = "\(rule.clause) \(condition.id)"
            let both = logic.adding(before, condition.expression)
            let plainBoth = plain.adding(plainBefore, condition.expression)
            if let finding = verdict(condition.expression, logic, about, path) {
                isImpossible = isImpossible || finding.isMistake
                found.append(finding)
            } else if !isImpossible, both.isEmpty || plainBoth.isEmpty {
                isImpossible = true
                found.append(
                    Finding(
                        code: "lint.never_together", about: about,
                        problem: Wording(
                            "与前面的条件不可能同时成立，条款不可能享受",
                            "it cannot hold together with the conditions before it, nobody can have the right"),
                        advice: Wording("改正其中一个的界限", "correct the bounds of one of them"), path: path,
                        isMistake: true))
            } else if !isFirst, plain.implies(alternatives: plainBefore, condition.expression) {
                found.append(
                    Finding(
                        code: "lint.always_together", about: about,
                        problem: Wording(
                            "前面的条件成立时它总成立", "it always holds when the conditions before it do"),
                        advice: Wording("去掉它，或改正界限", "leave it out, or correct the bounds"), path: path))
            }
            (before, plainBefore, isFirst) = (both, plainBoth, false)
        }
        return found
    }

    private func alone(
        _ conditions: [Condition], _ field: String, _ rule: Rule, _ logic: ConditionLogic
    ) -> [Finding] {
        conditions.compactMap {
            verdict(
                $0.expression, logic, "\(rule.clause) \($0.id)",
                ["rules", rule.clause.rawValue, field, $0.id.rawValue, "expr"])
        }
    }

    private func payers(_ rule: Rule, _ logic: ConditionLogic) -> [Finding] {
        rule.payers.enumerated().compactMap { index, payer in
            payer.condition.flatMap {
                verdict(
                    $0, logic, "\(rule.clause) payers", ["rules", rule.clause.rawValue, "payers", "\(index)", "when"])
            }
        }
    }

    /// What can be said of an expression by itself.
    private func verdict(
        _ expression: CheckedExpression, _ logic: ConditionLogic, _ about: String, _ path: [String]
    ) -> Finding? {
        if logic.excludes([expression]) {
            return Finding(
                code: "lint.unreachable", about: about,
                problem: Wording("条件永不成立", "the condition never holds"),
                advice: Wording("改正表达式的界限", "correct the bounds in the expression"), path: path, isMistake: true)
        }
        guard logic.implies([], expression) else { return nil }
        return Finding(
            code: "lint.always_met", about: about, problem: Wording("条件总是成立", "the condition always holds"),
            advice: Wording("去掉它，或写出要看的事实", "leave it out, or name the fact it should look at"), path: path)
    }
}
