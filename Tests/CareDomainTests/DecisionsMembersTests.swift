import CareDomain
import CareTestKit
import Testing

@Suite("成员：身份与性别、去世之后、档案自己的代码")
struct DecisionsMembersTests {
    private func joined(_ number: UInt64, _ role: MemberRole, sex: Sex?, idNumber: String? = nil) -> PersonJoined {
        let person = Family.person(number)
        return PersonJoined(
            person: person, role: role, sex: sex,
            sealed: idNumber.map { [SealedPart(subject: person, details: PersonalDetails(idNumber: $0))] } ?? [])
    }

    @Test("男的妻子、女的丈夫：写明的和身份证号说的都拒绝；不知道性别的照收")
    func roleAndSex() {
        // 431002 1965-09-10, sequence 002 is female.
        let female = "431002196509100022"
        var family = Family(registered: false)
        for wrong in [joined(1, .wife, sex: .male), joined(1, .husband, sex: nil, idNumber: female)] {
            family.refuse(.roleSex, Family.registration([wrong]), on: "2014-08-01")
        }
        family.accept(
            Family.registration([joined(1, .wife, sex: nil), joined(2, .singleParent, sex: .male)]), on: "2014-08-01")
        family.refuse(
            .roleSex, .changePersonDetails(PersonDetailsChanged(person: Family.wife, sex: .male)), on: "2014-09-01")
        family.refuse(
            .roleSex,
            .changePersonDetails(PersonDetailsChanged(person: Family.person(2), role: .husband, sex: .female)),
            on: "2014-09-01")
    }

    @Test("早先登记的男妻子：可以更正，别的资料照常变更")
    func earlierSlips() {
        var family = Family(registered: false)
        family.bench.record(
            .registered(HouseholdRegistered(division: DivisionCode("431002001")!)), on: Family.day("2014-08-01"))
        family.bench.record(.personJoined(joined(1, .wife, sex: .male)), on: Family.day("2014-08-01"))
        let slip = family.last
        let phone = PersonDetailsChanged(
            person: Family.wife,
            sealed: [SealedPart(subject: Family.wife, details: PersonalDetails(phone: "14000000001"))])
        family.accept(.changePersonDetails(phone), on: "2014-09-01")
        family.accept(.addPerson(joined(1, .wife, sex: .female)), on: "2014-08-01", correcting: slip)
        #expect(family.state.member(Family.wife)?.sex == .female)
    }

    @Test("去世之后：评定、事项拒绝，写明去世之日；之前的、当天的、钱款去向照收")
    func afterDeath() {
        var family = Family()
        family.accept(.death(Family.child), on: "2015-01-10")
        family.refuse(.afterDeath, .assess(Family.child, grade: 3), on: "2015-01-11")
        let decision = family.say(.assess(Family.child, grade: 3), on: "2015-01-11")
        guard case .refused(let refusal) = decision else { return }
        #expect(refusal.detail == "2015-01-10" && refusal.chinese.contains("2015-01-10"))
        family.refuse(
            .afterDeath, .fact("person.living_arrangement", .code(Family.code("home")), .person(Family.child)),
            on: "2015-02-01")
        family.accept(.assess(Family.child, grade: 3), on: "2015-01-10")
        family.accept(
            .fact("person.living_arrangement", .code(Family.code("home")), .person(Family.child)), on: "2014-12-01")
        family.accept(.fact("person.living_arrangement", nil, .person(Family.child)), on: "2015-02-01")
        // What is told of the living is not told of the dead beside them.
        family.accept(
            .fact("person.living_arrangement", .code(Family.code("home")), .person(Family.wife)), on: "2015-02-01")
        // The death is put right to an earlier day only once nothing lies behind it.
        let death = family.bench.history.events.last { $0.event.kindName == "PersonDied" }!.reference
        family.refuse(.afterDeath, .death(Family.child), on: "2015-01-09", correcting: death)
        family.accept(.death(Family.child), on: "2015-01-12", correcting: death)
    }

    @Test("建档一并说的：评定在死亡之后的整份拒绝，先后次序不论")
    func registeredWithLaterFacts() {
        let death = ProposedEvent(
            occurredOn: Family.day("2014-03-02"), event: .personDied(PersonDied(person: Family.child)))
        let assessed = ProposedEvent(
            occurredOn: Family.day("2014-03-03"),
            event: .disabilityAssessed(DisabilityAssessed(person: Family.child, grade: 3)))
        var family = Family(registered: false)
        family.refuse(.afterDeath, Family.registration(Family.members(), [assessed, death]), on: "2014-08-01")
        family.refuse(.afterDeath, Family.registration(Family.members(), [death, assessed]), on: "2014-08-01")
    }

