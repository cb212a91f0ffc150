import CareDomain
import RuleEngine

/// 归属: where one household belonged over the days compared, so that each place is told its own time and no other.
struct ReplayPlaces {
    /// Days that count together, and the months whose sums go with them.
    struct Share {
        let division: DivisionCode?
        /// In order, without overlap; never empty.
        let days: [DayPeriod]
        /// Months by their index, in order, without overlap; nil = every month.
        let months: [Range<Int32>]?

        func counts(_ month: CivilMonth) -> Bool { months?.contains { $0.contains(month.index) } ?? true }
    }

    /// What the replay asks for: the days in its division, or all days compared; nil where the household was never there.
    let wanted: Share?
    /// The wanted days by division, in the order in which they begin; empty where it belonged to one only.
    let parts: [Share]

    /// All days compared, wherever the household belonged.
    init(all period: DayPeriod) {
        wanted = Share(division: nil, days: [period], months: nil)
        parts = []
    }

    /// - Parameter steps: days on which the division changes, in order; what is not known before the first is taken to be as
    ///   on it.
    init(_ steps: [(day: CivilDay, division: DivisionCode?)], _ replay: RuleReplay) {
        let stays = PlaceStays(steps)
        let compared = stays.stays.compactMap { stay in
            stay.days.intersection(replay.period).map { (days: $0, division: stay.division) }
        }
        let mine = compared.filter { replay.asks(for: $0.division) }
        guard mine.count < compared.count || mine.count > 1 else {
            wanted = Share(division: compared.last?.division, days: [replay.period], months: nil)
            parts = []
            return
        }
        guard !mine.isEmpty else {
            wanted = nil
            parts = []
            return
        }
        let last = CivilMonth(containing: (replay.period.end ?? replay.period.start) - 1)
        let months = CivilMonth(containing: replay.period.start).index..<last.index + 1
        let byDivision = stays.months(months, territory: replay.territory)
        var order: [DivisionCode?] = []
        for one in mine where !order.contains(one.division) { order.append(one.division) }
        let shares = order.map { division in
            Share(
                division: division, days: mine.filter { $0.division == division }.map(\.days),
                months: byDivision.filter { $0.division == division }.map(\.months))
        }
        wanted = Share(
            division: mine.last?.division, days: Self.joined(mine.map(\.days)),
            months: byDivision.filter { order.contains($0.division) }.map(\.months))
        parts = shares.count > 1 ? shares : []
    }

    /// Stretches that follow one another as one.
    private static func joined(_ days: [DayPeriod]) -> [DayPeriod] {
        var result: [DayPeriod] = []
        for stretch in days {
            if let last = result.last, last.end == stretch.start {
                result[result.count - 1] = DayPeriod(start: last.start, end: stretch.end)
            } else {
                result.append(stretch)
            }
        }
        return result
    }
}

/// Where a household belongs, stay by stay.
struct PlaceStays {
    /// In order, without gap; never empty.
    let stays: [(days: DayPeriod, division: DivisionCode?)]

    /// - Parameter steps: days on which the division changes, in order.
    init(_ steps: [(day: CivilDay, division: DivisionCode?)]) {
        let known = Array(steps.drop { $0.division == nil })
        var stays: [(days: DayPeriod, division: DivisionCode?)] = []
        for (index, step) in known.enumerated() {
            let start = index == 0 ? min(step.day, FactBase.beginning) : step.day
            let end = index + 1 < known.count ? known[index + 1].day : nil
            if let last = stays.last, last.division == step.division {
                stays[stays.count - 1].days = DayPeriod(start: last.days.start, end: end)
            } else {
                stays.append((DayPeriod(start: start, end: end), step.division))
            }
        }
        self.stays = stays.isEmpty ? [(DayPeriod(start: FactBase.beginning), nil)] : stays
    }

    /// Who pays each of some months, see `division(of:territory:)`: months of one place in a row together, in order.
    /// - Parameter months: by their index.
    func months(
        _ months: Range<Int32>, territory: String?
    ) -> [(division: DivisionCode?, months: Range<Int32>)] {
        var found: [(division: DivisionCode?, months: Range<Int32>)] = []
        var month = months.lowerBound
        // Only in a month in which a stay begins there can be two; the months up to the next such one are alike.
        let starts = stays.map { CivilMonth(containing: $0.days.start).index }
        while month < months.upperBound {
            let isStart = starts.contains(month)
            let next = isStart ? month + 1 : min(months.upperBound, starts.first { $0 > month } ?? .max)
            let place = division(of: CivilMonth(index: month), territory: territory)
            if let last = found.last, last.division == place {
                found[found.count - 1].months = last.months.lowerBound..<next
            } else {
                found.append((place, month..<next))
            }
            month = next
        }
        return found
    }

    /// Who pays a month: the place at its end; where the family left the territory within it, the last place inside, because
    /// the move ends the right. As the payment batches have it.
    /// - Source: policies, Interactions 8
    func division(of month: CivilMonth, territory: String?) -> DivisionCode? {
        let days = DayPeriod(start: month.firstDay, end: month.lastDay + 1)
        let there = stays.filter { $0.days.intersection(days) != nil }
        let inside = there.last { stay in
            territory.map { stay.division?.rawValue.hasPrefix($0) ?? false } ?? true
        }
        return (inside ?? there.last)?.division
    }
}

extension DivisionCode {
    /// The digits with which every division within this one begins.
    var leading: String {
        guard self != .everywhere else { return "" }
        var digits = rawValue
        if digits.count == 6 { while digits.hasSuffix("00"), digits.count > 2 { digits.removeLast(2) } }
        return digits
    }
}

extension FactBase {
    /// Days on which the division changes, with where the household belongs from then on.
    var divisionSteps: [(day: CivilDay, division: DivisionCode?)] {
        divisionDays.map { ($0, division(on: $0)) }
    }
}
