/// A civil day in the Gregorian calendar, as people write it on a form: no time, no zone.
///
/// Stored as the number of days since 1970-01-01, so that days compare, subtract and travel as one `Int32`. Arithmetic stops at
/// the first and the last of those days: what a form says about the year 9999 ends no process.
/// The day of a moment is counted in Asia/Shanghai (UTC+8, no daylight saving since 1992); see `init(microsecondsUTC:)`.
package struct CivilDay: Hashable, Sendable, Comparable {
    /// Days since 1970-01-01; negative before.
    package let dayNumber: Int32

    /// Makes a day from its number of days since 1970-01-01.
    package init(dayNumber: Int32) { self.dayNumber = dayNumber }

    /// Makes a day from year, month and day; `nil` when there is no such day (31 April, 29 February of a common year).
    ///
    /// Years 1 to 9999 are accepted.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.daysInMonth(year: year, month: month)
        else { return nil }
        self.dayNumber = Self.number(year: year, month: month, day: day)
    }

    /// The civil day in Asia/Shanghai of a moment given in microseconds since 1970-01-01 UTC.
    package init(microsecondsUTC: Int64) {
        let (local, overflow) = microsecondsUTC.addingReportingOverflow(8 * 3_600_000_000)
        let (day, rest) = (overflow ? Int64.max : local).quotientAndRemainder(dividingBy: 86_400_000_000)
        self.dayNumber = Int32(clamping: rest < 0 ? day - 1 : day)
    }

    /// Reads `2014-07-16`, `2014/7/16`, `2014.7.16`, `2014年7月16日` or `20140716`; `nil` for anything else.
    /// A year has four digits: `65-3-1` may be 1965 or a slip, and nobody should guess which.
    package init?(parsing text: some StringProtocol) {
        guard let (year, month, day) = Self.parts(of: text) else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Year, month and day of a text that is written as a day, whether or not there is such a day.
    static func parts(of text: some StringProtocol) -> (year: Int, month: Int, day: Int)? {
        var numbers: [Int] = []
        var current: Int?
        for scalar in text.unicodeScalars {
            if let digit = Self.digit(scalar) {
                guard (current ?? 0) < 100_000_000 else { return nil }
                current = (current ?? 0) * 10 + digit
            } else {
                guard "-/.年月日".unicodeScalars.contains(scalar) else { return nil }
                guard let number = current else { return nil }
                numbers.append(number)
                current = nil
            }
        }
        if let number = current { numbers.append(number) }
        if numbers.count == 1, text.unicodeScalars.count == 8 {
            return (numbers[0] / 10_000, numbers[0] / 100 % 100, numbers[0] % 100)
        }
        guard numbers.count == 3, text.unicodeScalars.prefix(while: { Self.digit($0) != nil }).count == 4 else {
            return nil
        }
        return (numbers[0], numbers[1], numbers[2])
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Int? {
        (48...57).contains(scalar.value) ? Int(scalar.value) - 48 : nil
    }

    /// Year, month (1–12) and day of month (1–31).
    package var components: (year: Int, month: Int, day: Int) {
        // Days from 1 March of a year divisible by 400, far enough back that no day of ours is before it. Years begin in
        // March, so that the leap day is the last; divisions are by constants, or halves of one multiplication.
        // - Source: C. Neri, L. Schneider, Euclidean affine functions and their application to calendar algorithms, 2022
        let quarters = UInt64(Int64(dayNumber) + 719_468 + Self.erasBefore * 146_097) * 4 + 3
        let century = quarters / 146_097
        let dayOfCentury = UInt32(truncatingIfNeeded: quarters % 146_097) | 3
        let product = UInt64(dayOfCentury) * 2_939_745
        let yearOfCentury = product >> 32
        let dayOfYear = UInt32(truncatingIfNeeded: product) / 2_939_745 / 4
        let scaled = dayOfYear * 2_141 + 197_913
        let isNextYear = dayOfYear >= 306
        let year = Int(100 * century + yearOfCentury) - Int(Self.erasBefore) * 400 + (isNextYear ? 1 : 0)
        return (year, Int(scaled >> 16) - (isNextYear ? 12 : 0), Int((scaled & 0xffff) / 2_141) + 1)
    }

    /// Eras of 400 years counted before year 0, more than an `Int32` of days reaches back.
    private static let erasBefore: Int64 = 14_705

    /// Calendar year.
    package var year: Int { components.year }
    /// Month of the year, 1–12.
    package var month: Int { components.month }
    /// Day of the month, 1–31.
    package var day: Int { components.day }

    /// The first day of this day's month.
    package var startOfMonth: CivilDay {
        let (year, month, _) = components
        return CivilDay(dayNumber: Self.number(year: year, month: month, day: 1))
    }

    /// The last day of this day's month.
    package var endOfMonth: CivilDay {
        let (year, month, _) = components
        let last = Self.daysInMonth(year: year, month: month)
        return CivilDay(dayNumber: Self.number(year: year, month: month, day: last))
    }

    /// The same day of the month `months` later (negative: earlier), or that month's last day when it is shorter.
    package func adding(months: Int) -> CivilDay {
        let (year, month, day) = components
        let index = year * 12 + (month - 1) + Self.within(months)
        let newYear = index >= 0 ? index / 12 : -((-index + 11) / 12)
        let newMonth = index - newYear * 12 + 1
        let newDay = min(day, Self.daysInMonth(year: newYear, month: newMonth))
        return CivilDay(dayNumber: Self.number(year: newYear, month: newMonth, day: newDay))
    }

    /// The day on which somebody born on this day reaches `years` full years (周岁): the birthday, and 1 March in a
    /// common year for those born on 29 February.
    ///
    /// - Source: policies, 边界词 周岁 (reading `age_attained = birthday`)
    package func birthday(years: Int) -> CivilDay {
        let (year, month, day) = components
        let years = Self.within(years)
        let isLeapDay = month == 2 && day == 29
        if isLeapDay && Self.daysInMonth(year: year + years, month: 2) == 28 {
            return CivilDay(dayNumber: Self.number(year: year + years, month: 3, day: 1))
        }
        return CivilDay(dayNumber: Self.number(year: year + years, month: month, day: day))
    }

    /// Full years (周岁) reached on `day` by somebody born on this day; negative before birth is clamped to -1.
    package func age(on day: CivilDay) -> Int {
        guard day >= self else { return -1 }
        let years = day.year - year
        return birthday(years: years) <= day ? years : years - 1
    }

    /// Days in the month; 28 to 31.
    package static func daysInMonth(year: Int, month: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// A count of months or years of which no more changes anything: it leads beyond all days.
    private static func within(_ count: Int) -> Int { min(max(count, -200_000_000), 200_000_000) }

    /// The number of a day; the first or last one there is where the day lies beyond it.
    static func number(year: Int, month: Int, day: Int) -> Int32 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int32(clamping: era * 146_097 + dayOfEra - 719_468)
    }

    package static func < (left: CivilDay, right: CivilDay) -> Bool { left.dayNumber < right.dayNumber }
    /// The day `days` later.
    package static func + (day: CivilDay, days: Int32) -> CivilDay {
        CivilDay(dayNumber: day.dayNumber.addingStoppingAtBounds(days))
    }
    /// The day `days` earlier.
    package static func - (day: CivilDay, days: Int32) -> CivilDay {
        CivilDay(dayNumber: day.dayNumber.subtractingStoppingAtBounds(days))
    }
    /// Days from `right` to `left`.
    package static func - (left: CivilDay, right: CivilDay) -> Int32 {
        left.dayNumber.subtractingStoppingAtBounds(right.dayNumber)
    }
}

extension Int32 {
    /// The sum, or the number nearest to it.
    fileprivate func addingStoppingAtBounds(_ other: Int32) -> Int32 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    /// The difference, or the number nearest to it.
    fileprivate func subtractingStoppingAtBounds(_ other: Int32) -> Int32 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }
}

extension CivilDay: CustomStringConvertible {
    /// `2014-07-16`
    package var description: String {
        let (year, month, day) = components
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}

extension CivilDay {
    /// Before every day a record can hold; stands for "since always" in periods.
    package static let distantPast = CivilDay(dayNumber: -1_000_000)
    /// After every day a record can hold; stands for "without end" where a database needs a number.
    package static let distantFuture = CivilDay(dayNumber: 4_000_000)
}
