/// 办理程序: how an application for some clauses goes from the declaration to the archive, as a pack declares it.
///
/// Steps, their order, who acts, papers and days are data: nothing here knows a place.
package struct ApplicationWorkflow: Hashable, Sendable {
    /// What is done at a step.
    package enum StepKind: String, Hashable, Sendable, CaseIterable {
        /// 申报: the family applies; always the first step.
        case declare
        /// 审核: looked at and passed on.
        case review
        /// 公示: the list hangs out for the period of the notice.
        case notice
        /// 确认: the right to it is confirmed; exactly one step is this.
        case confirm
        /// 录入、发放、归档: done after the confirmation.
        case record
    }

    /// By when a step is to be done.
    package enum Deadline: Hashable, Sendable {
        /// So many days after the application reached the step; the last of them is in time.
        case days(Int)
        /// That day of the year in which the application reached the step, or of the next where it is past already.
        case yearly(month: Int, day: Int)
        /// 每季度末: the last day of the quarter in which it reached the step.
        case quarterEnd
    }

    /// A paper (材料).
    package struct Paper: Hashable, Sendable {
        package var code: Code
        package var title: String
        /// The clauses for which it is asked; empty = all of the workflow.
        package var clauses: [ClauseID]
        package var proof: Proof

        /// What has to be kept of it.
        package enum Proof: String, Hashable, Sendable, CaseIterable {
            /// 验看原件: seeing the original suffices; a file may be attached.
            case seen
            /// 须附文件: a scan or photo is attached.
            case file
        }

        package init(code: Code, title: String, clauses: [ClauseID] = [], proof: Proof = .seen) {
            self.code = code
            self.title = title
            self.clauses = clauses
            self.proof = proof
        }
    }

    /// How many days something may take or lasts, as set for a run of days.
    package struct DatedDays: Hashable, Sendable {
        package var validity: DayPeriod
        package var days: Int

        package init(days: Int, validity: DayPeriod = DayPeriod(start: CivilDay(dayNumber: .min))) {
            self.validity = validity
            self.days = days
        }
    }

    /// 开放时间: the days of the year between which a step can be done, both included, by a clause.
    package struct Window: Hashable, Sendable {
        package var clause: ClauseID
        /// Month and day of the first and the last day.
        package var from: [Int]
        package var to: [Int]

        package init(clause: ClauseID, from: (month: Int, day: Int), to: (month: Int, day: Int)) {
            self.clause = clause
            self.from = [from.month, from.day]
            self.to = [to.month, to.day]
        }

        /// Its days in a year; nil when they are none.
        package func days(in year: Int) -> ClosedRange<CivilDay>? {
            guard let first = CivilDay(year: year, month: from[0], day: from[1]),
                let last = CivilDay(year: year, month: to[0], day: to[1]), first <= last
            else { return nil }
            return first...last
        }
    }

    /// One step.
    package struct Step: Hashable, Sendable {
        package var code: Code
        package var title: String
        package var kind: StepKind
        /// Whoever acts is responsible for a division of this level, or of one above it.
        package var level: AdministrativeLevel
        /// Roles of which the actor has one; empty = any.
        package var roles: [Code]
        /// The function it is; nil = none of the four.
        package var function: CaseFunction?
        /// Papers that must be there before the application leaves the step.
        package var papers: [Code]
        package var deadline: Deadline?
        /// When it can be done at all, in the year of the application; nil = on any day.
        package var window: Window?
        /// How many days the step may take, where that is set by date; it goes before `deadline`.
        package var dayLimits: [DatedDays] = []
        /// How long the list hangs out, on which days that holds; later entries go before earlier ones.
        package var noticePeriods: [DatedDays]

        package init(
            code: Code, title: String, kind: StepKind, level: AdministrativeLevel, roles: [Code] = [],
            function: CaseFunction? = nil, papers: [Code] = [], deadline: Deadline? = nil,
            noticePeriods: [DatedDays] = []
        ) {
            self.code = code
            self.title = title
            self.kind = kind
            self.level = level
            self.roles = roles
            self.function = function
            self.papers = papers
            self.deadline = deadline
            self.noticePeriods = noticePeriods
        }

        /// By when it is to be done for an application that reached it on the day; nil = nobody says.
        ///
        /// - Parameter before: The last day in time for the step before it, where it has one. A day of the calendar is counted from
        ///   there when the application came later: a step that was late does not put off those after it. So many days are counted
        ///   from the day on which it came.
        package func deadline(from day: CivilDay, before: CivilDay? = nil) -> CivilDay? {
            if let limit = dayLimits.last(where: { $0.validity.contains(day) }) {
                return Deadline.days(limit.days).lastDay(from: day)
            }
            switch deadline {
            case .days?, nil: return deadline?.lastDay(from: day)
            case .yearly?, .quarterEnd?: return deadline?.lastDay(from: min(day, before ?? day))
            }
        }

        /// How many days a list hangs out that is put up on the day; nil = nobody set it, and whoever opens the notice
        /// says so.
        package func noticeDays(on day: CivilDay) -> Int? { noticePeriods.last { $0.validity.contains(day) }?.days }
    }

    /// 年审: the yearly check whether what was confirmed still holds.
    package struct Reverification: Hashable, Sendable {
        package var level: AdministrativeLevel
        /// Overdue after this day of each year after that of the confirmation.
        package var month: Int
        package var day: Int
        /// Why somebody leaves (退出原因).
        package var exitReasons: [PolicyCatalog.Word]

        package init(level: AdministrativeLevel, month: Int, day: Int, exitReasons: [PolicyCatalog.Word]) {
            self.level = level
            self.month = month
            self.day = day
            self.exitReasons = exitReasons
        }

        /// The last day in time of a year.
        package func lastDay(in year: Int) -> CivilDay? { CivilDay(year: year, month: month, day: day) }
    }

    package var code: Code
    package var title: String
    package var clauses: [ClauseID]
    package var papers: [Paper]
    /// In order; the first is the declaration.
    package var steps: [Step]
    /// nil = nothing is looked at again: the case ends with its last step.
    package var reverification: Reverification?
    /// Clauses whose beneficiary is dead (丧葬): for them a death is no hindrance.
    package var aboutDeceased: [ClauseID]
    /// 层层审核: each level's own people review, and nobody reviews at two levels.
    package var isLayered = false
    /// The pack that declares it; nil outside a catalogue.
    package var pack: PackID?

    package init(
        code: Code, title: String, clauses: [ClauseID], papers: [Paper], steps: [Step],
        reverification: Reverification? = nil, aboutDeceased: [ClauseID] = []
    ) {
        self.aboutDeceased = aboutDeceased
        self.code = code
        self.title = title
        self.clauses = clauses
        self.papers = papers
        self.steps = steps
        self.reverification = reverification
    }

    /// The place of a step; nil when this version has none of that name.
    package func place(of step: Code) -> Int? { steps.firstIndex { $0.code == step } }

    /// The papers that must be there before an application about the clause leaves the step: those of the steps before it
    /// too, in the order of the steps.
    package func papers(through step: Code, for clause: ClauseID) -> [Paper] {
        guard let place = place(of: step) else { return [] }
        var seen: Set<Code> = []
        return steps[...place].flatMap(\.papers).filter { seen.insert($0).inserted }.compactMap { code in
            papers.first { $0.code == code && ($0.clauses.isEmpty || $0.clauses.contains(clause)) }
        }
    }
}

