import CareDomain
import RuleColumns
import RuleEngine

/// One stretch of days of one entity with an answer other than no, in numbers.
struct OutcomeStretch {
    var start: Int32
    /// `Int32.max` = without end.
    var end: Int32
    var step: OutcomeStep

    /// Whether the right goes on from the stretch before.
    func goesOn(from before: OutcomeStretch) -> Bool {
        step.rightHolds && before.step.rightHolds && before.end == start
    }
}

/// One stretch of days on which a right holds, as far as sums fall due of it.
struct DueStretch {
    private(set) var start: Int32
    /// `Int32.max` = without end.
    private(set) var end: Int32
    let status: OutcomeStatus
    /// Fen, or `OutcomeStep.none`.
    let amount: Int64
    /// Place of the shares in the plan.
    let payer: Int32

    init(_ start: Int32, _ end: Int32, _ step: OutcomeStep) {
        self.start = start
        self.end = end
        status = step.status
        amount = step.amount
        payer = step.payer
    }

    /// The part within some days; nil = none.
    func within(_ first: Int32, _ end: Int32) -> DueStretch? {
        guard start < end, first < self.end else { return nil }
        var part = self
        part.start = max(start, first)
        part.end = min(self.end, end)
        return part
    }
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
    /// Months of which kind each sum pays one of.
    var unit: CalendarUnit

    var end: Int32 { month + count }
}

/// When a rule's sums fall due.
struct DueRules: Hashable, Sendable {
    let cadence: Cadence
    let monthRule: MonthRule
    let units: CalendarUnit
    /// The day before which nothing falls due that anybody asks for.
    let floor: Int32

    /// - Parameter first: the first month that is asked for; what falls due before it may be left out.
    init(cadence: Cadence, monthRule: MonthRule, from first: CivilMonth) {
        self.cadence = cadence
        self.monthRule = monthRule
        units = cadence.unit
        // What is given once is one sum, in whichever month.
        floor = cadence == .once ? .min : units.first(with: first).firstDay.dayNumber
    }

    private init(fromTheBeginning rules: DueRules) {
        cadence = rules.cadence
        monthRule = rules.monthRule
        units = rules.units
        floor = .min
    }

    /// The same, nothing left out.
    var fromTheBeginning: DueRules { DueRules(fromTheBeginning: self) }

    /// The sums due through a month, as `Determination.dues` counts them: entitled ones with a known amount, one per month.
    /// - Parameter stretches: in order of days.
    func runs(_ stretches: [OutcomeStretch], through last: CivilMonth, into runs: inout [DueRun]) {
        let held = stretches.lazy.filter(\.step.rightHolds).map { DueStretch($0.start, $0.end, $0.step) }
        self.runs(of: held, through: last, into: &runs)
    }

    /// The same of stretches on all of which the right holds.
    /// - Parameter earlier: days in a row with the right up to the first of them; nil = none are known.
    func runs(
        of stretches: some Sequence<DueStretch>, after earlier: (start: Int32, end: Int32)? = nil,
        through last: CivilMonth, into runs: inout [DueRun]
    ) {
        guard cadence != .none else { return }
        if monthRule.waitsForEnd, cadence != .once { return runsAtEnd(stretches, through: last, into: &runs) }
        var lastUnit: Int32?
        var waiting: Sum?
        var runStart = earlier?.start
        var previousEnd = earlier?.end
        for stretch in stretches {
            if runStart == nil || previousEnd != stretch.start { runStart = stretch.start }
            previousEnd = stretch.end
            if stretch.end <= floor { continue }
            let first = Self.month(stretch.start)
            if cadence == .once {
                if first <= last { add(Sum(first, stretch), 1, &runs) }
                continue
            }
            let final = stretch.end == .max ? last : min(last, Self.month(stretch.end - 1))
            let unit = units.number(of: first)
            let lastOfStretch = units.number(of: final)
            guard unit <= lastOfStretch else { continue }
            let counts = monthRule.counts(
                unit, of: units, from: CivilDay(dayNumber: stretch.start),
                since: CivilDay(dayNumber: runStart ?? stretch.start))
            if counts, first <= last {
                if lastUnit.map({ unit > $0 }) ?? true {
                    flush(&waiting, &runs)
                    waiting = Sum(first, stretch)
                    lastUnit = unit
                } else if lastUnit == unit, let held = waiting, stretch.status.isFirmer(than: held.status) {
                    waiting = Sum(first, stretch)
                }
            }
            guard lastOfStretch > unit else { continue }
            flush(&waiting, &runs)
            addUnits(unit + 1, lastOfStretch - 1, stretch, &runs)
            // The last unit may still give way to a firmer answer.
            waiting = Sum(units.first(lastOfStretch), stretch)
            lastUnit = lastOfStretch
        }
        flush(&waiting, &runs)
    }

    /// The same where a sum waits for the end of its quarter or year.
    private func runsAtEnd(
        _ stretches: some Sequence<DueStretch>, through last: CivilMonth, into runs: inout [DueRun]
    ) {
        var lastUnit: Int32?
        var waiting: Sum?
        for stretch in stretches where stretch.end > floor {
            let final = stretch.end == .max ? last : min(last, Self.month(stretch.end - 1))
            let unit = units.number(of: Self.month(max(stretch.start, floor)))
            for unit in stride(from: unit, through: units.number(of: final), by: 1) {
                let month = units.last(with: units.first(unit))
                guard month <= last else { break }
                if lastUnit == unit, waiting?.status.isFirmer(than: stretch.status) ?? false { continue }
                if lastUnit != unit { flush(&waiting, &runs) }
                waiting = Sum(month, stretch)
                lastUnit = unit
            }
        }
        flush(&waiting, &runs)
    }

