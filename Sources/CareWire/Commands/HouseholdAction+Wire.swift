import CareDomain

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension HouseholdAction {
    /// Reads a command's action. Register and split commands need the command's id for the ids derived from it.
    init(wire: Care_V1_Command.OneOf_Action, command: CommandID) throws(WireError) {
        switch wire {
        case .registerHousehold(let wire): self = .registerHousehold(try .init(wire: wire, command: command))
        case .moveHousehold(let wire): self = .moveHousehold(try .init(wire: wire))
        case .closeHousehold(let wire): self = .closeHousehold(try .init(wire: wire))
        case .markRegisteredInError(let wire): self = .markRegisteredInError(try .init(wire: wire))
        case .mergeHousehold(let wire): self = .mergeHousehold(try .init(wire: wire))
        case .splitHousehold(let wire): self = .splitHousehold(try .init(wire: wire))
        case .addPerson(let wire): self = .addPerson(try .init(wire: wire))
        case .removePerson(let wire): self = .removePerson(try .init(wire: wire))
        case .changePersonDetails(let wire): self = .changePersonDetails(try .init(wire: wire))
        case .recordDeath(let wire): self = .recordDeath(try .init(wire: wire))
        case .recordBirth(let wire): self = .recordBirth(try .init(wire: wire))
        case .recordAdoption(let wire): self = .recordAdoption(try .init(wire: wire))
        case .assessDisability(let wire): self = .assessDisability(try .init(wire: wire))
        case .stateFact(let wire): self = .stateFact(try .init(wire: wire))
        case .reportIncident(let wire): self = .reportIncident(try .init(wire: wire))
        case .nameGuardian(let wire): self = .nameGuardian(try .init(wire: wire))
        case .recordGuardianConsent(let wire): self = .recordGuardianConsent(try .init(wire: wire))
        case .recordNotarisation(let wire): self = .recordNotarisation(try .init(wire: wire))
        case .endGuardianship(let wire): self = .endGuardianship(try .init(wire: wire))
        case .assignHelper(let wire): self = .assignHelper(try .init(wire: wire))
        case .handOverPairing(let wire): self = .handOverPairing(try .init(wire: wire))
        case .endPairing(let wire): self = .endPairing(try .init(wire: wire))
        case .recordVisit(let wire): self = .recordVisit(try .init(wire: wire))
        case .raiseNeed(let wire): self = .raiseNeed(try .init(wire: wire))
        case .answerNeed(let wire): self = .answerNeed(try .init(wire: wire))
        case .closeNeed(let wire): self = .closeNeed(try .init(wire: wire))
        case .openPlanItem(let wire): self = .openPlanItem(try .init(wire: wire))
        case .completePlanItem(let wire): self = .completePlanItem(try .init(wire: wire))
        case .handOutGoods(let wire): self = .handOutGoods(try .init(wire: wire))
        case .decideAward(let wire): self = .decideAward(try .init(wire: wire))
        case .decideDue(let wire): self = .decideDue(try .init(wire: wire))
        case .withdraw: self = .withdraw
        case .submitApplication, .forwardApplication, .returnApplication, .rejectApplication, .withdrawApplication,
            .openPublicNotice, .raiseObjection, .decideObjection, .confirmApplication, .reverifyApplication:
            guard let event = try ApplicationEvent(action: wire) else { throw WireError(.missing, "action") }
            self = .application(event)
        }
    }

    func wire() throws(WireError) -> Care_V1_Command.OneOf_Action {
        switch self {
        case .registerHousehold(let action): .registerHousehold(try action.wire())
        case .moveHousehold(let action): .moveHousehold(try action.wire())
        case .closeHousehold(let action): .closeHousehold(try action.wire())
        case .markRegisteredInError(let action): .markRegisteredInError(try action.wire())
        case .mergeHousehold(let action): .mergeHousehold(try action.wire())
        case .splitHousehold(let action): .splitHousehold(try action.wire())
        case .addPerson(let action): .addPerson(try action.wire())
        case .removePerson(let action): .removePerson(try action.wire())
        case .changePersonDetails(let action): .changePersonDetails(try action.wire())
        case .recordDeath(let action): .recordDeath(try action.wire())
        case .recordBirth(let action): .recordBirth(try action.wire())
        case .recordAdoption(let action): .recordAdoption(try action.wire())
        case .assessDisability(let action): .assessDisability(try action.wire())
        case .stateFact(let action): .stateFact(try action.wire())
        case .reportIncident(let action): .reportIncident(try action.wire())
        case .nameGuardian(let action): .nameGuardian(try action.wire())
        case .recordGuardianConsent(let action): .recordGuardianConsent(try action.wire())
        case .recordNotarisation(let action): .recordNotarisation(try action.wire())
        case .endGuardianship(let action): .endGuardianship(try action.wire())
        case .assignHelper(let action): .assignHelper(try action.wire())
        case .handOverPairing(let action): .handOverPairing(try action.wire())
        case .endPairing(let action): .endPairing(try action.wire())
        case .recordVisit(let action): .recordVisit(try action.wire())
        case .raiseNeed(let action): .raiseNeed(try action.wire())
        case .answerNeed(let action): .answerNeed(try action.wire())
        case .closeNeed(let action): .closeNeed(try action.wire())
        case .openPlanItem(let action): .openPlanItem(try action.wire())
        case .completePlanItem(let action): .completePlanItem(try action.wire())
        case .handOutGoods(let action): .handOutGoods(try action.wire())
        case .decideAward(let action): .decideAward(try action.wire())
        case .decideDue(let action): .decideDue(try action.wire())
        case .withdraw: .withdraw(Care_V1_Withdrawn())
        case .application(let event): try event.action()
        }
    }
}

