/// All events of one household's stream that a reader has, in order of sequence, and the states folded from them.
///
/// A correction takes the place of what it corrects, also for everything folded after it, so a state is never patched:
/// it is folded again from the effective events. Streams are short (tens to hundreds of events).
package struct HouseholdHistory: Hashable, Sendable {
    package let id: HouseholdID
    /// Events by sequence, without gaps from 1.
    package private(set) var events: [KnownEvent] = []
    /// The fold of everything held.
    package private(set) var household: Household

    /// Nothing known yet.
    package init(id: HouseholdID) {
        self.id = id
        self.household = Household(id: id)
    }

    /// Folds the events of a stream.
    package init(id: HouseholdID, events: some Sequence<KnownEvent>) {
        self.init(id: id)
        for event in events { append(event) }
    }

    /// Sequence of the last event held; 0 when there is none.
    package var lastSequence: UInt64 { events.last?.reference.sequence ?? 0 }

    /// Takes the next event in. One that is already held is ignored.
    ///
    /// - Precondition: no sequence is skipped; the caller repairs gaps from the log first.
    package mutating func append(_ event: KnownEvent) {
        guard event.reference.sequence > lastSequence else { return }
        precondition(
            event.reference.sequence == lastSequence + 1, "HouseholdHistory.append: gap before \(event.reference)")
        events.append(event)
        if event.proposed.correction == nil {
            household.evolve(event)
        } else {
            household = Self.fold(id: id, events: events)
        }
    }

    /// The state folded from what the log knew at `moment`: events recorded at or before it.
    package func household(knownAt moment: Moment) -> Household {
        guard let last = events.last, last.recordedAt > moment else { return household }
        return Self.fold(id: id, events: events.filter { $0.recordedAt <= moment })
    }

    /// The state folded from what the sources knew on `day`: `learned_on` where declared, else the day of recording.
    package func household(learnedBy day: CivilDay) -> Household {
        Self.fold(id: id, events: events.filter { ($0.proposed.learnedOn ?? $0.recordedAt.day) <= day })
    }

    /// The events of one command, for answering it again.
    package func events(of command: CommandID) -> [KnownEvent] { events.filter { $0.command == command } }

    /// For each event the command of the form to which it belongs: its own, or where that put a visit right, the one with
    /// which the visit was recorded. Needs of one visit are those of the same command here.
    package var formCommands: [EventReference: CommandID] {
        var commands: [EventReference: CommandID] = [:]
        var forms: [CommandID: CommandID] = [:]
        for event in events {
            if let corrects = event.proposed.correction?.corrects, case .visitRecorded = event.event {
                forms[event.command] = commands[corrects] ?? event.command
            }
            commands[event.reference] = forms[event.command] ?? event.command
        }
        return commands
    }

    /// What holds after corrections: each event in the place of the one it corrects and as part of its command, withdrawn
    /// ones left out.
    package static func effective(_ events: [KnownEvent]) -> [KnownEvent] {
        guard events.contains(where: { $0.proposed.correction != nil }) else { return events }
        var root: [EventReference: EventReference] = [:]
        var replacement: [EventReference: KnownEvent] = [:]
        for event in events {
            guard let correction = event.proposed.correction else { continue }
            let original = root[correction.corrects] ?? correction.corrects
            root[event.reference] = original
            replacement[original] = event
        }
        return events.compactMap { event in
            if root[event.reference] != nil { return nil }
            guard var corrected = replacement[event.reference] else { return event }
            if case .withdrawn = corrected.event { return nil }
            corrected.reference = event.reference
            corrected.command = event.command
            return corrected
        }
    }

    /// The state folded from some of the events, in their order.
    static func fold(id: HouseholdID, events: [KnownEvent]) -> Household {
        var household = Household(id: id)
        for event in effective(events) { household.evolve(event) }
        return household
    }
}
