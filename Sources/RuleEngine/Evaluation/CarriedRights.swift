import CareDomain

/// Rights that ran in the file that a person left, for rules under which a right counts from the month after it begins.
///
/// Who goes on in another file on the first day of a month (quarter, year) is there for all of it, so that file pays it and the
/// one that is left does not. There the right begins on that day, by the facts of that file, and the rule would leave the month
/// out, although the right went on without a break. So where it held there on the last day before the move, that day is put
/// before the days of this file, as one on which nothing is given here: the right that goes on from it counts from the move.
///
/// Nothing is looked at for a household whose facts name no other file.
/// - Source: policies, Interactions 8 (the month of a move); CZ-Q6, BS-Q1 (from the month after)
struct CarriedRights {
    private struct Right: Hashable {
        let clause: ClauseID
        let subject: RuleSubject
        let day: CivilDay
    }

    private var running: Set<Right> = []

    /// - Parameters:
    ///   - facts: Of the file that persons came into, with those of the files that they came from.
    ///   - only: Just this clause for this person; nil = all.
    init(
        into facts: FactBase, _ knownAt: KnownAt, by evaluator: Evaluator,
        only: (clause: ClauseID, subject: RuleSubject)? = nil
    ) {
        guard !facts.others.isEmpty, let first = evaluator.registry.versions.map(\.effectiveFrom).min() else { return }
        for arrival in facts.arrivals where knownAt.knows(arrival) {
            guard let other = facts.others[arrival.source] else { continue }
            let day = arrival.day
            for outcome in evaluator.outcomes(other, knownAt, DayPeriod(start: first), only: only) {
                guard case .person = outcome.subject, let found = evaluator.determination(outcome) else { continue }
                let held = found.intervals.contains { $0.rightHolds && $0.period.contains(day - 1) }
                if held { running.insert(Right(clause: found.clause, subject: found.subject, day: day)) }
            }
        }
    }

    /// The determination with the last day in the file left before each right that goes on from there.
    func put(before determination: Determination) -> Determination {
        guard !running.isEmpty else { return determination }
        let own = Determination.Rhythm(cadence: determination.cadence, monthRule: determination.monthRule)
        var result = determination
        result.intervals = []
        for interval in determination.intervals {
            let day = interval.period.start
            let right = Right(clause: determination.clause, subject: determination.subject, day: day)
            if interval.rightHolds, running.contains(right), (interval.rhythm ?? own).wouldBeginAnew(on: day) {
                let before = result.intervals.last
                if before?.rightHolds ?? false, before?.period.end == day {
                    result.intervals.append(interval)
                    continue
                }
                if let before, before.period.contains(day - 1) {
                    result.intervals.removeLast()
                    if before.period.start < day - 1 {
                        var rest = before
                        rest.period = DayPeriod(start: before.period.start, end: day - 1)
                        result.intervals.append(rest)
                    }
                }
                result.intervals.append(
                    Determination.Interval(
                        period: DayPeriod(start: day - 1, end: day), status: .notEntitled, rightHolds: true,
                        rhythm: interval.rhythm))
            }
            result.intervals.append(interval)
        }
        return result
    }
}

extension Determination.Rhythm {
    /// Whether a right would count from the unit after, were the day the first with it.
    fileprivate func wouldBeginAnew(on day: CivilDay) -> Bool {
        guard monthRule == .nextMonth, cadence != .none, cadence != .once else { return false }
        return cadence.unit.first(with: CivilMonth(containing: day)).firstDay == day
    }
}

extension Determination.Interval {
    /// Whether it is the last day of a right in the file that a person left: nothing is given here on it.
    package var isElsewhere: Bool { rightHolds && status == .notEntitled }

    /// Whether the right holds, and in this file.
    package var holdsHere: Bool { rightHolds && status != .notEntitled }
}

extension Evaluator {
    /// The outcome in the form to store, with the days of the file that was left put before it.
    /// - Parameter facts: those the outcome was found from.
    package func determination(
        _ outcome: RuleOutcome, of facts: FactBase, knownAt: KnownAt = .latest
    ) -> Determination? {
        let carried = CarriedRights(into: facts, knownAt, by: self, only: (outcome.clause, outcome.subject))
        return determination(outcome).map(carried.put(before:))
    }

    /// Whether a rule counts a right from the month after it begins: only then files that persons left bear on others.
    /// - Parameter pack: only the versions of this pack; nil = of all.
    package func countsFromNextMonth(in pack: PackID? = nil) -> Bool {
        registry.versions.contains { version in
            (pack.map { version.pack.id == $0 } ?? true)
                && version.pack.rules.contains { version.pack.monthRule($0, choices) == .nextMonth }
        }
    }
}
