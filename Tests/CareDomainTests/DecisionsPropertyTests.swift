import CareDomain
import CareTestKit
import Testing

/// Small numbers from a seed, the same on any machine.
private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    }
    mutating func roll(_ sides: Int) -> Int { Int((next() >> 11) % UInt64(sides)) }
    mutating func pick<T>(_ list: [T]) -> T { list[roll(list.count)] }
}

@Suite("随机命令序列")
struct DecisionsPropertyTests {
    @Test("判定从不崩溃；被接受的总能折叠；逐条折叠等于从头折叠", arguments: 1...40)
    func randomCommands(seed: Int) {
        var dice = Dice(state: UInt64(seed))
        var family = Family(registered: seed % 8 != 0)
        var accepted = 0
        for _ in 0..<150 {
            let day = Family.day("2014-06-01") + Int32(dice.roll(430))
            let correcting = dice.roll(4) == 0 ? EventReference(sequence: UInt64(dice.roll(60) + 1)) : nil
            let decision = family.say(action(&dice, family.last), on: day.description, correcting: correcting)
            if case .events = decision { accepted += 1 }
        }
        let history = family.bench.history
        #expect(accepted > 0)
        #expect(HouseholdHistory(id: history.id, events: history.events) == history)
        let effective = HouseholdHistory.effective(history.events)
        var scratch = Household(id: history.id)
        for event in effective { scratch.evolve(event) }
        #expect(scratch == history.household)
        for event in history.events {
            let cut = history.events.prefix { $0.recordedAt <= event.recordedAt }
            #expect(
                history.household(knownAt: event.recordedAt) == HouseholdHistory(id: history.id, events: cut).household)
        }
        checkInvariants(history.household)
    }

    private func checkInvariants(_ household: Household) {
        for role in [MemberRole.wife, .husband, .singleParent] {
            let present = household.members.count { $0.role == role && $0.leftOn == nil && $0.diedOn == nil }
            #expect(present <= 1 || household.members.contains { $0.diedOn != nil || $0.leftOn != nil })
        }
        #expect(household.needs.allSatisfy { need in need.closedOn.map { $0 >= need.raisedOn } ?? true })
        #expect(household.pairings.allSatisfy { !$0.period.isEmpty || $0.period.end == $0.period.start })
    }

    private func action(_ dice: inout Dice, _ last: EventReference) -> HouseholdAction {
        let person = Family.person(UInt64(dice.roll(7) + 1))
        let event = EventReference(sequence: UInt64(dice.roll(Int(last.sequence) + 2) + 1))
        let kind = dice.pick(["department", "cadre", "party_member", "volunteer", "friend"])
        let helper = UInt64(dice.roll(6) + 20)
        switch dice.roll(24) {
        case 0: return Family.registration()
        case 1: return .addPerson(PersonJoined(person: person, role: dice.pick(MemberRole.allCases)))
        case 2: return .removePerson(PersonLeft(person: person, reason: Family.code("moved_out")))
        case 3: return .changePersonDetails(PersonDetailsChanged(person: person, role: dice.pick(MemberRole.allCases)))
        case 4: return .death(person)
        case 5: return .recordBirth(ChildBorn(child: person))
        case 6: return .recordAdoption(ChildAdopted(child: person))
        case 7: return .assess(person, grade: dice.roll(6))
        case 8: return .fact("household.dibao", dice.roll(3) == 0 ? nil : .bool(true))
        case 9: return .reportIncident(IncidentReported(kind: Family.code("accident"), victims: []))
        case 10: return .guardian(helper, of: Family.wife)
        case 11: return .consent(helper)
        case 12: return .notarise(helper)
        case 13: return .endGuardian(helper)
        case 14: return .assign(kind, helper)
        case 15: return .handOver(kind, helper, UInt64(dice.roll(6) + 20))
        case 16: return .endPairing(kind, helper)
        case 17: return .visit(needs: dice.roll(2) == 0 ? [] : ["need_other"])
        case 18: return .answerNeed(NeedAnswered(need: event, outcome: Family.code("relayed")))
        case 19: return .closeNeed(NeedClosed(need: event, reason: Family.code("settled")))
        case 20: return .openPlanItem(PlanItemOpened(department: DepartmentID(unchecked: "dept.fp")))
        case 21:
            return dice.roll(2) == 0
                ? .completePlanItem(PlanItemDone(item: event))
                : .handOutGoods(
                    GoodsHandedOut(
                        clause: ClauseID("BS-3.2")!, period: Family.code("2014"),
                        items: [HandedGoods(goods: Family.code("soap"), count: 1)], receiver: person,
                        receipt: .none(Family.code("declined"))))
        case 22:
            return .moveHousehold(HouseholdMoved(kind: .residence, division: DivisionCode("431003")!, area: nil))
        default: return .withdraw
        }
    }
}
