import CareDomain

/// What one place's document asks of its families' helpers: which slots, where, and on which days.
///
/// The slots are owed to the special-hardship families of the place. Where no document asks for helpers nobody owes one,
/// and nobody lacks one.
/// - Source: CZ-2.14a 四个结对
package struct PairingDuty: Hashable, Sendable {
    /// The clause that asks for helpers; it stands for the duty where rows name it.
    package var clause: ClauseID
    /// Days on which the document is in force.
    package var inForce: DayPeriod
    /// Where a family must belong to be owed helpers; nil = everywhere (CZ-Q4: no registration asked for).
    package var territory: DivisionCode?
    /// The slots in the pack's order.
    package var slots: [CarePolicyWords.Slot]

    package init(
        clause: ClauseID, inForce: DayPeriod, territory: DivisionCode? = nil, slots: [CarePolicyWords.Slot]
    ) {
        self.clause = clause
        self.inForce = inForce
        self.territory = territory
        self.slots = slots
    }

    /// How narrow the place is: digits before the closing zeros; none for everywhere.
    fileprivate var width: Int { territory?.rawValue.reversed().drop(while: { $0 == "0" }).count ?? 0 }

    /// Whether the family of that division is the document's.
    func isOf(_ division: DivisionCode) -> Bool { territory.map(division.isWithin) ?? true }
}

/// Unbroken days on which a family was owed the helpers of one duty.
package struct OwedPairing: Hashable, Sendable {
    package var duty: PairingDuty
    /// Its first day is the first on which a slot can be a gap: a helper is owed neither before the status, nor before
    /// the document, nor before the family came to the place.
    package var period: DayPeriod
}

extension Household {
    /// When the household was owed helpers, and by which duty, ascending by day. On one day one duty counts, that of the
    /// narrowest place; the days of one duty never adjoin.
    /// - Parameter statuses: The household's `hardshipPeriods()`.
    package func owedPairings(_ duties: [PairingDuty], statuses: [HardshipPeriod]) -> [OwedPairing] {
        if duties.isEmpty || statuses.isEmpty { return [] }
        let places = divisionPeriods
        var taken: [DayPeriod] = []
        var result: [OwedPairing] = []
        for duty in duties.sorted(by: { $0.width > $1.width }) {
            let days = places.filter { duty.isOf($0.division) }.compactMap { $0.period.intersection(duty.inForce) }
            var owed = statuses.flatMap { status in days.compactMap { status.period.intersection($0) } }
            for period in taken { owed = owed.flatMap { $0.without(period) } }
            let merged = SlotCoverage.merged(owed)
            taken += merged
            result += merged.map { OwedPairing(duty: duty, period: $0) }
        }
        return result.sorted { ($0.period.start, $0.duty.clause) < ($1.period.start, $1.duty.clause) }
    }
}
