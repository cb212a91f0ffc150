import OfficeFiles
import Testing

@Suite("CSV 逐行读取")
struct CSVReaderTests {
    private func rows(_ text: String, limits: CSVLimits = CSVLimits()) throws -> [CSVRow] {
        var reader = CSVReader(text, limits: limits)
        var rows: [CSVRow] = []
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    @Test("引号里的逗号、换行和双引号都是内容")
    func quotedCells() throws {
        let rows = try rows("姓名,地址\r\n\"王,\"\"小\"\"\",\"一号\r\n二单元\"\r\n李,三号\r\n")
        #expect(rows.map(\.cells) == [["姓名", "地址"], ["王,\"小\"", "一号\r\n二单元"], ["李", "三号"]])
    }

    @Test("引号里有换行之后，表格行号与文件行号分开数")
    func rowAndLineDiffer() throws {
        let rows = try rows("a\n\"b\nb\nb\"\nc")
        #expect(rows.map(\.row) == [1, 2, 3])
        #expect(rows.map(\.line) == [1, 2, 5])
    }

    @Test("换行是 LF、CRLF 或 CR 都一样", arguments: ["a,b\nc,d\n", "a,b\r\nc,d\r\n", "a,b\rc,d\r", "a,b\nc,d"])
    func lineEndings(_ text: String) throws {
        #expect(try rows(text).map(\.cells) == [["a", "b"], ["c", "d"]])
    }

    @Test("空格子和行尾的逗号都算格子")
    func emptyCells() throws {
        #expect(try rows(",a,\n,,").map(\.cells) == [["", "a", ""], ["", "", ""]])
        #expect(try rows("\"\",\"\"").map(\.cells) == [["", ""]])
    }

    @Test("没有结束的引号指出它从哪一格开始")
    func unclosedQuote() {
        #expect(throws: FileProblem(.unclosedQuote, line: 3, row: 2, column: 2)) {
            _ = try rows("\"h\nh\",x\na,\"b\nc,d\n")
        }
    }

    @Test("只坏一行的错误留在那一行，后面照常读")
    func rowProblemsDoNotStop() throws {
        let rows = try rows("a,b\n\"x\"y,1\n5\"6,2\nc,d\n")
        #expect(rows[1].problems == [FileProblem(.textAfterQuote, line: 2, row: 2, column: 1)])
        #expect(rows[2].problems == [FileProblem(.quoteInPlainCell, line: 3, row: 3, column: 1)])
        #expect(rows[3] == CSVRow(row: 4, line: 4, cells: ["c", "d"]))
    }

    @Test("超过上限的格子、列和行各自报告")
    func limits() throws {
        let limits = CSVLimits(rows: 3, columns: 2, cellBytes: 4)
        let read = try rows("a,b\nabcde,x\na,b,c,d,e\n", limits: limits)
        #expect(read[1].problems == [FileProblem(.cellTooLong, line: 2, row: 2, column: 1, expected: 4)])
        #expect(read[2].problems.first == FileProblem(.tooManyColumns, line: 3, row: 3, expected: 2))
        #expect(read[2].cells.count == 3)
        #expect(throws: FileProblem(.tooManyRows, line: 4, row: 4, expected: 3)) {
            _ = try rows("a\nb\nc\nd\n", limits: limits)
        }
    }

    @Test("写出的内容读回来一字不差")
    func roundTrip() throws {
        let cells = ["王\"小\"", "a,b", "一\r\n二", " 空格 ", "", "=1+1", "-5", "-5x", "@x", "'原文", "制表\t符"]
        var writer = CSVWriter()
        writer.append(["甲", "乙"])
        writer.append(cells)
        let decoded = try TextDecoding.decode(writer.bytes)
        #expect(decoded.encoding == .utf8WithMark)
        let read = try rows(decoded.text)
        #expect(read.count == 2)
        #expect(read[1].cells.map(CSVWriter.withoutGuard) == cells)
    }

    @Test("会被当成公式的文字前面加撇号，普通数字不加")
    func formulaGuard() {
        #expect(CSVWriter.encoded("=HYPERLINK(1)") == "'=HYPERLINK(1)")
        #expect(CSVWriter.encoded("+8613800000000") == "'+8613800000000")
        #expect(CSVWriter.encoded("-2+3") == "'-2+3")
        #expect(CSVWriter.encoded("＝1") == "'＝1")
        #expect(CSVWriter.encoded("-12.50") == "-12.50")
        #expect(CSVWriter.encoded("@a,b") == "\"'@a,b\"")
        #expect(CSVWriter.withoutGuard("'小名") == "'小名")
    }

    @Test("任意字节的文字都能读完而不崩溃")
    func survivesAnyText() {
        var state: UInt64 = 42
        for _ in 0..<2_000 {
            var text = ""
            for _ in 0..<24 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let pieces: [String] = ["\"", ",", "\n", "\r", "a", "王", " ", "\"\""]
                text += pieces[Int(state >> 61)]
            }
            var reader = CSVReader(text)
            var cells = 0
            do throws(FileProblem) {
                while let row = try reader.next() { cells += row.cells.count }
            } catch {
                #expect(error.kind == .unclosedQuote)
            }
            #expect(cells <= 64)
        }
    }
}
