import CareDomain

/// One sum that is due: which month it falls in, how much, from which day's conditions.
package struct Due: Hashable, Sendable {
    /// The month it is due in; for quarters and years the month of the first day with the right, or their last month where
    /// the month rule waits for it.
    package let month: CivilMonth
    /// The first day of that month (quarter, year) with the right, or the last one where the month rule waits for the end;
    /// the rate of this day counts.
    package let firstDay: CivilDay
    package let status: OutcomeStatus
    /// nil while a fact or parameter is missing.
    package let amount: Fen?
    /// Hours, in thousandths.
    package let hours: Int64?
    package let payers: [PayerShare]
    /// The months that the sum pays: the month, or its quarter or year; of one whose first months were paid by another rhythm
    /// those that are left.
    package let pays: ClosedRange<CivilMonth>
    /// The sum of the whole quarter or year, where it pays only what is left of it; otherwise nil.
    package let whole: Fen?
    /// Months of which kind it pays one of.
    package let unit: CalendarUnit
    /// Whether a hold keeps a known sum back: it is due as it was, and only its payment waits. A one-off is none of these: its grant moves
    /// to the day on which the hold ends.
    package let isKeptBack: Bool
    /// Of a sum that is kept back the month in which the hold ends; nil where it has no end, or the right ended before it.
    package let releasedIn: CivilMonth?

    /// A known sum that nobody has to decide about, whether or not a hold keeps it back meanwhile.
    package var isDue: Bool { amount != nil && (status == .entitled || isKeptBack) }

    /// The month in which it is to be paid: its own, or that in which the hold ends that keeps it back; nil = none is known.
    package var fallsIn: CivilMonth? { isKeptBack ? releasedIn : status == .entitled ? month : nil }

    /// Whether a known sum is owed, and nobody has to decide first.
    fileprivate var isOwed: Bool { status == .entitled && amount != nil }
}

extension Determination {
    /// The sums due up to and including a month, in order.
    ///
    /// A month, quarter or year is due once, in full, at the rate of the first day with the right that the month rule
    /// accepts; nothing is divided by days. Where the rule waits for the end, the last day's rate counts, in the last month.
    ///
    /// Days that an earlier version of the pack judged fall due by its rhythm: a later one changes no month before it. What
    /// the sums of the earlier rhythm pay, also at the end of a year that is not over yet, the later one does not pay once
    /// more; of a quarter or year whose first months they pay, its sum is due in proportion to the months that are left.
    /// - Source: policies/README, Days and months
    package func dues(through last: CivilMonth) -> [Due] {
        let own = Rhythm(cadence: cadence, monthRule: monthRule)
        var run = RightRun()
        guard intervals.contains(where: { $0.rhythm != nil }) else {
            return dues(of: intervals[...], own, through: last, &run)
        }
        var result: [Due] = []
        var paid: CivilMonth?
        var rest = intervals[...]
        while let first = rest.first(where: \.rightHolds) {
            let rhythm = first.rhythm ?? own
            let part = rest.prefix { !$0.rightHolds || ($0.rhythm ?? own) == rhythm }
            rest = rest.dropFirst(part.count)
            // A later rhythm must know what the earlier one pays when its quarter or year is over.
            let end = part.last { $0.rightHolds }?.period.end.map { CivilMonth(containing: $0 - 1) }
            let through = max(last, end.map(rhythm.cadence.unit.last(with:)) ?? last)
            let before = run
            var found = dues(of: part, rhythm, through: through, &run)
            if let paid {
                let unit = rhythm.cadence.unit
                found.removeAll { unit.number(of: $0.month) <= unit.number(of: paid) }
                let left = max(paid + 1, CivilMonth(containing: first.period.start))
                let due = due(left, of: part, rhythm, after: paid, through: through, before)
                if let due { found.insert(due, at: 0) }
            }
            Self.add(found, to: &result, &paid)
        }
        return result.filter { $0.month <= last }
    }

    /// Adds the sums of a rhythm to those of the rhythms before.
    /// - Parameter paid: the last month that a known sum pays.
    private static func add(_ found: [Due], to result: inout [Due], _ paid: inout CivilMonth?) {
        for due in found {
            // What nobody owes yet gives way to what is owed.
            while due.isOwed, let last = result.last, last.month >= due.month, !last.isOwed { result.removeLast() }
            guard result.last.map({ $0.month < due.month }) ?? true else { continue }
            result.append(due)
            if due.isOwed { paid = max(paid ?? due.pays.upperBound, due.pays.upperBound) }
        }
    }

