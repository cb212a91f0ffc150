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

    /// Where the value of a year comes from.
    package enum Origin: Hashable, Sendable {
        /// It was published.
        case published
        /// Only the growth over the year before was, in thousandths of a percent; the value is computed from it.
        case growth(Int64)
        /// Nothing was: a round value stands for the base year, from which growth is counted.
        case assumed
    }

    /// One year of an index.
    package struct Level: Hashable, Sendable {
        package let year: Int
        /// In thousandths of the index's unit.
        package let value: Int64
        /// Year in which it was published; the figure's own year where that is not known.
        package let published: Int
        /// How the value is known.
        package let origin: Origin

        package init(year: Int, value: Int64, published: Int? = nil, origin: Origin = .published) {
            self.year = year
            self.value = value
            self.published = published ?? year
            self.origin = origin
        }
    }

    /// One line of the calculation sheet: where a year stands against the base.
    package struct SheetLine: Hashable, Sendable {
        package let level: Level
        package let base: Level
        /// Growth since the base in percent, in ten-thousandths of a percent, never rounded up; for people only.
        package let growthTenThousandths: Int64
        package let isTrigger: Bool
    }

    /// A standard before and after.
    package struct Change: Hashable, Sendable {
        package let standard: Code
        package let clause: ClauseID
        package let before: Fen
        package let after: Fen
    }

    /// What has become of a proposal.
    package enum State: String, Hashable, Sendable {
        /// A person set one of its standards after the figure was out.
        case approved
        /// It waits for a person.
        case open
        /// It is built upon an earlier one that waits for a person, as if that were approved.
        case hypothetical
    }

    /// 调整建议: what a trigger proposes; nothing holds before a person approves it.
    package struct Proposal: Hashable, Sendable {
        package let series: String
        package let level: Level
        package let base: Level
        /// First day of the new standards: 1 January after the year of publication.
        package let validFrom: CivilDay
        package let changes: [Change]
        package let state: State
    }

    /// A standard that a person set, and what was known of the index on that day.
    package struct Approval: Hashable, Sendable {
        package let standard: Code
        package let value: Fen
        /// The figures as known when it was set.
        package let levels: [Level]

        package init(standard: Code, value: Fen, levels: [Level]) {
            self.standard = standard
            self.value = value
            self.levels = levels
        }
    }

    /// The calculation sheet of one series and the proposals it leads to.
    ///
    /// The base moves to the year that triggered once a person has set one of the standards; until then later proposals say
    /// that they are built upon one that still waits. Growth is the ratio of levels, taken exactly; each new standard is
    /// rounded once, half up to the fen. What was approved stays when a figure is revised afterwards: growth counts on from
    /// the figure upon which it was approved.
    /// - Parameters:
    ///   - levels: published values, one per year; years without a value are skipped.
    ///   - base: first base year; without its level there is no sheet.
    ///   - approvals: standards that people set, in the order in which they did.
    ///   - unit: what new standards are rounded to, one fen or one yuan.
    /// - Returns: the sheet by year, and the proposals in order.
    /// - Source: GY-Q3 to GY-Q9
    package func sheet(
        series: String, levels: [Level], base: Int, approvals: [Approval] = [], unit: Fen = Fen(1)
    ) -> (lines: [SheetLine], proposals: [Proposal]) {
        var sheet = Sheet(self, series, unit)
        for approval in approvals where sheet.standards.contains(where: { $0.id == approval.standard }) {
            if sheet.begin(approval.levels, base) { sheet.follow(approval.levels, stopsAtTrigger: true) }
            sheet.approve(approval)
        }
        if sheet.begin(levels, base) { sheet.follow(levels, stopsAtTrigger: false) }
        return (sheet.lines, sheet.proposals)
    }

    /// A sheet under way.
    private struct Sheet {
        let indexation: Indexation
        let series: String
        let unit: Fen
        let standards: [Standard]
        var amounts: [Fen]
        var base: Level?
        var lines: [SheetLine] = []
        var proposals: [Proposal] = []

        init(_ indexation: Indexation, _ series: String, _ unit: Fen) {
            self.indexation = indexation
            self.series = series
            self.unit = unit
            standards = indexation.standards.filter { $0.series == series }
            amounts = standards.map(\.figure)
        }

        /// - Returns: whether there is a level to start from.
        mutating func begin(_ levels: [Level], _ first: Int) -> Bool {
            // Without an approval the base stands as it is known now.
            if !proposals.contains(where: { $0.state == .approved }) {
                base = levels.first { $0.year == first && $0.value > 0 } ?? base
            }
            return base != nil
        }

        /// Adds the years after the base, up to the first that triggers or all of them.
        mutating func follow(_ levels: [Level], stopsAtTrigger: Bool) {
            guard var base else { return }
            var amounts = amounts
            var state = stopsAtTrigger ? State.approved : .open
            let years = levels.filter { $0.value > 0 }.sorted { $0.year < $1.year }
            let isReached = years.contains {
                $0.year > base.year && Indexation.reaches($0, base, indexation.thresholdPercent)
            }
            // What somebody set before anything triggered is no answer to a proposal.
            guard isReached || !stopsAtTrigger else { return }
            for level in years where level.year > base.year {
                let isTrigger = Indexation.reaches(level, base, indexation.thresholdPercent)
                lines.append(
                    SheetLine(
                        level: level, base: base, growthTenThousandths: Indexation.growth(level, base),
                        isTrigger: isTrigger))
                guard isTrigger else { continue }
                let after = amounts.map { Indexation.scaled($0, level.value, base.value, unit) }
                let changes = zip(standards, zip(amounts, after)).map {
                    Change(standard: $0.id, clause: $0.clause, before: $1.0, after: $1.1)
                }
                proposals.append(
                    Proposal(
                        series: series, level: level, base: base,
                        validFrom: CivilMonth(year: level.published + 1, month: 1).firstDay, changes: changes,
                        state: state))
                base = level
                if stopsAtTrigger {
                    self.base = base
                    return
                }
                amounts = after
                state = .hypothetical
            }
        }

        mutating func approve(_ approval: Approval) {
            for place in standards.indices where standards[place].id == approval.standard {
                amounts[place] = approval.value
            }
        }
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
        if byYear[base] == nil, levels.isEmpty {
            byYear[base] = Level(year: base, value: roundLevel, origin: .assumed)
        }
        for year in growth.keys.sorted() where year <= last && byYear[year] == nil {
            guard let before = byYear[year - 1], let grown = growth[year], grown.thousandths > -100_000 else {
                continue
            }
            let value = scaled(Fen(before.value), 100_000 + grown.thousandths, 100_000, Fen(1)).amount
            byYear[year] = Level(
                year: year, value: value, published: grown.published, origin: .growth(grown.thousandths))
        }
        return byYear.values.sorted { $0.year < $1.year }
    }

    /// Large enough that chaining loses nothing that a standard in fen could show.
    private static let roundLevel: Int64 = 1_000_000_000_000

    /// level / base - 1 >= threshold, without rounding.
    fileprivate static func reaches(_ level: Level, _ base: Level, _ threshold: Int64) -> Bool {
        let left = level.value.multipliedFullWidth(by: 100)
        let right = base.value.multipliedFullWidth(by: 100 + threshold)
        return (left.high, left.low) >= (right.high, right.low)
    }

    /// Ten-thousandths of a percent, never rounded up: a growth that does not reach the threshold must not read as if it did.
    fileprivate static func growth(_ level: Level, _ base: Level) -> Int64 {
        let grown = level.value - base.value
        let product = grown.magnitude.multipliedFullWidth(by: 1_000_000)
        guard product.high < base.value.magnitude else { return grown < 0 ? .min : .max }
        let (quotient, remainder) = base.value.magnitude.dividingFullWidth(product)
        let whole = Int64(clamping: quotient)
        return grown < 0 ? -whole - (remainder > 0 ? 1 : 0) : whole
    }

    /// amount × numerator ÷ denominator for positive numbers, rounded half up to the unit, once; what cannot be held becomes
    /// the largest.
    fileprivate static func scaled(_ amount: Fen, _ numerator: Int64, _ denominator: Int64, _ unit: Fen) -> Fen {
        let (divisor, overflow) = denominator.magnitude.multipliedReportingOverflow(by: unit.amount.magnitude)
        let product = amount.amount.magnitude.multipliedFullWidth(by: numerator.magnitude)
        guard !overflow, product.high < divisor else { return Fen(.max) }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        let up: UInt64 = remainder >= divisor - remainder ? 1 : 0
        let (whole, tooLarge) = Int64(clamping: quotient &+ up).multipliedReportingOverflow(by: unit.amount)
        return Fen(tooLarge ? .max : whole)
    }
}
