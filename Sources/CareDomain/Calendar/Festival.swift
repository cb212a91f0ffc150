/// A day of the year that people keep (节日), reckoned by the solar or by the lunar calendar.
///
/// Which of them are major holidays (重大节假日) is data of the pack or the deployment; here stands only when they are.
/// - Source: CZ-2.14b, policies README, Date words 重大节假日
package struct Festival: Hashable, Sendable {
    /// How the day is found.
    package enum Rule: Hashable, Sendable {
        /// Month and day of the Gregorian calendar.
        case solar(month: Int, day: Int)
        /// Month and day of the lunar year that begins in the year asked for.
        case lunar(month: Int, day: Int)
        /// Month and day of the lunar year that ends in the year asked for, so shortly before its New Year.
        case lunarBeforeNewYear(month: Int, day: Int)
        /// 除夕: the day before the New Year.
        case newYearsEve
        /// 清明, a solar term.
        case qingming
    }

    /// `spring_festival`, as packs and visits name it.
    package let code: Code
    package let chinese: String
    package let english: String
    package let rule: Rule

    private init(_ code: String, _ chinese: String, _ english: String, _ rule: Rule) {
        self.code = Code(unchecked: code)
        self.chinese = chinese
        self.english = english
        self.rule = rule
    }

    /// The festival's day in a year; nil outside 1950–2100, the years of the lunar table.
    ///
    /// Each festival has one day per year. Those of the last lunar month (腊八, 除夕) belong to the year whose New Year
    /// they come before: 腊八 of 2014 is 2014-01-08, and that of 2023 is 2022-12-30.
    package func day(year: Int) -> CivilDay? {
        guard Self.years.contains(year) else { return nil }
        return switch rule {
        case .solar(let month, let day): CivilDay(year: year, month: month, day: day)
        case .lunar(let month, let day): LunarCalendar.day(of: LunarDate(year: year, month: month, day: day))
        case .lunarBeforeNewYear(let month, let day):
            LunarCalendar.day(of: LunarDate(year: year - 1, month: month, day: day))
        case .newYearsEve: LunarCalendar.day(of: LunarDate(year: year, month: 1, day: 1)).map { $0 - 1 }
        case .qingming: LunarCalendar.qingming(year: year)
        }
    }

    /// The festival in a year with its statutory days off: from its day to the day before `end`.
    ///
    /// - Source: 全国年节及纪念日放假办法 (1949; 1999, 2007, 2013 and 2024 versions)
    package func period(year: Int) -> DayPeriod? {
        day(year: year).map { DayPeriod(start: $0, end: $0 + statutoryLength(year: year)) }
    }

    private func statutoryLength(year: Int) -> Int32 {
        switch code.rawValue {
        case "spring_festival": (2008...2013).contains(year) ? 2 : 3
        case "labour_day": (2000...2007).contains(year) ? 3 : year >= 2025 ? 2 : 1
        case "national_day": year >= 1999 ? 3 : 2
        default: 1
        }
    }

    /// The next time the festival begins on or after `day`; nil beyond the table.
    package func next(onOrAfter day: CivilDay) -> DayPeriod? {
        // 腊八 of a year may fall in the December before it.
        for year in day.year...day.year + 1 {
            if let period = period(year: year), period.start >= day { return period }
        }
        return period(year: day.year + 2)
    }

    /// Years for which every festival is known.
    package static let years = 1950...2100

    /// Every festival known here, in the order of the solar year.
    package static let all: [Festival] = [
        Festival("new_year", "元旦", "New Year's Day", .solar(month: 1, day: 1)),
        Festival("laba", "腊八", "Laba Festival", .lunarBeforeNewYear(month: 12, day: 8)),
        Festival("lunar_new_years_eve", "除夕", "Lunar New Year's Eve", .newYearsEve),
        Festival("spring_festival", "春节", "Spring Festival", .lunar(month: 1, day: 1)),
        Festival("lantern_festival", "元宵节", "Lantern Festival", .lunar(month: 1, day: 15)),
        Festival("womens_day", "妇女节", "Women's Day", .solar(month: 3, day: 8)),
        Festival("qingming", "清明节", "Qingming Festival", .qingming),
        Festival("labour_day", "劳动节", "Labour Day", .solar(month: 5, day: 1)),
        Festival("youth_day", "青年节", "Youth Day", .solar(month: 5, day: 4)),
        Festival("childrens_day", "儿童节", "Children's Day", .solar(month: 6, day: 1)),
        Festival("dragon_boat", "端午节", "Dragon Boat Festival", .lunar(month: 5, day: 5)),
        Festival("party_day", "建党节", "Party Founding Day", .solar(month: 7, day: 1)),
        Festival("army_day", "建军节", "Army Day", .solar(month: 8, day: 1)),
        Festival("teachers_day", "教师节", "Teachers' Day", .solar(month: 9, day: 10)),
        Festival("mid_autumn", "中秋节", "Mid-Autumn Festival", .lunar(month: 8, day: 15)),
        Festival("national_day", "国庆节", "National Day", .solar(month: 10, day: 1)),
        Festival("double_ninth", "重阳节", "Double Ninth Festival", .lunar(month: 9, day: 9)),
    ]

    /// The festival with this code; nil when it is not known here.
    package static func named(_ code: Code) -> Festival? { all.first { $0.code == code } }
}
