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

    @Test("改了岁数的条件：说得出条件的名称和由多少改成多少，不必读整个算式")
    func changedAge() throws {
        let changes = try Self.changes(
            "chenzhou-2014", "care.age(m) >= 49) : care.age(subject) >= 49",
            "care.age(m) >= 50) : care.age(subject) >= 50")
        let change = try #require(changes.first { $0.field == "conditions.wife_49" })
        #expect(changes.count == 1 && change.id == "CZ-2.1")
        #expect(change.title?.chinese == "妻子年满49周岁（单亲的为本人年满49周岁）")
        #expect(change.replacements.map(\.before) == ["49"] && change.replacements.map(\.after) == ["50"])
        let rewritten = try Self.changes(
            "chenzhou-2014", "care.age(m) >= 49) : care.age(subject) >= 49", "care.age(m) >= 49) : false")
        #expect(rewritten.first?.replacements.isEmpty ?? false)
    }

    @Test("参数的下限改了也比得出来")
    func changedBound() throws {
        let changes = try Self.changes("guiyang-2013", "type: decimal, least: 0.5,", "type: decimal, least: 0.6,")
        #expect(changes.map(\.id) == ["gy.critical_rate"] && changes.map(\.field) == ["least"])
        #expect(changes.first?.before == "0.5" && changes.first?.after == "0.6")
    }

    @Test(
        "分值、张数、说明、英文名、条件的提示也比得出来，写明在何条何处、由什么改成什么",
        arguments: [
            ("wenzhou-2021", "points: 25", "points: 24", "declaration", "points"),
            ("boshan-2021", "pieces: [5, 10]", "pieces: [5, 12]", "declaration", "pieces"),
            ("chenzhou-2014", "en: accident insurance\n", "en: insurance against accidents\n", "rule", "en"),
            ("chenzhou-2014", "zh: 健在的家庭成员", "zh: 在世的家庭成员", "rule", "who.zh"),
        ])
    func told(pack: String, old: String, new: String, part: String, field: String) throws {
        let text = try Self.text(pack)
        #expect(text.contains(old), "\(old)")
        let changed = text.replacing(old, with: new, maxReplacements: 1)
        let changes = PackDifference.all(from: try Self.load(text), to: try Self.load(changed))
        #expect(changes.map(\.part.rawValue) == [part] && changes.map(\.field) == [field])
        #expect(changes.allSatisfy { $0.before != nil && $0.after != nil && $0.before != $0.after })
    }

    @Test(
        "随包的每一份：随便改一个数字或一处中英文，装得上的都比得出来",
        arguments: ["chenzhou-2014", "wenzhou-2021", "boshan-2021", "guiyang-2013", "xiamen-2017"])
    func anyChange(_ id: String) throws {
        let text = try Self.text(id)
        let pack = try Self.load(text)
        #expect(PackDifference.all(from: pack, to: pack).isEmpty)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var state = UInt64(id.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        var compared = 0
        for _ in 0..<60 where compared < 12 {
            let place = next(lines.count)
            guard !lines[place].contains("#") else { continue }
            var signs = Array(lines[place])
            let changeable = signs.indices.filter { signs[$0].isWholeNumber || signs[$0] == "的" || signs[$0] == "年" }
            guard !changeable.isEmpty else { continue }
            let index = changeable[next(changeable.count)]
            signs[index] = signs[index].wholeNumberValue.map { Character("\(($0 + 1) % 10)") } ?? "之"
            var other = lines
            other[place] = String(signs)
            guard let changed = try? Self.load(other.joined(separator: "\n")) else { continue }
            compared += 1
            #expect(!PackDifference.all(from: pack, to: changed).isEmpty, "\(lines[place]) → \(other[place])")
        }
        #expect(compared > 3)
    }

    private static func text(_ pack: String) throws -> String {
        String(decoding: try #require(try PackLibrary.bundled.packFiles(of: pack).first).bytes, as: UTF8.self)
    }
}
