import CareDomain

/// Why a value cannot be one of a parameter's.
package struct ParameterIssue: Hashable, Sendable {
    /// What of it is wrong.
    package enum Part: String, Hashable, Sendable { case keys, value, period }

    package let part: Part
    package let what: Wording
    /// What to do.
    package let advice: Wording
}

extension ParameterIssue {
    /// How a command that sets such a value is refused; whoever tries a pack with it is told the same.
    package var refusal: Refusal {
        let reason: Refusal.Reason =
            switch part {
            case .keys: .unknownCode
            case .value: .factForm
            case .period: .indexYear
            }
        return Refusal(reason, field: part.rawValue, detail: "\(what.chinese)；\(advice.chinese)")
    }
}

extension RulePack {
    /// What is wrong with a value somebody sets: keys the pack never asks for, a sum below zero, a figure no person could
    /// have meant. Types are checked where the value is read.
    /// - Returns: empty = nothing.
    package func issues(of definition: ParameterDefinition, keys: [String], value: FactValue) -> [ParameterIssue] {
        keyIssues(definition, keys) + [rangeIssue(definition, value)].compactMap { $0 }
    }

    /// What is wrong with a value that a deployment sets for good: what can never be meant, and what the document does not
    /// allow (不低于). Where a pack is only tried, a file with the first is refused, and of the second the value.
    /// - Parameter days: those for which it is set.
    /// - Returns: empty = nothing.
    package func settingIssues(
        of definition: ParameterDefinition, keys: [String], value: FactValue, on days: DayPeriod
    ) -> [ParameterIssue] {
        issues(of: definition, keys: keys, value: value) + [yearIssue(definition, days)].compactMap { $0 }
            + definition.boundIssues(keys: keys, value: value)
    }

    /// What is wrong with the days of a figure of an index, which has one for each calendar year; nil = nothing, or it is none.
    ///
    /// A figure without an end is that of the year in which it begins.
    /// - Source: GY-3.0, 年人均
    package func yearIssue(_ definition: ParameterDefinition, _ days: DayPeriod) -> ParameterIssue? {
        let isIndexed = indexations.contains { $0.index == definition.id || $0.growth == definition.id }
        guard isIndexed, !days.isCalendarYear else { return nil }
        let year = days.start.year
        let given = "\(days.start)" + (days.lastDay.map { " – \($0)" } ?? " –")
        return ParameterIssue(
            part: .period,
            what: Wording(
                "\(definition.id) 一年一个数，\(given) 不是一个日历年",
                "\(definition.id) has one figure for each calendar year, and \(given) is none"),
            advice: Wording(
                "写该年的 \(year)-01-01 至 \(year)-12-31，或只写起日 \(year)-01-01",
                "write \(year)-01-01 through \(year)-12-31 of the figure's year, or its first day alone"))
    }

    private func keyIssues(_ definition: ParameterDefinition, _ keys: [String]) -> [ParameterIssue] {
        guard keys.count == definition.keys.count else {
            let names = definition.keys
            return [
                ParameterIssue(
                    part: .keys,
                    what: Wording(
                        "\(definition.id) 需要 \(names.count) 个键，写了 \(keys.count) 个",
                        "\(definition.id) takes \(names.count) keys, \(keys.count) are given"),
                    advice: names.isEmpty
                        ? Wording("去掉 keys", "leave the keys out")
                        : Wording(
                            "按次序给出：\(names.joined(separator: "、"))", "give in order: \(names.joined(separator: ", "))")
                )
            ]
        }
        let domains = keyDomains(of: definition)
        return zip(keys, domains).enumerated().compactMap { place, pair in
            let (key, domain) = pair
            guard !domain.holds(key) else { return nil }
            return ParameterIssue(
                part: .keys,
                what: Wording(
                    "\(definition.id) 的键 \(definition.keys[place]) 没有“\(key)”",
                    "\(definition.id) has no \(definition.keys[place]) \(key)"), advice: domain.advice)
        }
    }

