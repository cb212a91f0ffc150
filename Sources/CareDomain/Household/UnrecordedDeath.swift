/// 去世尚未登记: an accident says of somebody that they died of it, and the death itself is not on record.
///
/// Who died of an accident died on its day or later; on which day only the death says, with what certifies it. So the accident
/// alone ends no right and begins none, and makes no family bereaved: the person counts as living, and whoever reads the file
/// is told of it until the death is recorded.
/// - Source: CZ-1.1, CZ-2.2
package struct UnrecordedDeath: Hashable, Sendable {
    package let person: PersonID
    /// The accident of which they died.
    package let incident: EventReference
    /// Its day: the first on which they can have died.
    package let day: CivilDay
}

extension Household {
    /// Of whom an accident alone says that they died, in the order of the accidents. Whoever went on in another file is that
    /// file's to tell.
    package var unrecordedDeaths: [UnrecordedDeath] {
        if case .registeredInError = status { return [] }
        var found: [UnrecordedDeath] = []
        for incident in incidents {
            for victim in incident.payload.victims where victim.outcome == IncidentReported.death {
                guard let member = member(victim.person), member.diedOn == nil, !member.wentToFile,
                    !found.contains(where: { $0.person == victim.person })
                else { continue }
                found.append(UnrecordedDeath(person: victim.person, incident: incident.reference, day: incident.day))
            }
        }
        return found
    }
}

extension HouseholdHistory {
    /// What whoever tells an accident, or takes a death back, is reminded of: the death is still to be recorded.
    /// - Parameters:
    ///   - proposed: What the command would bring.
    ///   - kept: Events of which whoever speaks may be told nothing, but for what they tell themselves.
    func deathsLeftOpen(
        by proposed: [ProposedEvent], of command: CommandID, keeping kept: Set<EventReference>
    ) -> [Refusal] {
        let mayLeaveOpen = proposed.contains { event in
            switch event.event {
            case .incidentReported, .withdrawn: true
            case .personDied: event.correction != nil
            default: false
            }
        }
        guard mayLeaveOpen else { return [] }
        let isTeller = proposed.contains { if case .incidentReported = $0.event { true } else { false } }
        let before = household.unrecordedDeaths.map(\.person)
        var after = self
        after.rehearse(proposed, of: command)
        return after.household.unrecordedDeaths.filter { death in
            !before.contains(death.person) && (isTeller || !kept.contains(death.incident))
        }.map { death in
            Refusal(
                .deathUnrecorded, field: "victims", detail: "\(death.day)", words: "\(death.day) 的突发事件",
                english: "what happened on \(death.day)")
        }
    }
}
