/// What `decide` may know beside the command and the history: nothing is read from a clock or a file.
package struct DecisionContext: Sendable {
    /// The civil day on which intake decides.
    package var today: CivilDay
    package var policy: PolicyCatalog
    package var rights: Set<Principal.Right>
    /// The id of a household that the command would bring forth, derived from the command's id.
    package var newHousehold: HouseholdID
    /// Division codes and the days on which they were in use.
    package var divisions: DivisionTable
    /// Account of the person who sends the command; nil where nobody is behind it.
    package var actor: Code?
    /// The roles in which that person acts: with several, what each of them may do.
    package var roles: Set<Code>
    /// The department for which that person acts; nil where nobody is behind the command.
    package var department: DepartmentID?
    /// The divisions for which that person acts.
    package var actsFor: [DivisionCode]
    /// The grant that a unit is carrying out; nil for everything that does not come through one.
    package var grant: GrantID?
    /// The files with which the household exchanged persons, for commands that look across them, see `looksAcrossFiles`.
    package var others: [HouseholdHistory] = []
    /// Under which ids other files know the person about whose money it is decided; these files are among `others`.
    package var people = PeopleElsewhere()
    /// Events of the household of which whoever speaks may be told nothing: remarks and refusals do not name them. Nothing is
    /// decided by it.
    package var kept: Set<EventReference> = []
    /// What the published packs say of money; nil = what another file made good is not looked at.
    package var paymentRules: PaymentRules?

    package init(
        today: CivilDay, policy: PolicyCatalog, rights: Set<Principal.Right>, newHousehold: HouseholdID,
        divisions: DivisionTable = .standard, actor: Code? = nil, roles: Set<Code> = [],
        department: DepartmentID? = nil, actsFor: [DivisionCode] = []
    ) {
        self.department = department
        self.roles = roles
        self.actsFor = actsFor
        self.today = today
        self.policy = policy
        self.rights = rights
        self.newHousehold = newHousehold
        self.divisions = divisions
        self.actor = actor
    }
}

extension HouseholdHistory {
    /// Decides one command against what is known of the household.
    ///
    /// Pure: the same command, history and context give the same decision. The caller has looked for the command id
    /// first; a command that was carried out before never reaches this.
    package func decide(_ command: HouseholdCommand, in context: DecisionContext) -> Decision {
        do {
            try checkStanding(command, in: context)
            try checkRights(of: command, in: context)
            try command.action.checkNames()
            let onPlaces = context.policy.remarks(
                onPlacesOf: command.action, in: context.divisions, on: command.occurredOn)
            if command.correction != nil {
                let events = try corrected(command, in: context)
                return .events(
                    events,
                    warnings: onPlaces + filesTold(of: command) + needsTold(of: events, command)
                        + deathsLeftOpen(by: events, of: command.id, keeping: context.kept)
                        + adoptionsLeftOpen(by: events, of: command.id, keeping: context.kept)
                        + laterChildrenLeftOpen(by: events, of: command.id)
                        + birthsBeforeOnlyChildLeft(by: events, of: command.id)
                        + spousesLeftOpen(by: events, of: command.id))
            }
            var proposal = Proposal(household: household, command: command, context: context)
            if case .closeHousehold = command.action { proposal.groundless = Self.itemsWithoutGround(events) }
            try proposal.carryOut(command.action)
            return .events(
                proposal.events,
                warnings: onPlaces + proposal.warnings
                    + deathsLeftOpen(by: proposal.events, of: command.id, keeping: context.kept)
                    + adoptionsLeftOpen(by: proposal.events, of: command.id, keeping: context.kept)
                    + laterChildrenLeftOpen(by: proposal.events, of: command.id)
                    + birthsBeforeOnlyChildLeft(by: proposal.events, of: command.id)
                    + spousesLeftOpen(by: proposal.events, of: command.id))
        } catch {
            return .refused(error)
        }
    }

    /// - Throws: the refusal of a command that the file does not take as it stands, or from whoever sends it.
    private func checkStanding(_ command: HouseholdCommand, in context: DecisionContext) throws(Refusal) {
        if household.abandonedCommands.contains(command.id) { throw Refusal(.commandAbandoned) }
        if let learnedOn = command.learnedOn {
            guard context.rights.contains(.importHistory) else {
                throw Refusal(.learnedOnNotAllowed, field: "learned_on")
            }
            guard learnedOn <= context.today else {
                throw Refusal.future(learnedOn, today: context.today, field: "learned_on")
            }
        }
        if let seen = command.seen, let newer = events.last(where: { $0.event.isFactOrDecision }) {
            if newer.reference > seen { throw Refusal(.staleView, detail: "#\(newer.reference.sequence)") }
        }
        switch (household.status, command.action) {
        case (.absent, .registerHousehold) where command.correction == nil: break
        case (.active, .registerHousehold) where command.correction != nil: break
        case (.closed, .registerHousehold) where command.correction != nil: break
        case (.absent, _) where command.correction != nil: throw Refusal(.householdNotFound)
        case (_, .registerHousehold): throw Refusal(.householdExists)
        case (.absent, _): throw Refusal(.householdNotFound)
        case (.active, _): break
        case (.closed, _) where command.correction != nil: break
        // What was open when the file was closed can still be brought to its end; nothing begins and nothing is granted.
        case (.closed, let action) where action.endsWhatIsOpen: break
        case (.absorbed, _) where putsGoodsRight(command): break
        // What the file was paid, or is owed, is decided in it and nowhere else, however it ended.
        case (_, .decideDue) where command.correction == nil: break
        case (.registeredInError, _), (.closed, _), (.absorbed, _): throw household.status.refusal
        }
    }
}

extension HouseholdAction {
    /// Whether it ends an application that is under way, or an item of the plan, or takes a decision back (a grant of a unit
    /// whose place is to be free again), and does nothing else.
    fileprivate var endsWhatIsOpen: Bool {
        switch self {
        case .application(.withdrawn), .application(.rejected), .completePlanItem: true
        case .decideAward(let decided): if case .revoked = decided.outcome { true } else { false }
        default: false
        }
    }
}
