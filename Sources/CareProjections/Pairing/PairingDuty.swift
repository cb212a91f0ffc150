import CareDomain

/// What one place's document asks of its families' helpers: which slots, where, and on which days.
///
/// To whom helpers are owed, the determination of the clause says, as it does for the reminders; of a family that is not
/// judged yet, and of one looked at as known before it was, the status in the place does. Where no document asks for helpers
/// nobody owes one, and nobody lacks one.
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
    /// narrowest place; the days of one duty never adjoin. The determination of a duty's clause counts where there is one.
    /// - Parameter statuses: The household's `hardshipPeriods()`.
    package func owedPairings(_ duties: [PairingDuty], statuses: [HardshipPeriod]) -> [OwedPairing] {
        if duties.isEmpty { return [] }
        let places = divisionPeriods
        var taken: [DayPeriod] = []
        var result: [OwedPairing] = []
        for duty in duties.sorted(by: { $0.width > $1.width }) {
            var owed = determined(duty) ?? standing(duty, places, statuses)
            for period in taken { owed = owed.flatMap { $0.without(period) } }
            let merged = SlotCoverage.merged(owed)
            taken += merged
            result += merged.map { OwedPairing(duty: duty, period: $0) }
        }
        return result.sorted { ($0.period.start, $0.duty.clause) < ($1.period.start, $1.duty.clause) }
    }

    /// The days of the status in the duty's place, while the document is in force.
    private func standing(_ duty: PairingDuty, _ places: [DivisionPeriod], _ statuses: [HardshipPeriod]) -> [DayPeriod]
    {
        let days = places.filter { duty.isOf($0.division) }.compactMap { $0.period.intersection(duty.inForce) }
        return statuses.flatMap { status in days.compactMap { status.period.intersection($0) } }
    }

    /// The days on which the determination of a duty's clause promises helpers; nil when there is none.
    private func determined(_ duty: PairingDuty) -> [DayPeriod]? {
        let made = determinations.last { $0.made.clause == duty.clause && $0.made.subject == .household }
        guard let made, let open = openDays.flatMap(duty.inForce.intersection) else { return made == nil ? nil : [] }
        return made.made.intervals.filter(\.rightHolds).compactMap { $0.period.intersection(open) }
    }

    /// Days on which the file counts; nil = none.
    private var openDays: DayPeriod? {
        switch status {
        case .absent, .registeredInError: nil
        case .closed(let day, _), .absorbed(_, let day): DayPeriod(start: .distantPast, end: day)
        case .active: DayPeriod(start: .distantPast)
        }
    }
}
