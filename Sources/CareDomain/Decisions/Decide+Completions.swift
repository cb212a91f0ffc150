/// What completed a helper's details speaks of whoever began in the slot: it follows when it is put right who that was.
extension HouseholdHistory {
    /// The events that completed the details of the helper who began by `target`, with the id and the name that its correction
    /// gives them, each on its own day. Otherwise the slot would hold two helpers of one, one of them under the wrong name.
    /// - Parameter replacement: What is to stand in the place of `target`.
    func completionsFollowing(
        _ replacement: HouseholdEvent, _ command: HouseholdCommand, from target: KnownEvent
    ) -> [ProposedEvent] {
        guard let old = target.event.begun, let new = replacement.begun, old.kind == new.kind,
            old.helper.id != new.helper.id || old.details?.name != new.details?.name
        else { return [] }
        return completions(of: original(of: target)).compactMap { event in
            guard case .pairingAssigned(var assigned) = event.event,
                let stands = events.last(where: { original(of: $0) == event.reference }),
                var correction = command.correction
            else { return nil }
            let earlier = assigned.helper.id
            assigned.helper.id = new.helper.id
            assigned.sealed = assigned.sealed.map { part in
                guard part.subject == earlier else { return part }
                var details = part.details
                if details?.name != nil, let name = new.details?.name { details?.name = name }
                return SealedPart(subject: new.helper.id, details: details)
            }
            guard event.event != .pairingAssigned(assigned) else { return nil }
            correction.corrects = stands.reference
            // Why the first event was put right stands there, in its words.
            correction.sealed = []
            return ProposedEvent(
                occurredOn: event.occurredOn, learnedOn: command.learnedOn, correction: correction,
                event: .pairingAssigned(assigned))
        }
    }

    /// What told again of a helper, in the time in a slot that an event began.
    private func completions(of begun: EventReference) -> [KnownEvent] {
        var household = Household(id: id)
        var found: [KnownEvent] = []
        for event in HouseholdHistory.effective(events) {
            if case .pairingAssigned(let assigned) = event.event, event.reference != begun {
                let tenure = household.pairings.last {
                    $0.kind == assigned.kind && $0.isOpen(on: event.occurredOn, assigned.helper.id)
                }
                if tenure?.startedBy == begun { found.append(event) }
            }
            household.evolve(event)
        }
        return found
    }
}

extension HouseholdEvent {
    /// Who begins in which slot by it, as it says it; nil where nobody does.
    fileprivate var begun: (kind: PairingKind, helper: Helper, details: PersonalDetails?)? {
        switch self {
        case .pairingAssigned(let assigned):
            (assigned.kind, assigned.helper, assigned.sealed.details(of: assigned.helper.id))
        case .pairingHandedOver(let handover):
            (handover.kind, handover.to, handover.sealed.details(of: handover.to.id))
        default: nil
        }
    }
}
