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
    package init?(_ text: some StringProtocol) { self.init(String(text)) }

    /// Makes a code of 6, 9 or 12 digits; `nil` otherwise.
    package init?(_ text: String) {
        // Rules ask for it in every family: a loop over the bytes, nothing allocated.
        var count = 0
        for byte in text.utf8 {
            guard byte >= 48, byte <= 57, count < 12 else { return nil }
            count += 1
        }
        guard count == 6 || count == 9 || count == 12 else { return nil }
        rawValue = text
    }

    package var description: String { rawValue }

    /// The whole country, which holds every division.
    package static let everywhere = DivisionCode(unchecked: "000000")

    private init(unchecked rawValue: String) { self.rawValue = rawValue }

    /// The code itself, then of a village its township's, then of both their county's: the most exact one first.
    package var withEnclosing: [DivisionCode] {
        [12, 9, 6].filter { $0 <= rawValue.utf8.count }.map { DivisionCode(unchecked: String(rawValue.prefix($0))) }
    }

    /// The county, six digits, that it is or lies in.
    package var county: DivisionCode { DivisionCode(unchecked: String(rawValue.prefix(6))) }

    /// Whether this division lies in `other` or is the same (431002 lies in 431000 and in 430000).
    package func isWithin(_ other: DivisionCode) -> Bool {
        let whole = other.rawValue.utf8
        var digits = whole.count
        if digits == 6 {
            // A code of six digits that ends in zeros is a prefecture or a province; of zeros alone, the whole country.
            var trailing = 0
            for byte in whole.reversed() {
                guard byte == 48 else { break }
                trailing += 1
            }
            digits = trailing == 6 ? 0 : 6 - trailing / 2 * 2
        }
        let own = rawValue.utf8
        return own.count >= digits && own.prefix(digits).elementsEqual(whole.prefix(digits))
    }

    package static func < (left: DivisionCode, right: DivisionCode) -> Bool { left.rawValue < right.rawValue }
}
