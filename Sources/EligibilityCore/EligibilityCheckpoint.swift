import CareDomain

/// How far eligibility has come. Losing it costs time, never correctness: judging again appends nothing new.
package struct EligibilityCheckpoint: Hashable, Sendable {
    /// Opaque cursor up to which every household was judged.
    package var cursor: [UInt8]
    /// The rules by which all households were judged, by the moment of the last publication; nil = none yet.
    package var rulesOf: Moment?
    /// Households that could not be judged and wait for the operator, sorted; looked at again after a restart.
    package var setAside: [HouseholdID]

    package init(cursor: [UInt8], rulesOf: Moment?, setAside: [HouseholdID] = []) {
        self.cursor = cursor
        self.rulesOf = rulesOf
        self.setAside = setAside
    }

    /// Raised whenever the evaluation itself changes: then a checkpoint of an older program counts as none, and everybody
    /// is judged anew.
    private static let version: UInt8 = 2

    /// The version, the moment, the number of households set aside, their ids, the cursor.
    package func encoded() -> [UInt8] {
        let moment = UInt64(bitPattern: rulesOf?.microseconds ?? .min)
        return [Self.version] + Self.bytes(moment) + Self.bytes(UInt64(setAside.count))
            + setAside.flatMap(\.value.bytes) + cursor
    }

    /// Reads `encoded`; nil for anything else.
    package init?(decoding bytes: [UInt8]) {
        guard bytes.count >= 17, bytes[0] == Self.version else { return nil }
        let moment = Int64(bitPattern: Self.number(bytes[1..<9]))
        let count = Self.number(bytes[9..<17])
        guard count <= UInt64(bytes.count - 17) / 16 else { return nil }
        let ids = (0..<Int(count)).compactMap { HouseholdID(bytes: bytes[17 + 16 * $0..<33 + 16 * $0]) }
        self.init(
            cursor: Array(bytes[(17 + 16 * Int(count))...]),
            rulesOf: moment == .min ? nil : Moment(microseconds: moment), setAside: ids)
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
