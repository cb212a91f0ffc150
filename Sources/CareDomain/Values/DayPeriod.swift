/// A run of days: from the first day to the day before `end`, open-ended when `end` is nil.
///
/// Half-open on purpose: the day something ends is the first day without it, so adjoining periods neither overlap nor
/// leave a gap. A last valid day printed on a certificate still counts; its period ends the day after.
package struct DayPeriod: Hashable, Sendable {
    /// First day of the period.
    package let start: CivilDay
    /// First day after the period; nil = without end.
    package let end: CivilDay?

    /// Makes a period; an `end` not after `start` gives an empty period.
    package init(start: CivilDay, end: CivilDay? = nil) {
        self.start = start
        self.end = end
    }

    /// Last day of the period; nil = without end. 至 and 止, wherever people read or write them, mean this day.
    package var lastDay: CivilDay? { end.map { $0 - 1 } }

    /// Whether the period holds no day.
    package var isEmpty: Bool { end.map { $0 <= start } ?? false }

    /// Whether the day lies within.
    package func contains(_ day: CivilDay) -> Bool { day >= start && (end.map { day < $0 } ?? true) }

    /// The days both periods share; nil when there are none.
    package func intersection(_ other: DayPeriod) -> DayPeriod? {
        let first = max(start, other.start)
        let last: CivilDay? =
            switch (end, other.end) {
            case (nil, nil): nil
            case (let one?, nil), (nil, let one?): one
            case (let one?, let two?): min(one, two)
            }
        let shared = DayPeriod(start: first, end: last)
        return shared.isEmpty ? nil : shared
    }
}
