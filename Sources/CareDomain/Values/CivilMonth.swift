/// A calendar month, the unit in which monthly sums are due.
///
/// - Source: policies, Days and months: 每月 = entitlement month = calendar month
package struct CivilMonth: Hashable, Sendable, Comparable {
    /// Months since January of year 0.
    package let index: Int32

    /// Makes a month from its count since January of year 0.
    package init(index: Int32) { self.index = index }

    /// Makes a month from year and month of year (1–12).
    package init(year: Int, month: Int) { self.index = Int32(year * 12 + month - 1) }

    /// The month that contains `day`.
    package init(containing day: CivilDay) {
        let (year, month, _) = day.components
        self.init(year: year, month: month)
    }

    /// Calendar year.
    package var year: Int { Int(index) / 12 }
    /// Month of the year, 1–12.
    package var month: Int { Int(index) % 12 + 1 }
    /// First day.
    package var firstDay: CivilDay { CivilDay(year: year, month: month, day: 1)! }
    /// Last day.
    package var lastDay: CivilDay { firstDay.endOfMonth }

    package static func < (left: CivilMonth, right: CivilMonth) -> Bool { left.index < right.index }
    /// The month `months` later.
    package static func + (month: CivilMonth, months: Int32) -> CivilMonth { CivilMonth(index: month.index + months) }
    /// Months from `right` to `left`.
    package static func - (left: CivilMonth, right: CivilMonth) -> Int32 { left.index - right.index }
}

extension CivilMonth: CustomStringConvertible {
    /// `2014-07`
    package var description: String { String(firstDay.description.prefix(7)) }
}
