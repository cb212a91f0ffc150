import CareDomain
import RuleColumns
import RuleEngine

/// What differs for the households of a block, as columns: one row per clause and beneficiary.
package struct BlockDifference: Sendable {
    /// One right that differs.
    struct Row: Sendable {
        /// Place of the clause in `ColumnReplay.clauses`.
        let clause: Int32
        /// Row of the beneficiary in the block.
        var entity: Int32
        var household: Int32
        let kind: RightDifference.Kind
        let statusBefore: OutcomeStatus
        let statusAfter: OutcomeStatus
        /// Fen, or `OutcomeStep.none`.
        let standingBefore: Int64
        let standingAfter: Int64
        /// Places of the versions that tell department and cadence.
        let tellingBefore: Int32
        let tellingAfter: Int32
        /// Places in `months`.
        var months: Range<Int32>
        /// Places in `payers`.
        var payers: Range<Int32>
        let arrears: Int64
        let overpayment: Int64
        let future: Int64
        /// What is neither owed nor over-paid, because it is not known.
        let undecided: Int64
        /// What is neither, because people decide the sum and nobody has.
        let awaiting: Int64
        /// Whether the rule ends in an error after, and before on no day.
        let fails: Bool
        /// Places in `parts`: of a household that belonged to several places, what differs of its time in each.
        var parts: Range<Int32> = 0..<0
        /// Place in `judged` where causes depend on it; otherwise -1.
        var judged: Int32 = -1
    }

    let block: FactBlock
    private(set) var rows: [Row] = []
    var months: [DifferenceRun] = []
    /// Each payer by its place in `payerNames`.
    private(set) var payers: [(payer: Int32, difference: Fen)] = []
    private(set) var payerNames: [Code] = []
    /// By place of shares with one payer: that payer; -1 = not asked for yet.
    private var soles: [Int32] = []
    /// What belongs to one place, with the number of its division in the block's texts (-1 = not known).
    private(set) var parts: [(place: Int64, row: Row)] = []
    /// The versions that judged rights, each list once.
    private(set) var judged: [[VersionPair]] = []
    /// Those of households in which people decided, with the household's row.
    private(set) var decided: [(household: Int32, right: RightDifference)] = []
    /// By row: households that changed their place, so that not all days of theirs count alike.
    let moved: [Int32: BlockPlaces]

    init(_ block: FactBlock, moved: [Int32: BlockPlaces]) {
        self.block = block
        self.moved = moved
    }

    /// Rights that differ.
    package var count: Int { rows.count + decided.count }

    mutating func add(_ right: RightDifference, household: Int) { decided.append((Int32(household), right)) }

    mutating func add(_ row: Row) { rows.append(row) }

    /// Takes some months of others over.
    /// - Returns: where they stand.
    mutating func add(months others: [DifferenceRun], _ places: Range<Int32>) -> Range<Int32> {
        let first = Int32(months.count)
        for place in places { months.append(others[Int(place)]) }
        return first..<Int32(months.count)
    }

    /// Takes what some payers of others pay more over.
    /// - Parameter names: by the others' payers, the places of their names here.
    /// - Returns: where it stands.
    mutating func add(
        payers others: [(payer: Int32, difference: Fen)], _ places: Range<Int32>, _ names: [Int32]
    ) -> Range<Int32> {
        let first = Int32(payers.count)
        for place in places {
            let (payer, difference) = others[Int(place)]
            payers.append((names[Int(payer)], difference))
        }
        return first..<Int32(payers.count)
    }

    /// - Returns: where the parts stand.
    mutating func add(_ parts: [(place: Int64, row: Row)]) -> Range<Int32> {
        let first = Int32(self.parts.count)
        self.parts += parts
        return first..<Int32(self.parts.count)
    }

    /// - Returns: where the versions that judged a right stand.
    mutating func add(judged pairs: [VersionPair]) -> Int32 {
        if let place = judged.firstIndex(of: pairs) { return Int32(place) }
        judged.append(pairs)
        return Int32(judged.count - 1)
    }

    /// What one side says over the days that count.
    struct Told {
        let sight: RightDifference.Sight
        /// What stands at their end.
        let status: OutcomeStatus
        /// Fen, or `OutcomeStep.none`.
        let standing: Int64
        /// Place of the version that tells department and cadence.
        let telling: Int32

        /// - Parameter last: what reaches their end.
        init(_ sight: RightDifference.Sight, last: OutcomeStep?, telling: Int32) {
            self.sight = sight
            status = last?.status ?? .notEntitled
            standing = last.map { $0.rightHolds ? $0.amount : OutcomeStep.none } ?? OutcomeStep.none
            self.telling = telling
        }

        init(_ side: SideWork, in days: Range<Int32>) {
            var sight = RightDifference.Sight()
            var last: OutcomeStretch?
            for stretch in side.stretches where stretch.end > days.lowerBound && stretch.start < days.upperBound {
                sight.add(stretch.step.status, holds: stretch.step.rightHolds)
                last = stretch
            }
            self.init(
                sight, last: last.flatMap { $0.end >= days.upperBound ? $0.step : nil }, telling: Int32(side.telling))
        }
    }

    /// What differs between two sides of a right.
    /// - Parameters:
    ///   - runs: when the sums of each side fall due.
    ///   - told: places of the months that differ.
    ///   - rest: what falls due after the last month compared, of quarters and years that have begun.
    ///   - oneSum: all months as one sum, where it is given once.
    mutating func row(
        _ clause: Int, row: Int, household: Int, before: Told, after: Told,
        runs: (before: [DueRun], after: [DueRun]), _ told: Range<Int32>, rest: (before: [DueRun], after: [DueRun]),
        compared: ComparedMonths, shares: [[PayerShare]], oneSum: OneSum? = nil
    ) -> Row {
        let (sums, open) = sums(told, rest, compared, oneSum)
        let firstPayer = Int32(payers.count)
        addPayers(runs.before, runs.after, compared.first, shares)
        return Row(
            clause: Int32(clause), entity: Int32(row), household: Int32(household),
            kind: .init(from: before.sight, to: after.sight).settled(by: oneSum),
            statusBefore: before.status, statusAfter: after.status,
            standingBefore: before.standing, standingAfter: after.standing,
            tellingBefore: before.telling, tellingAfter: after.telling,
            months: told, payers: firstPayer..<Int32(payers.count),
            arrears: sums.arrears, overpayment: sums.overpayment, future: sums.future,
            undecided: open.undecided, awaiting: open.awaiting, fails: after.sight.fails && !before.sight.fails)
    }

    /// The months that are compared, by index.
    struct ComparedMonths {
        var first: Int32
        var last: Int32
        /// Up to which sums are arrears or over-payment.
        let present: Int32
        /// Those of them that count, by index, in order; nil = every month.
        var counted: [Range<Int32>]?

        /// All months there are, whether or not they are compared.
        var everything: ComparedMonths { .init(first: .min, last: .max - 1, present: present) }

        func counts(_ month: Int32) -> Bool {
            first <= month && month <= last && counted.map { $0.contains { $0.contains(month) } } ?? true
        }
    }

    /// What of some months is not known, or for people to decide.
    private struct OpenSums {
        var undecided: Int64 = 0
        var awaiting: Int64 = 0

        mutating func add(_ sum: Int64, _ open: RightDifference.Open) {
            if open == .awaitsDecision { awaiting += sum } else { undecided += sum }
        }
    }

    /// What stands of some months, and what of them is not known.
    private func sums(
        _ told: Range<Int32>, _ rest: (before: [DueRun], after: [DueRun]), _ compared: ComparedMonths,
        _ oneSum: OneSum?
    ) -> (NettedMonths.Sums, OpenSums) {
        var sums = NettedMonths.Sums()
        var open = OpenSums()
        var countsTogether = !rest.before.isEmpty || !rest.after.isEmpty
        for run in months[Int(told.lowerBound)..<Int(told.upperBound)] {
            let difference = run.after - run.before
            let due = Int64(max(0, min(run.count, compared.present + 1 - run.month)))
            if let reason = run.open {
                open.add(due * abs(difference), reason)
                continue
            }
            countsTogether = countsTogether || run.unit != .month
            if difference > 0 { sums.arrears += due * difference } else { sums.overpayment -= due * difference }
            sums.future += (Int64(run.count) - due) * difference
        }
        if let oneSum {
            // It is open as a whole, or known as a whole.
            let isOpen = months[Int(told.lowerBound)..<Int(told.upperBound)].contains(where: \.isOpen)
            return (isOpen ? NettedMonths.Sums() : oneSum.sums(of: compared.counts), open)
        }
        guard countsTogether else { return (sums, open) }
        var netted = NettedMonths()
        var later: [DifferenceRun] = []
        DifferenceRun.between(rest.before, rest.after, from: compared.last + 1, into: &later)
        for run in months[Int(told.lowerBound)..<Int(told.upperBound)] + later[...] where !run.isOpen {
            netted.add(run.month, run.after - run.before, run.unit, count: run.count)
        }
        return (netted.sums(present: compared.present, last: compared.last), open)
    }

    /// What each payer would pay more over the months compared.
    private mutating func addPayers(_ before: [DueRun], _ after: [DueRun], _ first: Int32, _ shares: [[PayerShare]]) {
        let start = payers.count
        // Most sums have one payer, the same in every month: they are put together before anybody is looked up.
        var whole: (payer: Int32, sum: Int64) = (-1, 0)
        func put(_ payer: Int32, _ change: Fen) {
            if let place = payers[start...].firstIndex(where: { $0.payer == payer }) {
                payers[place].difference = payers[place].difference + change
            } else {
                payers.append((payer, change))
            }
        }
        func add(_ runs: [DueRun], sign: Int64) {
            for run in runs where run.end > first && run.payer >= 0 {
                let count = sign * Int64(run.end - max(run.month, first))
                if run.payer == whole.payer {
                    whole.sum += count * run.amount
                } else if whole.payer < 0, shares[Int(run.payer)].count == 1, shares[Int(run.payer)][0].parts > 0 {
                    whole = (run.payer, count * run.amount)
                } else {
                    for (payer, part) in PayerSplit.split(Fen(run.amount), shares[Int(run.payer)]) {
                        put(place(of: payer), part * count)
                    }
                }
            }
        }
        add(before, sign: -1)
        add(after, sign: 1)
        if whole.payer >= 0 { put(sole(whole.payer, shares), Fen(whole.sum)) }
        guard payers.count > start + 1 || payers.last?.difference == .zero else { return }
        let found = payers[start...].filter { $0.difference != .zero }
        payers.replaceSubrange(
            start..., with: found.sorted { payerNames[Int($0.payer)].rawValue < payerNames[Int($1.payer)].rawValue })
    }

    /// The payer of shares that have one.
    private mutating func sole(_ share: Int32, _ shares: [[PayerShare]]) -> Int32 {
        if soles.count < shares.count {
            soles += Array(repeating: -1, count: shares.count - soles.count)
        }
        if soles[Int(share)] < 0 { soles[Int(share)] = place(of: shares[Int(share)][0].payer) }
        return soles[Int(share)]
    }

    /// The place of a payer's name.
    mutating func place(of payer: Code) -> Int32 {
        if let place = payerNames.firstIndex(of: payer) { return Int32(place) }
        payerNames.append(payer)
        return Int32(payerNames.count - 1)
    }
}

