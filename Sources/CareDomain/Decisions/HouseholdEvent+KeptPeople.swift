extension HouseholdEvent {
    /// With what the event in whose place this one comes says of who people are, as far as this one does not say it
    /// anew.
    ///
    /// Who puts a day right does not type names and numbers again, and a name that is not typed again is no statement
    /// that there is none. So a correction can say another name or number, and never none; who was never meant is
    /// withdrawn. What stands there in free words (of visits, needs, answers, plan items and decisions) is said anew
    /// or is gone.
    func keepingPeople(of earlier: HouseholdEvent) -> HouseholdEvent {
        switch (self, earlier) {
        case (.personJoined(var new), .personJoined(let old)):
            new.token = new.token ?? (new.sealed.names(new.person, by: \.idNumber) ? nil : old.token)
            if new.namesake == nil, new.sealed.isOfName(in: old.sealed, of: new.person),
                new.birthDate ?? old.birthDate == old.birthDate
            {
                new.namesake = old.namesake
            }
            new.sex = new.sex ?? old.sex
            new.birthDate = new.birthDate ?? old.birthDate
            new.sealed = new.sealed.keeping(old.sealed, about: [new.person])
            return .personJoined(new)
        case (.personDetailsChanged(var new), .personDetailsChanged(let old)) where new.person == old.person:
            new.token = new.token ?? (new.sealed.names(new.person, by: \.idNumber) ? nil : old.token)
            if new.namesake == nil, new.sealed.isOfName(in: old.sealed, of: new.person),
                new.birthDate ?? old.birthDate == old.birthDate
            {
                new.namesake = old.namesake
            }
            new.sex = new.sex ?? old.sex
            new.birthDate = new.birthDate ?? old.birthDate
            new.sealed = new.sealed.keeping(old.sealed, about: [new.person])
            return .personDetailsChanged(new)
        case (.disabilityAssessed(var new), .disabilityAssessed(let old)):
            new.sealed = new.sealed.keeping(old.sealed, about: [new.person])
            return .disabilityAssessed(new)
        case (.guardianNamed(var new), .guardianNamed(let old)):
            new.sealed = new.sealed.keeping(old.sealed, about: [new.person, new.guardian])
            return .guardianNamed(new)
        case (.pairingAssigned(var new), .pairingAssigned(let old)):
            new.helper = new.helper.keeping(old.helper, named: new.sealed)
            new.sealed = new.sealed.keeping(old.sealed, about: [new.helper.id])
            return .pairingAssigned(new)
        case (.pairingHandedOver(var new), .pairingHandedOver(let old)):
            new.to = new.to.keeping(old.to, named: new.sealed)
            new.sealed = new.sealed.keeping(old.sealed, about: [new.to.id])
            return .pairingHandedOver(new)
        case (.visitRecorded(var new), .visitRecorded(let old)):
            guard let visitor = new.visitor else { return self }
            new.sealed = new.sealed.keeping(old.sealed.map(\.withoutWords), about: [visitor])
            return .visitRecorded(new)
        case (.goodsHandedOut(let new), .goodsHandedOut(let old)):
            return .goodsHandedOut(new.keepingNames(of: old))
        default:
            return self
        }
    }
}

extension Helper {
    /// The same helper keeps the unit; and the real name, where the correction does not name them anew and say
    /// otherwise.
    fileprivate func keeping(_ earlier: Helper, named sealed: [SealedPart]) -> Helper {
        guard id == earlier.id else { return self }
        var kept = self
        kept.unit = unit ?? earlier.unit
        kept.hasContact = hasContact ?? earlier.hasContact
        if !sealed.names(id, by: \.name) { kept.hasRealName = hasRealName || earlier.hasRealName }
        return kept
    }
}

extension HouseholdEvent {
    /// As it is recorded, however it was sent: names in their normal form (`PersonName`), and a helper's telephone told of.
    var asRecorded: HouseholdEvent { namingInOneForm.tellingContact }

    private var namingInOneForm: HouseholdEvent {
        switch self {
        case .personJoined(var joined):
            joined.sealed = joined.sealed.namedInOneForm
            return .personJoined(joined)
        case .personDetailsChanged(var changed):
            changed.sealed = changed.sealed.namedInOneForm
            return .personDetailsChanged(changed)
        case .guardianNamed(var named):
            named.sealed = named.sealed.namedInOneForm
            return .guardianNamed(named)
        case .pairingAssigned(var assigned):
            assigned.sealed = assigned.sealed.namedInOneForm
            return .pairingAssigned(assigned)
        case .pairingHandedOver(var handover):
            handover.sealed = handover.sealed.namedInOneForm
            return .pairingHandedOver(handover)
        case .visitRecorded(var visit):
            visit.sealed = visit.sealed.namedInOneForm
            return .visitRecorded(visit)
        case .goodsHandedOut(var handed):
            handed.sealed = handed.sealed.namedInOneForm
            return .goodsHandedOut(handed)
        default: return self
        }
    }

    /// The same event with what its sealed parts say of a helper's telephone told in the open, whatever whoever sent it says
    /// of it: readers who may not see the telephone know that there is one.
    private var tellingContact: HouseholdEvent {
        switch self {
        case .pairingAssigned(var assigned):
            assigned.helper.hasContact =
                assigned.sealed.givesContact(of: assigned.helper.id) ?? assigned.helper.hasContact
            return .pairingAssigned(assigned)
        case .pairingHandedOver(var handover):
            handover.to.hasContact = handover.sealed.givesContact(of: handover.to.id) ?? handover.to.hasContact
            return .pairingHandedOver(handover)
        default:
            return self
        }
    }
}

extension SealedPart {
    /// Without what is written freely; a part that cannot be opened stays as it is.
    fileprivate var withoutWords: SealedPart {
        guard var details else { return self }
        details.text = nil
        return SealedPart(subject: subject, details: details)
    }
}

extension [SealedPart] {
    fileprivate var namedInOneForm: [SealedPart] {
        map { part in
            guard var details = part.details, let name = details.name else { return part }
            details.name = PersonName.closed(name)
            return SealedPart(subject: part.subject, details: details)
        }
    }

    /// Whether a part says this of the person.
    fileprivate func names(_ person: PersonID, by path: KeyPath<PersonalDetails, String?>) -> Bool {
        details(of: person)?[keyPath: path] != nil
    }

    /// Whether they name the person as the earlier parts do, or not at all: that somebody else has the name was said of that one.
    fileprivate func isOfName(in earlier: [SealedPart], of person: PersonID) -> Bool {
        guard let name = details(of: person)?.name else { return true }
        return PersonName.closed(name) == earlier.details(of: person)?.name.map(PersonName.closed)
    }

    /// With what earlier parts say of these people, value by value, where these parts say nothing.
    fileprivate func keeping(_ earlier: [SealedPart], about people: [PersonID]) -> [SealedPart] {
        var kept = self
        for part in earlier where people.contains(part.subject) && part.details?.isEmpty != true {
            guard let index = kept.firstIndex(where: { $0.subject == part.subject }) else {
                kept.append(part)
                continue
            }
            guard let new = kept[index].details, let old = part.details else { continue }
            kept[index] = SealedPart(subject: part.subject, details: old.updated(by: new))
        }
        return kept
    }
}
