import CareDomain
import RuleEngine

/// 重放: runs a household's real history under a candidate version beside the rules in force, and says what would differ.
///
/// Pure and writes nothing. Real decisions of people are facts on both sides.
package struct RuleReplay: Sendable {
    /// The rules in force.
    package let current: Evaluator
    /// The same with the candidate among them.
    package let candidate: Evaluator
    /// Both with the versions of the candidate's pack alone: a household's other rights are the same on both sides.
    private let own: (current: Evaluator, candidate: Evaluator)
    /// Days compared; always with an end.
    package let period: DayPeriod
    /// The last month that has begun: what differs up to it is arrears or over-payment, what comes later is not due yet.
    package let present: CivilMonth
    /// The last month that is looked at: of a quarter or year that has begun, its last one, because the months to come make good
    /// what was paid of them.
    let settledThrough: CivilMonth
    /// Whether proposals that wait for a person's decision are taken as granted on both sides: a hypothesis, and marked so.
    package let assumesAwards: Bool
    /// The pack the candidate is a version of.
    package let candidatePack: PackID
    /// What can bring differences about: of the version that the candidate follows, and where a version is for new cases only,
    /// of every two that may judge the same days.
    private let causes: ReplayCauses
    private let causesOfPairs: [VersionPair: ReplayCauses]
    let origin: Origin
    /// The versions whose answers the candidate's may take the place of, first the one that it follows.
    let bases: [RulePack]
    /// Of which places is told.
    package let scope: ReplayScope
    /// Digits of the candidate's territory; nil = anywhere.
    let territory: String?

    /// What the candidate is and follows. A class, because packs are large.
    final class Origin: Sendable {
        let candidate: RulePack
        /// The version in whose place it would come.
        let replaced: RulePack?
        let effectiveFrom: CivilDay
        let transition: TransitionClause

        init(_ candidate: RulePack, _ replaced: RulePack?, _ effectiveFrom: CivilDay, _ transition: TransitionClause) {
            self.candidate = candidate
            self.replaced = replaced
            self.effectiveFrom = effectiveFrom
            self.transition = transition
        }
    }

    /// Makes a replay.
    /// - Parameters:
    ///   - current: the rules in force, with the parameters set so far.
    ///   - pack: the candidate version.
    ///   - effectiveFrom: first day on which the candidate would be in force.
    ///   - period: days compared, with an end.
    ///   - today: the day on which the replay is asked for.
    ///   - transition: to whom the candidate would apply.
    ///   - scope: only what belongs to these places, of a family that moved only its time there.
    ///   - tellsCauses: whether differences name what in the packs can bring them about.
    package init(
        current: Evaluator, candidate pack: RulePack, effectiveFrom: CivilDay, period: DayPeriod, today: CivilDay,
        transition: TransitionClause = .all, assumesAwards: Bool = false, scope: ReplayScope = .everywhere,
        tellsCauses: Bool = true
    ) {
        precondition(period.end != nil, "RuleReplay.init: a period without end")
        var registry = current.registry
        let versions = registry.periods(of: pack.id).map(\.version.pack)
        let replaced = registry.periods(of: pack.id).last { $0.period.start <= effectiveFrom }?.version.pack
        registry.propose(
            PublishedPack(
                pack: pack, effectiveFrom: effectiveFrom, effectiveTo: pack.validTo.map { $0 + 1 },
                transition: transition))
        self.current = current
        candidate = Evaluator(registry: registry, parameters: current.parameters, choices: current.choices)
        own = (current.only(pack.id), candidate.only(pack.id))
        self.period = period
        present = CivilMonth(containing: today)
        let last = CivilMonth(containing: (period.end ?? period.start) - 1)
        settledThrough =
            (versions + [pack]).flatMap(\.rules).map { $0.unit.cadence.unit.last(with: last) }.max() ?? last
        self.assumesAwards = assumesAwards
        candidatePack = pack.id
        causes = ReplayCauses(from: tellsCauses ? replaced : nil, to: pack)
        var pairs: [VersionPair: ReplayCauses] = [:]
        var bases = replaced.map { [$0] } ?? []
        // Where a version is for new cases only, a right may be judged by an older one than that in force.
        let mixes = current.registry.hasTransitions(of: pack.id) || registry.hasTransitions(of: pack.id)
        if tellsCauses, mixes {
            for old in versions {
                if !bases.contains(where: { $0.reference == old.reference }) { bases.append(old) }
                for new in registry.periods(of: pack.id).map(\.version.pack) where new.reference != old.reference {
                    let pair = VersionPair(before: old.reference, after: new.reference)
                    if pairs[pair] == nil { pairs[pair] = ReplayCauses(from: old, to: new) }
                }
            }
        }
        causesOfPairs = pairs
        self.bases = bases
        origin = Origin(pack, replaced, effectiveFrom, transition)
        self.scope = scope
        territory = pack.territory?.leading
    }

    /// What in the packs can bring a difference of a clause about.
    func causes(of clause: ClauseID) -> [PackDifference.Change] { causes.of(clause) }

    /// The same where it is the same whichever versions judged a right; nil where it is not.
    /// - Parameter dependOnJudge: whether it is asked for of the versions that judged it in any case.
    func causes(of clause: ClauseID, dependOnJudge: Bool) -> [PackDifference.Change]? {
        guard tellsJudges else { return causes.of(clause) }
        let found = Set(causesOfPairs.values.map { $0.of(clause) }).filter { !$0.isEmpty }
        return dependOnJudge || found.count > 1 ? nil : found.first ?? []
    }

    /// Whether causes are told of the versions that judged the days of a right, and not of the one that the candidate follows.
    var tellsJudges: Bool { !causesOfPairs.isEmpty }

    /// The same of days that these versions judged; each change once.
    func causes(of clause: ClauseID, _ judged: [VersionPair]) -> [PackDifference.Change] {
        var found: [PackDifference.Change] = []
        for change in judged.flatMap({ causesOfPairs[$0]?.of(clause) ?? [] }) where !found.contains(change) {
            found.append(change)
        }
        return found
    }

    /// What the candidate changes of one of the versions.
    func causes(from base: RulePack) -> ReplayCauses {
        if base.reference == origin.replaced?.reference { return causes }
        return causesOfPairs[VersionPair(before: base.reference, after: origin.candidate.reference)]
            ?? ReplayCauses(from: base, to: origin.candidate)
    }

    /// Whether what happens in a division is asked for.
    func asks(for place: DivisionCode?) -> Bool { scope.contains(place) }

    /// The candidate's file, from when on and for whom it would be in force: what another program needs to replay the same.
    package var candidateBytes: [UInt8] { origin.candidate.bytes }
    package var effectiveFrom: CivilDay { origin.effectiveFrom }
    package var transition: TransitionClause { origin.transition }

    /// Facts that a rule of the candidate looks at, and no published rule of some places does; where the family belongs is none
    /// of them, because it says to whom its months are told.
    /// - Parameter divisions: the places; rules of documents for the whole country count everywhere.
    package func newFacts(in divisions: [DivisionCode]) -> Set<FactID> {
        let published = current.registry.versions.map(\.pack).filter { pack in
            pack.territory.map { place in divisions.contains { $0.isWithin(place) || place.isWithin($0) } } ?? true
        }
        let known = published.reduce(into: FactBase.placeFacts) { $0.formUnion($1.factsRead) }
        return origin.candidate.factsRead.subtracting(known)
    }

    /// What differs for one household; nil when nothing does, or it never belonged to the division asked for.
    /// - Parameters:
    ///   - facts: everything recorded about it.
    ///   - division: where it belongs at the end of the days that count, as far as known.
    package func compare(_ id: HouseholdID, _ facts: FactBase, division: DivisionCode?) -> HouseholdDifference? {
        compare(id, facts, division: division, standing: nil)
    }

    /// What the rules in force say of one household: the same for every candidate that is held against them.
    struct Standing {
        fileprivate let rights: [RightKey: Determined]
    }

    func standing(_ facts: FactBase) -> Standing { Standing(rights: determinations(own.current, facts)) }

    /// The same.
    /// - Parameter standing: what the rules in force say, where that is known already.
    func compare(
        _ id: HouseholdID, _ facts: FactBase, division: DivisionCode?, standing: Standing?
    ) -> HouseholdDifference? {
        let decisions = facts.decisions(knownAt: .latest)
        let places = ReplayPlaces(facts.divisionSteps, units: decisions.units(in: period), self)
        guard places.told != nil else { return nil }
        let (before, after) = ((standing ?? self.standing(facts)).rights, determinations(own.candidate, facts))
        let inForce = tellsJudges ? (versions(of: current), versions(of: candidate)) : nil
        let rights = Set(before.keys).union(after.keys).sorted().compactMap { key -> RightDifference? in
            let (old, new) = (before[key], after[key])
            let judged = inForce.map {
                (JudgedDays(old?.outcome.pieces ?? [], $0), JudgedDays(new?.outcome.pieces ?? [], $1))
            }
            return difference(key, old?.determination, new?.determination, places, decisions, judged)
        }
        return rights.isEmpty ? nil : HouseholdDifference(household: id, division: division, rights: rights)
    }

    func versions(of evaluator: Evaluator) -> [(version: PublishedPack, period: DayPeriod)] {
        evaluator.registry.periods(of: candidatePack)
    }

    fileprivate typealias Determined = (outcome: RuleOutcome, determination: Determination)

    private func determinations(_ evaluator: Evaluator, _ facts: FactBase) -> [RightKey: Determined] {
        var found: [RightKey: Determined] = [:]
        let all = evaluator.determined(facts)
        let last = (period.end ?? period.start) - 1
        let told =
            assumesAwards
            ? evaluator.assumingAwards(all.map(\.determination), through: last) : all.map(\.determination)
        for (outcome, determination) in zip(all.map(\.outcome), told) {
            found[RightKey(clause: determination.clause, subject: determination.subject)] = (outcome, determination)
        }
        return found
    }

    /// Takes the proposals of a right that no other right bars as granted, where that is the hypothesis.
    /// - Parameter topUp: whether a higher sum later gives the difference, where it is given once.
    func assumeAwards(_ determination: inout Determination, topUp: Bool) {
        if assumesAwards { determination.takeProposals(topUp: topUp) }
    }

    /// What differs of one right over the days that count, and where the household belonged to several places, of each.
    /// - Parameters:
    ///   - decisions: those of people about the household; what a unit granted is told of the unit.
    ///   - judged: by which versions, on both sides; nil where every day is judged by the version in force.
    func difference(
        _ key: RightKey, _ before: Determination?, _ after: Determination?, _ places: ReplayPlaces,
        _ decisions: [Award], _ judged: (JudgedDays, JudgedDays)? = nil
    ) -> RightDifference? {
        let places = places.of(
            (after ?? before)?.intervals.held ?? [], granting: decisions.units(of: key.clause, key.subject))
        func difference(_ share: ReplayPlaces.Share) -> RightDifference? {
            self.difference(key, before, after, in: share) {
                let pairs = judged.map { $0.pairs(with: $1, on: share.days) }
                return pairs.map { causes(of: key.clause, $0) } ?? causes(of: key.clause)
            }
        }
        guard let wanted = places.wanted, var whole = difference(wanted) else { return nil }
        whole.parts = places.parts.compactMap { share in
            difference(share).map { .init(division: share.division, right: $0) }
        }
        return whole
    }

    private func difference(
        _ key: RightKey, _ before: Determination?, _ after: Determination?, in share: ReplayPlaces.Share,
        _ causes: () -> [PackDifference.Change]
    ) -> RightDifference? {
        let old = stretches(before, share.days)
        let new = stretches(after, share.days)
        let differing = differingDues(before, after, in: share)
        let (months, dues) = (differing.months, differing.told)
        // Another month rule moves sums without touching the right itself.
        let types = (before?.amountType ?? .none, after?.amountType ?? .none)
        let answers = (monthly(old, types.0), monthly(new, types.1))
        let isElsewhere = !answers.0.isEmpty && !answers.1.isEmpty && before?.department != after?.department
        guard answers.0 != answers.1 || isElsewhere || !months.isEmpty else { return nil }
        let unknown = Set(months.filter { $0.open != nil }.map(\.month))
        let telling = after ?? before
        let end = share.days.last?.end
        let standing = (standing(old, end), standing(new, end))
        var right = RightDifference(
            clause: key.clause, subject: key.subject,
            kind: .init(from: sight(old), to: sight(new)).settled(by: differing.oneSum),
            department: after?.department ?? before?.department, cadence: telling?.cadence ?? .none,
            statusBefore: standing.0?.told(types.0) ?? .notEntitled,
            statusAfter: standing.1?.told(types.1) ?? .notEntitled,
            standingBefore: standing.0?.standing(types.0), standingAfter: standing.1?.standing(types.1), months: months,
            sums: sums(differing, in: share, without: unknown), present: present,
            payers: payers(
                dues.0.filter { !unknown.contains($0.key) }, dues.1.filter { !unknown.contains($0.key) }),
            causes: causes())
        right.fails = new.contains { $0.status == .failed } && !old.contains { $0.status == .failed }
        return right
    }

    /// What falls due of a right by each side.
    private struct DifferingDues {
        typealias Sides = (before: [CivilMonth: Due], after: [CivilMonth: Due])
        /// In the months that are told.
        let told: Sides
        /// In these and in later ones of quarters and years that have begun.
        let settled: Sides
        /// The told months in which they differ, in order.
        let months: [RightDifference.Month]
        /// All of it as one sum, where it is given once.
        let oneSum: OneSum?
        /// Whether the months told are all months, not only those compared.
        var tellsAll = false
    }

    /// Where what is given once differs within the months compared, the other months in which it does are told with them: a sum
    /// that leaves them is not lost.
    private func differingDues(
        _ before: Determination?, _ after: Determination?, in share: ReplayPlaces.Share
    ) -> DifferingDues {
        let isOnce = before?.cadence == .once || after?.cadence == .once
        let through = isOnce ? oneSumThrough : settledThrough
        let all = (before: dues(before, through: through), after: dues(after, through: through))
        let oneSum = oneSum((before, after), all)
        let first = CivilMonth(containing: period.start)
        let seen = oneSum == nil ? lastMonth : oneSumThrough
        let open = (openMonths(before, through: seen), openMonths(after, through: seen))
        func within(_ last: CivilMonth) -> DifferingDues.Sides {
            func counts(_ due: Dictionary<CivilMonth, Due>.Element) -> Bool {
                due.key >= first && due.key <= last && share.counts(due.key)
            }
            return (all.before.filter(counts), all.after.filter(counts))
        }
        func differing(_ dues: DifferingDues.Sides) -> [RightDifference.Month] {
            Set(dues.before.keys).union(dues.after.keys).sorted().compactMap { month -> RightDifference.Month? in
                let sums = (dues.before[month]?.amount ?? .zero, dues.after[month]?.amount ?? .zero)
                guard sums.0 != sums.1 else { return nil }
                let known = oneSum?.totals ?? (sums.0.amount, sums.1.amount)
                return RightDifference.Month(
                    month: month, before: sums.0, after: sums.1,
                    open: OpenMonths.open(month.index, open.0, open.1, known))
            }
        }
        let told = within(lastMonth)
        let months = differing(told)
        guard oneSum != nil, share.isWhole, !months.isEmpty else {
            return DifferingDues(told: told, settled: within(settledThrough), months: months, oneSum: oneSum)
        }
        return DifferingDues(told: all, settled: all, months: differing(all), oneSum: oneSum, tellsAll: true)
    }

    private func sums(
        _ differing: DifferingDues, in share: ReplayPlaces.Share, without unknown: Set<CivilMonth>
    ) -> (arrears: Fen, overpayment: Fen, future: Fen) {
        let compared = CivilMonth(containing: period.start).index...lastMonth.index
        func counts(_ month: Int32) -> Bool {
            differing.tellsAll || compared.contains(month) && share.counts(CivilMonth(index: month))
        }
        let sums =
            if let oneSum = differing.oneSum {
                unknown.isEmpty ? oneSum.sums(of: counts) : NettedMonths.Sums()
            } else {
                netted(differing.settled.before, differing.settled.after, without: unknown)
            }
        return (Fen(sums.arrears), Fen(sums.overpayment), Fen(sums.future))
    }

    /// What stands of the months whose difference is known.
    private func netted(
        _ before: [CivilMonth: Due], _ after: [CivilMonth: Due], without unknown: Set<CivilMonth>
    ) -> NettedMonths.Sums {
        var netted = NettedMonths()
        for month in Set(before.keys).union(after.keys) where !unknown.contains(month) {
            let (old, new) = (before[month], after[month])
            let difference = (new?.amount ?? .zero) - (old?.amount ?? .zero)
            guard difference != .zero else { continue }
            netted.add(month.index, difference.amount, .longer(old?.unit ?? .month, new?.unit ?? .month))
        }
        return netted.sums(present: present.index, last: lastMonth.index)
    }

    /// What is given, proposed or asked for within the days. When its sums fall due is another matter: stretches that only
    /// another version's rhythm keeps apart are one.
    private func stretches(_ determination: Determination?, _ days: [DayPeriod]) -> [Determination.Interval] {
        guard let determination else { return [] }
        var result: [Determination.Interval] = []
        var rhythm: Determination.Rhythm?
        for interval in determination.intervals where interval.status != .notEntitled {
            for stretch in days {
                guard let part = interval.period.intersection(stretch) else { continue }
                var cut = interval
                cut.period = part
                cut.rhythm = nil
                if rhythm != interval.rhythm, let last = result.last, last.period.end == part.start,
                    last.saysTheSame(as: cut)
                {
                    result[result.count - 1].period = DayPeriod(start: last.period.start, end: part.end)
                } else {
                    result.append(cut)
                }
                rhythm = interval.rhythm
            }
        }
        return result
    }

    private func monthly(_ stretches: [Determination.Interval], _ type: AmountType) -> MonthlyAnswers {
        var answers = MonthlyAnswers()
        for stretch in stretches {
            answers.add(
                .init(stretch, type), stretch.period.start.dayNumber,
                (stretch.period.end ?? period.end ?? stretch.period.start).dayNumber)
        }
        return answers
    }

    private func sight(_ stretches: [Determination.Interval]) -> RightDifference.Sight {
        var sight = RightDifference.Sight()
        for stretch in stretches { sight.add(stretch.status, holds: stretch.rightHolds) }
        return sight
    }

    private func openMonths(_ determination: Determination?, through last: CivilMonth) -> OpenMonths {
        var months = OpenMonths(determination?.cadence ?? .none, through: last)
        for interval in determination?.intervals ?? [] {
            months.add(interval.status, interval.period.start.dayNumber, interval.period.end?.dayNumber ?? .max)
        }
        return months
    }

    /// The one that reaches the last day that counts.
    private func standing(_ stretches: [Determination.Interval], _ end: CivilDay?) -> Determination.Interval? {
        stretches.last.flatMap { $0.period.end == end ? $0 : nil }
    }

    private func dues(_ determination: Determination?, through last: CivilMonth) -> [CivilMonth: Due] {
        guard let determination else { return [:] }
        let dues = determination.dues(through: last).filter(\.isDue)
        return Dictionary(dues.map { ($0.month, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What each payer would pay more (or, negative, less) over the months compared.
    private func payers(_ before: [CivilMonth: Due], _ after: [CivilMonth: Due]) -> [(payer: Code, difference: Fen)] {
        var sums: [Code: Fen] = [:]
        func add(_ dues: [CivilMonth: Due], sign: Int64) {
            for due in dues.values {
                guard let amount = due.amount else { continue }
                for (payer, part) in PayerSplit.split(amount, due.payers) {
                    sums[payer, default: .zero] = sums[payer, default: .zero] + Fen(sign * part.amount)
                }
            }
        }
        add(before, sign: -1)
        add(after, sign: 1)
        return sums.filter { $0.value != .zero }.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value) }
    }
}

extension Evaluator {
    /// The same of one pack alone.
    fileprivate func only(_ pack: PackID) -> Evaluator {
        let versions = registry.versions.filter { $0.pack.id == pack }
        return Evaluator(registry: PackRegistry(versions: versions), parameters: parameters, choices: choices)
    }
}

/// One clause for one beneficiary.
struct RightKey: Hashable, Comparable {
    let clause: ClauseID
    let subject: RuleSubject

    static func < (left: RightKey, right: RightKey) -> Bool {
        (left.clause, left.subject) < (right.clause, right.subject)
    }
}
