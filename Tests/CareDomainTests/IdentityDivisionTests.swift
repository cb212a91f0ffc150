import Testing

@testable import CareDomain

@Suite("行政区划表")
struct IdentityDivisionTests {
    private let table = DivisionTable.standard
    private func code(_ text: String) -> DivisionCode { DivisionCode(text)! }
    private func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    @Test("郴州在 2014 年有十一个区县市")
    func countiesOfChenzhou() {
        let names = table.children(of: code("431000"), on: day("2014-07-16")).map(\.name)
        #expect(
            names == ["北湖区", "苏仙区", "桂阳县", "宜章县", "永兴县", "嘉禾县", "临武县", "汝城县", "桂东县", "安仁县", "资兴市"])
        #expect(table.fullName(of: code("431002"), on: day("2014-07-16")) == "湖南省郴州市北湖区")
    }

    @Test("龙港从 2019-09-25 起有自己的代码，苍南仍在")
    func longgang() {
        #expect(!table.isKnown(code("330383"), on: day("2019-09-24")))
        #expect(table.name(of: code("330383"), on: day("2019-09-25")) == "龙港市")
        #expect(table.name(of: code("330327"), on: day("2021-01-01")) == "苍南县")
    }

    @Test("小河区 2012 年撤销，由花溪区接续；观山湖区同年设立")
    func guiyang() {
        #expect(table.name(of: code("520114"), on: day("2011-06-01")) == "小河区")
        #expect(table.isKnown(code("520114"), on: day("2012-12-31")))
        #expect(!table.isKnown(code("520114"), on: day("2013-01-01")))
        #expect(table.current(code("520114"), on: day("2013-08-01")) == code("520111"))
        #expect(!table.isKnown(code("520115"), on: day("2011-12-31")))
        #expect(table.name(of: code("520115"), on: day("2013-08-01")) == "观山湖区")
    }

    @Test("厦门 2003 年：杏林区的代码归海沧区，鼓浪屿与开元并入思明，新设翔安")
    func xiamen() {
        #expect(table.name(of: code("350205"), on: day("2002-12-31")) == "杏林区")
        #expect(table.name(of: code("350205"), on: day("2004-01-01")) == "海沧区")
        #expect(table.current(code("350202"), on: day("2017-01-01")) == code("350203"))
        #expect(table.current(code("350204"), on: day("2017-01-01")) == code("350203"))
        #expect(table.children(of: code("350200"), on: day("2017-01-01")).count == 6)
    }

    @Test("开发区使用本地扩展代码，并保留两个名称")
    func developmentZone() {
        let zone = table.division(code("330371"), on: day("2021-05-01"))
        #expect(zone?.origin == .localExtension)
        #expect(zone?.name == "温州经济技术开发区")
        #expect(zone?.otherName == "浙南产业集聚区")
        // The 12 counties and one zone of the Wenzhou quota table.
        #expect(table.children(of: code("330300"), on: day("2021-05-01")).count == 13)
    }

    @Test("给人看的名称：县有名，乡镇和村写代码和所在县，表里有的乡镇写乡镇，不认识的只写代码")
    func labels() {
        func label(_ text: String, _ table: DivisionTable) -> String {
            table.label(of: code(text), on: day("2021-01-01"))
        }
        #expect(label("370304", table) == "370304 博山区")
        #expect(label("370304001", table) == "370304001 博山区")
        #expect(label("370304001002", table) == "370304001002 博山区")
        #expect(label("370399001", table) == "370399001")
        #expect(table.label(of: code("520114001"), on: day("2011-06-01")) == "520114001 小河区")
        #expect(table.label(of: code("520114001"), on: day("2013-08-01")) == "520114001")
        let local = table.adding([
            Division(
                code: code("370304001"), name: "城东街道", origin: .localExtension,
                period: DayPeriod(start: day("2001-01-01")))
        ])
        #expect(label("370304001", local) == "370304001 城东街道")
        #expect(label("370304001002", local) == "370304001002 城东街道")
        #expect(label("370304002001", local) == "370304002001 博山区")
    }

    @Test("乡镇和村的长代码按所在县回答")
    func longerCodes() {
        #expect(table.name(of: code("370304001"), on: day("2021-01-01")) == "博山区")
        #expect(table.isKnown(code("370304001002"), on: day("2021-01-01")))
        #expect(!table.isKnown(code("370399001"), on: day("2021-01-01")))
        #expect(!table.isKnown(code("999999"), on: day("2021-01-01")))
    }

    @Test("部署可以加入自己的代码；表以前的日子按第一天回答")
    func extensions() {
        let added = table.adding([
            Division(
                code: code("431071"), name: "试验区", origin: .localExtension,
                period: DayPeriod(start: day("2016-01-01"), end: day("2020-01-01")), successor: code("431002"))
        ])
        #expect(added.name(of: code("431071"), on: day("2018-01-01")) == "试验区")
        #expect(added.current(code("431071"), on: day("2020-01-01")) == code("431002"))
        #expect(!table.isKnown(code("431071"), on: day("2018-01-01")))
        #expect(table.isKnown(code("431002"), on: day("1980-01-01")))
        #expect(!table.isKnown(code("350213"), on: day("1980-01-01")))
    }

    @Test("每个区县都有在用的上级")
    func everyCountyHasAParent() {
        let today = day("2021-12-31")
        for province in ["430000", "330000", "520000", "370000", "350000"] {
            let cities = table.children(of: code(province), on: today)
            #expect(cities.count > 8)
            for city in cities { #expect(!table.children(of: city.code, on: today).isEmpty, "\(city.code)") }
        }
    }

    @Test(
        "全国的代码按当日核对：写颠倒的、撤销了的、还没有的都不认，说出何时使用",
        arguments: [
            ("413002", "2020-01-01", false, "413002"), ("120999", "2020-01-01", false, "120999"),
            ("522228", "2020-01-01", false, "522228 沿河土家族自治县，用至 2011-12-31"),
            ("522228", "2011-06-01", true, "522228"),
            ("110228", "2020-01-01", false, "110228 密云县，用至 2015-12-31"), ("110228", "2015-12-31", true, "110228"),
            ("110118", "2014-12-31", false, "110118 密云区，2015-01-01 起使用"), ("110118", "2015-01-01", true, "110118"),
            ("520627", "2020-01-01", true, "520627"), ("441900", "2020-01-01", true, "441900"),
            ("540581", "2026-11-29", true, "540581"), ("540530", "2026-11-29", false, "540530 错那县，用至 2023-12-31"),
            ("110100", "2020-01-01", false, "110100"), ("430101", "2020-01-01", false, "430101"),
            ("110105001002", "2020-01-01", true, "110105001002"), ("119999", "2020-01-01", true, "119999"),
        ])
    func wholeCountry(text: String, on: String, isKnown: Bool, usage: String) {
        #expect(table.standing(of: code(text), on: day(on)) == (isKnown ? .known : .unknown))
        if !isKnown { #expect(table.usage(of: code(text), on: day(on)).chinese == usage) }
    }

    @Test("市里的开发区用自己的代码，没有的市不行；政策所在的五个市的开发区在表里；港澳台的区不查")
    func beyondTheStandard() {
        let today = day("2020-01-01")
        #expect(table.standing(of: code("430171"), on: today) == .outside)
        #expect(table.standing(of: code("430170"), on: today) == .unknown)
        #expect(table.standing(of: code("433071"), on: today) == .unknown)
        #expect(table.standing(of: code("431071"), on: today) == .unknown)
        #expect(table.standing(of: code("330371"), on: today) == .known)
        #expect(table.standing(of: code("810101"), on: today) == .outside)
        #expect(table.standing(of: code("990101"), on: today) == .unknown)
    }

    @Test("表里的每一行都读得出：代码六位、有名称、先后不颠倒")
    func linesOfTheTable() {
        let lines = [DivisionTable.north, DivisionTable.middle, DivisionTable.west]
        let words = lines.flatMap { $0.split { $0 == "\n" || $0 == " " } }
        let read = lines.flatMap(DivisionTable.divisions(reading:))
        #expect(read.count == words.count { !$0.allSatisfy(\.isASCII) })
        #expect(read.count > 4900)
        for division in read {
            #expect(!division.name.isEmpty && division.name.allSatisfy { !$0.isASCII }, "\(division.code)")
            #expect(division.period.lastDay.map { $0 > division.period.start } ?? true, "\(division.code)")
            let city = String(division.code.rawValue.prefix(4))
            #expect(!DivisionTable.citiesByHand.contains(city), "\(division.code)")
        }
        #expect(table.fullName(of: code("110105"), on: day("2020-01-01")) == "北京市朝阳区")
        #expect(table.fullName(of: code("419001"), on: day("2020-01-01")) == "河南省济源市")
    }

    @Test("一个地方在各级属于哪个区划；更高的没有")
    func levels() {
        let village = DivisionCode("370304001002")!
        let found = AdministrativeLevel.allCases.map { $0.division(over: village)?.rawValue }
        #expect(found == ["370304001002", "370304001", "370304", "370300"])
        #expect(AdministrativeLevel.county.division(over: DivisionCode("370304")!)?.rawValue == "370304")
        #expect(AdministrativeLevel.township.division(over: DivisionCode("370304")!) == nil)
        #expect(AdministrativeLevel.county.division(over: DivisionCode("370300")!) == nil)
    }
}
