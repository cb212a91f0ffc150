import CareDomain
import Crypto

/// 随机抽样: the families that a seed draws.
package enum HouseholdSample {
    /// The first of the families in the order of SHA-256 over seed and household: nobody can prefer one, and whoever has
    /// the seed and the families draws the same again, in whatever order they are given.
    /// - Parameters:
    ///   - size: So many; all of them when there are fewer.
    /// - Source: WZ-A3.3 随机抽查
    package static func draw(from households: [HouseholdID], seed: UInt64, size: Int) -> [HouseholdID] {
        let seedBytes = withUnsafeBytes(of: seed.bigEndian) { [UInt8]($0) }
        let ranked = Set(households).map { household in
            (rank: [UInt8](SHA256.hash(data: seedBytes + household.value.bytes)), household: household)
        }
        return ranked.sorted { left, right in
            left.rank == right.rank
                ? left.household < right.household : left.rank.lexicographicallyPrecedes(right.rank)
        }.prefix(max(size, 0)).map(\.household)
    }
}
