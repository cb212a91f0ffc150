import CareDomain
import CareTestKit
import Testing

@Suite("不可能的日期：子女早于父母、加入之前去世、建档之前停用、先结束后开始、未发生先获知")
struct DecisionsFileDaysTests {
    private func joined(_ number: UInt64, _ role: MemberRole, born: String? = nil) -> PersonJoined {
        PersonJoined(person: Family.person(number), role: role, birthDate: born.map(Family.day))
    }

    /// What is said to a family registered with these members.
    private func registering(_ members: [PersonJoined], _ facts: [ProposedEvent] = []) -> Refusal? {
        var family = Family(registered: false)
        let said = family.say(Family.registration(members, facts), on: "2014-08-01")
        if case .refused(let refusal) = said { return refusal }
        return nil
    }

    @Test("独生子女不早于父母、也不在他们不满 12 岁时出生；先列谁都一样；继父母、收养、不知道出生日期的照收")
    func childrenOfTheirParents() {
        let parents = [joined(1, .wife, born: "1970-05-01"), joined(2, .husband, born: "1968-03-01")]
        let older = registering(parents + [joined(3, .onlyChild, born: "1965-01-01")])
        #expect(older?.reason == .dayOrder && older?.field == "members[2].birth_date")
        #expect(older?.chinese.contains("1965-01-01") == true && older?.chinese.contains("1968-03-01") == true)
        let first = registering([joined(3, .onlyChild, born: "1970-05-01")] + [parents[0]])
        #expect(first?.reason == .dayOrder && first?.field == "members[0].birth_date")
        #expect(registering(parents + [joined(3, .onlyChild, born: "1980-02-29")])?.reason == .dayOrder)
        #expect(registering(parents + [joined(3, .onlyChild, born: "1980-03-01")]) == nil)
        // Not hers, but his.
        let his = [joined(1, .wife, born: "1985-01-01"), joined(2, .husband, born: "1960-01-01")]
        #expect(registering([joined(3, .onlyChild, born: "1984-01-01")] + his) == nil)
        #expect(registering([his[0], joined(2, .husband), joined(3, .onlyChild, born: "1984-01-01")]) == nil)
        // Only the papers say what was possible.
        #expect(registering(parents + [joined(3, .adoptedChild, born: "1975-01-01")]) == nil)
        let adopted = ProposedEvent(
            occurredOn: Family.day("1990-01-01"), event: .childAdopted(ChildAdopted(child: Family.person(3))))
        #expect(registering(parents + [joined(3, .onlyChild, born: "1975-01-01")], [adopted]) == nil)
        #expect(registering(parents + [joined(3, .other, born: "1940-01-01")]) == nil)
    }

    @Test("加入、改出生日期、更正时同样核对；原来就矛盾的不拦别的事")
    func laterWords() {
        var family = Family(registered: false)
        family.accept(Family.registration([joined(1, .wife, born: "1970-05-01")]), on: "2014-08-01")
        family.refuse(.dayOrder, .addPerson(joined(3, .onlyChild, born: "1969-05-01")), on: "2014-09-01")
        family.accept(.addPerson(joined(3, .onlyChild, born: "1990-05-01")), on: "2014-09-01")
        let child = family.last
        func born(_ person: UInt64, _ day: String) -> HouseholdAction {
            .changePersonDetails(PersonDetailsChanged(person: Family.person(person), birthDate: Family.day(day)))
        }
        family.refuse(.numberNeverChanges, born(3, "1970-05-01"), on: "2014-10-01")
        family.refuse(.numberNeverChanges, born(1, "1980-05-01"), on: "2014-10-01")
        family.refuse(
            .dayOrder, .addPerson(joined(3, .onlyChild, born: "1970-01-01")), on: "2014-09-01", correcting: child)
        family.accept(.addPerson(joined(3, .onlyChild, born: "1991-05-01")), on: "2014-09-01", correcting: child)
        family.refuse(.numberNeverChanges, born(1, "1971-05-01"), on: "2014-10-01")
        // What an earlier version took in is no reason to refuse a telephone number, or a husband.
        var old = HouseholdWorkbench(Family.household, today: Family.today)
        old.record(.registered(HouseholdRegistered(division: DivisionCode("431002001")!)), on: Family.registered)
        old.record(.personJoined(joined(1, .wife, born: "1990-01-01")), on: Family.registered)
        old.record(.personJoined(joined(3, .onlyChild, born: "1985-01-01")), on: Family.registered)
        family.bench = old
        family.accept(.addPerson(joined(2, .husband, born: "1988-01-01")), on: "2014-09-01")
        let sex = PersonDetailsChanged(person: Family.person(2), sex: .male)
        family.accept(.changePersonDetails(sex), on: "2014-10-01")
    }

