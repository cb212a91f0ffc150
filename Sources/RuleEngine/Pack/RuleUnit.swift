import CareDomain

extension Cadence {
    /// 每月, 每年 …
    package var wording: Wording {
        switch self {
        case .once: Wording("一次性", "once")
        case .month: Wording("每月", "per month")
        case .quarter: Wording("每季度", "per quarter")
        case .year: Wording("每年", "per year")
        case .schoolYear: Wording("每学年", "per school year")
        case .none: Wording("", "")
        }
    }
}

/// Beneficiary and rhythm of a rule or a sum, written `person·month`, `household·once`, `household`.
package struct RuleUnit: Hashable, Sendable, CustomStringConvertible {
    package let beneficiary: EntityKind
    package let cadence: Cadence

    package init(beneficiary: EntityKind, cadence: Cadence) {
        self.beneficiary = beneficiary
        self.cadence = cadence
    }

    /// Reads `person·month`; `child`, `mother` and `resident` are persons. nil for unknown words.
    package init?(_ text: String) {
        let parts = text.split(separator: "·", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { return nil }
        let word = ["child", "mother", "resident"].contains(parts[0]) ? "person" : String(parts[0])
        guard let beneficiary = EntityKind(rawValue: word) else { return nil }
        self.beneficiary = beneficiary
        if parts.count == 1 {
            cadence = .none
        } else {
            guard let cadence = Cadence(rawValue: String(parts[1])), cadence != .none else { return nil }
            self.cadence = cadence
        }
    }

    package var description: String {
        cadence == .none ? beneficiary.rawValue : "\(beneficiary.rawValue)·\(cadence.rawValue)"
    }
}
