import CareDomain
import RuleEngine

/// A clause that gives goods to families, how often, and by when.
/// - Source: BS-3.2, BS-4.5 (11月中旬前完成送清洁)
package struct GoodsDuty: Hashable, Sendable {
    package var clause: ClauseID
    package var rhythm: HandOutRhythm
    /// nil = the clause names no day.
    package var due: DueRule?
    /// Where it is; nil = everywhere.
    package var territory: DivisionCode?

    package init(
        clause: ClauseID, rhythm: HandOutRhythm, due: DueRule? = nil, territory: DivisionCode? = nil
    ) {
        self.clause = clause
        self.rhythm = rhythm
        self.due = due
        self.territory = territory
    }

    /// The last day within a period by which its goods are to be with the families; nil when there is none.
    package func deadline(of period: HandOutPeriod) -> DueRule.Deadline? {
        guard let due, let first = period.first, let last = period.last else { return nil }
        return due.deadlines(year: first.year).first { (first...last).contains($0.lastDay) }
    }
}
