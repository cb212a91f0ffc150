/// How binding a figure is.
/// - Source: policies, Amount types
package enum AmountType: String, Hashable, Sendable, CaseIterable {
    case exact
    /// 原则上: proposed, departure allowed with a reason.
    case inPrinciple = "in_principle"
    /// 不低于: the floor is proposed, less is refused.
    case floor
    /// 不超过: the ceiling is proposed, more is refused.
    case ceiling
    case formula
    /// Not in the document; the deployment sets it.
    case parameter
    case none

    /// Whether a person has to decide before it is an award.
    package var needsDecision: Bool { self == .inPrinciple || self == .floor || self == .ceiling }

    /// Whether a person may award an amount under a clause with such a figure.
    /// - Parameters:
    ///   - amount: What is to be awarded.
    ///   - standard: The clause's figure; nil while it waits for a parameter or fact.
    /// - Source: policies, Amount types: below a floor = refused, an exact sum must be met
    package func allows(_ amount: Fen, standard: Fen?) -> Bool {
        guard amount >= .zero else { return false }
        switch (self, standard) {
        case (.none, _): return false
        case (.floor, let floor?): return amount >= floor
        case (.ceiling, let ceiling?): return amount <= ceiling
        case (.exact, let standard?), (.formula, let standard?), (.parameter, let standard?): return amount == standard
        case (.inPrinciple, _), (_, nil): return true
        }
    }
}
