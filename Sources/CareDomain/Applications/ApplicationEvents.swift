/// What happens to one application (申报件). An application is named by the event that submitted it.
///
/// Commands carry the same values. What the pack decides (`workflow`, `step` of a submission, `to`, `days`) is left out in a
/// command and filled in when it is decided.
package enum ApplicationEvent: Hashable, Sendable {
    /// 申报
    case submitted(ApplicationSubmitted)
    /// 上报、审核通过、办结一步
    case forwarded(ApplicationForwarded)
    /// 退回补正
    case returned(ApplicationReturned)
    /// 不予通过
    case rejected(ApplicationRejected)
    /// 申请人撤回
    case withdrawn(ApplicationWithdrawn)
    /// 公示
    case noticeOpened(PublicNoticeOpened)
    /// 异议
    case objectionRaised(ObjectionRaised)
    /// 异议核查结果
    case objectionDecided(ObjectionDecided)
    /// 确认
    case confirmed(ApplicationConfirmed)
    /// 年审
    case reverified(ApplicationReverified)

    /// The application it is about; nil for the one that begins it.
    package var application: EventReference? {
        switch self {
        case .submitted: nil
        case .forwarded(let event): event.application
        case .returned(let event): event.application
        case .rejected(let event): event.application
        case .withdrawn(let event): event.application
        case .noticeOpened(let event): event.application
        case .objectionRaised(let event): event.application
        case .objectionDecided(let event): event.application
        case .confirmed(let event): event.application
        case .reverified(let event): event.application
        }
    }

    /// The function that whoever did it holds on the case; nil = none of the four.
    package var function: CaseFunction? {
        switch self {
        case .submitted, .withdrawn, .objectionRaised: nil
        case .forwarded(let event): event.function
        case .returned, .rejected, .noticeOpened, .confirmed, .reverified: .review
        case .objectionDecided: .supervision
        }
    }

    /// What is said in words, by whom it is about.
    package var sealed: [SealedPart] {
        switch self {
        case .submitted, .forwarded, .noticeOpened, .confirmed: []
        case .returned(let event): event.sealed
        case .rejected(let event): event.sealed
        case .withdrawn(let event): event.sealed
        case .objectionRaised(let event): event.sealed
        case .objectionDecided(let event): event.sealed
        case .reverified(let event): event.sealed
        }
    }
}

/// 申报: somebody applies for what a clause gives, for one beneficiary.
package struct ApplicationSubmitted: Hashable, Sendable {
    package var clause: ClauseID
    package var subject: FactSubject
    /// Papers handed in.
    package var papers: [Code]
    /// Those of them that are attachments; of the others the original was seen.
    package var files: [PaperFile]
    /// The workflow it follows; nil only in a command.
    package var workflow: Code?
    /// The step at which it arrives; nil only in a command.
    package var step: Code?
    /// The earlier application about the same, when it is made again; nil in a command.
    package var previous: EventReference?

    package init(
        clause: ClauseID, subject: FactSubject, papers: [Code] = [], files: [PaperFile] = [], workflow: Code? = nil,
        step: Code? = nil,
        previous: EventReference? = nil
    ) {
        self.clause = clause
        self.subject = subject
        self.papers = papers
        self.files = files
        self.workflow = workflow
        self.step = step
        self.previous = previous
    }
}

/// A step is done and the application goes on to the next.
package struct ApplicationForwarded: Hashable, Sendable {
    package var application: EventReference
    /// The step that is done.
    package var step: Code
    /// Papers handed in since.
    package var papers: [Code]
    /// Those of them that are attachments; of the others the original was seen.
    package var files: [PaperFile]
    /// The next step; nil when it was the last one, and in a command.
    package var to: Code?
    /// The function that the step is, as the pack had it; nil = none of the four, and in a command.
    package var function: CaseFunction?

    package init(
        application: EventReference, step: Code, papers: [Code] = [], files: [PaperFile] = [], to: Code? = nil,
        function: CaseFunction? = nil
    ) {
        self.application = application
        self.step = step
        self.papers = papers
        self.files = files
        self.to = to
        self.function = function
    }
}