    @Test("加入本户之前去世的退回；随建档登记的独生子女早已去世，照收")
    func deathAndJoining() {
        var family = Family()
        family.accept(.death(Family.child), on: "2010-03-04")
        family.accept(.addPerson(joined(9, .other)), on: "2015-01-10")
        family.refuse(.dayOrder, .death(Family.person(9)), on: "2015-01-09")
        guard case .refused(let refusal) = family.say(.death(Family.person(9)), on: "2014-09-01") else { return }
        #expect(refusal.field == "occurred_on" && refusal.chinese.contains("2015-01-10"))
        family.accept(.death(Family.person(9)), on: "2015-01-10")
        // Belonged to it before the file was opened, told later.
        family.accept(.addPerson(joined(8, .other)), on: "2014-08-01")
        family.accept(.death(Family.person(8)), on: "2013-01-01")
    }

    @Test("建档之日改早了，随建档登记的人仍算本来就是本户的")
    func openedEarlier() {
        var family = Family()
        family.accept(.death(Family.child), on: "2010-03-04")
        let file = HouseholdRegistered(division: DivisionCode("431002001")!)
        family.accept(
            .registerHousehold(RegisterHousehold(household: file, members: [])), on: "2009-08-01",
            correcting: EventReference(sequence: 1))
        #expect(family.state.member(Family.child)?.cameWithFile == true)
    }

    @Test("更正加入之日，不能把人放到其死亡之后")
    func correctedJoining() {
        var family = Family()
        family.accept(.addPerson(joined(9, .other)), on: "2015-01-10")
        let coming = family.last
        family.accept(.death(Family.person(9)), on: "2015-02-01")
        family.refuse(.dayOrder, .addPerson(joined(9, .other)), on: "2015-02-02", correcting: coming)
        family.accept(.addPerson(joined(9, .other)), on: "2015-02-01", correcting: coming)
    }

    @Test("死亡不早于致其死亡的突发事件")
    func deathOfAnIncident() {
        var family = Family()
        let victim = IncidentReported.Victim(person: Family.husband, outcome: Family.code("death"))
        family.accept(
            .reportIncident(IncidentReported(kind: Family.code("accident"), victims: [victim])), on: "2015-03-01")
        family.refuse(.dayOrder, .death(Family.husband), on: "2015-02-28")
        family.accept(.death(Family.husband), on: "2015-03-02")
    }

    @Test("登记有误、销档、分户、并户不早于建档，也不早于有人加入；档案不早于 1979 年")
    func filesEnd() {
        var family = Family()
        family.refuse(
            .dayOrder, .markRegisteredInError(HouseholdRegisteredInError(reason: Family.code("duplicate"))),
            on: "2014-07-31")
        family.accept(.addPerson(joined(9, .other)), on: "2015-01-10")
        let elsewhere = HouseholdRegistered(division: DivisionCode("431003")!)
        let split = HouseholdAction.splitHousehold(SplitHousehold(persons: [Family.person(9)], household: elsewhere))
        family.refuse(.dayOrder, split, on: "2015-01-09")
        family.refuse(
            .dayOrder, .mergeHousehold(MergeHousehold(into: HouseholdID(Identifier128(high: 1, low: 1)))),
            on: "2015-01-09")
        family.refuse(
            .dayOrder, .closeHousehold(HouseholdClosed(reason: Family.code("moved_away"))), on: "2015-01-09")
        family.accept(
            .splitHousehold(SplitHousehold(persons: [Family.husband], household: elsewhere)), on: "2014-12-01")
        var early = Family(registered: false)
        early.refuse(.dayTooEarly, Family.registration([joined(1, .other)]), on: "1978-12-31")
        #expect(early.say(Family.registration([joined(1, .other)]), on: "1979-01-01").reason != .dayTooEarly)
    }

