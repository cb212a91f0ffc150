import CareDomain
import Testing

@testable import RuleEngine

/// Each answer carries the version it was made by.
@Suite("认定带着作出它的版本")
struct AnsweringVersionTests {
    /// The small pack, and from March 2016 on a version in whose place another condition stands.
    private static func determination(
        _ condition: String, _ poor: (from: String, until: String?)
    ) throws -> Determination {
        let later = SmallPack.text.replacing("valid_from: 2015-01-01", with: "valid_from: 2016-03-01")
            .replacing("expr: household.poor}", with: "expr: \"\(condition)\"}")
        let packs = [try SmallPack.load(), try RulePack.load(bytes: Array(later.utf8), name: "later.yaml")]
        let evaluator = Evaluator(registry: PackRegistry(versions: packs.map { PublishedPack(pack: $0) }))
        let facts = FactBase(statements: [
            SmallPack.fact("household.poor", .bool(true), from: poor.from, until: poor.until)
        ])
        return try #require(evaluator.determine(facts).first { $0.clause.rawValue == "SM-1" })
    }

    @Test("新版取消的权利：自新版首日起不享受，认定带新版的版本和哈希")
    func takenAway() throws {
        let made = try Self.determination("!household.poor", ("2000-01-01", nil))
        #expect(made.intervals.last?.status == .notEntitled)
        #expect(made.intervals.last?.period.start == SmallPack.day("2016-03-01"))
        #expect(made.pack.version == SmallPack.day("2016-03-01"))
        #expect(made.pack.hash != (try SmallPack.load()).hash)
    }

    @Test("新版之前就因事实结束的权利，仍带当时的版本；新版下继续的，带新版的")
    func endedBefore() throws {
        let ended = try Self.determination("!household.poor", ("2000-01-01", "2015-09-01"))
        #expect(ended.pack.version == SmallPack.day("2016-03-01"))
        let same = try Self.determination("household.poor", ("2000-01-01", "2015-09-01"))
        #expect(same.pack.version == SmallPack.day("2015-01-01"))
        #expect(try Self.determination("household.poor", ("2000-01-01", nil)).pack.version.year == 2016)
    }
}
