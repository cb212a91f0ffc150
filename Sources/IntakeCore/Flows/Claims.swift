import CareDomain
import CareWire

/// What a state of the household holds by token: those with an ID number who have not left an open household, those with a
/// name and a birth date among them by their likeness, and its archive number.
/// - Parameter key: Makes the likenesses; nil = there are none.
package func heldPersons(of household: Household, by key: TokenKey?) -> [PersonToken: HeldClaim] {
    guard household.status == .active else { return [:] }
    var held: [PersonToken: HeldClaim] = [:]
    for member in household.members where member.leftOn == nil {
        if let token = member.token { held[token] = HeldClaim(kind: .person, holder: member.id) }
        // Of a dead only child who stands in both files after a split the other one has the claim.
        if !member.isAlsoElsewhere, let token = key?.likeness(of: member), held[token] == nil {
            held[token] = HeldClaim(kind: .likeness, holder: member.id)
        }
    }
    if let token = ArchiveNumberClaim.token(of: household) {
        held[token] = HeldClaim(kind: .archiveNumber, holder: ArchiveNumberClaim.holder(household.id))
    }
    return held
}

/// What a household claims by one token.
package struct HeldClaim: Hashable, Sendable {
    /// In the order in which the claims are made: whoever types a family a second time is to hear of its people, and of one
    /// with an ID number by that.
    package enum Kind: Int, Hashable, Sendable {
        case person
        /// Somebody of one name and one birth date.
        case likeness
        case archiveNumber
    }

    package let kind: Kind
    package let holder: PersonID
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

/// A person, a likeness or an archive number to reserve and confirm, or to give up, in the order of kinds and tokens so that
/// every run does the same.
package struct PersonStep: Hashable, Sendable {
    package let kind: HeldClaim.Kind
    package var token: PersonToken
    package var claim: PersonClaim

    package init(kind: HeldClaim.Kind, token: PersonToken, claim: PersonClaim) {
        self.kind = kind
        self.token = token
        self.claim = claim
    }

    /// The claims held after but not before.
    static func steps(
        adding after: [PersonToken: HeldClaim], to before: [PersonToken: HeldClaim], for household: HouseholdID,
        command: CommandID
    ) -> [PersonStep] {
        after.filter { before[$0.key] == nil }
            .map {
                PersonStep(
                    kind: $0.value.kind, token: $0.key,
                    claim: PersonClaim(household: household, person: $0.value.holder, command: command))
            }
            .sorted { ($0.kind.rawValue, $0.token) < ($1.kind.rawValue, $1.token) }
    }

    /// What to tell somebody whose claim is another household's.
    /// - Parameters:
    ///   - command: Whose fields the answer names; nil = the persons of a move.
    ///   - candidate: That household, for callers who may see it.
    func taken(in command: HouseholdCommand? = nil, by candidate: HouseholdID? = nil) -> Refusal {
        switch kind {
        case .person:
            let field = command?.idNumberField(of: claim.person) ?? "persons"
            return Refusal(.personElsewhere, field: field, candidate: candidate)
        case .likeness:
            let field = command?.nameField(of: claim.person) ?? "persons"
            return Refusal(.namesakeElsewhere, field: field, candidate: candidate)
        case .archiveNumber:
            let field = command?.archiveNumberField ?? "household.archive_number"
            return Refusal(.archiveNumberTaken, field: field, candidate: candidate)
        }
    }
}
