/// What somebody asks the record to take in about one household.
///
/// Most commands propose one fact and carry the same payload as the event that records it; `decide` checks it against
/// what is known. Registering, merging and splitting touch several streams and are driven by a process.
package struct HouseholdCommand: Hashable, Sendable {
    /// Chosen by the client; sending it again is the same command.
    package var id: CommandID
    /// Whom it is for. For `registerHousehold` it is derived from `id` and whatever stands here is ignored.
    package var household: HouseholdID
    /// The day it was true in the world.
    package var occurredOn: CivilDay
    /// Declared only by sources with the right `import-history`, and by outboxes.
    package var learnedOn: CivilDay?
    /// What the person had on the screen; conflicts only with fact and decision events that came after.
    package var seen: EventReference?
    /// Set when the command puts something right.
    package var correction: Correction?
    package var action: HouseholdAction

    package init(
        id: CommandID, household: HouseholdID, occurredOn: CivilDay, learnedOn: CivilDay? = nil,
        seen: EventReference? = nil, correction: Correction? = nil, action: HouseholdAction
    ) {
        self.id = id
        self.household = household
        self.occurredOn = occurredOn
        self.learnedOn = learnedOn
        self.seen = seen
        self.correction = correction
        self.action = action
    }

    /// The field in which the command gives the family its archive number.
    package var archiveNumberField: String {
        if case .moveHousehold = action { "archive_number" } else { "household.archive_number" }
    }

    /// The field in which a person of the command is said to bear an ID number; the members where it says none.
    package func idNumberField(of person: PersonID) -> String { field("id_number", of: person) }

    /// The field in which a person of the command is named; the members where it names none.
    package func nameField(of person: PersonID) -> String { field("name", of: person) }

    private func field(_ key: String, of person: PersonID) -> String {
        switch action {
        case .registerHousehold(let register):
            register.members.firstIndex { $0.person == person }.map { "members[\($0)].\(key)" } ?? "members"
        case .addPerson, .changePersonDetails: key
        default: "members"
        }
    }
}

/// What a command asks for.
package enum HouseholdAction: Hashable, Sendable {
    case registerHousehold(RegisterHousehold)
    case moveHousehold(HouseholdMoved)
    case closeHousehold(HouseholdClosed)
    case markRegisteredInError(HouseholdRegisteredInError)
    case mergeHousehold(MergeHousehold)
    case splitHousehold(SplitHousehold)
    case addPerson(PersonJoined)
    case removePerson(PersonLeft)
    case changePersonDetails(PersonDetailsChanged)
    case recordDeath(PersonDied)
    case recordBirth(ChildBorn)
    case recordAdoption(ChildAdopted)
    case assessDisability(DisabilityAssessed)
    case stateFact(FactStated)
    case reportIncident(IncidentReported)
    case nameGuardian(GuardianNamed)
    case recordGuardianConsent(GuardianConsented)
    case recordNotarisation(GuardianNotarised)
    case endGuardianship(GuardianEnded)
    case assignHelper(PairingAssigned)
    case handOverPairing(PairingHandedOver)
    case endPairing(PairingEnded)
    case recordVisit(RecordVisit)
    case raiseNeed(NeedRaised)
    case answerNeed(NeedAnswered)
    case closeNeed(NeedClosed)
    case openPlanItem(PlanItemOpened)
    case completePlanItem(PlanItemDone)
    /// The family got what a clause gives in goods.
    case handOutGoods(GoodsHandedOut)
    case decideAward(AwardDecided)
    /// What becomes of arrears or an over-payment.
    case decideDue(DueDecided)
    /// Apply, forward, return, reject, withdraw, publish, object, answer, confirm, look at again.
    case application(ApplicationEvent)
    /// Takes back the event named by the command's correction, with nothing in its place.
    case withdraw
}

/// 建档: a household with its members and whatever else is known on the same form.
package struct RegisterHousehold: Hashable, Sendable {
    package var household: HouseholdRegistered
    /// Members in the order of the form; `person` ids are derived from the command and the place in this list.
    package var members: [PersonJoined]
    /// Facts with their own days, folded into the same append.
    package var facts: [ProposedEvent]

    package init(household: HouseholdRegistered, members: [PersonJoined], facts: [ProposedEvent] = []) {
        self.household = household
        self.members = members
        self.facts = facts
    }
}

/// A visit with the needs it found.
package struct RecordVisit: Hashable, Sendable {
    package var visit: VisitRecorded
    package var needs: [NeedRaised]

    package init(visit: VisitRecorded, needs: [NeedRaised] = []) {
        self.visit = visit
        self.needs = needs
    }
}

/// 并户: the command's household is absorbed by another.
package struct MergeHousehold: Hashable, Sendable {
    package var into: HouseholdID
    package init(into: HouseholdID) { self.into = into }
}

/// 分户: these members form a new household, whose id is derived from the command.
package struct SplitHousehold: Hashable, Sendable {
    package var persons: [PersonID]
    package var household: HouseholdRegistered

    package init(persons: [PersonID], household: HouseholdRegistered) {
        self.persons = persons
        self.household = household
    }
}
