import CareDomain
import RuleEngine
import RulePacks
import Testing

/// Mistakes that could be read and would have meant nothing: what lint says of them, and where.
@Suite("规则包检查：指数标准、计发月份、指导数、标签")
struct LintStandardsTests {
    /// Mistakes of a bundled pack with one text in the place of another, as `code line`.
    private static func mistakes(_ pack: String, _ old: String, _ new: String) throws -> [String] {
        let bundled = try #require(try PackLibrary.bundled.packs(of: pack).last)
        let text = String(decoding: bundled.bytes, as: UTF8.self)
        try #require(text.contains(old))
        let bytes = Array(text.replacing(old, with: new, maxReplacements: 1).utf8)
        let changed = try RulePack.load(bytes: bytes, name: "p.yaml")
        let found = changed.mistakes(in: bytes, name: "p.yaml")
        #expect(found.allSatisfy { $0.line > 1 && $0.column > 1 && !$0.advice.english.isEmpty })
        return found.map(\.code)
    }

    @Test(
        "随指数调整的标准：没有这个参数、数与随包的值不同、不是规则、口径不对",
        arguments: [
            ("{id: gy.bereavement_grant, clause", "{id: gy.bereavement_grand, clause", "lint.standard"),
            ("municipal part\", yuan: 20000", "municipal part\", yuan: 25000", "lint.standard"),
            (
                "{id: gy.bereavement_grant, clause: GY-3.12a", "{id: gy.bereavement_grant, clause: GY-9.12",
                "lint.standard"
            ),
            ("base_year: base_year", "base_year: rounding", "lint.base_year"),
            ("rounding: rounding", "rounding: base_year", "lint.rounding"),
            (
                "keys: [series], zh: 居民家庭",
                "keys: [series], values: [{from: 2015-06-01, keys: [all], value: 9}], zh: 居民家庭",
                "lint.index_year"
            ),
        ])
    func standards(_ old: String, _ new: String, _ code: String) throws {
        #expect(try Self.mistakes("guiyang-2013", old, new) == [code])
    }

    @Test("计发月份漏写一个选项、指导数写了两次、带 YAML 标签：不能发布")
    func others() throws {
        #expect(
            try Self.mistakes("chenzhou-2014", "choices: {same: any_day, next: next_month}", "choices: {same: any_day}")
                == ["lint.month_choices"])
        #expect(
            try Self.mistakes(
                "wenzhou-2021", "{clause: WZ-3.2, column: 关怀救助}", "{clause: WZ-3.1, column: 健康促进}")
                == ["lint.guidance_twice"])
        #expect(
            try Self.mistakes("chenzhou-2014", "    kind: definition\n", "    kind: !x definition\n") == ["lint.tag"])
        let pack = try #require(try PackLibrary.bundled.packs(of: "chenzhou-2014").last)
        let refused = #expect(throws: PackRefused.self) {
            try FactsFile.load(bytes: Array("subjects: {f: {household: {dibao: !x true}}}".utf8), name: "f", pack: pack)
        }
        #expect(refused?.issues.map(\.code) == ["yaml.not_allowed"])
    }

    @Test(
        "随程序的规则包自己没有一处错误", arguments: ["chenzhou-2014", "wenzhou-2021", "boshan-2021", "guiyang-2013", "xiamen-2017"])
    func bundled(_ pack: String) throws {
        for version in try PackLibrary.bundled.packs(of: pack) {
            #expect(version.mistakes(in: version.bytes, name: pack).isEmpty)
        }
    }
}
