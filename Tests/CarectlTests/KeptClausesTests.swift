import CareDomain
import RuleEngine
import RulePacks
import Testing

@testable import carectl

/// Clauses that look at facts kept from the key: they are named, never answered as if the facts were unknown.
@Suite("遮着的条款")
struct KeptClausesTests {
    private static let mark = FactID(unchecked: "household.visit_priority")
    private static let day = CivilDay(year: 2021, month: 7, day: 1)!

    private static func boshan() throws -> (pack: RulePack, registry: PackRegistry) {
        let pack = try #require(try PackLibrary.bundled.packs(of: "boshan-2021").first)
        var registry = PackRegistry()
        registry.add(pack)
        return (pack, registry)
    }

    @Test("只有要看它的条款遮着，写明是哪个事实；只在文件施行的地方")
    func kept() throws {
        let kept = KeptClauses(try Self.boshan().registry, withheld: [Self.mark: "重点走访标记"])
        let (order, goods) = (try #require(ClauseID("BS-5.3a")), try #require(ClauseID("BS-3.2")))
        #expect(kept[order] == ["重点走访标记"] && kept[goods] == nil)
        #expect(kept.named(nil, on: Self.day, in: DivisionCode("370304001")) == [order])
        #expect(kept.named(nil, on: Self.day, in: DivisionCode("431002")).isEmpty)
        #expect(kept.named(order, on: Self.day, in: DivisionCode("370304001")) == [order])
        #expect(kept.named(goods, on: Self.day, in: DivisionCode("370304001")).isEmpty)
        #expect(kept.reason(order)?.chinese == "要看本部门不可见的事实（遮）：重点走访标记")
        #expect(kept.reason(goods) == nil)
    }

    @Test("认定过的条款档案页里有，没有认定过的不叫人到档案页找")
    func onPage() throws {
        let clause = try #require(ClauseID("BS-5.3a"))
        let made = DeterminationMade(
            clause: clause, subject: .household, pack: PackID(unchecked: "boshan-2021"), packVersion: Self.day,
            packHash: Array(repeating: 7, count: 32), cadence: Code(unchecked: "none"), intervals: [], facts: [],
            readThrough: EventReference(sequence: 1))
        let event = KnownEvent(
            reference: EventReference(sequence: 2), recordedAt: Moment(microseconds: 0),
            command: CommandID(Identifier128(high: 0, low: 1)),
            proposed: ProposedEvent(occurredOn: Self.day, event: .determinationMade(made)))
        #expect(KeptClauses.onPage([event]) == [clause] && KeptClauses.onPage([]).isEmpty)
    }

    @Test("什么都看得到的密钥，没有遮着的条款")
    func nothingKept() throws {
        let (pack, registry) = try Self.boshan()
        let kept = KeptClauses(registry, withheld: [:])
        #expect(kept.named(nil, on: Self.day, in: DivisionCode("370304001")).isEmpty)
        #expect(ClausesWithheld(WithheldHere(packs: []), in: [pack]).clauses.isEmpty)
    }

    @Test("重放前说明：只数本地遮着的事实；别地遮着的，只对也属那里的户算")
    func replayed() throws {
        let pack = try Self.boshan().pack
        func here(_ id: PackID, _ place: String?) -> WithheldHere {
            WithheldHere(packs: [
                .init(pack: id, place: place.flatMap { DivisionCode($0) }, facts: [Self.mark: "重点走访标记"])
            ])
        }
        let own = ClausesWithheld(here(pack.id, pack.territory?.rawValue), in: [pack])
        #expect(own.clauses.map(\.clause.rawValue) == ["BS-5.3a"] && own.clauses[0].facts == ["重点走访标记"])
        #expect(!own.differsByFamily && own.of(FactBase()).map(\.rawValue) == ["BS-5.3a"])
        #expect(here(pack.id, nil).titles == "重点走访标记")
        // What another place keeps back counts for families that belong, or belonged, there, too.
        let other = ClausesWithheld(here(PackID(unchecked: "chenzhou-2014"), "431000"), in: [pack])
        #expect(other.clauses.isEmpty && other.differsByFamily)
        func family(_ place: String) -> FactBase {
            FactBase(statements: [
                FactStatement(
                    fact: FactID(unchecked: "household.residence_division"), subject: .household,
                    value: .reference(place), period: DayPeriod(start: pack.validFrom),
                    recordedAt: Moment(microseconds: 0), source: EventReference(sequence: 1))
            ])
        }
        #expect(other.of(family("370304")).isEmpty && other.of(family("431002")).map(\.rawValue) == ["BS-5.3a"])
    }
}
