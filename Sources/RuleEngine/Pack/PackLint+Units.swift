import CareDomain

extension PackLint {
    /// Sums by the month that stand for sums by the year, for a household that stand for one person, fen that may be yuan.
    func units() -> [Finding] {
        pack.rules.flatMap { units($0) + wholeForOne($0) + otherThanWords($0) } + moneyFacts()
    }

    /// Sums on record for the whole household that a clause gives to each person as they are.
    private func wholeForOne(_ rule: Rule) -> [Finding] {
        guard let money = rule.amount?.money, rule.unit.beneficiary == .person else { return [] }
        return Set(whole(money, money.root)).sorted().map { index in
            let fact = pack.vocabulary.facts[index]
            return Finding(
                code: "lint.whole_for_one", about: "\(rule.clause) \(fact.id)",
                problem: Wording(
                    "\(fact.id) 是全户的金额，条款按 \(rule.unit) 计，每人都直接取用",
                    "\(fact.id) is a sum of the household, the clause is per \(rule.unit), and each person gets it as it is"
                ),
                advice: Wording(
                    "按人数分摊，改用 person. 的事实，或改正 unit",
                    "divide it by the persons, use a fact of the person, or correct unit"),
                path: ["rules", rule.clause.rawValue, "amount", "expr"])
        }
    }

    /// Money facts of the household that are the value, or a part added to it or chosen for it, without a factor.
    private func whole(_ expression: CheckedExpression, _ node: Int) -> [Int] {
        switch expression.nodes[node].operation {
        case .fact(let entity, let fact):
            expression.nodes[entity].type == .entity(.household) && pack.vocabulary.facts[fact].type == .money
                ? [fact] : []
        case .conditional(_, let yes, let no): whole(expression, yes) + whole(expression, no)
        case .call(.add, let parts), .call(.subtract, let parts), .call(.least, let parts), .call(.greatest, let parts):
            parts.flatMap { whole(expression, $0) }
        default: []
        }
    }

    /// Sums a hundred times those that the clause's own words name, or a hundredth of them: yuan written as fen, or fen as yuan.
    private func otherThanWords(_ rule: Rule) -> [Finding] {
        guard let money = rule.amount?.money else { return [] }
        let named = Set((rule.words + "，" + rule.title.chinese).yuanNamed)
        guard !named.isEmpty else { return [] }
        let parts = FixedParts(money)
        let sums = money.nodes.indices.compactMap { node -> Fen? in
            if case .money(let fen)? = parts.value(node), fen > .zero { fen } else { nil }
        }
        return Set(sums).sorted().compactMap { sum in
            func words(_ fen: Int64) -> Bool { named.contains(fen) }
            guard !words(sum.amount) else { return nil }
            let (hundredfold, isTooLarge) = sum.amount.multipliedReportingOverflow(by: 100)
            let isFen = !isTooLarge && words(hundredfold)
            guard isFen || sum.amount % 100 == 0 && words(sum.amount / 100) else { return nil }
            let meant = Fen(isFen ? hundredfold : sum.amount / 100)
            let field = places?.has(["rules", rule.clause.rawValue, "amount", "value"]) == true ? "value" : "expr"
            return Finding(
                code: "lint.sum_of_words", about: rule.clause.rawValue,
                problem: Wording(
                    "金额是 \(sum) 元，条款原文写的是 \(meant) 元，相差一百倍",
                    "the sum is \(sum) yuan, the words of the clause say \(meant) yuan: a hundred times apart"),
                advice: isFen
                    ? Wording("写成 unit: yuan，或 care.yuan(…)", "write unit: yuan, or care.yuan(…)")
                    : Wording("写成 unit: fen，或改用元的数", "write unit: fen, or the number of yuan"),
                path: ["rules", rule.clause.rawValue, "amount", field])
        }
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

extension String {
    /// The sums in fen that a text names in figures: 300元, 2 万元, 1,000.50元.
    fileprivate var yuanNamed: [Int64] {
        var found: [Int64] = []
        var digits = ""
        var factor: Int64 = 100
        for character in self {
            switch character {
            case "0"..."9", ".":
                if factor != 100 { (digits, factor) = ("", 100) }
                digits.append(character)
            case ",", " ", "\u{3000}": break
            case "万" where !digits.isEmpty: factor = 1_000_000
            case "元" where !digits.isEmpty:
                if let sum = Self.fen(digits, factor) { found.append(sum) }
                (digits, factor) = ("", 100)
            default: (digits, factor) = ("", 100)
            }
        }
        return found
    }

    private static func fen(_ digits: String, _ factor: Int64) -> Int64? {
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int64(parts[0]) else { return nil }
        let (sum, isTooLarge) = whole.multipliedReportingOverflow(by: factor)
        guard !isTooLarge else { return nil }
        guard parts.count == 2 else { return sum }
        guard let rest = Int64(parts[1]), parts[1].count <= 2 else { return nil }
        return sum + rest * factor / (parts[1].count == 1 ? 10 : 100)
    }
}
