import CareDomain
import RuleColumns
import RuleEngine

/// 重放 over columns: what `RuleReplay` says household by household, computed for blocks of households at a time.
///
/// Only clauses whose columns differ between the two sides are looked at; what both have in common is computed once. The
/// answers are those of `RuleReplay.compare`: a test holds the two against each other.
package struct ColumnReplay: Sendable {
    /// One version of a clause on one side. A class, because a pack is large and rows ask for its versions all the time.
    final class Version: Sendable {
        /// Days on which it is in force.
        let days: Range<Int32>
        /// These and those of later versions for new cases only, on which it goes on judging rights that run.
        let reach: Range<Int32>
        let pack: RulePack
        let rule: Rule
        let plan: RulePlan
        let due: DueRules
        /// Whether a higher sum later is topped up.
        let topsUp: Bool
        /// Whether all that it gives is one sum, as `Determination.isOneSum`.
        let isOneSum: Bool

        init(
            _ turn: Turn, _ rule: Rule, _ plan: RulePlan, _ choices: ReadingChoices, from first: CivilMonth
        ) {
            let pack = turn.pack
            self.pack = pack
            days = turn.days
            reach = turn.reach
            self.rule = rule
            self.plan = plan
            isOneSum = rule.unit.cadence == .once && !(rule.amount?.type.needsDecision ?? false)
            due = DueRules(
                cadence: rule.unit.cadence, monthRule: pack.monthRule(rule, choices), from: first)
            topsUp = rule.topUp.map { pack.positions(choices)[$0] == .bool(true) } ?? false
        }
    }

    /// A clause on one side, by version.
    struct Side: Sendable {
        var versions: [Version] = []
        /// All versions of the pack on this side, each with the place of its version of the clause; nil = it does not have it.
        var turns: [(turn: Turn, version: Int?)] = []
        /// The side's last version, with the clause or without: it settles what people decided.
        var settling: RulePack?

        /// Whether a version of the pack leaves running rights to the one before it.
        var leavesRunning: Bool { turns.contains(where: \.turn.leavesRunning) }
    }

    /// A clause whose answers may differ. A class for the reason that versions are.
    final class Clause: Sendable {
        let clause: ClauseID
        let before: Side
        let after: Side
        let frame: EntityKind
        /// Until when both sides say the same whatever the facts are; nil where that cannot be told beforehand.
        let common: CommonDays?
        /// Whether grants of other clauses can bar this one.
        let isBarred: Bool
        /// Whether both sides apply to the same rows on the same days and give all of them the same.
        let isSteady: Bool
        /// When the sums of each side fall due.
        let spans: (before: DueSpans, after: DueSpans)
        /// Whether they do so in more than one rhythm on one of the sides.
        let changesRhythm: Bool
        /// Whether sums of one of the sides pay several months.
        let countsTogether: Bool
        /// Whether either side, as far as it has the clause, may give it as one sum.
        let mayBeOneSum: Bool
        /// Whether a version names another department than another one does.
        let changesDepartment: Bool
        /// Whether each right is followed from version to version, because some may be judged by another one than that in force.
        let isFollowed: Bool
        /// What can bring a difference about; nil where that depends on the versions that judged the right.
        let causes: [PackDifference.Change]?

        init(
            clause: ClauseID, before: Side, after: Side, frame: EntityKind, isSteady: Bool, isFollowed: Bool,
            causes: [PackDifference.Change]?
        ) {
            self.clause = clause
            self.before = before
            self.after = after
            self.frame = frame
            self.isSteady = isSteady
            spans = (DueSpans(before), DueSpans(after))
            changesRhythm = spans.before.change || spans.after.change
            countsTogether = (before.versions + after.versions).contains { $0.due.units != .month }
            mayBeOneSum = [before, after].allSatisfy { side in
                side.versions.isEmpty || side.versions.contains(where: \.isOneSum)
            }
            changesDepartment = Set((before.versions + after.versions).map(\.rule.department)).count > 1
            self.isFollowed = isFollowed
            self.causes = causes
            common = isFollowed ? nil : CommonDays(before, after)
            isBarred = [before, after].contains { side in
                side.settling?.interactions.contains { $0.among.contains(clause) } ?? false
            }
        }

        /// The decisions that can bear on this clause.
        func bearing(_ decisions: [Award]) -> [Award] {
            isBarred || decisions.contains { $0.clause == clause } ? decisions : []
        }
    }

    /// The first days of two sides, on which they have the same versions.
    struct CommonDays: Sendable {
        /// The first day on which they may differ.
        let end: Int32
        /// Place of the version of the day before.
        let version: Int

        /// nil: they differ from the start, or what comes first depends on what comes later.
        init?(_ before: Side, _ after: Side) {
            var found: (end: Int32, version: Int)?
            for (place, (old, new)) in zip(before.versions, after.versions).enumerated() {
                guard old.days.lowerBound == new.days.lowerBound, old.plan == new.plan else { break }
                found = (min(old.days.upperBound, new.days.upperBound), place)
                guard old.days.upperBound == new.days.upperBound else { break }
            }
            // A one-off belongs to the version that gave it first.
            let isOnce = [before, after].contains { $0.versions.last?.due.cadence == .once }
            guard let found, !isOnce else { return nil }
            end = found.end
            version = found.version
        }
    }

    let replay: RuleReplay
    let plan: ColumnPlan
    let clauses: [Clause]
    /// What its threads found out of those that are steady.
    let shelf: SteadyShelf
    /// Days that are evaluated: from the first version's to the end of the quarter or year of the last month.
    let days: Range<Int32>
    /// The first month compared, by its index, and the last.
    let firstMonth: Int32
    let lastMonth: CivilMonth
    /// The columns that the compared clauses read.
    package let wish: BlockWish
    /// The versions of both sides with their days.
    let inForce: (before: [InForce], after: [InForce])

    typealias InForce = (version: PublishedPack, period: DayPeriod)

    /// Compiles both sides of a replay.
    /// - Parameters:
    ///   - codes: those of the blocks that will be run, where there are some already; otherwise blocks are built upon `codes`.
    ///   - kept: names of what those blocks keep beside their facts; it is read instead of worked out.
    /// - Throws: what in one of the versions has no form over columns; the replay itself then answers, more slowly.
    package init(
        _ replay: RuleReplay, codes: CodeTable = CodeTable(), kept: Set<String> = []
    ) throws(NotColumnar) {
        self.replay = replay
        inForce = (replay.versions(of: replay.current), replay.versions(of: replay.candidate))
        let first = replay.candidate.registry.versions.map(\.effectiveFrom).min() ?? replay.period.start
        firstMonth = CivilMonth(containing: replay.period.start).index
        lastMonth = max(replay.lastMonth, CivilMonth(containing: first))
        if replay.assumesAwards,
            [replay.current, replay.candidate].contains(where: {
                $0.bindsAwards(of: replay.candidatePack)
            })
        {
            throw NotColumnar(what: "assumed grants that bar one another")
        }
        func days(through last: CivilMonth) -> Range<Int32> {
            first.dayNumber..<max(first.dayNumber + 1, (last + 1).firstDay.dayNumber)
        }
        var compared = days(through: replay.settledThrough)
        var (plan, clauses) = try Self.compile(replay, compared, codes)
        // What is given once may fall into a month long after those compared: then more days are looked at.
        if clauses.contains(where: \.mayBeOneSum) {
            compared = days(through: replay.oneSumThrough)
            (plan, clauses) = try Self.compile(replay, compared, codes)
        }
        self.days = compared
        self.clauses = clauses
        shelf = SteadyShelf(clauses: clauses.count)
        let rules = clauses.map { ($0.before.versions + $0.after.versions).map(\.plan) }
        plan.share(among: rules)
        plan.take(kept, for: rules)
        self.plan = plan
        wish = plan.wish(for: rules)
    }

    /// The clauses whose answers may differ, over some days.
    private static func compile(
        _ replay: RuleReplay, _ days: Range<Int32>, _ codes: CodeTable
    ) throws(NotColumnar) -> (plan: ColumnPlan, clauses: [Clause]) {
        var writer = PlanWriter(codes: codes)
        let month = CivilMonth(containing: replay.period.start)
        let before = try sides(replay.current, replay.candidatePack, days, from: month, &writer)
        let after = try sides(replay.candidate, replay.candidatePack, days, from: month, &writer)
        let plan = writer.plan
        var clauses: [Clause] = []
        for clause in Set(before.keys).union(after.keys).sorted() {
            let (old, new) = (before[clause] ?? Side(), after[clause] ?? Side())
            guard !old.saysTheSame(as: new, of: clause, replay),
                let kind = (new.versions.last ?? old.versions.last)?.plan.kind
            else { continue }
            let areMixed = (try old.isMixed(clause), try new.isMixed(clause))
            let isMixed = areMixed.0 || areMixed.1
            let causes = replay.causes(of: clause, dependOnJudge: isMixed)
            let isFollowed = isMixed || causes == nil
            // A one-off belongs to the version that gave it first; what is assumed of proposals comes after the rest.
            let isOnce = (old.versions + new.versions).contains { $0.due.cadence == .once }
            let isSteady =
                !isOnce && !isFollowed && !replay.assumesAwards
                && plan.isSteady((old.versions + new.versions).map(\.plan))
            clauses.append(
                Clause(
                    clause: clause, before: old, after: new, frame: kind, isSteady: isSteady, isFollowed: isFollowed,
                    causes: causes))
        }
        return (plan, clauses)
    }

    /// Texts to build blocks upon.
    package var codes: CodeTable { plan.codes }

    /// Clauses that are compared.
    package var comparedClauses: [ClauseID] { clauses.map(\.clause) }
}

extension MissingTable {
    /// Whether two answers say the same; what they wait for may be put together in another order.
    func says(_ one: OutcomeStep, sameAs other: OutcomeStep) -> Bool {
        if one.isSame(as: other) { return true }
        var aligned = other
        aligned.missing = one.missing
        aligned.missingForPayer = one.missingForPayer
        return one.isSame(as: aligned) && waitsAlike(one.missing, other.missing)
            && waitsAlike(one.missingForPayer, other.missingForPayer)
    }

    private func waitsAlike(_ one: Int64, _ other: Int64) -> Bool {
        if one == other { return true }
        guard one != OutcomeStep.none, other != OutcomeStep.none else { return false }
        return causes(one) == causes(other)
    }
}
