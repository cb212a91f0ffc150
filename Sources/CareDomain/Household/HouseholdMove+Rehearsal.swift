extension HouseholdMove {
    /// Both files as a merge or split would leave them, decided as intake decides it but for what it alone knows: in whose
    /// divisions they lie, and whom or which archive number somebody else reserved meanwhile. Nothing is recorded.
    ///
    /// - Parameters:
    ///   - command: The merge or split.
    ///   - source: The file that is left, the command's own.
    ///   - target: The file that the persons go on in; nothing is known yet of the one that a split opens.
    ///   - context: What the decision needs besides.
    /// - Throws: The refusal; a retry does not help while both files stand as they do.
    package static func rehearse(
        _ command: HouseholdCommand, from source: HouseholdHistory, into target: HouseholdHistory,
        in context: DecisionContext
    ) throws(Refusal) -> (source: HouseholdHistory, target: HouseholdHistory) {
        if case .refused(let refusal) = source.decide(command, in: context) { throw refusal }
        let arrival: [ProposedEvent]
        switch command.action {
        case .splitHousehold(let split):
            arrival = source.separating(split, on: command.occurredOn, learnedOn: command.learnedOn)
        default:
            guard target.household.status != .absent else { throw Refusal(.householdNotFound, field: "into") }
            guard target.household.status == .active else {
                throw Refusal(.householdNotActive, field: "into", detail: target.id.description)
            }
            arrival = try source.merging(
                into: target.household, on: command.occurredOn, learnedOn: command.learnedOn)
        }
        var (source, target) = (source, target)
        target.rehearse(arrival, of: command.id)
        guard let told = Arrival(target.events(of: command.id)), let event = source.departure(to: target.id, of: told)
        else { throw Refusal(.nothingToDo) }
        source.rehearse([ProposedEvent(occurredOn: command.occurredOn, event: event)], of: command.id)
        return (source, target)
    }
}

extension HouseholdHistory {
    /// Takes events in that a command would bring, as if they were recorded with the last ones.
    /// - Parameter actor: Who would send it; nil = not known.
    package mutating func rehearse(_ proposed: [ProposedEvent], of command: CommandID, by actor: Code? = nil) {
        let recordedAt = events.last?.recordedAt ?? Moment(microseconds: 0)
        for event in proposed {
            let reference = EventReference(sequence: lastSequence + 1)
            append(
                KnownEvent(
                    reference: reference, recordedAt: recordedAt, command: command, actor: actor, proposed: event))
        }
    }
}
