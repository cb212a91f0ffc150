/// What happens in the `duty-<division>` stream of a division.
package enum DutyEvent: Hashable, Sendable {
    /// 履责完成.
    case reported(DutyReported)
    /// 更正.
    case corrected(DutyCorrected)
    /// 撤回.
    case withdrawn(DutyWithdrawn)
    /// 名单移送.
    case listSent(ListSent)
    /// 名单签收.
    case listReceived(ListReceived)
    /// 事先征询.
    case asked(ConsultationAsked)
    /// 征询答复.
    case answered(ConsultationAnswered)
    /// 项目安排.
    case arranged(ProjectArranged)
    /// 调查结果.
    case surveyStated(SurveyStated)
    /// 随机抽样.
    case sampleDrawn(SampleDrawn)
    /// 指标数据.
    case figureStated(FigureStated)
    /// 报表上报; in a stream of the report's own.
    case reportSent(ReportSent)
    /// 提醒办理部门.
    case noticeRaised(OfficeNotice)
    /// 提醒送达情况.
    case noticeDelivered(NoticeDelivered)
}

/// A duty of a pack for one period.
package struct DutyKey: Hashable, Sendable {
    package var pack: PackID
    package var clause: ClauseID
    /// 2014, 2014-q3, 2014-h2, 2014-spring_festival.
    package var period: Code

    package init(pack: PackID, clause: ClauseID, period: Code) {
        self.pack = pack
        self.clause = clause
        self.period = period
    }

    /// `guiyang-2013 GY-4.1 2014`.
    package var description: String { "\(pack) \(clause) \(period)" }

    /// The calendar year of the period; nil when it names none.
    package var year: Int? { Self.year(of: period) }

    /// The calendar year with which a period begins; nil when it names none.
    package static func year(of period: Code) -> Int? {
        let digits = period.rawValue.prefix { $0 != "-" }
        guard digits.count == 4, let year = Int(digits), (1000...9999).contains(year) else { return nil }
        return year
    }
}

/// SHA-256 of a file that lies outside the log.
package struct FileDigest: Hashable, Sendable, CustomStringConvertible {
    /// 32 bytes.
    package let bytes: [UInt8]

    /// `nil` for another number of bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// 64 hexadecimal digits in lower case.
    package var description: String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

/// What shows that something was done.
package struct DutyEvidence: Hashable, Sendable {
    /// Without repetition.
    package var attachments: [FileDigest]
    /// What each of them is, codes of `AttachmentType`, or `unchecked` for one that stays where it is; empty = none of them
    /// is known. What a command says here does not count: the store tells.
    package var types: [Code]
    /// Pieces counted and kept elsewhere, beside the files; nil = nothing was counted.
    package var count: Int?
    package var paper: Code?

    package init(attachments: [FileDigest] = [], types: [Code] = [], count: Int? = nil, paper: Code? = nil) {
        self.attachments = attachments
        self.types = types
        self.count = count
        self.paper = paper
    }

    /// Nothing shows it.
    package var isEmpty: Bool { attachments.isEmpty && (count ?? 0) == 0 && paper == nil }

    /// How many photos there are: the files that are pictures, those that nobody could look into, and the pieces kept
    /// elsewhere. A report that comes along is none.
    package var photos: Int {
        (count ?? 0) + types.count { AttachmentType.pictures.contains($0) } + uncheckedFiles
    }

    /// Files of which only the digest is known.
    package var uncheckedFiles: Int {
        types.isEmpty ? attachments.count : types.count { $0 == AttachmentType.unchecked }
    }

    /// The same, with what the store knows of the files in the place of what somebody says.
    /// - Parameter kept: The files that are kept for the stream, with their types.
    package func told(by kept: [FileDigest: Code]) -> DutyEvidence {
        var told = self
        let types = attachments.map { kept[$0] ?? AttachmentType.unchecked }
        told.types = types.contains { $0 != AttachmentType.unchecked } ? types : []
        return told
    }
}

/// A duty was done; when is the event's day.
package struct DutyReported: Hashable, Sendable {
    package var key: DutyKey
    package var evidence: DutyEvidence
    /// Of whoever says so; nil in a command.
    package var department: DepartmentID?

    package init(key: DutyKey, evidence: DutyEvidence, department: DepartmentID? = nil) {
        self.key = key
        self.evidence = evidence
        self.department = department
    }
}

/// It was done on the event's day, and this shows it.
package struct DutyCorrected: Hashable, Sendable {
    package var report: EventReference
    package var evidence: DutyEvidence
    package var reason: Code

    package init(report: EventReference, evidence: DutyEvidence, reason: Code) {
        self.report = report
        self.evidence = evidence
        self.reason = reason
    }
}

/// It was not done.
package struct DutyWithdrawn: Hashable, Sendable {
    package var report: EventReference
    package var reason: Code

    package init(report: EventReference, reason: Code) {
        self.report = report
        self.reason = reason
    }
}

/// Another fact takes the place of an earlier one.
package struct DutyReplacement: Hashable, Sendable {
    package var replaced: EventReference
    package var reason: Code

    package init(_ replaced: EventReference, reason: Code) {
        self.replaced = replaced
        self.reason = reason
    }
}

/// A list of a period went from one department to another.
/// - Source: GY-3.6a 名单; BS-4.3
package struct ListSent: Hashable, Sendable {
    package var kind: Code
    package var period: Code
    package var digest: FileDigest
    /// Without the heading.
    package var rows: Int
    /// Nil in a command.
    package var from: DepartmentID?
    package var to: DepartmentID
    /// The receipt is in time until the end of this day.
    package var dueOn: CivilDay
    package var replacement: DutyReplacement?

    package init(
        kind: Code, period: Code, digest: FileDigest, rows: Int, from: DepartmentID? = nil, to: DepartmentID,
        dueOn: CivilDay, replacement: DutyReplacement? = nil
    ) {
        self.kind = kind
        self.period = period
        self.digest = digest
        self.rows = rows
        self.from = from
        self.to = to
        self.dueOn = dueOn
        self.replacement = replacement
    }
}

/// The department that a list was for has the same file.
package struct ListReceived: Hashable, Sendable {
    package var list: EventReference
    package var digest: FileDigest

    package init(list: EventReference, digest: FileDigest) {
        self.list = list
        self.digest = digest
    }
}

/// A department asks another before it arranges a project.
/// - Source: GY-3.18a 事先主动与人口计生部门联系
package struct ConsultationAsked: Hashable, Sendable {
    package var project: Code
    package var kind: Code
    package var clause: ClauseID
    /// Nil in a command.
    package var from: DepartmentID?
    package var to: DepartmentID
    /// The answer is in time until the end of this day.
    package var dueOn: CivilDay

    package init(
        project: Code, kind: Code, clause: ClauseID, from: DepartmentID? = nil, to: DepartmentID, dueOn: CivilDay
    ) {
        self.project = project
        self.kind = kind
        self.clause = clause
        self.from = from
        self.to = to
        self.dueOn = dueOn
    }
}

/// What the department that was asked says.
package struct ConsultationAnswered: Hashable, Sendable {
    /// 同意, 有条件同意, 不同意.
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        case agreed, conditions, objected
    }

    package var question: EventReference
    package var outcome: Outcome
    package var paper: Code?

    package init(question: EventReference, outcome: Outcome, paper: Code? = nil) {
        self.question = question
        self.outcome = outcome
        self.paper = paper
    }
}

