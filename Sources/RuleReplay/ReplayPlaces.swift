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
        /// Whether every month of the household is asked for, those that are not compared among them.
        var isWhole = false

        func counts(_ month: CivilMonth) -> Bool { months?.contains { $0.contains(month.index) } ?? true }
    }

    /// What the replay asks for: the days in its division, or all days compared; nil where the household was never there.
    private(set) var wanted: Share?
    /// The wanted days by division, in the order in which they begin; empty where it belonged to one only.
    private(set) var parts: [Share] = []
    /// Units asked for that granted the household something within the days compared, wherever it is registered.
    private let units: [DivisionCode]
    private let stays: PlaceStays
    private let period: DayPeriod
    private let scope: ReplayScope
    /// By their index; those compared.
    private let months: Range<Int32>
    private let territory: String?

    /// All days compared, wherever the household belonged: it did not move, and no unit granted it anything.
    init(all replay: RuleReplay) {
        stays = PlaceStays([])
        period = replay.period
        scope = replay.scope
        territory = replay.territory
        units = []
        months = 0..<0
        wanted = Share(division: nil, days: [period], months: nil, isWhole: true)
    }

    /// - Parameters:
    ///   - steps: days on which the division changes, in order; what is not known before the first is taken to be as on it.
    ///   - units: those that granted something, see `[Award].units(in:)`.
    init(
        _ steps: [(day: CivilDay, division: DivisionCode?)], units: [DivisionCode] = [], _ replay: RuleReplay
    ) {
        stays = PlaceStays(steps)
        period = replay.period
        scope = replay.scope
        territory = replay.territory
        self.units = units.filter { replay.asks(for: $0) }
        let last = CivilMonth(containing: (period.end ?? period.start) - 1)
        months = CivilMonth(containing: period.start).index..<last.index + 1
        let compared = compared
        let mine = compared.filter { replay.asks(for: $0.division) }
        guard mine.count < compared.count || mine.count > 1 else {
            // Where it belongs before and after these days is another place's.
            let isWhole = scope.isEverywhere || stays.stays.count == 1
            wanted = Share(
                division: compared.last?.division, days: [period], months: nil, isWhole: isWhole)
            return
        }
        guard !mine.isEmpty else { return }
        take(compared, stays.months(months, [], territory: territory))
    }

    /// Where the household is told of: what is wanted, or a unit that granted it something.
    var told: Share? { wanted ?? units.first.map { Share(division: $0, days: [period], months: []) } }

    /// The stays within the days compared.
    private var compared: [(days: DayPeriod, division: DivisionCode?)] {
        stays.stays.compactMap { stay in stay.days.intersection(period).map { (days: $0, division: stay.division) } }
    }

    /// Takes what is asked for of the days and months of some places.
    private mutating func take(
        _ compared: [(days: DayPeriod, division: DivisionCode?)],
        _ byDivision: [(division: DivisionCode?, months: Range<Int32>)]
    ) {
        let mine = compared.filter { scope.contains($0.division) }
        wanted = nil
        parts = []
        guard !mine.isEmpty else { return }
        var order: [DivisionCode?] = []
        for one in mine where !order.contains(one.division) { order.append(one.division) }
        let shares = order.map { division in
            Share(
                division: division, days: mine.filter { $0.division == division }.map(\.days),
                months: byDivision.filter { $0.division == division }.map(\.months), divisions: [division])
        }
        wanted = Share(
            division: mine.last?.division, days: Self.joined(mine.map(\.days)),
            months: byDivision.filter { order.contains($0.division) }.map(\.months), divisions: order,
            isWhole: scope.isEverywhere)
        parts = shares.count > 1 ? shares : []
    }

    /// The same for one right, whose months belong where it says: see `PlaceStays.division(of:_:_:territory:)`.
    /// - Parameters:
    ///   - held: days with the right, in order.
    ///   - granting: by year, the unit that granted it: all of that year is in its books.
    func of(_ held: [DayPeriod], granting: [Int: DivisionCode] = [:]) -> ReplayPlaces {
        guard granting.isEmpty else { return of(held, grantedBy: granting) }
        guard wanted?.months != nil else { return self }
        let byDivision = stays.months(months, held, territory: territory)
        func share(_ share: Share) -> Share {
            Share(
                division: share.division, days: share.days,
                months: byDivision.filter { share.divisions.contains($0.division) }.map(\.months),
                divisions: share.divisions, isWhole: share.isWhole)
        }
        var own = self
        own.wanted = wanted.map(share)
        own.parts = parts.map(share)
        return own
    }

    private func of(_ held: [DayPeriod], grantedBy units: [Int: DivisionCode]) -> ReplayPlaces {
        var days: [(days: DayPeriod, division: DivisionCode?)] = []
        for stay in compared {
            guard let end = stay.days.end else { continue }
            var start = stay.days.start
            while start < end {
                let next = min(end, CivilMonth(year: start.year + 1, month: 1).firstDay)
                days.append((DayPeriod(start: start, end: next), units[start.year] ?? stay.division))
                start = next
            }
        }
        var own = self
        own.take(days, stays.months(months, held, units, territory: territory))
        // Told by place, also where it is one: that need not be where the household is registered.
        if own.parts.isEmpty, let only = own.wanted { own.parts = [only] }
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
    ///   - units: by year, the unit that granted it.
    func months(
        _ months: Range<Int32>, _ held: [DayPeriod], _ units: [Int: DivisionCode] = [:], territory: String?
    ) -> [(division: DivisionCode?, months: Range<Int32>)] {
        var found: [(division: DivisionCode?, months: Range<Int32>)] = []
        let turns = turns(months, held, units)
        for (index, month) in turns.enumerated() {
            let place = division(of: CivilMonth(index: month), held, units, territory: territory)
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
    private func turns(_ months: Range<Int32>, _ held: [DayPeriod], _ units: [Int: DivisionCode]) -> [Int32] {
        guard !months.isEmpty else { return [] }
        var turns: Set<Int32> = [months.lowerBound]
        func note(_ day: CivilDay) {
            let month = CivilMonth(containing: day).index
            if months.contains(month) { turns.insert(month) }
            if months.contains(month + 1) { turns.insert(month + 1) }
        }
        for year in units.keys {
            note(CivilMonth(year: year, month: 1).firstDay)
            note(CivilMonth(year: year, month: 12).lastDay)
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
    /// without the right to the last place inside the territory. What a unit granted is in the books of that unit all year.
    /// - Source: policies, Interactions 8; WZ-4.2; CareDomain Decision 0018
    func division(
        of month: CivilMonth, _ held: [DayPeriod], _ units: [Int: DivisionCode] = [:], territory: String?
    ) -> DivisionCode? {
        if let unit = units[month.year] { return unit }
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

extension [Award] {
    /// By year, the unit that granted a right: of two the one that did so last.
    func units(of clause: ClauseID, _ subject: RuleSubject) -> [Int: DivisionCode] {
        var found: [Int: DivisionCode] = [:]
        for award in self where award.clause == clause && award.subject == subject && award.outcome.gives {
            if let unit = award.unit { found[award.period.start.year] = unit }
        }
        return found
    }

    /// The units that granted something of a year of which some days are among these, in order of the decisions, each once.
    func units(in days: DayPeriod) -> [DivisionCode] {
        var found: [DivisionCode] = []
        for award in self where award.outcome.gives {
            let first = CivilMonth(year: award.period.start.year, month: 1).firstDay
            let year = DayPeriod(start: first, end: CivilMonth(year: first.year + 1, month: 1).firstDay)
            guard let unit = award.unit, year.intersection(days) != nil, !found.contains(unit) else { continue }
            found.append(unit)
        }
        return found
    }
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
