import CareDomain
import RuleColumns
import RuleEngine
import Testing

@testable import RuleReplay

@Suite("应发月份：逐日数、逐户算、按列算三者一致")
struct DueUnitsTests {
    private static let start = CivilDay(year: 2013, month: 5, day: 1)!
    private static let last = CivilMonth(year: 2018, month: 10)

    private var random = SeededNumbers(seed: 41)

    /// Stretches of days with a right, some of them right after one another.
    private mutating func rights() -> [DayPeriod] {
        var day = Self.start + Int32(random.next(below: 500))
        return (0..<1 + random.next(below: 5)).map { _ in
            let first = day
            let end = first + Int32(1 + random.next(below: 420))
            day = end + (random.next(below: 3) == 0 ? 0 : Int32(random.next(below: 200)))
            return DayPeriod(start: first, end: end)
        }
    }

    /// The months that are due, found by going through all days: a unit is due in the month of its first day that counts, or
    /// in its last month.
    private func byDays(_ rights: [DayPeriod], _ unit: CalendarUnit, _ rule: MonthRule) -> [CivilMonth] {
        let days = Set(rights.flatMap { ($0.start.dayNumber..<$0.end!.dayNumber) })
        var months: [CivilMonth] = []
        var done: Set<Int32> = []
        for number in days.sorted() {
            let month = CivilMonth(containing: CivilDay(dayNumber: number))
            let opening = unit.first(with: month).firstDay.dayNumber
            if rule.waitsForEnd {
                let end = unit.last(with: month)
                if end <= Self.last, done.insert(unit.number(of: month)).inserted { months.append(end) }
                continue
            }
            let counts =
                switch rule {
                case .anyDay, .periodEnd: true
                case .firstDay: days.contains(opening)
                // The right goes on from the unit before into this one, and to this day.
                case .nextMonth: (opening - 1...number).allSatisfy(days.contains)
                }
            if counts, month <= Self.last, done.insert(unit.number(of: month)).inserted { months.append(month) }
        }
        return months
    }

    @Test(
        "月、季、年、学年，任一日、首日、次月、期末",
        arguments: [Cadence.month, .quarter, .year, .schoolYear], MonthRule.allCases)
    mutating func agree(_ cadence: Cadence, _ rule: MonthRule) throws {
        for _ in 0..<200 {
            let rights = rights()
            let expected = byDays(rights, cadence.unit, rule)
            let determination = Determination(
                clause: try #require(ClauseID("SM-1")), subject: .household,
                pack: PackReference(id: PackID(unchecked: "small"), version: Self.start, hash: []), cadence: cadence,
                monthRule: rule,
                intervals: rights.map {
                    Determination.Interval(period: $0, status: .entitled, rightHolds: true, amount: Fen(7))
                })
            #expect(determination.dues(through: Self.last).map(\.month) == expected)
            var runs: [DueRun] = []
            var step = OutcomeStep(day: 0, status: .entitled, rightHolds: true)
            step.amount = 7
            DueRules(cadence: cadence, monthRule: rule, from: CivilMonth(containing: Self.start)).runs(
                rights.map { OutcomeStretch(start: $0.start.dayNumber, end: $0.end!.dayNumber, step: step) },
                through: Self.last, into: &runs)
            let months = runs.flatMap { run in (0..<run.count).map { CivilMonth(index: run.month + $0) } }
            #expect(months == expected)
        }
    }

    /// What falls due from a month on of one run of days that is cut into pieces with sums of their own.
    private func sums(
        _ start: Int32, _ end: Int32, _ cuts: [Int32], _ rules: DueRules, from first: CivilMonth
    ) -> [DifferenceRun] {
        let bounds = [start] + cuts.filter { $0 > start && $0 < end }.sorted() + [end]
        let stretches = zip(bounds, bounds.dropFirst()).map { from, to in
            var step = OutcomeStep(day: 0, status: .entitled, rightHolds: true)
            step.amount = Int64(to)
            return OutcomeStretch(start: from, end: to, step: step)
        }
        var runs: [DueRun] = []
        rules.runs(stretches, through: Self.last, into: &runs)
        var found: [DifferenceRun] = []
        DifferenceRun.between(runs, [], from: first.index, into: &found)
        return found
    }

