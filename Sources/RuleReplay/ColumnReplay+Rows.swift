import CareDomain
import RuleColumns
import RuleEngine

extension ColumnReplay {
    /// What differs for the households of a block.
    package func compare(_ block: FactBlock) -> BlockDifference {
        var run = BlockRun(plan, over: block, days: days)
        var result = BlockDifference(block, moved: moved(block))
        shelf.with { book in
            for index in clauses.indices { compare(index, book, &run, &result) }
        }
        return result
    }

    private func compare(
        _ index: Int, _ book: SteadyBook, _ run: inout BlockRun, _ result: inout BlockDifference
    ) {
        let clause = clauses[index]
        let frame = clause.frame == .household ? Frame.household : .one(clause.frame)
        let entities = run.block.entities(clause.frame)
        let decisions = run.block.decisions.compactMapValues { own -> [Award]? in
            let bearing = clause.bearing(own)
            return bearing.isEmpty ? nil : bearing
        }
        let isSteady = clause.isSteady && replay.scope.isEverywhere
        let steady = isSteady ? compareSteadily(index, decisions.keys, book, &run, &result) : nil
        let open = steady ?? openRows(clause, frame, entities, decisions.keys, &run)
        guard !open.isEmpty else { return }
        let scope = run.scope(frame, open: open)
        let before = clause.before.versions.map { OutcomeReader($0.plan, &run, in: scope) }
        let after = clause.after.versions.map { OutcomeReader($0.plan, &run, in: scope) }
        let reader = SideReader(replay: self)
        var work = RowWork()
        for (place, row) in open.enumerated() {
            let household = entities.map { Int($0.households[Int(row)]) } ?? Int(row)
            guard asks(household, result) else { continue }
            if !decisions.isEmpty, let own = decisions[Int32(household)] {
                let places = result.moved[Int32(household)]?.places ?? ReplayPlaces(all: replay)
                let subject = entities?.subjects[Int(row)] ?? .household
                let right = reader.decided(clause, place, subject, own, places, (before, after), &run)
                if let right { result.add(right, household: household) }
                continue
            }
            let isFollowed = clause.isFollowed
            reader.read(clause.before, before, place, isFollowed: isFollowed, &run.missing, &work.before)
            reader.read(
                clause.after, after, place, isFollowed: isFollowed, &run.missing, &work.after, after: clause.common,
                of: work.before.stretches)
            guard findsRuns(&work, clause, run.missing) else { continue }
            let told = RowPlace(clause: index, row: Int(row), household: household)
            let oneSum = wholeSum(clause, work)
            let seen = oneSum == nil ? lastMonth : replay.oneSumThrough
            work.before.findOpenMonths(through: seen)
            work.after.findOpenMonths(through: seen)
            if !result.moved.isEmpty, let places = result.moved[Int32(household)] {
                add(told, places, &work, oneSum, run, &result)
            } else if let row = self.row(told, work.before, work.after, in: wholeDays, oneSum, run, &result) {
                result.add(row)
            }
        }
    }

    /// Whether a household belonged to the division asked for.
    private func asks(_ household: Int, _ result: BlockDifference) -> Bool {
        replay.scope.isEverywhere || wanted(household, result) != nil
    }

    /// The rows of which one of the sides may say something, and those of households in which people decided.
    private func openRows(
        _ clause: Clause, _ frame: Frame, _ entities: EntityRows?, _ decided: some Sequence<Int32>,
        _ run: inout BlockRun
    ) -> [Int32] {
        var open = Array(repeating: false, count: run.count(frame, in: run.all))
        for version in clause.before.versions + clause.after.versions { run.mark(version.plan, &open) }
        for household in decided {
            for row in entities?.rows(of: Int(household)) ?? Int(household)..<Int(household) + 1 { open[row] = true }
        }
        return open.indices.filter { open[$0] }.map(Int32.init)
    }

    /// Buffers for one row.
    private struct RowWork {
        var before = SideWork()
        var after = SideWork()
        /// Of the two, what falls to one place.
        var placeBefore = SideWork()
        var placeAfter = SideWork()
    }

    /// Which right is looked at.
    struct RowPlace {
        let clause: Int
        let row: Int
        let household: Int
    }

    var wholeDays: Range<Int32> {
        replay.period.start.dayNumber..<(replay.period.end?.dayNumber ?? .max)
    }

