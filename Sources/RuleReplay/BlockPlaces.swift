import CareDomain
import RuleColumns

/// 归属: what `ReplayPlaces` says of a household of a block, in numbers.
struct BlockPlaces: Sendable {
    /// Days that count together, and the months whose sums go with them.
    struct Share: Sendable {
        /// Place of the division in the block's texts; -1 = not known.
        let place: Int64
        let division: DivisionCode?
        /// In order, without overlap; never empty.
        let days: [Range<Int32>]
        /// By index, in order, without overlap; nil = every month.
        let months: [Range<Int32>]?
        /// Whether every month of the household is asked for, those that are not compared among them.
        let isWhole: Bool

        /// From the first day to the last.
        var span: Range<Int32> { (days.first?.lowerBound ?? 0)..<(days.last?.upperBound ?? 0) }

        fileprivate init(_ share: ReplayPlaces.Share, _ places: [DivisionCode: Int64]) {
            division = share.division
            place = share.division.flatMap { places[$0] } ?? -1
            days = share.days.map { $0.start.dayNumber..<($0.end?.dayNumber ?? .max) }
            months = share.months
            isWhole = share.isWhole
        }
    }

    let places: ReplayPlaces
    /// What is asked for; nil where the household was never there.
    let wanted: Share?
    /// The same by division; empty where it belonged to one only.
    let parts: [Share]

    private let numbers: [DivisionCode: Int64]

    /// The same for one right, see `ReplayPlaces.of(_:)`.
    func of(_ side: SideWork) -> BlockPlaces {
        let held = side.stretches.filter(\.step.rightHolds).map { stretch in
            DayPeriod(
                start: CivilDay(dayNumber: stretch.start),
                end: stretch.end == .max ? nil : CivilDay(dayNumber: stretch.end))
        }
        return BlockPlaces(places.of(held), numbers)
    }

    /// - Parameter numbers: the block's number of each division the household belonged to.
    init(_ places: ReplayPlaces, _ numbers: [DivisionCode: Int64]) {
        self.places = places
        self.numbers = numbers
        wanted = places.wanted.map { Share($0, numbers) }
        parts = places.parts.map { Share($0, numbers) }
    }
}

extension SideWork {
    /// Takes what falls to one place of what a side says.
    mutating func take(_ whole: SideWork, in share: BlockPlaces.Share) {
        due = whole.due
        open = whole.open
        telling = whole.telling
        judged = whole.judged
        stretches.removeAll(keepingCapacity: true)
        for stretch in whole.stretches {
            for days in share.days where days.lowerBound < stretch.end && stretch.start < days.upperBound {
                var part = stretch
                part.start = max(stretch.start, days.lowerBound)
                part.end = min(stretch.end, days.upperBound)
                stretches.append(part)
            }
        }
        runs.take(whole.runs, in: share.months)
        rest.take(whole.rest, in: share.months)
    }
}

extension [DueRun] {
    /// Takes over what of others lies in some months; nil = all.
    fileprivate mutating func take(_ whole: [DueRun], in months: [Range<Int32>]?) {
        removeAll(keepingCapacity: true)
        guard let months else {
            self += whole
            return
        }
        for run in whole {
            for stretch in months where stretch.lowerBound < run.end && run.month < stretch.upperBound {
                var part = run
                part.month = Swift.max(run.month, stretch.lowerBound)
                part.count = Swift.min(run.end, stretch.upperBound) - part.month
                append(part)
            }
        }
    }
}
