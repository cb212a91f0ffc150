/// A named helper. The name itself stands in a sealed part whose subject is `id`.
package struct Helper: Hashable, Sendable {
    package var id: PersonID
    /// Work unit or department of the helper; a unit's code or its plain name, never a person's.
    package var unit: String?
    /// Whether a real name was given (实名制): a slot without one is empty.
    package var hasRealName: Bool
    /// Whether a way to reach the helper was given (the telephone, which stands in the sealed part); nil in events of versions
    /// that did not say it, where the sealed part alone tells.
    package var hasContact: Bool?

    package init(id: PersonID, unit: String? = nil, hasRealName: Bool, hasContact: Bool? = nil) {
        self.id = id
        self.unit = unit
        self.hasRealName = hasRealName
        self.hasContact = hasContact
    }
}

/// What real names (实名制) ask to be on record of a helper.
/// - Source: CZ-2.14a, reading CZ-Q27
package struct HelperDetails: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let name = HelperDetails(rawValue: 1)
    package static let unit = HelperDetails(rawValue: 2)
    /// A way to reach them: the telephone.
    package static let contact = HelperDetails(rawValue: 4)

    /// One by one, in the order in which people say them.
    package static let each: [HelperDetails] = [.name, .unit, .contact]

    /// A single one; nil for another code than `name`, `unit` and `contact`.
    package init?(code: String) {
        guard let detail = Self.each.first(where: { $0.codes == [code] }) else { return nil }
        self = detail
    }

    /// `name`, `unit`, `contact`, as far as they are here, in this order.
    package var codes: [String] { words.map(\.code) }

    /// `缺单位、联系方式`; empty when nothing is lacking.
    package var lackingChinese: String {
        isEmpty ? "" : "缺" + words.map(\.chinese).joined(separator: "、")
    }

    /// `unit and contact`
    package var english: String { codes.joined(separator: " and ") }

    package var count: Int { rawValue.nonzeroBitCount }

    private var words: [(code: String, chinese: String)] {
        let all = [("name", "姓名"), ("unit", "单位"), ("contact", "联系方式")]
        return zip(Self.each, all).filter { contains($0.0) }.map(\.1)
    }
}

extension Helper {
    /// What an event with these sealed parts tells of the helper. A telephone that the reader cannot see is not held against
    /// anybody: it counts as told.
    package func told(with sealed: [SealedPart]) -> HelperDetails {
        var told: HelperDetails = hasRealName ? .name : []
        if unit?.isEmpty == false { told.insert(.unit) }
        if hasContact ?? sealed.givesContact(of: id) ?? true { told.insert(.contact) }
        return told
    }
}

extension [SealedPart] {
    /// Whether they give a way to reach the person; nil when what is given cannot be read.
    package func givesContact(of person: PersonID) -> Bool? {
        guard let part = first(where: { $0.subject == person }) else { return false }
        return part.details.map { $0.phone?.isEmpty == false }
    }
}

/// 结对: a helper takes a slot from this day.
/// - Source: CZ-2.14a
package struct PairingAssigned: Hashable, Sendable {
    package var kind: PairingKind
    package var helper: Helper
    package var sealed: [SealedPart]

    package init(kind: PairingKind, helper: Helper, sealed: [SealedPart] = []) {
        self.kind = kind
        self.helper = helper
        self.sealed = sealed
    }
}

/// 交接: a helper's slot passes to another on this day, without a day between.
package struct PairingHandedOver: Hashable, Sendable {
    package var kind: PairingKind
    package var from: PersonID
    package var to: Helper
    package var reason: Code
    package var sealed: [SealedPart]

    package init(kind: PairingKind, from: PersonID, to: Helper, reason: Code, sealed: [SealedPart] = []) {
        self.kind = kind
        self.from = from
        self.to = to
        self.reason = reason
        self.sealed = sealed
    }
}

/// 结对结束: first day without this helper.
package struct PairingEnded: Hashable, Sendable {
    package var kind: PairingKind
    package var helper: PersonID
    package var reason: Code

    package init(kind: PairingKind, helper: PersonID, reason: Code) {
        self.kind = kind
        self.helper = helper
        self.reason = reason
    }
}
