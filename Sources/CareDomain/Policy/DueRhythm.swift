/// When the sums of a right fall due: how often, and in which months.
package struct DueRhythm: Hashable, Sendable {
    /// once, month, quarter, school_year, year or none.
    package var cadence: Code
    package var monthRule: MonthRule

    package init(cadence: Code, monthRule: MonthRule) {
        self.cadence = cadence
        self.monthRule = monthRule
    }
}
