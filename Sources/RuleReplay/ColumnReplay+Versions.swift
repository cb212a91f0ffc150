import CareDomain
import RuleColumns
import RuleEngine

extension ColumnReplay {
    /// A version of the pack on one side, with the clause or without.
    final class Turn: Sendable {
        /// Days on which it is in force.
        let days: Range<Int32>
        /// These and those of later versions for new cases only, on which it goes on judging rights that run.
        let reach: Range<Int32>
        /// Whether it applies to new cases only.
        let leavesRunning: Bool
        let pack: RulePack
        /// The place of the first version with the same file.
        let judge: Int

        init(days: Range<Int32>, reach: Range<Int32>, leavesRunning: Bool, pack: RulePack, judge: Int) {
            self.days = days
            self.reach = reach
            self.leavesRunning = leavesRunning
            self.pack = pack
            self.judge = judge
        }
    }

    /// The clauses of one side.
    static func sides(
        _ evaluator: Evaluator, _ id: PackID, _ days: Range<Int32>, from month: CivilMonth, _ writer: inout PlanWriter
    ) throws(NotColumnar) -> [ClauseID: Side] {
        var sides: [ClauseID: Side] = [:]
        var places: [ClauseID: [Int: Int]] = [:]
        var turns: [Turn] = []
        for place in evaluator.registry.reaches(of: id) {
            let start = max(place.inForce.start.dayNumber, days.lowerBound)
            func end(_ period: DayPeriod) -> Int32 { min(period.end?.dayNumber ?? .max, days.upperBound) }
            guard start < end(place.inForce) else { continue }
            let pack = place.version.pack
            let turn = Turn(
                days: start..<end(place.inForce), reach: start..<max(end(place.reach), end(place.inForce)),
                leavesRunning: place.takesNewCasesOnly, pack: pack,
                judge: turns.firstIndex { $0.pack.reference == pack.reference } ?? turns.count)
            for (rule, plan) in try writer.write(pack, choices: evaluator.choices, parameters: evaluator.parameters) {
                let one = Version(turn, rule, plan, evaluator.choices, from: month)
                places[rule.clause, default: [:]][turns.count] = sides[rule.clause]?.versions.count ?? 0
                sides[rule.clause, default: Side()].versions.append(one)
            }
            turns.append(turn)
        }
        for clause in sides.keys {
            sides[clause]?.turns = turns.enumerated().map { ($1, places[clause]?[$0]) }
            sides[clause]?.settling = turns.last?.pack
        }
        return sides
    }
}

extension ColumnReplay.Side {
    /// Whether both sides give the same answers, whatever the facts are.
    func saysTheSame(as other: Self, of clause: ClauseID, _ replay: RuleReplay) -> Bool {
        func bars(_ pack: RulePack?, _ evaluator: Evaluator) -> [Bar] { Bar.of(clause, pack, evaluator.choices) }
        return signatures { bars($0, replay.current) } == other.signatures { bars($0, replay.candidate) }
            && bars(settling, replay.current) == bars(other.settling, replay.candidate)
    }

    /// Whether it matters for some right that it stays with an earlier version.
    /// - Throws: where a right can be given once by one of the versions and otherwise by another one, or topped up by one only: what
    ///   is given once is settled over all of them together.
    func isMixed(_ clause: ClauseID) throws(NotColumnar) -> Bool {
        guard leavesRunning, signatures({ _ in [] }).dropFirst().contains(where: \.leavesRunning) else { return false }
        let kinds = Set(versions.map { $0.due.cadence == .once ? [true, $0.topsUp] : [false] })
        guard kinds.count < 2 else { throw NotColumnar(what: "\(clause) given once, for new cases only") }
        return true
    }

    /// By version; one that says what the one before it says goes on with it, whoever stays with which of them.
    private func signatures(_ bars: (RulePack) -> [Bar]) -> [Signature] {
        var signatures: [Signature] = []
        for (turn, place) in turns {
            let next = Signature(turn, place.map { versions[$0] }, bars(turn.pack))
            if next.says == nil, signatures.isEmpty || !leavesRunning { continue }
            if let last = signatures.last, last.goesOn(with: next) {
                signatures[signatures.count - 1].days = last.days.lowerBound..<next.days.upperBound
                signatures[signatures.count - 1].reachEnd = next.reachEnd
            } else {
                signatures.append(next)
            }
        }
        return signatures
    }
}

/// What decides whether two versions can answer differently.
private struct Signature: Hashable {
    struct Says: Hashable {
        let plan: RulePlan
        let due: DueRules
        let department: DepartmentID?
        let amountType: AmountType?
        let topsUp: Bool

        init(_ version: ColumnReplay.Version) {
            plan = version.plan
            due = version.due
            department = version.rule.department
            amountType = version.rule.amount?.type
            topsUp = version.topsUp
        }
    }

    var days: Range<Int32>
    /// Until when it may judge rights that run.
    var reachEnd: Int32
    let leavesRunning: Bool
    /// nil where it does not have the clause.
    let says: Says?
    let bars: [Bar]

    init(_ turn: ColumnReplay.Turn, _ version: ColumnReplay.Version?, _ bars: [Bar]) {
        days = turn.days
        reachEnd = turn.reach.upperBound
        leavesRunning = turn.leavesRunning
        says = version.map(Says.init)
        self.bars = bars
    }

    func goesOn(with next: Signature) -> Bool {
        days.upperBound == next.days.lowerBound && says == next.says && bars == next.bars
            && (!next.leavesRunning || reachEnd == next.reachEnd)
    }
}

/// What one clause bars of another, as the switches stand.
private struct Bar: Hashable {
    let interaction: Interaction
    let isSoft: Bool
    let onlySameClause: Bool
    let oneItem: [[ClauseID]]
    let passing: [ClauseID]

    /// The bars that count for a clause when people's decisions are settled: all of the pack once one names it, because the
    /// others say which grants stand.
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
