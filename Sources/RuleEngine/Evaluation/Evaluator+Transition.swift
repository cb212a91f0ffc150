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
        var runs = VersionRuns()
        var cases: [OutcomeKey: CaseSuccession<OutcomePiece>] = [:]
        var order: [(key: OutcomeKey, pack: PackReference)] = []
        for place in registry.reaches(of: id, knownAt: knownAt) {
            guard let days = place.reach.intersection(DayPeriod(start: place.reach.start, end: period.end)) else {
                break
            }
            let first = days.start.dayNumber
            for key in Array(cases.keys) {
                cases[key]?.begin(on: first, leavesRunning: place.takesNewCasesOnly) { settled(key, $0, runs) }
            }
            var run = run(place.version.pack, facts, knownAt)
            for (key, _, pieces) in run.pieces(over: days, only: only) {
                cases[key, default: CaseSuccession(from: first)].add(pieces)
                order.append((key, place.version.pack.reference))
            }
            runs.add(run)
        }
        var seen: Set<OutcomeKey> = []
        return order.compactMap { key, pack in
            guard !seen.contains(key),
                let pieces = told(cases[key]?.stretches ?? [], over: period, all: only != nil),
                pieces.contains(where: { $0.pack == pack }), seen.insert(key).inserted
            else { return nil }
            return RuleOutcome(
                pack: id, clause: key.clause, subject: key.subject, pieces: settled(key, pieces, runs))
        }
    }

    /// What one version of a pack says of a right, for `settled(_:_:_:decisions:)`.
    package struct Turn {
        let first: CivilDay
        let leavesRunning: Bool
        let pack: RulePack
        let pieces: [OutcomePiece]

        /// - Parameters:
        ///   - first: The version's first day in force.
        ///   - leavesRunning: Whether it applies to new cases only.
        ///   - pieces: What it says on all days on which it may answer, in order; empty where it does not have the clause.
        package init(first: CivilDay, leavesRunning: Bool, pack: RulePack, pieces: [OutcomePiece]) {
            self.first = first
            self.leavesRunning = leavesRunning
            self.pack = pack
            self.pieces = pieces
        }
    }

    /// As `settled(_:_:_:_:decisions:)`, of a right that several versions answer, some of them only new cases.
    /// - Parameters:
    ///   - turns: All versions of the pack, in order.
    ///   - decisions: all of the household, as `FactBase.decisions` gives them.
    package func settled(
        _ clause: ClauseID, _ subject: RuleSubject, _ turns: [Turn], decisions: [Award]
    ) -> [OutcomePiece] {
        let (key, facts) = (OutcomeKey(clause: clause, subject: subject), FactBase(awards: decisions))
        var runs = VersionRuns()
        var right = CaseSuccession<OutcomePiece>()
        for turn in turns {
            right.begin(on: turn.first.dayNumber, leavesRunning: turn.leavesRunning) { settled(key, $0, runs) }
            right.add(turn.pieces)
            runs.add(run(turn.pack, facts, .latest))
        }
        let told = told(right.stretches, over: DayPeriod(start: Self.beginning), all: true)
        return told.map { settled(key, $0, runs) } ?? []
    }

    /// The pieces within the days asked for, without the versions in whose circle the subject never is; nil when none is
    /// left.
    private func told(_ pieces: [OutcomePiece], over period: DayPeriod, all: Bool) -> [OutcomePiece]? {
        let asked = pieces.within(period)
        let inCircle = asked.filter { $0.unmet != [.who] }
        let kept =
            all || inCircle.count == asked.count
            ? asked : asked.filter { piece in inCircle.contains { $0.pack == piece.pack } }
        var joined: [OutcomePiece] = []
        for piece in kept { joined.join(piece) }
        return joined.isEmpty ? nil : joined
    }

    /// Settles the pieces of one right: a one-off over all versions together, decisions of people and what bars one another
    /// by the version that answered.
    private func settled(
        _ key: OutcomeKey, _ raw: [OutcomePiece], _ runs: VersionRuns
    ) -> [OutcomePiece] {
        guard runs.haveToSettle(key.clause) else { return raw }
        func knowing(_ piece: OutcomePiece) -> (PackRun, Rule)? {
            runs.byVersion[piece.pack].flatMap { run in run.pack.rule(key.clause).map { (run, $0) } }
        }
        guard let (last, rule) = raw.last.flatMap(knowing) else { return raw }
        let isOnce = rule.unit.cadence == .once
        let types =
            isOnce ? runs.byVersion.compactMapValues { $0.pack.rule(key.clause).map { $0.amount?.type ?? .none } } : [:]
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
        var answers = CaseSuccession<DerivedPiece>()
        for place in registry.reaches(of: id, knownAt: knownAt) {
            guard let days = place.reach.intersection(DayPeriod(start: place.reach.start, end: period.end)) else {
                break
            }
            answers.begin(on: days.start.dayNumber, leavesRunning: place.takesNewCasesOnly)
            guard answers.free != nil, let index = place.version.pack.definition(fact) else { continue }
            var run = run(place.version.pack, facts, knownAt)
            answers.add(run.timeline(index, subject, over: days))
        }
        return answers.stretches.within(period)
    }
}

/// The versions of a pack at work on one household.
private struct VersionRuns {
    private(set) var byVersion: [PackReference: PackRun] = [:]
    /// Clauses that one of them gives once.
    private var once: Set<ClauseID> = []
    private var hasAwards = false

    mutating func add(_ run: PackRun) {
        byVersion[run.pack.reference] = run
        hasAwards = hasAwards || run.hasDecisions
        // Places, not rules: a rule is a large value.
        let rules = run.pack.rules
        for place in rules.indices where rules[place].unit.cadence == .once { once.insert(rules[place].clause) }
    }

    /// Whether anything is to settle of a clause: of most nobody decided anything, and what is not given once is then as it is.
    func haveToSettle(_ clause: ClauseID) -> Bool { hasAwards || once.contains(clause) }
}

/// A stretch of days answered by one version.
private protocol Dated {
    var period: DayPeriod { get set }
}

extension OutcomePiece: Dated, JudgedStretch {
    package var judge: PackReference { pack }
    package var isHeld: Bool { rightHolds }
    package var firstDay: Int32 { period.start.dayNumber }
    package var endDay: Int32 { period.end?.dayNumber ?? .max }

    package func part(from first: Int32, to end: Int32) -> OutcomePiece { on(DayPeriod(first, end)) }
}

extension DerivedPiece: Dated, JudgedStretch {
    package var judge: PackReference { pack }
    package var isHeld: Bool { value == true }
    package var firstDay: Int32 { period.start.dayNumber }
    package var endDay: Int32 { period.end?.dayNumber ?? .max }

    package func part(from first: Int32, to end: Int32) -> DerivedPiece { on(DayPeriod(first, end)) }
}

extension Dated {
    fileprivate func on(_ days: DayPeriod) -> Self {
        var part = self
        part.period = days
        return part
    }
}

extension DayPeriod {
    /// - Parameter end: the first day after it; `Int32.max` = without end.
    fileprivate init(_ first: Int32, _ end: Int32) {
        self.init(start: CivilDay(dayNumber: first), end: end == .max ? nil : CivilDay(dayNumber: end))
    }
}

extension Array where Element: Dated {
    /// The pieces, or the parts of them, within the days.
    fileprivate func within(_ days: DayPeriod) -> [Element] {
        compactMap { piece in piece.period.intersection(days).map(piece.on) }
    }
}
