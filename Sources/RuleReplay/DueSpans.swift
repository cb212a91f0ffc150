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
    }

    /// Whether there is more than one rhythm.
    var change: Bool { spans.count > 1 }

    /// As `DueRules.runs`, each stretch of days by its own rhythm: what the sums of the earlier ones pay is not paid once more.
    func runs(of stretches: some Sequence<DueStretch>, through last: CivilMonth, into runs: inout [DueRun]) {
        var row: (start: Int32, end: Int32)?
        var paid = Int32.min
        for (place, span) in spans.enumerated() {
            let end = place + 1 < spans.count ? spans[place + 1].start : .max
            let own = stretches.compactMap { $0.within(place == 0 ? .min : span.start, end) }
            var found: [DueRun] = []
            span.due.runs(of: own, after: row, through: last, into: &found)
            Self.add(found, span.due.units, to: &runs, &paid)
            for stretch in own {
                let goesOn = row.map { $0.end == stretch.start } ?? false
                row = (goesOn ? row?.start ?? stretch.start : stretch.start, stretch.end)
            }
        }
    }

    /// - Parameter paid: index of the last month that a sum pays.
    private static func add(
        _ found: [DueRun], _ units: CalendarUnit, to runs: inout [DueRun], _ paid: inout Int32
    ) {
        var reached = paid
        for run in found {
            var run = run
            // Sums of two units stand in one run where the first falls due in its last month.
            while run.count > 0, units.last(with: CivilMonth(index: run.month)).index <= paid {
                run.month += 1
                run.count -= 1
            }
            guard run.count > 0 else { continue }
            let lastMonth = units.last(with: CivilMonth(index: run.end - 1)).index
            if let last = runs.last, last.end == run.month + 1 {
                // The sum of a month gives way to that of the longer unit with it.
                runs[runs.count - 1].count -= 1
                if last.count == 1 { runs.removeLast() }
            }
            guard runs.last.map({ $0.end <= run.month }) ?? true else { continue }
            runs.append(run)
            reached = max(reached, lastMonth)
        }
        paid = reached
    }
}
