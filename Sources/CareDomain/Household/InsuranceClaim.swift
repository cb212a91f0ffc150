/// 人身意外伤害保险: whom the document of a place insures against accidents, and who sees to their claims.
/// - Source: CZ-2.3 为特殊困难家庭成员每人每年购买一份…人身意外伤害保险，并及时做好参保对象发生意外伤害或死亡的理赔工作
package struct AccidentInsurance: Hashable, Sendable {
    /// The clause that asks for it.
    package static let clause: ClauseID = {
        guard let clause = ClauseID("CZ-2.3") else { preconditionFailure("CZ-2.3 is a clause id") }
        return clause
    }()

    /// Department that buys it and sees to the claims.
    package var department: DepartmentID
    /// Where the document applies; nil = anywhere.
    package var territory: DivisionCode?
    /// Days on which it asks for the insurance.
    package var inForce: DayPeriod

    package init(department: DepartmentID, territory: DivisionCode?, inForce: DayPeriod) {
        self.department = department
        self.territory = territory
        self.inForce = inForce
    }
}

/// 理赔: an accident or a death of somebody insured, for which the insurer is to pay.
///
/// Nobody opens a claim: it follows from what is on record, in whatever order that was told, and is gone when what it rests
/// on is withdrawn. Whoever has seen to it says so with `PlanItemDone`, which names one of the events it rests on.
/// - Source: CZ-2.3
package struct InsuranceClaim: Hashable, Sendable {
    /// Who is insured.
    package let person: PersonID
    /// Day of the accident, or of the death where there was none.
    package let day: CivilDay
    /// The accident; nil = a death that no accident on record brought about.
    package let incident: EventReference?
    /// The death, where it is on record as such.
    package let death: EventReference?
    /// Item of the plan that an earlier version opened together with the accident.
    package let item: EventReference?
    /// Day on which it was seen to; nil = it is open.
    package var doneOn: CivilDay?

    /// The events by any of which it may be named.
    package var grounds: [EventReference] { [item, death, incident].compactMap { $0 } }
    /// The one by which it is told.
    package var reference: EventReference { grounds.first ?? EventReference(sequence: 0) }
}

extension Household {
    /// The claims of the file's members, by day and person.
    ///
    /// Somebody is insured on a day when the file was open and they were a living member of a special-hardship family that
    /// belonged to the place, or a decision says so; what a decision turned down is not insured. What strikes somebody
    /// is claimed when they were insured on the day before, because the same blow can make a family one that is to be insured.
    /// Told once for the accident and the death it brought about.
    ///
    /// Only facts and people's decisions count, never whether somebody has worked out a right yet.
    /// - Parameter insurance: nil = no document asks for any.
    package func insuranceClaims(_ insurance: AccidentInsurance?) -> [InsuranceClaim] {
        guard let insurance, !incidents.isEmpty || members.contains(where: { $0.diedOn != nil }) else { return [] }
        if case .registeredInError = status { return [] }
        let statuses = hardshipPeriods().map(\.period)
        func wasInsured(_ person: PersonID, before day: CivilDay) -> Bool {
            isInsured(person, on: day - 1, by: insurance, statuses)
        }
        var claims: [InsuranceClaim] = []
        var told: Set<PersonID> = []
        for incident in incidents {
            let item = planItems.first {
                $0.opened.clause == AccidentInsurance.clause
                    && $0.reference.sequence == incident.reference.sequence + 1
            }?.reference
            for victim in incident.payload.victims {
                let isDead = victim.outcome == IncidentReported.death
                let member = isDead ? members.last { $0.id == victim.person && $0.diedOn != nil } : nil
                if isDead { told.insert(victim.person) }
                guard
                    wasInsured(victim.person, before: incident.day)
                        || member?.diedOn.map({ wasInsured(victim.person, before: $0) }) ?? false
                else { continue }
                claims.append(
                    InsuranceClaim(
                        person: victim.person, day: incident.day, incident: incident.reference, death: member?.diedBy,
                        item: item))
            }
        }
        for member in members where !told.contains(member.id) {
            guard let diedOn = member.diedOn, let diedBy = member.diedBy, wasInsured(member.id, before: diedOn)
            else { continue }
            claims.append(
                InsuranceClaim(person: member.id, day: diedOn, incident: nil, death: diedBy, item: nil))
        }
        for index in claims.indices { claims[index].doneOn = claims[index].grounds.compactMap { seenTo[$0] }.min() }
        return claims.sorted { ($0.day, $0.person, $0.reference) < ($1.day, $1.person, $1.reference) }
    }

