import CareDomain

/// Days on which a household belonged to one division.
package struct DivisionPeriod: Hashable, Sendable {
    package let division: DivisionCode
    /// The first one reaches back without end, because a family lived somewhere before it was registered.
    package let period: DayPeriod
}

extension Household {
    /// Which division answered for the household, day by day, ascending and without gaps; the same answer as
    /// `division(on:)` for every day.
    package var divisionPeriods: [DivisionPeriod] {
        var starts = residences.map(\.from)
        guard let first = residences.first else { return [] }
        starts.removeAll { $0 == first.from }
        var result: [DivisionPeriod] = []
        var start = CivilDay.distantPast
        var current = division(on: .distantPast) ?? first.division
        for day in [first.from] + starts {
            guard let next = division(on: day), next != current else { continue }
            if start < day {
                result.append(DivisionPeriod(division: current, period: DayPeriod(start: start, end: day)))
            }
            start = day
            current = next
        }
        result.append(DivisionPeriod(division: current, period: DayPeriod(start: start)))
        return result
    }
}
