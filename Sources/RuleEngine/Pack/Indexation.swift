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
    /// Parameter that holds yearly growth in percent, by calendar year and series, for years whose level was not published;
    /// nil = the pack knows none.
    package var growth: ParameterID?
    /// Growth in percent that triggers, included.
    package let thresholdPercent: Int64
    /// Reading whose code is the base year.
    package let baseYear: Int
    /// Reading that says what new standards are rounded to, `fen` or `yuan`; nil = fen.
    package var rounding: Int?
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
    ///   - unit: what new standards are rounded to, one fen or one yuan.
    /// - Returns: the sheet by year, and the proposals in order, each built upon the one before as if approved.
    /// - Source: GY-Q3 to GY-Q9
    package func sheet(
        series: String, levels: [Level], base: Int, standards: [Code: Fen] = [:], unit: Fen = Fen(1)
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
            let after = amounts.map { Self.scaled($0, level.value, base.value, unit) }
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

    /// The levels with those of years for which only growth is known, each chained to the year before; where the base year
    /// has no level, a round one stands for it.
    /// - Parameters:
    ///   - levels: published values, one per year.
    ///   - growth: thousandths of a percent by year, above -100 %.
    ///   - base: first base year.
    /// - Source: GY-Q5: Π(1 + r) − 1
    package static func chained(_ levels: [Level], _ growth: [Int: (thousandths: Int64, published: Int?)], base: Int)
        -> [Level]
    {
        guard let last = growth.keys.max() else { return levels }
        var byYear = Dictionary(levels.map { ($0.year, $0) }, uniquingKeysWith: { _, later in later })
        if byYear[base] == nil, levels.isEmpty { byYear[base] = Level(year: base, value: roundLevel) }
        for year in growth.keys.sorted() where year <= last && byYear[year] == nil {
            guard let before = byYear[year - 1], let grown = growth[year], grown.thousandths > -100_000 else {
                continue
            }
            let value = scaled(Fen(before.value), 100_000 + grown.thousandths, 100_000, Fen(1)).amount
            byYear[year] = Level(year: year, value: value, published: grown.published)
        }
        return byYear.values.sorted { $0.year < $1.year }
    }

    /// Large enough that chaining loses nothing that a standard in fen could show.
    private static let roundLevel: Int64 = 1_000_000_000_000

    /// level / base - 1 >= threshold, without rounding.
    private static func reaches(_ level: Level, _ base: Level, _ threshold: Int64) -> Bool {
        let left = level.value.multipliedFullWidth(by: 100)
        let right = base.value.multipliedFullWidth(by: 100 + threshold)
        return (left.high, left.low) >= (right.high, right.low)
    }

    /// Thousandths of a percent, never rounded up: a growth that does not reach the threshold must not read as if it did.
    private static func growth(_ level: Level, _ base: Level) -> Int64 {
        let grown = level.value - base.value
        let product = grown.magnitude.multipliedFullWidth(by: 100_000)
        guard product.high < base.value.magnitude else { return grown < 0 ? .min : .max }
        let (quotient, remainder) = base.value.magnitude.dividingFullWidth(product)
        let whole = Int64(clamping: quotient)
        return grown < 0 ? -whole - (remainder > 0 ? 1 : 0) : whole
    }

    /// amount × numerator ÷ denominator for positive numbers, rounded half up to the unit, once; what cannot be held becomes
    /// the largest.
    private static func scaled(_ amount: Fen, _ numerator: Int64, _ denominator: Int64, _ unit: Fen) -> Fen {
        let (divisor, overflow) = denominator.magnitude.multipliedReportingOverflow(by: unit.amount.magnitude)
        let product = amount.amount.magnitude.multipliedFullWidth(by: numerator.magnitude)
        guard !overflow, product.high < divisor else { return Fen(.max) }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        let up: UInt64 = remainder >= divisor - remainder ? 1 : 0
        let (whole, tooLarge) = Int64(clamping: quotient &+ up).multipliedReportingOverflow(by: unit.amount)
        return Fen(tooLarge ? .max : whole)
    }
}
