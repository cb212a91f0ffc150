import CareDomain

extension Determination {
    /// The event to append: all that the determination says, so that `init(_:)` reads the same back.
    /// - Parameters:
    ///   - readThrough: last event of the stream the facts were read from.
    ///   - changes: what it changes in the sums due so far.
    package func event(readThrough: EventReference, changes: [DueChange]) -> DeterminationMade {
        DeterminationMade(
            clause: clause, subject: subject, pack: pack.id, packVersion: pack.version, packHash: pack.hash,
            cadence: Code(unchecked: cadence.rawValue), monthRule: monthRule, amountType: amountType,
            department: department, intervals: intervals.map(\.stored), facts: facts, readThrough: readThrough,
            changes: changes)
    }

    /// Reads a stored determination back.
    package init(_ made: DeterminationMade) {
        self.init(
            clause: made.clause, subject: made.subject,
            pack: PackReference(id: made.pack, version: made.packVersion, hash: made.packHash),
            cadence: made.rhythm, monthRule: made.monthRule,
            amountType: made.amountType, department: made.department, intervals: made.intervals.map(Interval.init),
            facts: made.facts)
    }

    /// Whether a stored determination already says what this one says: then nothing is appended. Which pack version
    /// answered and on which events it rests may differ.
    package func isStored(as made: DeterminationMade) -> Bool {
        clause == made.clause && subject == made.subject && cadence.rawValue == made.cadence.rawValue
            && monthRule == made.monthRule && amountType == made.amountType && department == made.department
            && intervals.elementsEqual(made.intervals) { $0.stored == $1 }
    }
}

extension Determination.Interval {
    fileprivate var stored: DeterminationMade.Interval {
        DeterminationMade.Interval(
            period: period, status: status.stored, rightHolds: rightHolds, amount: amount, standard: standard,
            hoursThousandths: hours, hourlyRate: hourlyRate, payers: payers, missing: missing, decision: decision,
            rhythm: rhythm.map {
                DueRhythm(cadence: Code(unchecked: $0.cadence.rawValue), monthRule: $0.monthRule)
            })
    }

    fileprivate init(_ made: DeterminationMade.Interval) {
        self.init(
            period: made.period, status: OutcomeStatus(made.status), rightHolds: made.rightHolds, amount: made.amount,
            standard: made.standard, hours: made.hoursThousandths, hourlyRate: made.hourlyRate, payers: made.payers,
            missing: made.missing, decision: made.decision,
            rhythm: made.rhythm.map {
                // One that this build does not know pays nothing.
                .init(cadence: Cadence(rawValue: $0.cadence.rawValue) ?? .none, monthRule: $0.monthRule)
            })
    }
}
