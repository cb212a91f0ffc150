import CareDomain

extension PackLint {
    /// Sums by the month that stand for sums by the year, for a household that stand for one person, fen that may be yuan.
    func units() -> [Finding] {
        pack.rules.flatMap(units) + moneyFacts()
    }

    /// Parameters that an expression gives as they are, although they are declared per something else.
    private func units(_ rule: Rule) -> [Finding] {
        guard let money = rule.amount?.money else { return [] }
        return Set(given(money, money.root)).sorted().compactMap { index in
            let parameter = pack.parameters[index]
            guard let per = parameter.per, per != rule.unit else { return nil }
            return Finding(
                code: "lint.unit", about: "\(rule.clause) \(parameter.id)",
                problem: Wording(
                    "参数按 \(per) 计，条款按 \(rule.unit) 计，金额却直接取用",
                    "the parameter is per \(per), the clause per \(rule.unit), and the sum takes it as it is"),
                advice: Wording(
                    "换算（乘月数、人数），或改正 per 或 unit", "convert it (times months, times persons), or correct per or unit"),
                path: ["rules", rule.clause.rawValue, "amount", "expr"], isMistake: true)
        }
    }

    /// Parameters that are the value, or a part added to it or chosen for it, without a factor.
    private func given(_ expression: CheckedExpression, _ node: Int) -> [Int] {
        switch expression.nodes[node].operation {
        case .parameter(let index, _): [index]
        case .conditional(_, let yes, let no): given(expression, yes) + given(expression, no)
        case .call(.add, let parts), .call(.subtract, let parts), .call(.least, let parts), .call(.greatest, let parts):
            parts.flatMap { given(expression, $0) }
        default: []
        }
    }

    /// Facts counted in yuan or fen that are no money: nothing would convert them. 分 alone may as well be points.
    private func moneyFacts() -> [Finding] {
        pack.vocabulary.facts.compactMap { fact in
            guard let unit = fact.unit, ["yuan", "fen", "元"].contains(unit), fact.type != .money else {
                return nil
            }
            return Finding(
                code: "lint.unit", about: fact.id.rawValue,
                problem: Wording(
                    "单位是\(unit)，类型却是 \(fact.type.name)", "its unit is \(unit), its type \(fact.type.name)"),
                advice: Wording("改为 type: money", "make it type: money"), path: ["facts", fact.id.rawValue, "unit"],
                isMistake: true)
        }
    }

    /// Exclusions that bar nothing, go round in a circle, or contradict one another.
    func exclusions() -> [Finding] {
        pack.interactions.enumerated().flatMap { index, one -> [Finding] in
            var found: [Finding] = []
            func note(_ code: String, _ field: String, _ problem: Wording, _ advice: Wording) {
                found.append(
                    Finding(
                        code: code, about: one.clause.rawValue, problem: problem, advice: advice,
                        path: ["interactions", one.clause.rawValue, field], isMistake: true))
            }
            if Set(one.among).count < one.among.count {
                note(
                    "lint.exclusion_repeated", "among",
                    Wording("among 里有重复的条款", "a clause stands twice under among"), Wording("删去一处", "remove one"))
            }
            if one.among.contains(one.clause) {
                note(
                    "lint.exclusion_cycle", "among",
                    Wording("互斥条款排斥它自己", "the exclusion bars itself"),
                    Wording("among 只写受排斥的待遇条款", "name only the clauses of rights under among"))
            }
            if one.kind == .onePerYear, Set(one.among).count < 2 {
                note(
                    "lint.exclusion_alone", "among",
                    Wording("只有一条，没有互相排斥的对象", "one clause alone has nothing to bar"),
                    Wording("补上与之互斥的条款", "add the clauses it shall bar"))
            }
            let strangers = (one.oneItem.flatMap { $0 } + (one.letsPass?.clauses ?? [])).filter {
                !one.among.contains($0)
            }
            if let stranger = strangers.first {
                note(
                    "lint.exclusion_stranger", one.oneItem.flatMap { $0 }.contains(stranger) ? "one_item" : "let_pass",
                    Wording("\(stranger) 不在 among 之中", "\(stranger) is not under among"),
                    Wording("加进 among，或删去", "add it to among, or remove it"))
            }
            for other in pack.interactions[..<index]
            where other.kind == one.kind && other.isSoft != one.isSoft
                && Set(other.among).intersection(one.among).count > 1
            {
                note(
                    "lint.exclusion_contradiction", "strength",
                    Wording(
                        "与 \(other.clause) 对同样的条款一个可例外、一个不可",
                        "it and \(other.clause) say soft and hard of the same clauses"),
                    Wording("统一 strength", "make their strength the same"))
            }
            return found
        }
    }
}
