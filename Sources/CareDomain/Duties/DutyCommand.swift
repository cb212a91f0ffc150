/// What somebody asks to be recorded in the duty book of a division.
package struct DutyCommand: Hashable, Sendable {
    /// Chosen by the client; sending it again is the same command.
    package var id: CommandID
    package var division: DivisionCode
    /// The day it was done.
    package var occurredOn: CivilDay
    /// The event it leads to, without what the book adds itself.
    package var action: DutyEvent

    package init(id: CommandID, division: DivisionCode, occurredOn: CivilDay, action: DutyEvent) {
        self.id = id
        self.division = division
        self.occurredOn = occurredOn
        self.action = action
    }

    /// Files that it names as evidence.
    package var files: [FileDigest] {
        switch action {
        case .reported(let event): event.evidence.attachments
        case .corrected(let event): event.evidence.attachments
        default: []
        }
    }
}

/// When a duty of a pack may be done for a period, and until when it is in time.
package struct DutyTerms: Hashable, Sendable {
    /// First day of the period.
    package var firstDay: CivilDay
    /// Last day of the period, whether or not something is due in it; nil = it has no end.
    package var periodEnd: CivilDay?
    /// Nil = it has no date.
    package var warnFrom: CivilDay?
    /// In time until the end of this day; nil = it has no date.
    package var lastDay: CivilDay?
    /// Least and most photos; nil = any.
    package var pieces: ClosedRange<Int>?
    /// Whose it is, as the pack declares; nil = nobody's in particular.
    package var owner: DepartmentID?
    /// The level that evaluates, where the duty is to evaluate what lies below: it stands in the books of that level alone. Nil =
    /// it is no such duty.
    package var evaluator: AdministrativeLevel?

    package init(
        firstDay: CivilDay, warnFrom: CivilDay? = nil, lastDay: CivilDay? = nil, pieces: ClosedRange<Int>? = nil,
        owner: DepartmentID? = nil, periodEnd: CivilDay? = nil, evaluator: AdministrativeLevel? = nil
    ) {
        self.evaluator = evaluator
        self.owner = owner
        self.periodEnd = periodEnd
        self.firstDay = firstDay
        self.warnFrom = warnFrom
        self.lastDay = lastDay
        self.pieces = pieces
    }
}

extension DutyTerms {
    /// Whether the department may say that it was done: whose it is, the township above a village's, and the
    /// family-planning authority, which keeps the files and answers for the whole; its successor answers for what was its.
    /// - Source: policies/README, Departments
    package func isReported(by department: DepartmentID) -> Bool {
        owner.map { department.answers(for: $0) } ?? true
    }
}

extension DepartmentID {
    /// Whether it may speak where another is asked: itself, the family-planning authority for everybody, a township for its
    /// villages.
    func answers(for owner: DepartmentID) -> Bool {
        self == owner || KnownOffices.keepers.contains(self)
            || owner == KnownOffices.community && self == KnownOffices.township
    }
}

/// How a duty stands on a day. The raw value is the stable code.
package enum DutyState: String, Hashable, Sendable, CaseIterable {
    /// 未到.
    case open
    /// 将到期.
    case warned
    /// 逾期.
    case overdue
    /// 未记录: it has no date, its period is over, and nothing shows that it was done.
    case unrecorded
    /// 按期完成.
    case done
    /// 逾期完成.
    case doneLate = "done_late"

    /// - Parameters:
    ///   - terms: Days of the duty.
    ///   - doneOn: The day it was done; nil = not, or not known.
    ///   - day: The day asked about; what was done later does not count yet.
    package init(_ terms: DutyTerms, doneOn: CivilDay?, on day: CivilDay) {
        if let doneOn, doneOn <= day {
            self = terms.lastDay.map { doneOn > $0 } ?? false ? .doneLate : .done
        } else if let last = terms.lastDay, day > last {
            self = .overdue
        } else if terms.lastDay == nil, let end = terms.periodEnd, day > end {
            self = .unrecorded
        } else {
            self = terms.warnFrom.map { day >= $0 } ?? false ? .warned : .open
        }
    }
}

/// What `decide` may know beside the command and the book.
package struct DutyContext: Sendable {
    /// The civil day on which intake decides.
    package var today: CivilDay
    /// Department of whoever sends the command.
    package var department: DepartmentID
    /// What the published packs ask in the division; nil for a duty that they do not know.
    package var terms: @Sendable (DutyKey) -> DutyTerms?
    /// Whether a published pack has the clause and is for the division.
    package var knowsClause: @Sendable (PackID?, ClauseID) -> Bool
    /// Whether a published pack for the division reads such a figure.
    package var figure: @Sendable (PackID, FactID, FactValue) -> FigureCheck
    /// Who states the figure and what it cannot exceed; nil where no pack says anything of it.
    package var figureTerms: @Sendable (PackID, FactID) -> FigureTerms? = { _, _ in nil }
    /// The divisions for which that person acts; nil where nobody is behind it.
    package var actsFor: [DivisionCode]?
    /// Whether the division is a unit that the division above evaluates by the clause in the year.
    package var isEvaluated: @Sendable (ClauseID, Int) -> Bool
    /// Files kept for the division's book among those that the command names, with what they are by their bytes.
    package var kept: [FileDigest: Code] = [:]
    /// The departments whose a report is; empty = nobody's in particular.
    package var reportOwners: @Sendable (ReportScope) -> [DepartmentID] = { _ in [] }

    /// What a pack says of a figure.
    package enum FigureCheck: Hashable, Sendable { case good, unknown, badValue }

    package init(
        today: CivilDay, department: DepartmentID, terms: @escaping @Sendable (DutyKey) -> DutyTerms?,
        knowsClause: @escaping @Sendable (PackID?, ClauseID) -> Bool,
        figure: @escaping @Sendable (PackID, FactID, FactValue) -> FigureCheck, actsFor: [DivisionCode]? = nil,
        isEvaluated: @escaping @Sendable (ClauseID, Int) -> Bool = { _, _ in false }
    ) {
        self.actsFor = actsFor
        self.isEvaluated = isEvaluated
        self.today = today
        self.department = department
        self.terms = terms
        self.knowsClause = knowsClause
        self.figure = figure
    }
}
