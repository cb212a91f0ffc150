import CareDomain

extension Determination {
    /// The event to append.
    /// - Parameters:
    ///   - readThrough: last event of the stream the facts were read from.
    ///   - difference: what it changes in the sums due so far.
    /// - Returns: nil for an incident, whose subject the event cannot name yet.
    package func event(readThrough: EventReference, difference: DeterminationDifference) -> DeterminationMade? {
        let subject: FactSubject
        switch self.subject {
        case .household: subject = .household
        case .person(let person): subject = .person(person)
        case .incident: return nil
        }
        return DeterminationMade(
            clause: clause, subject: subject, pack: pack.id, packVersion: pack.version, packHash: pack.hash,
            cadence: Code(unchecked: cadence.rawValue), payer: intervals.lazy.compactMap(\.payers.first?.payer).first,
            department: department,
            intervals: intervals.map { interval in
                DeterminationMade.Interval(
                    period: interval.period, status: interval.status.stored, amount: interval.amount,
                    hoursThousandths: interval.hours, missing: interval.missing)
            }, facts: facts, readThrough: readThrough, difference: difference.net)
    }
}

extension Determination {
    /// Reads a stored determination back, as far as the event keeps it: whether a right holds follows from the status,
    /// of the payers only the first is known, and months count by `monthRule`.
    package init(_ made: DeterminationMade, monthRule: MonthRule = .anyDay) {
        let payers = made.payer.map { [PayerShare(payer: $0, parts: 1)] } ?? []
        self.init(
            clause: made.clause, subject: RuleSubject(made.subject),
            pack: PackReference(id: made.pack, version: made.packVersion, hash: made.packHash),
            cadence: Cadence(rawValue: made.cadence.rawValue) ?? .none, monthRule: monthRule,
            department: made.department,
            intervals: made.intervals.map { interval in
                let status: OutcomeStatus =
                    switch interval.status {
                    case .entitled: .entitled
                    case .proposed: .proposed
                    case .notEntitled: .notEntitled
                    case .needsFact: .needsFact
                    case .needsParameter: .needsParameter
                    }
                return Interval(
                    period: interval.period, status: status, rightHolds: status == .entitled || status == .proposed,
                    amount: interval.amount, hours: interval.hoursThousandths, payers: payers, missing: interval.missing
                )
            }, facts: made.facts)
    }

    /// Whether a stored determination already says what this one says: then nothing is appended.
    package func isStored(as made: DeterminationMade) -> Bool {
        let none = DeterminationDifference(from: nil, to: self, through: CivilMonth(index: 0))
        guard let event = event(readThrough: made.readThrough, difference: none) else { return false }
        return event.clause == made.clause && event.subject == made.subject && event.cadence == made.cadence
            && event.payer == made.payer && event.department == made.department && event.intervals == made.intervals
    }
}
