extension Proposal {
    /// Checks an act on an application against the pack's workflow, and fills in what the pack decides.
    func decided(_ event: ApplicationEvent) throws(Refusal) -> ApplicationEvent {
        switch event {
        case .submitted(let event): .submitted(try decided(event))
        case .forwarded(let event): .forwarded(try decided(event))
        case .returned(let event): .returned(try decided(event))
        case .rejected(let event): .rejected(try decided(event))
        case .withdrawn(let event): .withdrawn(try decided(event))
        case .noticeOpened(let event): .noticeOpened(try decided(event))
        case .objectionRaised(let event): .objectionRaised(try decided(event))
        case .objectionDecided(let event): .objectionDecided(try decided(event))
        case .confirmed(let event): .confirmed(try decided(event))
        case .reverified(let event): .reverified(try decided(event))
        }
    }

    // MARK: Acts

    private func decided(_ event: ApplicationSubmitted) throws(Refusal) -> ApplicationSubmitted {
        let workflow = try workflow(for: event.clause)
        try context.policy.checkPlace(of: event.clause, in: household.division(on: command.occurredOn))
        try checkBeneficiary(event.clause, event.subject)
        let earlier = household.latestApplication(event.clause, event.subject)
        if let earlier {
            guard !earlier.isOpen(under: workflow) else {
                throw applicationOpen(earlier, workflow)
            }
            try checkOrder(after: earlier)
        }
        try check(event.papers, event.files, workflow, event.clause)
        try checkTime(of: event.papers, at: 0, workflow, event.clause)
        guard let declaration = workflow.steps.first, workflow.steps.count > 1 else {
            throw Refusal(.noWorkflow, detail: event.clause.rawValue, clause: event.clause)
        }
        try checkLevel(declaration, event.clause)
        var filled = event
        filled.workflow = workflow.code
        filled.step = workflow.steps[1].code
        filled.previous = earlier?.reference
        return filled
    }

    private func decided(_ event: ApplicationForwarded) throws(Refusal) -> ApplicationForwarded {
        let (found, workflow) = try open(event.application)
        let (step, place) = try present(event.step, found, workflow)
        guard step.kind != .confirm else {
            throw Refusal(.applicationState, field: "step", detail: step.title, clause: found.clause)
        }
        try checkActor(step, found, step.function)
        try checkPasses(step, found, workflow)
        try checkWindow(of: step, found)
        try checkAlive(found.subject, found.clause)
        if found.state == .underWay { try checkPresent(found) }
        try check(event.papers, event.files, workflow, found.clause)
        try checkTime(of: event.papers, at: place, workflow, found.clause)
        if step.kind == .notice { try checkNotice(found, of: step) }
        try checkPapers(found, adding: event.papers, workflow)
        var filled = event
        filled.to = place + 1 < workflow.steps.count ? workflow.steps[place + 1].code : nil
        filled.function = step.function
        return filled
    }

    private func decided(_ event: ApplicationReturned) throws(Refusal) -> ApplicationReturned {
        let (found, workflow) = try open(event.application)
        let (step, place) = try present(event.step, found, workflow)
        try checkUnconfirmed(found)
        try checkActor(step, found, .review)
        let target = event.to.map { workflow.place(of: $0) } ?? place - 1
        guard let target, target >= 0, target < place, workflow.steps[target].kind != .notice else {
            throw Refusal(
                .returnTarget, field: "to", detail: event.to?.rawValue ?? step.code.rawValue,
                words: workflow.steps.first { $0.code == event.to }?.title ?? step.title, clause: found.clause)
        }
        var filled = event
        filled.to = workflow.steps[target].code
        return filled
    }

    private func decided(_ event: ApplicationRejected) throws(Refusal) -> ApplicationRejected {
        let (found, workflow) = try open(event.application)
        let (step, _) = try present(event.step, found, workflow)
        try checkUnconfirmed(found)
        guard step.kind != .declare else {
            throw Refusal(.applicationState, field: "step", detail: step.title, clause: found.clause)
        }
        try checkActor(step, found, .review)
        return event
    }

