import CareDomain

/// What a state of the household holds by token: those with a token who have not left an open household, and its archive
/// number.
package func heldPersons(of household: Household) -> [PersonToken: PersonID] {
    guard household.status == .active else { return [:] }
    var held: [PersonToken: PersonID] = [:]
    for member in household.members where member.leftOn == nil {
        if let token = member.token { held[token] = member.id }
    }
    if let token = ArchiveNumberClaim.token(of: household) { held[token] = ArchiveNumberClaim.holder(household.id) }
    return held
}

extension PersonStanding {
    /// Whoever has or has reserved the person; nil when they are free.
    var claim: PersonClaim? {
        switch state {
        case .free: nil
        case .reserved(let claim, _, _), .held(let claim): claim
        }
    }
}

extension ProposedEvent {
    /// Whether it may change which persons the household holds, or its archive number. Most events do not, and looking is dear: it takes a
    /// copy of the history.
    var mayChangePersons: Bool {
        if correction != nil { return true }
        switch event {
        case .registered, .closed, .registeredInError, .merged, .split, .personJoined, .personLeft,
            .personDetailsChanged, .personDied, .withdrawn:
            return true
        case .moved(let moved):
            return moved.archiveNumber != nil
        case .commandAbandoned, .childBorn, .childAdopted, .disabilityAssessed, .factStated,
            .incidentReported, .guardianNamed, .guardianConsented, .guardianNotarised, .guardianEnded,
            .pairingAssigned, .pairingHandedOver, .pairingEnded, .visitRecorded, .needRaised, .needAnswered,
            .needClosed, .planItemOpened, .planItemDone, .goodsHandedOut, .awardDecided, .determinationMade,
            .noticeRaised, .noticeDelivered, .dueDecided, .paymentOrdered, .paymentConcluded, .application:
            return false
        }
    }
}

/// A person or an archive number to reserve and confirm, or to give up, in the order of tokens so that every run does the
/// same; the number last, because whoever types a family a second time is to hear of its people.
package struct PersonStep: Hashable, Sendable {
    package var token: PersonToken
    package var claim: PersonClaim

    package init(token: PersonToken, claim: PersonClaim) {
        self.token = token
        self.claim = claim
    }

    /// The persons held after but not before.
    static func steps(
        adding after: [PersonToken: PersonID], to before: [PersonToken: PersonID], for household: HouseholdID,
        command: CommandID
    ) -> [PersonStep] {
        after.filter { before[$0.key] == nil }
            .map {
                PersonStep(
                    token: $0.key, claim: PersonClaim(household: household, person: $0.value, command: command))
            }
            .sorted { ($0.isArchiveNumber ? 1 : 0, $0.token) < ($1.isArchiveNumber ? 1 : 0, $1.token) }
    }
}
