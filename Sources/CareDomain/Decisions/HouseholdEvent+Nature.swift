extension HouseholdEvent {
    /// Facts and decisions of people, as opposed to what services derive from them; only these make a screen stale.
    package var isFactOrDecision: Bool {
        switch self {
        case .determinationMade, .noticeRaised, .noticeDelivered, .commandAbandoned, .paymentOrdered, .paymentConcluded:
            false
        default: true
        }
    }

    /// Whether a person may correct it; what services derived follows from the facts by itself, and money is put right
    /// by reversals.
    package var isCorrectable: Bool {
        switch self {
        case .determinationMade, .noticeRaised, .noticeDelivered, .commandAbandoned, .withdrawn, .merged, .split,
            .dueDecided, .paymentOrdered, .paymentConcluded, .application:
            false
        // What took a place is taken back through the unit, which frees it.
        case .awardDecided(let decided): decided.place == nil
        default: true
        }
    }

    /// Whether both are the same kind of event.
    package func hasSameKind(as other: HouseholdEvent) -> Bool { kindName == other.kindName }

    /// Whether a correction still speaks of the same person or slot: those who were meant wrongly are withdrawn instead.
    package func keepsIdentity(of other: HouseholdEvent) -> Bool {
        switch (self, other) {
        case (.personJoined(let new), .personJoined(let old)): new.person == old.person
        default: true
        }
    }

    /// Name of the kind, for comparing kinds and for views: `PairingAssigned`.
    package var kindName: String {
        switch self {
        case .registered: "HouseholdRegistered"
        case .moved: "HouseholdMoved"
        case .closed: "HouseholdClosed"
        case .registeredInError: "HouseholdRegisteredInError"
        case .merged: "HouseholdMerged"
        case .split: "HouseholdSplit"
        case .commandAbandoned: "CommandAbandoned"
        case .personJoined: "PersonJoined"
        case .personLeft: "PersonLeft"
        case .personDetailsChanged: "PersonDetailsChanged"
        case .personDied: "PersonDied"
        case .childBorn: "ChildBorn"
        case .childAdopted: "ChildAdopted"
        case .disabilityAssessed: "DisabilityAssessed"
        case .factStated: "FactStated"
        case .incidentReported: "IncidentReported"
        case .guardianNamed: "GuardianNamed"
        case .guardianConsented: "GuardianConsented"
        case .guardianNotarised: "GuardianNotarised"
        case .guardianEnded: "GuardianEnded"
        case .pairingAssigned: "PairingAssigned"
        case .pairingHandedOver: "PairingHandedOver"
        case .pairingEnded: "PairingEnded"
        case .visitRecorded: "VisitRecorded"
        case .needRaised: "NeedRaised"
        case .needAnswered: "NeedAnswered"
        case .needClosed: "NeedClosed"
        case .planItemOpened: "PlanItemOpened"
        case .planItemDone: "PlanItemDone"
        case .goodsHandedOut: "GoodsHandedOut"
        case .awardDecided: "AwardDecided"
        case .dueDecided: "DueDecided"
        case .paymentOrdered: "PaymentOrdered"
        case .paymentConcluded: "PaymentConcluded"
        case .application(let event): event.kindName
        case .withdrawn: "Withdrawn"
        case .determinationMade: "DeterminationMade"
        case .noticeRaised: "NoticeRaised"
        case .noticeDelivered: "NoticeDelivered"
        }
    }
}

extension HouseholdAction {
    /// The event that an action of one fact proposes; nil for those that touch several events or streams.
    package var singleEvent: HouseholdEvent? {
        switch self {
        case .registerHousehold(let register): .registered(register.household)
        case .moveHousehold(let payload): .moved(payload)
        case .closeHousehold(let payload): .closed(payload)
        case .markRegisteredInError(let payload): .registeredInError(payload)
        case .addPerson(let payload): .personJoined(payload)
        case .removePerson(let payload): .personLeft(payload)
        case .changePersonDetails(let payload): .personDetailsChanged(payload)
        case .recordDeath(let payload): .personDied(payload)
        case .recordBirth(let payload): .childBorn(payload)
        case .recordAdoption(let payload): .childAdopted(payload)
        case .assessDisability(let payload): .disabilityAssessed(payload)
        case .stateFact(let payload): .factStated(payload)
        case .reportIncident(let payload): .incidentReported(payload)
        case .nameGuardian(let payload): .guardianNamed(payload)
        case .recordGuardianConsent(let payload): .guardianConsented(payload)
        case .recordNotarisation(let payload): .guardianNotarised(payload)
        case .endGuardianship(let payload): .guardianEnded(payload)
        case .assignHelper(let payload): .pairingAssigned(payload)
        case .handOverPairing(let payload): .pairingHandedOver(payload)
        case .endPairing(let payload): .pairingEnded(payload)
        case .recordVisit(let payload): .visitRecorded(payload.visit)
        case .raiseNeed(let payload): .needRaised(payload)
        case .answerNeed(let payload): .needAnswered(payload)
        case .closeNeed(let payload): .needClosed(payload)
        case .openPlanItem(let payload): .planItemOpened(payload)
        case .completePlanItem(let payload): .planItemDone(payload)
        case .handOutGoods(let payload): .goodsHandedOut(payload)
        case .decideAward(let payload): .awardDecided(payload)
        case .decideDue(let payload): .dueDecided(payload)
        case .application(let payload): .application(payload)
        case .mergeHousehold, .splitHousehold, .withdraw: nil
        }
    }
}

extension ApplicationEvent {
    /// Name of the kind: `ApplicationSubmitted`.
    package var kindName: String {
        switch self {
        case .submitted: "ApplicationSubmitted"
        case .forwarded: "ApplicationForwarded"
        case .returned: "ApplicationReturned"
        case .rejected: "ApplicationRejected"
        case .withdrawn: "ApplicationWithdrawn"
        case .noticeOpened: "PublicNoticeOpened"
        case .objectionRaised: "ObjectionRaised"
        case .objectionDecided: "ObjectionDecided"
        case .confirmed: "ApplicationConfirmed"
        case .reverified: "ApplicationReverified"
        }
    }
}
