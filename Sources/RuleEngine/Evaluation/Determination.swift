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
        /// The clause's own figure, where a person decided another sum.
        package var standard: Fen?
        /// Hours per month, in thousandths.
        package var hours: Int64?
        /// Subsidy per delivered hour.
        package var hourlyRate: Fen?
        package var payers: [PayerShare]
        /// Codes of what is missing, sorted.
        package var missing: [String]
        /// The decision of a person that made the answer what it is.
        package var decision: EventReference?
        /// When the sums of these days fall due, where the version that judged them says another thing than that of the
        /// determination; nil = as that. Only of days with the right.
        package var rhythm: Rhythm?

        package init(
            period: DayPeriod, status: OutcomeStatus, rightHolds: Bool, amount: Fen? = nil, standard: Fen? = nil,
            hours: Int64? = nil, hourlyRate: Fen? = nil, payers: [PayerShare] = [], missing: [String] = [],
            decision: EventReference? = nil, rhythm: Rhythm? = nil
        ) {
            self.rhythm = rhythm
            self.period = period
            self.status = status
            self.rightHolds = rightHolds
            self.amount = amount
            self.standard = standard
            self.hours = hours
            self.hourlyRate = hourlyRate
            self.payers = payers
            self.missing = missing
            self.decision = decision
        }

        /// Whether both say the same, whatever their days.
        package func saysTheSame(as other: Interval) -> Bool {
            status == other.status && rightHolds == other.rightHolds && amount == other.amount
                && standard == other.standard && hours == other.hours && hourlyRate == other.hourlyRate
                && payers == other.payers && missing == other.missing && decision == other.decision
                && rhythm == other.rhythm
        }
    }

    /// When sums fall due.
    package struct Rhythm: Hashable, Sendable {
        package var cadence: Cadence
        package var monthRule: MonthRule

        package init(cadence: Cadence, monthRule: MonthRule) {
            self.cadence = cadence
            self.monthRule = monthRule
        }
    }

    package var clause: ClauseID
    package var subject: RuleSubject
    /// The version that answers for the latest right, or that ends it; for the last day when there is none.
    package var pack: PackReference
    package var cadence: Cadence
    package var monthRule: MonthRule
    /// How binding the clause's figure is.
    package var amountType: AmountType
    package var department: DepartmentID?
    /// In order of days, without gap or overlap.
    package var intervals: [Interval]
    /// Events the answer rests on, sorted.
    package var facts: [EventReference]

    package init(
        clause: ClauseID, subject: RuleSubject, pack: PackReference, cadence: Cadence, monthRule: MonthRule = .anyDay,
        amountType: AmountType = .none, department: DepartmentID? = nil, intervals: [Interval],
        facts: [EventReference] = []
    ) {
        self.clause = clause
        self.subject = subject
        self.pack = pack
        self.cadence = cadence
        self.monthRule = monthRule
        self.amountType = amountType
        self.department = department
        self.intervals = intervals
        self.facts = facts
    }

    /// Whether nothing is given, proposed or asked for on any day, nor left to another file: then there is nothing to store unless
    /// an earlier determination said otherwise.
    package var isEmpty: Bool { intervals.allSatisfy { $0.status == .notEntitled && !$0.rightHolds } }

    /// Whether the other says the same for every day: status, sums, payers, department, what is missing. Which pack
    /// version and which events it rests on may differ.
    package func hasSameOutcome(as other: Determination) -> Bool {
        clause == other.clause && subject == other.subject && cadence == other.cadence
            && monthRule == other.monthRule && amountType == other.amountType && department == other.department
            && intervals == other.intervals
    }
}

extension Evaluator {
    /// Evaluates everything and gives the results in the form to store.
    /// - Parameter period: nil = from the first day of the earliest pack, without end.
    /// - Returns: as `evaluate`; definitions and clauses without a right to determine are among them. Rights that ran in a
    ///   file of `FactBase.others` go on from there, and what that file had is not given once more.
    package func determine(
        _ facts: FactBase, knownAt: KnownAt = .latest, over period: DayPeriod? = nil
    ) -> [Determination] {
        determined(facts, knownAt: knownAt, over: period).map(\.determination)
    }

