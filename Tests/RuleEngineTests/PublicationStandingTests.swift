import CareDomain
import Testing

@testable import RuleEngine

/// Which of the published versions counts, and which a publication would take days from.
@Suite("规则：发布的版本谁算数")
struct PublicationStandingTests {
    private static func pack(_ value: Int) throws -> RulePack {
        let text = SmallPack.text.replacing("value: 20}", with: "value: \(value)}")
        return try RulePack.load(bytes: Array(text.utf8), name: "\(value).yaml")
    }

    private static func version(
        _ value: Int, from day: String, at microseconds: Int64, _ transition: TransitionClause = .all
    ) throws -> PublishedPack {
        PublishedPack(
            pack: try pack(value), publishedAt: Moment(microseconds: microseconds), effectiveFrom: SmallPack.day(day),
            transition: transition)
    }

    private static func registry(_ versions: [PublishedPack]) -> PackRegistry {
        var registry = PackRegistry()
        for version in versions { registry.add(version) }
        return registry
    }

    @Test("同一天起或夹在中间的版本会取代已发布的；第一个、接续的、同一文件、补从前的都不会")
    func replaced() throws {
        let (first, second) = (
            try Self.version(20, from: "2015-01-01", at: 1), try Self.version(30, from: "2017-01-01", at: 2)
        )
        let other = try Self.pack(40).hash
        func replaced(_ hash: [UInt8], _ day: String, in registry: PackRegistry) -> CivilDay? {
            registry.replaced(by: hash, of: first.pack.id, from: SmallPack.day(day))?.effectiveFrom
        }
        #expect(replaced(other, "2015-01-01", in: PackRegistry()) == nil)
        let both = Self.registry([first, second])
        #expect(replaced(other, "2015-01-01", in: both) == SmallPack.day("2015-01-01"))
        #expect(replaced(other, "2016-05-01", in: both) == SmallPack.day("2015-01-01"))
        #expect(replaced(other, "2017-01-01", in: both) == SmallPack.day("2017-01-01"))
        #expect(replaced(other, "2017-01-02", in: both) == nil)
        #expect(replaced(other, "2014-01-01", in: both) == nil)
        #expect(replaced(first.pack.hash, "2015-01-01", in: both) == nil)
        #expect(replaced(first.pack.hash, "2017-01-01", in: both) == SmallPack.day("2017-01-01"))
    }

    @Test("采用错了再采用原来的：原来的重新算数，每次取代都看得见")
    func takenBack() throws {
        let original = try Self.version(20, from: "2015-01-01", at: 1)
        let slip = try Self.version(30, from: "2015-01-01", at: 2, .retroactive)
        let again = try Self.version(20, from: "2015-01-01", at: 3, .retroactive)
        let registry = Self.registry([original, slip, again])
        #expect(registry.versions.count == 3)
        #expect(registry.inForce(on: SmallPack.day("2015-06-01")).map(\.publishedAt) == [again.publishedAt])
        #expect(registry.standing(of: original) == .replaced(by: slip.pack.hash, at: slip.publishedAt))
        #expect(registry.standing(of: slip) == .replaced(by: original.pack.hash, at: again.publishedAt))
        #expect(registry.standing(of: again) == .counts(until: nil))
        #expect(registry.counts(original.pack) && !registry.counts(slip.pack))
        // As known before it was taken back, the slip answers.
        let known = registry.inForce(
            on: SmallPack.day("2015-06-01"), knownAt: .recorded(Moment(microseconds: 2)))
        #expect(known.map(\.pack.hash) == [slip.pack.hash])
    }

    @Test("问的时候还不知道的版本：当日施行的先说，否则最早发布的；按发布算或按印发算")
    func notYetKnown() throws {
        let first = try Self.version(20, from: "2015-01-01", at: 10)
        let second = try Self.version(30, from: "2017-01-01", at: 20)
        let registry = Self.registry([first, second])
        func unknown(_ known: KnownAt, _ day: String) -> Int64? {
            registry.unknown(at: known, on: SmallPack.day(day)) { _ in true }?.publishedAt?.microseconds
        }
        func recorded(_ microseconds: Int64) -> KnownAt { .recorded(Moment(microseconds: microseconds)) }
        #expect(unknown(recorded(9), "2016-01-01") == 10 && unknown(recorded(9), "2018-01-01") == 20)
        #expect(unknown(recorded(9), "2014-01-01") == 10)
        #expect(unknown(recorded(10), "2018-01-01") == 20)
        #expect(unknown(recorded(20), "2018-01-01") == nil && unknown(.latest, "2018-01-01") == nil)
        #expect(registry.unknown(at: recorded(9), on: SmallPack.day("2016-01-01")) { _ in false } == nil)
        // Both are of one document of 2015-01-01, which was out by then, whenever somebody typed it in.
        #expect(unknown(.learned(SmallPack.day("2014-12-31")), "2018-01-01") == 20)
        #expect(unknown(.learned(SmallPack.day("2015-01-01")), "2018-01-01") == nil)
    }

    @Test("同一天起的几次发布：谁取代了谁")
    func sameDay() throws {
        let all = try [(20, 1), (30, 2), (40, 3)].map { try Self.version($0.0, from: "2015-01-01", at: $0.1) }
        let other = try Self.version(50, from: "2016-01-01", at: 4)
        let registry = Self.registry(all + [other])
        #expect(registry.successor(of: all[0])?.publishedAt == all[2].publishedAt)
        #expect(registry.successor(of: all[1])?.publishedAt == all[2].publishedAt)
        #expect(registry.successor(of: all[2]) == nil && registry.successor(of: other) == nil)
        #expect(registry.predecessor(of: all[0]) == nil && registry.predecessor(of: other) == nil)
        #expect(registry.predecessor(of: all[2])?.publishedAt == all[1].publishedAt)
    }

    @Test("算数的版本再发布一次什么也不变；后面的版本让它到前一天为止")
    func onceMore() throws {
        let original = try Self.version(20, from: "2015-01-01", at: 1)
        let registry = Self.registry([
            original, try Self.version(20, from: "2015-01-01", at: 2), original,
            try Self.version(30, from: "2016-01-01", at: 3),
        ])
        #expect(registry.versions.map(\.publishedAt) == [original.publishedAt, Moment(microseconds: 3)])
        #expect(registry.standing(of: original) == .counts(until: SmallPack.day("2016-01-01")))
        #expect(
            registry.version(
                original.pack.hash, of: original.pack.id, publishedAt: Moment(microseconds: 2)) == nil)
    }

    @Test("不能带着发布的错误按行列给出，提示不算")
    func mistakes() throws {
        #expect(try SmallPack.load().mistakes(in: Array(SmallPack.text.utf8), name: "small.yaml").isEmpty)
        let text = SmallPack.text.replacing("shares: {city: 1, county: 2}", with: "shares: {city: 1, santa: 2}")
        let bytes = Array(text.utf8)
        let found = try RulePack.load(bytes: bytes, name: "small.yaml").mistakes(in: bytes, name: "small.yaml")
        #expect(found.map(\.code) == ["lint.unknown_payer"])
        #expect(found.first?.description.hasPrefix("small.yaml:") ?? false)
        let before = text.prefix(upTo: try #require(text.firstRange(of: "santa")).lowerBound)
        #expect(found.first?.line == before.count { $0 == "\n" } + 1)
    }
}
