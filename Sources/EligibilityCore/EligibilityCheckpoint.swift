import ArchiveClient
import CareDomain
import EventLog

/// How far eligibility has come. Losing it costs time, never correctness: judging again appends nothing new.
package struct EligibilityCheckpoint: Hashable, Sendable {
    /// Opaque cursor up to which every household was judged.
    package var cursor: [UInt8]
    /// The rules by which all households were judged, by the moment of the last publication; nil = none yet.
    package var rulesOf: Moment?
    /// Events at which households wait for the operator, and those passed over; looked at again after a restart.
    package var parked: ParkedEvents

    /// Eligibility as operators call it.
    package static let consumer = Code(unchecked: "eligibility")

    package init(cursor: [UInt8], rulesOf: Moment?, parked: ParkedEvents = ParkedEvents(consumer: Self.consumer)) {
        self.cursor = cursor
        self.rulesOf = rulesOf
        self.parked = parked
    }

    /// Raised whenever the evaluation itself changes: then a checkpoint of an older program counts as none, and everybody
    /// is judged anew.
    private static let version: UInt8 = 11
    private static let sumBytes = 8

    /// The version, the moment, the length of what is parked, that, the cursor; and a sum over all of it: a cursor that was
    /// damaged would leave families out for good without a word.
    package func encoded() -> [UInt8] {
        let moment = UInt64(bitPattern: rulesOf?.microseconds ?? .min)
        let parked = parked.encoded()
        let content = [Self.version] + Self.bytes(moment) + Self.bytes(UInt64(parked.count)) + parked + cursor
        return content + Self.bytes(Self.sum(content[...]))
    }

    /// Reads `encoded`; nil for anything else.
    package init?(decoding file: [UInt8]) {
        let bytes = file.dropLast(Self.sumBytes)
        guard bytes.count >= 17, bytes[0] == Self.version,
            Self.number(file[bytes.endIndex...]) == Self.sum(bytes)
        else { return nil }
        let moment = Int64(bitPattern: Self.number(bytes[1..<9]))
        let count = Self.number(bytes[9..<17])
        guard count <= UInt64(bytes.count - 17) else { return nil }
        let end = 17 + Int(count)
        guard let parked = ParkedEvents(decoding: bytes[17..<end]), parked.consumer == Self.consumer else { return nil }
        self.init(
            cursor: Array(bytes[end...]), rulesOf: moment == .min ? nil : Moment(microseconds: moment), parked: parked)
    }

    private static func sum(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.withUnsafeBytes { EventHash(of: $0) }.word0 }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
