import CareDomain
import CareWire
import ServiceKit
import Testing

@testable import carectl

@Suite("结对人中可能是同一人的")
struct LikelySameHelpersTests {
    private static func id(_ number: UInt64) -> PersonID { PersonID(Identifier128(high: 7, low: number)) }

    private static func helper(
        _ number: UInt64, _ name: String, _ unit: String = "街道办", in divisions: [String] = ["431002001"],
        families: UInt64 = 1
    ) -> Care_V1_HelperLoadList.Entry {
        .with {
            $0.helper = id(number).wireData
            $0.name = name
            $0.unit = unit
            $0.divisions = divisions
            $0.householdCount = families
        }
    }

    private static func groups(_ entries: [Care_V1_HelperLoadList.Entry]) -> [[PersonID?]] {
        LikelySameHelpers(entries).groups.map { $0.map { PersonID(bytes: $0.helper) } }
    }

    @Test("姓名、单位、乡镇都相同的算一组，姓名中间的空格不算；缺一样不同的不算")
    func alike() {
        #expect(
            Self.groups([
                Self.helper(1, "王干"), Self.helper(2, "王　干"), Self.helper(3, "王干", "镇政府"), Self.helper(4, "李干"),
                Self.helper(5, "王干", in: ["431003001"]), Self.helper(6, "王干", ""),
            ]) == [[Self.id(1), Self.id(2)]])
        #expect(Self.groups([Self.helper(1, ""), Self.helper(2, "")]).isEmpty)
        #expect(Self.groups([Self.helper(1, "王干", ""), Self.helper(2, "王干", "")]).count == 1)
        #expect(Self.groups([]).isEmpty)
    }

    @Test("村不同而乡镇相同的算；在两个乡镇都有户的，把两边的连成一组；次序照表")
    func places() {
        #expect(
            Self.groups([
                Self.helper(1, "王干", in: ["431002001201"]), Self.helper(2, "王干", in: ["431002001202"]),
            ]).count == 1)
        #expect(
            Self.groups([
                Self.helper(1, "王干", in: ["431002001"]), Self.helper(2, "李干", in: ["431002001"]),
                Self.helper(3, "王干", in: ["431003001"]), Self.helper(4, "李干", in: ["431002001"]),
                Self.helper(5, "王干", in: ["431003001", "431002001"]),
            ]) == [[Self.id(1), Self.id(3), Self.id(5)], [Self.id(2), Self.id(4)]])
        // The county alone is no township of it.
        #expect(
            Self.groups([Self.helper(1, "王干", in: ["431002"]), Self.helper(2, "王干", in: ["431002001"])]).isEmpty)
    }

    @Test("说是谁、怎样并成一个：只有交接能并，登记结对不能")
    func words() throws {
        let same = LikelySameHelpers([Self.helper(1, "王干", families: 3), Self.helper(2, "王干")])
        let text = try #require(same.text(listed: 2, of: 2))
        let zh = text.zh.split(separator: "\n").map(String.init)
        #expect(zh.count == 6)
        #expect(zh[0] == "可能是同一人（姓名、单位、乡镇都相同，编号不同，在表中各算一人）：")
        #expect(zh[1] == "  王干（街道办）：\(Self.id(1))（3 户）、\(Self.id(2))（1 户）")
        #expect(zh[2] == "请先核对电话。确是同一人的，留用户数多的编号（列在前），把另一编号的每个岗位从结对起始日交接给它：")
        #expect(
            zh[3] == "  carectl pairing handover 户 类别 --from 另一编号 --helper 留用的编号 --on 起始日 --reason other "
                + "--name 姓名 --unit 单位 --phone 电话")
        #expect(zh[4].contains("不出空缺") && zh[4].contains("pairing assign --helper 不能合并"))
        #expect(zh[5].hasSuffix("--where \"data.helper.person == '另一编号'\""))
        #expect(text.en.contains("  王干 (街道办): \(Self.id(1)) (families: 3), \(Self.id(2)) (families: 1)\n"))
        #expect(
            text.en.contains(
                "pairing handover HOUSEHOLD KIND --from OTHER --helper KEPT --on BEGAN --reason other --name"))
        #expect(LikelySameHelpers([Self.helper(1, "王干")]).text(listed: 1, of: 9) == nil)
    }

    @Test("没有全部列出的，写明只比对了列出的；组数太多的，只写前二十组")
    func more() throws {
        let pairs = (1...22).flatMap { number in
            [Self.helper(UInt64(2 * number), "王\(number)"), Self.helper(UInt64(2 * number + 1), "王\(number)", "")]
        }
        let alike = pairs.map { entry in
            var entry = entry
            entry.unit = ""
            return entry
        }
        #expect(LikelySameHelpers(pairs).text(listed: 44, of: 44) == nil)
        let text = try #require(LikelySameHelpers(alike).text(listed: 44, of: 60))
        #expect(text.zh.contains("\n  王20（单位未登记）：") && !text.zh.contains("王21"))
        #expect(text.zh.contains("\n  另有 2 组，见 --json\n只比对了列出的 44 名，要多比对请加大 --limit\n请先核对电话"))
        #expect(text.en.contains("only the 44 listed were compared"))
    }
}
