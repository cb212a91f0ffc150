import CareDomain

extension HouseholdEvent {
    /// Whether rules can see it: facts about people and household and what people decided about rights, not visits,
    /// pairings or what services derived.
    package var bearsOnRules: Bool {
        switch self {
        case .registered, .moved, .closed, .registeredInError, .merged, .split, .personJoined, .personLeft,
            .personDetailsChanged, .personDied, .childBorn, .childAdopted, .disabilityAssessed, .factStated,
            .incidentReported, .awardDecided, .guardianNamed, .guardianConsented, .guardianNotarised, .guardianEnded,
            .withdrawn:
            true
        case .commandAbandoned, .pairingAssigned, .pairingHandedOver, .pairingEnded, .visitRecorded, .needRaised,
            .needAnswered, .needClosed, .planItemOpened, .planItemDone, .goodsHandedOut, .determinationMade,
            .noticeRaised, .noticeDelivered, .dueDecided, .paymentOrdered, .paymentConcluded, .application:
            false
        }
    }
}
