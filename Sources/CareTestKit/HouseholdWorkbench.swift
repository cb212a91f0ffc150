import CareDomain

/// One household on a bench: decides commands and takes accepted events in, as intake and the log do together.
///
/// Time moves by hand: each command is recorded one second after the one before, from the moment that is set.
package struct HouseholdWorkbench {
    package private(set) var history: HouseholdHistory
    package var context: DecisionContext
    /// When the next command is recorded.
    package var now: Moment

    package init(
        _ household: HouseholdID, today: CivilDay, policy: PolicyCatalog = .chenzhouSample,
        rights: Set<Principal.Right> = [.command, .importHistory]
    ) {
        history = HouseholdHistory(id: household)
        context = DecisionContext(
            today: today, policy: policy, rights: rights,
            newHousehold: HouseholdID(Identifier128(high: household.value.high, low: ~household.value.low)))
        now = Moment(microseconds: Int64(today.dayNumber) * 86_400_000_000)
    }

    package var household: Household { history.household }

    /// Sequence of the event at a place, from 0, among those of a command; nil when there is no such event.
    package func sequence(of command: CommandID, place: Int) -> UInt64? {
        let events = history.events(of: command)
        return events.indices.contains(place) ? events[place].reference.sequence : nil
    }

    /// Takes an event in that a service wrote, without deciding it.
    /// - Parameter command: The command to which it belongs; nil = one of its own.
    package mutating func record(_ event: HouseholdEvent, on day: CivilDay, of command: CommandID? = nil) {
        now = Moment(microseconds: now.microseconds + 1_000_000)
        let sequence = history.lastSequence + 1
        history.append(
            KnownEvent(
                reference: EventReference(sequence: sequence), recordedAt: now,
                command: command ?? CommandID(Identifier128(high: 0xFEED, low: sequence)),
                proposed: ProposedEvent(occurredOn: day, event: event)))
    }

    /// Decides the command and, when it is accepted, takes its events in.
    @discardableResult
    package mutating func carryOut(_ command: HouseholdCommand) -> Decision {
        let decision = history.decide(command, in: context)
        guard case .events(let events, _) = decision else { return decision }
        now = Moment(microseconds: now.microseconds + 1_000_000)
        for (place, event) in events.enumerated() {
            history.append(
                KnownEvent(
                    reference: EventReference(sequence: history.lastSequence + 1),
                    recordedAt: Moment(microseconds: now.microseconds + Int64(place)), command: command.id,
                    actor: context.actor, proposed: event))
        }
        return decision
    }
}
