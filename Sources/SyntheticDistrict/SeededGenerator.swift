/// Pseudo-random numbers by SplitMix64: the same seed gives the same numbers on any machine, for ever.
///
/// Not the system's generator, whose numbers and whose ways of drawing from a range may change with a release.
struct SeededGenerator: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A generator of its own for one part of a district, so that parts do not shift each other.
    init(seed: UInt64, _ parts: UInt64...) {
        state = parts.reduce(Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)) { Self.mix($0 ^ ($1 &* 0xD6E8_FEB8_6659_FD93)) }
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// A number of the range; the tiny skew of scaling is of no matter here.
    mutating func number(_ range: ClosedRange<Int>) -> Int {
        guard range.upperBound > range.lowerBound else { return range.lowerBound }
        let width = UInt64(range.upperBound - range.lowerBound + 1)
        return range.lowerBound + Int(next().multipliedFullWidth(by: width).high)
    }

    /// True in `percent` of a hundred cases.
    mutating func chance(_ percent: Int) -> Bool { number(0...99) < percent }

    /// True in `permille` of a thousand cases.
    mutating func rare(_ permille: Int) -> Bool { number(0...999) < permille }

    mutating func pick<Element>(_ list: [Element]) -> Element { list[number(0...(list.count - 1))] }
}
