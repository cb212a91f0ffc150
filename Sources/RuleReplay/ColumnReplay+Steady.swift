import CareDomain
import RuleColumns
import RuleEngine

/// 只变了给付: a clause of which both sides apply to the same rows on the same days and give all of them the same. What is given
/// on which days is then found out once for a block; of each row only its days are looked at.
///
/// The answers are those of `SideReader`, and made in the same steps.
private struct SteadyClause {
    /// Days on which a version gives the same.
    struct Segment {
        let days: Range<Int32>
        /// Place in `grants`.
        let grant: Int
        /// The version's place on its side.
        let version: Int32
    }

    /// Days of a row on which it is given the same.
    struct Stretch {
        let start: Int32
        /// `Int32.max` = without end.
        var end: Int32
        let grant: Int
        /// The last version that says so.
        var version: Int32
    }

    private(set) var grants: [OutcomeStep] = []
    private(set) var before: [Segment] = []
    private(set) var after: [Segment] = []
    /// Days on which the sides give something else, in order; all are among the days evaluated.
    private(set) var differing: [Range<Int32>] = []
    /// Whether all versions of both sides let their sums fall due alike.
    let fallsDueAlike: Bool
    /// For each two grants, whether they say the same.
    private var alike: [Bool] = []

    /// More than this and comparing each two of them costs more than it saves.
    private static let mostGrants = 48

    /// nil where what is given is not the same for all rows, or changes too often.
    init?(_ clause: ColumnReplay.Clause, _ run: inout BlockRun) {
        let dues = (clause.before.versions + clause.after.versions).map(\.due)
        let areThere = !clause.before.versions.isEmpty && !clause.after.versions.isEmpty
        fallsDueAlike = areThere && dues.allSatisfy { $0 == dues[0] }
        guard let before = segments(clause.before, &run), let after = segments(clause.after, &run) else { return nil }
        guard grants.count <= Self.mostGrants else { return nil }
        self.before = before
        self.after = after
        for one in grants { for other in grants { alike.append(run.missing.says(one, sameAs: other)) } }
        differing = Self.differing(before, after) { isAlike($0, $1) }
    }

    private mutating func segments(_ side: ColumnReplay.Side, _ run: inout BlockRun) -> [Segment]? {
        var segments: [Segment] = []
        for (place, version) in side.versions.enumerated() {
            guard let steps = run.granted(version.plan, version.days) else { return nil }
            for (index, step) in steps.enumerated() {
                let end = index + 1 < steps.count ? steps[index + 1].day : version.days.upperBound
                segments.append(Segment(days: step.day..<end, grant: grants.count, version: Int32(place)))
                grants.append(step)
            }
        }
        return segments
    }

    private static func differing(
        _ before: [Segment], _ after: [Segment], _ isAlike: (Int, Int) -> Bool
    ) -> [Range<Int32>] {
        let days = Set((before + after).flatMap { [$0.days.lowerBound, $0.days.upperBound] }).sorted()
        var found: [Range<Int32>] = []
        for (start, end) in zip(days, days.dropFirst()) {
            let old = before.first { $0.days.contains(start) }?.grant
            let new = after.first { $0.days.contains(start) }?.grant
            if let old, let new, isAlike(old, new) { continue }
            guard old != nil || new != nil else { continue }
            found.append(start..<end)
        }
        return found
    }

    @inline(__always)
    private func isAlike(_ one: Int, _ other: Int) -> Bool { alike[one * grants.count + other] }

    /// What one side gives a row to which it applies on these days.
    /// - Parameter end: of the days evaluated; what reaches it goes on without end.
    @inline(__always)
    func read(
        _ segments: [Segment], _ held: ArraySlice<Range<Int32>>, through end: Int32, _ stretches: inout [Stretch]
    ) {
        stretches.removeAll(keepingCapacity: true)
        for segment in segments {
            for days in held
            where days.lowerBound < segment.days.upperBound && segment.days.lowerBound < days.upperBound {
                let start = max(days.lowerBound, segment.days.lowerBound)
                let end = min(days.upperBound, segment.days.upperBound)
                if let last = stretches.last, last.end == start, isAlike(last.grant, segment.grant) {
                    stretches[stretches.count - 1].end = end
                    stretches[stretches.count - 1].version = segment.version
                } else {
                    stretches.append(
                        Stretch(start: start, end: end, grant: segment.grant, version: segment.version))
                }
            }
        }
        if let last = stretches.last, last.end == end { stretches[stretches.count - 1].end = .max }
    }

