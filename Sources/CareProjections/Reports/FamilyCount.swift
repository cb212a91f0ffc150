import CareDomain
import RuleEngine

/// What the families' records come to for a period: who belongs to a family of the plan on its last day, and what was paid
/// to these families within it. A fold over families, in any order.
/// - Source: GY-Q2 当地计划生育家庭的全部人口，按自然年
package struct FamilyCount: Hashable, Sendable {
    /// Of town or country.
    package struct Half: Hashable, Sendable {
        package private(set) var persons: Int64 = 0
        package private(set) var personsPaid: Int64 = 0
        package private(set) var paid = Fen.zero

        fileprivate mutating func add(_ members: Int, _ sum: Fen) {
            persons += Int64(members)
            paid += sum
            if sum > .zero { personsPaid += Int64(members) }
        }
    }

    package private(set) var rural = Half()
    package private(set) var urban = Half()
    /// Families of the plan of which nobody said whether they live in town or country.
    package private(set) var unplaced = 0

    package init() {}

    /// Says whether a family is one of the plan.
    private static let family = FactID(unchecked: "household.fp_family")
    /// A pack without this fact counts nothing.
    package static func isCounted(by pack: RulePack) -> Bool { pack.definition(family) != nil }

    /// Takes a family in.
    /// - Parameters:
    ///   - history: Its whole stream.
    ///   - period: Whole days; payments count on the day they were made.
    package mutating func add(
        _ history: HouseholdHistory, over period: DayPeriod, division: DivisionCode, _ evaluator: Evaluator,
        knownAt: Moment
    ) {
        guard let end = period.end else { return }
        let household = history.household(knownAt: knownAt)
        let day = end - 1
        guard household.isOpen(on: day), household.division(on: day)?.isWithin(division) ?? false else { return }
        let facts = FactBase(events: history.events)
        let isOne = evaluator.timeline(
            of: Self.family, facts, knownAt: .recorded(knownAt), over: DayPeriod(start: day, end: end)
        ).contains { $0.value == true }
        guard isOne else { return }
        let members = household.members(on: day).count
        let sum = household.payments.orders.reduce(Fen.zero) { sum, order in
            zip(order.ordered.lines, order.outcomes).reduce(sum) { sum, entry in
                guard let outcome = entry.1, outcome.outcome == .paid, period.contains(outcome.on) else { return sum }
                return sum + entry.0.amount
            }
        }
        switch household.area(on: day) {
        case .rural: rural.add(members, sum)
        case .urban: urban.add(members, sum)
        case nil: unplaced += 1
        }
    }

    /// The facts of a city that this answers.
    package var facts: [FactID: FactValue] {
        guard unplaced == 0 else { return [:] }
        return [
            FactID(unchecked: "city.fp_money_rural"): .money(rural.paid),
            FactID(unchecked: "city.fp_money_urban"): .money(urban.paid),
            FactID(unchecked: "city.fp_persons_rural"): .int(rural.persons),
            FactID(unchecked: "city.fp_persons_urban"): .int(urban.persons),
        ]
    }
}
