/// The months a payment batch pays for, from the first to the last.
///
/// Written `2014-09` for a month, `2014-Q3` for a quarter, `2014-H1` for half a year, `2014` for a year and
/// `2014-09..2015-01` for any other run, such as a school term.
package struct PaymentPeriod: Hashable, Sendable, CustomStringConvertible {
    package let first: CivilMonth
    /// Not before the first.
    package let last: CivilMonth

    /// Most months of one batch: ten years.
    package static let mostMonths: Int32 = 120

    /// Makes a period; nil when it would end before it begins or last longer than ten years.
    package init?(first: CivilMonth, last: CivilMonth) {
        guard last >= first, last - first < Self.mostMonths else { return nil }
        self.first = first
        self.last = last
    }

    /// Reads a period as written above; nil for anything else.
    package init?(parsing text: String) {
        if let dots = text.firstRange(of: "..") {
            guard let first = CivilMonth(parsing: text[..<dots.lowerBound]),
                let last = CivilMonth(parsing: text[dots.upperBound...])
            else { return nil }
            self.init(first: first, last: last)
            return
        }
        if let month = CivilMonth(parsing: text) {
            self.init(first: month, last: month)
            return
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let year = parts.first.flatMap({ CivilMonth(parsing: $0 + "-01") }) else { return nil }
        guard parts.count > 1 else {
            self.init(year, .year)
            return
        }
        switch parts[1] {
        case "Q1": self.init(year, .quarter)
        case "Q2": self.init(year + 3, .quarter)
        case "Q3": self.init(year + 6, .quarter)
        case "Q4": self.init(year + 9, .quarter)
        case "H1": self.init(year, .halfYear)
        case "H2": self.init(year + 6, .halfYear)
        default: return nil
        }
    }

    /// The unit in which the month lies.
    private init(_ month: CivilMonth, _ unit: CalendarUnit) {
        first = unit.first(with: month)
        last = unit.last(with: month)
    }

    /// Whether these months are one unit of the kind.
    package func isOne(_ unit: CalendarUnit) -> Bool { self == PaymentPeriod(first, unit) }

    /// How many months a text such as `2015-01..2026-12` asks for when these are too many; nil for anything else.
    package static func excess(in text: String) -> Int32? {
        guard let dots = text.firstRange(of: ".."), let first = CivilMonth(parsing: text[..<dots.lowerBound]),
            let last = CivilMonth(parsing: text[dots.upperBound...]), last - first >= mostMonths
        else { return nil }
        return last - first + 1
    }

    /// Its months after those of a period with which it begins; the same where there are none.
    package func after(_ part: PaymentPeriod) -> PaymentPeriod {
        PaymentPeriod(first: part.last + 1, last: last) ?? self
    }

    /// Whether the month lies within.
    package func contains(_ month: CivilMonth) -> Bool { month >= first && month <= last }

    package var description: String { first == last ? "\(first)" : "\(first)..\(last)" }
}

extension CivilMonth {
    /// Reads `2014-07`; nil for anything else.
    package init?(parsing text: some StringProtocol) {
        guard text.utf8.count == 7, let day = CivilDay(parsing: text + "-01") else { return nil }
        self.init(containing: day)
    }
}
