import CareDomain

/// The people of a household as far as a comparison tells: values of the file that are on record, and where something
/// else is.
package struct ComparedPeople: Sendable {
    /// Stands for a value on record that nobody has seen. No file can hold it, and it never goes into a command.
    package static let unseen = "\u{FFFC}"

    private var details: [PersonID: PersonalDetails] = [:]
    private var pages = RecordPages()

    /// - Parameters:
    ///   - values: What was compared.
    ///   - agreements: The answer to each, in the same order.
    package init(_ values: [HeldValue], _ agreements: [ValueAgreement]) {
        for (value, agreement) in zip(values, agreements) {
            var known = details[value.person] ?? PersonalDetails()
            let path = value.field.path
            switch agreement {
            case .same: known[keyPath: path] = value.value
            case .differs: known[keyPath: path] = known[keyPath: path] ?? Self.unseen
            case .notOnRecord: break
            }
            details[value.person] = known
        }
    }

    /// The family as an import may know it: its events with withheld parts filled in by what the comparison told.
    package func family(_ history: HouseholdHistory, withheld: Set<FactID> = []) -> KnownFamily {
        let events = history.events.map { filled($0, of: history) }
        return KnownFamily(
            history: HouseholdHistory(id: history.id, events: events), isOpened: false, withheld: withheld)
    }

    private func filled(_ event: KnownEvent, of history: HouseholdHistory) -> KnownEvent {
        var event = event
        switch event.proposed.event {
        case .personJoined(var payload):
            let person = payload.person
            let said = pages.atJoining(person, in: history) ?? personal(person)
            payload.sealed = payload.sealed.map { filled($0, with: $0.subject == person ? said : nil) }
            // Nothing was said of the person at joining, which is not the same as not being allowed to see it.
            if !payload.sealed.contains(where: { $0.subject == person }) {
                payload.sealed.append(SealedPart(subject: person, details: said))
            }
            event.proposed.event = .personJoined(payload)
        case .personDetailsChanged(var payload):
            let said = pages.said(by: payload, on: event.occurredOn)
            payload.sealed = payload.sealed.map { filled($0, with: $0.subject == payload.person ? said : nil) }
            event.proposed.event = .personDetailsChanged(payload)
        case .disabilityAssessed(var payload):
            payload.sealed = payload.sealed.map { part in
                guard part.details == nil, let number = details[part.subject]?.certificateNumber else { return part }
                return SealedPart(subject: part.subject, details: PersonalDetails(certificateNumber: number))
            }
            event.proposed.event = .disabilityAssessed(payload)
        case .pairingAssigned(var payload):
            payload.sealed = payload.sealed.map { filled($0, with: told(of: payload.helper, by: $0)) }
            event.proposed.event = .pairingAssigned(payload)
        case .pairingHandedOver(var payload):
            payload.sealed = payload.sealed.map { filled($0, with: told(of: payload.to, by: $0)) }
            event.proposed.event = .pairingHandedOver(payload)
        case .visitRecorded(var payload):
            // Of who visited only; what the form says of its head stands nowhere else, and was not compared.
            guard let visitor = payload.visitor else { break }
            payload.sealed = payload.sealed.map { $0.subject == visitor ? filled($0) : $0 }
            if !payload.sealed.contains(where: { $0.subject == visitor }) {
                payload.sealed.append(SealedPart(subject: visitor, details: personal(visitor)))
            }
            event.proposed.event = .visitRecorded(payload)
        default: break
        }
        return event
    }

    private func filled(_ part: SealedPart, with said: PersonalDetails? = nil) -> SealedPart {
        part.details == nil ? SealedPart(subject: part.subject, details: said ?? personal(part.subject)) : part
    }

    /// What an event tells of a helper: a telephone or a name that came later is no part of an event that says it told none.
    private func told(of helper: Helper, by part: SealedPart) -> PersonalDetails? {
        guard part.subject == helper.id else { return nil }
        var told = personal(helper.id)
        if helper.hasContact == false { told.phone = nil }
        if !helper.hasRealName { told.name = nil }
        return told
    }

    /// A certificate's number stands in the assessment, nowhere else.
    private func personal(_ person: PersonID) -> PersonalDetails {
        var personal = details[person] ?? PersonalDetails()
        personal.certificateNumber = nil
        return personal
    }

    /// Details as a page shows them. Earlier versions recorded names spread; that is no difference.
    static func closed(_ shown: PersonalDetails) -> PersonalDetails {
        var details = shown
        details.name = shown.name.map(PersonName.closed)
        return details
    }

    /// The same with what a page has shown in the place of what was only compared.
    /// - Parameter pages: Those of other days, which tell what each event said.
    package func opened(by shown: [PersonID: PersonalDetails], pages: RecordPages) -> ComparedPeople {
        var people = self
        people.pages = pages
        for (person, details) in shown {
            var known = Self.closed(details)
            known.certificateNumber = people.details[person]?.certificateNumber
            people.details[person] = known
        }
        return people
    }
}
