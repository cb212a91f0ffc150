import CareDomain
import CareWire

/// A command for each action: with the payloads of the sample events, and those that are more than one event.
enum SampleCommands {
    static let all: [HouseholdCommand] = actions.map { action in
        let id = Sample.command
        let household: HouseholdID
        if case .registerHousehold = action { household = .derived(from: id) } else { household = Sample.household }
        return HouseholdCommand(
            id: id, household: household, occurredOn: Sample.day("2015-03-07"), learnedOn: Sample.day("2015-03-09"),
            seen: EventReference(sequence: 17), correction: Sample.correction, action: action)
    }

    static let plain = HouseholdCommand(
        id: Sample.command, household: Sample.household, occurredOn: Sample.day("2015-03-07"), action: .withdraw)

    private static let actions: [HouseholdAction] = composed + SampleEvents.household.compactMap(action(for:))

    private static let composed: [HouseholdAction] = {
        let household = HouseholdRegistered(division: Sample.division)
        let members = [
            PersonJoined(person: .derived(from: Sample.command, place: 0), role: .wife, sealed: [Sample.part]),
            PersonJoined(person: .derived(from: Sample.command, place: 1), role: .husband),
        ]
        let facts = SampleEvents.household.map {
            ProposedEvent(
                occurredOn: Sample.day("2010-01-01"), learnedOn: Sample.day("2010-01-02"),
                correction: Sample.correction,
                event: $0)
        }
        return [
            .registerHousehold(.init(household: household, members: members, facts: facts)),
            .registerHousehold(.init(household: household, members: [])),
            .mergeHousehold(.init(into: Sample.otherHousehold)),
            .splitHousehold(.init(persons: [Sample.wife], household: household)),
            .recordVisit(.init(visit: .init(kind: Code(unchecked: "routine")))),
            .withdraw,
        ]
    }()

    /// The command action that leads to an event. The compiler makes sure that a new event is thought of here.
    private static func action(for event: HouseholdEvent) -> HouseholdAction? {
        switch event {
        case .moved(let payload): .moveHousehold(payload)
        case .closed(let payload): .closeHousehold(payload)
        case .registeredInError(let payload): .markRegisteredInError(payload)
        case .personJoined(let payload): .addPerson(payload)
        case .personLeft(let payload): .removePerson(payload)
        case .personDetailsChanged(let payload): .changePersonDetails(payload)
        case .personDied(let payload): .recordDeath(payload)
        case .childBorn(let payload): .recordBirth(payload)
        case .childAdopted(let payload): .recordAdoption(payload)
        case .disabilityAssessed(let payload): .assessDisability(payload)
        case .factStated(let payload): .stateFact(payload)
        case .incidentReported(let payload): .reportIncident(payload)
        case .guardianNamed(let payload): .nameGuardian(payload)
        case .guardianConsented(let payload): .recordGuardianConsent(payload)
        case .guardianNotarised(let payload): .recordNotarisation(payload)
        case .guardianEnded(let payload): .endGuardianship(payload)
        case .pairingAssigned(let payload): .assignHelper(payload)
        case .pairingHandedOver(let payload): .handOverPairing(payload)
        case .pairingEnded(let payload): .endPairing(payload)
        case .visitRecorded(let payload):
            .recordVisit(.init(visit: payload, needs: [.init(kind: Code(unchecked: "n"), sealed: [Sample.part])]))
        case .needRaised(let payload): .raiseNeed(payload)
        case .needAnswered(let payload): .answerNeed(payload)
        case .needClosed(let payload): .closeNeed(payload)
        case .planItemOpened(let payload): .openPlanItem(payload)
        case .planItemDone(let payload): .completePlanItem(payload)
        case .goodsHandedOut(let payload): .handOutGoods(payload)
        case .awardDecided(let payload): .decideAward(payload)
        case .dueDecided(let payload): .decideDue(payload)
        case .application(let event): .application(event.asCommand)
        case .registered, .merged, .split, .commandAbandoned, .withdrawn, .determinationMade, .noticeRaised,
            .noticeDelivered, .paymentOrdered, .paymentConcluded:
            nil
        }
    }

    /// A name for each action. A new action does not compile here until it is named, and the test that counts the names
    /// fails until it has a sample.
    static func name(of action: HouseholdAction) -> String {
        switch action {
        case .registerHousehold: "register_household"
        case .moveHousehold: "move_household"
        case .closeHousehold: "close_household"
        case .markRegisteredInError: "mark_registered_in_error"
        case .mergeHousehold: "merge_household"
        case .splitHousehold: "split_household"
        case .addPerson: "add_person"
        case .removePerson: "remove_person"
        case .changePersonDetails: "change_person_details"
        case .recordDeath: "record_death"
        case .recordBirth: "record_birth"
        case .recordAdoption: "record_adoption"
        case .assessDisability: "assess_disability"
        case .stateFact: "state_fact"
        case .reportIncident: "report_incident"
        case .nameGuardian: "name_guardian"
        case .recordGuardianConsent: "record_guardian_consent"
        case .recordNotarisation: "record_notarisation"
        case .endGuardianship: "end_guardianship"
        case .assignHelper: "assign_helper"
        case .handOverPairing: "hand_over_pairing"
        case .endPairing: "end_pairing"
        case .recordVisit: "record_visit"
        case .raiseNeed: "raise_need"
        case .answerNeed: "answer_need"
        case .closeNeed: "close_need"
        case .openPlanItem: "open_plan_item"
        case .completePlanItem: "complete_plan_item"
        case .handOutGoods: "hand_out_goods"
        case .decideAward: "decide_award"
        case .decideDue: "decide_due"
        case .withdraw: "withdraw"
        case .application(let event): event.kindName
        }
    }
}
