import CareDomain
import CareWire
import RuleEngine

/// What the published rules make of one household's stream, as the next append of determinations.
///
/// Pure and the same on every machine: the stream is judged as it stands, up to its last fact, and whatever says another
/// thing than the determination before is appended. So one append brings a household up to date, however many commands
/// came meanwhile, and judging again appends nothing.
package struct Assessment: Sendable {
    /// Determinations to append together.
    package struct Step: Hashable, Sendable {
        /// The last fact that was taken into account.
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
    private let lastChange: RulesChange?
    /// Whether what other files had bears on a published rule.
    private let looksIntoFilesLeft: Bool

    /// - Parameter rules: What is published.
    package init(rules: PublishedRules) {
        evaluator = Evaluator(registry: rules.registry, parameters: rules.parameters)
        changedAt = rules.changedAt
        lastChange = rules.lastChange
        looksIntoFilesLeft = evaluator.looksIntoFilesLeft()
    }

    /// The other files whose rights bear on this one's, see `FactBase.others`; none unless a published rule asks for them.
    package func filesWanted(for history: HouseholdHistory) -> [HouseholdID] {
        looksIntoFilesLeft ? Set(history.sources).subtracting([history.id]).sorted() : []
    }

    /// The other files on whose rights those of this one bear: they are judged again when these change.
    package func filesConcerned(by history: HouseholdHistory) -> [HouseholdID] {
        looksIntoFilesLeft ? Set(history.departures).subtracting([history.id]).sorted() : []
    }

    /// What is to be appended to a household's stream; nil when it says already what the rules say.
    ///
    /// The day of the determinations is that on which the last fact, or the rules, became known, never that of a clock:
    /// so it does not matter when the household is judged.
    /// - Parameter others: The files that `filesWanted` names.
    package func nextStep(
        for history: HouseholdHistory, others: [HouseholdID: HouseholdHistory] = [:]
    ) -> Step? {
        guard history.household.status != .absent, let last = history.events.last(where: { $0.event.bearsOnRules })
        else { return nil }
        let moment = max(last.recordedAt, changedAt ?? last.recordedAt)
        // What became known last is what brings a revision about.
        let cause = changedAt.map { $0 > last.recordedAt } ?? false ? lastChange : nil
        var facts = FactBase(events: history.events.filter { $0.event.bearsOnRules })
        facts.others = others.mapValues { other in FactBase(events: other.events.filter { $0.event.bearsOnRules }) }
        let found = evaluator.determine(facts)
        let events = (found + withdrawn(from: history.household, notIn: found, last.reference)).compactMap {
            event($0, history.household, last.reference, CivilMonth(containing: moment.day), cause)
        }
        guard !events.isEmpty else { return nil }
        // Of this state of the stream and these rules: an append met by newer events is another one.
        let name = "determine.\(changedAt?.microseconds ?? 0)"
        return Step(
            readThrough: last.reference,
            id: CommandID.derived(CommandID(history.id.value), name, Int(history.lastSequence)),
            events: events.map { ProposedEvent(occurredOn: moment.day, event: .determinationMade($0)) })
    }

    /// Beneficiaries whom the facts no longer know (registered in error, withdrawn): what was given to them is given on
    /// no day. A clause that no readable version of its pack has is left as it was decided: to take it for abolished would
    /// make over-payments out of a version that only a newer program can read.
    private func withdrawn(
        from household: Household, notIn found: [Determination], _ last: EventReference
    ) -> [Determination] {
        household.determinations.compactMap { entry in
            let made = entry.made
            let isKnown = evaluator.registry.versions.contains {
                $0.pack.id == made.pack && $0.pack.rule(made.clause) != nil
            }
            guard isKnown, !found.contains(where: { $0.clause == made.clause && $0.subject == made.subject }),
                let first = made.intervals.first?.period.start
            else { return nil }
            var nothing = Determination(made)
            nothing.intervals = [.init(period: DayPeriod(start: first), status: .notEntitled, rightHolds: false)]
            nothing.facts = [last]
            return nothing
        }
    }

    private func event(
        _ determination: Determination, _ household: Household, _ readThrough: EventReference, _ month: CivilMonth,
        _ cause: RulesChange?
    ) -> DeterminationMade? {
        let stored = household.determinations.first {
            $0.made.clause == determination.clause && $0.made.subject == determination.subject
        }
        if let stored {
            if determination.isStored(as: stored.made) { return nil }
        } else if determination.isEmpty {
            return nil
        }
        let earlier = stored.map { Determination($0.made) }
        let money = stored.map { household.money(of: $0.made.clause, $0.made.subject) } ?? .nothing
        let difference = DeterminationDifference(from: earlier, to: determination, through: month, money: money)
        var made = determination.event(readThrough: readThrough, changes: difference.changes)
        made.rulesChange = cause
        return made
    }
}
