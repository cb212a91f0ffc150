import Testing

@testable import CareDomain

@Suite("值类型")
struct ValuesTests {
    private func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    @Test("标识写成 26 个字符，能读回来，大小写都认")
    func identifierRoundTrip() throws {
        let samples = [
            Identifier128(high: 0, low: 0), Identifier128(high: .max, low: .max), Identifier128(high: 1, low: 0),
            Identifier128(high: 0, low: 1), Identifier128(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210),
        ]
        for sample in samples {
            let text = sample.description
            #expect(text.utf8.count == 26)
            #expect(Identifier128(text) == sample)
            #expect(Identifier128(text.uppercased()) == sample)
            #expect(Identifier128(bytes: sample.bytes) == sample)
        }
        #expect(Identifier128(high: 0, low: 0).description == String(repeating: "0", count: 26))
    }

    @Test("标识文字的顺序就是标识的顺序")
    func identifierOrder() {
        let ordered = [
            Identifier128(high: 0, low: 5), Identifier128(high: 0, low: .max), Identifier128(high: 1, low: 0),
            Identifier128(high: .max, low: 0),
        ]
        #expect(ordered.sorted() == ordered)
        #expect(ordered.map(\.description).sorted() == ordered.map(\.description))
    }

    @Test("不是标识的文字读不出标识")
    func identifierRefusals() {
        let zeros = String(repeating: "0", count: 25)
        #expect(Identifier128(zeros) == nil)
        #expect(Identifier128(zeros + "00") == nil)
        #expect(Identifier128(zeros + "l") == nil)
        #expect(Identifier128(zeros + "-") == nil)
        // 26 characters hold 130 bits; the first may be no more than 7.
        #expect(Identifier128("8" + zeros) == nil)
        #expect(Identifier128("7" + String(repeating: "z", count: 25)) == Identifier128(high: .max, low: .max))
        #expect(Identifier128(bytes: [UInt8](repeating: 0, count: 15)) == nil)
    }

    @Test("金额打印为元，两位小数")
    func fenPrinting() {
        #expect(Fen(30_000).description == "300.00")
        #expect(Fen(5).description == "0.05")
        #expect(Fen(-5).description == "-0.05")
        #expect(Fen(-12_345).description == "-123.45")
        #expect(Fen.yuan(300) == Fen(30_000))
        #expect((Fen(7) - Fen(10) + Fen(1)) * 3 == Fen(-6))
        #expect(Fen(Int64.min).description == "-92233720368547758.08")
    }

    @Test("期间从首日起到止日前一天")
    func periodBounds() {
        let period = DayPeriod(start: day("2014-07-01"), end: day("2014-08-01"))
        #expect(!period.contains(day("2014-06-30")))
        #expect(period.contains(day("2014-07-01")))
        #expect(period.contains(day("2014-07-31")))
        #expect(!period.contains(day("2014-08-01")))
        #expect(DayPeriod(start: day("2014-07-01")).contains(day("2099-01-01")))
        #expect(DayPeriod(start: day("2014-07-01"), end: day("2014-07-01")).isEmpty)
    }

    @Test("期间的交集；只相接的期间没有交集")
    func periodIntersection() {
        let july = DayPeriod(start: day("2014-07-01"), end: day("2014-08-01"))
        let fromMid = DayPeriod(start: day("2014-07-16"))
        let august = DayPeriod(start: day("2014-08-01"), end: day("2014-09-01"))
        #expect(july.intersection(fromMid) == DayPeriod(start: day("2014-07-16"), end: day("2014-08-01")))
        #expect(fromMid.intersection(DayPeriod(start: day("2015-01-01"))) == DayPeriod(start: day("2015-01-01")))
        #expect(july.intersection(august) == nil)
    }

    @Test("月份的首日、末日、加减与写法")
    func months() {
        let month = CivilMonth(containing: day("2016-02-10"))
        #expect(month.firstDay == day("2016-02-01"))
        #expect(month.lastDay == day("2016-02-29"))
        #expect((month + 11).description == "2017-01")
        #expect(month + 11 - month == 11)
    }

    @Test("代码只含小写字母、数字、_、-、.，至多 64 个")
    func codes() {
        #expect(Code("needs-2021.a_b")?.rawValue == "needs-2021.a_b")
        for text in ["", "A", "中", "a b", "a/b", String(repeating: "a", count: 65)] { #expect(Code(text) == nil) }
    }

    @Test("条款号的写法", arguments: ["CZ-2.1", "CZ-2.14a", "WZ-A3.2b", "GY-3.12d"])
    func clauses(text: String) {
        #expect(ClauseID(text)?.rawValue == text)
        #expect(ClauseID(text.lowercased()) == nil)
    }

    @Test("区划代码的包含关系")
    func divisions() throws {
        let county = try #require(DivisionCode("431002"))
        let village = try #require(DivisionCode("431002001003"))
        #expect(try county.isWithin(#require(DivisionCode("431000"))))
        #expect(try county.isWithin(#require(DivisionCode("430000"))))
        #expect(village.isWithin(county))
        #expect(!county.isWithin(village))
        #expect(try !county.isWithin(#require(DivisionCode("431003"))))
        #expect(DivisionCode("43100") == nil)
        #expect(DivisionCode("43100x") == nil)
    }
}