/// A level of the administration, from the village up.
package enum AdministrativeLevel: String, Hashable, Sendable, CaseIterable, Comparable {
    case village, township, county, city

    /// From the village up.
    package static func < (left: AdministrativeLevel, right: AdministrativeLevel) -> Bool {
        left.digits > right.digits
    }

    /// 村（居） …
    package var chinese: String {
        switch self {
        case .village: "村（居）"
        case .township: "乡镇（街道）"
        case .county: "县（市、区）"
        case .city: "市"
        }
    }

    /// How many digits the code of a division of this level has, without the zeros that end it.
    private var digits: Int {
        switch self {
        case .village: 12
        case .township: 9
        case .county: 6
        case .city: 4
        }
    }

    /// The division of this level in which a place lies; nil when the place is above the level.
    package func division(over place: DivisionCode) -> DivisionCode? {
        guard place.prefixDigits >= digits else { return nil }
        return DivisionCode(String(place.rawValue.prefix(digits)) + (self == .city ? "00" : ""))
    }

    /// Whether somebody who is responsible for the divisions acts for this level, or one above it, of a place.
    package func includes(_ place: DivisionCode, actingFor divisions: [DivisionCode]) -> Bool {
        divisions.contains { $0.prefixDigits <= digits && place.isWithin($0) }
    }
}

extension DivisionCode {
    /// How many digits it has without the pairs of zeros that end a county's, city's or province's code.
    var prefixDigits: Int {
        guard self != .everywhere else { return 0 }
        guard rawValue.utf8.count == 6 else { return rawValue.utf8.count }
        return rawValue.hasSuffix("0000") ? 2 : rawValue.hasSuffix("00") ? 4 : 6
    }
}

extension ApplicationWorkflow.Deadline {
    /// The last day in time for an application that reached the step on `day`.
    package func lastDay(from day: CivilDay) -> CivilDay {
        switch self {
        case .days(let days): return day + Int32(days)
        case .yearly(let month, let number):
            func last(_ year: Int) -> CivilDay {
                CivilDay(year: year, month: month, day: number) ?? CivilMonth(year: year, month: month).lastDay
            }
            return last(day.year) >= day ? last(day.year) : last(day.year + 1)
        case .quarterEnd: return CalendarUnit.quarter.last(with: CivilMonth(containing: day)).lastDay
        }
    }
}
