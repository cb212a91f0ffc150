/// Random numbers that are the same for the same seed on every machine (SplitMix64).
struct SeededRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `limit` - 1.
    mutating func next(below limit: Int) -> Int { Int(next() % UInt64(limit)) }

    /// True in `percent` of a hundred cases.
    mutating func chance(_ percent: Int) -> Bool { next(below: 100) < percent }
}
