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
        /// The divisions that it is made of.
        var divisions: [DivisionCode?] = []

        func counts(_ month: CivilMonth) -> Bool { months?.contains { $0.contains(month.index) } ?? true }
    }

    /// What the replay asks for: the days in its division, or all days compared; nil where the household was never there.
    private(set) var wanted: Share?
    /// The wanted days by division, in the order in which they begin; empty where it belonged to one only.
    private(set) var parts: [Share]
    private var stays = PlaceStays([])
    /// By their index; those compared.
    private var months: Range<Int32> = 0..<0
    private var territory: String?

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
        months = CivilMonth(containing: replay.period.start).index..<last.index + 1
        self.stays = stays
        territory = replay.territory
        let byDivision = stays.months(months, [], territory: territory)
        var order: [DivisionCode?] = []
        for one in mine where !order.contains(one.division) { order.append(one.division) }
        let shares = order.map { division in
            Share(
                division: division, days: mine.filter { $0.division == division }.map(\.days),
                months: byDivision.filter { $0.division == division }.map(\.months), divisions: [division])
        }
        wanted = Share(
            division: mine.last?.division, days: Self.joined(mine.map(\.days)),
            months: byDivision.filter { order.contains($0.division) }.map(\.months), divisions: order)
        parts = shares.count > 1 ? shares : []
    }

    /// The same for one right, whose months belong where it says: see `PlaceStays.division(of:_:territory:)`.
    /// - Parameter held: days with the right, in order.
    func of(_ held: [DayPeriod]) -> ReplayPlaces {
        guard wanted?.months != nil else { return self }
        let byDivision = stays.months(months, held, territory: territory)
        func share(_ share: Share) -> Share {
            Share(
                division: share.division, days: share.days,
                months: byDivision.filter { share.divisions.contains($0.division) }.map(\.months),
                divisions: share.divisions)
        }
        var own = self
        own.wanted = wanted.map(share)
        own.parts = parts.map(share)
        return own
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

    /// Where each of some months of a right belongs: months of one place in a row together, in order.
    /// - Parameters:
    ///   - months: by their index.
    ///   - held: days with the right, in order.
    func months(
        _ months: Range<Int32>, _ held: [DayPeriod], territory: String?
    ) -> [(division: DivisionCode?, months: Range<Int32>)] {
        var found: [(division: DivisionCode?, months: Range<Int32>)] = []
        let turns = turns(months, held)
        for (index, month) in turns.enumerated() {
            let place = division(of: CivilMonth(index: month), held, territory: territory)
            let end = index + 1 < turns.count ? turns[index + 1] : months.upperBound
            if let last = found.last, last.division == place {
                found[found.count - 1].months = last.months.lowerBound..<end
            } else {
                found.append((place, month..<end))
            }
        }
        return found
    }

    /// The months in which another place than in the one before is possible, in order: the first, and those in which a stay
    /// or the right begins or ends, with the one after each.
    private func turns(_ months: Range<Int32>, _ held: [DayPeriod]) -> [Int32] {
        guard !months.isEmpty else { return [] }
        var turns: Set<Int32> = [months.lowerBound]
        func note(_ day: CivilDay) {
            let month = CivilMonth(containing: day).index
            if months.contains(month) { turns.insert(month) }
            if months.contains(month + 1) { turns.insert(month + 1) }
        }
        for stay in stays.dropFirst() { note(stay.days.start) }
        for period in held {
            note(period.start)
            if let end = period.end { note(end) }
        }
        return turns.sorted()
    }

    /// Where a month of a right belongs, as `Household.place(of:_:within:)` has it for the payment batches and for what stands of
    /// arrears: where the family is registered at its end, or on the last day of the right when that ends within it; a month
    /// without the right to the last place inside the territory.
    /// - Source: policies, Interactions 8; CareDomain Decision 0018
    func division(of month: CivilMonth, _ held: [DayPeriod], territory: String?) -> DivisionCode? {
        let last = month.lastDay
        let begun = held.last { $0.start <= last }
        if let end = begun?.end, end > month.firstDay, end <= last { return division(on: end - 1) }
        let there = division(on: last)
        func isInside(_ place: DivisionCode?) -> Bool {
            territory.map { place?.rawValue.hasPrefix($0) ?? false } ?? true
        }
        let isWithout = begun.map { $0.end.map { $0 <= last } ?? false } ?? true
        guard isWithout, there != nil, !isInside(there) else { return there }
        let inside = stays.last { $0.days.start <= last && isInside($0.division) }
        return inside.map(\.division) ?? there
    }

    private func division(on day: CivilDay) -> DivisionCode? { stays.last { $0.days.start <= day }?.division }
}

extension [Determination.Interval] {
    /// Days with the right, in order.
    var held: [DayPeriod] { filter(\.rightHolds).map(\.period) }
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
