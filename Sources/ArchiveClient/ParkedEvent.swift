import CareDomain
import CareWire

/// Why a consumer cannot process an event.
package enum ParkingReason: String, Hashable, Sendable, CaseIterable {
    /// This program cannot read it: a newer type or version, or a payload that is none.
    case unreadable
    /// The record on disk is not what was written.
    case damaged
    /// The whole stream is fenced because of damage.
    case fenced
    /// What follows from it is refused by care-archive.
    case refused
    /// What follows from it is larger than an event may be.
    case tooLarge = "too_large"
    /// The id of what follows from it was used with other content.
    case idReused = "id_reused"
}

/// An event of a household that a consumer cannot process.
///
/// A consumer folds a household's events in their order, so it parks the household at the first such event: later ones
/// wait behind it, and other households go on.
package struct ParkedEvent: Hashable, Sendable {
    package var household: HouseholdID
    package var sequence: UInt64
    /// Number of its type; 0 when even that cannot be read.
    package var kind: UInt32
    package var reason: ParkingReason
    /// More about it, for the operator; no personal data.
    package var detail: String
    /// When it was first parked, in UTC microseconds; 0 = not known.
    package var parkedAt: Int64 = 0
    /// How often it was tried.
    package var attempts: UInt64 = 1

    package init(
        household: HouseholdID, sequence: UInt64, kind: UInt32 = 0, reason: ParkingReason, detail: String = ""
    ) {
        self.household = household
        self.sequence = sequence
        self.kind = kind
        self.reason = reason
        self.detail = detail
    }

    /// The same in the contract.
    package func wire(isSkipped: Bool) -> Care_V1_ParkedEvent {
        .with {
            $0.household = .init(household.value.bytes)
            $0.sequence = sequence
            $0.kind = kind
            $0.reason = reason.rawValue
            $0.detail = String(decoding: detail.utf8.prefix(256), as: UTF8.self)
            $0.parkedAt = parkedAt
            $0.attempts = attempts
            $0.isSkipped = isSkipped
        }
    }

    /// - Returns: nil for what this version does not know.
    package init?(_ wire: Care_V1_ParkedEvent) {
        guard let household = HouseholdID(bytes: wire.household), let reason = ParkingReason(rawValue: wire.reason)
        else { return nil }
        self.init(
            household: household, sequence: wire.sequence, kind: wire.kind, reason: reason, detail: wire.detail)
        parkedAt = wire.parkedAt
        attempts = wire.attempts
    }
}
