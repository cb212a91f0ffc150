/// Whole calendar months that follow each other without a gap: months, quarters, half-years, years, school years.
///
/// Every month lies in exactly one unit of each kind. Units of a kind are numbered: the next one has the next number.
///
/// - Source: policies, Days and months: 每月 = calendar month, 每季度末 = 31 March, 30 June, 30 September, 31 December
package enum CalendarUnit: String, Hashable, Sendable, CaseIterable {
    case month, quarter
    case halfYear = "half_year"
    case year
    /// 学年: from 1 September to 31 August.
    case schoolYear = "school_year"

    /// Months of one unit.
    package var length: Int32 {
        switch self {
        case .month: 1
        case .quarter: 3
        case .halfYear: 6
        case .year, .schoolYear: 12
        }
    }

    /// The longer of two; of a year and a school year the year.
    package static func longer(_ one: CalendarUnit, _ two: CalendarUnit) -> CalendarUnit {
        one.length == two.length ? (one == .year ? one : two) : one.length > two.length ? one : two
    }

    /// Months from January to the one with which units of this kind begin.
    private var opening: Int32 { self == .schoolYear ? 8 : 0 }

    /// Number of the unit in which the month lies.
    package func number(of month: CivilMonth) -> Int32 {
        let months = month.index - opening
        return months >= 0 ? months / length : -((length - 1 - months) / length)
    }

    /// First month of the unit with this number.
    package func first(_ number: Int32) -> CivilMonth { CivilMonth(index: number * length + opening) }

    /// First month of the unit in which the month lies.
    package func first(with month: CivilMonth) -> CivilMonth { first(number(of: month)) }

    /// Last month of the unit in which the month lies.
    package func last(with month: CivilMonth) -> CivilMonth { first(with: month) + (length - 1) }

    /// First months of the units that begin in a calendar year, in order.
    package func firsts(inYear year: Int) -> [CivilMonth] {
        CalendarUnit.year.months(with: CivilMonth(year: year, month: 1)).filter { first(with: $0) == $0 }
    }

    /// The months of the unit in which the month lies, in order.
    package func months(with month: CivilMonth) -> [CivilMonth] {
        let first = first(with: month)
        return (0..<length).map { first + $0 }
    }

    /// What some months of a unit come to of the sum of all of them, to the fen, half a fen up.
    /// - Parameter months: how many of them, at most all.
    package func part(of sum: Fen, months: Int32) -> Fen {
        let (whole, rest) = sum.amount.quotientAndRemainder(dividingBy: Int64(length))
        let twice = 2 * rest * Int64(months) + Int64(length)
        return Fen(whole * Int64(months) + twice / (2 * Int64(length)))
    }
}
