import CareDomain

extension FactBase {
    /// The facts that say where a household belongs.
    package static let placeFacts: Set<FactID> = [
        FactID(unchecked: "household.division"), FactID(unchecked: "household.residence_division"),
    ]

    /// Days on which the division may change, in order.
    package var divisionDays: [CivilDay] {
        let days = statements.filter { Self.placeFacts.contains($0.fact) && $0.supersededAt == nil }
            .flatMap { [$0.period.start, $0.period.end].compactMap { $0 } }
        return Set(days).sorted()
    }

    /// Where the household belongs on a day by what stands uncorrected: its registration, otherwise its residence.
    package func division(on day: CivilDay) -> DivisionCode? {
        place("household.division", day) ?? place("household.residence_division", day)
    }

    private func place(_ fact: String, _ day: CivilDay) -> DivisionCode? {
        let latest = statements.filter { statement in
            statement.fact.rawValue == fact && statement.supersededAt == nil && statement.period.contains(day)
        }.max { ($0.period.start, $0.told) < ($1.period.start, $1.told) }
        guard case .reference(let code)? = latest?.value else { return nil }
        return DivisionCode(code)
    }
}
