import Testing
import ZeroMQ

@testable import MessageBus

/// Shorthands for times in tests.
func at(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: milliseconds * 1_000_000) }

/// A moment whose two clocks agree.
func moment(_ milliseconds: Int64) -> BusMoment {
    BusMoment(monotonic: at(milliseconds), utcMicroseconds: milliseconds * 1_000)
}

/// A cursor of the invented log in these tests: its position as eight bytes, empty for 0.
func cursor(_ position: UInt64) -> EncodedCursor {
    position == 0 ? .start : EncodedCursor(withUnsafeBytes(of: position.bigEndian) { Array($0) })
}

/// The position of such a cursor.
func position(_ cursor: EncodedCursor) -> UInt64 {
    cursor.bytes.reduce(0) { $0 << 8 | UInt64($1) }
}

/// An event of the invented log.
func event(_ position: UInt64, bytes: Int = 40) -> BusEvent {
    BusEvent(
        position: position, record: [UInt8](repeating: UInt8(truncatingIfNeeded: position), count: bytes),
        hash: [UInt8](repeating: 0xA5, count: 32))
}

/// All events after one position up to another.
func segment(_ after: UInt64, _ upTo: UInt64) -> FeedSegment {
    FeedSegment(
        cursorBefore: cursor(after), cursorAfter: cursor(upTo),
        events: after < upTo ? (after + 1...upTo).map { event($0) } : [])
}

/// A peer with a key made of one repeated byte.
func peer(_ name: String, _ number: UInt8, rights: Set<PeerRight> = [.command, .query]) -> Peer {
    Peer(name: name, key: key(number), department: "civil-affairs", rights: rights)
}

/// A public key made of one repeated byte.
func key(_ number: UInt8) -> CurvePublicKey {
    guard let key = CurvePublicKey(raw: [UInt8](repeating: number, count: 32)) else { fatalError("32 bytes are a key") }
    return key
}

/// A routing id of five bytes.
func route(_ number: UInt8) -> RoutingID {
    guard let route = RoutingID([0, 0, 0, 0, number]) else { fatalError("five bytes are a routing id") }
    return route
}

/// A repeatable source of chance for property tests (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// True in so many of a hundred cases.
    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}
