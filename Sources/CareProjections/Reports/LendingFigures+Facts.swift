import CareDomain

extension LendingFigures {
    /// The figures as facts about a city, as a pack's indicators read them.
    /// - Source: XM-6.1, XM-6.2, XM-6.3
    package var cityFacts: [FactID: FactValue] {
        let money = [
            "gross_disbursed": disbursedTotal, "fresh_capital": capitalTotal, "principal_due": dueTotal,
            "principal_repaid_of_due": repaidOfDueTotal,
        ]
        let counts = [
            "households_helped": helpedTotal, "households_completed": completedTotal,
            "households_out_of_poverty": outTotal, "households_ever_out": everOutTotal,
        ]
        var facts: [FactID: FactValue] = [:]
        for (name, sum) in money { facts[FactID(unchecked: "city.\(name)")] = .money(sum) }
        for (name, count) in counts { facts[FactID(unchecked: "city.\(name)")] = .int(Int64(count)) }
        return facts
    }
}
