import CareDomain

extension CareArchive {
    /// A guardian of one member.
    package struct GuardianLine: Hashable, Sendable {
        package var member: Subject
        package var guardian: PersonID
        /// Masked unless revealed.
        package var guardianName: String?
        package var relation: Label
        package var namedBy: Label
        package var state: Guardianship.State
        package var namedOn: CivilDay
        package var consentedOn: CivilDay?
        package var notarisedOn: CivilDay?
        /// First day without this guardian: it was ended, or the member died.
        package var endedOn: CivilDay?
        package var endReason: Label?
        package var certificate: String?
        /// Duties as notarised: admission to a care home, surgery …
        package var scopes: [Label] = []
        /// 免除公证费; nil = not recorded.
        package var feeWaived: Bool?
        package var sequence: UInt64
    }

    /// A stated fact in force on the day.
    package struct FactLine: Hashable, Sendable {
        package var fact: Label
        package var subject: Subject
        package var value: FactValue
        package var valueText: String
        package var since: CivilDay
        package var until: CivilDay?
        package var source: Label
        package var sequence: UInt64
        /// Department that stated it.
        package var department: Label?
        /// What others state of the same day, which does not count.
        package var rivals: [FactRival] = []
    }

    /// A statement that contradicts the one that counts.
    package struct FactRival: Hashable, Sendable {
        package var value: FactValue
        package var valueText: String
        package var since: CivilDay
        package var until: CivilDay?
        package var source: Label
        package var department: Label?
        package var sequence: UInt64
        /// Whether it gave way because its source goes after the other's; otherwise because it is the earlier word.
        package var isBySource: Bool
    }

    /// A visit up to the day.
    package struct VisitLine: Hashable, Sendable {
        package var sequence: UInt64
        package var day: CivilDay
        package var kind: Label
        package var holiday: Label?
        package var form: String?
        /// What the form is called.
        package var formText: String?
        package var visitorName: String?
        /// How many fields of the form were answered.
        package var answerCount: Int
        /// Only when revealed.
        package var text: String?
    }

    /// A need raised up to the day.
    package struct NeedLine: Hashable, Sendable {
        /// How far it has come.
        package enum State: String, Hashable, Sendable, CaseIterable {
            case open, answered, closed

            package var chinese: String {
                switch self {
                case .open: "待答复"
                case .answered: "已答复"
                case .closed: "已办结"
                }
            }
        }

        /// One answer.
        package struct Answer: Hashable, Sendable {
            package var sequence: UInt64
            package var day: CivilDay
            package var by: Label?
            package var outcome: Label
        }

        package var sequence: UInt64
        package var kind: Label
        package var items: Int
        package var raisedOn: CivilDay
        package var state: State
        package var answers: [Answer]
        package var closedOn: CivilDay?
        package var closedFor: Label?
        /// Only when revealed.
        package var text: String?
        /// Whether the visit at which it was told has been withdrawn while it stands.
        package var isVisitWithdrawn = false
    }

    /// An item of the assistance plan.
    package struct PlanLine: Hashable, Sendable {
        package var sequence: UInt64
        package var clause: ClauseID?
        package var title: String
        package var department: Label
        package var openedOn: CivilDay
        package var dueOn: CivilDay?
        package var doneOn: CivilDay?
        /// Whether the day is past `dueOn` and it was not done by then.
        package var isOverdue: Bool
        /// Whom a claim on the accident insurance is about; nil for what somebody opened.
        package var subject: Subject?
        /// Whether what it rested on was withdrawn since: nobody has to see to it any more.
        package var isGroundless: Bool
        /// Only when revealed.
        package var text: String?
    }

    /// Goods that were handed out.
    package struct HandOutLine: Hashable, Sendable {
        /// Goods of one kind.
        package struct Goods: Hashable, Sendable {
            package var goods: Label
            package var count: Int
        }

        /// What shows that the family got them.
        package enum Receipt: Hashable, Sendable {
            case slip(FileDigest)
            case none(Label)
        }

        package var sequence: UInt64
        package var clause: Label
        package var period: String
        package var day: CivilDay
        package var items: [Goods]
        package var receiver: PersonID
        /// Role of the member, or the name of somebody else; masked unless revealed.
        package var receiverText: String
        /// nil for a member.
        package var relation: Label?
        /// nil where whoever recorded it brought it.
        package var handedBy: PersonID?
        /// Name of whoever brought it, or the account of whoever recorded it.
        package var handedByText: String
        package var receipt: Receipt
        /// Only when revealed.
        package var text: String?
    }

