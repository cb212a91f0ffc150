import CareDomain
import RuleEngine

/// A clause that asks for visits, and by when: one to every family, or one on each major holiday.
/// - Source: BS-3.3a, BS-4.4 (10月中旬前完成走访); CZ-2.14b 重大节假日走访慰问
package struct VisitDuty: Hashable, Sendable {
    package var clause: ClauseID
    package var due: DueRule
    /// Days on which the document is in force.
    package var inForce: DayPeriod
    /// Where it is; nil = everywhere.
    package var territory: DivisionCode?
    /// The feasts that each want a visit of their own; empty = one visit in the time is asked for, of whatever kind.
    package var holidays: [Code]

    /// The kind of visit that is paid on holidays.
    package static let holidayKind = Code(unchecked: "holiday")

    package init(
        clause: ClauseID, due: DueRule, inForce: DayPeriod = DayPeriod(start: CivilDay(dayNumber: .min)),
        territory: DivisionCode? = nil, holidays: [Code] = []
    ) {
        self.clause = clause
        self.due = due
        self.inForce = inForce
        self.territory = territory
        self.holidays = holidays
    }

    /// What the clause asks for in a time: one visit in all of it, or one for each feast of which a day lies in it.
    /// - Parameter holiday: Only this feast; nil = every one.
    package func occasions(in days: ClosedRange<CivilDay>, holiday: Code? = nil) -> [Occasion] {
        guard !holidays.isEmpty else { return [.any(days, deadline: deadline(in: days))] }
        var lead: Int32 = 7
        if case .holiday(let days) = due { lead = Int32(days) }
        return holidays.filter { holiday == nil || $0 == holiday }.flatMap { code in
            (days.lowerBound.year - 1...days.upperBound.year + 1).compactMap { year -> Occasion? in
                guard let feast = Festival.named(code)?.period(year: year), let due = due.deadline(for: feast),
                    feast.start <= days.upperBound, due.lastDay >= days.lowerBound
                else { return nil }
                return Occasion(
                    holiday: code, first: feast.start - max(30, lead), firstUnnamed: feast.start - lead,
                    last: min(due.lastDay, days.upperBound),
                    deadline: Deadline(warnFrom: due.warnFrom, lastDay: due.lastDay))
            }
        }.sorted { $0.last < $1.last }
    }

    /// One visit that is asked for.
    package struct Occasion: Hashable, Sendable {
        /// The feast; nil where any visit will do.
        package let holiday: Code?
        /// First day of the visits that count: of a feast a month before it, for those that name the feast.
        package let first: CivilDay
        /// The same for holiday visits that name no feast: they count from the lead day on, as the notifier has it.
        package let firstUnnamed: CivilDay
        /// Last day of the visits that count, and the day on which it is judged to whom one is owed.
        package let last: CivilDay
        package let deadline: Deadline?

        /// One visit of whatever kind in a time.
        package static func any(_ days: ClosedRange<CivilDay>, deadline: Deadline? = nil) -> Occasion {
            Occasion(
                holiday: nil, first: days.lowerBound, firstUnnamed: days.lowerBound, last: days.upperBound,
                deadline: deadline)
        }
    }

    /// The first deadline of the years of a time that does not lie before it; nil when there is none.
    package func deadline(in days: ClosedRange<CivilDay>) -> Deadline? {
        for year in days.lowerBound.year...days.upperBound.year {
            if let found = due.deadlines(year: year).first(where: { $0.lastDay >= days.lowerBound }) {
                return Deadline(warnFrom: found.warnFrom, lastDay: found.lastDay)
            }
        }
        return nil
    }

    /// By when.
    package struct Deadline: Hashable, Sendable {
        /// Warned of from this day.
        package let warnFrom: CivilDay
        /// Overdue after this day.
        package let lastDay: CivilDay
    }
}
