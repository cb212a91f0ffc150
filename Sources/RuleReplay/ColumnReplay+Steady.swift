import CareDomain
import RuleColumns
import RuleEngine

extension ColumnReplay {
    /// Buffers for one row.
    private struct SteadyWork {
        /// For one side of it.
        struct Side {
            var stretches: [SteadyClause.Stretch] = []
            var runs: [DueRun] = []
            var rest: [DueRun] = []
            var telling: Int32 = 0
        }

        var before = Side()
        var after = Side()
    }

    /// Compares a steady clause.
    /// - Parameters:
    ///   - decided: households in which people decided what bears on it.
    ///   - book: of this replay.
    /// - Returns: the rows that are left to be looked at one by one, rising; nil = all of them.
    func compareSteadily(
        _ index: Int, _ decided: some Sequence<Int32>, _ book: SteadyBook, _ run: inout BlockRun,
        _ result: inout BlockDifference
    ) -> [Int32]? {
        let clause = clauses[index]
        guard let rule = (clause.after.versions.first ?? clause.before.versions.first)?.plan,
            let page = book.page(index, of: clause, &run)
        else { return nil }
        let held = run.heldDays(rule)
        let entities = run.block.entities(clause.frame)
        var apart = Array(repeating: false, count: run.block.count)
        var open = held.others
        for household in decided {
            apart[Int(household)] = true
            open += (entities?.rows(of: Int(household)) ?? Int(household)..<Int(household) + 1).map(Int32.init)
        }
        for household in result.moved.keys { apart[Int(household)] = true }
        let moved = Set(result.moved.keys)
        // Taken out once: every row looks into them.
        let owners = entities?.households
        let (rows, ends, stretches) = (held.rows, held.ends, held.stretches)
        var copier = SteadyCopier()
        var work = SteadyWork()
        var first = 0
        for place in rows.indices {
            let row = rows[place]
            let own = first..<Int(ends[place])
            first = own.upperBound
            let household = owners.map { $0[Int(row)] } ?? row
            if apart[Int(household)] {
                if moved.contains(household) { open.append(row) }
                continue
            }
            let told = RowPlace(clause: index, row: Int(row), household: Int(household))
            // Where the rhythm changes between versions, what fell due before it takes the whole row.
            guard own.count == 1, !clause.changesRhythm else {
                compare(told, page.steady, stretches[own], &work, run, &result)
                continue
            }
            guard let days = page.steady.counting(stretches[own.lowerBound], until: self.days.upperBound) else {
                continue
            }
            switch page.known(days) {
            case .same: break
            case .differing(let known): copier.add(known, of: page, entity: row, household: household, to: &result)
            case .nothing:
                let count = result.count
                compare(told, page.steady, CollectionOfOne(days), &work, run, &result)
                page.note(days, result.count > count ? result.rows.last : nil, in: result)
            }
        }
        return open.isEmpty ? [] : Set(open).sorted()
    }

    /// Works out what differs for a row to which the clause applies on these days.
    private func compare(
        _ told: RowPlace, _ steady: SteadyClause, _ days: some Sequence<Range<Int32>>, _ work: inout SteadyWork,
        _ run: BlockRun, _ result: inout BlockDifference
    ) {
        let clause = clauses[told.clause]
        if steady.fallsDueAlike, !clause.changesDepartment, !steady.differs(days, in: self.days) { return }
        let spans = clause.changesRhythm ? clause.spans : nil
        let last = lastMonthSettled(clause)
        read(clause.before, steady.before, steady, days, spans?.before, through: last, &work.before)
        read(clause.after, steady.after, steady, days, spans?.after, through: last, &work.after)
        let months = result.months.count
        DifferenceRun.between(work.before.runs, work.after.runs, from: firstMonth, into: &result.months)
        let sides = (
            steady.told(work.before.stretches, work.before.telling, in: wholeDays),
            steady.told(work.after.stretches, work.after.telling, in: wholeDays)
        )
        guard
            result.months.count > months
                || (steady.differs(days, in: wholeDays)
                    && steady.monthly(work.before.stretches, in: wholeDays, run.shares)
                        != steady.monthly(work.after.stretches, in: wholeDays, run.shares))
                || (sides.0.sight.holds && sides.1.sight.holds
                    && clause.hasOtherDepartment(work.before.telling, work.after.telling))
        else { return }
        var runs = (work.before.runs, work.after.runs)
        if steady.mayBeOpen {
            let open = result.months.mark(
                from: months, steady.openMonths(work.before.stretches, cadence(clause.before, work.before), lastMonth),
                steady.openMonths(work.after.stretches, cadence(clause.after, work.after), lastMonth))
            runs = (runs.0.without(open), runs.1.without(open))
        }
        result.add(
            result.row(
                told.clause, row: told.row, household: told.household, before: sides.0, after: sides.1, runs: runs,
                Int32(months)..<Int32(result.months.count), rest: (work.before.rest, work.after.rest),
                compared: comparedMonths, shares: run.shares))
    }

    private func cadence(_ side: Side, _ work: SteadyWork.Side) -> Cadence {
        side.versions.isEmpty ? .none : side.versions[Int(work.telling)].due.cadence
    }

    private func read(
        _ side: Side, _ segments: [SteadyClause.Segment], _ steady: SteadyClause,
        _ held: some Sequence<Range<Int32>>, _ spans: DueSpans?, through last: CivilMonth,
        _ work: inout SteadyWork.Side
    ) {
        steady.read(segments, held, through: days.upperBound, &work.stretches)
        work.telling = work.stretches.last?.version ?? Int32(max(0, side.versions.count - 1))
        work.runs.removeAll(keepingCapacity: true)
        work.rest.removeAll(keepingCapacity: true)
        guard !side.versions.isEmpty else { return }
        let stretches = work.stretches.lazy.map { DueStretch($0.start, $0.end, steady.grants[$0.grant]) }
        if let spans {
            spans.runs(of: stretches, through: last, into: &work.runs)
        } else {
            side.versions[Int(work.telling)].due.runs(of: stretches, through: last, into: &work.runs)
        }
        if last > lastMonth { work.rest = work.runs.cut(after: lastMonth.index) }
    }
}

/// Writes down for further rows what a page knows.
private struct SteadyCopier {
    /// By the page's payers: where each stands in the result; -1 = nowhere yet.
    private var payers: [Int32] = []

    mutating func add(
        _ known: BlockDifference.Row, of page: SteadyPage, entity: Int32, household: Int32,
        to result: inout BlockDifference
    ) {
        var row = known
        row.entity = entity
        row.household = household
        row.months = result.add(months: page.months, known.months)
        while payers.count < page.names.count { payers.append(-1) }
        for (payer, _) in page.payers[Int(known.payers.lowerBound)..<Int(known.payers.upperBound)]
        where payers[Int(payer)] < 0 {
            payers[Int(payer)] = result.place(of: page.names[Int(payer)])
        }
        row.payers = result.add(payers: page.payers, known.payers, payers)
        result.add(row)
    }
}
