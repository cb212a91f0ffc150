/// 申报件: one application with everything that happened to it.
package struct ApplicationCase: Hashable, Sendable {
    /// How far it is.
    package enum State: Hashable, Sendable {
        /// At a step before the confirmation.
        case underWay
        /// Confirmed; steps may be left to do.
        case confirmed
        case rejected(Code)
        case withdrawn(Code)
        /// 退出: no longer confirmed.
        case exited(Code)

        /// Stable code: under_way, confirmed, rejected, withdrawn, exited.
        package var code: String {
            switch self {
            case .underWay: "under_way"
            case .confirmed: "confirmed"
            case .rejected: "rejected"
            case .withdrawn: "withdrawn"
            case .exited: "exited"
            }
        }

        /// 办理中 …
        package var chinese: String {
            switch self {
            case .underWay: "办理中"
            case .confirmed: "已确认"
            case .rejected: "不予通过"
            case .withdrawn: "已撤回"
            case .exited: "已退出"
            }
        }

        /// under way …
        package var english: String {
            switch self {
            case .underWay: "under way"
            case .confirmed: "confirmed"
            case .rejected: "rejected"
            case .withdrawn: "withdrawn"
            case .exited: "exited"
            }
        }
    }

    /// One act with who did it.
    package struct Act: Hashable, Sendable {
        package let reference: EventReference
        package let day: CivilDay
        /// Account of the person; nil where the reader did not take it from the record.
        package let by: Code?
        package let event: ApplicationEvent
    }

    /// The notice of the present round.
    package struct PublicNotice: Hashable, Sendable {
        package let reference: EventReference
        package let step: Code
        package let openedOn: CivilDay
        /// The last day of the period; nil when the record does not say how long it is, and then it never ends.
        package let lastDay: CivilDay?

        /// Whether the period is over on a day.
        package func isOver(on day: CivilDay) -> Bool { lastDay.map { day > $0 } ?? false }
    }

    /// An objection with its result.
    package struct Objection: Hashable, Sendable {
        package let reference: EventReference
        package let day: CivilDay
        package let reason: Code
        /// nil while it is open.
        package internal(set) var isUpheld: Bool?
        package internal(set) var decidedOn: CivilDay?
        /// Whether it stands against the present round; one that was upheld is dealt with by returning the application.
        package internal(set) var isPresent = true
    }

    /// The event that began it; names the application.
    package let reference: EventReference
    package let submittedOn: CivilDay
    package let clause: ClauseID
    package let subject: FactSubject
    package let workflow: Code?
    package let previous: EventReference?
    package internal(set) var state: State = .underWay
    /// The step at which it is; nil when no step is left.
    package internal(set) var step: Code?
    package internal(set) var reachedOn: CivilDay
    /// Papers handed in, in order, each once.
    package internal(set) var papers: [Code]
    package internal(set) var notice: PublicNotice?
    package internal(set) var objections: [Objection] = []
    package internal(set) var confirmedOn: CivilDay?
    /// Years for which it was looked at again and continues.
    package internal(set) var verifiedYears: [Int] = []
    /// Day of exit, rejection or withdrawal.
    package internal(set) var endedOn: CivilDay?
    /// Everything that happened, in order, the submission first.
    package internal(set) var acts: [Act] = []

    /// Whether another application about the same would be a second one: under way, or confirmed and either to be looked at
    /// again every year or not yet through its steps.
    package func isOpen(under workflow: ApplicationWorkflow?) -> Bool {
        switch state {
        case .underWay: true
        case .confirmed: step != nil || workflow?.reverification != nil
        case .rejected, .withdrawn, .exited: false
        }
    }

    /// Accounts of those who hold a function on it.
    package func holders(of function: CaseFunction) -> Set<Code> {
        Set(acts.lazy.filter { $0.event.function == function }.compactMap(\.by))
    }

    /// The day of the latest act.
    package var lastDay: CivilDay { acts.last?.day ?? submittedOn }

    /// Objections nobody decided yet.
    package var openObjections: [Objection] { objections.filter { $0.isUpheld == nil } }

    /// Whether an objection against the present round was found to hold.
    package var isBarred: Bool { objections.contains { $0.isPresent && $0.isUpheld == true } }

    /// The papers that are missing to leave the step at which it is.
    package func missingPapers(_ workflow: ApplicationWorkflow) -> [ApplicationWorkflow.Paper] {
        (papersToLeave(workflow) ?? []).filter { !papers.contains($0.code) }
    }

    /// The papers that must be there before it leaves the step at which it is; nil when no step is left. A confirmation takes
    /// no papers in, so whatever it needs is asked for by the step before it.
    func papersToLeave(_ workflow: ApplicationWorkflow) -> [ApplicationWorkflow.Paper]? {
        guard let step else { return nil }
        guard let place = workflow.place(of: step), place + 1 < workflow.steps.count,
            workflow.steps[place + 1].kind == .confirm
        else { return workflow.papers(through: step, for: clause) }
        return workflow.papers(through: workflow.steps[place + 1].code, for: clause)
    }

    /// The earliest year that has to be looked at and was not, by the day; nil when nothing is to be done yet.
    package func reverificationYear(_ workflow: ApplicationWorkflow, on day: CivilDay) -> Int? {
        guard state == .confirmed, let confirmedOn, workflow.reverification != nil, day.year > confirmedOn.year else {
            return nil
        }
        return ((confirmedOn.year + 1)...day.year).first { !verifiedYears.contains($0) }
    }
}
