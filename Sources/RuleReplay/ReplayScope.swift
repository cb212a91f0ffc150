import CareDomain

/// Of which places somebody is told: those asked for, as far as they are the asker's. A month belongs to one place, so each
/// place is told its own months of a family that moved, and no other's.
package struct ReplayScope: Hashable, Sendable {
    /// Digits with which the divisions begin; nil = everywhere.
    package let prefixes: [String]?

    /// Everywhere.
    package static let everywhere = ReplayScope(asked: nil)

    /// - Parameters:
    ///   - asked: a division, or the digits with which divisions begin; nil = all of the asker's.
    ///   - allowed: where the asker acts.
    package init(asked: String?, allowed: [DivisionCode] = [.everywhere]) {
        let own = allowed.contains(.everywhere) ? [""] : allowed.map(\.leading)
        let asked = asked.map { DivisionCode($0)?.leading ?? $0 } ?? ""
        let found = Set(
            own.compactMap { own in
                asked.hasPrefix(own) ? asked : own.hasPrefix(asked) ? own : nil
            })
        prefixes = found.contains("") ? nil : found.sorted()
    }

    package var isEverywhere: Bool { prefixes == nil }

    /// Whether all of a division, or of all divisions that begin with these digits, is told.
    package func containsAll(of asked: String) -> Bool {
        let digits = DivisionCode(asked)?.leading ?? asked
        return prefixes?.contains { digits.hasPrefix($0) } ?? true
    }

    /// Whether nothing of what was asked for is the asker's.
    package var isNowhere: Bool { prefixes?.isEmpty ?? false }

    package func contains(_ place: DivisionCode?) -> Bool {
        guard let prefixes else { return true }
        return place.map { place in prefixes.contains { place.rawValue.hasPrefix($0) } } ?? false
    }
}
