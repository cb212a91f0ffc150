/// What becomes of the needs found at a visit when the visit is put right: they were told because it was.
extension HouseholdHistory {
    /// The needs found at a visit, put on the day to which its correction moves it: they were told on that day because the
    /// visit was. One that somebody has put on another day stays there.
    func needsFollowing(_ command: HouseholdCommand, from target: KnownEvent) -> [ProposedEvent] {
        guard case .visitRecorded = target.event, command.occurredOn != target.occurredOn else { return [] }
        return needsUntouched(of: target).compactMap { need in
            corrected(need, as: need.event, command)
        }
    }

    /// The needs found at a visit that is withdrawn, withdrawn with it. One that somebody has answered, closed or put on another
    /// day is somebody's work by now, and stays.
    func needsGoing(_ command: HouseholdCommand, with target: KnownEvent) -> [ProposedEvent] {
        guard case .visitRecorded = target.event else { return [] }
        let atRest = Set(household.needs.filter { $0.answers.isEmpty && $0.closedOn == nil }.map(\.reference))
        return needsUntouched(of: target).filter { atRest.contains($0.reference) }.compactMap { need in
            corrected(need, as: .withdrawn, command)
        }
    }

    /// Whoever withdraws a visit is told which needs go with it and which stay.
    /// - Parameter proposed: The withdrawal and what goes with it.
    func needsTold(of proposed: [ProposedEvent], _ command: HouseholdCommand) -> [Refusal] {
        guard case .withdraw = command.action,
            let target = events.first(where: { $0.reference == command.correction?.corrects }),
            case .visitRecorded = target.event
        else { return [] }
        let gone = Set(
            proposed.dropFirst().compactMap { proposed in
                events.first { $0.reference == proposed.correction?.corrects }.map(original)
            })
        let visit = original(of: target)
        let found = visitsOfNeeds.filter { $0.value == visit }
        let left = household.needs.map(\.reference).filter { found[$0] != nil && !gone.contains($0) }
        func told(_ reason: Refusal.Reason, _ needs: [EventReference]) -> Refusal? {
            guard !needs.isEmpty else { return nil }
            return Refusal(
                reason, field: "correction", detail: needs.map { "#\($0.sequence)" }.joined(separator: " "))
        }
        return [told(.needsWithdrawn, gone.sorted()), told(.needsLeft, left)].compactMap { $0 }
    }

    /// Of each need that was told with a visit, or with a correction of one, that visit, both by their first events. In the
    /// history that comes with a registration they are those between a visit and the next.
    package var visitsOfNeeds: [EventReference: EventReference] {
        let commands = formCommands
        var latest: [CommandID: EventReference] = [:]
        var found: [EventReference: EventReference] = [:]
        for event in events {
            guard let form = commands[event.reference] else { continue }
            switch event.event {
            case .visitRecorded: latest[form] = original(of: event)
            case .needRaised where event.proposed.correction == nil: found[event.reference] = latest[form]
            default: continue
            }
        }
        return found
    }

    /// Needs found at a visit that still stand on its day, as they hold.
    private func needsUntouched(of target: KnownEvent) -> [KnownEvent] {
        let visit = original(of: target)
        let found = visitsOfNeeds
        return HouseholdHistory.effective(events).filter { need in
            found[need.reference] == visit && need.occurredOn == target.occurredOn
        }
    }

    /// A need as the correction of its visit leaves it.
    private func corrected(
        _ need: KnownEvent, as event: HouseholdEvent, _ command: HouseholdCommand
    ) -> ProposedEvent? {
        guard let stands = events.last(where: { original(of: $0) == need.reference }),
            var correction = command.correction
        else { return nil }
        correction.corrects = stands.reference
        // Why the visit was put right stands there, in its words.
        correction.sealed = []
        return ProposedEvent(
            occurredOn: command.occurredOn, learnedOn: command.learnedOn, correction: correction, event: event)
    }
}