/// A project that was asked about was arranged.
package struct ProjectArranged: Hashable, Sendable {
    package var question: EventReference

    package init(question: EventReference) { self.question = question }
}

/// How many people were asked, answered and said yes.
/// - Source: WZ-A3.2e 群众知晓率、满意率
package struct SurveyStated: Hashable, Sendable {
    /// The pack and clause that ask for it, and the period.
    package var key: DutyKey
    /// awareness, satisfaction.
    package var measure: Code
    package var asked: Int
    package var answered: Int
    package var positive: Int
    package var replacement: DutyReplacement?

    package init(
        key: DutyKey, measure: Code, asked: Int, answered: Int, positive: Int, replacement: DutyReplacement? = nil
    ) {
        self.key = key
        self.measure = measure
        self.asked = asked
        self.answered = answered
        self.positive = positive
        self.replacement = replacement
    }

    /// Whether so many percent of those who answered said yes; the bound itself is enough, and nobody is not.
    package func reaches(percent: Int) -> Bool { answered > 0 && positive * 100 >= answered * percent }
}

/// Families of the division are drawn for a check; the list follows from the log.
/// - Source: WZ-A3.3 随机抽查
package struct SampleDrawn: Hashable, Sendable {
    package var purpose: Code
    package var period: Code
    package var size: Int
    package var seed: UInt64
    package var replacement: DutyReplacement?

    package init(purpose: Code, period: Code, size: Int, seed: UInt64, replacement: DutyReplacement? = nil) {
        self.purpose = purpose
        self.period = period
        self.size = size
        self.seed = seed
        self.replacement = replacement
    }
}

/// An event of a division's duty book as the log holds it.
package struct KnownDutyEvent: Hashable, Sendable {
    package var reference: EventReference
    package var recordedAt: Moment
    package var occurredOn: CivilDay
    package var command: CommandID
    /// Account of the person who acted.
    package var actor: Code?
    /// Department of that person; nil where the record has none.
    package var department: DepartmentID?
    package var event: DutyEvent

    package init(
        reference: EventReference, recordedAt: Moment, occurredOn: CivilDay, command: CommandID, actor: Code? = nil,
        department: DepartmentID? = nil, event: DutyEvent
    ) {
        self.department = department
        self.reference = reference
        self.recordedAt = recordedAt
        self.occurredOn = occurredOn
        self.command = command
        self.actor = actor
        self.event = event
    }
}
