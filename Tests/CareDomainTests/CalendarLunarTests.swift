import Foundation
import Testing

@testable import CareDomain

@Suite("农历")
struct CalendarLunarTests {
    @Test("1950 至 2050 年每一天的农历日期与 Foundation 的农历一致", .timeLimit(.minutes(10)))
    func everyDayAgreesWithFoundation() throws {
        let shanghai = try #require(TimeZone(identifier: "Asia/Shanghai"))
        var chinese = Calendar(identifier: .chinese)
        chinese.timeZone = shanghai
        let first = try #require(CivilDay(year: 1950, month: 1, day: 1))
        let last = try #require(CivilDay(year: 2050, month: 12, day: 31))
        var wrong: [CivilDay] = []
        for number in first.dayNumber...last.dayNumber {
            let day = CivilDay(dayNumber: number)
            // Noon in Shanghai.
            let date = Date(timeIntervalSince1970: Double(number) * 86_400 + 4 * 3600)
            let parts = chinese.dateComponents([.month, .day], from: date)
            let ours = LunarCalendar.date(of: day)
            let same =
                ours?.month == parts.month && ours?.day == parts.day
                && ours?.isLeapMonth == (parts.isLeapMonth ?? false)
            if !same || ours.flatMap(LunarCalendar.day(of:)) != day { wrong.append(day) }
        }
        #expect(wrong.isEmpty)
    }

    @Test("表内每一天都能来回换算，且日期连续")
    func roundTripOverTheWholeTable() throws {
        let first = try #require(LunarCalendar.day(of: LunarDate(year: 1949, month: 1, day: 1)))
        let last = try #require(CivilDay(year: 2100, month: 12, day: 31))
        var previous: LunarDate?
        for number in first.dayNumber...last.dayNumber {
            let day = CivilDay(dayNumber: number)
            let date = try #require(LunarCalendar.date(of: day))
            #expect(LunarCalendar.day(of: date) == day)
            if let previous, date.day != previous.day + 1 { #expect(date.day == 1 && previous.day >= 29) }
            previous = date
        }
    }

    @Test(
        "闰月与月长取自表：2014 闰九月、2033 闰十一月、2020 闰四月",
        arguments: [(2014, 9, "2014-10-24"), (2033, 11, "2033-12-22"), (2020, 4, "2020-05-23")])
    func leapMonths(year: Int, month: Int, firstDay: String) {
        let day = LunarCalendar.day(of: LunarDate(year: year, month: month, isLeapMonth: true, day: 1))
        #expect(day == CivilDay(parsing: firstDay))
    }

    @Test("不存在的农历日期没有对应的公历日")
    func impossibleDates() {
        #expect(LunarCalendar.day(of: LunarDate(year: 2014, month: 8, isLeapMonth: true, day: 1)) == nil)
        #expect(LunarCalendar.day(of: LunarDate(year: 2014, month: 13, day: 1)) == nil)
        #expect(LunarCalendar.day(of: LunarDate(year: 2014, month: 1, day: 31)) == nil)
        #expect(LunarCalendar.day(of: LunarDate(year: 2014, month: 1, day: 0)) == nil)
        #expect(LunarCalendar.day(of: LunarDate(year: 1948, month: 1, day: 1)) == nil)
        #expect(LunarCalendar.day(of: LunarDate(year: 2101, month: 1, day: 1)) == nil)
        #expect(LunarCalendar.date(of: CivilDay(year: 1949, month: 1, day: 28)!) == nil)
    }

    @Test("清明是太阳到黄经 15 度的那一天，1950 至 2100 年逐年核对")
    func qingmingByTheSun() throws {
        for year in 1950...2100 {
            let day = try #require(LunarCalendar.qingming(year: year))
            // 0.012° is a quarter of an hour: the error of the short solar theory used here.
            #expect(SunLongitude.degrees(at: day) < 15.012, "\(year)")
            #expect(SunLongitude.degrees(at: day + 1) > 14.988, "\(year)")
        }
    }
}

/// Apparent longitude of the sun by the short theory of Meeus, Astronomical Algorithms, chapter 25 (0.01°).
private enum SunLongitude {
    /// At 00:00 in Shanghai (UTC+8).
    static func degrees(at day: CivilDay) -> Double {
        let julianDay = Double(day.dayNumber) + 2_440_587.5 - 8.0 / 24.0 + 70.0 / 86_400.0
        let centuries = (julianDay - 2_451_545.0) / 36_525.0
        let radians = Double.pi / 180
        let meanLongitude = 280.46646 + 36_000.76983 * centuries + 0.0003032 * centuries * centuries
        let anomaly = (357.52911 + 35_999.05029 * centuries - 0.0001537 * centuries * centuries) * radians
        let center =
            (1.914602 - 0.004817 * centuries) * sin(anomaly) + (0.019993 - 0.000101 * centuries) * sin(2 * anomaly)
            + 0.000289 * sin(3 * anomaly)
        let node = (125.04 - 1934.136 * centuries) * radians
        let apparent = meanLongitude + center - 0.00569 - 0.00478 * sin(node)
        let turned = apparent.truncatingRemainder(dividingBy: 360)
        return turned < 0 ? turned + 360 : turned
    }
}
