import CareDomain

extension RulePack {
    /// The reading that says for a whole pack which months are due.
    private static let shared = "month_rule"

    /// Clauses whose months something else decides than `month_rule`: a reading of their own (CZ-Q6 for CZ-2.1), or the pack.
    /// - Returns: by what decides, nil = the pack itself; empty for a pack without that reading.
    package var ownMonthRules: [(reading: Reading?, clauses: [ClauseID])] {
        guard let shared = reading(Self.shared) else { return [] }
        var found: [(reading: Int?, clauses: [ClauseID])] = []
        for rule in rules where rule.unit.cadence != .none {
            let decides: Int?
            switch rule.monthRule {
            case .fixed: decides = nil
            case .reading(shared, _): continue
            case .reading(let index, _): decides = index
            }
            if let place = found.firstIndex(where: { $0.reading == decides }) {
                found[place].clauses.append(rule.clause)
            } else {
                found.append((decides, [rule.clause]))
            }
        }
        return found.map { ($0.reading.map { readings[$0] }, $0.clauses) }
    }

    /// For which clauses a reading says nothing although its title might; nil = for none.
    package func reach(of reading: Reading) -> Wording? {
        guard reading.id.rawValue == Self.shared else { return nil }
        let parts = ownMonthRules.map { own in
            let clauses = own.clauses.map(\.rawValue)
            return Wording(
                "\(clauses.joined(separator: "、")) 由\(own.reading.map { "口径 \($0.id) " } ?? "政策包自己")定",
                "\(own.reading.map { "the reading \($0.id)" } ?? "the pack itself") decides \(clauses.joined(separator: ", "))"
            )
        }
        guard !parts.isEmpty else { return nil }
        return Wording(
            parts.map(\.chinese).joined(separator: "；"), parts.map(\.english).joined(separator: "; "))
    }
}
