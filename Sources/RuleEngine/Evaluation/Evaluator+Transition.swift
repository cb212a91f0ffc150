import CareDomain

extension Evaluator {
    /// Before every day that can be written.
    private static let beginning = CivilDay(dayNumber: .min)

    /// The outcomes of a pack of which a version applies to new cases only.
    ///
    /// Every version is followed for as long as it may answer, from the pack's first day on whatever the days asked for: on
    /// the first day of a version for new cases, a right that held on the day before stays with the version that judged it
    /// until that version says no, a person turns it down or a grant bars it. From then on the version in force answers, also
    /// when the earlier one would say yes again.
    func outcomes(
        of id: PackID, _ facts: FactBase, _ knownAt: KnownAt, _ period: DayPeriod,
        only: (clause: ClauseID, subject: RuleSubject)?
    ) -> [RuleOutcome] {
        var runs: [PackReference: PackRun] = [:]
        var cases: [OutcomeKey: [OutcomePiece]] = [:]
        var order: [(key: OutcomeKey, pack: PackReference)] = []
        for place in registry.reaches(of: id, knownAt: knownAt) {
            guard let days = place.reach.intersection(DayPeriod(start: place.reach.start, end: period.end)) else {
                break
            }
            let first = days.start
            var free: [OutcomeKey: CivilDay?] = [:]
            for (key, pieces) in cases {
                let held = place.takesNewCasesOnly ? held(key, pieces, runs, from: first) : nil
                free[key] = .some(held.map(\.end) ?? first)
                cases[key] = pieces.within(DayPeriod(start: Self.beginning, end: held.map(\.end) ?? first))
            }
            var run = run(place.version.pack, facts, knownAt)
            for (key, _, pieces) in run.pieces(over: days, only: only) {
                guard let start = free[key] ?? .some(first) else { continue }
                cases[key, default: []] += pieces.within(DayPeriod(start: start))
                order.append((key, place.version.pack.reference))
            }
            runs[place.version.pack.reference] = run
        }
        var seen: Set<OutcomeKey> = []
        return order.compactMap { key, pack in
            guard let pieces = told(cases[key] ?? [], over: period, all: only != nil),
                pieces.contains(where: { $0.pack == pack }), seen.insert(key).inserted
            else { return nil }
            return RuleOutcome(
                pack: id, clause: key.clause, subject: key.subject, pieces: settled(key, pieces, runs))
        }
    }

    /// The days from the given one on that a right which held on the day before goes on under the version that judged it;
    /// nil when it did not hold.
    private func held(
        _ key: OutcomeKey, _ pieces: [OutcomePiece], _ runs: [PackReference: PackRun], from day: CivilDay
    ) -> DayPeriod? {
        guard let judged = pieces.held(from: day, sameVersion: true),
            let standing = settled(key, pieces, runs).held(from: day, sameVersion: false)
        else { return nil }
        return judged.intersection(standing)
    }

    /// The pieces within the days asked for, without the versions in whose circle the subject never is; nil when none is
    /// left.
    private func told(_ pieces: [OutcomePiece], over period: DayPeriod, all: Bool) -> [OutcomePiece]? {
        let asked = pieces.within(period)
        let inCircle = Set(asked.filter { $0.unmet != [.who] }.map(\.pack))
        let kept = all ? asked : asked.filter { inCircle.contains($0.pack) }
        var joined: [OutcomePiece] = []
        for piece in kept { joined.join(piece) }
        return joined.isEmpty ? nil : joined
    }

    /// Settles the pieces of one right: a one-off over all versions together, decisions of people and what bars one another
    /// by the version that answered.
    private func settled(
        _ key: OutcomeKey, _ raw: [OutcomePiece], _ runs: [PackReference: PackRun]
    ) -> [OutcomePiece] {
        func knowing(_ piece: OutcomePiece) -> (PackRun, Rule)? {
            runs[piece.pack].flatMap { run in run.pack.rule(key.clause).map { (run, $0) } }
        }
        guard let (last, rule) = raw.last.flatMap(knowing) else { return raw }
        let isOnce = rule.unit.cadence == .once
        let types = isOnce ? runs.compactMapValues { $0.pack.rule(key.clause).map { $0.amount?.type ?? .none } } : [:]
        var result: [OutcomePiece] = []
        for piece in isOnce ? last.decided(rule, key.subject, raw, types: types) : raw {
            guard let (run, rule) = knowing(piece) else { continue }
            let decided = isOnce ? [piece] : run.decided(rule, key.subject, [piece])
            for part in run.borneAndBarred(rule, key.subject, decided) { result.join(part) }
        }
        return result
    }

    /// As `timeline`, of one pack of which a version applies to new cases only.
    func timeline(
        of fact: FactID, in id: PackID, _ subject: RuleSubject, _ facts: FactBase, _ knownAt: KnownAt,
        _ period: DayPeriod
    ) -> [DerivedPiece] {
        var pieces: [DerivedPiece] = []
        for place in registry.reaches(of: id, knownAt: knownAt) {
            guard let days = place.reach.intersection(DayPeriod(start: place.reach.start, end: period.end)) else {
                break
            }
            let held = place.takesNewCasesOnly ? pieces.held(from: days.start, sameVersion: true) : nil
            let start = held.map(\.end) ?? days.start
            pieces = pieces.within(DayPeriod(start: Self.beginning, end: start))
            guard let start, let index = place.version.pack.definition(fact) else { continue }
            var run = run(place.version.pack, facts, knownAt)
            pieces += run.timeline(index, subject, over: days).within(DayPeriod(start: start))
        }
        return pieces.within(period)
    }
}

/// A stretch of days answered by one version.
private protocol Judged {
    var period: DayPeriod { get set }
    var pack: PackReference { get }
    /// Whether there is something to hold on to.
    var isHeld: Bool { get }
}

extension OutcomePiece: Judged {
    fileprivate var isHeld: Bool { rightHolds }
}

extension DerivedPiece: Judged {
    fileprivate var isHeld: Bool { value == true }
}

extension Array where Element: Judged {
    /// The pieces, or the parts of them, within the days.
    fileprivate func within(_ days: DayPeriod) -> [Element] {
        compactMap { piece in
            guard let shared = piece.period.intersection(days) else { return nil }
            var part = piece
            part.period = shared
            return part
        }
    }

    /// The days from the given one on over which what held on the day before goes on without a break; nil = it did not hold.
    fileprivate func held(from day: CivilDay, sameVersion: Bool) -> DayPeriod? {
        guard let index = firstIndex(where: { $0.period.contains(day - 1) }), self[index].isHeld else { return nil }
        var last = self[index]
        for piece in self[(index + 1)...] {
            guard piece.isHeld, last.period.end == piece.period.start, !sameVersion || piece.pack == last.pack else {
                break
            }
            last = piece
        }
        return DayPeriod(start: day, end: last.period.end)
    }
}
