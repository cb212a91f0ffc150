import CareDomain

/// The number of an event type, as records carry it.
package typealias EventKind = Care_V1_EventKind

extension HouseholdEvent {
    /// Its type's number.
    package var kind: EventKind {
        switch self {
        case .registered: .householdRegistered
        case .moved: .householdMoved
        case .closed: .householdClosed
        case .registeredInError: .householdRegisteredInError
        case .merged: .householdMerged
        case .split: .householdSplit
        case .commandAbandoned: .commandAbandoned
        case .personJoined: .personJoined
        case .personLeft: .personLeft
        case .personDetailsChanged: .personDetailsChanged
        case .personDied: .personDied
        case .childBorn: .childBorn
        case .childAdopted: .childAdopted
        case .disabilityAssessed: .disabilityAssessed
        case .factStated: .factStated
        case .incidentReported: .incidentReported
        case .guardianNamed: .guardianNamed
        case .guardianConsented: .guardianConsented
        case .guardianNotarised: .guardianNotarised
        case .guardianEnded: .guardianEnded
        case .pairingAssigned: .pairingAssigned
        case .pairingHandedOver: .pairingHandedOver
        case .pairingEnded: .pairingEnded
        case .visitRecorded: .visitRecorded
        case .needRaised: .needRaised
        case .needAnswered: .needAnswered
        case .needClosed: .needClosed
        case .planItemOpened: .planItemOpened
        case .planItemDone: .planItemDone
        case .goodsHandedOut: .goodsHandedOut
        case .awardDecided: .awardDecided
        case .dueDecided: .dueDecided
        case .paymentOrdered: .paymentOrdered
        case .paymentConcluded: .paymentConcluded
        case .application(let event): event.kind
        case .withdrawn: .withdrawn
        case .determinationMade: .determinationMade
        case .noticeRaised: .noticeRaised
        case .noticeDelivered: .noticeDelivered
        }
    }

    /// Its payload in the newest version.
    func payload() throws(WireError) -> [UInt8] {
        switch self {
        case .registered(let event): try Payload.encode(event)
        case .moved(let event): try Payload.encode(event)
        case .closed(let event): try Payload.encode(event)
        case .registeredInError(let event): try Payload.encode(event)
        case .merged(let event): try Payload.encode(event)
        case .split(let event): try Payload.encode(event)
        case .commandAbandoned(let event): try Payload.encode(event)
        case .personJoined(let event): try Payload.encode(event)
        case .personLeft(let event): try Payload.encode(event)
        case .personDetailsChanged(let event): try Payload.encode(event)
        case .personDied(let event): try Payload.encode(event)
        case .childBorn(let event): try Payload.encode(event)
        case .childAdopted(let event): try Payload.encode(event)
        case .disabilityAssessed(let event): try Payload.encode(event)
        case .factStated(let event): try Payload.encode(event)
        case .incidentReported(let event): try Payload.encode(event)
        case .guardianNamed(let event): try Payload.encode(event)
        case .guardianConsented(let event): try Payload.encode(event)
        case .guardianNotarised(let event): try Payload.encode(event)
        case .guardianEnded(let event): try Payload.encode(event)
        case .pairingAssigned(let event): try Payload.encode(event)
        case .pairingHandedOver(let event): try Payload.encode(event)
        case .pairingEnded(let event): try Payload.encode(event)
        case .visitRecorded(let event): try Payload.encode(event)
        case .needRaised(let event): try Payload.encode(event)
        case .needAnswered(let event): try Payload.encode(event)
        case .needClosed(let event): try Payload.encode(event)
        case .planItemOpened(let event): try Payload.encode(event)
        case .planItemDone(let event): try Payload.encode(event)
        case .goodsHandedOut(let event): try Payload.encode(event)
        case .awardDecided(let event): try Payload.encode(event)
        case .dueDecided(let event): try Payload.encode(event)
        case .paymentOrdered(let event): try Payload.encode(event)
        case .paymentConcluded(let event): try Payload.encode(event)
        case .application(let event): try event.payload()
        case .withdrawn: []
        case .determinationMade(let event): try Payload.encode(event)
        case .noticeRaised(let event): try Payload.encode(event)
        case .noticeDelivered(let event): try Payload.encode(event)
        }
    }

