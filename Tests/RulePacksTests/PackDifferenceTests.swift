import CareDomain
import RuleEngine
import RulePacks
import Testing

/// Whatever a version says can be found in what differs from another.
@Suite("两版规则有何不同")
struct PackDifferenceTests {
    private static func load(_ text: String) throws -> RulePack {
        try RulePack.load(bytes: Array(text.utf8), name: "pack.yaml")
    }

    private static func changes(_ pack: String, _ old: String, _ new: String) throws -> [PackDifference.Change] {
        let bytes = try #require(try PackLibrary.bundled.packFiles(of: pack).first).bytes
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains(old), "\(old)")
        return PackDifference(
            from: try load(text), to: try load(text.replacing(old, with: new, maxReplacements: 1))
        ).changes
    }

    @Test(
        "期限、归口、领取时点、补差、指数都比得出来",
        arguments: [
            ("chenzhou-2014", "    top_up: award_top_up\n", "", "CZ-2.10d", "top_up"),
            ("chenzhou-2014", "    payment: term_start\n", "", "CZ-2.10e", "payment"),
            ("guiyang-2013", "threshold_percent: 30", "threshold_percent: 20", "GY-3.0", "threshold_percent"),
            ("guiyang-2013", "yuan: 20000, series: all}", "yuan: 21000, series: all}", "GY-3.0", "standards"),
        ])
    func named(pack: String, old: String, new: String, id: String, field: String) throws {
        let changes = try Self.changes(pack, old, new)
        #expect(changes.map(\.id) == [id] && changes.map(\.field) == [field])
    }

    @Test("整个版本的止日和适用地区也在内")
    func wholeVersion() throws {
        let ended = try Self.changes(
            "chenzhou-2014", "valid_from: 2014-07-16\n", "valid_from: 2014-07-16\nvalid_to: 2020-12-31\n")
        #expect(ended.map(\.part) == [.pack] && ended.map(\.field) == ["valid_to"])
        #expect(ended.first?.before == nil && ended.first?.after == "2020-12-31")
    }
}