    /// What is due of the months of a quarter or year that are left, because the sums of an earlier rhythm pay those before: by
    /// the day that counts among theirs.
    /// - Parameters:
    ///   - first: the first of them.
    ///   - paid: the last month that is paid.
    ///   - run: as it was before the intervals.
    private func due(
        _ first: CivilMonth, of intervals: ArraySlice<Interval>, _ rhythm: Rhythm, after paid: CivilMonth,
        through last: CivilMonth, _ run: RightRun
    ) -> Due? {
        let final = rhythm.cadence.unit.last(with: paid)
        guard rhythm.cadence != .none, first <= final else { return nil }
        let days = DayPeriod(start: first.firstDay, end: final.lastDay + 1)
        let waits = rhythm.monthRule.waitsForEnd
        var run = run
        var found: Due?
        for interval in intervals where interval.rightHolds {
            run.go(on: interval)
            let start = interval.period.start
            guard interval.holdsHere, let part = interval.period.intersection(days),
                rhythm.monthRule.counts(from: first, from: start, since: run.start ?? start)
            else { continue }
            let day = waits ? (part.end ?? days.start) - 1 : part.start
            let month = waits ? final : CivilMonth(containing: day)
            guard month <= last else { continue }
            let due = due(interval, day, in: month, paying: first...final, of: rhythm.cadence.unit)
            if found.map({ waits ? !$0.status.isFirmer(than: due.status) : due.status.isFirmer(than: $0.status) })
                ?? true
            {
                found = due
            }
        }
        return found
    }

    /// Days in a row with the right, whatever is given on them.
    private struct RightRun {
        private(set) var start: CivilDay?
        private var end: CivilDay?

        mutating func go(on interval: Interval) {
            if start == nil || end != interval.period.start { start = interval.period.start }
            end = interval.period.end
        }
    }

    /// The sums due of stretches of days with one rhythm.
    private func dues(
        of intervals: ArraySlice<Interval>, _ rhythm: Rhythm, through last: CivilMonth, _ run: inout RightRun
    ) -> [Due] {
        if rhythm.cadence == .none || (rhythm.monthRule.waitsForEnd && rhythm.cadence != .once) {
            for interval in intervals where interval.rightHolds { run.go(on: interval) }
            return rhythm.cadence == .none ? [] : duesAtEnd(of: intervals, rhythm.cadence.unit, through: last)
        }
        let units = rhythm.cadence.unit
        var result: [Due] = []
        var lastUnit: Int32?
        for interval in intervals where interval.rightHolds {
            run.go(on: interval)
            guard interval.holdsHere else { continue }
            if rhythm.cadence == .once {
                // Each interval of a one-off is a grant of its own: the first, or a top-up.
                if CivilMonth(containing: interval.period.start) <= last {
                    result.append(due(interval, interval.period.start, of: units))
                }
                continue
            }
            let final = interval.period.end.map { CivilMonth(containing: $0 - 1) } ?? last
            var unit = units.number(of: CivilMonth(containing: interval.period.start))
            while unit <= units.number(of: min(final, last)) {
                let start = interval.period.start
                let day = max(units.first(unit).firstDay, start)
                let counts = rhythm.monthRule.counts(unit, of: units, from: start, since: run.start ?? start)
                guard counts, CivilMonth(containing: day) <= last else {
                    unit += 1
                    continue
                }
                if lastUnit.map({ unit > $0 }) ?? true {
                    result.append(due(interval, day, of: units))
                    lastUnit = unit
                } else if lastUnit == unit, let last = result.last, interval.status.isFirmer(than: last.status) {
                    // One day that is not held back, or on which a person had decided, is enough.
                    result[result.count - 1] = due(interval, day, of: units)
                }
                unit += 1
            }
        }
        return result
    }

