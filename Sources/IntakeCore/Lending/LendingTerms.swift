import CareDomain
import RuleEngine

/// What the published packs say of lending.
struct LendingTerms: Sendable {
    /// Values of the parameters on which casework rests, in the order in which they count.
    private let values: [ParameterValue]
    private let packs: [RulePack]
    /// Whether a mother may have one case at a time only.
    /// - Source: XM-2.2b, reading xm.one_running_loan, default true
    let isOneAtATime: Bool

    private enum Name: String, CaseIterable {
        case loanCeiling = "xm.loan_amount_max"
        case subsidyCeiling = "xm.subsidised_loan_max"
        case subsidyShare = "xm.interest_subsidy_share"
    }

    private let rules: PublishedRules
    /// What the packs say of offices.
    let policy: PolicyCatalog

    init(_ rules: PublishedRules, _ policy: PolicyCatalog, on day: CivilDay) {
        self.rules = rules
        self.policy = policy
        let packs = rules.registry.inForce(on: day).map(\.pack)
        var values: [ParameterValue] = []
        for pack in packs {
            let table = ParameterTable(pack.parameters, set: rules.parameters, knownAt: .latest)
            for (index, definition) in pack.parameters.enumerated() where Name(rawValue: definition.id.rawValue) != nil
            {
                values += table.values(of: index)
            }
        }
        self.values = values
        self.packs = packs
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

    /// The departments whose a report is; empty = nobody's in particular.
    func owners(of report: LoanReportScope) -> [DepartmentID] { rules.registry.owners(of: report) }

    /// Ceiling of a loan in a district; nil = none.
    /// - Source: XM-4.2, reading XM-Q3
    func ceiling(in division: DivisionCode, on day: CivilDay) -> Fen? {
        money(value(.loanCeiling, [String(division.rawValue.prefix(6))], on: day))
    }

    /// Ceiling of the principal of a subsidised loan; nil = none.
    /// - Source: XM-4.4
    func subsidyCeiling(on day: CivilDay) -> Fen? { money(value(.subsidyCeiling, [], on: day)) }

    /// Share of the interest that is paid, in thousandths of a percent; nil = none set.
    /// - Source: XM-4.4
    func subsidyShare(on day: CivilDay) -> Int? {
        guard case .decimal(let thousandths)? = value(.subsidyShare, [], on: day) else { return nil }
        return Int(clamping: thousandths)
    }

    /// Which kinds of aid which districts give, as the pack says it whose territory a division lies in; a pack by whose reading
    /// each case says its own kind leaves it open.
    /// - Source: XM-4.1, reading XM-Q2
    func places(in division: DivisionCode) -> LendingPlaces {
        for pack in packs {
            guard let territory = pack.territory, division.isWithin(territory), let lending = pack.lending,
                !lending.modes.isEmpty
            else { continue }
            return pack.lendingPlaces ?? .everywhere
        }
        return .everywhere
    }

    private func value(_ name: Name, _ keys: [String], on day: CivilDay) -> FactValue? {
        values.last { $0.parameter.rawValue == name.rawValue && $0.keys == keys && $0.period.contains(day) }?.value
    }

    private func money(_ value: FactValue?) -> Fen? {
        guard case .money(let fen)? = value else { return nil }
        return fen
    }
}
