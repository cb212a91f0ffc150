import CareDomain
import RuleEngine

/// What the published packs say of lending.
struct LendingTerms: Sendable {
    private let values: [ParameterValue]
    /// Whether a mother may have one case at a time only.
    /// - Source: XM-2.2b, reading xm.one_running_loan, default true
    let isOneAtATime: Bool

    private static let ceilingName = "xm.loan_amount_max"

    init(_ rules: PublishedRules, on day: CivilDay) {
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

    /// Ceiling of a loan in a district; nil = none.
    /// - Source: XM-4.2, reading XM-Q3
    func ceiling(in division: DivisionCode, on day: CivilDay) -> Fen? {
        let district = String(division.rawValue.prefix(6))
        let found = values.last { $0.keys == [district] && $0.period.contains(day) }
        guard case .money(let fen)? = found?.value else { return nil }
        return fen
    }
}
