import CareDomain

extension PackLint {
    /// Standards that follow an index and could never be set, or begin from another figure than the pack's own.
    func standards() -> [Finding] {
        pack.indexations.flatMap { indexation -> [Finding] in
            let path = ["indexations", indexation.clause.rawValue]
            return switches(indexation, path) + figures(indexation)
                + indexation.standards.flatMap { standard($0, path + ["standards"]) }
        }
    }

    /// Figures of the pack itself whose days are no calendar year.
    private func figures(_ indexation: Indexation) -> [Finding] {
        let names = [indexation.index, indexation.growth].compactMap { $0 }
        return pack.parameters.filter { names.contains($0.id) }.flatMap { parameter in
            parameter.values.enumerated().compactMap { place, value in
                pack.yearIssue(parameter, value.period).map { issue in
                    Finding(
                        code: "lint.index_year", about: parameter.id.rawValue, problem: issue.what,
                        advice: issue.advice,
                        path: ["parameters", parameter.id.rawValue, "values", "\(place)", "from"], isMistake: true)
                }
            }
        }
    }

    private func switches(_ indexation: Indexation, _ path: [String]) -> [Finding] {
        var found: [Finding] = []
        let years = pack.readings[indexation.baseYear].choices?.map { Int($0.rawValue) ?? 0 } ?? []
        if years.isEmpty || years.contains(where: { !(1900...9999).contains($0) }) {
            found.append(
                Finding(
                    code: "lint.base_year", about: indexation.clause.rawValue,
                    problem: Wording("基年口径的选项不都是年份", "not all choices of the base year are years"),
                    advice: Wording("写选项为年份的口径", "name a reading whose choices are years"),
                    path: path + ["base_year"], isMistake: true))
        }
        let units = indexation.rounding.map { Set(pack.readings[$0].choices?.map(\.rawValue) ?? []) }
        if let units, units != ["fen", "yuan"] {
            found.append(
                Finding(
                    code: "lint.rounding", about: indexation.clause.rawValue,
                    problem: Wording("取整口径的选项不是 fen、yuan", "the choices of the rounding are not fen and yuan"),
                    advice: Wording("写选项为 fen、yuan 的口径", "name a reading with the choices fen and yuan"),
                    path: path + ["rounding"], isMistake: true))
        }
        return found
    }

    private func standard(_ standard: Indexation.Standard, _ path: [String]) -> [Finding] {
        func finding(_ field: String, _ problem: Wording, _ advice: Wording) -> Finding {
            Finding(
                code: "lint.standard", about: standard.id.rawValue, problem: problem, advice: advice,
                path: path + [standard.id.rawValue, field], isMistake: true)
        }
        var found: [Finding] = []
        if pack.rule(standard.clause) == nil {
            found.append(
                finding(
                    "clause", Wording("\(standard.clause) 不是规则", "\(standard.clause) is no rule"),
                    Wording("写用到这项标准的条款", "name the clause that uses the standard")))
        }
        guard let shipped = shipped(standard.id) else {
            found.append(
                finding(
                    "id",
                    Wording(
                        "没有这个金额参数，批准的新标准无处设定", "there is no such money parameter, so a new standard could not be set"),
                    Wording(
                        "写参数名，有键的把键写在后面，如 gy.x.grade_2",
                        "write the parameter, with its key behind it, such as gy.x.grade_2")))
            return found
        }
        if !shipped.isEmpty, !shipped.contains(standard.figure) {
            let sums = shipped.map(\.description)
            found.append(
                finding(
                    "yuan",
                    Wording(
                        "随包的值是 \(sums.joined(separator: "、")) 元，不是 \(standard.figure)",
                        "the pack ships \(sums.joined(separator: ", ")) yuan, not \(standard.figure)"),
                    Wording("两处写成一样", "write the same in both places")))
        }
        return found
    }

    /// The figures shipped of the money parameter that a standard is called after, with its keys behind it; nil = there is none.
    private func shipped(_ name: Code) -> [Fen]? {
        for parameter in pack.parameters where parameter.type == .money {
            var keys: [String] = []
            if name.rawValue.hasPrefix(parameter.id.rawValue + ".") {
                let rest = name.rawValue.dropFirst(parameter.id.rawValue.count + 1)
                keys = rest.split(separator: ".").map(String.init)
            } else if name.rawValue != parameter.id.rawValue {
                continue
            }
            guard keys.count == parameter.keys.count else { continue }
            return parameter.values.filter { $0.keys == keys }.compactMap {
                if case .money(let sum) = $0.value { sum } else { nil }
            }
        }
        return nil
    }

    /// Choices of a switch for which a rule does not say which months are due: they would pass for any day.
    func monthChoices() -> [Finding] {
        pack.rules.compactMap { rule in
            guard case .reading(let index, let written) = rule.monthRule else { return nil }
            let reading = pack.readings[index]
            let missing = (reading.choices ?? []).filter { written[$0] == nil }.map(\.rawValue)
            guard !missing.isEmpty else { return nil }
            return Finding(
                code: "lint.month_choices", about: rule.clause.rawValue,
                problem: Wording(
                    "口径 \(reading.id) 的选项 \(missing.joined(separator: "、")) 没有写按哪些月份计发",
                    "nothing says which months are due under \(missing.joined(separator: ", ")) of \(reading.id)"),
                advice: Wording("每个选项都写", "write it for each choice"),
                path: ["rules", rule.clause.rawValue, "month_rule", "choices"], isMistake: true)
        }
    }

    /// Columns, rows and parts of the table of guidance numbers that stand twice.
    func guidanceTwice() -> [Finding] {
        guard let guidance = pack.guidance else { return [] }
        func twice(_ names: [String], _ field: String) -> [Finding] {
            Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +).filter { $0.value > 1 }.keys.sorted().map { name in
                Finding(
                    code: "lint.guidance_twice", about: name,
                    problem: Wording("在 \(field) 中写了两次", "it stands twice under \(field)"),
                    advice: Wording("删去一处", "remove one"), path: ["guidance", field, name], isMistake: true)
            }
        }
        return twice(guidance.columns.map(\.rule.clause.rawValue), "projects")
            + twice(guidance.units.map(\.division.rawValue), "units")
            + twice(guidance.parts.map(\.clause.rawValue), "parts")
    }

    /// Tags of YAML's own: what they mean nobody here knows, and `!x` may have been meant as an expression.
    func tags() -> [Finding] {
        (places?.tagged ?? []).map { place in
            Finding(
                code: "lint.tag", about: "!", problem: YAMLValue.tagProblem, advice: YAMLValue.tagAdvice,
                isMistake: true,
                place: place)
        }
    }
}
