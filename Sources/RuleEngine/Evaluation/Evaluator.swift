import CareDomain

/// Positions of the switches that a deployment sets apart from the default.
package typealias ReadingChoices = [Code: FactValue]

/// Evaluates published packs over one household's facts: as of any day, as known at any moment.
///
/// Pure: the same registry, parameters, choices and facts give the same answer in the same order on any machine.
package struct Evaluator: Sendable {
    package let registry: PackRegistry
    package let parameters: [ParameterValue]
    package let choices: ReadingChoices

    /// Rights are followed up to this day; what holds then is taken to hold without end.
    package static let horizon = CivilDay(year: 2200, month: 1, day: 1)!

    /// Makes an evaluator.
    /// - Parameters:
    ///   - registry: the published pack versions.
    ///   - parameters: values set by the deployment, with their own two times.
    ///   - choices: readings set apart from the default; a value the reading does not have is left out.
    package init(registry: PackRegistry, parameters: [ParameterValue] = [], choices: ReadingChoices = [:]) {
        self.registry = registry
        self.parameters = parameters
        self.choices = choices
    }

    /// Evaluates every rule of every pack for each of its subjects.
    /// - Parameters:
    ///   - facts: what is recorded about one household.
    ///   - knownAt: what counts as known.
    ///   - period: days asked for; without end = open time, future thresholds included.
    /// - Returns: by pack, then in the order of the rules, then by subject. A subject that is in the circle of a rule on
    ///   no day has no outcome; each outcome covers the days of `period` on which its pack is in force.
    package func evaluate(
        _ facts: FactBase, knownAt: KnownAt = .latest, over period: DayPeriod
    ) -> [RuleOutcome] {
        outcomes(facts, knownAt, period, only: nil)
    }

    /// As `evaluate`; with `only`, just that clause for that subject, also when it is never in the circle.
    ///
    /// One-offs are settled over all versions together, so that a new version does not grant a second time. Where a version
    /// applies to new cases only, a right may go on under the version before it.
    func outcomes(
        _ facts: FactBase, _ knownAt: KnownAt, _ period: DayPeriod, only: (clause: ClauseID, subject: RuleSubject)?
    ) -> [RuleOutcome] {
        registry.packs.flatMap { id -> [RuleOutcome] in
            if registry.hasTransitions(of: id, knownAt: knownAt) {
                return outcomes(of: id, facts, knownAt, period, only: only)
            }
            var order: [OutcomeKey] = []
            var found: [OutcomeKey: (pieces: [OutcomePiece], rule: Rule)] = [:]
            var runs: [PackReference: PackRun] = [:]
            var last: PackRun?
            for (version, inForce) in registry.periods(of: id, knownAt: knownAt) {
                guard let days = inForce.intersection(period) else { continue }
                var run = run(version.pack, facts, knownAt)
                for (key, rule, pieces) in run.pieces(over: days, only: only) {
                    if found[key] == nil { order.append(key) }
                    var joined = found[key]?.pieces ?? []
                    for piece in pieces { joined.join(piece) }
                    found[key] = (joined, rule)
                }
                runs[version.pack.reference] = run
                last = run
            }
            guard let last else { return [] }
            return order.compactMap { key in
                guard let (pieces, rule) = found[key] else { return nil }
                let settled = settled(last, rule, key.subject, pieces) { runs[$0] }
                return RuleOutcome(pack: id, clause: key.clause, subject: key.subject, pieces: settled)
            }
        }
    }

    /// The values of a derived fact over time, for example `household.special_hardship_family`.
    /// - Returns: pieces in order of days; empty when no pack in force knows the fact.
    package func timeline(
        of fact: FactID, subject: RuleSubject = .household, _ facts: FactBase, knownAt: KnownAt = .latest,
        over period: DayPeriod
    ) -> [DerivedPiece] {
        var pieces: [DerivedPiece] = []
        for id in registry.packs {
            if registry.hasTransitions(of: id, knownAt: knownAt) {
                pieces += timeline(of: fact, in: id, subject, facts, knownAt, period)
                continue
            }
            for (version, inForce) in registry.periods(of: id, knownAt: knownAt) {
                guard let days = inForce.intersection(period), let index = version.pack.definition(fact) else {
                    continue
                }
                var run = run(version.pack, facts, knownAt)
                pieces += run.timeline(index, subject, over: days)
            }
        }
        return pieces
    }

    /// What the documents in force for a place say on a day of each family type they know.
    /// - Parameter division: where the household belongs on the day; documents of other places say nothing of it.
    /// - Returns: by pack, then in the order of the pack; nil = facts are missing to tell.
    package func familyTypes(
        _ facts: FactBase, in division: DivisionCode, on day: CivilDay, knownAt: KnownAt = .latest
    ) -> [(type: FamilyType, holds: Bool?)] {
        registry.inForce(on: day, knownAt: knownAt).flatMap { version -> [(type: FamilyType, holds: Bool?)] in
            let pack = version.pack
            guard !pack.familyTypes.isEmpty, pack.territory.map(division.isWithin) ?? true else { return [] }
            var run = run(pack, facts, knownAt)
            return pack.familyTypes.map { type in
                guard let index = pack.definition(type.fact),
                    let household = run.view.entities.firstIndex(of: .household),
                    case .bool(let holds) = run.evaluate(pack.definitions[index].expression, household, on: day).value
                else { return (type, nil) }
                return (type, holds)
            }
        }
    }

    /// The family types that the packs of a registry know, each code once.
    package var knownFamilyTypes: [FamilyType] {
        var seen: Set<Code> = []
        return registry.versions.flatMap(\.pack.familyTypes).filter { seen.insert($0.code).inserted }
    }

    /// Settles one-offs and puts people's decisions in the place of what the conditions alone say.
    /// - Parameters:
    ///   - pieces: what the rule says day by day, in order.
    ///   - decisions: all of the household, as `FactBase.decisions` gives them.
    package func settled(
        _ pack: RulePack, _ rule: Rule, _ subject: RuleSubject, _ pieces: [OutcomePiece], decisions: [Award]
    ) -> [OutcomePiece] {
        let facts = FactBase(awards: decisions)
        return settled(run(pack, facts, .latest), rule, subject, pieces) { reference in
            self.pack(reference).map { run($0, facts, .latest) }
        }
    }

    /// The same of one that several versions may have answered: what people decided, and what bars one another, is settled by
    /// the version that judged the days, so that a later one takes nothing of it away. A one-off is one grant over all of them,
    /// settled by the last; whether its sum was allowed is asked of the version that gave it.
    private func settled(
        _ last: PackRun, _ rule: Rule, _ subject: RuleSubject, _ pieces: [OutcomePiece],
        by version: (PackReference) -> PackRun?
    ) -> [OutcomePiece] {
        let references = Set(pieces.map(\.pack))
        let isOnce = rule.unit.cadence == .once
        guard references.count > 1, isOnce || last.hasDecisions else { return last.settled(rule, subject, pieces) }
        var runs: [PackReference: PackRun] = [:]
        for reference in references { runs[reference] = version(reference) }
        if isOnce {
            let types = runs.mapValues { $0.pack.rule(rule.clause)?.amount?.type ?? .none }
            return last.settled(rule, subject, pieces, types: types)
        }
        var result: [OutcomePiece] = []
        var rest = pieces[...]
        while let first = rest.first {
            let part = rest.prefix { $0.pack == first.pack }
            rest = rest.dropFirst(part.count)
            let own = runs[first.pack] ?? last
            let judged = own.settled(own.pack.rule(rule.clause) ?? rule, subject, Array(part))
            for piece in judged { result.join(piece) }
        }
        return result
    }

    /// Prepares one pack version for one household.
    func run(_ pack: RulePack, _ facts: FactBase, _ knownAt: KnownAt) -> PackRun {
        PackRun(
            pack, facts: facts, knownAt: knownAt, parameters: parameters, choices: choices)
    }
}

/// What an outcome is about, across versions of a pack.
struct OutcomeKey: Hashable {
    let clause: ClauseID
    let subject: RuleSubject
}

/// One stretch of days with the same value of a derived bool fact.
package struct DerivedPiece: Hashable, Sendable {
    package var period: DayPeriod
    /// nil = not known.
    package var value: Bool?
    /// What the value waits for.
    package var missing: [Missing]
    /// Events it rests on, sorted.
    package var facts: [EventReference]
    package let pack: PackReference
}