    @Test("并入的一户在那一天已经建档")
    func mergeTarget() throws {
        var source = Family()
        source.accept(.death(Family.child), on: "2010-03-04")
        var target = Family(registered: false)
        target.accept(Family.registration([joined(20, .other)]), on: "2015-02-01")
        let early = try? source.bench.history.merging(into: target.state, on: Family.day("2015-01-31"), learnedOn: nil)
        #expect(early == nil)
        _ = try source.bench.history.merging(into: target.state, on: Family.day("2015-02-01"), learnedOn: nil)
    }

    @Test("生育之日就是子女的出生之日；父母去世满一年以后没有生育，无人在世没有收养")
    func birthsAndAdoptions() {
        var family = Family()
        family.accept(.addPerson(joined(4, .other, born: "2015-01-05")), on: "2015-01-05")
        family.refuse(.dayOrder, .recordBirth(ChildBorn(child: Family.person(4))), on: "2015-01-06")
        family.accept(.recordBirth(ChildBorn(child: Family.person(4))), on: "2015-01-05")
        family.accept(.addPerson(joined(5, .adoptedChild, born: "2014-12-01")), on: "2015-02-01")
        family.refuse(.dayOrder, .recordAdoption(ChildAdopted(child: Family.person(5))), on: "2014-11-30")
        family.accept(.recordAdoption(ChildAdopted(child: Family.person(5))), on: "2015-02-01")
        for person in [Family.wife, Family.husband, Family.child] { family.accept(.death(person), on: "2014-06-01") }
        family.refuse(.afterDeath, .recordBirth(ChildBorn()), on: "2015-06-02")
        family.accept(.recordBirth(ChildBorn()), on: "2015-05-20")
        var alone = Family()
        for person in [Family.wife, Family.husband, Family.child] { alone.accept(.death(person), on: "2014-06-01") }
        alone.refuse(.afterDeath, .recordAdoption(ChildAdopted()), on: "2014-06-02")
        alone.accept(.recordAdoption(ChildAdopted()), on: "2014-06-01")
    }

    @Test("监护不早于公证就终止；需求不早于最后一次答复就办结")
    func endsAfterSteps() {
        var family = Family()
        family.accept(.guardian(), on: "2014-09-01")
        family.accept(.consent(), on: "2014-09-10")
        family.accept(.notarise(), on: "2014-10-01")
        family.refuse(.guardianState, .consent(), on: "2014-10-02")
        family.refuse(.dayOrder, .endGuardian(), on: "2014-09-30")
        family.accept(.endGuardian(), on: "2014-10-01")
        family.accept(.raiseNeed(NeedRaised(kind: Family.code("need_other"))), on: "2015-01-01")
        let need = family.last
        family.accept(.answerNeed(NeedAnswered(need: need, outcome: Family.code("relayed"))), on: "2015-02-01")
        let close = HouseholdAction.closeNeed(NeedClosed(need: need, reason: Family.code("settled")))
        family.refuse(.dayOrder, close, on: "2015-01-31")
        family.accept(close, on: "2015-02-01")
    }

    @Test("发生的事不能先获知；证件、结对可以先知道")
    func learnedBefore() {
        let family = Family()
        func said(_ action: HouseholdAction, learned: String) -> Refusal.Reason? {
            var command = family.command(action, on: "2015-01-10")
            command.learnedOn = Family.day(learned)
            return family.bench.history.decide(command, in: family.bench.context).reason
        }
        #expect(said(.death(Family.child), learned: "2015-01-09") == .dayOrder)
        #expect(said(.visit(), learned: "2015-01-09") == .dayOrder)
        #expect(said(.visit(), learned: "2015-01-10") == nil)
        #expect(said(.fact("household.dibao", .bool(true)), learned: "2015-01-01") == nil)
        #expect(said(.assign("cadre", 20), learned: "2015-01-01") == nil)
    }
}