    /// Works out when the sums of both sides fall due.
    /// - Returns: false where the sides are the same on all days, and so are their sums.
    private func findsRuns(_ work: inout RowWork, _ clause: Clause, _ missing: MissingTable) -> Bool {
        func isSame(_ days: Range<Int32>) -> Bool {
            Self.same(work.before.stretches, work.after.stretches, days, missing)
        }
        let spans = clause.isFollowed ? (before: work.before.spans, after: work.after.spans) : clause.spans
        let changesRhythm = clause.isFollowed ? spans.before.change || spans.after.change : clause.changesRhythm
        let fallsDueAlike = changesRhythm ? spans.before == spans.after : work.before.due == work.after.due
        if fallsDueAlike, !clause.changesDepartment, isSame(wholeDays), isSame(days) { return false }
        work.before.runs.removeAll(keepingCapacity: true)
        work.after.runs.removeAll(keepingCapacity: true)
        let last = lastMonthSettled(clause)
        let looksAhead = clause.countsTogether || clause.mayBeOneSum
        defer {
            work.before.rest = looksAhead ? work.before.runs.cut(after: lastMonth.index) : []
            work.after.rest = looksAhead ? work.after.runs.cut(after: lastMonth.index) : []
        }
        guard changesRhythm else {
            work.before.due?.runs(work.before.stretches, through: last, into: &work.before.runs)
            work.after.due?.runs(work.after.stretches, through: last, into: &work.after.runs)
            return true
        }
        func held(_ side: SideWork) -> [DueStretch] {
            side.stretches.filter(\.step.rightHolds).map { DueStretch($0.start, $0.end, $0.step) }
        }
        spans.before.runs(of: held(work.before), through: last, into: &work.before.runs)
        spans.after.runs(of: held(work.after), through: last, into: &work.after.runs)
        return true
    }

    /// The last month whose sums are looked at.
    func lastMonthSettled(_ clause: Clause) -> CivilMonth {
        clause.mayBeOneSum ? replay.oneSumThrough : clause.countsTogether ? replay.settledThrough : lastMonth
    }

    var comparedMonths: BlockDifference.ComparedMonths {
        .init(first: firstMonth, last: lastMonth.index, present: replay.present.index)
    }

    /// The row of a right over some days; nil where nothing differs on them.
    /// - Parameters:
    ///   - stays: those of them that count, where not all do.
    ///   - oneSum: where it is given once, what of all months is one sum and whether all of them are told.
    private func row(
        _ told: RowPlace, _ before: SideWork, _ after: SideWork, in days: Range<Int32>,
        stays: [Range<Int32>]? = nil, _ oneSum: WholeSum?, _ run: BlockRun, _ result: inout BlockDifference
    ) -> BlockDifference.Row? {
        let months = result.months.count
        DifferenceRun.between(before.runs, after.runs, from: firstMonth, into: &result.months)
        guard
            result.months.count > months || !Self.same(before.stretches, after.stretches, days, run.shares)
                || changesDepartment(told.clause, before, after, days)
        else { return nil }
        var runs = (before: before.runs, after: after.runs)
        var compared = comparedMonths
        compared.counted = oneSum?.counted
        if let oneSum, oneSum.tellsAll, result.months.count > months {
            // Where a sum that is given once leaves the months compared, or comes into them, the others are told with them.
            result.months.removeSubrange(months...)
            runs = (oneSum.before, oneSum.after)
            compared = compared.everything
            DifferenceRun.between(runs.before, runs.after, from: compared.first, into: &result.months)
        }
        let open = result.months.mark(from: months, before.open, after.open, oneSum: oneSum?.sum)
        var row = result.row(
            told.clause, row: told.row, household: told.household, before: .init(before, in: days),
            after: .init(after, in: days), runs: (runs.before.without(open), runs.after.without(open)),
            Int32(months)..<Int32(result.months.count), rest: (before.rest, after.rest), compared: compared,
            shares: run.shares, oneSum: oneSum?.sum)
        if clauses[told.clause].causes == nil {
            row.judged = result.add(judged: pairs(told.clause, before, after, stays ?? [days], run))
        }
        return row
    }

    /// The versions that judged a right on some days.
    private func pairs(
        _ index: Int, _ before: SideWork, _ after: SideWork, _ days: [Range<Int32>], _ run: BlockRun
    ) -> [VersionPair] {
        let (clause, reader) = (clauses[index], SideReader(replay: self))
        let periods = days.map { days in
            DayPeriod(
                start: CivilDay(dayNumber: days.lowerBound),
                end: days.upperBound == .max ? nil : CivilDay(dayNumber: days.upperBound))
        }
        return reader.judged(before, clause.before, inForce.before, run)
            .pairs(with: reader.judged(after, clause.after, inForce.after, run), on: periods)
    }

    /// What a right gives once, in all months.
    private struct WholeSum {
        let sum: OneSum
        let before: [DueRun]
        let after: [DueRun]
        /// Of the months compared those that are asked for, by index; nil = all of them.
        var counted: [Range<Int32>]?
        /// Whether those that are not compared are told where one of these differs.
        var tellsAll = true
    }

