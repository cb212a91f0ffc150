import CareDomain
import RuleEngine

/// What the published packs say of lending.
struct LendingTerms: Sendable {
    private let values: [ParameterValue]
    /// Whether a mother may have one case at a time only.
    /// - Source: XM-2.2b, reading xm.one_running_loan, default true
    let isOneAtATime: Bool

    private static let ceilingName = "xm.loan_amount_max"

    private let rules: PublishedRules
    /// What the packs say of offices.
    let policy: PolicyCatalog

    init(_ rules: PublishedRules, _ policy: PolicyCatalog, on day: CivilDay) {
        self.rules = rules
        self.policy = policy
        let packs = rules.registry.inForce(on: day).map(\.pack)
        var values: [ParameterValue] = []
        for pack in packs {
            guard let index = pack.parameters.firstIndex(where: { $0.id.rawValue == Self.ceilingName }) else {
                continue
            }
            let table = ParameterTable(pack.parameters, set: rules.parameters, knownAt: .latest)
            values += table.values(of: index)
        }
        self.values = values
        let readings = packs.flatMap(\.readings).filter { $0.id.rawValue == "one_running_loan" }
        isOneAtATime = !readings.contains { $0.standard == .bool(false) }
    }

    /// Why the rules give the mother no right to the aid on the day: the first condition that does not hold, beside those that
    /// the case itself proves. Nil when she has it, when no pack names a clause, or when people decided an exception.
    func noRight(
        of mother: PersonID, _ history: HouseholdHistory, on day: CivilDay
    ) -> (english: String, chinese: String)? {
        let division = history.household.division(on: day)
        for pack in rules.registry.inForce(on: day).map(\.pack) {
            guard let lending = pack.lending, let division, pack.territory.map({ division.isWithin($0) }) ?? true else {
                continue
            }
            let isExcepted = history.household.awards.contains { award in
                guard case .excepted = award.decided.outcome else { return false }
                return award.decided.clause == lending.clause && award.decided.subject == .person(mother)
                    && award.period.contains(day)
            }
            if isExcepted { continue }
            let evaluator = Evaluator(registry: rules.registry, parameters: rules.parameters)
            let facts = FactBase(events: history.events)
            guard let said = evaluator.explain(lending.clause, subject: .person(mother), on: day, facts),
                said.status == .notEntitled
            else { continue }
            let conditions = pack.rule(lending.clause)?.conditions ?? []
            let proven = Set(conditions.filter { lending.proven.contains($0.id) }.map(\.title))
            let open = said.unmet.filter { !proven.contains($0.title) }
            guard !open.isEmpty || said.unmet.isEmpty else { continue }
            let missing = open.first?.title ?? said.title
            return ("\(lending.clause) \(missing.english)", "\(lending.clause) \(missing.chinese)")
        }
        return nil
    }

    /// Ceiling of a loan in a district; nil = none.
    /// - Source: XM-4.2, reading XM-Q3
    func ceiling(in division: DivisionCode, on day: CivilDay) -> Fen? {
        let district = String(division.rawValue.prefix(6))
        let found = values.last { $0.keys == [district] && $0.period.contains(day) }
        guard case .money(let fen)? = found?.value else { return nil }
        return fen
    }
}