    /// A person's decision about a right, made up to the day.
    package struct AwardLine: Hashable, Sendable {
        package var sequence: UInt64
        package var clause: ClauseID
        package var title: String
        package var subject: Subject
        package var outcome: AwardDecided.Outcome
        /// Days on which it holds by its own words.
        package var period: DayPeriod
        package var reason: Label
        package var decidedOn: CivilDay
        /// Account of the person who decided.
        package var by: String?
        /// Account of a second person who approved it.
        package var secondApprover: String?
        /// First day on which it no longer holds because it was revoked, with the event that says so.
        package var revokedFrom: CivilDay?
        package var revokedBy: UInt64?
        /// Only when revealed.
        package var text: String?
    }

    /// A notice raised up to the day.
    package struct NoticeLine: Hashable, Sendable {
        /// What became of it on one channel.
        package struct Delivery: Hashable, Sendable {
            package var channel: Label
            package var outcome: NoticeDelivered.Outcome
            package var attempts: Int
            package var reason: String?
        }

        package var sequence: UInt64
        package var kind: Label
        package var subject: Subject
        package var raisedOn: CivilDay
        package var dueOn: CivilDay?
        package var department: Label?
        /// The clause on which it rests.
        package var clause: ClauseID?
        package var details: [Label]
        /// Persons it tells of, such as the old and the new helper: helpers by name, members masked unless revealed.
        package var people: [Subject]
        /// In the order in which they were made; of one channel the last counts.
        package var deliveries: [Delivery]
    }

    /// One event of the stream.
    package struct HistoryLine: Hashable, Sendable {
        package var sequence: UInt64
        /// Name of the event type, `PairingAssigned`.
        package var kind: String
        package var title: String
        /// Codes and figures in words; no personal data but helpers' names.
        package var detail: String
        package var day: CivilDay
        package var recordedAt: Moment
        package var learnedOn: CivilDay?
        /// The event it puts right.
        package var corrects: UInt64?
        package var correctionReason: Label?
        /// The reason in words; only when revealed.
        package var correctionText: String?
        /// The latest event that puts it right.
        package var correctedBy: UInt64?
    }
}

extension Guardianship.State {
    /// 已指定, 已同意 …
    package var chinese: String {
        switch self {
        case .named: "已指定"
        case .consented: "本人已同意"
        case .active: "已公证生效"
        case .ended: "已终止"
        }
    }
}

extension DeterminationMade.Status {
    /// Stable code for JSON and filters.
    package var code: String {
        switch self {
        case .entitled: "entitled"
        case .proposed: "proposed"
        case .notEntitled: "not_entitled"
        case .needsFact: "needs_fact"
        case .needsParameter: "needs_parameter"
        case .held: "held"
        case .failed: "failed"
        }
    }

    /// Reads `code`.
    package init?(code: String) {
        guard let status = Self.all.first(where: { $0.code == code }) else { return nil }
        self = status
    }

    /// 享受, 拟享受 …
    package var chinese: String {
        switch self {
        case .entitled: "享受"
        case .proposed: "拟享受"
        case .notEntitled: "不享受"
        case .needsFact: "待补材料"
        case .needsParameter: "待定标准"
        case .held: "暂缓发放"
        case .failed: "规则出错"
        }
    }

    /// All of them, in the order of their numbers in messages, which begin at 1.
    package static let all: [Self] = [
        .entitled, .proposed, .notEntitled, .needsFact, .needsParameter, .held, .failed,
    ]
}

extension NoticeDelivered.Outcome {
    /// Stable code for JSON and filters.
    package var code: String {
        switch self {
        case .delivered: "delivered"
        case .parked: "parked"
        case .skipped: "skipped"
        }
    }

    /// 已送达, 滞留, 已跳过
    package var chinese: String {
        switch self {
        case .delivered: "已送达"
        case .parked: "滞留"
        case .skipped: "已跳过"
        }
    }
}