    private func decided(_ event: PublicNoticeOpened) throws(Refusal) -> PublicNoticeOpened {
        let (found, workflow) = try open(event.application)
        let (step, _) = try present(event.step, found, workflow)
        guard step.kind == .notice, found.notice?.step != step.code else {
            throw Refusal(.applicationState, field: "step", detail: step.title, clause: found.clause)
        }
        try checkActor(step, found, .review)
        try checkAlive(found.subject, found.clause)
        try checkPresent(found)
        // The public has the whole period only when the day is not put back: that takes the right to bring history in.
        guard command.occurredOn >= context.today || context.rights.contains(.importHistory) else {
            throw Refusal(
                .noticeBackdated, field: "occurred_on", detail: command.occurredOn.description, clause: found.clause)
        }
        let set = step.noticeDays(on: command.occurredOn)
        guard let days = event.days ?? set else {
            throw Refusal(.noticeDaysUnset, field: "days", detail: workflow.title, clause: found.clause)
        }
        guard days >= set ?? 1, days <= 365 else {
            throw Refusal(
                .noticeDaysOutOfRange, field: "days", detail: set.map { "≥ \($0)" } ?? "1–365",
                clause: found.clause)
        }
        var filled = event
        filled.days = days
        return filled
    }

    private func decided(_ event: ObjectionRaised) throws(Refusal) -> ObjectionRaised {
        let (found, _) = try open(event.application)
        // Objections count until the confirmation, also after the period and at the steps behind the notice.
        guard found.state == .underWay, found.notice != nil else {
            throw Refusal(
                .objectionClosed, field: "application", detail: found.state.chinese, english: found.state.english,
                clause: found.clause)
        }
        return event
    }

    private func decided(_ event: ObjectionDecided) throws(Refusal) -> ObjectionDecided {
        let (found, workflow) = try open(event.application)
        guard found.openObjections.contains(where: { $0.reference == event.objection }) else {
            throw Refusal(
                .unknownObjection, field: "objection", detail: "#\(event.objection.sequence)", clause: found.clause)
        }
        if let step = workflow.steps.first(where: { $0.code == found.step }) {
            try checkLevel(step.level, roles: [], found.clause)
        }
        try checkFunction(.supervision, found.clause, found.subject)
        return event
    }

    private func decided(_ event: ApplicationConfirmed) throws(Refusal) -> ApplicationConfirmed {
        let (found, workflow) = try open(event.application)
        let (step, place) = try present(event.step, found, workflow)
        let isBefore = step.kind == .notice && place + 1 < workflow.steps.count
        let confirmation = isBefore ? place + 1 : place
        guard workflow.steps[confirmation].kind == .confirm else {
            throw Refusal(.applicationState, field: "step", detail: step.title, clause: found.clause)
        }
        try checkActor(workflow.steps[confirmation], found, .review)
        try checkPasses(workflow.steps[confirmation], found, workflow)
        try checkAlive(found.subject, found.clause)
        try checkPresent(found)
        if let notice = workflow.steps[..<confirmation].last(where: { $0.kind == .notice }) {
            try checkNotice(found, of: notice)
        }
        try checkPapers(found, through: workflow.steps[confirmation].code, workflow)
        var filled = event
        filled.to = confirmation + 1 < workflow.steps.count ? workflow.steps[confirmation + 1].code : nil
        return filled
    }

    private func decided(_ event: ApplicationReverified) throws(Refusal) -> ApplicationReverified {
        let (found, workflow) = try open(event.application)
        guard found.state == .confirmed, let confirmedOn = found.confirmedOn else {
            throw Refusal(
                .applicationState, field: "application", detail: found.state.chinese, english: found.state.english,
                clause: found.clause)
        }
        let rule = workflow.reverification
        let level = rule?.level ?? workflow.steps.first { $0.kind == .confirm }?.level ?? .county
        try checkLevel(level, roles: [], found.clause)
        try checkFunction(.review, found.clause, found.subject)
        switch event.outcome {
        case .continues:
            guard rule != nil, event.year > confirmedOn.year, event.year <= command.occurredOn.year,
                !found.verifiedYears.contains(event.year)
            else { throw Refusal(.reverificationYear, field: "year", detail: "\(event.year)", clause: found.clause) }
            try checkAlive(found.subject, found.clause)
            try checkPresent(found)
        case .exits(let reason):
            guard event.year >= confirmedOn.year, event.year <= command.occurredOn.year else {
                throw Refusal(.reverificationYear, field: "year", detail: "\(event.year)", clause: found.clause)
            }
            // Whoever leaves in a year was looked at in those before it.
            if let open = found.reverificationYear(workflow, on: command.occurredOn), open < event.year {
                throw Refusal(.reverificationOpen, field: "year", detail: "\(open)", clause: found.clause)
            }
            if reason == .died { try checkDead(found.subject, found.clause) }
            let reasons = rule?.exitReasons ?? []
            guard reasons.isEmpty || reasons.contains(where: { $0.code == reason }) else {
                throw Refusal(
                    .exitReason, field: "reason",
                    detail: reasons.map { "\($0.code) \($0.title)" }.joined(separator: "、"), clause: found.clause)
            }
        }
        return event
    }

