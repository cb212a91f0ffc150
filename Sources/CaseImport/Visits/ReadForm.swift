import CareDomain

/// A filled-in needs form as it was read from a row.
struct ReadForm: Hashable, Sendable {
    var day: CivilDay
    /// The member whom it calls 户主.
    let head: PersonID
    /// What it says of the head in words.
    let said: PersonalDetails
    let answers: [FormAnswer]
    let needs: [NeedRaised]
    /// Who signed; nil where nobody did.
    let visitorName: String?

    /// The visit that the form tells.
    func visit(by visitor: PersonID?) -> VisitRecorded {
        var visit = VisitRecorded(
            form: Code(unchecked: NeedsForm.code), kind: Code(unchecked: "needs"), visitor: visitor, answers: answers)
        visit.sealed = [SealedPart(subject: head, details: said)]
        if let visitor, let visitorName {
            visit.sealed.insert(SealedPart(subject: visitor, details: PersonalDetails(name: visitorName)), at: 0)
        }
        return visit
    }
}

/// A needs form on record, with the needs that belong to it.
struct RecordedForm {
    let visit: Visit
    /// As they hold now; those taken back are gone.
    let needs: [Need]
    /// Every event that said something of the form, in order, corrections included.
    let events: [KnownEvent]

    /// The needs forms of a family of one day, by sequence.
    static func forms(of family: KnownFamily, on day: CivilDay) -> [RecordedForm] {
        let household = family.household
        let code = Code(unchecked: NeedsForm.code)
        let commands = family.history.formCommands
        return household.visits.filter { $0.day == day && $0.visit.form == code }.map { visit in
            let form = commands[visit.reference]
            let needs = household.needs.filter { form != nil && commands[$0.reference] == form }
            var said: Set<EventReference> = []
            let events = family.history.events.filter { event in
                let isOwn =
                    switch event.event {
                    case .visitRecorded, .needRaised: form != nil && commands[event.reference] == form
                    default: false
                    }
                let puts = event.proposed.correction.map { said.contains($0.corrects) } ?? false
                if isOwn || puts { said.insert(event.reference) }
                return isOwn || puts
            }
            return RecordedForm(visit: visit, needs: needs, events: events)
        }
    }

    /// Whether a name is that of who signed. Where one of the two is not signed it is the same form, signed later.
    func isSigned(by name: String?, lookup: some FamilyLookup) -> Bool {
        guard let name, let visitor = visit.visit.visitor else { return true }
        if lookup.helper(name: name, unit: nil, phone: nil) == visitor { return true }
        return visit.visit.sealed.details(of: visitor)?.name.map { PersonName.closed($0) == name } ?? true
    }
}

/// One cell of a form that differs from the form on record.
package struct FormChange: Hashable, Sendable {
    package let row: Int
    /// Label of the field; nil where it is one of the texts, which nobody is shown.
    package let heading: String?
    /// What the archive holds, for people; nil = nothing.
    package let old: String?
    package let new: String?
}