    /// Whether the sides give something else on one of the days that count.
    @inline(__always)
    func differs(_ held: ArraySlice<Range<Int32>>, in days: Range<Int32>) -> Bool {
        for stretch in held {
            for other in differing
            where max(stretch.lowerBound, other.lowerBound, days.lowerBound)
                < min(stretch.upperBound, other.upperBound, days.upperBound)
            {
                return true
            }
        }
        return false
    }

    /// What a side says over the days that count.
    @inline(__always)
    func told(_ stretches: [Stretch], _ telling: Int32, in days: Range<Int32>) -> BlockDifference.Told {
        guard let last = stretches.last(where: { $0.end > days.lowerBound && $0.start < days.upperBound }) else {
            return .init(holds: false, last: nil, telling: telling)
        }
        return .init(holds: true, last: last.end >= days.upperBound ? grants[last.grant] : nil, telling: telling)
    }
}

extension ColumnReplay {
    /// Buffers for one side of one row.
    private struct SteadySide {
        var stretches: [SteadyClause.Stretch] = []
        var runs: [DueRun] = []
        var telling: Int32 = 0
    }

    /// Compares a steady clause.
    /// - Parameter decided: households in which people decided what bears on it.
    /// - Returns: the rows that are left to be looked at one by one, rising; nil = all of them.
    func compareSteadily(
        _ index: Int, _ decided: some Sequence<Int32>, _ run: inout BlockRun, _ result: inout BlockDifference
    ) -> [Int32]? {
        let clause = clauses[index]
        guard let rule = (clause.after.versions.first ?? clause.before.versions.first)?.plan,
            let steady = SteadyClause(clause, &run)
        else { return nil }
        let held = run.heldDays(rule)
        let entities = run.block.entities(clause.frame)
        var apart = Array(repeating: false, count: run.block.count)
        var open = held.others
        for household in decided {
            apart[Int(household)] = true
            open += (entities?.rows(of: Int(household)) ?? Int(household)..<Int(household) + 1).map(Int32.init)
        }
        for household in result.moved.keys { apart[Int(household)] = true }
        let moved = Set(result.moved.keys)
        var before = SteadySide()
        var after = SteadySide()
        for (place, row) in held.rows.enumerated() {
            let household = entities.map { Int($0.households[Int(row)]) } ?? Int(row)
            let days = held.stretches(at: place)
            if apart[household] {
                if moved.contains(Int32(household)) { open.append(row) }
                continue
            }
            if steady.fallsDueAlike, !steady.differs(days, in: self.days) { continue }
            read(clause.before, steady.before, steady, days, &before)
            read(clause.after, steady.after, steady, days, &after)
            let months = result.months.count
            DifferenceRun.between(before.runs, after.runs, from: firstMonth, into: &result.months)
            guard result.months.count > months || steady.differs(days, in: wholeDays) else { continue }
            result.add(
                result.row(
                    index, row: Int(row), household: household,
                    before: steady.told(before.stretches, before.telling, in: wholeDays),
                    after: steady.told(after.stretches, after.telling, in: wholeDays),
                    runs: (before.runs, after.runs), Int32(months)..<Int32(result.months.count),
                    firstMonth: firstMonth, present: replay.present.index, shares: run.shares))
        }
        return open.isEmpty ? [] : Set(open).sorted()
    }

    @inline(__always)
    private func read(
        _ side: Side, _ segments: [SteadyClause.Segment], _ steady: SteadyClause, _ held: ArraySlice<Range<Int32>>,
        _ work: inout SteadySide
    ) {
        steady.read(segments, held, through: days.upperBound, &work.stretches)
        work.telling = work.stretches.last?.version ?? Int32(max(0, side.versions.count - 1))
        work.runs.removeAll(keepingCapacity: true)
        guard !side.versions.isEmpty else { return }
        let stretches = work.stretches.lazy.map { DueStretch($0.start, $0.end, steady.grants[$0.grant]) }
        side.versions[Int(work.telling)].due.runs(of: stretches, through: lastMonth, into: &work.runs)
    }
}
