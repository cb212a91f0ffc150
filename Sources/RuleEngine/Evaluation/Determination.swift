import CareDomain

/// 认定结果: the outcome of one clause for one beneficiary in the form that is stored and compared.
package struct Determination: Hashable, Sendable {
    /// One stretch of days with the same result.
    package struct Interval: Hashable, Sendable {
        package var period: DayPeriod
        package var status: OutcomeStatus
        /// Whether the right itself holds.
        package var rightHolds: Bool
        /// Sum per cadence.
        package var amount: Fen?
        /// Hours per month, in thousandths.
        package var hours: Int64?
        package var payers: [PayerShare]
        /// Codes of what is missing, sorted.
        package var missing: [String]

        package init(
            period: DayPeriod, status: OutcomeStatus, rightHolds: Bool, amount: Fen? = nil, hours: Int64? = nil,
            payers: [PayerShare] = [], missing: [String] = []
        ) {
            self.period = period
            self.status = status
            self.rightHolds = rightHolds
            self.amount = amount
            self.hours = hours
            self.payers = payers
            self.missing = missing
        }
    }

    package var clause: ClauseID
    package var subject: RuleSubject
    /// The version that answers for the latest right, or for the last day when there is none.
    package var pack: PackReference
    package var cadence: Cadence
    package var monthRule: MonthRule
    package var department: DepartmentID?
    /// In order of days, without gap or overlap.
    package var intervals: [Interval]
    /// Events the answer rests on, sorted.
    package var facts: [EventReference]

    package init(
        clause: ClauseID, subject: RuleSubject, pack: PackReference, cadence: Cadence, monthRule: MonthRule = .anyDay,
        department: DepartmentID? = nil, intervals: [Interval], facts: [EventReference] = []
    ) {
        self.clause = clause
        self.subject = subject
        self.pack = pack
        self.cadence = cadence
        self.monthRule = monthRule
        self.department = department
        self.intervals = intervals
        self.facts = facts
    }

    /// Whether nothing is given, proposed or asked for on any day: then there is nothing to store unless an earlier
    /// determination said otherwise.
    package var isEmpty: Bool { intervals.allSatisfy { $0.status == .notEntitled } }

    /// Whether the other says the same for every day: status, sums, payers, department, what is missing. Which pack
    /// version and which events it rests on may differ.
    package func hasSameOutcome(as other: Determination) -> Bool {
        clause == other.clause && subject == other.subject && cadence == other.cadence
            && monthRule == other.monthRule && department == other.department && intervals == other.intervals
    }
}

extension Evaluator {
    /// Evaluates everything and gives the results in the form to store.
    /// - Parameter period: nil = from the first day of the earliest pack, without end.
    /// - Returns: as `evaluate`; definitions and clauses without a right to determine are among them.
    package func determine(
        _ facts: FactBase, knownAt: KnownAt = .latest, over period: DayPeriod? = nil
    ) -> [Determination] {
        let first = registry.versions.map(\.effectiveFrom).min()
        guard let period = period ?? first.map({ DayPeriod(start: $0) }) else { return [] }
        return evaluate(facts, knownAt: knownAt, over: period).compactMap { determination($0) }
    }

    /// The outcome in the form to store.
    package func determination(_ outcome: RuleOutcome) -> Determination? {
        let telling = outcome.pieces.last { $0.rightHolds } ?? outcome.pieces.last
        guard let telling, let pack = pack(telling.pack), let rule = pack.rule(outcome.clause) else { return nil }
        var intervals: [Determination.Interval] = []
        for piece in outcome.pieces {
            let interval = Determination.Interval(
                period: piece.period, status: piece.status, rightHolds: piece.rightHolds, amount: piece.amount,
                hours: piece.hours, payers: piece.payers,
                missing: (piece.missing + piece.missingForPayer).map(\.code)
                    + (piece.failure.map { ["error:\($0.rawValue)"] } ?? []))
            if var last = intervals.last, last.period.end == interval.period.start {
                last.period = interval.period
                if last == interval {
                    intervals[intervals.count - 1].period = DayPeriod(
                        start: intervals[intervals.count - 1].period.start, end: interval.period.end)
                    continue
                }
            }
            intervals.append(interval)
        }
        return Determination(
            clause: outcome.clause, subject: outcome.subject, pack: telling.pack, cadence: rule.unit.cadence,
            monthRule: pack.monthRule(rule, choices), department: rule.department, intervals: intervals,
            facts: Set(outcome.pieces.flatMap(\.facts)).sorted())
    }

    /// The published pack behind a reference.
    package func pack(_ reference: PackReference) -> RulePack? {
        registry.versions.first { $0.pack.id == reference.id && $0.pack.hash == reference.hash }?.pack
    }
}
