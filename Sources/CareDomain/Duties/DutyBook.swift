/// The duty book of a division: the fold of its `duty-<division>` stream.
package struct DutyBook: Hashable, Sendable {
    /// A report of a duty with what was said about it later.
    package struct Report: Hashable, Sendable {
        /// What was said: the report itself, or a correction.
        package struct Said: Hashable, Sendable {
            package let reference: EventReference
            package let doneOn: CivilDay
            package let evidence: DutyEvidence
            package let by: Code?
            /// Nil for the report itself.
            package let reason: Code?
        }

        package let key: DutyKey
        package let reference: EventReference
        package let department: DepartmentID?
        /// The latest last; never empty.
        package fileprivate(set) var said: [Said]
        /// Why it was withdrawn; nil = it stands.
        package fileprivate(set) var withdrawn: Code?

        /// The day it was done; nil once withdrawn.
        package var doneOn: CivilDay? { withdrawn == nil ? said.last?.doneOn : nil }
    }

    /// A list on its way.
    package struct Exchange: Hashable, Sendable {
        /// How it stands on a day. The raw value is the stable code.
        package enum State: String, Hashable, Sendable {
            case open, overdue, received, receivedLate = "received_late", replaced
        }

        package let reference: EventReference
        package let list: ListSent
        package let sentOn: CivilDay
        package fileprivate(set) var receivedOn: CivilDay?
        /// When another took its place; nil = none did.
        package fileprivate(set) var replacedOn: CivilDay?

        package var isReplaced: Bool { replacedOn != nil }

        package func state(on day: CivilDay) -> State {
            if let receivedOn, receivedOn <= day { return receivedOn > list.dueOn ? .receivedLate : .received }
            if let replacedOn, replacedOn <= day { return .replaced }
            return day > list.dueOn ? .overdue : .open
        }
    }

    /// A question before a project.
    package struct Consultation: Hashable, Sendable {
        /// How it stands on a day. The raw value is the stable code.
        package enum State: String, Hashable, Sendable {
            case open, overdue, answered, answeredLate = "answered_late", arranged
        }

        package let reference: EventReference
        package let question: ConsultationAsked
        package let askedOn: CivilDay
        package fileprivate(set) var answer: ConsultationAnswered?
        package fileprivate(set) var answeredOn: CivilDay?
        package fileprivate(set) var arrangedOn: CivilDay?

        package func state(on day: CivilDay) -> State {
            if let arrangedOn, arrangedOn <= day { return .arranged }
            if let answeredOn, answeredOn <= day { return answeredOn > question.dueOn ? .answeredLate : .answered }
            return day > question.dueOn ? .overdue : .open
        }
    }

    /// A result of a survey.
    package struct Survey: Hashable, Sendable {
        package let reference: EventReference
        package let result: SurveyStated
        package let statedOn: CivilDay
        package let department: DepartmentID?
        package fileprivate(set) var isReplaced = false
    }

    /// A sample.
    package struct Sample: Hashable, Sendable {
        package let reference: EventReference
        package let drawn: SampleDrawn
        package let drawnOn: CivilDay
        package let department: DepartmentID?
        /// What is known later does not count for its list.
        package let recordedAt: Moment
        package fileprivate(set) var isReplaced = false
    }

    /// A figure of the division.
    package struct Figure: Hashable, Sendable {
        package let reference: EventReference
        package let stated: FigureStated
        package let statedOn: CivilDay
        package let department: DepartmentID?
        package let recordedAt: Moment
        /// When another took its place; nil = none did.
        package fileprivate(set) var replacedAt: Moment?
    }

    package let division: DivisionCode
    /// In the order in which they were made.
    package private(set) var reports: [Report] = []
    package private(set) var exchanges: [Exchange] = []
    package private(set) var consultations: [Consultation] = []
    package private(set) var surveys: [Survey] = []
    package private(set) var samples: [Sample] = []
    package private(set) var figures: [Figure] = []
    /// What was sent, where the stream is that of a report.
    package private(set) var report = ReportFile()
    /// What its offices were reminded of.
    package private(set) var notices = OfficeNotices()
    package private(set) var lastSequence: UInt64 = 0

    /// Nothing written yet.
    package init(division: DivisionCode) { self.division = division }

    /// The latest report of a duty, withdrawn or not.
    package func report(of key: DutyKey) -> Report? { reports.last { $0.key == key } }

    /// The report that stands for a duty.
    package func standing(_ key: DutyKey) -> Report? { report(of: key).flatMap { $0.withdrawn == nil ? $0 : nil } }

    /// Whether a report of the duty stands in this book.
    package func isDone(_ key: DutyKey) -> Bool { standing(key) != nil }

    /// Takes the next event in; one already held is ignored.
    package mutating func evolve(_ known: KnownDutyEvent) {
        guard known.reference.sequence > lastSequence else { return }
        lastSequence = known.reference.sequence
        switch known.event {
        case .reported(let event):
            let said = Report.Said(
                reference: known.reference, doneOn: known.occurredOn, evidence: event.evidence, by: known.actor,
                reason: nil)
            reports.append(
                Report(key: event.key, reference: known.reference, department: event.department, said: [said]))
        case .corrected(let event):
            guard let index = reports.firstIndex(where: { $0.reference == event.report }) else { return }
            reports[index].said.append(
                Report.Said(
                    reference: known.reference, doneOn: known.occurredOn, evidence: event.evidence, by: known.actor,
                    reason: event.reason))
        case .withdrawn(let event):
            guard let index = reports.firstIndex(where: { $0.reference == event.report }) else { return }
            reports[index].withdrawn = event.reason
        case .listSent(let event):
            if let index = exchanges.firstIndex(where: { $0.reference == event.replacement?.replaced }) {
                exchanges[index].replacedOn = known.occurredOn
            }
            exchanges.append(Exchange(reference: known.reference, list: event, sentOn: known.occurredOn))
        case .listReceived(let event):
            guard let index = exchanges.firstIndex(where: { $0.reference == event.list }) else { return }
            exchanges[index].receivedOn = known.occurredOn
        case .asked(let event):
            consultations.append(
                Consultation(reference: known.reference, question: event, askedOn: known.occurredOn))
        case .answered(let event):
            guard let index = consultations.firstIndex(where: { $0.reference == event.question }) else { return }
            consultations[index].answer = event
            consultations[index].answeredOn = known.occurredOn
        case .arranged(let event):
            guard let index = consultations.firstIndex(where: { $0.reference == event.question }) else { return }
            consultations[index].arrangedOn = known.occurredOn
        case .surveyStated, .sampleDrawn: evolveChecks(known)
        case .figureStated(let event):
            if let index = figures.firstIndex(where: { $0.reference == event.replacement?.replaced }) {
                figures[index].replacedAt = known.recordedAt
            }
            figures.append(
                Figure(
                    reference: known.reference, stated: event, statedOn: known.occurredOn,
                    department: known.department, recordedAt: known.recordedAt))
        case .reportSent: report.evolve(known)
        case .noticeRaised(let notice):
            notices.raise(notice, at: known.reference, on: known.occurredOn, by: known.command)
        case .noticeDelivered(let delivered):
            notices.deliver(delivered, at: known.reference, by: known.command)
        }
    }

    private mutating func evolveChecks(_ known: KnownDutyEvent) {
        switch known.event {
        case .surveyStated(let event):
            if let index = surveys.firstIndex(where: { $0.reference == event.replacement?.replaced }) {
                surveys[index].isReplaced = true
            }
            surveys.append(
                Survey(
                    reference: known.reference, result: event, statedOn: known.occurredOn,
                    department: known.department))
        case .sampleDrawn(let event):
            if let index = samples.firstIndex(where: { $0.reference == event.replacement?.replaced }) {
                samples[index].isReplaced = true
            }
            samples.append(
                Sample(
                    reference: known.reference, drawn: event, drawnOn: known.occurredOn,
                    department: known.department, recordedAt: known.recordedAt))
        default: break
        }
    }
}
