import CareDomain

/// 动态调整: a clause by which standards follow an index once it has grown far enough.
/// - Source: GY-3.0
package struct Indexation: Hashable, Sendable {
    /// A standard that follows the index.
    package struct Standard: Hashable, Sendable {
        package let id: Code
        package let clause: ClauseID
        package let title: Wording
        /// The document's figure.
        package let figure: Fen
        /// Key of the series it is bound to.
        package let series: String
    }

    package let clause: ClauseID
    package let title: Wording
    package let words: String
    package let department: DepartmentID
    /// Parameter that holds the index, one dated value per calendar year and series.
    package let index: ParameterID
    /// Growth in percent that triggers, included.
    package let thresholdPercent: Int64
    /// Reading whose code is the base year.
    package let baseYear: Int
    package let standards: [Standard]

    /// One year of an index as published.
    package struct Level: Hashable, Sendable {
        package let year: Int
        /// In thousandths of the index's unit.
        package let value: Int64
        /// Year in which it was published; the figure's own year where that is not known.
        package let published: Int

        package init(year: Int, value: Int64, published: Int? = nil) {
            self.year = year
            self.value = value
            self.published = published ?? year
        }
    }

    /// One line of the calculation sheet: where a year stands against the base.
    package struct SheetLine: Hashable, Sendable {
        package let level: Level
        package let base: Level
        /// Growth since the base in percent, in thousandths of a percent, rounded half up; for people only.
        package let growthThousandths: Int64
        package let isTrigger: Bool
    }

    /// A standard before and after.
    package struct Change: Hashable, Sendable {
        package let standard: Code
        package let clause: ClauseID
        package let before: Fen
        package let after: Fen
    }

    /// 调整建议: what a trigger proposes; nothing holds before a person approves it.
    package struct Proposal: Hashable, Sendable {
        package let series: String
        package let level: Level
        package let base: Level
        /// First day of the new standards: 1 January after the year of publication.
        package let validFrom: CivilDay
        package let changes: [Change]
    }

    /// The calculation sheet of one series and the proposals it leads to.
    ///
    /// The base moves to the year that triggered; growth is the ratio of levels, taken exactly; each new standard is
    /// rounded once, half up to the fen.
    /// - Parameters:
    ///   - levels: published values, one per year; years without a value are skipped.
    ///   - base: first base year; without its level there is no sheet.
    ///   - standards: amounts in force before the first proposal; the document's figures where absent.
    /// - Returns: the sheet by year, and the proposals in order, each built upon the one before as if approved.
    /// - Source: GY-Q3 to GY-Q9
    package func sheet(
        series: String, levels: [Level], base: Int, standards: [Code: Fen] = [:]
    ) -> (lines: [SheetLine], proposals: [Proposal]) {
        let ordered = levels.filter { $0.value > 0 }.sorted { $0.year < $1.year }
        guard var base = ordered.first(where: { $0.year == base }) else { return ([], []) }
        let bound = self.standards.filter { $0.series == series }
        var amounts = bound.map { standards[$0.id] ?? $0.figure }
        var lines: [SheetLine] = []
        var proposals: [Proposal] = []
        for level in ordered where level.year > base.year {
            let isTrigger = Self.reaches(level, base, thresholdPercent)
            lines.append(
                SheetLine(
                    level: level, base: base, growthThousandths: Self.growth(level, base), isTrigger: isTrigger))
            guard isTrigger else { continue }
            let after = amounts.map { Self.scaled($0, level.value, base.value) }
            let changes = zip(bound, zip(amounts, after)).map {
                Change(standard: $0.id, clause: $0.clause, before: $1.0, after: $1.1)
            }
            proposals.append(
                Proposal(
                    series: series, level: level, base: base,
                    validFrom: CivilMonth(year: level.published + 1, month: 1).firstDay, changes: changes))
            amounts = after
            base = level
        }
        return (lines, proposals)
    }

    /// level / base - 1 >= threshold, without rounding.
    private static func reaches(_ level: Level, _ base: Level, _ threshold: Int64) -> Bool {
        let left = level.value.multipliedFullWidth(by: 100)
        let right = base.value.multipliedFullWidth(by: 100 + threshold)
        return (left.high, left.low) >= (right.high, right.low)
    }

    private static func growth(_ level: Level, _ base: Level) -> Int64 {
        let grown = level.value - base.value
        let scaled = scaled(Fen(abs(grown)), 100_000, base.value).amount
        return grown < 0 ? -scaled : scaled
    }

    /// amount × numerator ÷ denominator for positive numbers, rounded half up; what cannot be held becomes the largest.
    private static func scaled(_ amount: Fen, _ numerator: Int64, _ denominator: Int64) -> Fen {
        let product = amount.amount.magnitude.multipliedFullWidth(by: numerator.magnitude)
        guard product.high < denominator.magnitude else { return Fen(.max) }
        let (quotient, remainder) = denominator.magnitude.dividingFullWidth(product)
        let up: UInt64 = remainder >= denominator.magnitude - remainder ? 1 : 0
        return Fen(Int64(clamping: quotient &+ up))
    }
}
