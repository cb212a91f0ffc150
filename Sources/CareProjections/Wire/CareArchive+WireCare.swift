import CareDomain
import CareWire

extension CareArchive.VisitLine {
    var wire: Care_V1_VisitLine {
        var wire = Care_V1_VisitLine()
        wire.sequence = sequence
        wire.day = day.dayNumber
        wire.kind = kind.word
        set(holiday) { wire.holiday = $0.word }
        set(form) { wire.form = $0 }
        set(formText) { wire.formText = $0 }
        set(visitorName) { wire.visitorName = $0 }
        wire.answerCount = UInt32(clamping: answerCount)
        set(text) { wire.text = $0 }
        return wire
    }

    init(_ wire: Care_V1_VisitLine) {
        self.init(
            sequence: wire.sequence, day: CivilDay(dayNumber: wire.day), kind: .init(wire.kind),
            holiday: .init(wire.holiday, ifSet: wire.hasHoliday), form: wire.hasForm ? wire.form : nil,
            formText: wire.hasFormText ? wire.formText : nil,
            visitorName: wire.hasVisitorName ? wire.visitorName : nil, answerCount: Int(wire.answerCount),
            text: wire.hasText ? wire.text : nil)
    }
}

extension CareArchive.NeedLine {
    var wire: Care_V1_NeedLine {
        var wire = Care_V1_NeedLine()
        wire.sequence = sequence
        wire.kind = kind.word
        wire.items = UInt32(clamping: items)
        wire.raisedOn = raisedOn.dayNumber
        wire.state = state.rawValue
        wire.answers = answers.map { answer in
            var wire = Care_V1_NeedLine.Answer()
            wire.sequence = answer.sequence
            wire.day = answer.day.dayNumber
            set(answer.by) { wire.by = $0.word }
            wire.outcome = answer.outcome.word
            return wire
        }
        set(closedOn) { wire.closedOn = $0.dayNumber }
        set(closedFor) { wire.closedFor = $0.word }
        set(text) { wire.text = $0 }
        wire.visitWithdrawn = isVisitWithdrawn
        return wire
    }

    init(_ wire: Care_V1_NeedLine) throws(PageError) {
        guard let state = State(rawValue: wire.state) else { throw PageError("needs.state") }
        self.init(
            sequence: wire.sequence, kind: .init(wire.kind), items: Int(wire.items),
            raisedOn: CivilDay(dayNumber: wire.raisedOn), state: state,
            answers: wire.answers.map {
                Answer(
                    sequence: $0.sequence, day: CivilDay(dayNumber: $0.day), by: .init($0.by, ifSet: $0.hasBy),
                    outcome: .init($0.outcome))
            },
            closedOn: CareProjections.day(wire.closedOn, ifSet: wire.hasClosedOn),
            closedFor: .init(wire.closedFor, ifSet: wire.hasClosedFor), text: wire.hasText ? wire.text : nil,
            isVisitWithdrawn: wire.visitWithdrawn)
    }
}

extension CareArchive.PlanLine {
    var wire: Care_V1_PlanLine {
        var wire = Care_V1_PlanLine()
        wire.sequence = sequence
        set(clause) { wire.clause = $0.rawValue }
        wire.title = title
        wire.department = department.word
        wire.openedOn = openedOn.dayNumber
        set(dueOn) { wire.dueOn = $0.dayNumber }
        set(doneOn) { wire.doneOn = $0.dayNumber }
        wire.overdue = isOverdue
        set(subject) { wire.subject = $0.wire }
        wire.groundWithdrawn = isGroundless
        set(text) { wire.text = $0 }
        return wire
    }

    init(_ wire: Care_V1_PlanLine) throws(PageError) {
        self.init(
            sequence: wire.sequence, clause: wire.hasClause ? ClauseID(wire.clause) : nil, title: wire.title,
            department: .init(wire.department), openedOn: CivilDay(dayNumber: wire.openedOn),
            dueOn: day(wire.dueOn, ifSet: wire.hasDueOn), doneOn: day(wire.doneOn, ifSet: wire.hasDoneOn),
            isOverdue: wire.overdue, subject: wire.hasSubject ? try .init(wire.subject) : nil,
            isGroundless: wire.groundWithdrawn, text: wire.hasText ? wire.text : nil)
    }
}

