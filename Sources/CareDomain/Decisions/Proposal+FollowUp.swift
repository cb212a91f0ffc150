extension Proposal {
    /// The item of the family's plan that an event opens, so that somebody sees to what no batch pays; nil = none.
    ///
    /// A sum that an employer or insurer bears is followed up by the department of the clause until they have paid it, and
    /// an accident or the death of somebody insured opens the claim: one for both, whichever is told first. Whoever has seen
    /// to it records the item as done.
    /// - Source: CZ-2.2 救助资金由所在单位承担; CZ-2.3 及时做好理赔工作; policies, payer notice and follow-up, claim task
    func followUp(_ event: HouseholdEvent) -> PlanItemOpened? {
        switch event {
        case .awardDecided(let decided):
            switch decided.outcome {
            case .granted, .excepted: break
            case .refused, .held, .revoked: return nil
            }
            let made = household.determinations.first {
                $0.made.clause == decided.clause && $0.made.subject == decided.subject
            }
            guard let made = made?.made, made.isBorneByOthers, let department = made.department else { return nil }
            return PlanItemOpened(clause: decided.clause, department: department)
        case .incidentReported(let incident):
            let victims = incident.victims.filter { !isClaimOpen(forDeathOf: $0) }.map(\.person)
            return claim(for: victims, on: command.occurredOn)
        case .personDied(let died):
            let isTold = household.incidents.contains { incident in
                incident.payload.victims.contains { $0.person == died.person && $0.outcome == Self.death }
                    && isFollowedByClaim(incident.reference)
            }
            return isTold ? nil : claim(for: [died.person], on: command.occurredOn)
        default:
            return nil
        }
    }

    /// The claim on the insurance of the first of these who had one on the day.
    ///
    /// With a death the right ends on its day, which is the last that was insured: of somebody who is known to have died on
    /// the day, the day before tells.
    private func claim(for people: [PersonID], on day: CivilDay) -> PlanItemOpened? {
        let insured = household.determinations.map(\.made).first { made in
            guard made.clause == Self.accidentInsurance, case .person(let person) = made.subject,
                people.contains(person)
            else { return false }
            let lastDay = household.member(person)?.diedOn == day ? day - 1 : day
            return made.intervals.contains {
                $0.rightHolds && ($0.period.contains(day) || $0.period.contains(lastDay))
            }
        }
        guard let insured, let department = insured.department else { return nil }
        return PlanItemOpened(clause: insured.clause, department: department)
    }

    /// Whether what befell the victim is a death that is on record and has opened its claim.
    private func isClaimOpen(forDeathOf victim: IncidentReported.Victim) -> Bool {
        guard victim.outcome == Self.death else { return false }
        return household.member(victim.person)?.diedBy.map(isFollowedByClaim) ?? false
    }

    /// Whether the event opened a claim: an item that an event opens comes with it, right after it.
    private func isFollowedByClaim(_ event: EventReference) -> Bool {
        household.planItems.contains {
            $0.opened.clause == Self.accidentInsurance && $0.reference.sequence == event.sequence + 1
        }
    }

    /// 人身意外伤害保险.
    private static let accidentInsurance = ClauseID("CZ-2.3")
    /// What an incident did to a victim who died of it.
    private static let death = Code(unchecked: "death")
}
