/// An administrative division of county level or above, with the days on which its code and name were in use.
package struct Division: Hashable, Sendable {
    /// Where the code comes from.
    package enum Origin: Hashable, Sendable {
        /// GB/T 2260.
        case standard
        /// A development zone or other unit that acts like a county without a code in GB/T 2260.
        case localExtension
    }

    package let code: DivisionCode
    package let name: String
    /// A second name used for the same unit, 浙南产业集聚区.
    package let otherName: String?
    package let origin: Origin
    /// Days on which the code carried this name.
    package let period: DayPeriod
    /// The code that took over, when it ended.
    package let successor: DivisionCode?

    package init(
        code: DivisionCode, name: String, otherName: String? = nil, origin: Origin = .standard, period: DayPeriod,
        successor: DivisionCode? = nil
    ) {
        self.code = code
        self.name = name
        self.otherName = otherName
        self.origin = origin
        self.period = period
        self.successor = successor
    }

    /// The division it belongs to: of a county its city, of a city its province, of a province nothing.
    package var parent: DivisionCode? {
        let digits = code.rawValue
        if digits.hasSuffix("0000") { return nil }
        return digits.hasSuffix("00")
            ? DivisionCode("\(digits.prefix(2))0000") : DivisionCode("\(digits.prefix(4))00")
    }
}