    /// The same, each with the outcome that it was made of, which says what version judged which days.
    package func determined(
        _ facts: FactBase, knownAt: KnownAt = .latest, over period: DayPeriod? = nil
    ) -> [(outcome: RuleOutcome, determination: Determination)] {
        let first = registry.versions.map(\.effectiveFrom).min()
        guard let period = period ?? first.map({ DayPeriod(start: $0) }) else { return [] }
        let carried = CarriedRights(into: facts, knownAt, by: self)
        return evaluate(facts, knownAt: knownAt, over: period).compactMap { outcome in
            determination(outcome).map { (outcome, carried.applied(to: $0)) }
        }
    }

    /// The outcome in the form to store.
    package func determination(_ outcome: RuleOutcome) -> Determination? {
        let telling = outcome.pieces.last { $0.rightHolds } ?? outcome.pieces.last
        guard let telling, let pack = pack(telling.pack), let rule = pack.rule(outcome.clause) else { return nil }
        let rhythm = Determination.Rhythm(cadence: rule.unit.cadence, monthRule: pack.monthRule(rule, choices))
        var intervals: [Determination.Interval] = []
        for piece in outcome.pieces {
            let own = piece.rightHolds && piece.pack != telling.pack ? self.rhythm(outcome.clause, piece.pack) : nil
            let interval = Determination.Interval(
                period: piece.period, status: piece.status, rightHolds: piece.rightHolds, amount: piece.amount,
                standard: piece.standard, hours: piece.hours, hourlyRate: piece.hourlyRate, payers: piece.payers,
                missing: piece.allMissing.map(\.code)
                    + (piece.failure.map { ["error:\($0.rawValue)"] } ?? []),
                decision: piece.decision, rhythm: own == rhythm || rhythm.cadence == .once ? nil : own)
            if let last = intervals.last, last.period.end == interval.period.start, last.saysTheSame(as: interval) {
                intervals[intervals.count - 1].period = DayPeriod(
                    start: last.period.start, end: interval.period.end)
            } else {
                intervals.append(interval)
            }
        }
        return Determination(
            clause: outcome.clause, subject: outcome.subject, pack: outcome.answering ?? telling.pack,
            cadence: rhythm.cadence, monthRule: rhythm.monthRule, amountType: rule.amount?.type ?? .none,
            department: rule.department, intervals: intervals,
            facts: outcome.pieces.flatMap(\.facts).sortedOnce())
    }

    /// When the sums of a clause fall due under a version; nil where it does not have the clause, or gives it once: what is
    /// given once is settled over all versions together, by the last one.
    private func rhythm(_ clause: ClauseID, _ version: PackReference) -> Determination.Rhythm? {
        guard let pack = pack(version), let rule = pack.rule(clause), rule.unit.cadence != .once else { return nil }
        return Determination.Rhythm(cadence: rule.unit.cadence, monthRule: pack.monthRule(rule, choices))
    }

    /// The published pack behind a reference.
    package func pack(_ reference: PackReference) -> RulePack? {
        // Places, not values: a pack is large, and every right asks.
        let versions = registry.versions
        for index in versions.indices
        where versions[index].pack.hash == reference.hash && versions[index].pack.id == reference.id {
            return versions[index].pack
        }
        return nil
    }
}

extension RuleOutcome {
    /// The version that takes the latest right away on its first day; nil where facts end it, or nothing does.
    fileprivate var answering: PackReference? {
        guard let last = pieces.lastIndex(where: \.rightHolds), last + 1 < pieces.count else { return nil }
        let (right, next) = (pieces[last], pieces[last + 1])
        return next.pack != right.pack && next.period.start == right.period.end ? next.pack : nil
    }
}
