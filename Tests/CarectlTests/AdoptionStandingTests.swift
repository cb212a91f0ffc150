import CareDomain
import RuleEngine
import RulePacks
import Testing

@testable import carectl

/// Two adoptions of one day: the later one counts, and both hear of it.
@Suite("同一天起同时采用两个版本")
struct AdoptionStandingTests {
    private static let first = CivilDay(year: 2022, month: 1, day: 1)!

    /// The bundled version and others that differ from it in a comment.
    private static func pack(_ number: Int) throws -> RulePack {
        let file = try #require(try PackLibrary.bundled.packFiles(of: "boshan-2021").first)
        let bytes = file.bytes + Array("\n# \(number)\n".utf8)
        return try RulePack.load(bytes: bytes, name: file.name)
    }

    private static func published(_ pack: RulePack, at microseconds: Int64) -> RuleEngine.PublishedPack {
        RuleEngine.PublishedPack(pack: pack, publishedAt: Moment(microseconds: microseconds), effectiveFrom: first)
    }

    @Test("被取代的一方说被谁取代、哪个算数、怎么办，退出码不为 0；取代的一方也知道取代了谁")
    func bothAreTold() throws {
        let (one, other) = (try Self.pack(1), try Self.pack(2))
        let (earlier, later) = (Self.published(one, at: 10), Self.published(other, at: 20))
        let registry = PackRegistry(versions: [earlier, later])
        let lost = AdoptionStanding(of: one, from: Self.first, in: registry)
        let successor = try #require(lost.successor)
        #expect(successor.isSamePublication(as: later) && lost.unseen(besides: nil) == nil)
        let failure = AdoptionStanding.replaced("boshan-2021@2021-01-01 x", Self.first, by: successor)
        #expect(failure.code == "CARE-3126" && failure.exit == .problemsFound)
        #expect(failure.text.zh.contains(other.reference.shortHash) && failure.text.zh.contains("自 2022-01-01 起算数的是后者"))
        #expect(failure.advice?.zh.contains("rules ls") == true && failure.text.en.contains("was replaced by"))

        let won = AdoptionStanding(of: other, from: Self.first, in: registry)
        #expect(won.successor == nil)
        #expect(won.unseen(besides: nil)?.isSamePublication(as: earlier) == true)
        #expect(AdoptionStanding.replacedUnseen(earlier).zh.contains(one.reference.shortHash))
        // Whoever was shown what they replace needs no word.
        #expect(won.unseen(besides: earlier) == nil)
    }

    @Test("独自采用的、另一天起的、没有发布的，什么也不说")
    func alone() throws {
        let (one, other) = (try Self.pack(1), try Self.pack(2))
        let next = RuleEngine.PublishedPack(
            pack: other, publishedAt: Moment(microseconds: 20), effectiveFrom: Self.first + 1)
        let registry = PackRegistry(versions: [Self.published(one, at: 10), next])
        let standing = AdoptionStanding(of: one, from: Self.first, in: registry)
        #expect(standing.successor == nil && standing.unseen(besides: nil) == nil)
        let missing = AdoptionStanding(of: other, from: Self.first, in: registry)
        #expect(missing.successor == nil && missing.unseen(besides: nil) == nil)
    }

    @Test("被取代之后再采用一次，又算数")
    func again() throws {
        let (one, other) = (try Self.pack(1), try Self.pack(2))
        let registry = PackRegistry(versions: [
            Self.published(one, at: 10), Self.published(other, at: 20), Self.published(one, at: 30),
        ])
        #expect(AdoptionStanding(of: one, from: Self.first, in: registry).successor == nil)
        #expect(AdoptionStanding(of: other, from: Self.first, in: registry).successor?.pack.hash == one.hash)
    }
}
