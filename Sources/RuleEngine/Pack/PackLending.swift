import CareDomain

/// What a pack says of funds and loans: who may pay in, and which clause says who may be helped.
package struct PackLending: Hashable, Sendable {
    /// The clause whose conditions a mother has to meet before she is paid.
    package let clause: ClauseID
    /// Conditions of it that the case itself proves: its application and its reviews.
    package let proven: [Code]
    /// Who may pay into a fund; empty = the document does not say.
    package let payers: [Code]
    /// Which districts give which kind of aid; empty = the document does not say, and everywhere every kind is given.
    package let modes: [LendingMode: [DivisionCode]]
}

extension RulePack {
    /// Which kinds of aid which districts give, as it says of its own territory; nil where it says nothing, or leaves it to each case
    /// by its reading.
    /// - Source: XM-4.1, reading XM-Q2
    package var lendingPlaces: LendingPlaces? {
        guard let territory, let lending, !lending.modes.isEmpty,
            readings.first(where: { $0.id.rawValue == "loan_mode" })?.standard != .code(Code(unchecked: "case"))
        else { return nil }
        return LendingPlaces(territory: territory, districts: lending.modes)
    }
}

extension PackReader {
    /// `lending`.
    func lending(_ value: YAMLValue, _ rules: [Rule]) -> PackLending? {
        guard let fields = document.fields(value, required: ["clause"], optional: ["proven", "payers", "modes"]),
            let rule = document.parsed(
                fields["clause"], Wording("本包管个人的条款", "a clause of this pack about a person"),
                { text in rules.first { $0.clause.rawValue == text && $0.unit.beneficiary == .person } })
        else { return nil }
        let proven = document.items(fields["proven"]).compactMap { item in
            document.parsed(item, Wording("该条款的条件", "a condition of the clause")) { text in
                rule.conditions.first { $0.id.rawValue == text }?.id
            }
        }
        return PackLending(
            clause: rule.clause, proven: proven, payers: document.items(fields["payers"]).compactMap(document.code),
            modes: modes(fields["modes"]))
    }

    /// `modes`: the districts of each kind of aid.
    private func modes(_ value: YAMLValue?) -> [LendingMode: [DivisionCode]] {
        guard let value,
            let fields = document.fields(value, required: [], optional: LendingMode.allCases.map(\.rawValue))
        else { return [:] }
        var modes: [LendingMode: [DivisionCode]] = [:]
        for mode in LendingMode.allCases {
            guard let districts = fields[mode.rawValue] else { continue }
            modes[mode] = document.items(districts).compactMap { item in
                document.parsed(item, Wording("区划代码", "a division code")) { DivisionCode($0) }
            }
        }
        return modes
    }
}
