extension HouseholdHistory {
    /// What is on record about each member, helper and visitor: the latest word on every value that may be compared.
    package var recordedDetails: [PersonID: PersonalDetails] {
        var found: [PersonID: PersonalDetails] = [:]
        for visit in household.visits {
            guard let visitor = visit.visit.visitor, let details = visit.visit.sealed.details(of: visitor) else {
                continue
            }
            found[visitor] = details
        }
        for tenure in household.pairings {
            if let details = tenure.details { found[tenure.helper.id] = details }
        }
        var assessments: [EventReference: DisabilityAssessed] = [:]
        for event in Self.effective(events) {
            if case .disabilityAssessed(let assessed) = event.event { assessments[event.reference] = assessed }
        }
        for member in household.members {
            var details = member.details ?? PersonalDetails()
            let assessed = member.disabilities.last.flatMap { assessments[$0.reference] }
            details.certificateNumber = assessed?.sealed.details(of: member.id)?.certificateNumber
            found[member.id] = details
        }
        return found
    }
}
