import CareDomain
import CareWire
import Crypto

/// Events of duty books: one with everything set, one with as little as possible.
enum SampleDuties {
    static let department = DepartmentID(unchecked: "dept.fp")
    static let code = Code(unchecked: "recount")
    static let digest = FileDigest(bytes: Array(0..<32))!
    static let key = DutyKey(
        pack: PackID(unchecked: "guiyang-2013"), clause: ClauseID("GY-4.1")!, period: Code(unchecked: "2014"))
    static let evidence = DutyEvidence(attachments: [digest], count: 6, paper: Code(unchecked: "p-7"))
    static let bare = DutyEvidence(count: 1)
    static let reference = EventReference(sequence: 3)
    static let replacement = DutyReplacement(reference, reason: code)

    static func events(_ kind: EventKind) -> [DutyEvent] {
        switch kind {
        case .dutyReported:
            [evidence, bare].map { .reported(DutyReported(key: key, evidence: $0, department: department)) }
        case .dutyCorrected:
            [evidence, bare].map { .corrected(DutyCorrected(report: reference, evidence: $0, reason: code)) }
        case .dutyWithdrawn: [.withdrawn(DutyWithdrawn(report: reference, reason: code))]
        case .listSent: [list(replacement), list(nil)].map { .listSent($0) }
        case .listReceived: [.listReceived(ListReceived(list: reference, digest: digest))]
        case .consultationAsked: [.asked(asked)]
        case .consultationAnswered:
            ConsultationAnswered.Outcome.allCases.map { outcome in
                .answered(
                    ConsultationAnswered(question: reference, outcome: outcome, paper: outcome == .agreed ? nil : code))
            }
        case .projectArranged: [.arranged(ProjectArranged(question: reference))]
        case .surveyStated: [survey(replacement), survey(nil)].map { .surveyStated($0) }
        case .sampleDrawn: [sample(replacement), sample(nil)].map { .sampleDrawn($0) }
        case .figureStated: [figure(replacement, digest), figure(nil, nil)].map { .figureStated($0) }
        case .reportSent: [report(code), report(nil)].map { .reportSent($0) }
        case .dutyNoticeRaised: [notice(key), notice(nil)].map { .noticeRaised($0) }
        case .dutyNoticeDelivered: outcomes.map { .noticeDelivered($0) }
        default: []
        }
    }

    static func list(_ replacement: DutyReplacement?) -> ListSent {
        ListSent(
            kind: Code(unchecked: "training"), period: Code(unchecked: "2014-q3"), digest: digest, rows: 12,
            from: department, to: DepartmentID(unchecked: "dept.hrss"), dueOn: Sample.day("2014-10-20"),
            replacement: replacement)
    }

    static let asked = ConsultationAsked(
        project: Code(unchecked: "well-7"), kind: Code(unchecked: "water"), clause: ClauseID("GY-3.18a")!,
        from: DepartmentID(unchecked: "dept.water"), to: department, dueOn: Sample.day("2014-05-11"))

    static func survey(_ replacement: DutyReplacement?) -> SurveyStated {
        SurveyStated(
            key: key, measure: Code(unchecked: "satisfaction"), asked: 200, answered: 100, positive: 91,
            replacement: replacement)
    }

    static func sample(_ replacement: DutyReplacement?) -> SampleDrawn {
        SampleDrawn(
            purpose: Code(unchecked: "calls"), period: Code(unchecked: "2014"), size: 5, seed: .max,
            replacement: replacement)
    }

    static func figure(_ replacement: DutyReplacement?, _ attachment: FileDigest?) -> FigureStated {
        FigureStated(
            pack: key.pack, fact: FactID(unchecked: "city.rural_net_income"), value: .money(Fen(1_100_000)),
            period: Code(unchecked: "2014"), source: Code(unchecked: "statistics_bureau"), attachment: attachment,
            replacement: replacement)
    }

    static func report(_ reason: Code?) -> ReportSent {
        let content = Array("{}\n".utf8)
        return ReportSent(
            scope: ReportScope(
                kind: Code(unchecked: "indicators"), division: DivisionCode("520100")!,
                pack: reason == nil ? nil : key.pack, clause: reason == nil ? nil : key.clause,
                firstDay: Sample.day("2014-01-01"), lastDay: Sample.day("2014-12-31")),
            version: reason == nil ? 1 : 2, knownAt: Moment(microseconds: 1_420_000_000_000_000),
            digest: FileDigest(bytes: Array(SHA256.hash(data: content)))!, content: content,
            figures: reason == nil ? [] : [LoanFigure(Code(unchecked: "per_head_fen"), 86_667)], reason: reason)
    }

    static func notice(_ key: DutyKey?) -> OfficeNotice {
        OfficeNotice(
            kind: Code(unchecked: key == nil ? "list_due" : "duty_overdue"),
            key: "duty_overdue/guiyang-2013/GY-4.1/2014",
            department: department, dueOn: Sample.day("2014-12-31"), clause: key?.clause, pack: key?.pack,
            period: key?.period)
    }

    static let outcomes = [
        NoticeDelivered(
            notice: reference, channel: Code(unchecked: "webhook"), outcome: .parked, attempts: 8, reason: code),
        NoticeDelivered(
            notice: reference, channel: Code(unchecked: "stdout"), outcome: .delivered, attempts: 1, reason: nil),
    ]
}
