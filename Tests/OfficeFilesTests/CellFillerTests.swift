import OfficeFiles
import Testing

@Suite("不是内容的格子")
struct CellFillerTests {
    @Test("公式和公式的错误认得出；加引号的公式是文字，负数和普通文字不算")
    func formulas() {
        for cell in ["=A1&B1", " =1+1", "＝A1", "#REF!", "#n/a", "#VALUE!", "#NAME?", "#DIV/0!", "####", "=\"\""] {
            #expect(CellFiller.isFormula(cell), "\(cell)")
        }
        for cell in ["=\"431002\"", "-5", "+86 735", "@", "3#楼", "#3", "##", "东街1号", ""] {
            #expect(!CellFiller.isFormula(cell), "\(cell)")
        }
    }

    @Test("日期去掉零点和空格；别的钟点、两个挨着的数不猜")
    func days() {
        let days = [
            ("2014-03-01 00:00:00", "2014-03-01"), ("2014/3/1 0:00", "2014/3/1"),
            ("2014-03-01T00:00:00.0", "2014-03-01"),
            ("2014 年 3 月 1 日", "2014年3月1日"), ("2014. 3. 1", "2014.3.1"), ("２０１４ ０３ ０１", "2014-03-01"),
            ("2014-1 1-2", "2014-1-1-2"), ("2014-03-01 10:30", "2014-03-01-10:30"), ("2014-03-01", "2014-03-01"),
        ]
        for (cell, day) in days { #expect(CellText.day(cell) == day, "\(cell)") }
    }
}
