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
        let days: Range<Int32>
        let pack: RulePack
        let rule: Rule
        let plan: RulePlan
        let due: DueRules
        /// Whether a higher sum later is topped up.
        let topsUp: Bool
        /// Whether all that it gives is one sum, as `Determination.isOneSum`.
        let isOneSum: Bool

        init(
            _ days: Range<Int32>, _ pack: RulePack, _ rule: Rule, _ plan: RulePlan, _ choices: ReadingChoices,
            from first: CivilMonth
        ) {
            self.days = days
            self.pack = pack
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
        /// The side's last version, with the clause or without: it settles what people decided.
        var settling: RulePack?
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

        init(clause: ClauseID, before: Side, after: Side, frame: EntityKind, isSteady: Bool) {
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
            common = CommonDays(before, after)
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

    /// Compiles both sides of a replay.
    /// - Parameters:
    ///   - codes: those of the blocks that will be run, where there are some already; otherwise blocks are built upon `codes`.
    ///   - kept: names of what those blocks keep beside their facts; it is read instead of worked out.
    /// - Throws: what in one of the versions has no form over columns; the replay itself then answers, more slowly.
    package init(
        _ replay: RuleReplay, codes: CodeTable = CodeTable(), kept: Set<String> = []
    ) throws(NotColumnar) {
        self.replay = replay
        let first = replay.candidate.registry.versions.map(\.effectiveFrom).min() ?? replay.period.start
        firstMonth = CivilMonth(containing: replay.period.start).index
        lastMonth = max(replay.lastMonth, CivilMonth(containing: first))
        for side in [replay.current, replay.candidate] where side.registry.hasTransitions(of: replay.candidatePack) {
            throw NotColumnar(what: "a version for new cases only")
        }
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
            let isSame =
                Signature.of(old) == Signature.of(new)
                && Bar.of(clause, old.settling, replay.current.choices)
                    == Bar.of(clause, new.settling, replay.candidate.choices)
            guard !isSame, let kind = (new.versions.last ?? old.versions.last)?.plan.kind else {
                continue
            }
            // A one-off belongs to the version that gave it first; what is assumed of proposals comes after the rest.
            let isOnce = (old.versions + new.versions).contains { $0.due.cadence == .once }
            let isSteady =
                !isOnce && !replay.assumesAwards && plan.isSteady((old.versions + new.versions).map(\.plan))
            clauses.append(Clause(clause: clause, before: old, after: new, frame: kind, isSteady: isSteady))
        }
        return (plan, clauses)
    }

    /// What decides whether two versions can answer differently.
    private struct Signature: Hashable {
        var days: Range<Int32>
        let plan: RulePlan
        let due: DueRules
        let department: DepartmentID?
        let amountType: AmountType?
        let topsUp: Bool

        /// By version; one that says what the one before it says goes on with it.
        static func of(_ side: Side) -> [Signature] {
            var signatures: [Signature] = []
            for version in side.versions {
                let next = Signature(version)
                if var last = signatures.last, last.days.upperBound == next.days.lowerBound {
                    let days = last.days.lowerBound..<next.days.upperBound
                    last.days = next.days
                    if last == next {
                        signatures[signatures.count - 1].days = days
                        continue
                    }
                }
                signatures.append(next)
            }
            return signatures
        }

        init(_ version: Version) {
            days = version.days
            plan = version.plan
            due = version.due
            department = version.rule.department
            amountType = version.rule.amount?.type
            topsUp = version.topsUp
        }
    }

    /// What one clause bars of another, as the switches stand.
    private struct Bar: Hashable {
        let interaction: Interaction
        let isSoft: Bool
        let onlySameClause: Bool
        let oneItem: [[ClauseID]]
        let passing: [ClauseID]

        /// The bars that count for a clause when people's decisions are settled: all of the pack once one names it,
        /// because the others say which grants stand.
        static func of(_ clause: ClauseID, _ pack: RulePack?, _ choices: ReadingChoices) -> [Bar] {
            guard let pack, pack.interactions.contains(where: { $0.among.contains(clause) }) else { return [] }
            let readings = pack.positions(choices)
            return pack.interactions.map { interaction in
                Bar(
                    interaction: interaction, isSoft: interaction.isSoft,
                    onlySameClause: interaction.onlySameClause.map { readings[$0.reading] == $0.choice } ?? false,
                    oneItem: interaction.oneItem,
                    passing: interaction.letsPass.map {
                        readings[$0.when.reading] == $0.when.choice ? $0.clauses : []
                    } ?? [])
            }
        }
    }

    private static func sides(
        _ evaluator: Evaluator, _ id: PackID, _ days: Range<Int32>, from month: CivilMonth, _ writer: inout PlanWriter
    ) throws(NotColumnar) -> [ClauseID: Side] {
        var sides: [ClauseID: Side] = [:]
        for (version, period) in evaluator.registry.periods(of: id) {
            let start = max(period.start.dayNumber, days.lowerBound)
            let end = min(period.end?.dayNumber ?? .max, days.upperBound)
            guard start < end else { continue }
            let pack = version.pack
            for (rule, plan) in try writer.write(pack, choices: evaluator.choices, parameters: evaluator.parameters) {
                let one = Version(start..<end, pack, rule, plan, evaluator.choices, from: month)
                sides[rule.clause, default: Side()].versions.append(one)
            }
            for clause in sides.keys { sides[clause]?.settling = pack }
        }
        return sides
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
