import CareDomain
import RuleEngine

/// 预测: which rights will begin and end, and what will be due, by the facts and rules already known.
package struct Forecast: Sendable {
    /// A right that begins or ends within the months.
    package struct Turn: Hashable, Sendable {
        package let household: HouseholdID
        package let division: DivisionCode?
        package let clause: ClauseID
        package let subject: RuleSubject
        package let day: CivilDay
        package let begins: Bool
        /// Sum per cadence of the right; nil = none, or not known.
        package let amount: Fen?

        package init(
            household: HouseholdID, division: DivisionCode?, clause: ClauseID, subject: RuleSubject, day: CivilDay,
            begins: Bool, amount: Fen?
        ) {
            self.household = household
            self.division = division
            self.clause = clause
            self.subject = subject
            self.day = day
            self.begins = begins
            self.amount = amount
        }
    }

    /// Months for which a rule ends in an error: what is due in them is in no budget.
    package struct Failed: Hashable, Sendable {
        package let household: HouseholdID
        package let division: DivisionCode?
        package let clause: ClauseID
        package let subject: RuleSubject
        package let first: CivilMonth
        package let last: CivilMonth

        package init(
            household: HouseholdID, division: DivisionCode?, clause: ClauseID, subject: RuleSubject, first: CivilMonth,
            last: CivilMonth
        ) {
            self.household = household
            self.division = division
            self.clause = clause
            self.subject = subject
            self.first = first
            self.last = last
        }
    }

    /// What is due in a month from a payer in a division.
    package struct Key: Hashable, Sendable, Comparable {
        package let month: CivilMonth
        package let division: String
        package let payer: String

        package init(month: CivilMonth, division: String, payer: String) {
            self.month = month
            self.division = division
            self.payer = payer
        }

        package static func < (left: Key, right: Key) -> Bool {
            (left.month, left.division, left.payer) < (right.month, right.division, right.payer)
        }
    }

    private let evaluator: Evaluator
    private let first: CivilMonth
    private let months: Int32
    private let assumesAwards: Bool
    private let scope: ReplayScope
    /// By day, then by household.
    package private(set) var turns: [Turn] = []
    package private(set) var budget: [Key: Fen] = [:]
    package private(set) var households = 0
    /// In the order of the households.
    package private(set) var failed: [Failed] = []

    /// - Parameters:
    ///   - first: first month of the forecast.
    ///   - months: how many, at least one.
    ///   - assumesAwards: whether proposals that wait for a decision count as granted.
    ///   - scope: only what belongs to these places.
    package init(
        _ evaluator: Evaluator, from first: CivilMonth, months: Int, assumesAwards: Bool = false,
        scope: ReplayScope = .everywhere
    ) {
        precondition(months > 0, "Forecast.init: no months")
        self.evaluator = evaluator
        self.first = first
        self.months = Int32(months)
        self.assumesAwards = assumesAwards
        self.scope = scope
    }

    /// Takes a household in: a month belongs to the place that pays it, what a unit granted to that unit.
    /// - Parameter withheld: clauses of which nothing is told, because they look at facts that are kept from whoever asks.
    package mutating func add(_ id: HouseholdID, _ facts: FactBase, without withheld: Set<ClauseID> = []) {
        let last = first + (months - 1)
        let window = DayPeriod(start: first.firstDay, end: last.lastDay + 1)
        let stays = [window.start] + facts.divisionDays.filter { window.contains($0) }
        let decisions = facts.decisions(knownAt: .latest)
        guard
            stays.contains(where: { asks(for: facts.division(on: $0)) })
                || decisions.units(in: window).contains(where: asks)
        else { return }
        households += 1
        let places = PlaceStays(facts.divisionSteps)
        let all = evaluator.determine(facts).filter { !withheld.contains($0.clause) }
        for determination in all {
            let units = decisions.units(of: determination.clause, determination.subject)
            func division(_ day: CivilDay) -> DivisionCode? { units[day.year] ?? facts.division(on: day) }
            addTurns(determination, id, window, division)
            addFailed(determination, id, window, division)
        }
        for determination in assumesAwards ? evaluator.assumingAwards(all, through: last.lastDay) : all {
            let territory = evaluator.pack(determination.pack)?.territory?.leading
            let held = determination.intervals.held
            let units = decisions.units(of: determination.clause, determination.subject)
            for due in determination.dues(through: last) {
                // What a hold keeps back is paid in the month in which it ends.
                guard let month = due.fallsIn, month >= first, month <= last else { continue }
                let division = places.division(of: due.month, held, units, territory: territory)
                guard asks(for: division), let amount = due.amount else { continue }
                for (payer, part) in PayerSplit.split(amount, due.payers) {
                    let key = Key(month: month, division: division?.rawValue ?? "", payer: payer.rawValue)
                    budget[key] = (budget[key] ?? .zero) + part
                }
            }
        }
    }

    private func asks(for place: DivisionCode?) -> Bool { scope.contains(place) }

    private mutating func addTurns(
        _ determination: Determination, _ id: HouseholdID, _ window: DayPeriod,
        _ place: (CivilDay) -> DivisionCode?
    ) {
        var previous: Determination.Interval?
        for interval in determination.intervals {
            // What ends belongs to where the family was on the last day of it.
            let division = place(interval.period.start - (interval.holdsHere ? 0 : 1))
            if let previous, previous.holdsHere != interval.holdsHere, window.contains(interval.period.start),
                asks(for: division)
            {
                turns.append(
                    Turn(
                        household: id, division: division, clause: determination.clause,
                        subject: determination.subject, day: interval.period.start, begins: interval.holdsHere,
                        amount: interval.holdsHere ? interval.amount : previous.amount))
            }
            previous = interval
        }
    }

    private mutating func addFailed(
        _ determination: Determination, _ id: HouseholdID, _ window: DayPeriod,
        _ place: (CivilDay) -> DivisionCode?
    ) {
        for interval in determination.intervals where interval.status == .failed {
            guard let days = interval.period.intersection(window), let end = days.end else { continue }
            let division = place(days.start)
            guard asks(for: division) else { continue }
            failed.append(
                Failed(
                    household: id, division: division, clause: determination.clause, subject: determination.subject,
                    first: CivilMonth(containing: days.start), last: CivilMonth(containing: end - 1)))
        }
    }

    /// Takes the forecast of other households in.
    package mutating func add(_ other: Forecast) {
        households += other.households
        turns += other.turns
        failed += other.failed
        budget.merge(other.budget, uniquingKeysWith: +)
    }

    /// Takes what was worked out elsewhere in.
    package mutating func add(
        households: Int, turns: [Turn], failed: [Failed], budget: [Key: Fen]
    ) {
        self.households += households
        self.turns += turns
        self.failed += failed
        self.budget.merge(budget, uniquingKeysWith: +)
    }

    /// The budget by the first six digits of the division.
    package var budgetByCounty: [Key: Fen] {
        Dictionary(
            budget.map {
                (Key(month: $0.key.month, division: String($0.key.division.prefix(6)), payer: $0.key.payer), $0.value)
            }, uniquingKeysWith: +)
    }

    /// The turns in order of day, household, clause.
    package var orderedTurns: [Turn] {
        turns.sorted { ($0.day, $0.household, $0.clause, $0.subject) < ($1.day, $1.household, $1.clause, $1.subject) }
    }
}
