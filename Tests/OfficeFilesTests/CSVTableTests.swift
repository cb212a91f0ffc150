import OfficeFiles
import Testing

@Suite("带表头的 CSV")
struct CSVTableTests {
    private func table(_ text: String) throws -> CSVTable { try CSVTable(Array(text.utf8)) }

    @Test("按表头取格子，前后空白和不可见字符不算")
    func cellsByHeading() throws {
        let table = try table("\u{FEFF} 姓名\u{3000},身份证号\r\n　王小明 ,\"\t431002194903051234\u{200B}\"\r\n")
        #expect(table.headings == ["姓名", "身份证号"])
        #expect(table.cell("姓名", in: table.rows[0]) == "王小明")
        #expect(table.cell("身份证号", in: table.rows[0]) == "431002194903051234")
        #expect(table.cell("电话", in: table.rows[0]) == nil)
        #expect(table.column(of: "身份证号") == 2)
    }

    @Test("表头中间的空格、末尾的冒号不算；仍是同一列的不能有两列")
    func spreadHeadings() throws {
        let table = try table("姓　名,走访人签字,备 注\n李某,王某,1\n")
        #expect(table.cell("姓名", in: table.rows[0]) == "李某" && table.cell("走访人签字：", in: table.rows[0]) == "王某")
        #expect(table.headings(besides: ["姓名", "走访人签字："]) == ["备 注"] && table.headings.first == "姓　名")
        #expect(throws: FileProblem.self) { try self.table("姓名,姓 名\n1,2\n") }
    }

    @Test("空行跳过但计入行号")
    func blankRows() throws {
        let table = try table("\n甲,乙\n,\n1,2\n\n")
        #expect(table.headingRow == 2)
        #expect(table.rows.map(\.row) == [4])
    }

    @Test("表格软件补在行尾的空格子不算错")
    func paddedRows() throws {
        let table = try table("甲,乙,,\n1,2,,\n3,4\n")
        #expect(table.headings == ["甲", "乙"])
        #expect(table.rows.allSatisfy { $0.problems.isEmpty && $0.cells.count == 2 })
    }

    @Test("格子数对不上的行单独报告")
    func raggedRows() throws {
        let table = try table("甲,乙\n1\n1,2,3\n5,6\n")
        #expect(table.rows[0].problems == [FileProblem(.raggedRow, line: 2, row: 2, expected: 2, found: 1)])
        #expect(table.rows[1].problems == [FileProblem(.raggedRow, line: 3, row: 3, expected: 2, found: 3)])
        #expect(table.rows[2].problems.isEmpty)
    }

    @Test("没有表头的列、重复的表头、中文逗号都在开始就说清楚")
    func headingProblems() {
        #expect(throws: FileProblem(.emptyHeading, line: 2, row: 2, column: 3)) { try table("甲,乙,\n1,2,3\n") }
        #expect(throws: FileProblem(.emptyHeading, line: 1, row: 1, column: 2)) { try table("甲,,乙\n1,2,3\n") }
        #expect(throws: FileProblem(.repeatedHeading, line: 1, row: 1, column: 2, subject: "甲")) {
            try table("甲,甲\n")
        }
        #expect(throws: FileProblem(.fullWidthCommas, line: 1, row: 1)) { try table("甲，乙\n1，2\n") }
        #expect(throws: FileProblem(.empty)) { try table("\n \n") }
    }

    @Test("分号和制表符分隔的文件也能读")
    func otherSeparators() throws {
        #expect(try table("甲;乙\n1,5;2\n").rows[0].cells == ["1,5", "2"])
        #expect(try table("甲\t乙\n1\t2\n").rows[0].cells == ["1", "2"])
        #expect(try table("甲\n1\n").separator == ",")
    }

    @Test("GB18030 的文件读出同样的表")
    func readsGB18030() throws {
        let table = try CSVTable([0xD0, 0xD5, 0xC3, 0xFB, 0x0D, 0x0A, 0xCD, 0xF5, 0x0D, 0x0A])
        #expect(table.encoding == .gb18030)
        #expect(table.cell("姓名", in: table.rows[0]) == "王")
    }

    @Test("被表格软件弄坏的号码认得出来")
    func damagedNumbers() {
        #expect(CellDamage.inspect("4.31002E+17") == .scientificNotation)
        #expect(CellDamage.inspect("1.38e10") == .scientificNotation)
        #expect(CellDamage.inspect("431002194903051000") == .roundedDigits)
        #expect(CellDamage.inspect("431002194903051234") == nil)
        #expect(CellDamage.inspect("E12") == nil)
        #expect(CellDamage.inspect("") == nil)
        #expect(CellDamage.scientificNotation.chinese.contains("文本格式"))
    }
}