extension ColumnReplay {
    /// The differences of a block, household by household in the block's order, for those that are asked for. The block says
    /// whose its rows are.
    package func differences(
        _ difference: BlockDifference, where isAsked: (HouseholdID, DivisionCode?) -> Bool = { _, _ in true }
    ) -> [HouseholdDifference] {
        precondition(difference.block.hasSubjects, "ColumnReplay.differences: a block read without its subjects")
        var rights: [Int32: [RightDifference]] = [:]
        rights.reserveCapacity(difference.rows.count)
        for row in difference.rows { rights[row.household, default: []].append(right(row, difference)) }
        for (household, right) in difference.decided { rights[household, default: []].append(right) }
        return rights.keys.sorted().compactMap { household in
            let id = difference.block.households[Int(household)]
            let division = wanted(Int(household), difference)?.division
            guard isAsked(id, division), let rights = rights[household] else { return nil }
            let sorted = rights.sorted { ($0.clause, $0.subject) < ($1.clause, $1.subject) }
            return HouseholdDifference(household: id, division: division, rights: sorted)
        }
    }

    /// The days of a household that count; nil = none.
    func wanted(_ household: Int, _ difference: BlockDifference) -> ReplayPlaces.Share? {
        if let moved = difference.moved[Int32(household)] { return moved.places.told }
        let division = division(household, difference.block)
        return replay.asks(for: division) ? .init(division: division, days: [replay.period], months: nil) : nil
    }

