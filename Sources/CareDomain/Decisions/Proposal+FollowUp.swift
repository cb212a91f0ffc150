extension Proposal {
    /// The item of the family's plan that an event opens, so that somebody sees to what no batch pays; nil = none.
    ///
    /// A sum that an employer or insurer bears is followed up by the department of the clause until they have paid it, and
    /// an accident of somebody insured opens the claim. Whoever has seen to it records the item as done.
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
            let victims = Set(incident.victims.map { FactSubject.person($0.person) })
            let insured = household.determinations.map(\.made).first { made in
                made.clause == Self.accidentInsurance && victims.contains(made.subject)
                    && made.intervals.contains { $0.rightHolds && $0.period.contains(command.occurredOn) }
            }
            guard let insured, let department = insured.department else { return nil }
            return PlanItemOpened(clause: insured.clause, department: department)
        default:
            return nil
        }
    }

    /// 人身意外伤害保险.
    private static let accidentInsurance = ClauseID("CZ-2.3")
}