    /// Reads a payload of the newest version; nil when the kind is not an event of a household.
    init?(kind: EventKind, newest bytes: RawSpan) throws(WireError) {
        switch kind {
        case .householdRegistered: self = .registered(try Payload.decode(bytes))
        case .householdMoved: self = .moved(try Payload.decode(bytes))
        case .householdClosed: self = .closed(try Payload.decode(bytes))
        case .householdRegisteredInError: self = .registeredInError(try Payload.decode(bytes))
        case .householdMerged: self = .merged(try Payload.decode(bytes))
        case .householdSplit: self = .split(try Payload.decode(bytes))
        case .commandAbandoned: self = .commandAbandoned(try Payload.decode(bytes))
        case .personJoined: self = .personJoined(try Payload.decode(bytes))
        case .personLeft: self = .personLeft(try Payload.decode(bytes))
        case .personDetailsChanged: self = .personDetailsChanged(try Payload.decode(bytes))
        case .personDied: self = .personDied(try Payload.decode(bytes))
        case .childBorn: self = .childBorn(try Payload.decode(bytes))
        case .childAdopted: self = .childAdopted(try Payload.decode(bytes))
        case .disabilityAssessed: self = .disabilityAssessed(try Payload.decode(bytes))
        case .factStated: self = .factStated(try Payload.decode(bytes))
        case .incidentReported: self = .incidentReported(try Payload.decode(bytes))
        case .guardianNamed: self = .guardianNamed(try Payload.decode(bytes))
        case .guardianConsented: self = .guardianConsented(try Payload.decode(bytes))
        case .guardianNotarised: self = .guardianNotarised(try Payload.decode(bytes))
        case .guardianEnded: self = .guardianEnded(try Payload.decode(bytes))
        case .pairingAssigned: self = .pairingAssigned(try Payload.decode(bytes))
        case .pairingHandedOver: self = .pairingHandedOver(try Payload.decode(bytes))
        case .pairingEnded: self = .pairingEnded(try Payload.decode(bytes))
        case .visitRecorded: self = .visitRecorded(try Payload.decode(bytes))
        case .needRaised: self = .needRaised(try Payload.decode(bytes))
        case .needAnswered: self = .needAnswered(try Payload.decode(bytes))
        case .needClosed: self = .needClosed(try Payload.decode(bytes))
        case .planItemOpened: self = .planItemOpened(try Payload.decode(bytes))
        case .planItemDone: self = .planItemDone(try Payload.decode(bytes))
        case .goodsHandedOut: self = .goodsHandedOut(try Payload.decode(bytes))
        case .awardDecided: self = .awardDecided(try Payload.decode(bytes))
        case .dueDecided: self = .dueDecided(try Payload.decode(bytes))
        case .paymentOrdered: self = .paymentOrdered(try Payload.decode(bytes))
        case .paymentConcluded: self = .paymentConcluded(try Payload.decode(bytes))
        case .withdrawn:
            let _: Care_V1_Withdrawn = try Payload.message(bytes)
            self = .withdrawn
        case .determinationMade: self = .determinationMade(try Payload.decode(bytes))
        case .noticeRaised: self = .noticeRaised(try Payload.decode(bytes))
        case .noticeDelivered: self = .noticeDelivered(try Payload.decode(bytes))
        case .applicationSubmitted, .applicationForwarded, .applicationReturned, .applicationRejected,
            .applicationWithdrawn, .publicNoticeOpened, .objectionRaised, .objectionDecided, .applicationConfirmed,
            .applicationReverified:
            guard let event = try ApplicationEvent(kind: kind, newest: bytes) else { return nil }
            self = .application(event)
        case .unspecified, .personReserved, .personConfirmed, .personReleased, .packPublished, .parameterSet,
            .sealedPartsRead, .detailsCompared, .parkedEventSettled, .paymentBatchPrepared, .paymentMembersNamed,
            .paymentBatchClosed, .paymentLinesFrozen, .paymentBatchFrozen, .bankFileIssued, .bankAnswerTaken,
            .paymentReturned, .paymentReversed,
            .paymentStepsDone, .guidanceSet, .unitBudgetSet, .unitAdvanceSet, .unitScored, .settlementFrozen,
            .placeReserved, .placeConfirmed, .placeReleased,
            .fundOpened, .fundDeposited, .fundReserved, .fundReleased, .fundPosted, .fundHandedOver, .fundTakenOver,
            .fundHistoryStated, .fundReferenceTaken, .fundReferenceFreed, .fundPostingReversed, .fundEntryReversed,
            .loanReversed,
            .loanApplied, .loanReviewed, .loanGuaranteed,
            .loanSigned, .loanInformed,
            .loanHelperNamed, .loanDisbursed, .loanRepaid, .loanWriteOffProposed, .loanWrittenOff, .loanStaged,
            .loanExitAssessed, .loanWithdrawn, .loanReportSent,
            .dutyReported, .dutyCorrected, .dutyWithdrawn, .listSent, .listReceived, .consultationAsked,
            .consultationAnswered, .projectArranged, .surveyStated, .sampleDrawn, .figureStated, .reportSent,
            .dutyNoticeRaised, .dutyNoticeDelivered, .loanNoticeRaised, .loanNoticeDelivered, .attachmentKept,
            .attachmentRead, .tokenKeyAdopted,
            .UNRECOGNIZED:
            return nil
        }
    }
}
