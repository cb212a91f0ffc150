import CareDomain
import CareProjections
import CareTestKit
import Testing

/// Samples are the same for the same seed and families, and prefer nobody.
@Suite("随机抽样")
struct HouseholdSampleTests {
    private static func families(_ count: UInt64) -> [HouseholdID] {
        (0..<count).map { HouseholdID(Identifier128(high: 5, low: $0)) }
    }

    @Test("顺序不同、重复列出，抽到的相同；另一颗种子抽到别的", arguments: 1...20)
    func reproducible(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let families = Self.families(200)
        let drawn = HouseholdSample.draw(from: families, seed: seed, size: 20)
        #expect(drawn.count == 20 && Set(drawn).count == 20)
        #expect(
            HouseholdSample.draw(from: families.shuffled(using: &generator) + families, seed: seed, size: 20) == drawn)
        #expect(HouseholdSample.draw(from: families, seed: seed + 1_000, size: 20) != drawn)
        #expect(Array(HouseholdSample.draw(from: families, seed: seed, size: 30).prefix(20)) == drawn)
    }

    @Test("少一户未抽中的，抽到的不变；少一户抽中的，只补一户", arguments: 1...20)
    func stable(seed: UInt64) {
        let families = Self.families(100)
        let drawn = HouseholdSample.draw(from: families, seed: seed, size: 10)
        let spared = families.first { !drawn.contains($0) }
        #expect(HouseholdSample.draw(from: families.filter { $0 != spared }, seed: seed, size: 10) == drawn)
        let without = HouseholdSample.draw(from: families.filter { $0 != drawn[0] }, seed: seed, size: 10)
        #expect(Array(without.prefix(9)) == Array(drawn.dropFirst()))
    }

    @Test("户数不够就全部抽取；每户被抽中的次数相近")
    func fair() {
        let families = Self.families(20)
        #expect(Set(HouseholdSample.draw(from: families, seed: 1, size: 50)) == Set(families))
        #expect(HouseholdSample.draw(from: [], seed: 1, size: 5).isEmpty)
        var counts: [HouseholdID: Int] = [:]
        for seed in UInt64(0)..<2_000 {
            for family in HouseholdSample.draw(from: families, seed: seed, size: 5) { counts[family, default: 0] += 1 }
        }
        // 500 expected of each; six standard deviations are 116.
        for family in families { #expect((384...616).contains(counts[family] ?? 0)) }
    }
}
