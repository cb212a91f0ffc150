/// What happens in a `deployment-…` stream: what a deployment as a whole rests on.
package enum DeploymentEvent: Hashable, Sendable {
    /// 登记证件密钥指纹: the first event of `deployment-token-key`, and the only one.
    case tokenKeyAdopted(TokenKeyAdopted)
}

/// Persons are known by tokens of this key, in this log and for ever: with another one a person on record would be a
/// stranger, and could be registered in a second household.
package struct TokenKeyAdopted: Hashable, Sendable {
    /// How the key was found to be the right one.
    package enum Basis: Hashable, Sendable, CaseIterable {
        /// The log held nobody yet.
        case nobodyYet
        /// It made the token of somebody on record from the ID number on record.
        case matchesRecord
        /// No number on record could be read: the first key that came was taken.
        case unchecked
    }

    package var fingerprint: TokenKeyFingerprint
    package var basis: Basis

    package init(fingerprint: TokenKeyFingerprint, basis: Basis) {
        self.fingerprint = fingerprint
        self.basis = basis
    }
}
