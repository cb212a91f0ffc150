import Testing

@testable import CareDomain

@Suite("节日")
struct CalendarFestivalTests {
    private func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }
    private func festival(_ code: String) throws -> Festival {
        try #require(Code(code).flatMap(Festival.named))
    }

    @Test(
        "节日落在公布的日子",
        arguments: [
            ("spring_festival", 2014, "2014-01-31"), ("spring_festival", 2026, "2026-02-17"),
            ("lantern_festival", 2014, "2014-02-14"), ("qingming", 2014, "2014-04-05"),
            ("qingming", 2024, "2024-04-04"), ("dragon_boat", 2014, "2014-06-02"),
            ("dragon_boat", 2020, "2020-06-25"), ("mid_autumn", 2014, "2014-09-08"),
            ("mid_autumn", 2020, "2020-10-01"), ("double_ninth", 2014, "2014-10-02"),
            ("double_ninth", 2024, "2024-10-11"), ("lunar_new_years_eve", 2014, "2014-01-30"),
            ("lunar_new_years_eve", 2025, "2025-01-28"), ("laba", 2014, "2014-01-08"), ("laba", 2023, "2022-12-30"),
            ("new_year", 2015, "2015-01-01"), ("labour_day", 2015, "2015-05-01"),
            ("national_day", 2014, "2014-10-01"), ("teachers_day", 2014, "2014-09-10"),
        ])
    func knownDays(code: String, year: Int, expected: String) throws {
        #expect(try festival(code).day(year: year) == day(expected))
    }

    @Test("每个节日在 1950 至 2100 年每年都有一天，相邻两年相距 353 至 386 天")
    func everyYearHasEveryFestival() throws {
        for festival in Festival.all {
            for year in 1950..<2100 {
                let this = try #require(festival.day(year: year))
                let next = try #require(festival.day(year: year + 1))
                #expect((353...386).contains(next - this), "\(festival.code) \(year)")
            }
            #expect(festival.day(year: 1949) == nil)
            #expect(festival.day(year: 2101) == nil)
        }
        #expect(Set(Festival.all.map(\.code)).count == Festival.all.count)
    }

    @Test(
        "法定假期按当年的办法计算",
        arguments: [
            ("spring_festival", 2013, 2), ("spring_festival", 2014, 3), ("labour_day", 2005, 3),
            ("labour_day", 2014, 1), ("labour_day", 2025, 2), ("national_day", 1998, 2), ("national_day", 2014, 3),
            ("mid_autumn", 2014, 1),
        ])
    func statutoryDays(code: String, year: Int, length: Int32) throws {
        let period = try #require(try festival(code).period(year: year))
        #expect(period.end == period.start + length)
    }

    @Test("下一次节日：当天算在内，过了就是下一年")
    func nextOccurrence() throws {
        #expect(try festival("mid_autumn").next(onOrAfter: day("2014-09-08"))?.start == day("2014-09-08"))
        #expect(try festival("mid_autumn").next(onOrAfter: day("2014-09-09"))?.start == day("2015-09-27"))
        #expect(try festival("laba").next(onOrAfter: day("2022-06-01"))?.start == day("2022-12-30"))
        #expect(try festival("laba").next(onOrAfter: day("2022-12-31"))?.start == day("2024-01-18"))
        #expect(try festival("new_year").next(onOrAfter: day("2100-02-01")) == nil)
    }
}
