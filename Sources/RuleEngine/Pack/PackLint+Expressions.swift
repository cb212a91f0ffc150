import CareDomain

/// An expression of a pack, whom it is about and where it stands.
struct PlacedExpression {
    let about: String
    /// As `PackPlaces` has it.
    let path: [String]
    let expression: CheckedExpression
}

extension RulePack {
    /// Every expression as it is written; a derived fact that a rule defines stands in the rule's conditions.
    var placedExpressions: [PlacedExpression] {
        rules.flatMap(\.placedExpressions)
            + definitions.filter { $0.rule == nil }.map {
                PlacedExpression(
                    about: $0.id.rawValue, path: ["definitions", $0.id.rawValue, "expr"], expression: $0.expression)
            }
    }
}

extension Rule {
    fileprivate var placedExpressions: [PlacedExpression] {
        let start = ["rules", clause.rawValue]
        func placed(_ expression: CheckedExpression?, _ path: [String], _ name: String) -> PlacedExpression? {
            expression.map { PlacedExpression(about: "\(clause) \(name)", path: start + path, expression: $0) }
        }
        func placed(_ conditions: [Condition], _ field: String) -> [PlacedExpression?] {
            conditions.map { placed($0.expression, [field, $0.id.rawValue, "expr"], $0.id.rawValue) }
        }
        let sums = [
            placed(amount?.money, ["amount", "expr"], "amount"),
            placed(amount?.when, ["amount", "when"], "amount when"),
            placed(amount?.hours, ["amount", "hours"], "amount hours"),
            placed(amount?.hourlyRate, ["amount", "hourly_rate"], "amount hourly_rate"),
            placed(measure?.expression, ["measure", "expr"], "measure"),
        ]
        let shares = payers.enumerated().flatMap { index, payer in
            [placed(payer.condition, ["payers", "\(index)", "when"], "payers")]
                + payer.computed.map {
                    placed($0.expression, ["payers", "\(index)", "shares", $0.payer.rawValue], "payers \($0.payer)")
                }
        }
        let circle = placed(who?.expression, ["who", "expr"], who?.id.rawValue ?? "who")
        return ([circle] + placed(conditions, "conditions") + placed(warnings, "warnings") + sums + shares)
            .compactMap { $0 }
    }
}

extension PackLint {
    /// Everything about what expressions say: conditions that no facts can meet, parts that never give a value, comparisons that
    /// no value meets. Of an expression of which the whole is told, no single comparison is.
    func expressions() -> [Finding] {
        let whole = conditions()
        let told = Set(whole.filter { ["lint.unreachable", "lint.always_met"].contains($0.code) }.map(\.path))
        return whole
            + pack.placedExpressions.flatMap { placed -> [Finding] in
                let parts = FixedParts(placed.expression)
                return parts.failing.map { failing($0, placed) }
                    + (told.contains(placed.path) ? [] : comparisons(placed, parts)) + negative(placed, parts)
            }
    }

    /// A part that cannot be worked out, whatever the facts.
    private func failing(_ part: FixedParts.Failing, _ placed: PlacedExpression) -> Finding {
        let node = placed.expression.nodes[part.node]
        let words = FailureWords(operation: node.operation, error: part.error, given: part.given)
        return Finding(
            code: "lint.always_fails", about: placed.about,
            problem: Wording("这一部分总是算不出：\(words.why.chinese)", "this part never gives a value: \(words.why.english)"),
            advice: words.advice, path: placed.path, offset: placed.expression.begin(of: part.node), isMistake: true)
    }

    /// Comparisons with a constant that no value meets, and those that every value of a bounded function does.
    private func comparisons(_ placed: PlacedExpression, _ parts: FixedParts) -> [Finding] {
        let terms = ConditionTerms(placed.expression, pack)
        return placed.expression.nodes.indices.compactMap { node -> Finding? in
            guard parts.value(node) == nil, !parts.isFailing[node], let said = terms.quantity(node)?.said else {
                return nil
            }
            let isAlways = said.denied.isEmpty && terms.comparesBounded(node)
            guard said.isEmpty || isAlways else { return nil }
            let range = said.range ?? Wording("没有这样的值", "there is no such value")
            return Finding(
                code: isAlways ? "lint.comparison_always" : "lint.comparison_never", about: placed.about,
                problem: isAlways
                    ? Wording("这一比较总是成立：\(range.chinese)", "this comparison always holds: \(range.english)")
                    : Wording("这一比较永不成立：\(range.chinese)", "this comparison never holds: \(range.english)"),
                advice: isAlways
                    ? Wording("去掉它，或改正界限", "leave it out, or correct the bound")
                    : Wording("改正界限或所比的值", "correct the bound or what is compared"),
                path: placed.path, offset: placed.expression.begin(of: node), isMistake: !isAlways)
        }
    }

    /// A sum, or a payer's part, that is written as one below zero.
    private func negative(_ placed: PlacedExpression, _ parts: FixedParts) -> [Finding] {
        let isSum = placed.path.last == "expr" && placed.path.dropLast().last == "amount"
        guard isSum || placed.path.contains("shares") else { return [] }
        switch parts.value(placed.expression.root) {
        case .money(let fen)? where fen < .zero: break
        case .int(let number)? where number < 0 && !isSum: break
        default: return []
        }
        return [
            Finding(
                code: "lint.negative_sum", about: placed.about,
                problem: Wording("金额总是小于零", "the sum is always below zero"),
                advice: Wording("写成零或正数；要收回的由人决定", "write zero or more; what is to come back is decided by people"),
                path: placed.path, offset: 0, isMistake: true)
        ]
    }

    /// Sums that are written in two ways, of which only one counts.
    func sumsTwice() -> [Finding] {
        pack.rules.compactMap { rule in
            let path = ["rules", rule.clause.rawValue, "amount"]
            let written = ["value", "parameter", "expr"].filter { places?.has(path + [$0]) ?? false }
            guard written.count > 1 else { return nil }
            return Finding(
                code: "lint.sum_twice", about: rule.clause.rawValue,
                problem: Wording(
                    "金额写了\(written.joined(separator: "、"))，只有 \(written[0]) 算数",
                    "the sum is written as \(written.joined(separator: " and ")); only \(written[0]) counts"),
                advice: Wording("只留一种", "keep one of them"), path: path + [written[1]], isMistake: true)
        }
    }
}

extension Quantity {
    /// The values there are, in words; nil where that is anything.
    fileprivate var range: Wording? {
        guard case .numbers(let ranges)? = universe, let low = ranges.first?.lowerBound,
            let high = ranges.last?.upperBound, low > .min
        else { return nil }
        return high == .max
            ? Wording("值不小于 \(low)", "the value is at least \(low)")
            : Wording("值在 \(low) 至 \(high) 之间", "the value is from \(low) to \(high)")
    }
}