    // MARK: Finding

    private func workflow(for clause: ClauseID) throws(Refusal) -> ApplicationWorkflow {
        guard let workflow = context.policy.workflow(for: clause) else {
            throw Refusal(.noWorkflow, field: "clause", detail: clause.rawValue, clause: clause)
        }
        return workflow
    }

    /// An application that has not ended, with its workflow; the act is not before the last one.
    func open(
        _ reference: EventReference
    ) throws(Refusal) -> (found: ApplicationCase, workflow: ApplicationWorkflow) {
        guard let found = household.application(reference) else {
            throw Refusal(.unknownApplication, field: "application", detail: "#\(reference.sequence)")
        }
        switch found.state {
        case .underWay, .confirmed: break
        case .rejected, .withdrawn, .exited:
            throw Refusal(
                .applicationState, field: "application", detail: found.state.chinese, english: found.state.english,
                clause: found.clause)
        }
        try checkOrder(after: found)
        return (found, try workflow(for: found.clause))
    }

    /// The step at which it is, which has to be the one that whoever acts had in view.
    private func present(
        _ step: Code, _ found: ApplicationCase, _ workflow: ApplicationWorkflow
    ) throws(Refusal) -> (step: ApplicationWorkflow.Step, place: Int) {
        guard found.step == step, let place = workflow.place(of: step) else {
            throw Refusal(
                .applicationMoved, field: "step", detail: found.step?.rawValue ?? found.state.chinese,
                words: workflow.steps.first { $0.code == found.step }?.title ?? found.state.chinese,
                clause: found.clause)
        }
        return (workflow.steps[place], place)
    }

    // MARK: Conditions

    private func checkOrder(after found: ApplicationCase) throws(Refusal) {
        guard command.occurredOn >= found.lastDay else {
            throw Refusal(.dayOrder, field: "occurred_on", detail: found.lastDay.description, clause: found.clause)
        }
    }

    func checkUnconfirmed(_ found: ApplicationCase) throws(Refusal) {
        guard found.state == .underWay else {
            throw Refusal(
                .applicationState, field: "application", detail: found.state.chinese, english: found.state.english,
                clause: found.clause)
        }
    }

    private func checkBeneficiary(_ clause: ClauseID, _ subject: FactSubject) throws(Refusal) {
        switch (context.policy.clauses[clause]?.subject, subject) {
        case (.household, .household): break
        case (.person, .person(let person)):
            let member = try requireMember(person, field: "subject")
            guard member.leftOn.map({ $0 > command.occurredOn }) ?? true else {
                throw Refusal(.personNotPresent, field: "subject", clause: clause)
            }
            try requireBirth(of: member, by: command.occurredOn, field: "occurred_on")
        case (.incident, .incident(let incident))
        where household.incidents.contains { $0.reference == incident }:
            try requireIncident(incident, by: command.occurredOn, field: nil)
        default: throw Refusal(.unknownClause, field: "subject", detail: clause.rawValue, clause: clause)
        }
        try checkAlive(subject, clause)
    }

    /// Nothing is granted to somebody who died. A death that is known counts from whichever day: what is confirmed on an
    /// earlier day is typed after it.
    private func checkAlive(_ subject: FactSubject, _ clause: ClauseID) throws(Refusal) {
        if context.policy.workflow(for: clause)?.aboutDeceased.contains(clause) ?? false { return }
        switch subject {
        case .person(let person):
            guard let died = household.member(person)?.diedOn else { return }
            throw Refusal(.applicantDead, field: "subject", detail: died.description, clause: clause)
        case .household, .incident:
            let isAnybodyLeft = household.members.contains { $0.diedOn == nil && $0.leftOn == nil }
            guard !isAnybodyLeft else { return }
            throw Refusal(.applicantDead, field: "subject", clause: clause)
        }
    }

    /// Nobody leaves as dead whose death is not on file, or lies after that day.
    private func checkDead(_ subject: FactSubject, _ clause: ClauseID) throws(Refusal) {
        let concerned: [Member] =
            switch subject {
            case .person(let person): [household.member(person)].compactMap { $0 }
            case .household, .incident: household.members.filter { $0.leftOn == nil }
            }
        guard concerned.contains(where: { $0.diedOn.map { $0 > command.occurredOn } ?? true }) else { return }
        throw Refusal(.exitNotDead, field: "reason", clause: clause)
    }