    /// What both sides give once, as `RuleReplay.oneSum`; nil where one of them gives it otherwise.
    private func wholeSum(_ clause: Clause, _ work: RowWork) -> WholeSum? {
        func isOneSum(_ side: Side, _ work: SideWork) -> Bool {
            side.versions.isEmpty || side.versions[work.telling].isOneSum
        }
        guard clause.mayBeOneSum, isOneSum(clause.before, work.before), isOneSum(clause.after, work.after) else {
            return nil
        }
        let (before, after) = (work.before.runs + work.before.rest, work.after.runs + work.after.rest)
        return WholeSum(
            sum: OneSum(before.sums, after.sums, present: comparedMonths.present), before: before, after: after)
    }

    /// Whether both sides say something within the days, and another department answers for it.
    private func changesDepartment(_ index: Int, _ before: SideWork, _ after: SideWork, _ days: Range<Int32>) -> Bool {
        let clause = clauses[index]
        guard clause.changesDepartment else { return false }
        let speak = [before, after].allSatisfy { side in
            side.stretches.contains { $0.end > days.lowerBound && $0.start < days.upperBound }
        }
        return speak && clause.hasOtherDepartment(Int32(before.telling), Int32(after.telling))
    }

    /// A right of a household that belonged to several places: over the days that count, and of each place.
    private func add(
        _ told: RowPlace, _ places: BlockPlaces, _ work: inout RowWork, _ oneSum: WholeSum?, _ run: BlockRun,
        _ result: inout BlockDifference
    ) {
        func row(_ share: BlockPlaces.Share) -> BlockDifference.Row? {
            work.placeBefore.take(work.before, in: share)
            work.placeAfter.take(work.after, in: share)
            var own = oneSum
            own?.counted = share.months
            own?.tellsAll = share.isWhole
            return self.row(
                told, work.placeBefore, work.placeAfter, in: share.span, stays: share.days, own, run, &result)
        }
        let places = places.of(clauses[told.clause].after.versions.isEmpty ? work.before : work.after)
        guard let wanted = places.wanted, var whole = row(wanted) else { return }
        let parts = places.parts.compactMap { share in row(share).map { (share.place, $0) } }
        whole.parts = result.add(parts)
        result.add(whole)
    }

    /// Whether two sides say the same in every month of the days.
    private static func same(
        _ one: [OutcomeStretch], _ two: [OutcomeStretch], _ days: Range<Int32>, _ shares: [[PayerShare]]
    ) -> Bool {
        func answers(_ stretches: [OutcomeStretch]) -> MonthlyAnswers {
            var answers = MonthlyAnswers()
            for stretch in stretches {
                answers.add(
                    .init(stretch.step, shares), max(stretch.start, days.lowerBound), min(stretch.end, days.upperBound))
            }
            return answers
        }
        return answers(one) == answers(two)
    }

    /// Whether the answers of two sides are the same on every day.
    private static func same(
        _ one: [OutcomeStretch], _ two: [OutcomeStretch], _ days: Range<Int32>, _ missing: MissingTable
    ) -> Bool {
        var left = one.lazy.filter { $0.end > days.lowerBound && $0.start < days.upperBound }.makeIterator()
        var right = two.lazy.filter { $0.end > days.lowerBound && $0.start < days.upperBound }.makeIterator()
        while true {
            let (a, b) = (left.next(), right.next())
            guard let a, let b else { return a == nil && b == nil }
            guard max(a.start, days.lowerBound) == max(b.start, days.lowerBound),
                min(a.end, days.upperBound) == min(b.end, days.upperBound),
                a.step.isSame(as: b.step) || missing.says(a.step, sameAs: b.step)
            else { return false }
        }
    }
}

extension SideWork {
    /// Looks for the months for which it is not known what is due.
    mutating func findOpenMonths(through last: CivilMonth) {
        open = OpenMonths(due?.cadence ?? .none, through: last)
        for stretch in stretches { open.add(stretch.step.status, stretch.start, stretch.end) }
    }
}

extension [DueRun] {
    /// Each month with its sum.
    fileprivate var sums: [(month: Int32, amount: Int64)] {
        flatMap { run in (0..<run.count).map { (run.month + $0, run.amount) } }
    }
}

extension ColumnReplay.Clause {
    /// Whether the versions that tell of each side name different departments.
    func hasOtherDepartment(_ telling: Int32, _ other: Int32) -> Bool {
        guard changesDepartment, !before.versions.isEmpty, !after.versions.isEmpty else { return false }
        return before.versions[Int(telling)].rule.department != after.versions[Int(other)].rule.department
    }
}
