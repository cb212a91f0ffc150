import CareDomain

/// 指导数与结算 as a pack declares it: the table's columns and rows, the parts of the evaluation, and which readings and
/// parameters decide the rest.
package struct PackGuidance: Sendable {
    /// One column of the table.
    struct Column: Sendable {
        let rule: Rule
        let heading: String
    }

    let clause: ClauseID
    /// The reading that says whether a guidance number is a cap.
    let cap: Int
    let columns: [Column]
    let units: [GuidanceTerms.Unit]
    let parts: [GuidanceTerms.Part]
    let adjustment: GuidanceTerms.Part
    /// The parameter that bounds the adjustment, by the keys `least` and `most`.
    let bounds: ParameterID?
    let fullFrom: Points
    let mode: Int
    let step: Int
}

extension PackGuidance {
    /// The parameters by which a deployment may set a unit's budget and advance.
    /// - Source: WZ-A3.5b, WZ-4.2
    static let budget = ParameterID(unchecked: "wz.municipal_budget")
    static let advance = ParameterID(unchecked: "wz.advance")

    /// Who bears a project's cost in a unit: of the rule's own cases that with the unit's parts. Nil for a unit that is not
    /// in the table, a rule that is none of its projects, and where no case has the parts.
    func shares(of division: DivisionCode, _ rule: Rule) -> [PayerShare]? {
        guard columns.contains(where: { $0.rule.clause == rule.clause }),
            let unit = units.first(where: { $0.division == division })
        else { return nil }
        let city = Code(unchecked: "city")
        return rule.payers.map(\.shares).first { shares in
            let whole = shares.reduce(0) { $0 + $1.parts }
            let ofTheCity = shares.reduce(0) { $0 + ($1.payer == city ? $1.parts : 0) }
            return whole > 0 && ofTheCity * (unit.shares.city + unit.shares.unit) == unit.shares.city * whole
        }
    }
}

extension RulePack {
    /// What the pack says of guidance numbers and settlements, under its own readings and the parameters' values; nil = nothing.
    package func guidanceTerms(_ values: [ParameterValue]) -> GuidanceTerms? {
        guard let guidance else { return nil }
        let positions = positions([:])
        guard case .bool(let isCap) = positions[guidance.cap], case .code(let mode) = positions[guidance.mode],
            case .code(let step) = positions[guidance.step],
            let mode = ReductionTerms.Mode(rawValue: mode.rawValue),
            let step = ReductionTerms.Step(rawValue: step.rawValue)
        else { return nil }
        func bound(_ key: String) -> Points? {
            let value = values.last { $0.parameter == guidance.bounds && $0.keys == [key] }?.value
            guard case .decimal(let thousandths)? = value else { return nil }
            return Points(thousandths: thousandths)
        }
        var adjustment = guidance.adjustment
        if let most = bound("most") { adjustment.most = most }
        var terms = GuidanceTerms(
            pack: id, packHash: hash, years: validFrom.year...max(validFrom.year, validTo?.year ?? 9999),
            clause: guidance.clause, isCap: isCap,
            projects: guidance.columns.map { column in
                GuidanceTerms.Project(
                    clause: column.rule.clause, title: column.rule.title.chinese, column: column.heading,
                    standard: column.rule.standard ?? .zero)
            }, units: guidance.units, parts: guidance.parts, adjustment: adjustment,
            leastAdjustment: bound("least"),
            reduction: ReductionTerms(fullFrom: guidance.fullFrom, mode: mode, step: step))
        terms.budgets = Self.sums(PackGuidance.budget, values)
        terms.advances = Self.sums(PackGuidance.advance, values)
        return terms
    }

    private static func sums(_ parameter: ParameterID, _ values: [ParameterValue]) -> [GuidanceTerms.SetSum] {
        values.compactMap { value in
            guard value.parameter == parameter, value.keys.count == 1, case .money(let amount) = value.value,
                let division = DivisionCode(value.keys[0])
            else { return nil }
            return GuidanceTerms.SetSum(division: division, period: value.period, amount: amount)
        }
    }

    /// What bars grants of the same household, under the pack's own readings.
    package var exclusions: [Exclusion] { exclusions([:]) }

    /// The same, under readings set apart from the default.
    package func exclusions(_ choices: ReadingChoices) -> [Exclusion] {
        let positions = positions(choices)
        func isOn(_ when: Interaction.Case?) -> Bool { when.map { positions[$0.reading] == $0.choice } ?? false }
        return interactions.map { interaction in
            Exclusion(
                clause: interaction.clause, title: interaction.title.chinese,
                kind: interaction.kind == .onePerYear ? .onePerYear : .priorYear, among: interaction.among,
                isSoft: interaction.isSoft, onlySameItem: isOn(interaction.onlySameClause),
                items: interaction.oneItem,
                letsPass: interaction.letsPass.flatMap { isOn($0.when) ? $0.clauses : nil } ?? [])
        }
    }
}

extension Rule {
    /// The sum that the clause itself names; nil when it depends on anything.
    var standard: Fen? {
        guard let money = amount?.money, money.nodes.indices.contains(money.root),
            case .constant(.money(let sum)) = money.nodes[money.root].operation
        else { return nil }
        return sum
    }
}

extension PackGuidance {
    /// Its parts as texts, by field, for comparing two versions.
    var differenceFields: [String: String] {
        var fields = ["full_from": "\(fullFrom)", "parts": parts.map(\.clause.rawValue).joined(separator: " ")]
        fields["projects"] = columns.map { "\($0.rule.clause) \($0.heading)" }.joined(separator: "; ")
        for unit in units {
            fields["units.\(unit.division)"] = "\(unit.code) \(unit.title) \(unit.shares.city):\(unit.shares.unit)"
        }
        return fields
    }
}
