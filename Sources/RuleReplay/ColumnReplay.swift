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

        init(
            _ days: Range<Int32>, _ pack: RulePack, _ rule: Rule, _ plan: RulePlan, _ choices: ReadingChoices,
            from first: CivilMonth
        ) {
            self.days = days
            self.pack = pack
            self.rule = rule
            self.plan = plan
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

        init(clause: ClauseID, before: Side, after: Side, frame: EntityKind) {
            self.clause = clause
            self.before = before
            self.after = after
            self.frame = frame
            common = CommonDays(before, after)
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
    /// Days that are evaluated: from the first version's to the end of the last month.
    let days: Range<Int32>

    /// Compiles both sides of a replay.
    /// - Parameter codes: those of the blocks that will be run, where there are some already; otherwise blocks are built
    ///   upon `codes`.
    /// - Throws: what in one of the versions has no form over columns; the replay itself then answers, more slowly.
    package init(_ replay: RuleReplay, codes: CodeTable = CodeTable()) throws(NotColumnar) {
        self.replay = replay
        let last = CivilMonth(containing: (replay.period.end ?? replay.period.start) - 1)
        let first = replay.candidate.registry.versions.map(\.effectiveFrom).min() ?? replay.period.start
        days = first.dayNumber..<max(first.dayNumber + 1, (last + 1).firstDay.dayNumber)
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
        var writer = PlanWriter(codes: codes)
        let month = CivilMonth(containing: replay.period.start)
        let before = try Self.sides(replay.current, replay.candidatePack, days, from: month, &writer)
        let after = try Self.sides(replay.candidate, replay.candidatePack, days, from: month, &writer)
        var plan = writer.plan
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
            clauses.append(Clause(clause: clause, before: old, after: new, frame: kind))
        }
        self.clauses = clauses
        plan.share(among: clauses.map { ($0.before.versions + $0.after.versions).map(\.plan) })
        self.plan = plan
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

    /// The columns of facts that the compared clauses read.
    package var keys: [FactColumnKey] {
        plan.facts(of: clauses.map { ($0.before.versions + $0.after.versions).map(\.plan) })
    }

    /// Clauses that are compared.
    package var comparedClauses: [ClauseID] { clauses.map(\.clause) }

    /// What differs for the households of a block.
    package func compare(_ block: FactBlock) -> BlockDifference {
        var run = BlockRun(plan, over: block, days: days)
        var result = BlockDifference(block, moved: moved(block))
        for index in clauses.indices { compare(index, &run, &result) }
        return result
    }

    private func compare(_ index: Int, _ run: inout BlockRun, _ result: inout BlockDifference) {
        let clause = clauses[index]
        let frame = clause.frame == .household ? Frame.household : .one(clause.frame)
        let entities = run.block.entities(clause.frame)
        let decisions = run.block.decisions
        let open = openRows(clause, frame, entities, &run)
        guard !open.isEmpty else { return }
        let scope = run.scope(frame, open: open)
        let before = clause.before.versions.map { OutcomeReader($0.plan, &run, in: scope) }
        let after = clause.after.versions.map { OutcomeReader($0.plan, &run, in: scope) }
        let reader = SideReader(replay: self)
        var work = RowWork()
        for (place, row) in open.enumerated() {
            let household = entities.map { Int($0.households[Int(row)]) } ?? Int(row)
            let own = decisions.isEmpty ? nil : decisions[Int32(household)]
            let moved = result.moved.isEmpty ? nil : result.moved[Int32(household)]
            if own != nil || moved != nil {
                let places = moved ?? ReplayPlaces(all: replay.period)
                let subject = entities?.subjects[Int(row)] ?? .household
                let right = reader.decided(
                    clause, place, subject, own ?? [], places, (before, after), &run)
                if let right, asks(household, result) { result.add(right, household: household) }
                continue
            }
            guard asks(household, result) else { continue }
            reader.read(clause.before, before, place, &run.missing, &work.before)
            reader.read(
                clause.after, after, place, &run.missing, &work.after, after: clause.common, of: work.before.stretches)
            compare(index, clause, Int(row), household, &work, run, &result)
        }
    }

    /// Whether a household belonged to the division asked for.
    private func asks(_ household: Int, _ result: BlockDifference) -> Bool {
        replay.division == nil || wanted(household, result) != nil
    }

    /// The rows of which one of the sides may say something, and those of households in which people decided.
    private func openRows(
        _ clause: Clause, _ frame: Frame, _ entities: EntityRows?, _ run: inout BlockRun
    ) -> [Int32] {
        var open = Array(repeating: false, count: run.count(frame, in: run.all))
        for version in clause.before.versions + clause.after.versions { run.mark(version.plan, &open) }
        for household in run.block.decisions.keys {
            for row in entities?.rows(of: Int(household)) ?? Int(household)..<Int(household) + 1 { open[row] = true }
        }
        return open.indices.filter { open[$0] }.map(Int32.init)
    }

    /// Buffers for one row.
    private struct RowWork {
        var before = SideWork()
        var after = SideWork()
        var months: [DifferenceRun] = []
    }

    private func compare(
        _ index: Int, _ clause: Clause, _ row: Int, _ household: Int, _ work: inout RowWork, _ run: BlockRun,
        _ result: inout BlockDifference
    ) {
        let first = replay.period.start.dayNumber
        let end = replay.period.end?.dayNumber ?? .max
        let sameDues = work.before.due == work.after.due
        let isSame = Self.same(work.before.stretches, work.after.stretches, first..<end, run.missing)
        if isSame, sameDues, Self.same(work.before.stretches, work.after.stretches, days, run.missing) { return }
        let last = CivilMonth(containing: CivilDay(dayNumber: days.upperBound - 1))
        work.before.runs.removeAll(keepingCapacity: true)
        work.after.runs.removeAll(keepingCapacity: true)
        work.months.removeAll(keepingCapacity: true)
        work.before.due?.runs(work.before.stretches, through: last, into: &work.before.runs)
        work.after.due?.runs(work.after.stretches, through: last, into: &work.after.runs)
        let firstMonth = CivilMonth(containing: replay.period.start).index
        DifferenceRun.between(work.before.runs, work.after.runs, from: firstMonth, into: &work.months)
        guard !isSame || !work.months.isEmpty else { return }
        result.add(
            index, row: row, household: household, before: work.before, after: work.after, work.months,
            in: first..<end, firstMonth: firstMonth, present: replay.present.index,
            shares: run.shares)
    }

    /// Whether the answers of two sides are the same within the days.
    private static func same(
        _ one: [OutcomeStretch], _ two: [OutcomeStretch], _ days: Range<Int32>, _ missing: MissingTable
    ) -> Bool {
        var left = one.lazy.filter { $0.end > days.lowerBound && $0.start < days.upperBound }.makeIterator()
        var right = two.lazy.filter { $0.end > days.lowerBound && $0.start < days.upperBound }.makeIterator()
        while true {
            let (a, b) = (left.next(), right.next())
            guard let a, let b else { return a == nil && b == nil }
            guard max(a.start, days.lowerBound) == max(b.start, days.lowerBound),
                min(a.end, days.upperBound) == min(b.end, days.upperBound),
                a.step.isSame(as: b.step) || missing.says(a.step, sameAs: b.step)
            else { return false }
        }
    }
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
