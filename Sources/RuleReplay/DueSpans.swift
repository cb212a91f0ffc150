import CareDomain
import RuleColumns
import RuleEngine

/// The rhythms by which the versions of a clause let their sums fall due, by days: a later version changes no month before it.
///
/// What is given once is settled over all versions together, by the last one.
struct DueSpans: Hashable, Sendable {
    private struct Span: Hashable {
        /// The first day.
        let start: Int32
        let due: DueRules
    }

    private var spans: [Span] = []

    init(_ side: ColumnReplay.Side) {
        self.init(side.versions.map { ($0.days.lowerBound, $0.due) })
    }

    /// - Parameter versions: the first day of each and when its sums fall due, in order.
    init(_ versions: [(start: Int32, due: DueRules)]) {
        guard let last = versions.last?.due else { return }
        for version in versions {
            let isOnce = last.cadence == .once || version.due.cadence == .once
            let due = isOnce ? last : version.due
            if spans.last?.due != due { spans.append(Span(start: version.start, due: due)) }
        }
        // What an earlier rhythm paid, however long ago, decides what is left of a quarter or year.
        if change { spans = spans.map { Span(start: $0.start, due: $0.due.fromTheBeginning) } }
    }

    /// Whether there is more than one rhythm.
    var change: Bool { spans.count > 1 }

    /// As `DueRules.runs`, each stretch of days by its own rhythm: what the sums of the earlier ones pay is not paid once more,
    /// and of a quarter or year of which they pay the first months, what is left is due in proportion.
    func runs(of stretches: some Sequence<DueStretch>, through last: CivilMonth, into runs: inout [DueRun]) {
        var row: (start: Int32, end: Int32)?
        var paid: CivilMonth?
        for (place, span) in spans.enumerated() {
            let isLast = place + 1 == spans.count
            let end = isLast ? .max : spans[place + 1].start
            let own = stretches.compactMap { $0.within(place == 0 ? .min : span.start, end) }
            guard let final = own.last else { continue }
            // A later rhythm must know what the earlier one pays when its quarter or year is over.
            let through = isLast ? last : max(last, span.due.units.last(with: span.due.month(final.end - 1)))
            var found: [DueRun] = []
            span.due.runs(of: own, after: row, through: through, into: &found)
            if let month = paid {
                let rest = span.due.rest(of: own, from: row, after: month, through: through)
                if let rest { add([rest], span.due.units, to: &runs, &paid) }
                Self.drop(month, span.due.units, &found)
            }
            add(found, span.due.units, to: &runs, &paid)
            for stretch in own {
                let goesOn = row.map { $0.end == stretch.start } ?? false
                row = (goesOn ? row?.start ?? stretch.start : stretch.start, stretch.end)
            }
        }
        let end = last.index + 1
        while let run = runs.last, run.end > end {
            if run.month < end { runs[runs.count - 1].count = end - run.month } else { runs.removeLast() }
        }
    }

    /// Takes out the sums of the unit in which a month lies, and of those before.
    private static func drop(_ month: CivilMonth, _ units: CalendarUnit, _ found: inout [DueRun]) {
        let number = units.number(of: month)
        for place in found.indices {
            // Sums of two units stand in one run where the first falls due in its last month.
            while found[place].count > 0, units.number(of: CivilMonth(index: found[place].month)) <= number {
                found[place].month += 1
                found[place].count -= 1
            }
        }
        found.removeAll { $0.count == 0 }
    }

    /// - Parameter paid: the last month that a sum pays.
    private func add(
        _ found: [DueRun], _ units: CalendarUnit, to runs: inout [DueRun], _ paid: inout CivilMonth?
    ) {
        for run in found where runs.last.map({ $0.end <= run.month }) ?? true {
            runs.append(run)
            let last = units.last(with: CivilMonth(index: run.end - 1))
            paid = max(paid ?? last, last)
        }
    }
}
