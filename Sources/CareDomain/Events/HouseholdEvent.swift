/// Everything that can happen in a household's stream.
package enum HouseholdEvent: Hashable, Sendable {
    case registered(HouseholdRegistered)
    case moved(HouseholdMoved)
    case closed(HouseholdClosed)
    case registeredInError(HouseholdRegisteredInError)
    case merged(HouseholdMerged)
    case split(HouseholdSplit)
    case commandAbandoned(CommandAbandoned)
    case personJoined(PersonJoined)
    case personLeft(PersonLeft)
    case personDetailsChanged(PersonDetailsChanged)
    case personDied(PersonDied)
    case childBorn(ChildBorn)
    case childAdopted(ChildAdopted)
    case disabilityAssessed(DisabilityAssessed)
    case factStated(FactStated)
    case incidentReported(IncidentReported)
    case guardianNamed(GuardianNamed)
    case guardianConsented(GuardianConsented)
    case guardianNotarised(GuardianNotarised)
    case guardianEnded(GuardianEnded)
    case pairingAssigned(PairingAssigned)
    case pairingHandedOver(PairingHandedOver)
    case pairingEnded(PairingEnded)
    case visitRecorded(VisitRecorded)
    case needRaised(NeedRaised)
    case needAnswered(NeedAnswered)
    case needClosed(NeedClosed)
    case planItemOpened(PlanItemOpened)
    case planItemDone(PlanItemDone)
    case goodsHandedOut(GoodsHandedOut)
    case awardDecided(AwardDecided)
    case dueDecided(DueDecided)
    case paymentOrdered(PaymentOrdered)
    case paymentConcluded(PaymentConcluded)
    /// What happens to an application (申报件).
    case application(ApplicationEvent)
    /// 撤回: the event named by the correction did not happen; nothing takes its place.
    case withdrawn
    case determinationMade(DeterminationMade)
    case noticeRaised(NoticeRaised)
    case noticeDelivered(NoticeDelivered)
}

/// Says that an event takes the place of an earlier one of the same stream, and why.
package struct Correction: Hashable, Sendable {
    /// The event that was wrong.
    package var corrects: EventReference
    /// typing_error, wrong_person, late_document, duplicate, other.
    package var reason: Code
    /// The reason in words.
    package var sealed: [SealedPart]

    package init(corrects: EventReference, reason: Code, sealed: [SealedPart] = []) {
        self.corrects = corrects
        self.reason = reason
        self.sealed = sealed
    }
}

extension Correction {
    /// The reasons that are known by name, with their words.
    package static let reasons: [(code: Code, chinese: String, english: String)] = [
        (Code(unchecked: "typing_error"), "录入错误", "typing error"),
        (Code(unchecked: "wrong_person"), "认错人", "wrong person"),
        (Code(unchecked: "late_document"), "材料迟到", "late document"),
        (Code(unchecked: "duplicate"), "重复登记", "duplicate"),
        (Code(unchecked: otherReason), "其他", "other"),
    ]

    /// The reason that stands beside words of one's own.
    private static let otherReason = "other"

    /// What somebody typed as reason: the code whose code or word it is; anything else is another reason, in its words.
    package static func reason(typed text: String) -> (code: Code, text: String?) {
        let typed = text.lowercased()
        let known = reasons.first { [$0.code.rawValue, $0.chinese, $0.english].contains(typed) }
        return known.map { ($0.code, nil) } ?? (Code(unchecked: otherReason), text)
    }
}

/// A household event as decided, before the log gives it a sequence and a moment.
package struct ProposedEvent: Hashable, Sendable {
    /// The day it was true in the world.
    package var occurredOn: CivilDay
    /// When the source learned it, declared by sources that may.
    package var learnedOn: CivilDay?
    package var correction: Correction?
    package var event: HouseholdEvent

    package init(
        occurredOn: CivilDay, learnedOn: CivilDay? = nil, correction: Correction? = nil, event: HouseholdEvent
    ) {
        self.occurredOn = occurredOn
        self.learnedOn = learnedOn
        self.correction = correction
        self.event = event
    }
}

/// A household event as the log holds it.
package struct KnownEvent: Hashable, Sendable {
    package var reference: EventReference
    /// When the log learned it.
    package var recordedAt: Moment
    /// The command it belongs to.
    package var command: CommandID
    /// Account of the person who acted, as the record says; nil where the reader did not take it from there.
    package var actor: Code?
    /// Department that stated a fact, as the record says; nil of other events, and where the reader did not take it from there.
    package var department: DepartmentID?
    package var proposed: ProposedEvent

    package init(
        reference: EventReference, recordedAt: Moment, command: CommandID, actor: Code? = nil,
        department: DepartmentID? = nil, proposed: ProposedEvent
    ) {
        self.reference = reference
        self.recordedAt = recordedAt
        self.command = command
        self.actor = actor
        self.department = department
        self.proposed = proposed
    }

    package var occurredOn: CivilDay { proposed.occurredOn }
    package var event: HouseholdEvent { proposed.event }
}
