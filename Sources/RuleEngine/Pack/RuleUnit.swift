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
    /// The word of the pack for the beneficiary, `child`; it changes nothing but how the unit is written.
    private let word: String

    package init(beneficiary: EntityKind, cadence: Cadence) {
        self.beneficiary = beneficiary
        self.cadence = cadence
        word = beneficiary.rawValue
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.beneficiary == right.beneficiary && left.cadence == right.cadence
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(beneficiary)
        hasher.combine(cadence)
    }

    /// Reads `person·month`; `child`, `mother` and `resident` are persons. nil for unknown words.
    package init?(_ text: String) {
        let parts = text.split(separator: "·", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { return nil }
        let kind = ["child", "mother", "resident"].contains(parts[0]) ? "person" : String(parts[0])
        guard let beneficiary = EntityKind(rawValue: kind) else { return nil }
        self.beneficiary = beneficiary
        word = String(parts[0])
        if parts.count == 1 {
            cadence = .none
        } else {
            guard let cadence = Cadence(rawValue: String(parts[1])), cadence != .none else { return nil }
            self.cadence = cadence
        }
    }

    /// As the pack writes it.
    package var description: String { cadence == .none ? word : "\(word)·\(cadence.rawValue)" }
}
