/// A named helper. The name itself stands in a sealed part whose subject is `id`.
package struct Helper: Hashable, Sendable {
    package var id: PersonID
    /// Work unit or department of the helper; a unit's code or its plain name, never a person's.
    package var unit: String?
    /// Whether a real name was given (实名制): a slot without one is empty.
    package var hasRealName: Bool

    package init(id: PersonID, unit: String? = nil, hasRealName: Bool) {
        self.id = id
        self.unit = unit
        self.hasRealName = hasRealName
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
