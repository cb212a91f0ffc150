import CareDomain
import CaseImport
import Testing

/// Given sums that are taken back, then the list names whoever got the money, and asks nobody else for it.
@Suite("应退清单")
struct RecoveryListTests {
    private static func line(_ note: String, _ institutions: [RecoveryList.Institution]) -> RecoveryList.Line {
        RecoveryList.Line(
            reference: "7k2m9q0c-1-1", household: "hh", person: "妻子 李**", amount: .yuan(300), clause: "CZ-2.7d",
            months: "2016-01..2016-03", note: note, institutions: institutions)
    }

    private static func row(_ line: RecoveryList.Line) -> String {
        let text = String(decoding: RecoveryList.bytes([line]), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).map(String.init).dropFirst().first ?? ""
    }

    private static let died = "本人已故（2015-12-20）：向谁收回由经办与家属、继承人核实"

    @Test("家庭收到的：应退人是本人，备注照写")
    func family() {
        let row = Self.row(Self.line(Self.died, []))
        #expect(row.contains("妻子 李**,300.00") && row.contains(Self.died))
        #expect(!Self.line(Self.died, []).isInstitutions)
    }

    @Test("机构收到的：应退人是机构，写明收款账户，不写向家属、继承人收")
    func institution() {
        let home = RecoveryList.Institution(title: "所住的养老机构", account: "home-7", amount: .yuan(300))
        let row = Self.row(Self.line(Self.died, [home]))
        #expect(row.contains("所住的养老机构,300.00,CZ-2.7d"))
        #expect(row.contains("所住的养老机构（账户 home-7，300.00 元）：向机构收回，不向家庭") && !row.contains("继承人"))
    }

    @Test("一笔里两样都有：各收各的；账户不详的说不详")
    func both() {
        let home = RecoveryList.Institution(title: "机构", account: "", amount: .yuan(100))
        let row = Self.row(Self.line("", [home]))
        #expect(row.contains("妻子 李**、机构,300.00"))
        #expect(row.contains("其中付给机构（账户不详，100.00 元）的向机构收回；其余向家庭收回"))
    }
}