    private func rangeIssue(_ definition: ParameterDefinition, _ value: FactValue) -> ParameterIssue? {
        guard let range = range(of: definition), let number = value.magnitude, !range.contains(number) else {
            return nil
        }
        let unit = definition.unit.map { " \($0 == "fen" ? "yuan" : $0)" } ?? ""
        let scale: Int64 = if case .money = value { 100 } else { 1000 }
        func text(_ bound: Int64) -> String { DecimalText.text(scale == 100 ? bound * 10 : bound) + unit }
        let given = FactValueText.text(value) + unit
        return ParameterIssue(
            part: .value,
            what: Wording(
                "\(definition.id) 的值 \(given) 不在 \(text(range.lowerBound)) 至 \(text(range.upperBound)) 之内",
                "\(given) is no value of \(definition.id): \(text(range.lowerBound)) to \(text(range.upperBound))"),
            advice: Wording(
                "核对单位（\(definition.unit ?? "无")）和数字", "check the unit (\(definition.unit ?? "none")) and the figure"))
    }

    /// The figures a parameter can sensibly have: fen for sums, thousandths for everything else; nil = no figure.
    private func range(of definition: ParameterDefinition) -> ClosedRange<Int64>? {
        switch definition.type {
        case .money:
            // A million yuan for one beneficiary, ten thousand million for an office's year.
            let isOffice = [.unit, .city, .village].contains(definition.per?.beneficiary)
            return 0...(isOffice ? 1_000_000_000_000 : 100_000_000)
        case .decimal:
            if indexations.contains(where: { $0.index == definition.id }) { return 1...1_000_000_000_000 }
            if indexations.contains(where: { $0.growth == definition.id }) { return -99_999...1_000_000 }
            return switch definition.unit {
            case "%": 0...100_000
            case "分": -1_000_000...1_000_000
            case nil: 0...10_000
            default: 0...1_000_000_000_000
            }
        case .int:
            let limit: Int64 =
                switch definition.unit {
                case "周岁", "岁": 120
                case "天": 36_500
                case "月", "期": 1_200
                case "级": 9
                case "次": 366
                default: 1_000_000_000
                }
            return 0...limit * 1000
        default: return nil
        }
    }

    // MARK: Keys

    /// A key of a value that nothing in the pack stands for.
    struct UnaskedKey {
        /// Place among the parameter's values.
        let value: Int
        /// The key's name (`area`), and what is written for it.
        let name: String
        let key: String
        /// What may stand there.
        let advice: Wording
        /// Whether an expression asks for the parameter, and never with this key; otherwise a fact of the key's name has no
        /// such code.
        let isAsked: Bool
    }

    /// The values of a parameter with a key for which no expression of the pack ever asks: misspelt, they hold for nobody.
    func unaskedKeys(of definition: ParameterDefinition) -> [UnaskedKey] {
        guard let place = parameters.firstIndex(where: { $0.id == definition.id }) else { return [] }
        let domains = askedDomains(place, definition)
        return definition.values.enumerated().flatMap { index, value in
            zip(value.keys, zip(definition.keys, domains)).compactMap { key, declared -> UnaskedKey? in
                let (name, asked) = declared
                guard let domain = asked ?? codes(named: name), !domain.holds(key) else { return nil }
                return UnaskedKey(value: index, name: name, key: key, advice: domain.advice, isAsked: asked != nil)
            }
        }
    }

    /// The codes of the facts called like a key; nil = there is none.
    private func codes(named name: String) -> KeyDomain? {
        let codes = vocabulary.facts.flatMap { fact -> [String] in
            guard fact.id.rawValue.hasSuffix(".\(name)"), case .code(let codes) = fact.type else { return [] }
            return codes.map(\.rawValue)
        }
        return codes.isEmpty ? nil : .codes(Set(codes))
    }

    /// The codes that a parameter may be asked for.
    private enum KeyDomain {
        case any
        case codes(Set<String>)
        case divisions

        func holds(_ key: String) -> Bool {
            switch self {
            case .any: !key.isEmpty
            case .codes(let codes): codes.contains(key)
            case .divisions: DivisionCode(key) != nil
            }
        }

        func union(_ other: KeyDomain) -> KeyDomain {
            switch (self, other) {
            case (.codes(let one), .codes(let two)): .codes(one.union(two))
            case (.divisions, .divisions): .divisions
            default: .any
            }
        }

        var advice: Wording {
            switch self {
            case .any: Wording("写出代码", "write a code")
            case .codes(let codes):
                Wording(
                    "可用：\(codes.sorted().joined(separator: "、"))", "one of: \(codes.sorted().joined(separator: ", "))")
            case .divisions: Wording("写 6、9 或 12 位区划代码", "write a division code of 6, 9 or 12 digits")
            }
        }
    }

