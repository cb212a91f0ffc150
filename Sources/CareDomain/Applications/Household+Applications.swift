extension Household {
    /// The application with this name.
    package func application(_ reference: EventReference) -> ApplicationCase? {
        applications.first { $0.reference == reference }
    }

    /// The latest application about a clause and a beneficiary.
    package func latestApplication(_ clause: ClauseID, _ subject: FactSubject) -> ApplicationCase? {
        applications.last { $0.clause == clause && $0.subject == subject }
    }

    mutating func evolve(_ event: ApplicationEvent, _ known: KnownEvent) {
        applications.take(
            event, reference: known.reference, day: known.occurredOn, actor: known.actor)
    }
}

extension [ApplicationCase] {
    /// Takes one event of the household's stream in. Total: an event about an application that nobody submitted changes
    /// nothing.
    package mutating func take(
        _ event: ApplicationEvent, reference: EventReference, day: CivilDay, actor: Code?
    ) {
        let act = ApplicationCase.Act(reference: reference, day: day, by: actor, event: event)
        if case .submitted(let submitted) = event {
            append(ApplicationCase(submitted, act))
            return
        }
        guard let index = firstIndex(where: { $0.reference == event.application }) else { return }
        self[index].evolve(act)
    }
}

extension ApplicationCase {
    init(_ submitted: ApplicationSubmitted, _ act: Act) {
        reference = act.reference
        submittedOn = act.day
        clause = submitted.clause
        subject = submitted.subject
        workflow = submitted.workflow
        previous = submitted.previous
        step = submitted.step
        reachedOn = act.day
        papers = []
        take(submitted.papers)
        acts = [act]
    }

    mutating func evolve(_ act: Act) {
        acts.append(act)
        switch act.event {
        case .submitted: break
        case .forwarded(let event):
            take(event.papers)
            arrive(at: event.to, on: act.day)
        case .returned(let event):
            arrive(at: event.to, on: act.day)
            notice = nil
            for index in objections.indices where objections[index].isUpheld != nil {
                objections[index].isPresent = false
            }
        case .rejected(let event): end(.rejected(event.reason), on: act.day)
        case .withdrawn(let event): end(.withdrawn(event.reason), on: act.day)
        case .noticeOpened(let event):
            notice = PublicNotice(
                reference: act.reference, step: event.step, openedOn: act.day,
                lastDay: event.days.map { act.day + Int32(clamping: $0) })
        case .objectionRaised(let event):
            objections.append(Objection(reference: act.reference, day: act.day, reason: event.reason))
        case .objectionDecided(let event):
            guard let index = objections.firstIndex(where: { $0.reference == event.objection }) else { return }
            objections[index].isUpheld = event.isUpheld
            objections[index].decidedOn = act.day
        case .confirmed(let event):
            state = .confirmed
            confirmedOn = act.day
            arrive(at: event.to, on: act.day)
        case .reverified(let event):
            switch event.outcome {
            case .continues: verifiedYears.append(event.year)
            case .exits(let reason): end(.exited(reason), on: act.day)
            }
        }
    }

    private mutating func take(_ more: [Code]) {
        for paper in more where !papers.contains(paper) { papers.append(paper) }
    }

    private mutating func arrive(at next: Code?, on day: CivilDay) {
        step = next
        reachedOn = day
    }

    private mutating func end(_ state: State, on day: CivilDay) {
        self.state = state
        endedOn = day
        step = nil
    }
}
