import CareDomain
import RuleColumns
import RuleEngine

/// Buffers for one side of one row.
struct SideWork {
    var steps: [OutcomeStep] = []
    var stretches: [OutcomeStretch] = []
    var runs: [DueRun] = []
    /// What falls due after the last month compared, of quarters and years that have begun.
    var rest: [DueRun] = []
    /// For which months it is not known what is due.
    var open = OpenMonths(.none, through: CivilMonth(index: 0))
    /// How the side's sums fall due: by the version of its last right.
    var due: DueRules?
    /// That version's place on the side.
    var telling = 0
    /// Of a clause whose rights are followed from version to version: what each of them says on the days that it judges, before
    /// proposals are taken as granted.
    var judged: [OutcomeStretch] = []
    /// Of such a clause the rhythms by which the versions that judge the right let its sums fall due.
    var spans = DueSpans([])
}

/// Brings the versions of a clause together for one row.
struct SideReader {
    let replay: ColumnReplay

    /// The answers of a side that no person's decision touches.
    /// - Parameters:
    ///   - isFollowed: Whether the right is followed from version to version.
    ///   - common: Days on which this side says what the other one does; nil = all are read.
    ///   - known: The other side's answers.
    func read(
        _ side: ColumnReplay.Side, _ readers: [OutcomeReader], _ row: Int, isFollowed: Bool,
        _ missing: inout MissingTable, _ work: inout SideWork, after common: ColumnReplay.CommonDays? = nil,
        of known: [OutcomeStretch] = []
    ) {
        work.stretches.removeAll(keepingCapacity: true)
        // What is assumed of proposals is put in at the end, when their answers have been joined.
        let common = assumesAwards ? nil : common
        if let common { take(known, common, &work.stretches) }
        // A one-off belongs to the version that gave it, anything else to the one that says so last.
        let isOnce = side.versions.last?.due.cadence == .once
        if isFollowed {
            follow(side, readers, row, isOnce: isOnce, &missing, &work)
        } else {
            readInForce(side, readers, row, isOnce: isOnce, &missing, &work, from: common)
        }
        if isOnce {
            grantOnce(&work.stretches, side, missing)
            if isFollowed { work.judged = work.stretches }
        }
        work.telling =
            work.stretches.last { $0.step.rightHolds }.map { Int($0.step.version) } ?? max(0, side.versions.count - 1)
        if assumesAwards { assume(&work.stretches, side, isOnce: isOnce) }
        if let last = work.stretches.last, last.end == replay.days.upperBound {
            work.stretches[work.stretches.count - 1].end = .max
        }
        work.due = side.versions.isEmpty ? nil : side.versions[work.telling].due
    }

    /// What the versions say on the days on which they are in force.
    /// - Parameter common: days that are read already.
    private func readInForce(
        _ side: ColumnReplay.Side, _ readers: [OutcomeReader], _ row: Int, isOnce: Bool,
        _ missing: inout MissingTable, _ work: inout SideWork, from common: ColumnReplay.CommonDays?
    ) {
        for place in (common?.version ?? 0)..<side.versions.count {
            var days = side.versions[place].days
            if let common {
                guard common.end < days.upperBound else { continue }
                days = max(days.lowerBound, common.end)..<days.upperBound
            }
            work.steps.removeAll(keepingCapacity: true)
            readers[place].read(row, days, &missing, into: &work.steps)
            for (index, step) in work.steps.enumerated() where step.status != .notEntitled {
                let end = index + 1 < work.steps.count ? work.steps[index + 1].day : days.upperBound
                var step = step
                step.version = Int32(place)
                let isJoined = add(OutcomeStretch(start: step.day, end: end, step: step), missing, &work.stretches)
                if isJoined, !isOnce { work.stretches[work.stretches.count - 1].step.version = Int32(place) }
            }
        }
    }

    /// The other side's answers on the common days.
    private func take(
        _ known: [OutcomeStretch], _ common: ColumnReplay.CommonDays, _ stretches: inout [OutcomeStretch]
    ) {
        for var stretch in known {
            guard stretch.start < common.end else { return }
            if stretch.end > common.end {
                stretch.end = common.end
                stretch.step.version = min(stretch.step.version, Int32(common.version))
            }
            stretches.append(stretch)
        }
    }

    private var assumesAwards: Bool { replay.replay.assumesAwards }

    /// As `Determination.takeProposals`.
    private func assume(_ stretches: inout [OutcomeStretch], _ side: ColumnReplay.Side, isOnce: Bool) {
        var once = AssumedOnce(topUp: side.versions.last?.topsUp ?? false)
        stretches = stretches.compactMap { stretch in
            var stretch = stretch
            let isProposed = stretch.step.status == .proposed
            if isOnce, stretch.step.rightHolds {
                let amount = stretch.step.amount == OutcomeStep.none ? nil : Fen(stretch.step.amount)
                let days = DayPeriod(
                    start: CivilDay(dayNumber: stretch.start), end: CivilDay(dayNumber: stretch.end))
                guard let sum = once.take(days, isProposed: isProposed, amount) else { return nil }
                stretch.step.amount = sum?.amount ?? OutcomeStep.none
            }
            if isProposed { stretch.step.status = .entitled }
            return stretch
        }
    }

