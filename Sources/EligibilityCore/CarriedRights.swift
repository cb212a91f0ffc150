import CareDomain
import RuleEngine

/// Rights that ran in the file that a person left, for rules under which a right counts from the month after it begins.
///
/// Who goes on in another file on the first day of a month (quarter, year) is there for all of it, so that file pays it and the
/// one that is left does not. There the right begins on that day, by the facts of that file, and the rule would leave the month
/// out, although the right went on without a break. So where it held there on the last day before the move, that day is put
/// before the days of this file, as one on which nothing is given here: the right that goes on from it counts from the move.
/// - Source: policies, Interactions 8 (the month of a move); CZ-Q6, BS-Q1 (from the month after)
struct CarriedRights {
    private struct Right: Hashable {
        let clause: ClauseID
        let subject: RuleSubject
        let day: CivilDay
    }

    private var running: Set<Right> = []

    /// - Parameters:
    ///   - history: The file that persons came into.
    ///   - others: The files that they came from, as far as they are known.
    init(into history: HouseholdHistory, from others: [HouseholdID: HouseholdHistory], by evaluator: Evaluator) {
        for (source, day) in history.arrivals {
            guard let other = others[source] else { continue }
            let facts = FactBase(events: other.events.filter { $0.event.bearsOnRules })
            for found in evaluator.determine(facts) where found.beginsAnew(on: day) {
                let held = found.intervals.contains { $0.rightHolds && $0.period.contains(day - 1) }
                if held { running.insert(Right(clause: found.clause, subject: found.subject, day: day)) }
            }
        }
    }

    /// The determination with the last day in the file left before each right that goes on from there.
    func put(before determination: Determination) -> Determination {
        guard !running.isEmpty, determination.monthRule == .nextMonth else { return determination }
        var result = determination
        result.intervals = []
        for interval in determination.intervals {
            let day = interval.period.start
            let right = Right(clause: determination.clause, subject: determination.subject, day: day)
            if interval.rightHolds, running.contains(right) {
                let before = result.intervals.last
                if before?.rightHolds ?? false, before?.period.end == day {
                    result.intervals.append(interval)
                    continue
                }
                if let before, before.period.contains(day - 1) {
                    result.intervals.removeLast()
                    if before.period.start < day - 1 {
                        var rest = before
                        rest.period = DayPeriod(start: before.period.start, end: day - 1)
                        result.intervals.append(rest)
                    }
                }
                result.intervals.append(
                    Determination.Interval(
                        period: DayPeriod(start: day - 1, end: day), status: .notEntitled, rightHolds: true))
            }
            result.intervals.append(interval)
        }
        return result
    }
}

extension Determination {
    /// Whether it is a person's right that would count from the unit after, were the day the first with the right.
    fileprivate func beginsAnew(on day: CivilDay) -> Bool {
        guard monthRule == .nextMonth, cadence != .none, cadence != .once, case .person = subject else { return false }
        return cadence.unit.first(with: CivilMonth(containing: day)).firstDay == day
    }
}

extension HouseholdHistory {
    /// 并户、分户 by which persons came into this file on the first day of a month, and from which file.
    var arrivals: [(source: HouseholdID, day: CivilDay)] {
        HouseholdHistory.effective(events).compactMap { known -> (source: HouseholdID, day: CivilDay)? in
            guard known.occurredOn == known.occurredOn.startOfMonth else { return nil }
            return switch known.event {
            case .merged(let merged) where merged.side == .absorbing: (merged.other, known.occurredOn)
            case .split(let split) where split.side == .separated: (split.other, known.occurredOn)
            default: nil
            }
        }
    }

    /// The files in which persons of this one went on from the first day of a month.
    var departures: [HouseholdID] {
        HouseholdHistory.effective(events).compactMap { known -> HouseholdID? in
            guard known.occurredOn == known.occurredOn.startOfMonth else { return nil }
            return switch known.event {
            case .merged(let merged) where merged.side == .absorbed: merged.other
            case .split(let split) where split.side == .remaining: split.other
            default: nil
            }
        }
    }
}
