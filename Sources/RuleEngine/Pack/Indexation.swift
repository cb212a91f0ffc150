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
        /// What the index makes of it.
        package let after: Fen
        /// What a person set; nil = nobody did, or set it for a later year's figure, too.
        package let approved: Fen?
        package let state: State
    }

    /// What has become of a proposed change.
    package enum State: String, Hashable, Sendable {
        /// A person set the standard after the figure was out.
        case approved
        /// It waits for a person.
        case open
        /// It is built upon an earlier one that waits for a person, as if that were approved.
        case hypothetical
    }

    /// 调整建议: what a trigger proposes; nothing holds before a person approves it, standard by standard.
    package struct Proposal: Hashable, Sendable {
        package let series: String
        package let level: Level
        package let base: Level
        /// First day of the new standards: 1 January after the year of publication.
        package let validFrom: CivilDay
        /// In the order of the pack.
        package fileprivate(set) var changes: [Change]

        /// Whether something of it waits for a person, or all of it was approved, or is built upon what waits.
        package var state: State {
            if changes.contains(where: { $0.state == .open }) { return .open }
            return changes.contains { $0.state == .hypothetical } ? .hypothetical : .approved
        }
    }

    /// A standard that a person set, and what was known of the index when they did.
    package struct Approval: Hashable, Sendable {
        package let standard: Code
        package let value: Fen
        /// The figures that had been set before it: upon these it rests, whatever is set later, also on the same day.
        package let levels: [Level]

        package init(standard: Code, value: Fen, levels: [Level]) {
            self.standard = standard
            self.value = value
            self.levels = levels
        }
    }

    /// The calculation sheet of one series and the proposals it leads to.
    ///
    /// Each standard goes its own way: its base moves to the year that triggered once a person has set it, and until then its
    /// later proposals say that they are built upon one that still waits, so that nothing of its growth is lost when others of
    /// the series are set before it. Growth is the ratio of levels, taken exactly; each new standard is rounded once, half up to
    /// the fen. What was approved stays when a figure is revised afterwards: growth counts on from the figure upon which it was
    /// approved, so that what the revision adds or takes comes with the next adjustment, once. Whoever sets as much as a later
    /// figure asks for, too, has answered that as well. A value that is no more than what stands, or than a revision makes of it,
    /// answers no later proposal: it is the new approval that a revision asks for, or puts a sum right.
    /// - Parameters:
    ///   - levels: published values, one per year; years without a value are skipped.
    ///   - base: first base year; without its level there is no sheet.
    ///   - approvals: standards that people set, in the order in which they did.
    ///   - unit: what new standards are rounded to, one fen or one yuan.
    /// - Returns: the sheet by year, and the proposals in order; standards that go the same way share lines and proposals.
    /// - Source: GY-Q3 to GY-Q9
    package func sheet(
        series: String, levels: [Level], base: Int, approvals: [Approval] = [], unit: Fen = Fen(1)
    ) -> (lines: [SheetLine], proposals: [Proposal]) {
        var lines: [SheetLine] = []
        var proposals: [Proposal] = []
        for standard in standards where standard.series == series {
            var course = Course(standard, threshold: thresholdPercent, unit: unit)
            for approval in approvals where approval.standard == standard.id { course.take(approval, base) }
            course.goOn(levels, base)
            for line in course.lines where !lines.contains(line) { lines.append(line) }
            for step in course.steps {
                let place = proposals.firstIndex { $0.level == step.level && $0.base == step.base }
                if let place {
                    proposals[place].changes.append(step.change)
                } else {
                    proposals.append(
                        Proposal(
                            series: series, level: step.level, base: step.base,
                            validFrom: CivilMonth(year: step.level.published + 1, month: 1).firstDay,
                            changes: [step.change]))
                }
            }
        }
        func order(_ level: Level, _ base: Level) -> (Int, Int) { (level.year, base.year) }
        return (
            lines.inOrder { order($0.level, $0.base) }, proposals.inOrder { order($0.level, $0.base) }
        )
    }

    /// The way of one standard through the years.
    private struct Course {
        struct Step {
            let level: Level
            let base: Level
            let change: Change
        }

        let standard: Standard
        let threshold: Int64
        let unit: Fen
        var amount: Fen
        var base: Level?
        var lines: [SheetLine] = []
        var steps: [Step] = []

        init(_ standard: Standard, threshold: Int64, unit: Fen) {
            self.standard = standard
            self.threshold = threshold
            self.unit = unit
            amount = standard.figure
        }

        /// Takes in what a person set: the answer to what the index proposed by then, if it did.
        mutating func take(_ approval: Approval, _ first: Int) {
            begin(approval.levels, first)
            let found = follow(approval.levels)
            defer { amount = approval.value }
            let revised = revision(in: approval.levels)
            let standing = revised.map { Indexation.scaled(amount, $0.level.value, $0.base.value, unit) }
            // A sum below the present one is no answer to a proposal, nor is what a person sets while nothing is proposed.
            if found.steps.isEmpty || approval.value < amount || standing.map({ approval.value <= $0 }) ?? false {
                return setAnew(approval.value, upon: revised?.level)
            }
            let last = found.steps.lastIndex { $0.change.after <= approval.value } ?? 0
            for (place, step) in found.steps[...last].enumerated() {
                add(step, .approved, place == last ? approval.value : nil)
            }
            let level = found.steps[last].level
            lines += found.lines.filter { $0.level.year <= level.year }
            base = level
        }

        /// The figure upon which the standard was approved, as it reads otherwise now; nil = it does not, or nobody approved yet.
        private func revision(in levels: [Level]) -> (level: Level, base: Level)? {
            guard !steps.isEmpty, let base,
                let level = levels.first(where: { $0.year == base.year && $0.value > 0 }), level.value != base.value
            else { return nil }
            return (level, base)
        }

        /// Puts another sum in the place of the one approved last. Where the figure of that was revised before, this is the new
        /// approval that GY-Q9 asks for: it rests on the figure as it reads now, and growth counts on from there.
        private mutating func setAnew(_ value: Fen, upon revised: Level?) {
            guard let last = steps.popLast() else { return }
            let level = revised ?? last.level
            let change = Change(
                standard: standard.id, clause: standard.clause, before: last.change.before,
                after: Indexation.scaled(last.change.before, level.value, last.base.value, unit), approved: value,
                state: .approved)
            steps.append(Step(level: level, base: last.base, change: change))
            base = level
        }

        /// Adds the years after the base, as the figures are known now.
        mutating func goOn(_ levels: [Level], _ first: Int) {
            begin(levels, first)
            let found = follow(levels)
            for (place, step) in found.steps.enumerated() { add(step, place == 0 ? .open : .hypothetical, nil) }
            lines += found.lines
        }

        /// Without an approval the base stands as it is known now.
        private mutating func begin(_ levels: [Level], _ first: Int) {
            if steps.isEmpty { base = levels.first { $0.year == first && $0.value > 0 } ?? base }
        }

        private mutating func add(_ step: Step, _ state: State, _ approved: Fen?) {
            let change = Change(
                standard: standard.id, clause: standard.clause, before: step.change.before, after: step.change.after,
                approved: approved, state: state)
            steps.append(Step(level: step.level, base: step.base, change: change))
        }

        /// The years after the base, and what they propose one after another, as if each were approved.
        private func follow(_ levels: [Level]) -> (lines: [SheetLine], steps: [Step]) {
            guard var base else { return ([], []) }
            var lines: [SheetLine] = []
            var steps: [Step] = []
            var amount = amount
            let years = levels.filter { $0.value > 0 }.sorted { $0.year < $1.year }
            for level in years where level.year > base.year {
                let isTrigger = Indexation.reaches(level, base, threshold)
                lines.append(
                    SheetLine(
                        level: level, base: base, growthTenThousandths: Indexation.growth(level, base),
                        isTrigger: isTrigger))
                guard isTrigger else { continue }
                let after = Indexation.scaled(amount, level.value, base.value, unit)
                let change = Change(
                    standard: standard.id, clause: standard.clause, before: amount, after: after, approved: nil,
                    state: .open)
                steps.append(Step(level: level, base: base, change: change))
                (base, amount) = (level, after)
            }
            return (lines, steps)
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

extension Array {
    /// By the numbers, those of equal ones in the order in which they are.
    fileprivate func inOrder(_ numbers: (Element) -> (Int, Int)) -> [Element] {
        let keyed = enumerated().map { (key: numbers($0.element), place: $0.offset, element: $0.element) }
        return keyed.sorted { ($0.key.0, $0.key.1, $0.place) < ($1.key.0, $1.key.1, $1.place) }.map(\.element)
    }
}
