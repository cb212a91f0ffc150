import CareDomain
import CareWire
import RuleEngine

/// What the published rules make of one household's stream, as the next append of determinations.
///
/// Pure and the same on every machine and at any time: the stream is judged at the end of each command that brought a
/// fact, with everything known by then, so it does not matter whether eligibility followed live, came late or started
/// again. What was recorded before the rules were published is judged once, as a whole, at the publication.
package struct Assessment {
    /// Determinations to append together.
    package struct Step: Hashable, Sendable {
        /// The stream was judged up to here.
        package var readThrough: EventReference
        package var id: CommandID
        package var events: [ProposedEvent]

        package init(readThrough: EventReference, id: CommandID, events: [ProposedEvent]) {
            self.readThrough = readThrough
            self.id = id
            self.events = events
        }
    }

    private let evaluator: Evaluator
    private let changedAt: Moment?
    /// Part of every id, so that a changed rule makes new appends.
    private let rulesID: String

    /// - Parameter rules: What is published.
    package init(rules: PublishedRules) {
        evaluator = Evaluator(registry: rules.registry, parameters: rules.parameters)
        changedAt = rules.changedAt
        rulesID = "determine.\(rules.changedAt?.microseconds ?? 0)"
    }

    /// The next step for a household; nil when everything is judged.
    package func nextStep(for history: HouseholdHistory) -> Step? {
        guard history.household.registeredOn != nil || history.household.status != .absent else { return nil }
        let last = history.household.determinations.map(\.made.readThrough).max()
        for place in boundaries(history) {
            let end = history.events[place].reference
            if let last, end < last { continue }
            let events = determinations(history, through: place)
            guard !events.isEmpty else { continue }
            return Step(
                readThrough: end,
                id: CommandID.derived(CommandID(history.id.value), rulesID, Int(end.sequence)), events: events)
        }
        return nil
    }

    /// Where the stream is judged: at the last event of each command that brought a fact. Of those recorded before the
    /// rules only the last.
    private func boundaries(_ history: HouseholdHistory) -> [Int] {
        var places: [Int] = []
        let events = history.events
        for (place, event) in events.enumerated() where event.event.bearsOnRules {
            let isLastOfCommand =
                !events[(place + 1)...].contains { $0.command == event.command && $0.event.bearsOnRules }
            guard isLastOfCommand else { continue }
            if let changedAt, event.recordedAt < changedAt { places.removeAll() }
            places.append(place)
        }
        return places
    }

    private func determinations(_ history: HouseholdHistory, through place: Int) -> [ProposedEvent] {
        let known = Array(history.events[...place])
        let end = known[place]
        let moment = max(end.recordedAt, changedAt ?? end.recordedAt)
        let day = moment.day
        let month = CivilMonth(containing: day)
        let facts = FactBase(events: known.filter { $0.event.bearsOnRules || $0.proposed.correction != nil })
        var events: [ProposedEvent] = []
        for determination in evaluator.determine(facts) {
            guard case .incident = determination.subject else {
                if let event = event(determination, history, end.reference, month) {
                    events.append(ProposedEvent(occurredOn: day, event: .determinationMade(event)))
                }
                continue
            }
        }
        return events
    }

    private func event(
        _ determination: Determination, _ history: HouseholdHistory, _ readThrough: EventReference, _ month: CivilMonth
    ) -> DeterminationMade? {
        let stored = history.household.determinations.first {
            $0.made.clause == determination.clause && RuleSubject($0.made.subject) == determination.subject
        }
        if let stored {
            if determination.isStored(as: stored.made) { return nil }
        } else if determination.isEmpty {
            return nil
        }
        let earlier = stored.map { Determination($0.made, monthRule: determination.monthRule) }
        let difference = DeterminationDifference(from: earlier, to: determination, through: month)
        return determination.event(readThrough: readThrough, difference: difference)
    }
}

extension HouseholdEvent {
    /// Whether rules can see it: facts about people and household, not visits, pairings or what services derived.
    package var bearsOnRules: Bool {
        switch self {
        case .registered, .moved, .closed, .registeredInError, .merged, .split, .personJoined, .personLeft,
            .personDetailsChanged, .personDied, .childBorn, .childAdopted, .disabilityAssessed, .factStated,
            .incidentReported, .guardianNamed, .guardianConsented, .guardianNotarised, .guardianEnded, .withdrawn:
            true
        case .commandAbandoned, .pairingAssigned, .pairingHandedOver, .pairingEnded, .visitRecorded, .needRaised,
            .needAnswered, .needClosed, .planItemOpened, .planItemDone, .determinationMade, .noticeRaised,
            .noticeDelivered:
            false
        }
    }
}
