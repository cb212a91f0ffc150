import CareDomain
import RuleEngine

/// A clause that asks for a visit to every family, and by when.
/// - Source: BS-3.3a, BS-4.4 (10月中旬前完成走访)
package struct VisitDuty: Hashable, Sendable {
    package var clause: ClauseID
    package var due: DueRule
    /// Days on which the document is in force.
    package var inForce: DayPeriod
    /// Where it is; nil = everywhere.
    package var territory: DivisionCode?

    package init(
        clause: ClauseID, due: DueRule, inForce: DayPeriod = DayPeriod(start: CivilDay(dayNumber: .min)),
        territory: DivisionCode? = nil
    ) {
        self.clause = clause
        self.due = due
        self.inForce = inForce
        self.territory = territory
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
