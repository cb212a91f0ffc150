import CareDomain
import RuleColumns
import RuleEngine

/// What one version says of a row, in numbers.
private struct CaseStretch: JudgedStretch {
    var stretch: OutcomeStretch
    let judge: Int

    var isHeld: Bool { stretch.step.rightHolds }
    var firstDay: Int32 { stretch.start }
    var endDay: Int32 { stretch.end }

    func part(from first: Int32, to end: Int32) -> CaseStretch {
        var part = self
        part.stretch.start = first
        part.stretch.end = end
        return part
    }
}

extension SideReader {
    /// What the versions say on the days on which each of them judges the right.
    func follow(
        _ side: ColumnReplay.Side, _ readers: [OutcomeReader], _ row: Int, isOnce: Bool,
        _ missing: inout MissingTable, _ work: inout SideWork
    ) {
        var right = CaseSuccession<CaseStretch>()
        for (turn, place) in side.turns {
            right.begin(on: turn.days.lowerBound, leavesRunning: turn.leavesRunning) { cases in
                isOnce ? given(cases, side, missing) : cases
            }
            guard let place, let free = right.free, free < turn.reach.upperBound else { continue }
            let days = max(free, turn.reach.lowerBound)..<turn.reach.upperBound
            work.steps.removeAll(keepingCapacity: true)
            readers[place].read(row, days, &missing, into: &work.steps)
            var says: [CaseStretch] = []
            for (index, step) in work.steps.enumerated() where step.status != .notEntitled {
                let end = index + 1 < work.steps.count ? work.steps[index + 1].day : days.upperBound
                var step = step
                step.version = Int32(place)
                says.append(
                    CaseStretch(stretch: OutcomeStretch(start: step.day, end: end, step: step), judge: turn.judge))
            }
            right.add(says)
        }
        work.judged = right.stretches.map(\.stretch)
        work.spans = DueSpans(
            work.judged.filter(\.step.rightHolds).map { ($0.start, side.versions[Int($0.step.version)].due) })
        join(work.judged, missing, isOnce: isOnce, &work.stretches)
    }

    /// What of some stretches is given, where it is given once.
    private func given(
        _ cases: [CaseStretch], _ side: ColumnReplay.Side, _ missing: MissingTable
    ) -> [CaseStretch] {
        var stretches: [OutcomeStretch] = []
        join(cases.map(\.stretch), missing, isOnce: true, &stretches)
        grantOnce(&stretches, side, missing)
        return stretches.map { CaseStretch(stretch: $0, judge: Int($0.step.version)) }
    }

    /// Puts stretches that say the same together. What is given once belongs to the version that gave it, anything else to the one
    /// that says so last.
    private func join(
        _ parts: [OutcomeStretch], _ missing: MissingTable, isOnce: Bool, _ stretches: inout [OutcomeStretch]
    ) {
        for part in parts where add(part, missing, &stretches) && !isOnce {
            stretches[stretches.count - 1].step.version = part.step.version
        }
    }

    /// By which versions a right of a side was judged.
    func judged(
        _ work: SideWork, _ side: ColumnReplay.Side, _ inForce: [ColumnReplay.InForce], _ run: BlockRun
    ) -> JudgedDays {
        let pieces = work.judged.map { stretch in
            let days = DayPeriod(
                start: CivilDay(dayNumber: stretch.start),
                end: stretch.end >= replay.days.upperBound ? nil : CivilDay(dayNumber: stretch.end))
            return piece(stretch.step, days, side.versions[Int(stretch.step.version)], run)
        }
        return JudgedDays(pieces, inForce)
    }
}