    /// Households of a block that changed their place so often that days of theirs count apart, and those to whom a unit granted
    /// something, which is told of the unit.
    func moved(_ block: FactBlock) -> [Int32: BlockPlaces] {
        var found: [Int32: BlockPlaces] = [:]
        var steps: [(day: Int32, cell: Cell)] = []
        var divisions: [Int64: DivisionCode] = [:]
        var current: Int?
        let inside =
            replay.period.start.dayNumber
            + 1..<max(
                replay.period.start.dayNumber + 1, replay.period.end?.dayNumber ?? .max)
        func finish() {
            // Who is asked for wherever they belong, and did not move within the period, belonged to one place in it.
            guard let row = current else { return }
            let units = block.decisions[Int32(row)]?.units(in: replay.period) ?? []
            guard
                !replay.scope.isEverywhere || !units.isEmpty || steps.contains(where: { inside.contains($0.day) })
            else { return }
            var numbers: [DivisionCode: Int64] = [:]
            let places = ReplayPlaces(
                steps.map { day, cell in
                    guard cell.tag == .value else { return (CivilDay(dayNumber: day), nil) }
                    let division = divisions[cell.payload] ?? DivisionCode(block.codes[cell.payload])
                    divisions[cell.payload] = division
                    if let division { numbers[division] = cell.payload }
                    return (CivilDay(dayNumber: day), division)
                }, units: units, replay)
            if !units.isEmpty || places.wanted?.months != nil || !(places.wanted?.isWhole ?? false) {
                found[Int32(row)] = BlockPlaces(places, numbers)
            }
        }
        func take(_ row: Int, _ day: Int32, _ cell: Cell) {
            if row != current {
                finish()
                current = row
                steps.removeAll(keepingCapacity: true)
            }
            steps.append((day, cell))
        }
        block.divisions.forEachChange(take)
        finish()
        // Who never moved is told of a unit that granted something, too.
        for (row, own) in block.decisions where found[row] == nil && !own.units(in: replay.period).isEmpty {
            current = nil
            block.divisions.forEachStep(of: Int(row), take)
            finish()
        }
        return found
    }