    @Test(
        "权利早于所问时段已有：从时段前一日算起，所问各月相同；时段前已完的，什么也没有",
        arguments: [Cadence.month, .quarter, .year, .schoolYear], MonthRule.allCases)
    mutating func beginsBefore(_ cadence: Cadence, _ rule: MonthRule) {
        let first = CivilMonth(year: 2015, month: 8)
        let rules = DueRules(cadence: cadence, monthRule: rule, from: first)
        var found = 0
        for _ in 0..<300 {
            let start = Self.start.dayNumber + Int32(random.next(below: Int(rules.floor - Self.start.dayNumber)))
            let end = start + 1 + Int32(random.next(below: 1_400))
            // Some of them where the period begins.
            let cuts = (0..<random.next(below: 4)).map { _ in
                random.next(below: 3) == 0 ? rules.floor : start + Int32(random.next(below: 1_400))
            }
            let whole = sums(start, end, Array(Set(cuts)), rules, from: first)
            let shortened = rules.floor < end ? sums(rules.floor - 1, end, Array(Set(cuts)), rules, from: first) : []
            #expect(whole == shortened, "\(start) \(end) \(cuts)")
            found += whole.isEmpty ? 0 : 1
        }
        #expect(found > 50)
    }

    @Test("版本之间换了周期或计发月份：各段按各自的版本，逐户与按列一致；已发过的月份不变")
    mutating func rhythms() throws {
        let cadences: [Cadence] = [.month, .quarter, .year, .schoolYear]
        for _ in 0..<600 {
            let rights = rights()
            var starts = [Self.start]
            for _ in 0..<1 + random.next(below: 2) {
                starts.append(starts[starts.count - 1] + Int32(1 + random.next(below: 700)))
            }
            let rhythms = starts.map { _ in
                Determination.Rhythm(
                    cadence: cadences[random.next(below: 4)],
                    monthRule: MonthRule.allCases[random.next(below: MonthRule.allCases.count)])
            }
            let last = rhythms[rhythms.count - 1]
            var intervals: [Determination.Interval] = []
            for right in rights {
                for (place, start) in starts.enumerated() {
                    let days = DayPeriod(start: start, end: place + 1 < starts.count ? starts[place + 1] : nil)
                    guard let part = right.intersection(days) else { continue }
                    intervals.append(
                        Determination.Interval(
                            period: part, status: .entitled, rightHolds: true, amount: Fen(1_201),
                            rhythm: rhythms[place] == last ? nil : rhythms[place]))
                }
            }
            let determination = Determination(
                clause: try #require(ClauseID("SM-1")), subject: .household,
                pack: PackReference(id: PackID(unchecked: "small"), version: Self.start, hash: []),
                cadence: last.cadence, monthRule: last.monthRule, intervals: intervals)
            let dues = determination.dues(through: Self.last)
            let months = dues.map(\.month)
            Self.expectEachMonthOnce(dues)
            // What falls due by a month does not depend on how far one looks.
            let middle = CivilMonth(year: 2015, month: 1) + Int32(random.next(below: 40))
            #expect(determination.dues(through: middle) == dues.filter { $0.month <= middle })
            var step = OutcomeStep(day: 0, status: .entitled, rightHolds: true)
            step.amount = 1_201
            let spans = DueSpans(
                zip(starts, rhythms).map { start, rhythm in
                    (
                        start.dayNumber,
                        DueRules(
                            cadence: rhythm.cadence, monthRule: rhythm.monthRule,
                            from: CivilMonth(containing: Self.start))
                    )
                })
            var runs: [DueRun] = []
            spans.runs(
                of: rights.map { DueStretch($0.start.dayNumber, $0.end!.dayNumber, step) }, through: Self.last,
                into: &runs)
            #expect(runs.flatMap { run in (0..<run.count).map { CivilMonth(index: run.month + $0) } } == months)
            let sums = runs.flatMap { run in (0..<run.count).map { _ in Fen(run.amount) } }
            #expect(sums == dues.compactMap(\.amount))
            // What fell due by the first rhythm before the first change stays as it was.
            let first = byDays(rights, rhythms[0].cadence.unit, rhythms[0].monthRule)
            let change = CivilMonth(containing: starts[1])
            if !rhythms[0].monthRule.waitsForEnd {
                #expect(months.filter { $0 < change } == first.filter { $0 < change })
            }
        }
    }

    /// No month is paid by two sums, and each sum pays for the months that it says, to the fen.
    private static func expectEachMonthOnce(_ dues: [Due]) {
        var paid: Set<Int32> = []
        for due in dues {
            let months = due.pays.lowerBound.index...due.pays.upperBound.index
            #expect(months.allSatisfy { paid.insert($0).inserted }, "\(due.month)")
            #expect(months.contains(due.month.index))
            guard let whole = due.whole, let amount = due.amount else {
                #expect(due.amount == Fen(1_201))
                continue
            }
            let length = [CalendarUnit.quarter, .year, .schoolYear].filter { unit in
                unit.last(with: due.month) == due.pays.upperBound
                    && abs(amount.amount * Int64(unit.length) - whole.amount * Int64(months.count))
                        <= Int64(unit.length) / 2
            }
            #expect(whole == Fen(1_201) && !length.isEmpty)
        }
    }

    /// Numbers that are the same for the same seed on every machine.
    private struct SeededNumbers {
        var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func next(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
    }
}
