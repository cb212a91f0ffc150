// What is asked of somebody who sends a command that somebody else has had recorded. "Recorded before" is told to those who
// could have given the command; all others are refused as they would be for one of their own. Whoever repeats their own is
// answered, whatever changed since: a right that was lost takes nothing back. Nothing is asked here but who may do what, by
// department and by person, for what stands in the way of a second one of its kind is the very command that is repeated.

extension HouseholdHistory {
    /// - Parameter id: The command under which it stands in this stream.
    /// - Throws: The refusal of somebody who may not give it and did not; a retry helps with another key only.
    package func checkRepeat(
        of command: HouseholdCommand, recordedAs id: CommandID, in context: DecisionContext
    ) throws(Refusal) {
        guard let recorded = othersEvents(of: id, than: context.actor) else { return }
        try checkRights(of: command, in: context)
        if let right = command.action.rightDecided {
            try context.policy.checkOffice(
                .review, of: context.department, in: household.division(on: command.occurredOn), field: "clause",
                clause: right)
            try context.policy.checkDepartment(of: right, context.department, field: "clause")
        }
        for known in recorded { try checkPerson(doing: known, in: context) }
    }

    /// The same of a grant of a unit, which is a review of the family's right.
    package func checkRepeat(
        of order: GrantOrder, on day: CivilDay, recordedAs id: CommandID, in context: DecisionContext
    ) throws(Refusal) {
        guard let recorded = othersEvents(of: id, than: context.actor) else { return }
        try context.policy.checkOffice(
            .review, of: context.department, in: household.division(on: day), field: "clause", clause: order.clause)
        try context.policy.checkDepartment(of: order.clause, context.department, field: "clause")
        for known in recorded { try checkPerson(doing: known, in: context) }
    }

    /// The events of a command that somebody else had recorded; nil where there are none, or whoever asks had.
    private func othersEvents(of id: CommandID, than actor: Code?) -> [KnownEvent]? {
        let recorded = events(of: id)
        guard let first = recorded.first, first.actor == nil || first.actor != actor else { return nil }
        return recorded
    }

    /// Whoever holds another function on the right does not do this, nor the second person whom it names.
    private func checkPerson(doing known: KnownEvent, in context: DecisionContext) throws(Refusal) {
        switch known.event {
        case .awardDecided(let decided):
            // Taking a decision back is nobody's in particular.
            if case .revoked = decided.outcome { return }
            try household.checkAlone(.review, context.actor, on: decided.clause, decided.subject, field: "clause")
            guard let second = decided.secondApprover, second == context.actor else { return }
            throw Refusal(
                .secondApproverSame, field: "second_approver", detail: second.rawValue, clause: decided.clause)
        case .dueDecided(let decided):
            try household.checkAlone(.review, context.actor, on: decided.clause, decided.subject, field: "clause")
        case .application(let event):
            guard let function = event.function,
                let found = household.applications.first(where: { $0.reference == event.application })
            else { return }
            try household.checkAlone(function, context.actor, on: found.clause, found.subject)
        case .withdrawn:
            let corrected = known.proposed.correction?.corrects
            guard case .awardDecided(let decided)? = events.first(where: { $0.reference == corrected })?.event else {
                return
            }
            try household.checkAlone(.review, context.actor, on: decided.clause, decided.subject, field: "correction")
        default: return
        }
    }
}

extension HouseholdAction {
    /// The clause of the right about which it decides; nil where it decides about none.
    fileprivate var rightDecided: ClauseID? {
        switch self {
        case .decideAward(let decided): decided.clause
        case .decideDue(let decided): decided.clause
        default: nil
        }
    }
}

extension UnitStanding {
    /// Whether somebody may ask for what somebody else had recorded.
    /// - Throws: The refusal; a retry helps with another key only.
    package func checkRepeat(of command: UnitCommand, in context: UnitContext) throws(Refusal) {
        if let function = command.action.function ?? command.action.caseFunction {
            try context.policy.checkOffice(function, of: context.department, in: division)
        }
        if command.action.isFromAbove {
            try division.checkAbove(context.actsFor, field: "division", clause: nil)
        }
        try checkSeparation(command.action, in: year(of: command.action), by: context.actor)
    }

    /// The year whose money it is about.
    private func year(of action: UnitAction) -> Int? {
        switch action {
        case .release(let end), .expire(let end): places[end.grant]?.reserved.year
        default: action.year
        }
    }
}

extension PaymentBatch {
    /// Whether somebody may ask for what somebody else had recorded, as far as the batch alone says; who holds a function on the
    /// rights that it pays the families' files say (`checkSeparation`).
    /// - Throws: The refusal; a retry helps with another key only.
    package func checkRepeat(
        of action: PaymentAction, by actor: Code?, of department: DepartmentID, in policy: PolicyCatalog
    ) throws(Refusal) {
        guard let function = action.function else { return }
        do throws(Refusal) {
            try policy.checkOffice(function, of: department, in: scope?.division)
            if let actor { try function.checkAlone(actor, nil) { holders(of: $0) } }
        } catch { throw error.ofRepeat }
    }
}

extension LoanCase {
    /// Whether somebody may ask for what somebody else had recorded.
    /// - Throws: The refusal; a retry helps with another key only.
    package func checkRepeat(of action: LoanAction, in context: LendingContext) throws(Refusal) {
        let home = application?.content.division
        try context.policy.checkSight(
            of: .loan, context.department, in: Set([home].compactMap { $0 }), today: context.today)
        if let function = action.function {
            let place = action.movesMoney ? context.fund?.scope?.division : home
            try context.policy.checkOffice(function, of: context.department, in: place)
            try checkSeparation(action, by: context.actor)
        }
        if let act = action.ownedAct { try context.policy.checkOwner(of: act, context.department, in: home) }
        try checkPerson(doing: action, context)
    }

    /// Who may do it among those of the function: the level's own, and another person than the one on whose act it rests.
    private func checkPerson(doing action: LoanAction, _ context: LendingContext) throws(Refusal) {
        switch action {
        case .review(let reviewed):
            guard let applied = application?.content else { return }
            try checkLevel(reviewed.level.administrative, applied, context, clause: ClauseID("XM-2.1a"))
            guard let actor = context.actor, reviews.contains(where: { $0.by == actor }) else { return }
            throw Refusal(.reviewedBefore, detail: actor.rawValue, clause: ClauseID("XM-2.1a"))
        case .sign(.township, _):
            guard let applied = application?.content else { return }
            try checkLevel(.township, applied, context, clause: ClauseID("XM-2.2d"))
        case .writeOff:
            guard let proposer = proposals.last?.by, proposer == context.actor else { return }
            throw Refusal(.secondApproverSame, detail: proposer.rawValue, clause: ClauseID("XM-2.2b"))
        case .reverse(let reference, _):
            guard let by = entries.first(where: { $0.reference == reference })?.by, by == context.actor else { return }
            throw Refusal(.reversedBySame, detail: by.rawValue)
        default: return
        }
    }
}
