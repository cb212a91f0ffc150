/// How often a clause gives goods: once in each calendar month, quarter or year, or once in all.
package enum HandOutRhythm: String, Hashable, Sendable, CaseIterable {
    case month, quarter, year, once

    /// The form in which a period is written, for telling people.
    package var form: String {
        switch self {
        case .month: "2021-11"
        case .quarter: "2021-q4"
        case .year: "2021"
        case .once: "once"
        }
    }
}

/// The time for which a family gets goods once.
///
/// Written as the duties write theirs: `2021`, `2021-q4`, `2021-11`, and `once` where a clause gives them once in all.
package struct HandOutPeriod: Hashable, Sendable {
    package let code: Code
    /// First day for which they are given; nil for `once`.
    package let first: CivilDay?
    /// The last one, included; nil for `once`.
    package let last: CivilDay?

    /// Reads a period of a rhythm; nil for one written otherwise.
    package init?(_ code: Code, rhythm: HandOutRhythm) {
        self.code = code
        guard rhythm != .once else {
            guard code.rawValue == HandOutRhythm.once.rawValue else { return nil }
            (first, last) = (nil, nil)
            return
        }
        guard let year = DutyKey.year(of: code) else { return nil }
        let rest = String(code.rawValue.dropFirst(4))
        let months: ClosedRange<Int>
        switch rhythm {
        case .year where rest.isEmpty: months = 1...12
        case .quarter:
            guard let number = (1...4).first(where: { rest == "-q\($0)" }) else { return nil }
            months = number * 3 - 2...number * 3
        case .month:
            guard let number = (1...12).first(where: { rest == ($0 < 10 ? "-0\($0)" : "-\($0)") }) else { return nil }
            months = number...number
        case .year, .once: return nil
        }
        first = CivilMonth(year: year, month: months.lowerBound).firstDay
        last = CivilMonth(year: year, month: months.upperBound).lastDay
    }

    /// The period of a rhythm in which a day lies; nil where a year of four digits cannot name it.
    package init?(containing day: CivilDay, rhythm: HandOutRhythm) {
        let text: String =
            switch rhythm {
            case .year: "\(day.year)"
            case .quarter: "\(day.year)-q\((day.month + 2) / 3)"
            case .month: "\(day.year)-\(day.month < 10 ? "0" : "")\(day.month)"
            case .once: HandOutRhythm.once.rawValue
            }
        guard let code = Code(text) else { return nil }
        self.init(code, rhythm: rhythm)
    }

    /// The day on which it is judged whether the goods are due that are handed out on `day`: that day, or the period's last
    /// one where they come after it.
    package func judged(on day: CivilDay) -> CivilDay { last.map { min(day, $0) } ?? day }
}
