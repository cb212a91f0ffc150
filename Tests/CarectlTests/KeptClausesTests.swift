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

    @Test("什么都看得到的密钥，没有遮着的条款")
    func nothingKept() throws {
        let (pack, registry) = try Self.boshan()
        let kept = KeptClauses(registry, withheld: [:])
        #expect(kept.named(nil, on: Self.day, in: DivisionCode("370304001")).isEmpty)
        #expect(WithheldHere(packs: []).clauses(of: pack).isEmpty)
    }

    @Test("重放前说明：只数本包遮着的事实，别的包的不算")
    func replayed() throws {
        let pack = try Self.boshan().pack
        func here(_ id: PackID) -> WithheldHere {
            WithheldHere(packs: [.init(pack: id, facts: [Self.mark: "重点走访标记"])])
        }
        #expect(here(pack.id).clauses(of: pack).map(\.rawValue) == ["BS-5.3a"])
        #expect(here(PackID(unchecked: "chenzhou-2014")).clauses(of: pack).isEmpty)
        #expect(here(pack.id).titles == "重点走访标记")
    }
}
