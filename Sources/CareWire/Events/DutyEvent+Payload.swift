import CareDomain

extension DutyEvent {
    /// Its type's number.
    package var kind: EventKind {
        switch self {
        case .reported: .dutyReported
        case .corrected: .dutyCorrected
        case .withdrawn: .dutyWithdrawn
        case .listSent: .listSent
        case .listReceived: .listReceived
        case .asked: .consultationAsked
        case .answered: .consultationAnswered
        case .arranged: .projectArranged
        case .surveyStated: .surveyStated
        case .sampleDrawn: .sampleDrawn
        case .figureStated: .figureStated
        case .reportSent: .reportSent
        case .noticeRaised: .dutyNoticeRaised
        case .noticeDelivered: .dutyNoticeDelivered
        }
    }

    /// `DutyReported`.
    package var name: String {
        switch self {
        case .reported: "DutyReported"
        case .corrected: "DutyCorrected"
        case .withdrawn: "DutyWithdrawn"
        case .listSent: "ListSent"
        case .listReceived: "ListReceived"
        case .asked: "ConsultationAsked"
        case .answered: "ConsultationAnswered"
        case .arranged: "ProjectArranged"
        case .surveyStated: "SurveyStated"
        case .sampleDrawn: "SampleDrawn"
        case .figureStated: "FigureStated"
        case .reportSent: "ReportSent"
        case .noticeRaised: "DutyNoticeRaised"
        case .noticeDelivered: "DutyNoticeDelivered"
        }
    }

    /// Whether the department that speaks is set, which a command leaves out and an event of the log always has; nil
    /// where none is told.
    var hasDepartment: Bool? {
        switch self {
        case .reported(let event): event.department != nil
        case .listSent(let event): event.from != nil
        case .asked(let event): event.from != nil
        default: nil
        }
    }

    /// Its payload in the newest version.
    func payload() throws(WireError) -> [UInt8] {
        switch self {
        case .reported(let event): try Payload.encode(event)
        case .corrected(let event): try Payload.encode(event)
        case .withdrawn(let event): try Payload.encode(event)
        case .listSent(let event): try Payload.encode(event)
        case .listReceived(let event): try Payload.encode(event)
        case .asked(let event): try Payload.encode(event)
        case .answered(let event): try Payload.encode(event)
        case .arranged(let event): try Payload.encode(event)
        case .surveyStated(let event): try Payload.encode(event)
        case .sampleDrawn(let event): try Payload.encode(event)
        case .figureStated(let event): try Payload.encode(event)
        case .reportSent(let event): try Payload.encode(event)
        case .noticeRaised(let notice): try Payload.encode(DutyNotice(notice))
        case .noticeDelivered(let delivered): try Payload.encode(DutyNoticeOutcome(delivered))
        }
    }

    /// Reads a payload of the newest version; nil for a type that is none of a duty book's.
    init?(kind: EventKind, newest bytes: RawSpan) throws(WireError) {
        switch kind {
        case .dutyReported: self = .reported(try Payload.decode(bytes))
        case .dutyCorrected: self = .corrected(try Payload.decode(bytes))
        case .dutyWithdrawn: self = .withdrawn(try Payload.decode(bytes))
        case .listSent: self = .listSent(try Payload.decode(bytes))
        case .listReceived: self = .listReceived(try Payload.decode(bytes))
        case .consultationAsked: self = .asked(try Payload.decode(bytes))
        case .consultationAnswered: self = .answered(try Payload.decode(bytes))
        case .projectArranged: self = .arranged(try Payload.decode(bytes))
        case .surveyStated: self = .surveyStated(try Payload.decode(bytes))
        case .sampleDrawn: self = .sampleDrawn(try Payload.decode(bytes))
        case .figureStated: self = .figureStated(try Payload.decode(bytes))
        case .reportSent: self = .reportSent(try Payload.decode(bytes))
        case .dutyNoticeRaised:
            let raised: DutyNotice = try Payload.decode(bytes)
            self = .noticeRaised(raised.notice)
        case .dutyNoticeDelivered:
            let outcome: DutyNoticeOutcome = try Payload.decode(bytes)
            self = .noticeDelivered(outcome.delivered)
        default: return nil
        }
        if hasDepartment == false { throw WireError(.missing, "department") }
    }
}