extension CareArchive.NoticeLine {
    var wire: Care_V1_NoticeLine {
        var wire = Care_V1_NoticeLine()
        wire.sequence = sequence
        wire.kind = kind.word
        wire.subject = subject.wire
        wire.raisedOn = raisedOn.dayNumber
        set(dueOn) { wire.dueOn = $0.dayNumber }
        set(department) { wire.department = $0.word }
        set(clause) { wire.clause = $0.rawValue }
        wire.details = details.map(\.word)
        wire.people = people.map(\.wire)
        wire.deliveries = deliveries.map { delivery in
            var wire = Care_V1_NoticeLine.Delivery()
            wire.channel = delivery.channel.word
            wire.outcome =
                switch delivery.outcome {
                case .delivered: .delivered
                case .parked: .parked
                case .skipped: .skipped
                }
            wire.attempts = UInt32(clamping: delivery.attempts)
            set(delivery.reason) { wire.reason = $0 }
            return wire
        }
        return wire
    }

    init(_ wire: Care_V1_NoticeLine) throws(PageError) {
        self.init(
            sequence: wire.sequence, kind: .init(wire.kind), subject: try .init(wire.subject),
            raisedOn: CivilDay(dayNumber: wire.raisedOn), dueOn: day(wire.dueOn, ifSet: wire.hasDueOn),
            department: .init(wire.department, ifSet: wire.hasDepartment),
            clause: wire.hasClause ? ClauseID(wire.clause) : nil,
            details: wire.details.map { CareArchive.Label($0) },
            people: try CareArchive.lines(wire.people, CareArchive.Subject.init),
            deliveries: try CareArchive.lines(wire.deliveries, Delivery.init))
    }
}

extension CareArchive.NoticeLine.Delivery {
    init(_ wire: Care_V1_NoticeLine.Delivery) throws(PageError) {
        let outcome: NoticeDelivered.Outcome
        switch wire.outcome {
        case .delivered: outcome = .delivered
        case .parked: outcome = .parked
        case .skipped: outcome = .skipped
        case .unspecified, .UNRECOGNIZED: throw PageError("notices.deliveries.outcome")
        }
        self.init(
            channel: .init(wire.channel), outcome: outcome, attempts: Int(wire.attempts),
            reason: wire.hasReason ? wire.reason : nil)
    }
}

extension CareArchive.HistoryLine {
    var wire: Care_V1_HistoryLine {
        var wire = Care_V1_HistoryLine()
        wire.sequence = sequence
        wire.kind = kind
        wire.title = title
        wire.detail = detail
        wire.occurredOn = day.dayNumber
        wire.recordedAt = recordedAt.microseconds
        set(learnedOn) { wire.learnedOn = $0.dayNumber }
        set(corrects) { wire.correctsSequence = $0 }
        set(correctionReason) { wire.correctionReason = $0.word }
        set(correctionText) { wire.correctionText = $0 }
        set(correctedBy) { wire.correctedBySequence = $0 }
        return wire
    }

    init(_ wire: Care_V1_HistoryLine) {
        self.init(
            sequence: wire.sequence, kind: wire.kind, title: wire.title, detail: wire.detail,
            day: CivilDay(dayNumber: wire.occurredOn), recordedAt: Moment(microseconds: wire.recordedAt),
            learnedOn: CareProjections.day(wire.learnedOn, ifSet: wire.hasLearnedOn),
            corrects: wire.hasCorrectsSequence ? wire.correctsSequence : nil,
            correctionReason: .init(wire.correctionReason, ifSet: wire.hasCorrectionReason),
            correctionText: wire.hasCorrectionText ? wire.correctionText : nil,
            correctedBy: wire.hasCorrectedBySequence ? wire.correctedBySequence : nil)
    }
}