    /// Where a household belongs at the end of the period.
    private func division(_ household: Int, _ block: FactBlock) -> DivisionCode? {
        let day = (replay.period.end ?? replay.period.start) - 1
        var cell = block.divisions.cell(row: household, on: day.dayNumber)
        if cell.tag != .value {
            // What is not known before the first place is taken to be as on it.
            var first: (day: Int32, cell: Cell)?
            block.divisions.forEachStep(of: household) { _, start, known in
                if first == nil, known.tag == .value { first = (start, known) }
            }
            guard let first, first.day > day.dayNumber else { return nil }
            cell = first.cell
        }
        return DivisionCode(block.codes[cell.payload])
    }

    func right(_ row: BlockDifference.Row, _ difference: BlockDifference) -> RightDifference {
        let clause = clauses[Int(row.clause)]
        // Versions, not their rules: a rule is a large value, and this is asked for every right.
        func version(_ side: Side, _ place: Int32) -> Version? {
            side.versions.isEmpty ? nil : side.versions[Int(place)]
        }
        let told = (version(clause.before, row.tellingBefore), version(clause.after, row.tellingAfter))
        func fen(_ number: Int64) -> Fen? { number == OutcomeStep.none ? nil : Fen(number) }
        let months = difference.months[Int(row.months.lowerBound)..<Int(row.months.upperBound)].flatMap { run in
            (run.month..<run.month + run.count).map {
                RightDifference.Month(
                    month: CivilMonth(index: $0), before: Fen(run.before), after: Fen(run.after), open: run.open)
            }
        }
        let entities = difference.block.entities(clause.frame)
        var right = RightDifference(
            clause: clause.clause, subject: entities?.subjects[Int(row.entity)] ?? .household, kind: row.kind,
            department: told.1?.rule.department ?? told.0?.rule.department,
            cadence: (told.1 ?? told.0)?.due.cadence ?? .none, statusBefore: row.statusBefore,
            statusAfter: row.statusAfter, standingBefore: fen(row.standingBefore),
            standingAfter: fen(row.standingAfter),
            months: months, sums: (Fen(row.arrears), Fen(row.overpayment), Fen(row.future)), present: replay.present,
            payers: difference.payers[Int(row.payers.lowerBound)..<Int(row.payers.upperBound)].map { payer, sum in
                (difference.payerNames[Int(payer)], sum)
            },
            causes: clause.causes
                ?? replay.causes(
                    of: clause.clause, row.judged < 0 ? [] : difference.judged[Int(row.judged)]))
        right.fails = row.fails
        right.parts = difference.parts[Int(row.parts.lowerBound)..<Int(row.parts.upperBound)].map { place, part in
            let division = place < 0 ? nil : DivisionCode(difference.block.codes[place])
            return RightDifference.Part(division: division, right: self.right(part, difference))
        }
        return right
    }
}