extension RegisterHousehold {
    init(wire: Care_V1_RegisterHousehold, command: CommandID) throws(WireError) {
        var place = 0
        let members: [PersonJoined] = try Field.list(wire.members, "members", limit: WireLimits.persons) {
            member throws(WireError) in
            var member = member
            if member.person.isEmpty { member.person = PersonID.derived(from: command, place: place).data }
            place += 1
            return try PersonJoined(wire: member)
        }
        self.init(
            household: try Field.required(wire.hasHousehold ? wire.household : nil, "household"), members: members,
            facts: try Field.list(wire.facts, "facts", limit: WireLimits.registrationFacts))
    }

    func wire() throws(WireError) -> Care_V1_RegisterHousehold {
        var wire = Care_V1_RegisterHousehold()
        wire.household = try Field.wire(household, "household")
        wire.members = try Field.wires(members, "members")
        wire.facts = try Field.wires(facts, "facts")
        return wire
    }
}

extension ProposedEvent: WireMapped {
    init(wire: Care_V1_ProposedEvent) throws(WireError) {
        guard let kind = UInt32(exactly: wire.kind.rawValue) else {
            throw WireError(.unknownKind, "kind", limit: Int64(wire.kind.rawValue))
        }
        let event: CareEvent
        do throws(WireError) {
            event = try EventCodec.decodeAny(kind: kind, version: wire.version, payload: [UInt8](wire.payload))
        } catch { throw error.within("payload") }
        guard case .household(let event) = event else { throw WireError(.unknownKind, "kind", limit: Int64(kind)) }
        self.init(
            occurredOn: try Field.day(wire.occurredOn, "occurred_on"),
            learnedOn: try Field.day(ifSet: wire.hasLearnedOn ? wire.learnedOn : nil, "learned_on"),
            correction: try Field.optional(wire.hasCorrection ? wire.correction : nil, "correction"), event: event)
    }

    func wire() throws(WireError) -> Care_V1_ProposedEvent {
        var wire = Care_V1_ProposedEvent()
        wire.occurredOn = occurredOn.dayNumber
        if let learnedOn { wire.learnedOn = learnedOn.dayNumber }
        if let correction { wire.correction = try Field.wire(correction, "correction") }
        wire.kind = event.kind
        wire.version = Upcasting.released.newestVersion(of: event.kind)
        wire.payload = Data(try event.payload())
        return wire
    }
}

extension RecordVisit: WireMapped {
    init(wire: Care_V1_RecordVisit) throws(WireError) {
        self.init(
            visit: try Field.required(wire.hasVisit ? wire.visit : nil, "visit"),
            needs: try Field.list(wire.needs, "needs", limit: WireLimits.needs))
    }

    func wire() throws(WireError) -> Care_V1_RecordVisit {
        var wire = Care_V1_RecordVisit()
        wire.visit = try Field.wire(visit, "visit")
        wire.needs = try Field.wires(needs, "needs")
        return wire
    }
}

extension MergeHousehold: WireMapped {
    init(wire: Care_V1_MergeHousehold) throws(WireError) { self.init(into: try Field.id(wire.into, "into")) }

    func wire() throws(WireError) -> Care_V1_MergeHousehold {
        var wire = Care_V1_MergeHousehold()
        wire.into = into.data
        return wire
    }
}

extension SplitHousehold: WireMapped {
    init(wire: Care_V1_SplitHousehold) throws(WireError) {
        guard !wire.personIds.isEmpty else { throw WireError(.missing, "person_ids") }
        self.init(
            persons: try Field.ids(wire.personIds, "person_ids", limit: WireLimits.persons),
            household: try Field.required(wire.hasHousehold ? wire.household : nil, "household"))
    }

    func wire() throws(WireError) -> Care_V1_SplitHousehold {
        var wire = Care_V1_SplitHousehold()
        wire.personIds = persons.map(\.data)
        wire.household = try Field.wire(household, "household")
        return wire
    }
}