    /// - Returns: whether the stretch goes on with the one before it.
    @discardableResult
    func add(
        _ stretch: OutcomeStretch, _ missing: MissingTable, _ stretches: inout [OutcomeStretch]
    ) -> Bool {
        if let last = stretches.last, last.end == stretch.start,
            last.step.isSame(as: stretch.step) || missing.says(last.step, sameAs: stretch.step)
        {
            stretches[stretches.count - 1].end = stretch.end
            return true
        }
        stretches.append(stretch)
        return false
    }

    /// As `[OutcomePiece].settledOnce`, where nobody decided anything: what waits for people bars nothing.
    func grantOnce(
        _ stretches: inout [OutcomeStretch], _ side: ColumnReplay.Side, _ missing: MissingTable
    ) {
        let topUp = side.versions.last?.topsUp ?? false
        var result: [OutcomeStretch] = []
        var given: OutcomeStep?
        var open: Set<Int32> = []
        var rest = stretches[...]
        while let first = rest.first {
            guard first.step.rightHolds else {
                add(first, missing, &result)
                rest = rest.dropFirst()
                continue
            }
            var count = 1
            while count < rest.count, rest[rest.startIndex + count].goesOn(from: rest[rest.startIndex + count - 1]) {
                count += 1
            }
            let own = Self.merged(rest.prefix(count), after: given, topUp: topUp)
            rest = rest.dropFirst(count)
            let granted = own.filter { isGiven($0.step, side) }
            if !granted.isEmpty {
                // Nobody has to decide about earlier days any longer.
                result.removeAll { $0.step.rightHolds && open.contains($0.start) }
                open = []
            }
            for stretch in granted { Self.give(stretch.step, &given) }
            open.formUnion(own.filter { !isGiven($0.step, side) }.map(\.start))
            result += own
        }
        stretches = result
    }

    private func isGiven(_ step: OutcomeStep, _ side: ColumnReplay.Side) -> Bool {
        let type = side.versions[Int(step.version)].rule.amount?.type
        return step.status == .entitled || !(type?.needsDecision ?? false)
    }

    /// Days in a row with the right as they are to be granted: the first day's answer, and what goes beyond it and beyond what
    /// was given before.
    private static func merged(
        _ stretches: ArraySlice<OutcomeStretch>, after given: OutcomeStep?, topUp: Bool
    ) -> [OutcomeStretch] {
        var level = given
        var merged: [OutcomeStretch] = []
        for var stretch in stretches {
            guard let before = level else {
                level = stretch.step
                merged.append(stretch)
                continue
            }
            let isKnown = stretch.step.amount != OutcomeStep.none && before.amount != OutcomeStep.none
            if topUp, isKnown, stretch.step.amount > before.amount {
                level?.amount = stretch.step.amount
                stretch.step.amount -= before.amount
                merged.append(stretch)
            } else if !merged.isEmpty {
                merged[merged.count - 1].end = stretch.end
            }
        }
        return merged
    }

    private static func give(_ step: OutcomeStep, _ given: inout OutcomeStep?) {
        guard let before = given else {
            given = step
            return
        }
        let isKnown = before.amount != OutcomeStep.none && step.amount != OutcomeStep.none
        given?.amount = isKnown ? before.amount + step.amount : OutcomeStep.none
    }

    // MARK: People's decisions

    /// The difference for a household in which a person decided something, or that moved: through the very code of the
    /// evaluator.
    func decided(
        _ clause: ColumnReplay.Clause, _ row: Int, _ subject: RuleSubject, _ decisions: [Award],
        _ places: ReplayPlaces, _ readers: (before: [OutcomeReader], after: [OutcomeReader]), _ run: inout BlockRun
    ) -> RightDifference? {
        let replay = replay.replay
        func settle(
            _ evaluator: Evaluator, _ side: ColumnReplay.Side, _ readers: [OutcomeReader]
        ) -> (determination: Determination, pieces: [OutcomePiece])? {
            determination(evaluator, side, readers, row, clause.clause, subject, decisions, &run)
        }
        let before = settle(replay.current, clause.before, readers.before)
        let after = settle(replay.candidate, clause.after, readers.after)
        let inForce = replay.tellsJudges ? self.replay.inForce : nil
        let judged = inForce.map { (JudgedDays(before?.pieces ?? [], $0), JudgedDays(after?.pieces ?? [], $1)) }
        return replay.difference(
            RightKey(clause: clause.clause, subject: subject), before?.determination, after?.determination, places,
            decisions, judged)
    }

