import CareDomain

/// Rights that ran in the file that a person or a family left by a split or merge (分户、并户): what that file had counts as had here.
///
/// Who goes on in another file on the first day of a month (quarter, year) is there for all of it, so that file pays it and the
/// one that is left does not. There the right begins on that day, by the facts of that file, and a rule under which a right counts
/// from the month after it begins would leave the month out, although the right went on without a break. So where it held there on
/// the last day before the move, that day is put before the days of this file, as one on which nothing is given here: the right that
/// goes on from it counts from the move.
///
/// What is given once and was had there is not given once more here: these days stay days of the right on which nothing is given
/// here. The month, quarter or year of the move of which the file that was left has the sum comes to nothing here: the right holds,
/// and its sum is zero until the next one begins. A household's right is carried like a person's: the family does not become another
/// one, and has the same grant only once, by having two files.
///
/// Nothing is looked at for a household whose facts name no other file.
/// - Source: policies, Interactions 8 (the month of a move); CZ-Q6, BS-Q1 (from the month after); GY-Q16 (per household), Decision 0061
struct CarriedRights {
    private struct Right: Hashable {
        let clause: ClauseID
        let subject: RuleSubject
    }

    /// Days for which the file that was left has the sum.
    private struct Had: Hashable {
        /// The month, quarter or year that the sum pays, without end for what is given once: its first day, the beginning for that.
        let first: CivilDay
        /// The days from the move on.
        let days: DayPeriod
    }

    /// By right, the days of moves before which it held in the file that was left.
    private var running: [Right: Set<CivilDay>] = [:]
    private var had: [Right: Set<Had>] = [:]

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
                guard let found = evaluator.determination(outcome) else { continue }
                let right = Right(clause: found.clause, subject: found.subject)
                switch outcome.subject {
                case .person:
                    let held = found.intervals.contains { $0.rightHolds && $0.period.contains(day - 1) }
                    if held { running[right, default: []].insert(day) }
                case .household: break
                default: continue
                }
                if let sum = Self.had(found, before: day) { had[right, default: []].insert(sum) }
            }
        }
    }

    /// The sum that a file has, of those that a move could give once more.
    private static func had(_ found: Determination, before day: CivilDay) -> Had? {
        guard found.cadence != .once else {
            let isGiven = found.intervals.contains {
                [.entitled, .held].contains($0.status) && $0.amount != nil && $0.period.start < day
            }
            return isGiven ? Had(first: FactBase.beginning, days: DayPeriod(start: day)) : nil
        }
        let month = CivilMonth(containing: day)
        guard let due = found.due(paying: month, before: day) else { return nil }
        return Had(
            first: due.pays.lowerBound.firstDay,
            days: DayPeriod(start: day, end: due.pays.upperBound.lastDay + 1))
    }

    /// The determination as the moves between files leave it: with the last day in the file left before each right that goes on from
    /// there, and without what that file has.
    func applied(to determination: Determination) -> Determination {
        let right = Right(clause: determination.clause, subject: determination.subject)
        var result = determination
        if let days = running[right] { result = Self.put(days, before: result) }
        for sum in (had[right] ?? []).sorted(by: { $0.days.start < $1.days.start }) {
            result = Self.leaving(sum, of: result)
        }
        return result
    }

    /// Days on which the file that was left has the sum, as days on which nothing is given here; not where the right held here before
    /// the move for the same sum, for then it is this file's own.
    private static func leaving(_ sum: Had, of determination: Determination) -> Determination {
        let own = Determination.Rhythm(cadence: determination.cadence, monthRule: determination.monthRule)
        let before = DayPeriod(start: sum.first, end: sum.days.start)
        guard !determination.intervals.contains(where: { $0.holdsHere && $0.period.intersection(before) != nil }) else {
            return determination
        }
        var result = determination
        result.intervals = []
        for interval in determination.intervals {
            guard interval.holdsHere, (interval.rhythm ?? own).wouldGiveOnceMore,
                let left = interval.left(isOnce: determination.cadence == .once),
                let inside = interval.period.intersection(sum.days)
            else {
                result.intervals.append(interval)
                continue
            }
            func rest(_ days: DayPeriod) {
                var rest = interval
                rest.period = days
                result.intervals.append(rest)
            }
            if interval.period.start < inside.start {
                rest(DayPeriod(start: interval.period.start, end: inside.start))
            }
            if let last = result.intervals.last, last.period.end == inside.start, last.saysTheSame(as: left) {
                result.intervals[result.intervals.count - 1].period = DayPeriod(
                    start: last.period.start, end: inside.end)
            } else {
                result.intervals.append(left)
                result.intervals[result.intervals.count - 1].period = inside
            }
            if let end = inside.end, interval.period.end.map({ end < $0 }) ?? true {
                rest(DayPeriod(start: end, end: interval.period.end))
            }
        }
        return result
    }

    /// Puts the last day in the file left before each right that goes on from there.
    private static func put(_ days: Set<CivilDay>, before determination: Determination) -> Determination {
        let own = Determination.Rhythm(cadence: determination.cadence, monthRule: determination.monthRule)
        var result = determination
        result.intervals = []
        for interval in determination.intervals {
            let day = interval.period.start
            if interval.rightHolds, days.contains(day), (interval.rhythm ?? own).wouldBeginAnew(on: day) {
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

    /// Whether a right that begins within a month, quarter or year has the sum of it; what is given once always is given.
    fileprivate var wouldGiveOnceMore: Bool {
        switch monthRule {
        case .anyDay, .periodEnd: cadence != .none
        case .nextMonth, .firstDay: cadence == .once
        }
    }
}

extension Determination {
    /// The sum that pays a month by the conditions of a day before a given one, where it is owed.
    fileprivate func due(paying month: CivilMonth, before day: CivilDay) -> Due? {
        dues(through: month).last { $0.isDue && $0.firstDay < day && $0.pays.contains(month) }
    }
}

extension Determination.Interval {
    /// Whether nothing is given here because of the file that was left: the last day of the right there, or what it has that is given
    /// once.
    package var isElsewhere: Bool { rightHolds && status == .notEntitled }

    /// What is left of it here where the file from before a move has the sum; nil where that bears on nothing: what people gave here all
    /// the same is meant, and a sum of a month that is not known or proposed is not due yet.
    fileprivate func left(isOnce: Bool) -> Self? {
        guard status != .entitled || decision == nil else { return nil }
        guard isOnce else {
            guard amount != nil, [.entitled, .held].contains(status) else { return nil }
            var left = self
            left.amount = .zero
            return left
        }
        return Self(period: period, status: .notEntitled, rightHolds: true, rhythm: rhythm)
    }

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
        return determination(outcome).map(carried.applied(to:))
    }

    /// Whether a rule gives something once or by the month, quarter or year: only then files that persons left bear on others.
    /// - Parameter pack: only the versions of this pack; nil = of all.
    package func looksIntoFilesLeft(in pack: PackID? = nil) -> Bool {
        registry.versions.contains { version in
            (pack.map { version.pack.id == $0 } ?? true)
                && version.pack.rules.contains { $0.unit.cadence != .none && $0.unit.beneficiary.root == .household }
        }
    }
}