    /// One sum for each unit with a right, in its last month: that of the last day with the right, unless an earlier one is
    /// firmer.
    private func duesAtEnd(
        of intervals: ArraySlice<Interval>, _ units: CalendarUnit, through last: CivilMonth
    ) -> [Due] {
        var result: [Due] = []
        var lastUnit: Int32?
        for interval in intervals where interval.holdsHere {
            let start = interval.period.start
            let final = interval.period.end.map { CivilMonth(containing: $0 - 1) } ?? last
            let unit = units.number(of: CivilMonth(containing: start))
            for unit in stride(from: unit, through: units.number(of: min(final, last)), by: 1) {
                let month = units.last(with: units.first(unit))
                guard month <= last else { break }
                let day = interval.period.end.map { min($0 - 1, month.lastDay) } ?? month.lastDay
                let due = due(interval, day, in: month, of: units)
                if lastUnit != unit {
                    result.append(due)
                    lastUnit = unit
                } else if let earlier = result.last, !earlier.status.isFirmer(than: due.status) {
                    result[result.count - 1] = due
                }
            }
        }
        return result
    }

    /// The cadence by which a month was judged; that of the determination, where no right of the month says otherwise.
    package func cadence(in month: CivilMonth) -> Cadence { rhythm(in: month).cadence }

    /// As `cadence(in:)`, with the rule that says which months count.
    func rhythm(in month: CivilMonth) -> Rhythm {
        let days = DayPeriod(start: month.firstDay, end: month.lastDay + 1)
        let judged = intervals.first { $0.rightHolds && $0.period.intersection(days) != nil }
        return judged?.rhythm ?? Rhythm(cadence: cadence, monthRule: monthRule)
    }

    /// The sum due in one month, if any.
    package func due(in month: CivilMonth) -> Due? {
        dues(through: month).last.flatMap { $0.month == month ? $0 : nil }
    }

    /// - Parameter months: what it pays, where that is less than the unit of the month.
    private func due(
        _ interval: Interval, _ day: CivilDay, in month: CivilMonth? = nil,
        paying months: ClosedRange<CivilMonth>? = nil, of units: CalendarUnit
    ) -> Due {
        let month = month ?? CivilMonth(containing: day)
        let (whole, count) = (
            units.first(with: month)...units.last(with: month), months.map { $0.upperBound - $0.lowerBound + 1 }
        )
        return Due(
            month: month, firstDay: day, status: interval.status,
            amount: count.map { count in interval.amount.map { units.part(of: $0, months: count) } } ?? interval.amount,
            hours: interval.hours, payers: interval.payers, pays: months ?? whole,
            whole: months == nil ? nil : interval.amount, unit: units, isKeptBack: isKeptBack(interval),
            releasedIn: isKeptBack(interval) ? release(of: interval) : nil)
    }

    private func isKeptBack(_ interval: Interval) -> Bool {
        interval.status == .held && interval.amount != nil && (interval.rhythm?.cadence ?? cadence) != .once
    }

    /// The month of the first day after a hold on which the right goes on.
    private func release(of held: Interval) -> CivilMonth? {
        var end = held.period.end
        for next in intervals where next.period.start == end && next.rightHolds {
            guard next.status == .held else { return CivilMonth(containing: next.period.start) }
            end = next.period.end
        }
        return nil
    }
}

extension OutcomeStatus {
    /// Whether a later day of the same month, quarter or year with this status takes the place of an earlier one: what is
    /// not held that of what is, what a person granted that of what was only proposed.
    package func isFirmer(than other: OutcomeStatus) -> Bool {
        other == .held ? self != .held : other == .proposed && self == .entitled
    }
}