    private func isInsured(
        _ person: PersonID, on day: CivilDay, by insurance: AccidentInsurance, _ statuses: [DayPeriod]
    ) -> Bool {
        let decided = awards.last {
            $0.decided.clause == AccidentInsurance.clause && $0.decided.subject == .person(person)
                && $0.period.contains(day)
        }
        switch decided?.decided.outcome {
        case .granted, .excepted: return true
        case .refused: return false
        case .held, .revoked, nil: break
        }
        let isHere = insurance.territory.map { division(on: day)?.isWithin($0) ?? false } ?? true
        return isHere && insurance.inForce.contains(day) && registeredOn.map { $0 <= day } ?? false
            && members.contains { $0.id == person && $0.presence.contains(day) }
            && statuses.contains { $0.contains(day) }
    }

    /// Day of an accident or a death by which a claim may be named; nil when the event is neither.
    func dayOfBlow(_ reference: EventReference) -> CivilDay? {
        incidents.first { $0.reference == reference }?.day ?? members.last { $0.diedBy == reference }?.diedOn
    }
}

extension IncidentReported {
    /// What an incident did to a victim who died of it.
    package static let death = Code(unchecked: "death")
}

/// What was opened for something that was withdrawn since.
extension HouseholdHistory {
    /// Items of the plan that a decision, or in an earlier version an accident, opened and that has been withdrawn since:
    /// nobody has to see to them any more. What a registration brought along somebody opened for its own sake.
    /// - Parameter events: those that are known, in order.
    package static func itemsWithoutGround(_ events: [KnownEvent]) -> Set<EventReference> {
        guard events.contains(where: { $0.event == .withdrawn }) else { return [] }
        let standing = Set(effective(events).map(\.reference))
        let pairs = zip(events, events.dropFirst()).filter { opener, item in
            guard case .planItemOpened = item.event, opener.command == item.command, opener.event.opensItems,
                opener.proposed.correction == nil, !standing.contains(opener.reference)
            else { return false }
            return events.first { $0.command == opener.command }?.reference == opener.reference
        }
        return Set(pairs.map(\.1.reference))
    }

    /// Claims that stood until the death or accident on which they rest was withdrawn or became another's, in order.
    /// - Parameter events: those that are known, in order.
    package static func claimsWithoutGround(
        _ events: [KnownEvent], of id: HouseholdID, _ insurance: AccidentInsurance?
    ) -> [InsuranceClaim] {
        guard let insurance, events.contains(where: { $0.proposed.correction != nil }) else { return [] }
        let present = fold(id: id, events: events)
        var standing = present.insuranceClaims(insurance)
        var found: [InsuranceClaim] = []
        for (index, event) in events.enumerated() where event.correctsBlow(among: events) {
            for var claim in fold(id: id, events: Array(events[..<index])).insuranceClaims(insurance) {
                let isTold = standing.contains { other in
                    other.person == claim.person && other.grounds.contains(where: claim.grounds.contains)
                }
                guard !isTold else { continue }
                claim.doneOn = claim.grounds.compactMap { present.seenTo[$0] }.min()
                standing.append(claim)
                found.append(claim)
            }
        }
        return found
    }
}

extension KnownEvent {
    /// Whether it puts right, or takes back, a death or an accident.
    fileprivate func correctsBlow(among events: [KnownEvent]) -> Bool {
        var corrects = proposed.correction?.corrects
        while let reference = corrects {
            guard let target = events.first(where: { $0.reference == reference }) else { return false }
            switch target.event {
            case .personDied, .incidentReported: return true
            default: corrects = target.proposed.correction?.corrects
            }
        }
        return false
    }
}

extension HouseholdEvent {
    /// Whether an item of the plan came with such an event, see `Proposal.followUp`; with accidents in earlier versions.
    fileprivate var opensItems: Bool {
        switch self {
        case .awardDecided, .incidentReported: true
        default: false
        }
    }
}