    @Test("档案自己的代码：不在单子里的拒绝并列出单子；还有人在世不能以已无成员停用")
    func codes() {
        var family = Family()
        let limb = DisabilityAssessed(person: Family.child, kind: Family.code("limb"), grade: 3)
        family.refuse(.unknownCode, .assessDisability(limb), on: "2015-01-01")
        guard case .refused(let refusal) = family.say(.assessDisability(limb), on: "2015-01-01") else { return }
        #expect(refusal.chinese.contains("physical 肢体") && refusal.field == "kind")
        family.refuse(.unknownCode, .closeHousehold(HouseholdClosed(reason: Family.code("whatever"))), on: "2015-01-01")
        family.refuse(
            .unknownCode, .removePerson(PersonLeft(person: Family.husband, reason: Family.code("gone"))),
            on: "2015-01-01")
        family.refuse(
            .unknownCode, .markRegisteredInError(HouseholdRegisteredInError(reason: Family.code("oops"))),
            on: "2015-01-01")
        family.refuse(
            .membersLive, .closeHousehold(HouseholdClosed(reason: Family.code("no_members"))), on: "2015-01-01")
        for person in [Family.wife, Family.husband, Family.child] { family.accept(.death(person), on: "2015-01-01") }
        family.accept(.closeHousehold(HouseholdClosed(reason: Family.code("no_members"))), on: "2015-01-02")
    }

    @Test("更正走访表：漏填的需求随更正登记，属于原来那张表")
    func needsOfACorrectedForm() {
        var family = Family()
        family.accept(.visit(needs: ["need_farming"]), on: "2015-01-01")
        let visit = family.state.visits[0].reference
        family.refuse(.nothingToDo, .visit(), on: "2015-01-01", correcting: visit)
        family.refuse(.unknownCode, .visit(needs: ["need_nothing"]), on: "2015-01-01", correcting: visit)
        family.accept(.visit(needs: ["need_visit"]), on: "2015-01-01", correcting: visit)
        #expect(family.state.visits.count == 1)
        let commands = family.bench.history.formCommands
        #expect(family.state.needs.count == 2)
        #expect(Set(family.state.needs.map { commands[$0.reference] }) == [commands[visit]])
    }

    @Test("结对、监护、需求结束和更正的原因：不在表里的退回，列出有哪些，并写中文")
    func reasonsAreKnown() {
        var family = Family()
        let strange = Family.code("because")
        func refuse(_ action: HouseholdAction, _ word: String, correcting: Int? = nil) {
            let before = family.bench.history
            var command = family.command(action, on: "2015-01-01")
            if let correcting {
                command.correction = Correction(
                    corrects: EventReference(sequence: UInt64(correcting)), reason: strange)
            }
            guard case .refused(let refusal) = before.decide(command, in: family.bench.context) else {
                Issue.record("accepted: \(action)")
                return
            }
            #expect(refusal.reason == .unknownCode && refusal.field?.hasSuffix("reason") == true, "\(action)")
            #expect(refusal.chinese.contains("because → ") && refusal.chinese.contains(word), "\(refusal.chinese)")
        }
        family.accept(.assign("cadre", 20), on: "2014-09-01")
        let kind = PairingKind(unchecked: "cadre")
        refuse(
            .endPairing(PairingEnded(kind: kind, helper: Family.person(20), reason: strange)), "retired 退休")
        refuse(
            .handOverPairing(
                PairingHandedOver(
                    kind: kind, from: Family.person(20), to: Helper(id: Family.person(21), hasRealName: true),
                    reason: strange)), "transfer 调动")
        family.accept(.guardian(), on: "2014-09-01")
        refuse(
            .endGuardianship(
                GuardianEnded(person: Family.wife, guardian: Family.person(50), reason: strange)), "replaced 另行指定")
        family.accept(.raiseNeed(NeedRaised(kind: Family.code("need_other"))), on: "2014-10-01")
        refuse(.closeNeed(NeedClosed(need: family.last, reason: strange)), "settled 已解决")
        refuse(.withdraw, "typing_error 录入错误", correcting: Int(family.last.sequence))
    }
}
