import CareDomain
import CareWire

/// What happens to applications: one event of each type with everything set, one with as little as possible.
enum SampleApplications {
    private static let clause = ClauseID("CZ-2.1")!
    private static let application = EventReference(sequence: 9)
    private static func code(_ text: String) -> Code { Code(unchecked: text) }

    static func events(_ kind: EventKind) -> [ApplicationEvent] {
        switch kind {
        case .applicationSubmitted:
            [
                .submitted(
                    .init(
                        clause: clause, subject: .person(Sample.wife),
                        papers: [code("application_form"), code("certificates")], workflow: code("assistance"),
                        step: code("village"), previous: EventReference(sequence: 4))),
                .submitted(.init(clause: clause, subject: .household)),
            ]
        case .applicationForwarded:
            [
                .forwarded(
                    .init(
                        application: application, step: code("pay"), papers: [code("receipt")], to: code("archive"),
                        function: .payment)),
                .forwarded(.init(application: application, step: code("archive"))),
            ]
        case .applicationReturned:
            [
                .returned(
                    .init(
                        application: application, step: code("county"), to: code("declare"), reason: code("papers"),
                        sealed: [Sample.part])),
                .returned(.init(application: application, step: code("county"), reason: code("papers"))),
            ]
        case .applicationRejected:
            [
                .rejected(
                    .init(
                        application: application, step: code("county"), reason: code("not_eligible"),
                        sealed: [Sample.part])),
                .rejected(.init(application: application, step: code("county"), reason: code("r"))),
            ]
        case .applicationWithdrawn:
            [
                .withdrawn(.init(application: application, reason: code("own_wish"), sealed: [Sample.part])),
                .withdrawn(.init(application: application, reason: code("r"))),
            ]
        default: laterEvents(kind)
        }
    }

    private static func laterEvents(_ kind: EventKind) -> [ApplicationEvent] {
        switch kind {
        case .publicNoticeOpened:
            [
                .noticeOpened(.init(application: application, step: code("notice"), days: 7)),
                .noticeOpened(.init(application: application, step: code("notice"))),
            ]
        case .objectionRaised:
            [
                .objectionRaised(.init(application: application, reason: code("income"), sealed: [Sample.part])),
                .objectionRaised(.init(application: application, reason: code("r"))),
            ]
        case .objectionDecided:
            [
                .objectionDecided(
                    .init(
                        application: application, objection: EventReference(sequence: 14), isUpheld: true,
                        finding: code("income_higher"), sealed: [Sample.part])),
                .objectionDecided(
                    .init(
                        application: application, objection: EventReference(sequence: 14), isUpheld: false,
                        finding: code("unfounded"))),
            ]
        case .applicationConfirmed:
            [
                .confirmed(.init(application: application, step: code("confirm"), to: code("enter"))),
                .confirmed(.init(application: application, step: code("notice"))),
            ]
        case .applicationReverified:
            [
                .reverified(
                    .init(
                        application: application, year: 2015, outcome: .exits(code("died")), sealed: [Sample.part])),
                .reverified(.init(application: application, year: 2016, outcome: .continues)),
            ]
        default: []
        }
    }
}

extension ApplicationEvent {
    /// The same as a command says it: without what the pack decides.
    var asCommand: ApplicationEvent {
        switch self {
        case .submitted(let event):
            .submitted(.init(clause: event.clause, subject: event.subject, papers: event.papers))
        case .forwarded(let event):
            .forwarded(.init(application: event.application, step: event.step, papers: event.papers))
        case .confirmed(let event): .confirmed(.init(application: event.application, step: event.step))
        default: self
        }
    }
}
