import CareDomain

/// `guidance`: the table of guidance numbers and how a year is settled.
extension PackReader {
    func guidance(_ item: YAMLValue, _ rules: [Rule], _ declarations: [Declaration]) -> PackGuidance? {
        guard
            let fields = document.fields(
                item,
                required: ["clause", "cap", "projects", "units", "parts", "adjustment", "full_from", "mode", "step"],
                optional: ["bounds"]),
            let clause = declared(fields["clause"], declarations, { !$0.targets.isEmpty })?.clause,
            let cap = reading(fields["cap"], choices: nil),
            let mode = reading(fields["mode"], choices: ReductionTerms.Mode.allCases.map(\.rawValue)),
            let step = reading(fields["step"], choices: ReductionTerms.Step.allCases.map(\.rawValue)),
            let adjustment = declared(fields["adjustment"], declarations, { $0.points != nil }),
            let full = document.int(fields["full_from"], 0...1000)
        else { return nil }
        let parts = document.items(fields["parts"]).compactMap { declared($0, declarations, { $0.points != nil }) }
        return PackGuidance(
            clause: clause, cap: cap, columns: document.items(fields["projects"]).compactMap { column($0, rules) },
            units: document.items(fields["units"]).compactMap(unit), parts: parts.map(Self.part),
            adjustment: Self.part(adjustment), bounds: bounds(fields["bounds"]), fullFrom: Points(full), mode: mode,
            step: step)
    }

    private static func part(_ declaration: Declaration) -> GuidanceTerms.Part {
        GuidanceTerms.Part(
            clause: declaration.clause, title: declaration.title.chinese, most: Points(Int64(declaration.points ?? 0)))
    }

    private func declared(
        _ value: YAMLValue?, _ declarations: [Declaration], _ isRight: (Declaration) -> Bool
    ) -> Declaration? {
        let what = Wording("declarations 里有 targets 或 points 的条款", "a declared clause with targets or points")
        return document.parsed(value, what) { text in
            declarations.first { $0.clause.rawValue == text && isRight($0) }
        }
    }

    private func column(_ item: YAMLValue, _ rules: [Rule]) -> PackGuidance.Column? {
        guard let fields = document.fields(item, required: ["clause", "column"]),
            let heading = document.text(fields["column"]),
            let rule = document.parsed(
                fields["clause"], Wording("本包中金额写死的条款", "a clause of this pack that names its sum"),
                { text in rules.first { $0.clause.rawValue == text && $0.standard != nil } })
        else { return nil }
        return PackGuidance.Column(rule: rule, heading: heading)
    }

    private func unit(_ item: YAMLValue) -> GuidanceTerms.Unit? {
        guard let fields = document.fields(item, required: ["division", "id", "zh", "city", "unit"]),
            let division = document.parsed(
                fields["division"], Wording("区划代码", "a division code"), { DivisionCode($0) }),
            let code = document.code(fields["id"]), let title = document.text(fields["zh"]),
            let city = document.int(fields["city"], 0...1000), let own = document.int(fields["unit"], 0...1000)
        else { return nil }
        guard let shares = CostShares(city: city, unit: own) else {
            document.note(
                item, "pack.cost_shares", Wording("分担的份数加起来是 0", "the parts of the cost add up to nothing"),
                Wording("写出市、单位各担几份", "say how many parts the city and the unit bear"))
            return nil
        }
        return GuidanceTerms.Unit(division: division, code: code, title: title, shares: shares)
    }

    private func bounds(_ value: YAMLValue?) -> ParameterID? {
        document.parsed(value, Wording("类型 decimal、有一个键的参数", "a parameter of type decimal with one key")) { name in
            scope.parameters.first { $0.id.rawValue == name && $0.type == .decimal && $0.keys.count == 1 }?.id
        }
    }

    /// A reading with exactly these choices; nil = true or false.
    private func reading(_ value: YAMLValue?, choices: [String]?) -> Int? {
        let what = choices.map { $0.joined(separator: "、") } ?? "true、false"
        return document.parsed(value, Wording("选项为 \(what) 的口径", "a reading with the choices \(what)")) { name in
            scope.readings.firstIndex { $0.id.rawValue == name && $0.choices?.map(\.rawValue) == choices }
        }
    }
}
