/// Sex as on the identity document.
package enum Sex: String, Hashable, Sendable, CaseIterable { case female, male }

/// 城镇 or 农村; each clause states which of registration and residence decides.
package enum Area: String, Hashable, Sendable, CaseIterable { case urban, rural }

/// Place of a person in the household.
package enum MemberRole: String, Hashable, Sendable, CaseIterable {
    case wife
    case husband
    case singleParent = "single_parent"
    case onlyChild = "only_child"
    case adoptedChild = "adopted_child"
    case other

    /// The word used in forms and on the archive page.
    package var chinese: String {
        switch self {
        case .wife: "妻子"
        case .husband: "丈夫"
        case .singleParent: "单亲父母"
        case .onlyChild: "独生子女"
        case .adoptedChild: "收养子女"
        case .other: "其他成员"
        }
    }

    /// The sex that the role says; nil where it says none.
    package var sex: Sex? {
        switch self {
        case .wife: .female
        case .husband: .male
        case .singleParent, .onlyChild, .adoptedChild, .other: nil
        }
    }

    /// Whether somebody in this role is a parent of the family.
    package var isParent: Bool { self == .wife || self == .husband || self == .singleParent }
    /// Whether somebody in this role is a child of the family.
    package var isChild: Bool { self == .onlyChild || self == .adoptedChild }
}

/// A division code: six digits of GB/T 2260 (or a local extension), or nine or twelve down to township and village.
package struct DivisionCode: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The digits.
    package let rawValue: String

    /// Makes a code of 6, 9 or 12 digits; `nil` otherwise. Whether it was in use on a day is asked of `DivisionTable`.
    package init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        guard [6, 9, 12].contains(bytes.count), bytes.allSatisfy({ (48...57).contains($0) }) else { return nil }
        self.rawValue = String(text)
    }

    package var description: String { rawValue }

    /// The whole country, which holds every division.
    package static let everywhere = DivisionCode(unchecked: "000000")

    private init(unchecked rawValue: String) { self.rawValue = rawValue }

    /// Whether this division lies in `other` or is the same (431002 lies in 431000 and in 430000).
    package func isWithin(_ other: DivisionCode) -> Bool {
        guard other != .everywhere else { return true }
        var prefix = other.rawValue
        if prefix.count == 6 {
            while prefix.hasSuffix("00"), prefix.count > 2 { prefix.removeLast(2) }
        }
        return rawValue.hasPrefix(prefix)
    }

    package static func < (left: DivisionCode, right: DivisionCode) -> Bool { left.rawValue < right.rawValue }
}
