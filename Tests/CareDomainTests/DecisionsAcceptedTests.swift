import CareDomain
import CareTestKit
import Testing

@Suite("命令被接受")
struct DecisionsAcceptedTests {
    @Test("建档：户、成员、同表事实在一次写入中")
    func registrationBringsMembersAndFacts() throws {
        var family = Family(registered: false)
        let death = ProposedEvent(
            occurredOn: Family.day("2014-03-02"), event: .personDied(PersonDied(person: Family.child)))
        family.accept(Family.registration(Family.members(), [death]), on: "2014-08-01")
        #expect(
            family.bench.history.events.map(\.event.kindName) == [
                "HouseholdRegistered", "PersonJoined", "PersonJoined", "PersonJoined", "PersonDied",
            ])
        #expect(family.state.member(Family.child)?.diedOn == Family.day("2014-03-02"))
        #expect(family.state.division(on: Family.today) == DivisionCode("431002001"))
        #expect(family.state.area(on: Family.today) == .urban)
    }

    @Test("迁移、注销、并户、分户、误登各被接受一次")
    func lifeOfTheFile() {
        var family = Family()
        let moved = HouseholdMoved(kind: .residence, division: DivisionCode("431003")!, area: .rural)
        family.accept(.moveHousehold(moved), on: "2015-01-01")
        #expect(family.state.area(on: Family.day("2014-12-31")) == .urban)
        #expect(family.state.area(on: Family.day("2015-01-01")) == .rural)
        var split = family
        split.accept(
            .splitHousehold(
                SplitHousehold(persons: [Family.husband], household: HouseholdRegistered(division: moved.division))),
            on: "2015-02-01")
        #expect(split.state.member(Family.husband)?.leftOn == Family.day("2015-02-01"))
        var merged = family
        merged.accept(
            .mergeHousehold(MergeHousehold(into: HouseholdID(Identifier128(high: 1, low: 1)))), on: "2015-02-01")
        #expect(merged.state.status != .active)
        var error = family
        error.accept(
            .markRegisteredInError(HouseholdRegisteredInError(reason: Family.code("duplicate"))), on: "2015-02-01")
        #expect(error.state.status == .registeredInError(reason: Family.code("duplicate")))
        family.accept(.closeHousehold(HouseholdClosed(reason: Family.code("moved_away"))), on: "2015-02-01")
        #expect(family.state.status == .closed(on: Family.day("2015-02-01"), reason: Family.code("moved_away")))
    }

    @Test("人：加入、离户、变更、死亡、生育、收养、评残")
    func persons() throws {
        var family = Family()
        family.accept(.addPerson(PersonJoined(person: Family.person(4), role: .adoptedChild)), on: "2014-12-01")
        family.accept(
            .recordAdoption(
                ChildAdopted(child: Family.person(4), isOrphan: true, appliedOn: Family.day("2014-09-01"))),
            on: "2014-12-01")
        family.accept(.addPerson(PersonJoined(person: Family.person(5), role: .other)), on: "2015-01-05")
        family.accept(.recordBirth(ChildBorn(child: Family.person(5))), on: "2015-01-05")
        family.accept(
            .changePersonDetails(
                PersonDetailsChanged(
                    person: Family.wife,
                    sealed: [SealedPart(subject: Family.wife, details: PersonalDetails(phone: "14000000002"))])),
            on: "2015-02-01")
        family.accept(.assess(Family.child, grade: 3, through: "2020-01-01"), on: "2015-02-01")
        family.accept(.death(Family.child), on: "2015-03-01")
        family.accept(
            .removePerson(PersonLeft(person: Family.husband, reason: Family.code("divorce"))), on: "2015-04-01")
        let wife = try #require(family.state.member(Family.wife))
        #expect(wife.details?.phone == "14000000002" && wife.details?.name == "李某")
        #expect(family.state.members(on: Family.today).map(\.id) == [Family.wife, Family.person(4), Family.person(5)])
        #expect(family.state.member(Family.child)?.disability(on: Family.day("2015-02-28"))?.grade == 3)
    }

    @Test("残疾证三级改四级：各自当日起生效，按期终止")
    func gradesFollowTheirDays() throws {
        var family = Family()
        family.accept(.assess(Family.child, grade: 3, through: "2015-01-31"), on: "2014-09-01")
        family.accept(.assess(Family.child, grade: 4), on: "2015-03-01")
        let child = try #require(family.state.member(Family.child))
        #expect(child.disability(on: Family.day("2014-08-31")) == nil)
        #expect(child.disability(on: Family.day("2015-01-31"))?.grade == 3)
        #expect(child.disability(on: Family.day("2015-02-01")) == nil)
        #expect(child.disability(on: Family.day("2015-03-01"))?.grade == 4)
    }

    @Test("事实与突发事件")
    func factsAndIncidents() {
        var family = Family()
        family.accept(.fact("household.dibao", .bool(true), until: "2015-12-01"), on: "2015-01-01")
        family.accept(.fact("household.dibao", nil), on: "2015-05-01")
        family.accept(
            .fact("person.care_dependency", .code(Family.code("partial")), .person(Family.wife)), on: "2015-01-01")
        let victim = IncidentReported.Victim(person: Family.child, outcome: Family.code("death"))
        family.accept(
            .reportIncident(IncidentReported(kind: Family.code("accident"), victims: [victim])), on: "2014-03-02")
        #expect(family.state.facts.count == 3)
        #expect(family.state.incidents.count == 1)
    }

    @Test("监护：指定、同意、公证之后才生效，终止之日不再有效")
    func guardianSteps() {
        var family = Family()
        family.accept(.guardian(), on: "2014-09-01")
        family.accept(.consent(), on: "2014-09-10")
        family.accept(.notarise(), on: "2014-10-01")
        family.accept(.endGuardian(), on: "2015-05-01")
        let guardianship = family.state.guardianships[0]
        #expect(guardianship.state(on: Family.day("2014-08-31")) == nil)
        #expect(guardianship.state(on: Family.day("2014-09-01")) == .named)
        #expect(guardianship.state(on: Family.day("2014-09-30")) == .consented)
        #expect(guardianship.state(on: Family.day("2014-10-01")) == .active)
        #expect(guardianship.state(on: Family.day("2015-05-01")) == .ended)
        family.accept(.guardian(51), on: "2015-05-01")
    }

    @Test("结对：接任当日交接，离任当日空缺；未实名只提醒")
    func pairings() {
        var family = Family()
        family.accept(.assign("cadre", 20), on: "2014-08-10")
        family.accept(.assign("department", 25), on: "2014-08-10")
        family.accept(.handOver("cadre", 20, 21), on: "2014-12-01")
        family.accept(.endPairing("cadre", 21), on: "2015-02-01")
        func cadre(_ day: String) -> [PersonID] {
            family.state.pairings(on: Family.day(day)).filter { $0.kind.rawValue == "cadre" }.map(\.helper.id)
        }
        #expect(cadre("2014-11-30") == [Family.person(20)])
        #expect(cadre("2014-12-01") == [Family.person(21)])
        #expect(cadre("2015-02-01").isEmpty)
        let unnamed = HouseholdAction.assignHelper(
            PairingAssigned(
                kind: PairingKind(unchecked: "volunteer"),
                helper: Helper(id: Family.person(30), unit: "志愿服务队", hasRealName: false)))
        guard case .events(_, let warnings) = family.say(unnamed, on: "2015-02-01")
        else {
            Issue.record("refused")
            return
        }
        #expect(warnings.map(\.reason) == [.helperWithoutName])
    }

    @Test("允许兼任的部署只提醒")
    func overlapMayBeAllowed() {
        var family = Family()
        family.bench.context.policy.places[0].allowsHelperOverlap = true
        family.accept(.assign("cadre", 20), on: "2014-08-10")
        guard case .events(_, let warnings) = family.say(.assign("party_member", 20), on: "2014-08-11")
        else {
            Issue.record("refused")
            return
        }
        #expect(warnings.map(\.reason) == [.helperOverlap])
    }

    @Test("走访带出需求；需求答复、办结；计划项开立、完成")
    func casework() throws {
        var family = Family()
        family.accept(.visit("needs", needs: ["need_visit", "need_other"]), on: "2014-12-01")
        let need = EventReference(sequence: family.last.sequence - 1)
        family.accept(.raiseNeed(NeedRaised(kind: Family.code("need_farming"), items: 2)), on: "2014-12-02")
        family.accept(.answerNeed(NeedAnswered(need: need, outcome: Family.code("relayed"))), on: "2014-12-05")
        family.accept(.closeNeed(NeedClosed(need: need, reason: Family.code("settled"))), on: "2014-12-09")
        let found = try #require(family.state.needs.first { $0.reference == need })
        #expect(found.answers.count == 1 && found.closedOn == Family.day("2014-12-09"))
        #expect(family.state.needs.count == 3)
        family.accept(
            .openPlanItem(
                PlanItemOpened(department: DepartmentID(unchecked: "dept.fp"), dueOn: Family.day("2015-06-01"))),
            on: "2014-12-10")
        family.accept(.completePlanItem(PlanItemDone(item: family.last)), on: "2015-01-10")
        #expect(family.state.planItems[0].doneOn == Family.day("2015-01-10"))
    }
}
