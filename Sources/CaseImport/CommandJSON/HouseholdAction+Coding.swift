import CareDomain

extension HouseholdAction {
    /// The word at the key `command`.
    package var name: String {
        switch self {
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
        case .application(let event): event.name
        }
    }

    /// Reads the keys of the action with this name.
    static func read(
        named name: String, _ reader: inout FieldReader
    ) throws(CommandProblem) -> HouseholdAction {
        func read<P: CodedPayload>(_ type: P.Type = P.self) throws(CommandProblem) -> P {
            var payload = P.blank
            try payload.code(with: &reader)
            return payload
        }
        switch name {
        case "register_household": return .registerHousehold(try read())
        case "move_household": return .moveHousehold(try read())
        case "close_household": return .closeHousehold(try read())
        case "mark_registered_in_error": return .markRegisteredInError(try read())
        case "merge_household": return .mergeHousehold(try read())
        case "split_household": return .splitHousehold(try read())
        case "add_person": return .addPerson(try read())
        case "remove_person": return .removePerson(try read())
        case "change_person_details": return .changePersonDetails(try read())
        case "record_death": return .recordDeath(try read())
        case "record_birth": return .recordBirth(try read())
        case "record_adoption": return .recordAdoption(try read())
        case "assess_disability": return .assessDisability(try read())
        case "state_fact": return .stateFact(try read())
        case "report_incident": return .reportIncident(try read())
        case "name_guardian": return .nameGuardian(try read())
        case "record_guardian_consent": return .recordGuardianConsent(try read())
        case "record_notarisation": return .recordNotarisation(try read())
        case "end_guardianship": return .endGuardianship(try read())
        case "assign_helper": return .assignHelper(try read())
        case "hand_over_pairing": return .handOverPairing(try read())
        case "end_pairing": return .endPairing(try read())
        case "record_visit": return .recordVisit(try read())
        case "raise_need": return .raiseNeed(try read())
        case "answer_need": return .answerNeed(try read())
        case "close_need": return .closeNeed(try read())
        case "open_plan_item": return .openPlanItem(try read())
        case "complete_plan_item": return .completePlanItem(try read())
        case "hand_out_goods": return .handOutGoods(try read())
        case "decide_award": return .decideAward(try read())
        case "decide_due": return .decideDue(try read())
        case "withdraw": return .withdraw
        default:
            if let event = try ApplicationEvent.read(named: name, &reader) { return .application(event) }
            throw unknown(name)
        }
    }

    /// Writes the keys of the action.
    func write(_ writer: inout FieldWriter) throws(CommandProblem) {
        func write<P: CodedPayload>(_ payload: P) throws(CommandProblem) {
            var payload = payload
            try payload.code(with: &writer)
        }
        switch self {
        case .registerHousehold(let payload): try write(payload)
        case .moveHousehold(let payload): try write(payload)
        case .closeHousehold(let payload): try write(payload)
        case .markRegisteredInError(let payload): try write(payload)
        case .mergeHousehold(let payload): try write(payload)
        case .splitHousehold(let payload): try write(payload)
        case .addPerson(let payload): try write(payload)
        case .removePerson(let payload): try write(payload)
        case .changePersonDetails(let payload): try write(payload)
        case .recordDeath(let payload): try write(payload)
        case .recordBirth(let payload): try write(payload)
        case .recordAdoption(let payload): try write(payload)
        case .assessDisability(let payload): try write(payload)
        case .stateFact(let payload): try write(payload)
        case .reportIncident(let payload): try write(payload)
        case .nameGuardian(let payload): try write(payload)
        case .recordGuardianConsent(let payload): try write(payload)
        case .recordNotarisation(let payload): try write(payload)
        case .endGuardianship(let payload): try write(payload)
        case .assignHelper(let payload): try write(payload)
        case .handOverPairing(let payload): try write(payload)
        case .endPairing(let payload): try write(payload)
        case .recordVisit(let payload): try write(payload)
        case .raiseNeed(let payload): try write(payload)
        case .answerNeed(let payload): try write(payload)
        case .closeNeed(let payload): try write(payload)
        case .openPlanItem(let payload): try write(payload)
        case .completePlanItem(let payload): try write(payload)
        case .handOutGoods(let payload): try write(payload)
        case .decideAward(let payload): try write(payload)
        case .decideDue(let payload): try write(payload)
        case .withdraw: break
        case .application(let event): try event.write(&writer)
        }
    }

    /// Whether a registration may bring it along: what is known of the family, not what happens to its file.
    var mayComeWithRegistration: Bool {
        switch self {
        case .moveHousehold, .removePerson, .changePersonDetails, .recordDeath, .recordBirth, .recordAdoption,
            .assessDisability, .stateFact, .reportIncident, .nameGuardian, .recordGuardianConsent,
            .recordNotarisation, .endGuardianship, .assignHelper, .handOverPairing, .endPairing, .openPlanItem:
            true
        case .recordVisit(let record): record.needs.isEmpty
        case .raiseNeed: true
        default: false
        }
    }

    /// The action under which an event stands among the facts of a registration; nil for events that cannot.
    init?(bringing event: HouseholdEvent) {
        switch event {
        case .moved(let payload): self = .moveHousehold(payload)
        case .personLeft(let payload): self = .removePerson(payload)
        case .personDetailsChanged(let payload): self = .changePersonDetails(payload)
        case .personDied(let payload): self = .recordDeath(payload)
        case .childBorn(let payload): self = .recordBirth(payload)
        case .childAdopted(let payload): self = .recordAdoption(payload)
        case .disabilityAssessed(let payload): self = .assessDisability(payload)
        case .factStated(let payload): self = .stateFact(payload)
        case .incidentReported(let payload): self = .reportIncident(payload)
        case .guardianNamed(let payload): self = .nameGuardian(payload)
        case .guardianConsented(let payload): self = .recordGuardianConsent(payload)
        case .guardianNotarised(let payload): self = .recordNotarisation(payload)
        case .guardianEnded(let payload): self = .endGuardianship(payload)
        case .pairingAssigned(let payload): self = .assignHelper(payload)
        case .pairingHandedOver(let payload): self = .handOverPairing(payload)
        case .pairingEnded(let payload): self = .endPairing(payload)
        case .visitRecorded(let payload): self = .recordVisit(RecordVisit(visit: payload))
        case .needRaised(let payload): self = .raiseNeed(payload)
        case .planItemOpened(let payload): self = .openPlanItem(payload)
        default: return nil
        }
    }
}
