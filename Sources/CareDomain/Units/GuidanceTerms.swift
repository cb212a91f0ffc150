/// 指导数与结算的条款: what a pack says of the places of units in an activity year, of their evaluation, and of the city's
/// share of the cost.
/// - Source: 温卫发〔2021〕42号, 附件1、附件3 (WZ-A1, WZ-A3.4, WZ-A3.5)
package struct GuidanceTerms: Hashable, Sendable {
    /// One column of the table of guidance numbers.
    package struct Project: Hashable, Sendable {
        package var clause: ClauseID
        package var title: String
        /// Its heading in the table.
        package var column: String
        /// The clause's own sum for one grant.
        package var standard: Fen

        package init(clause: ClauseID, title: String, column: String, standard: Fen) {
            self.clause = clause
            self.title = title
            self.column = column
            self.standard = standard
        }
    }

    /// One row of the table.
    package struct Unit: Hashable, Sendable {
        package var division: DivisionCode
        package var code: Code
        package var title: String
        /// How the city and the unit share the cost; a unit that raises all funds itself has no parts of the city's.
        package var shares: CostShares

        package init(division: DivisionCode, code: Code, title: String, shares: CostShares) {
            self.division = division
            self.code = code
            self.title = title
            self.shares = shares
        }
    }

    /// One part of the evaluation.
    package struct Part: Hashable, Sendable {
        package var clause: ClauseID
        package var title: String
        package var most: Points

        package init(clause: ClauseID, title: String, most: Points) {
            self.clause = clause
            self.title = title
            self.most = most
        }
    }

    /// A sum of a unit that the deployment sets as a parameter.
    package struct SetSum: Hashable, Sendable {
        package var division: DivisionCode
        package var period: DayPeriod
        package var amount: Fen

        package init(division: DivisionCode, period: DayPeriod, amount: Fen) {
            self.division = division
            self.period = period
            self.amount = amount
        }
    }

    package var pack: PackID
    /// SHA-256 of the pack's bytes.
    package var packHash: [UInt8]
    /// The activity years that it is about.
    package var years: ClosedRange<Int>
    /// The clause of the numbers.
    package var clause: ClauseID
    /// Whether a guidance number is a cap; otherwise what goes beyond it needs a reason.
    package var isCap: Bool
    /// In the order of the table.
    package var projects: [Project]
    /// In the order of the table.
    package var units: [Unit]
    /// In the order of the evaluation; all are needed for a score.
    package var parts: [Part]
    /// The clause under which a score is adjusted, and how far that may go.
    package var adjustment: Part
    package var leastAdjustment: Points?
    package var reduction: ReductionTerms
    /// 市级当年预算限额 set as a parameter; of two for a day the later in the list counts.
    /// - Source: WZ-A3.5b
    package var budgets: [SetSum] = []
    /// 市级预拨 set as a parameter, in the same way.
    /// - Source: WZ-4.2
    package var advances: [SetSum] = []

    package init(
        pack: PackID, packHash: [UInt8], years: ClosedRange<Int>, clause: ClauseID, isCap: Bool, projects: [Project],
        units: [Unit], parts: [Part], adjustment: Part, leastAdjustment: Points? = nil, reduction: ReductionTerms
    ) {
        self.pack = pack
        self.packHash = packHash
        self.years = years
        self.clause = clause
        self.isCap = isCap
        self.projects = projects
        self.units = units
        self.parts = parts
        self.adjustment = adjustment
        self.leastAdjustment = leastAdjustment
        self.reduction = reduction
    }

    /// The project of a clause.
    package func project(_ clause: ClauseID) -> Project? { projects.first { $0.clause == clause } }

    /// The row of a unit.
    package func unit(_ division: DivisionCode) -> Unit? { units.first { $0.division == division } }

    /// The city's budget of a unit for a year as a parameter has it on the year's last day; nil = no parameter is set.
    package func budget(of unit: DivisionCode, in year: Int) -> Fen? { Self.sum(budgets, unit, year) }

    /// The advance of a unit for a year, in the same way.
    package func advance(of unit: DivisionCode, in year: Int) -> Fen? { Self.sum(advances, unit, year) }

    private static func sum(_ sums: [SetSum], _ unit: DivisionCode, _ year: Int) -> Fen? {
        guard let last = CivilDay(year: year, month: 12, day: 31) else { return nil }
        return sums.last { $0.division == unit && $0.period.contains(last) }?.amount
    }

    /// Whether the division is a unit whose evaluation has a part of the clause.
    package func evaluates(_ division: DivisionCode, by clause: ClauseID) -> Bool {
        unit(division) != nil && parts.contains { $0.clause == clause }
    }
}

/// How the cost is shared, in whole parts, such as 1:1 and 2:8.
package struct CostShares: Hashable, Sendable {
    package var city: Int64
    package var unit: Int64

    /// nil when there are no parts, a negative number of them, or more than a thousand.
    package init?(city: Int64, unit: Int64) {
        guard (0...1000).contains(city), (0...1000).contains(unit), city + unit > 0 else { return nil }
        self.city = city
        self.unit = unit
    }
}

/// 分: points of an evaluation, in thousandths.
package struct Points: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let thousandths: Int64

    package init(thousandths: Int64) { self.thousandths = thousandths }
    /// Whole points.
    package init(_ points: Int64) { thousandths = points * 1000 }

    package static func < (left: Points, right: Points) -> Bool { left.thousandths < right.thousandths }
    package static func + (left: Points, right: Points) -> Points {
        Points(thousandths: left.thousandths + right.thousandths)
    }

    /// `90`, `89.5`, `-0.25`
    package var description: String {
        let magnitude = thousandths.magnitude
        var text = "\(thousandths < 0 ? "-" : "")\(magnitude / 1000)"
        guard magnitude % 1000 > 0 else { return text }
        var decimals = String(String(1000 + magnitude % 1000).dropFirst())
        while decimals.hasSuffix("0") { decimals.removeLast() }
        text += ".\(decimals)"
        return text
    }
}

/// 递减: how the city's share falls with the score.
package struct ReductionTerms: Hashable, Sendable {
    /// 比例降低1%: what falls by one hundredth for each point (WZ-Q8).
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        /// One percentage point.
        case percentagePoint = "percentage_point"
        /// One hundredth of the ratio.
        case relative
    }

    /// 每低1分: how fractions of a point count (WZ-Q9).
    package enum Step: String, Hashable, Sendable, CaseIterable {
        /// Only whole points.
        case wholePoints = "whole_points"
        /// In proportion.
        case proRata = "pro_rata"
    }

    /// The score from which the share is full.
    package var fullFrom: Points
    package var mode: Mode
    package var step: Step

    package init(fullFrom: Points, mode: Mode, step: Step) {
        self.fullFrom = fullFrom
        self.mode = mode
        self.step = step
    }
}

extension PolicyCatalog {
    /// What a pack says of the units of an activity year; nil = no pack says anything.
    package func guidance(in year: Int) -> GuidanceTerms? { guidance.last { $0.years.contains(year) } }

    /// Whether grants of the clause take places in the year.
    package func takesPlaces(_ clause: ClauseID, in year: Int) -> Bool {
        guidance(in: year)?.project(clause) != nil
    }
}