    /// For each key the codes with which the pack's expressions, its own values and its indexes ask; anything where that
    /// cannot be told.
    private func keyDomains(of definition: ParameterDefinition) -> [KeyDomain] {
        guard let place = parameters.firstIndex(where: { $0.id == definition.id }) else {
            return definition.keys.map { _ in .any }
        }
        var found = askedDomains(place, definition)
        func add(_ domain: KeyDomain, _ index: Int) { found[index] = found[index].map { $0.union(domain) } ?? domain }
        for value in definition.values {
            for (index, key) in value.keys.enumerated() {
                add(DivisionCode(key) == nil ? .codes([key]) : .divisions, index)
            }
        }
        for indexation in indexations where indexation.index == definition.id || indexation.growth == definition.id {
            add(.codes(Set(indexation.standards.map(\.series))), 0)
        }
        return found.map { $0 ?? .any }
    }

    /// For each key the codes with which the pack's expressions ask; nil = none asks.
    private func askedDomains(_ place: Int, _ definition: ParameterDefinition) -> [KeyDomain?] {
        var found: [KeyDomain?] = definition.keys.map { _ in nil }
        for expression in rules.flatMap(\.allExpressions) + definitions.map(\.expression) {
            for node in expression.nodes {
                switch node.operation {
                case .parameter(place, let keys), .hasParameter(place, let keys):
                    for (index, key) in keys.enumerated() {
                        let domain = domain(key, expression)
                        found[index] = found[index].map { $0.union(domain) } ?? domain
                    }
                default: break
                }
            }
        }
        // Accounts of institutions are asked for by place.
        return holdsAccounts(definition.id) ? found.map { $0?.union(.divisions) ?? .divisions } : found
    }

    /// The codes a key's expression can give.
    private func domain(_ node: Int, _ expression: CheckedExpression) -> KeyDomain {
        switch expression.nodes[node].operation {
        case .constant(.string(let code)): return .codes([code])
        case .fact(_, let fact):
            switch vocabulary.facts[fact].type {
            case .code(let codes): return .codes(Set(codes.map(\.rawValue)))
            case .division: return .divisions
            default: return .any
            }
        case .derived(_, let index):
            let inner = definitions[index].expression
            return domain(inner.root, inner)
        case .conditional(_, let yes, let no):
            return domain(yes, expression).union(domain(no, expression))
        default: return .any
        }
    }
}

extension ParameterDefinition {
    /// The bounds of the document that a value breaks.
    package func boundIssues(keys: [String], value: FactValue) -> [ParameterIssue] {
        bounds.compactMap { bound in
            guard bound.keys.isEmpty || bound.keys == keys, let limit = bound.value.magnitude,
                let number = value.magnitude, bound.side == .least ? number < limit : number > limit
            else { return nil }
            let unit = unit.map { " \($0 == "fen" ? "yuan" : $0)" } ?? ""
            let (given, text) = (FactValueText.text(value) + unit, FactValueText.text(bound.value) + unit)
            let name = "\(id)" + (bound.keys.isEmpty ? "" : "[\(bound.keys.joined(separator: ","))]")
            let isLeast = bound.side == .least
            return ParameterIssue(
                part: .value,
                what: Wording(
                    "\(name) 的值 \(given) \(isLeast ? "低于" : "高于")文件规定的\(isLeast ? "下限" : "上限") \(text)（\(title.chinese)）",
                    "\(given) is \(isLeast ? "below the least" : "above the greatest") value of \(name), \(text)"
                        + " (\(title.english))"),
                advice: isLeast
                    ? Wording("写 \(text) 或以上", "write \(text) or more")
                    : Wording("写 \(text) 或以下", "write \(text) or less"))
        }
    }
}

extension FactType {
    /// Whether the value is one of the type's.
    package func holds(_ value: FactValue) -> Bool {
        FactValueText.parse(FactValueText.text(value), as: self, unit: "yuan") == value
    }
}

extension FactValue {
    /// Fen, or thousandths of a number; nil where it is no figure.
    var magnitude: Int64? {
        switch self {
        case .money(let fen): return fen.amount
        case .decimal(let thousandths): return thousandths
        case .int(let number):
            let (product, overflow) = number.multipliedReportingOverflow(by: 1000)
            return overflow ? (number < 0 ? .min : .max) : product
        default: return nil
        }
    }
}

extension DayPeriod {
    /// Whether it is a calendar year, or begins with one and has no end.
    var isCalendarYear: Bool {
        let first = CivilMonth(year: start.year, month: 1).firstDay
        let next = CivilMonth(year: start.year + 1, month: 1).firstDay
        return start == first && (end.map { $0 == next } ?? true)
    }
}