/// 退回: an earlier step has to be done again.
package struct ApplicationReturned: Hashable, Sendable {
    package var application: EventReference
    /// Where it was.
    package var step: Code
    /// Where it goes back to; nil in a command = the step before.
    package var to: Code?
    package var reason: Code
    /// The reason in words.
    package var sealed: [SealedPart]

    package init(
        application: EventReference, step: Code, to: Code? = nil, reason: Code, sealed: [SealedPart] = []
    ) {
        self.application = application
        self.step = step
        self.to = to
        self.reason = reason
        self.sealed = sealed
    }
}

/// 不予通过: the application ends.
package struct ApplicationRejected: Hashable, Sendable {
    package var application: EventReference
    /// Where it was.
    package var step: Code
    package var reason: Code
    /// The reason in words.
    package var sealed: [SealedPart]

    package init(application: EventReference, step: Code, reason: Code, sealed: [SealedPart] = []) {
        self.application = application
        self.step = step
        self.reason = reason
        self.sealed = sealed
    }
}

/// 撤回: the family takes the application back.
package struct ApplicationWithdrawn: Hashable, Sendable {
    package var application: EventReference
    package var reason: Code
    /// The reason in words.
    package var sealed: [SealedPart]

    package init(application: EventReference, reason: Code, sealed: [SealedPart] = []) {
        self.application = application
        self.reason = reason
        self.sealed = sealed
    }
}

/// 公示: the list with the masked names hangs out from this day on.
///
/// The day on which it is hung out does not count (reading: 民法典第二百零一条), so the period's last day is `days` after it.
/// - Source: 温卫发〔2021〕42号, 五（三）公示确认 (WZ-5.3a)
package struct PublicNoticeOpened: Hashable, Sendable {
    package var application: EventReference
    /// The step of the notice.
    package var step: Code
    /// Length of the period in days, 1 to 365; nil in a command = what the pack says.
    package var days: Int?

    package init(application: EventReference, step: Code, days: Int? = nil) {
        self.application = application
        self.step = step
        self.days = days
    }
}

/// 异议: somebody says that the application should not be confirmed.
package struct ObjectionRaised: Hashable, Sendable {
    package var application: EventReference
    package var reason: Code
    /// Who objects and what is said.
    package var sealed: [SealedPart]

    package init(application: EventReference, reason: Code, sealed: [SealedPart] = []) {
        self.application = application
        self.reason = reason
        self.sealed = sealed
    }
}

/// 异议核查结果: what the investigation found.
package struct ObjectionDecided: Hashable, Sendable {
    package var application: EventReference
    /// The objection.
    package var objection: EventReference
    /// Whether it holds (异议成立); then the application is to be returned or rejected.
    package var isUpheld: Bool
    /// What was found, a code.
    package var finding: Code
    /// The investigation in words.
    package var sealed: [SealedPart]

    package init(
        application: EventReference, objection: EventReference, isUpheld: Bool, finding: Code, sealed: [SealedPart] = []
    ) {
        self.application = application
        self.objection = objection
        self.isUpheld = isUpheld
        self.finding = finding
        self.sealed = sealed
    }
}

/// 确认: the application is granted.
package struct ApplicationConfirmed: Hashable, Sendable {
    package var application: EventReference
    /// Where it was: the step of the confirmation, or of the notice right before it.
    package var step: Code
    /// The next step; nil when there is none, and in a command.
    package var to: Code?

    package init(application: EventReference, step: Code, to: Code? = nil) {
        self.application = application
        self.step = step
        self.to = to
    }
}

/// 年审: whether what was confirmed still holds in a year.
package struct ApplicationReverified: Hashable, Sendable {
    /// What came of it.
    package enum Outcome: Hashable, Sendable {
        /// 继续
        case continues
        /// 退出, for this reason.
        case exits(Code)
    }

    package var application: EventReference
    package var year: Int
    package var outcome: Outcome
    /// What was found, in words.
    package var sealed: [SealedPart]

    package init(application: EventReference, year: Int, outcome: Outcome, sealed: [SealedPart] = []) {
        self.application = application
        self.year = year
        self.outcome = outcome
        self.sealed = sealed
    }
}
