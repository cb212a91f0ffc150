import CareDomain
import RuleColumns
import RuleEngine

/// 只变了给付: a clause of which both sides apply to the same rows on the same days and give all of them the same. What is given
/// on which days is then found out once; of each row only its days are looked at.
///
/// The answers are those of `SideReader`, and made in the same steps. A class, because every row asks it.
final class SteadyClause {
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

    let grants: [OutcomeStep]
    let before: [Segment]
    let after: [Segment]
    /// Whether all versions of both sides let their sums fall due alike.
    let fallsDueAlike: Bool
    /// Whether it is the same in every block: nothing in it counts what one run of a plan came upon.
    let isOfAllBlocks: Bool
    /// Whether a sum of one of them may not be known.
    let mayBeOpen: Bool
    /// The day before which nothing falls due that is asked for, whichever version says when.
    let floor: Int32
    /// Days on which the sides give something else, in order; all are among the days evaluated.
    private let differing: [Range<Int32>]
    /// For each two grants, whether they say the same.
    private let alike: [Bool]

    /// More than this and comparing each two of them costs more than it saves.
    private static let mostGrants = 48

    /// nil where what is given is not the same for all rows, or changes too often.
    init?(_ clause: ColumnReplay.Clause, _ run: inout BlockRun) {
        let dues = (clause.before.versions + clause.after.versions).map(\.due)
        let areThere = !clause.before.versions.isEmpty && !clause.after.versions.isEmpty
        fallsDueAlike = areThere && dues.allSatisfy { $0 == dues[0] }
        floor = dues.map(\.floor).min() ?? 0
        var grants: [OutcomeStep] = []
        guard let before = Self.segments(clause.before, &grants, &run),
            let after = Self.segments(clause.after, &grants, &run), grants.count <= Self.mostGrants
        else { return nil }
        let alike = grants.flatMap { one in grants.map { run.missing.says(one, sameAs: $0) } }
        let count = grants.count
        self.grants = grants
        mayBeOpen = grants.contains { RightDifference.Open($0.status) != nil }
        self.before = before
        self.after = after
        self.alike = alike
        differing = Self.differing(before, after) { alike[$0 * count + $1] }
        let shares = run.plan.shares.count
        isOfAllBlocks = grants.allSatisfy {
            $0.missing == OutcomeStep.none && $0.missingForPayer == OutcomeStep.none && $0.payer < shares
        }
    }

    private static func segments(
        _ side: ColumnReplay.Side, _ grants: inout [OutcomeStep], _ run: inout BlockRun
    ) -> [Segment]? {
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

    /// Of the days on which it applies to a row, those that make a difference: two rows with the same have the same answers.
    ///
    /// What begins before the first sum that is asked for might as well begin the day before: a sum counts by the days of its
    /// own month, quarter or year, and by whether the right was there before, not since when.
    /// - Parameter end: of the days evaluated.
    /// - Returns: nil where none of them is asked for.
    func counting(_ days: Range<Int32>, until end: Int32) -> Range<Int32>? {
        let start = max(days.lowerBound, floor - 1)
        let end = min(days.upperBound, end)
        return max(start, floor) < end ? start..<end : nil
    }

    /// What one side gives a row to which it applies on these days.
    /// - Parameter end: of the days evaluated; what reaches it goes on without end.
    func read(
        _ segments: [Segment], _ held: some Sequence<Range<Int32>>, through end: Int32,
        _ stretches: inout [Stretch]
    ) {
        stretches.removeAll(keepingCapacity: true)
        for segment in segments {
            for days in held
            where days.lowerBound < segment.days.upperBound && segment.days.lowerBound < days.upperBound {
                let start = max(days.lowerBound, segment.days.lowerBound)
                let end = min(days.upperBound, segment.days.upperBound)
                if let last = stretches.last, last.end == start, alike[last.grant * grants.count + segment.grant] {
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
    func differs(_ held: some Sequence<Range<Int32>>, in days: Range<Int32>) -> Bool {
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
    func told(_ stretches: [Stretch], _ telling: Int32, in days: Range<Int32>) -> BlockDifference.Told {
        var sight = RightDifference.Sight()
        var last: Stretch?
        for stretch in stretches where stretch.end > days.lowerBound && stretch.start < days.upperBound {
            sight.add(grants[stretch.grant].status, holds: grants[stretch.grant].rightHolds)
            last = stretch
        }
        return .init(
            sight, last: last.flatMap { $0.end >= days.upperBound ? grants[$0.grant] : nil }, telling: telling)
    }

    /// What a side says month by month.
    func monthly(_ stretches: [Stretch], in days: Range<Int32>, _ shares: [[PayerShare]]) -> MonthlyAnswers {
        var answers = MonthlyAnswers()
        for stretch in stretches {
            answers.add(
                .init(grants[stretch.grant], shares), max(stretch.start, days.lowerBound),
                min(stretch.end, days.upperBound))
        }
        return answers
    }

    /// The months for which it is not known what is due.
    func openMonths(_ stretches: [Stretch], _ cadence: Cadence, _ last: CivilMonth) -> OpenMonths {
        var months = OpenMonths(cadence, through: last)
        for stretch in stretches { months.add(grants[stretch.grant].status, stretch.start, stretch.end) }
        return months
    }
}