/// What a new determination changes in the sums due so far, for a person to decide: nothing is paid or taken back by it.
package struct DeterminationDifference: Hashable, Sendable {
    /// One month whose sum changed.
    package struct Month: Hashable, Sendable {
        package let month: CivilMonth
        package let before: Fen
        package let after: Fen
        /// Positive = 应补, negative = 多发.
        package var difference: Fen { after - before }
    }

    /// Whether the outcome differs on any day; only then a determination is appended.
    package let isChanged: Bool
    /// Months up to the one asked for whose sum changed, in order.
    package let months: [Month]

    /// The same months, those in a row that changed by the same together.
    package var changes: [DueChange] {
        var runs: [DueChange] = []
        for month in months {
            if let last = runs.last, last.last + 1 == month.month, last.before == month.before,
                last.after == month.after
            {
                runs[runs.count - 1] = DueChange(
                    first: last.first, last: month.month, before: last.before, after: last.after)
            } else {
                runs.append(
                    DueChange(first: month.month, last: month.month, before: month.before, after: month.after))
            }
        }
        return runs
    }

    /// Back-pay: the sum of all months that became more.
    package var arrears: Fen { months.map(\.difference).filter { $0 > .zero }.reduce(.zero, +) }
    /// Over-payment, as a positive sum: all months that became less.
    package var overpayment: Fen { -months.map(\.difference).filter { $0 < .zero }.reduce(.zero, +) }
    /// Both together.
    package var net: Fen { arrears - overpayment }

    /// Compares what was stored with what holds now. Only sums that need no further decision count (status entitled, and what a hold
    /// keeps back: that is due as before, so it is not over-paid where it was paid, and stays owed where it was owed).
    ///
    /// A quarter or year whose months are counted together (`MonthsTogether`) changes as a whole: what is more in one of its months
    /// is less what was paid for others and is not due in them any longer, and nothing of it is over-paid that later months of it
    /// are due. See `SpanMoney`. So does what is given once and nobody has to decide, whatever months it moves between.
    /// - Parameters:
    ///   - earlier: the last stored determination of the same clause and subject; nil = none.
    ///   - later: the new one.
    ///   - last: the last month to compare, usually that of the day the new one is made.
    ///   - money: what the file knows of the right's money.
    package init(
        from earlier: Determination?, to later: Determination, through last: CivilMonth, money: RightMoney = .nothing
    ) {
        isChanged = earlier.map { !later.hasSameOutcome(as: $0) } ?? !later.isEmpty
        var together = money.together
        let isOneSum = later.isOneSum && earlier?.isOneSum ?? true
        let countsTogether =
            later.countsTogether || earlier?.countsTogether ?? false || !together.isEmpty || isOneSum
        // A quarter or year that has begun is looked at to its end, what is given once to its last month.
        let ahead = max(last + CalendarUnit.year.length, isOneSum ? later.lastStart ?? last : last)
        let end = countsTogether ? ahead : last
        func sums(_ determination: Determination?) -> [CivilMonth: Fen] {
            var sums: [CivilMonth: Fen] = [:]
            for due in determination?.dues(through: end) ?? [] where due.isDue {
                sums[due.month, default: .zero] += due.amount ?? .zero
                together.insert(due.unit, with: due.month)
            }
            return sums
        }
        let (before, after) = (sums(earlier), sums(later))
        // As the file counts them once the later one stands, also where nothing falls due in a quarter or year.
        func stored(_ determination: Determination) -> DeterminationMade {
            determination.event(readThrough: EventReference(sequence: 0), changes: [])
        }
        if let earlier, earlier.countsTogether { together.insert(stored(earlier), through: last) }
        if later.countsTogether {
            together.insert(stored(later), with: money.months.union(before.keys).union(after.keys))
        }
        if isOneSum { together.insert(all: Set(before.keys).union(after.keys).union(money.months)) }
        let changed = Set(before.keys).union(after.keys).filter { before[$0] ?? .zero != after[$0] ?? .zero }.sorted()
        func change(_ month: CivilMonth) -> Month {
            Month(month: month, before: before[month] ?? .zero, after: after[month] ?? .zero)
        }
        let isOurs = [earlier, later].compactMap { $0 }.allSatisfy(\.isPaidByUs)
        // What stood in single months before is put against each other where they are counted together now.
        let touched = changed + money.standing.keys.filter { money.standing[$0] ?? .zero != .zero }
        let spans = Set(isOurs ? touched.map(together.span) : []).filter { $0.isOfSeveral && $0.lowerBound <= last }
        var found = changed.filter { month in month <= last && !spans.contains { $0.contains(month) } }.map(change)
        for span in spans {
            let own = SpanMoney(span, present: last, before: before, after: after, money)
            found += own.changes
        }
        months = found.filter { $0.difference != .zero }.sorted { $0.month < $1.month }
    }
}

extension Determination {
    /// Whether some of its sums pay several months.
    fileprivate var countsTogether: Bool { cadence.unit != .month || intervals.contains { $0.rhythm != nil } }

    /// Whether all that it gives is one sum, as `DeterminationMade.isOneSum`.
    package var isOneSum: Bool { cadence == .once && !amountType.needsDecision }

    /// The month of the last day on which a right begins.
    fileprivate var lastStart: CivilMonth? {
        intervals.filter(\.rightHolds).map { CivilMonth(containing: $0.period.start) }.max()
    }

    /// Whether all of its sums go through our batches.
    fileprivate var isPaidByUs: Bool {
        intervals.allSatisfy { !$0.rightHolds || $0.payers.allSatisfy { PayerPart.isPaidByUs($0.payer) } }
    }
}
