import Foundation
import Testing

@testable import CareDomain

@Suite("公历日")
struct ValuesCivilDayTests {
    private func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    @Test("1900 至 2100 年每一天的年月日与 Foundation 的公历一致", .timeLimit(.minutes(10)))
    func agreesWithFoundation() throws {
        var gregorian = Calendar(identifier: .gregorian)
        gregorian.timeZone = try #require(TimeZone(identifier: "UTC"))
        var wrong: [CivilDay] = []
        let first = try #require(CivilDay(year: 1900, month: 1, day: 1))
        let last = try #require(CivilDay(year: 2100, month: 12, day: 31))
        #expect(last - first == 73_413)
        for number in first.dayNumber...last.dayNumber {
            let ours = CivilDay(dayNumber: number)
            let date = Date(timeIntervalSince1970: Double(number) * 86_400)
            let parts = gregorian.dateComponents([.year, .month, .day], from: date)
            let (year, month, day) = ours.components
            let same = year == parts.year && month == parts.month && day == parts.day
            if !same || CivilDay(year: year, month: month, day: day) != ours { wrong.append(ours) }
        }
        #expect(wrong.isEmpty)
    }

    @Test("写成日期而没有这一天的说明缘由；有这一天的、不是写成日期的不说")
    func noSuchDay() {
        func said(_ text: String) -> [String]? { NoSuchDay(parsing: text).map { [$0.chinese, $0.english] } }
        #expect(said("2014-02-29") == ["2014 不是闰年，2 月只有 28 天", "2014 is no leap year, its February has 28 days"])
        #expect(said("20140229")?.first == "2014 不是闰年，2 月只有 28 天")
        #expect(said("2016年2月30日") == ["2016 年 2 月只有 29 天", "month 2 of 2016 has 29 days"])
        #expect(said("1900-2-29")?.first == "1900 不是闰年，2 月只有 28 天")
        #expect(said("2014.4.31")?.first == "2014 年 4 月只有 30 天")
        #expect(said("2014-13-01") == ["月份只有 1 至 12", "months are 1 to 12"])
        #expect(said("2014-01-00") == ["日从 1 起", "days begin with 1"])
        for text in ["2016-02-29", "昨天", "", "14-02-29", "2014-02", "0000-02-29"] { #expect(said(text) == nil) }
    }

    @Test("再远的日子也一天接一天，月末和闰年不乱")
    func farDays() throws {
        func follows(_ number: Int32) -> Bool {
            let (one, two) = (CivilDay(dayNumber: number).components, CivilDay(dayNumber: number + 1).components)
            if two.day > 1 { return two == (one.year, one.month, one.day + 1) }
            let isLast = one.day == CivilDay.daysInMonth(year: one.year, month: one.month)
            return isLast && two == (one.month == 12 ? (one.year + 1, 1, 1) : (one.year, one.month + 1, 1))
        }
        for number in stride(from: Int32.min, to: Int32.max - 400, by: 1_048_573) {
            let wrong = (0..<400).first { !follows(number + $0) }
            #expect(wrong == nil, "\(number)")
        }
        #expect(follows(.max - 1))
        #expect(CivilDay(dayNumber: .min).components == (-5_877_641, 6, 23))
    }

    @Test("加减到头为止：最早和最晚的日子不中断")
    func stopsAtTheEnds() {
        let (first, last) = (CivilDay(dayNumber: .min), CivilDay(dayNumber: .max))
        #expect(first - 1 == first && last + 1 == last && first + 1 > first && last - 1 < last)
        #expect(last + .min == CivilDay(dayNumber: -1) && first - .min == CivilDay(dayNumber: 0))
        #expect(last - first == .max && first - last == .min)
        for day in [first, last, day("0001-01-01"), day("9999-12-31")] {
            for count in [Int.min, -200_000_001, -12, 0, 12, 200_000_001, .max] {
                _ = (day.adding(months: count), day.birthday(years: count))
            }
            _ = (day.startOfMonth, day.endOfMonth, day.age(on: last), day.description)
            let month = CivilMonth(containing: day)
            #expect(month.firstDay <= day && month.lastDay >= day)
            for unit in CalendarUnit.allCases { #expect(unit.months(with: month).contains(month)) }
        }
        #expect(day("9999-12-31") + 1 == day("9999-12-31").adding(months: 1).startOfMonth)
        #expect((CivilMonth(containing: day("9999-12-31")) + 1).firstDay == day("9999-12-31") + 1)
        #expect((CivilMonth(containing: day("9999-12-31")) + 1).description == "10000-01")
        #expect((CivilMonth(containing: day("0001-01-01")) + -1).firstDay == day("0001-01-01") - 31)
        #expect(first.adding(months: .min) == first && last.adding(months: .max) == last)
        #expect(CivilDay(microsecondsUTC: .max) > day("9999-12-31"))
        #expect(CivilDay(microsecondsUTC: .min) < day("0001-01-01"))
    }

    @Test("再远的月份也有首日，不中断")
    func farMonths() {
        for index in [Int32.min, -100_000_001, -13, -1, 0, 11, 120_000, 100_000_001, .max] {
            let month = CivilMonth(index: index)
            #expect((1...12).contains(month.month) && month.firstDay <= month.lastDay)
            #expect(month + .max >= month && month + .min <= month)
            for unit in CalendarUnit.allCases { #expect(unit.first(with: month) <= month) }
        }
        #expect(CivilMonth(index: -1).year == -1 && CivilMonth(index: -1).month == 12)
        #expect(CivilMonth(year: .max, month: 1) == CivilMonth(year: .max, month: 12))
        #expect(CivilMonth(year: 9999, month: 12) + 1 == CivilMonth(year: 10_000, month: 1))
    }

    @Test("加减月份与 Foundation 相同：没有那一天就取月末", .timeLimit(.minutes(10)))
    func addingMonths() throws {
        var gregorian = Calendar(identifier: .gregorian)
        gregorian.timeZone = try #require(TimeZone(identifier: "UTC"))
        for number in stride(from: Int32(-25_567), to: 47_000, by: 97) {
            // Within a year only: over longer spans Foundation goes by years first and then clips twice.
            for months in [-12, -11, -2, -1, 0, 1, 2, 11, 12] {
                let date = Date(timeIntervalSince1970: Double(number) * 86_400)
                let moved = try #require(gregorian.date(byAdding: .month, value: months, to: date))
                let expected = Int32((moved.timeIntervalSince1970 / 86_400).rounded())
                #expect(CivilDay(dayNumber: number).adding(months: months).dayNumber == expected)
            }
        }
        #expect(day("2014-01-31").adding(months: 1) == day("2014-02-28"))
        #expect(day("1938-03-31").adding(months: -25) == day("1936-02-29"))
        #expect(day("2014-08-31").adding(months: 1_234) == day("2117-06-30"))
        #expect(day("2014-02-10").endOfMonth == day("2014-02-28"))
        #expect(day("2016-02-10").endOfMonth == day("2016-02-29"))
    }

    @Test("表格上常见的写法都能读", arguments: ["2014-07-16", "2014/7/16", "2014.07.16", "2014年7月16日", "20140716"])
    func acceptedForms(text: String) {
        #expect(CivilDay(parsing: text) == CivilDay(year: 2014, month: 7, day: 16))
    }

    @Test(
        "不是日期的文字读不出日期",
        arguments: [
            "", "2014", "2014-07", "2014-13-01", "2014-02-29", "2014-04-31", "0000-01-01", "2014--07-16", "-2014-07-16",
            "16-07-2014", "2014-07-16T00:00", "201407160", "99999999999999999999", "今天", "2014-7-16-1", "２０１４-07-16",
            "65-3-1", "114-07-16",
        ])
    func refusedForms(text: String) {
        #expect(CivilDay(parsing: text) == nil)
    }

    @Test("打印的写法能读回来")
    func roundTrip() {
        for number in stride(from: Int32(-719_162), to: 2_932_896, by: 9_973) {
            let day = CivilDay(dayNumber: number)
            #expect(CivilDay(parsing: day.description) == day)
        }
        #expect(day("2014-07-06").description == "2014-07-06")
    }

    @Test("2 月 29 日出生的人平年 3 月 1 日满岁，闰年 2 月 29 日满岁")
    func leapDayBirthdays() {
        let born = day("1964-02-29")
        #expect(born.birthday(years: 49) == day("2013-03-01"))
        #expect(born.birthday(years: 48) == day("2012-02-29"))
        #expect(born.age(on: day("2013-02-28")) == 48)
        #expect(born.age(on: day("2013-03-01")) == 49)
        #expect(born.age(on: day("1964-02-29")) == 0)
        #expect(born.age(on: day("1964-02-28")) == -1)
    }

    @Test("周岁在生日当天增加")
    func ageOnTheBirthday() {
        let born = day("1965-09-10")
        #expect(born.age(on: day("2014-09-09")) == 48)
        #expect(born.age(on: day("2014-09-10")) == 49)
    }

    @Test("时刻按东八区算作哪一天")
    func dayOfAMoment() {
        // 2014-07-15T15:59:59.999999Z and the next microsecond, midnight in Shanghai.
        let midnight: Int64 = 1_405_440_000_000_000
        #expect(CivilDay(microsecondsUTC: midnight - 1) == day("2014-07-15"))
        #expect(CivilDay(microsecondsUTC: midnight) == day("2014-07-16"))
        #expect(CivilDay(microsecondsUTC: -8 * 3_600_000_000 - 1) == day("1969-12-31"))
        #expect(CivilDay(microsecondsUTC: -8 * 3_600_000_000) == day("1970-01-01"))
    }
}