    /// Who left, or went to another file with a split, applies there: nothing is granted to them in this one.
    private func checkPresent(_ found: ApplicationCase) throws(Refusal) {
        guard case .person(let person) = found.subject, let left = household.member(person)?.leftOn,
            left <= command.occurredOn
        else { return }
        throw Refusal(.personNotPresent, field: "subject", detail: left.description, clause: found.clause)
    }

    /// The step is done while it is open, in the year for which the family applied.
    /// - Source: 温卫发〔2021〕42号, 五（三） (WZ-5.3d)
    private func checkWindow(of step: ApplicationWorkflow.Step, _ found: ApplicationCase) throws(Refusal) {
        guard let window = step.window, let open = window.days(in: found.submittedOn.year),
            !open.contains(command.occurredOn)
        else { return }
        throw Refusal(
            .stepClosed, field: "occurred_on", detail: "\(step.title) \(open.lowerBound)–\(open.upperBound)",
            clause: window.clause)
    }

    /// Whether the notice of the step has run its time and nothing stands against going on.
    private func checkNotice(_ found: ApplicationCase, of step: ApplicationWorkflow.Step) throws(Refusal) {
        let day = command.occurredOn
        guard let notice = found.notice, notice.step == step.code else {
            throw Refusal(.noticeMissing, field: "application", clause: found.clause)
        }
        guard notice.isOver(on: day) else {
            throw Refusal(
                .noticeRunning, field: "occurred_on", detail: notice.lastDay?.description, clause: found.clause)
        }
        if let objection = found.openObjections.first {
            throw Refusal(
                .objectionOpen, field: "application", detail: "#\(objection.reference.sequence)", clause: found.clause)
        }
        guard !found.isBarred else { throw Refusal(.objectionUpheld, field: "application", clause: found.clause) }
    }

    // MARK: Papers

    private func check(
        _ papers: [Code], _ files: [PaperFile], _ workflow: ApplicationWorkflow, _ clause: ClauseID
    ) throws(Refusal) {
        for paper in papers where !workflow.papers.contains(where: { $0.code == paper }) {
            let choice = workflow.papers.isEmpty ? "" : " → \(workflow.papers.listed)"
            throw Refusal(.unknownPaper, field: "papers", detail: "\(paper)\(choice)", clause: clause)
        }
        for file in files where !papers.contains(file.paper) {
            throw Refusal(.unknownPaper, field: "files", detail: file.paper.rawValue, clause: clause)
        }
        let bare = workflow.papers.filter { paper in
            paper.proof == .file && papers.contains(paper.code) && !files.contains { $0.paper == paper.code }
        }
        guard bare.isEmpty else {
            throw Refusal(.paperFileMissing, field: "files", detail: bare.listed, clause: clause)
        }
    }

    /// 公示单: a paper that shows what happened at the notice is handed in when the list has hung out, not before.
    /// - Source: WZ-A3.2b
    private func checkTime(
        of papers: [Code], at place: Int, _ workflow: ApplicationWorkflow, _ clause: ClauseID
    ) throws(Refusal) {
        guard let notice = workflow.steps.firstIndex(where: { $0.kind == .notice }), place < notice else { return }
        let before = Set(workflow.steps[..<notice].flatMap(\.papers))
        let shown = Set(workflow.steps[notice...].filter { $0.kind != .record }.flatMap(\.papers))
        let early = workflow.papers.filter {
            papers.contains($0.code) && shown.contains($0.code) && !before.contains($0.code)
        }
        guard early.isEmpty else {
            throw Refusal(.paperTooEarly, field: "papers", detail: early.listed, clause: clause)
        }
    }

    private func checkPapers(
        _ found: ApplicationCase, adding papers: [Code] = [], through step: Code? = nil, _ workflow: ApplicationWorkflow
    ) throws(Refusal) {
        let through = step.map { workflow.papers(through: $0, for: found.clause) }
        guard let needed = through ?? found.papersToLeave(workflow) else { return }
        let missing = needed.filter {
            !found.papers.contains($0.code) && !papers.contains($0.code)
        }
        guard missing.isEmpty else {
            throw Refusal(.papersMissing, field: "papers", detail: missing.listed, clause: found.clause)
        }
    }

    // MARK: Who acts

    private func checkActor(
        _ step: ApplicationWorkflow.Step, _ found: ApplicationCase, _ function: CaseFunction?
    ) throws(Refusal) {
        try checkLevel(step, found.clause)
        // A village's office does not review for its township, nor a township's for its county, whatever its key's division.
        if function == .review, let highest = context.department?.highestLevel, highest < step.level {
            throw Refusal(.actorLevel, detail: step.level.chinese, clause: found.clause)
        }
        try checkLayer(step, found)
        if let function { try checkFunction(function, found.clause, found.subject) }
    }

