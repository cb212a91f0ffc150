/// 没有这一天: why a text that is written as a day names none, such as 29 February of a common year.
///
/// The words tell the month and never the text itself.
package struct NoSuchDay: Hashable, Sendable {
    private let year: Int
    private let month: Int
    private let day: Int

    /// - Returns: nil for a day that there is, and for what is not written as one.
    package init?(parsing text: some StringProtocol) {
        guard let (year, month, day) = CivilDay.parts(of: text), (1...9999).contains(year),
            CivilDay(year: year, month: month, day: day) == nil
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// 2014 不是闰年，2 月只有 28 天
    package var chinese: String {
        guard (1...12).contains(month) else { return "月份只有 1 至 12" }
        guard day > 0 else { return "日从 1 起" }
        let last = CivilDay.daysInMonth(year: year, month: month)
        return isLeapDay ? "\(year) 不是闰年，2 月只有 \(last) 天" : "\(year) 年 \(month) 月只有 \(last) 天"
    }

    /// 2014 is no leap year, its February has 28 days
    package var english: String {
        guard (1...12).contains(month) else { return "months are 1 to 12" }
        guard day > 0 else { return "days begin with 1" }
        let last = CivilDay.daysInMonth(year: year, month: month)
        return isLeapDay
            ? "\(year) is no leap year, its February has \(last) days" : "month \(month) of \(year) has \(last) days"
    }

    private var isLeapDay: Bool { month == 2 && day == 29 }
}
