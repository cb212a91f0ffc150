/// A calendar month, the unit in which monthly sums are due.
///
/// Arithmetic stops far beyond all days, at `limit` months before and after year 0: no month that somebody asks for ends a process.
///
/// - Source: policies, Days and months: 每月 = entitlement month = calendar month
package struct CivilMonth: Hashable, Sendable, Comparable {
    /// Months since January of year 0.
    package let index: Int32

    /// More months than an `Int32` of days reaches, few enough to count years and quarters with.
    private static let limit = 100_000_000

    /// Makes a month from its count since January of year 0.
    package init(index: Int32) { self.init(months: Int(index)) }

    /// Makes a month from year and month of year (1–12).
    package init(year: Int, month: Int) {
        self.init(months: min(max(year, -Self.limit), Self.limit) * 12 + month - 1)
    }

    private init(months: Int) { index = Int32(min(max(months, -Self.limit), Self.limit)) }

    /// The month that contains `day`.
    package init(containing day: CivilDay) {
        let (year, month, _) = day.components
        self.init(year: year, month: month)
    }

    /// Calendar year.
    package var year: Int { (Int(index) - (month - 1)) / 12 }
    /// Month of the year, 1–12.
    package var month: Int {
        let rest = Int(index) % 12
        return rest < 0 ? rest + 13 : rest + 1
    }
    /// First day; beyond all days the first or the last of them.
    package var firstDay: CivilDay {
        CivilDay(dayNumber: CivilDay.number(year: year, month: month, day: 1))
    }
    /// Last day.
    package var lastDay: CivilDay { firstDay.endOfMonth }

    package static func < (left: CivilMonth, right: CivilMonth) -> Bool { left.index < right.index }
    /// The month `months` later.
    package static func + (month: CivilMonth, months: Int32) -> CivilMonth {
        CivilMonth(months: Int(month.index) + Int(months))
    }
    /// Months from `right` to `left`.
    package static func - (left: CivilMonth, right: CivilMonth) -> Int32 { left.index - right.index }
}

extension CivilMonth: CustomStringConvertible {
    /// `2014-07`
    package var description: String { String(firstDay.description.dropLast(3)) }
}