    /// The sum of the months of a unit that are left, because sums of an earlier rhythm pay those before, as `Determination.dues`
    /// has it; nil = nothing.
    /// - Parameters:
    ///   - earlier: days in a row with the right up to the first of the stretches; nil = none are known.
    ///   - paid: the last month that is paid.
    func rest(
        of stretches: [DueStretch], from earlier: (start: Int32, end: Int32)?, after paid: CivilMonth,
        through last: CivilMonth
    ) -> DueRun? {
        guard cadence != .none, cadence != .once, let begun = stretches.first else { return nil }
        let first = max(paid + 1, month(begun.start))
        let final = units.last(with: paid)
        guard first <= final else { return nil }
        var found: Sum?
        var runStart = earlier?.start
        var previousEnd = earlier?.end
        for stretch in stretches {
            if runStart == nil || previousEnd != stretch.start { runStart = stretch.start }
            previousEnd = stretch.end
            let counts = monthRule.counts(
                from: first, from: CivilDay(dayNumber: stretch.start),
                since: CivilDay(dayNumber: runStart ?? stretch.start))
            guard counts, let part = stretch.within(first.firstDay.dayNumber, (final + 1).firstDay.dayNumber) else {
                continue
            }
            let falls = monthRule.waitsForEnd ? final : month(part.start)
            guard falls <= last else { continue }
            if let found {
                let givesWay =
                    monthRule.waitsForEnd
                    ? !found.status.isFirmer(than: part.status) : part.status.isFirmer(than: found.status)
                guard givesWay else { continue }
            }
            found = Sum(falls, part)
        }
        guard let found, found.status == .entitled, found.amount != OutcomeStep.none else { return nil }
        let amount = units.part(of: Fen(found.amount), months: final - first + 1).amount
        return DueRun(month: found.month.index, count: 1, amount: amount, payer: found.payer, unit: units)
    }

    private func addUnits(_ first: Int32, _ last: Int32, _ stretch: DueStretch, _ runs: inout [DueRun]) {
        guard first <= last else { return }
        if cadence == .month {
            add(Sum(units.first(first), stretch), last - first + 1, &runs)
        } else {
            for unit in first...last { add(Sum(units.first(unit), stretch), 1, &runs) }
        }
    }

    /// What of a stretch falls due in a month.
    private struct Sum {
        let month: CivilMonth
        let status: OutcomeStatus
        let amount: Int64
        let payer: Int32

        init(_ month: CivilMonth, _ stretch: DueStretch) {
            self.month = month
            status = stretch.status
            amount = stretch.amount
            payer = stretch.payer
        }
    }

    private func flush(_ waiting: inout Sum?, _ runs: inout [DueRun]) {
        if let sum = waiting { add(sum, 1, &runs) }
        waiting = nil
    }

    private func add(_ sum: Sum, _ count: Int32, _ runs: inout [DueRun]) {
        guard sum.status == .entitled, sum.amount != OutcomeStep.none else { return }
        let month = sum.month.index
        if let last = runs.last {
            // Of two sums in one month the first counts.
            if last.end > month { return }
            if last.end == month, last.amount == sum.amount, last.payer == sum.payer {
                runs[runs.count - 1].count += count
                return
            }
        }
        runs.append(DueRun(month: month, count: count, amount: sum.amount, payer: sum.payer, unit: units))
    }

    func month(_ day: Int32) -> CivilMonth { Self.month(day) }

    private static func month(_ day: Int32) -> CivilMonth {
        let place = Int(day) - firstDay
        if months.indices.contains(place) { return months[place] }
        return CivilMonth(containing: CivilDay(dayNumber: day))
    }

    /// The months by day, from 1990 to 2059: rows ask all the time.
    private static let months: [CivilMonth] = (firstDay..<firstDay + 25_567).map {
        CivilMonth(containing: CivilDay(dayNumber: Int32($0)))
    }
    private static let firstDay = Int(CivilMonth(year: 1990, month: 1).firstDay.dayNumber)
}

/// Months in a row whose sum differs by the same.
struct DifferenceRun: Hashable, Sendable {
    let month: Int32
    /// The count, and in the last two bits why the difference is not known: every row has some of these.
    private let marked: Int32
    /// The longer of the units that the sides pay in these months.
    let unit: CalendarUnit
    /// What is known to be due.
    let before: Int64
    let after: Int64

    init(
        month: Int32, count: Int32, before: Int64, after: Int64, unit: CalendarUnit,
        open: RightDifference.Open? = nil
    ) {
        self.unit = unit
        self.month = month
        let mark: Int32 =
            switch open {
            case nil: 0
            case .needsFact?: 1
            case .failed?: 2
            case .awaitsDecision?: 3
            }
        marked = count << 2 | mark
        self.before = before
        self.after = after
    }

    var count: Int32 { marked >> 2 }
    var isOpen: Bool { marked & 3 != 0 }
    var open: RightDifference.Open? {
        switch marked & 3 {
        case 0: nil
        case 1: .needsFact
        case 2: .failed
        default: .awaitsDecision
        }
    }

    func with(count: Int32) -> DifferenceRun {
        DifferenceRun(month: month, count: count, before: before, after: after, unit: unit, open: open)
    }

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
            if one != two {
                let units = (
                    starts.0 == month ? before[left].unit : .month, starts.1 == month ? after[right].unit : .month
                )
                runs.append(
                    DifferenceRun(
                        month: month, count: end - month, before: one, after: two,
                        unit: units.0 == units.1 ? units.0 : .longer(units.0, units.1)))
            }
            month = end
        }
    }
}
