// What is asked of somebody who sends a command that somebody else has had recorded. "Recorded before" is told to those who
// could have given the command; all others are refused as they would be for one of their own. Whoever repeats their own is
// answered, whatever changed since: a right that was lost takes nothing back. Nothing is asked here but who may do what, for
// what stands in the way of a second one of its kind is the very command that is repeated.

extension HouseholdHistory {
    /// - Parameter id: The command under which it stands in this stream.
    /// - Throws: The refusal of somebody who may not give it and did not; a retry helps with another key only.
    package func checkRepeat(
        of command: HouseholdCommand, recordedAs id: CommandID, in context: DecisionContext
    ) throws(Refusal) {
        guard let first = events(of: id).first, first.actor == nil || first.actor != context.actor else { return }
        try checkRights(of: command, in: context)
        let right: ClauseID
        switch command.action {
        case .decideAward(let decided): right = decided.clause
        case .decideDue(let decided): right = decided.clause
        default: return
        }
        try context.policy.checkOffice(
            .review, of: context.department, in: household.division(on: command.occurredOn), field: "clause",
            clause: right)
        try context.policy.checkDepartment(of: right, context.department, field: "clause")
    }

    /// The same of a grant of a unit, which is a review of the family's right.
    package func checkRepeat(
        of order: GrantOrder, on day: CivilDay, recordedAs id: CommandID, in context: DecisionContext
    ) throws(Refusal) {
        guard let first = events(of: id).first, first.actor == nil || first.actor != context.actor else { return }
        try context.policy.checkOffice(
            .review, of: context.department, in: household.division(on: day), field: "clause", clause: order.clause)
        try context.policy.checkDepartment(of: order.clause, context.department, field: "clause")
    }
}

extension UnitStanding {
    /// Whether somebody may ask for what is on record already.
    /// - Throws: The refusal; a retry helps with another key only.
    package func checkRepeat(of command: UnitCommand, in context: UnitContext) throws(Refusal) {
        if let function = command.action.function ?? command.action.caseFunction {
            try context.policy.checkOffice(function, of: context.department, in: division)
        }
        if command.action.isFromAbove {
            try division.checkAbove(context.actsFor, field: "division", clause: nil)
        }
    }
}

extension PaymentBatch {
    /// Whether somebody may ask for what is on record already.
    /// - Throws: The refusal; a retry helps with another key only.
    package func checkRepeat(
        of action: PaymentAction, by department: DepartmentID, in policy: PolicyCatalog
    ) throws(Refusal) {
        guard let function = action.function else { return }
        do throws(Refusal) {
            try policy.checkOffice(function, of: department, in: scope?.division)
        } catch { throw error.ofRepeat }
    }
}

extension LoanCase {
    /// Whether somebody may ask for what is on record already.
    /// - Throws: The refusal; a retry helps with another key only.
    package func checkRepeat(of action: LoanAction, in context: LendingContext) throws(Refusal) {
        let home = application?.content.division
        try context.policy.checkSight(
            of: .loan, context.department, in: Set([home].compactMap { $0 }), today: context.today)
        if let function = action.function {
            let place = action.movesMoney ? context.fund?.scope?.division : home
            try context.policy.checkOffice(function, of: context.department, in: place)
        }
        if let act = action.ownedAct { try context.policy.checkOwner(of: act, context.department, in: home) }
    }
}
