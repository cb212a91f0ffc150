/// What `decide` may know beside the command and the history: nothing is read from a clock or a file.
package struct DecisionContext: Hashable, Sendable {
    /// The civil day on which intake decides.
    package var today: CivilDay
    package var policy: PolicyCatalog
    package var rights: Set<Principal.Right>

    package init(today: CivilDay, policy: PolicyCatalog, rights: Set<Principal.Right>) {
        self.today = today
        self.policy = policy
        self.rights = rights
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
            if command.correction != nil {
                return .events([try corrected(command, in: context)], warnings: [])
            }
            var proposal = Proposal(household: household, command: command, context: context)
            try proposal.carryOut(command.action)
            return .events(proposal.events, warnings: proposal.warnings)
        } catch {
            return .refused(error)
        }
    }

    private func checkStanding(_ command: HouseholdCommand, in context: DecisionContext) throws(Refusal) {
        if household.abandonedCommands.contains(command.id) { throw Refusal(.commandAbandoned) }
        if let learnedOn = command.learnedOn {
            guard context.rights.contains(.importHistory) else {
                throw Refusal(.learnedOnNotAllowed, field: "learned_on")
            }
            guard learnedOn <= context.today else {
                throw Refusal(.dayInFuture, field: "learned_on", detail: learnedOn.description)
            }
        }
        if let seen = command.seen, let newer = events.last(where: { $0.event.isFactOrDecision }) {
            if newer.reference > seen { throw Refusal(.staleView, detail: "#\(newer.reference.sequence)") }
        }
        switch (household.status, command.action) {
        case (.absent, .registerHousehold): break
        case (_, .registerHousehold): throw Refusal(.householdExists)
        case (.absent, _): throw Refusal(.householdNotFound)
        case (.active, _): break
        case (.closed, _) where command.correction != nil: break
        case (.registeredInError(let reason), _): throw Refusal(.householdNotActive, detail: reason.rawValue)
        case (.closed(_, let reason), _): throw Refusal(.householdNotActive, detail: reason.rawValue)
        case (.absorbed(let other, _), _): throw Refusal(.householdNotActive, detail: other.description)
        }
    }

    /// Checks a correction against the history as it is without the event it corrects.
    private func corrected(
        _ command: HouseholdCommand, in context: DecisionContext
    ) throws(Refusal) -> ProposedEvent {
        guard let correction = command.correction else { throw Refusal(.correctionTarget) }
        guard let target = events.first(where: { $0.reference == correction.corrects }),
            target.event.isCorrectable, !isSuperseded(target.reference)
        else { throw Refusal(.correctionTarget, field: "correction", detail: "#\(correction.corrects.sequence)") }
        let event: HouseholdEvent
        if case .withdraw = command.action {
            if case .registered = target.event { throw Refusal(.correctionTarget, field: "correction") }
            event = .withdrawn
        } else {
            guard let replacement = command.action.singleEvent, replacement.hasSameKind(as: target.event),
                replacement.keepsIdentity(of: target.event)
            else { throw Refusal(.correctionKind, field: "action") }
            if replacement == target.event && command.occurredOn == target.occurredOn { throw Refusal(.nothingToDo) }
            event = replacement
            if case .registered = replacement {
            } else {
                let rest = HouseholdHistory.effective(events.filter { !isSame($0, as: target) })
                var without = Household(id: id)
                for event in rest { without.evolve(event) }
                var proposal = Proposal(household: without, command: command, context: context)
                try proposal.carryOut(command.action)
            }
        }
        return ProposedEvent(
            occurredOn: command.occurredOn, learnedOn: command.learnedOn, correction: correction, event: event)
    }

    private func isSuperseded(_ reference: EventReference) -> Bool {
        events.contains { $0.proposed.correction?.corrects == reference }
    }

    /// Whether `event` is `target` or an earlier event that `target` already corrected.
    private func isSame(_ event: KnownEvent, as target: KnownEvent) -> Bool {
        var reference: EventReference? = target.reference
        while let current = reference {
            if event.reference == current { return true }
            reference = events.first { $0.reference == current }?.proposed.correction?.corrects
        }
        return false
    }
}