    /// 层层审核: a review is its own level's, and nobody reviews twice on the way up.
    /// - Source: XM-2.1a
    private func checkLayer(_ step: ApplicationWorkflow.Step, _ found: ApplicationCase) throws(Refusal) {
        guard step.kind == .review || step.kind == .confirm,
            let workflow = context.policy.workflow(for: found.clause), workflow.isLayered,
            let place = household.division(on: command.occurredOn), let actor = context.actor
        else { return }
        guard
            AdministrativeLevel.own(of: context.department, actingFor: context.actsFor, in: place).contains(step.level)
        else { throw Refusal(.actorLevelOwn, detail: step.level.chinese, clause: found.clause) }
        guard found.reviews(by: actor, workflow).allSatisfy({ $0.code == step.code }) else {
            throw Refusal(.reviewedBefore, detail: actor.rawValue, clause: found.clause)
        }
    }

    /// Where village, township and county review one after the other, nobody passes an application at two of the levels.
    /// - Source: CZ-3.2a
    private func checkPasses(
        _ step: ApplicationWorkflow.Step, _ found: ApplicationCase, _ workflow: ApplicationWorkflow
    ) throws(Refusal) {
        guard step.kind == .review || step.kind == .confirm, let actor = context.actor,
            found.reviews(by: actor, workflow).contains(where: { $0.level != step.level })
        else { return }
        throw Refusal(.reviewedBefore, detail: actor.rawValue, clause: found.clause)
    }

    func checkLevel(_ step: ApplicationWorkflow.Step, _ clause: ClauseID) throws(Refusal) {
        try checkLevel(step.level, roles: step.roles, clause)
    }

    func checkLevel(_ level: AdministrativeLevel, roles: [Code], _ clause: ClauseID) throws(Refusal) {
        if let place = household.division(on: command.occurredOn),
            !level.includes(place, actingFor: context.actsFor)
        {
            throw Refusal(.actorLevel, detail: level.chinese, clause: clause)
        }
        guard roles.isEmpty || !context.roles.isDisjoint(with: roles) else {
            let (wanted, own) = (roles.map(KnownOffices.role), context.roles.sorted().map(KnownOffices.role))
            let isNamed =
                own.isEmpty
                ? ("没有岗位", "no role")
                : (
                    own.map(\.chinese).joined(separator: "、"), own.map(\.english).joined(separator: ", ")
                )
            throw Refusal(
                .actorRole, detail: roles.map(\.rawValue).joined(separator: "、"),
                words: "\(wanted.map(\.chinese).joined(separator: "、"))；您是\(isNamed.0)",
                english: "\(wanted.map(\.english).joined(separator: ", ")); you are \(isNamed.1)", clause: clause)
        }
    }
}

extension ApplicationCase {
    /// The review steps that somebody passed it at.
    fileprivate func reviews(by actor: Code, _ workflow: ApplicationWorkflow) -> [ApplicationWorkflow.Step] {
        acts.compactMap { act in
            guard act.by == actor, case .forwarded(let forwarded) = act.event else { return nil }
            return workflow.steps.first { $0.code == forwarded.step && $0.kind == .review }
        }
    }
}

extension Proposal {
    /// The last day that was in time for the step which an act passes, where it came later; nil when it is in time.
    func dayMissed(by event: ApplicationEvent) -> String? {
        guard case .forwarded(let forwarded) = event, let found = household.application(forwarded.application),
            let workflow = context.policy.workflow(for: found.clause), let due = found.dueOn(workflow),
            command.occurredOn > due
        else { return nil }
        return due.description
    }

    /// What a submission still lacks to leave the step at which it arrives, all of it in one sentence; nil when nothing.
    func missingPapers(after event: ApplicationEvent) -> String? {
        guard case .submitted(let submitted) = event, let workflow = context.policy.workflow(for: submitted.clause),
            workflow.steps.count > 1
        else { return nil }
        let missing = workflow.papers(through: workflow.steps[1].code, for: submitted.clause).filter {
            !submitted.papers.contains($0.code)
        }
        return missing.isEmpty ? nil : missing.listed
    }
}

extension [ApplicationWorkflow.Paper] {
    /// 申请表 application_form、身份证复印件 id_copy
    package var listed: String { map { "\($0.title) \($0.code)" }.joined(separator: "、") }
}

extension Code {
    /// The reason for leaving that a death gives, in every pack.
    fileprivate static let died = Code(unchecked: "died")
}
