import CareDomain
import CareWire
import ServiceKit
import Testing

@testable import carectl

@Suite("名册带来的、档案里可能已有的结对人")
struct HelpersOnRecordTests {
    private static func id(_ number: UInt64) -> PersonID { PersonID(Identifier128(high: 7, low: number)) }

    private static func entry(
        _ number: UInt64, _ name: String, _ unit: String = "街道办", in division: String = "431002001"
    ) -> HelpersOnRecord.Entry {
        .with {
            $0.helper = id(number).wireData
            $0.name = name
            $0.unit = unit
            $0.divisions = [division]
            $0.householdCount = 1
        }
    }

    private static func found(
        _ new: [HelpersOnRecord.Entry], known: [HelpersOnRecord.Entry]
    ) -> [[String]] {
        let rows = new.enumerated().map { HelpersOnRecord.New(row: $0 + 2, entry: $1) }
        return HelpersOnRecord(rows, known: known).found.map { found in
            [found.new.entry.helper.idText] + found.known.map(\.helper.idText)
        }
    }

    private static func ids(_ numbers: UInt64...) -> [String] { numbers.map { "\(id($0))" } }

    @Test("姓名、单位、乡镇都相同而编号不同的才说；编号已在档的、只在本表里相同的不说")
    func alike() {
        let known = [Self.entry(1, "王干"), Self.entry(2, "李干")]
        #expect(Self.found([Self.entry(11, "王 干")], known: known) == [Self.ids(11, 1)])
        #expect(Self.found([Self.entry(1, "王干")], known: known).isEmpty)
        #expect(Self.found([Self.entry(11, "王干", "妇联")], known: known).isEmpty)
        #expect(Self.found([Self.entry(11, "王干", in: "431003001")], known: known).isEmpty)
        #expect(Self.found([Self.entry(11, "赵干"), Self.entry(12, "赵干")], known: known).isEmpty)
        let two = Self.found([Self.entry(11, "王干"), Self.entry(12, "王干")], known: known)
        #expect(two == [Self.ids(11, 1), Self.ids(12, 1)])
        #expect(Self.found([], known: [Self.entry(1, "王干"), Self.entry(2, "王干")]).isEmpty)
    }

    @Test("姓名遮住，写明行号、两个编号、怎样并成一个；没有就不说")
    func words() throws {
        let new = HelpersOnRecord.New(row: 5, entry: Self.entry(11, "王干事"))
        let text = try #require(HelpersOnRecord([new], known: [Self.entry(1, "王干事")]).note)
        let lines = text.zh.split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        #expect(lines[1] == "  第 5 行 王**（街道办）：档案里是 \(Self.id(1))，本表带来 \(Self.id(11))")
        #expect(!text.zh.contains("王干事") && !text.en.contains("王干事"))
        #expect(lines[2].contains("carectl pairing handover 户 类别 --from 本表带来的编号 --helper 档案里的编号"))
        #expect(text.en.contains("row 5 王** (街道办): on record \(Self.id(1)), from this table \(Self.id(11))"))
        #expect(HelpersOnRecord([new], known: []).note == nil)
    }

    @Test("人数太多的，只写前十人")
    func many() throws {
        let new = (1...12).map { HelpersOnRecord.New(row: $0, entry: Self.entry(UInt64(100 + $0), "王\($0)号")) }
        let known = (1...12).map { Self.entry(UInt64($0), "王\($0)号") }
        let text = try #require(HelpersOnRecord(new, known: known).note)
        #expect(text.zh.split(separator: "\n").count == 13 && text.zh.contains("\n  另有 2 人\n"))
    }
}