    private func determination(
        _ evaluator: Evaluator, _ side: ColumnReplay.Side, _ readers: [OutcomeReader], _ row: Int, _ clause: ClauseID,
        _ subject: RuleSubject, _ decisions: [Award], _ run: inout BlockRun
    ) -> (determination: Determination, pieces: [OutcomePiece])? {
        guard let last = side.versions.last, let settling = side.settling else { return nil }
        let own = decisions.filter { $0.clause == clause && $0.subject == subject }
        let settled: [OutcomePiece]
        if side.leavesRunning {
            var turns: [Evaluator.Turn] = []
            for (turn, place) in side.turns {
                var pieces: [OutcomePiece] = []
                if let place {
                    pieces = self.pieces(readers[place], side.versions[place], turn.reach, row, own, &run)
                }
                turns.append(
                    .init(
                        first: CivilDay(dayNumber: turn.days.lowerBound), leavesRunning: turn.leavesRunning,
                        pack: turn.pack, pieces: pieces))
            }
            settled = evaluator.settled(clause, subject, turns, decisions: decisions)
        } else {
            var pieces: [OutcomePiece] = []
            for (place, version) in side.versions.enumerated() {
                pieces += self.pieces(readers[place], version, version.days, row, own, &run)
            }
            settled = evaluator.settled(settling, last.rule, subject, pieces, decisions: decisions)
        }
        let outcome = RuleOutcome(pack: last.pack.id, clause: clause, subject: subject, pieces: settled)
        guard var determination = evaluator.determination(outcome) else { return nil }
        replay.replay.assumeAwards(&determination, topUp: last.topsUp)
        return (determination, settled)
    }

    /// What a version says day by day, exceptions put in where the conditions say no.
    private func pieces(
        _ reader: OutcomeReader, _ version: ColumnReplay.Version, _ days: Range<Int32>, _ row: Int,
        _ decisions: [Award], _ run: inout BlockRun
    ) -> [OutcomePiece] {
        var plain: [OutcomeStep] = []
        reader.read(row, days, &run.missing, into: &plain)
        var granted: [OutcomeStep] = []
        let decided = decisions.flatMap { [$0.period.start, $0.period.end].compactMap(\.?.dayNumber) }
        if decisions.contains(where: { if case .excepted = $0.outcome { true } else { false } }) {
            reader.read(row, days, &run.missing, granted: true, into: &granted)
        }
        let borders = Set((plain + granted).map(\.day) + decided.filter { days.contains($0) }).sorted()
        var result: [OutcomePiece] = []
        for (index, day) in borders.enumerated() {
            let end = index + 1 < borders.count ? borders[index + 1] : days.upperBound
            let isLast = end == replay.days.upperBound
            let period = DayPeriod(
                start: CivilDay(dayNumber: day), end: isLast ? nil : CivilDay(dayNumber: end))
            guard let step = plain.last(where: { $0.day <= day }) else { continue }
            var piece = self.piece(step, period, version, run)
            if !piece.rightHolds, !granted.isEmpty, let exception = Evaluator.exception(in: decisions, on: day),
                let full = granted.last(where: { $0.day <= day })
            {
                piece = self.piece(full, period, version, run)
                piece.except(by: exception)
            }
            result.join(piece)
        }
        return result
    }

    func piece(
        _ step: OutcomeStep, _ period: DayPeriod, _ version: ColumnReplay.Version, _ run: BlockRun
    ) -> OutcomePiece {
        let interval = replay.interval(step, period, run)
        var piece = OutcomePiece(period: period, status: step.status, pack: version.pack.reference)
        piece.rightHolds = interval.rightHolds
        piece.amount = interval.amount
        piece.hours = interval.hours
        piece.hourlyRate = interval.hourlyRate
        piece.payers = interval.payers
        piece.missing = replay.missing(step.missing, run)
        piece.missingForPayer = replay.missing(step.missingForPayer, run)
        if step.failure >= 0 { piece.failure = EvaluationError.allCases[Int(step.failure)] }
        return piece
    }
}

extension ColumnReplay {
    func missing(_ payload: Int64, _ run: BlockRun) -> [Missing] {
        payload == OutcomeStep.none ? [] : run.missing.missing(payload, plan, run.block)
    }

    /// The step in the form to store.
    func interval(
        _ step: OutcomeStep, _ period: DayPeriod, _ run: BlockRun
    ) -> Determination.Interval {
        func fen(_ number: Int64) -> Fen? { number == OutcomeStep.none ? nil : Fen(number) }
        let waits = missing(step.missing, run).and(missing(step.missingForPayer, run))
        let failure = step.failure >= 0 ? ["error:\(EvaluationError.allCases[Int(step.failure)].rawValue)"] : []
        return Determination.Interval(
            period: period, status: step.status, rightHolds: step.rightHolds, amount: fen(step.amount),
            hours: step.hours == OutcomeStep.none ? nil : step.hours, hourlyRate: fen(step.hourlyRate),
            payers: step.payer < 0 ? [] : run.shares[Int(step.payer)], missing: waits.map(\.code) + failure)
    }
}
