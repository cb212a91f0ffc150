extension Proposal {
    /// The item of the family's plan that an event opens, so that somebody sees to what no batch pays; nil = none.
    ///
    /// A sum that an employer or insurer bears is followed up by the department of the clause until they have paid it.
    /// Whoever has seen to it records the item as done. Claims on the accident insurance are opened by nobody
    /// (`Household.insuranceClaims`).
    /// - Source: CZ-2.2 救助资金由所在单位承担; policies, payer notice and follow-up
    func followUp(_ event: HouseholdEvent) -> PlanItemOpened? {
        guard case .awardDecided(let decided) = event else { return nil }
        switch decided.outcome {
        case .granted, .excepted: break
        case .refused, .held, .revoked: return nil
        }
        let made = household.determinations.first {
            $0.made.clause == decided.clause && $0.made.subject == decided.subject
        }
        guard let made = made?.made, made.isBorneByOthers, let department = made.department else { return nil }
        return PlanItemOpened(clause: decided.clause, department: department)
    }

    /// Whoever says that a claim was seen to names one that is open. A later correction does not ask again: what was seen to
    /// stays said, also when what it rested on turns out otherwise.
    /// - Source: CZ-2.3
    func checkClaim(_ done: PlanItemDone) throws(Refusal) {
        guard !household.planItems.contains(where: { $0.reference == done.item }) else { return }
        let claims = household.insuranceClaims(context.policy.accidentInsurance)
        guard claims.contains(where: { $0.doneOn == nil && $0.grounds.contains(done.item) }) else {
            throw Refusal(.unknownPlanItem, field: "item", detail: "#\(done.item.sequence)")
        }
    }
}
