import CareDomain

/// How far eligibility has come. Losing it costs time, never correctness: judging again appends nothing new.
package struct EligibilityCheckpoint: Hashable, Sendable {
    /// Opaque cursor up to which every household was judged.
    package var cursor: [UInt8]
    /// The rules by which all households were judged, by the moment of the last publication; nil = none yet.
    package var rulesOf: Moment?

    package init(cursor: [UInt8], rulesOf: Moment?) {
        self.cursor = cursor
        self.rulesOf = rulesOf
    }

    /// A version byte, the moment, the cursor.
    package func encoded() -> [UInt8] {
        let moment = UInt64(bitPattern: rulesOf?.microseconds ?? .min)
        return [1] + (0..<8).map { UInt8(truncatingIfNeeded: moment >> (56 - 8 * UInt64($0))) } + cursor
    }

    /// Reads `encoded`; nil for anything else.
    package init?(decoding bytes: [UInt8]) {
        guard bytes.count >= 9, bytes[0] == 1 else { return nil }
        let moment = Int64(bitPattern: bytes[1..<9].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        self.init(
            cursor: Array(bytes[9...]), rulesOf: moment == .min ? nil : Moment(microseconds: moment))
    }
}
