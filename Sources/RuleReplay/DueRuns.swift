import CareDomain
import RuleColumns
import RuleEngine

/// One stretch of days of one entity with an answer other than no, in numbers.
struct OutcomeStretch {
    var start: Int32
    /// `Int32.max` = without end.
    var end: Int32
    var step: OutcomeStep
}

/// The same sum, due in some months in a row.
struct DueRun: Hashable, Sendable {
    /// Index of the first month, as `CivilMonth.index`.
    var month: Int32
    var count: Int32
    /// Fen.
    var amount: Int64
    /// Place of the shares in the plan.
    var payer: Int32

    var end: Int32 { month + count }
}

/// When a rule's sums fall due.
struct DueRules: Hashable, Sendable {
    let cadence: Cadence
    let monthRule: MonthRule
    /// The day before which nothing falls due that anybody asks for.
    private var floor: Int32

    /// - Parameter first: the first month that is asked for; what falls due before it may be left out.
    init(cadence: Cadence, monthRule: MonthRule, from first: CivilMonth) {
        self.cadence = cadence
        self.monthRule = monthRule
        floor = 0
        floor = CivilMonth(index: firstMonth(unitIndex(first.index))).firstDay.dayNumber
    }

    /// The sums due through a month, as `Determination.dues` counts them: entitled ones with a known amount, one per month.
    /// - Parameter stretches: in order of days.
    func runs(_ stretches: [OutcomeStretch], through last: CivilMonth, into runs: inout [DueRun]) {
        guard cadence != .none else { return }
        var lastUnit: Int32?
        var waiting: (month: Int32, step: OutcomeStep)?
        var runStart: Int32?
        var previousEnd: Int32?
        for stretch in stretches where stretch.step.rightHolds {
            if runStart == nil || previousEnd != stretch.start { runStart = stretch.start }
            previousEnd = stretch.end
            if stretch.end <= floor { continue }
            let first = Self.month(stretch.start)
            if cadence == .once {
                if first <= last.index { Self.add(first, 1, stretch.step, &runs) }
                continue
            }
            let final = stretch.end == .max ? last.index : min(last.index, Self.month(stretch.end - 1))
            let unit = unitIndex(first)
            let lastOfStretch = unitIndex(final)
            guard unit <= lastOfStretch else { continue }
            let counts =
                switch monthRule {
                case .anyDay: true
                case .firstDay: stretch.start == CivilMonth(index: firstMonth(unit)).firstDay.dayNumber
                case .nextMonth: unit > unitIndex(Self.month(runStart ?? stretch.start))
                }
            if counts, first <= last.index {
                if lastUnit.map({ unit > $0 }) ?? true {
                    Self.flush(&waiting, &runs)
                    waiting = (first, stretch.step)
                    lastUnit = unit
                } else if lastUnit == unit, let held = waiting, Self.isFirmer(stretch.step.status, held.step.status) {
                    waiting = (first, stretch.step)
                }
            }
            guard lastOfStretch > unit else { continue }
            Self.flush(&waiting, &runs)
            addUnits(unit + 1, lastOfStretch - 1, stretch.step, &runs)
            // The last unit may still give way to a firmer answer.
            waiting = (firstMonth(lastOfStretch), stretch.step)
            lastUnit = lastOfStretch
        }
        Self.flush(&waiting, &runs)
    }

    private func addUnits(_ first: Int32, _ last: Int32, _ step: OutcomeStep, _ runs: inout [DueRun]) {
        guard first <= last else { return }
        if cadence == .month {
            Self.add(first, last - first + 1, step, &runs)
        } else {
            for unit in first...last { Self.add(firstMonth(unit), 1, step, &runs) }
        }
    }

    private static func flush(_ waiting: inout (month: Int32, step: OutcomeStep)?, _ runs: inout [DueRun]) {
        if let (month, step) = waiting { add(month, 1, step, &runs) }
        waiting = nil
    }

    private static func add(_ month: Int32, _ count: Int32, _ step: OutcomeStep, _ runs: inout [DueRun]) {
        guard step.status == .entitled, step.amount != OutcomeStep.none else { return }
        if let last = runs.last {
            // Of two sums in one month the first counts.
            if last.end > month { return }
            if last.end == month, last.amount == step.amount, last.payer == step.payer {
                runs[runs.count - 1].count += count
                return
            }
        }
        runs.append(DueRun(month: month, count: count, amount: step.amount, payer: step.payer))
    }

    private static func isFirmer(_ one: OutcomeStatus, _ other: OutcomeStatus) -> Bool {
        other == .held ? one != .held : other == .proposed && one == .entitled
    }

    private static func month(_ day: Int32) -> Int32 { CivilMonth(containing: CivilDay(dayNumber: day)).index }

    private func unitIndex(_ month: Int32) -> Int32 {
        switch cadence {
        case .quarter: month / 3
        case .year: month / 12
        case .schoolYear: (month - 8) / 12
        case .month, .once, .none: month
        }
    }

    private func firstMonth(_ unit: Int32) -> Int32 {
        switch cadence {
        case .quarter: unit * 3
        case .year: unit * 12
        case .schoolYear: unit * 12 + 8
        case .month, .once, .none: unit
        }
    }
}

/// Months in a row whose sum differs by the same.
struct DifferenceRun: Hashable, Sendable {
    let month: Int32
    let count: Int32
    let before: Int64
    let after: Int64

    /// The months from `first` on whose sums differ, in order.
    static func between(
        _ before: [DueRun], _ after: [DueRun], from first: Int32, into runs: inout [DifferenceRun]
    ) {
        var left = 0
        var right = 0
        var month = first
        while true {
            while left < before.count, before[left].end <= month { left += 1 }
            while right < after.count, after[right].end <= month { right += 1 }
            guard left < before.count || right < after.count else { return }
            let starts = (
                left < before.count ? max(month, before[left].month) : .max,
                right < after.count ? max(month, after[right].month) : .max
            )
            month = min(starts.0, starts.1)
            let one = starts.0 == month ? before[left].amount : 0
            let two = starts.1 == month ? after[right].amount : 0
            let ends = (
                starts.0 == month ? before[left].end : starts.0, starts.1 == month ? after[right].end : starts.1
            )
            let end = min(ends.0, ends.1)
            if one != two { runs.append(DifferenceRun(month: month, count: end - month, before: one, after: two)) }
            month = end
        }
    }
}
