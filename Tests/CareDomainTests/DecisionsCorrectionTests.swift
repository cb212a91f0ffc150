import CareDomain
import CareTestKit
import Testing

@Suite("更正与撤回：重新折叠，如同错误从未发生")
struct DecisionsCorrectionTests {
    /// The state without what differs only because events have other places: none here, so states compare whole.
    private func folded(_ build: (inout Family) -> Void) -> Household {
        var family = Family()
        build(&family)
        return family.state
    }

    @Test("更正后的状态等于一开始就说对")
    func correctionIsAsIfSaidRight() {
        let right = folded {
            $0.accept(.assess(Family.child, grade: 4), on: "2014-09-01")
            $0.accept(.assign("cadre", 20), on: "2014-09-02")
        }
        let corrected = folded {
            $0.accept(.assess(Family.child, grade: 3, through: "2015-01-01"), on: "2014-10-01")
            let wrong = $0.last
            $0.accept(.assign("cadre", 20), on: "2014-09-02")
            $0.accept(.assess(Family.child, grade: 4), on: "2014-09-01", correcting: wrong)
        }
        #expect(corrected == right)
    }

    @Test("更正的更正以最后一次为准，撤回后如同从未登记")
    func chainsAndWithdrawal() {
        let never = folded { _ in }
        let once = folded { $0.accept(.death(Family.child), on: "2014-03-04") }
        var family = Family()
        family.accept(.death(Family.child), on: "2014-03-02")
        family.accept(.death(Family.child), on: "2014-03-03", correcting: family.last)
        family.accept(.death(Family.child), on: "2014-03-04", correcting: family.last)
        #expect(family.state == once)
        family.accept(.withdraw, on: "2014-03-04", correcting: family.last)
        #expect(family.state == never)
        family.accept(.death(Family.child), on: "2014-03-05")
        #expect(family.state.member(Family.child)?.diedOn == Family.day("2014-03-05"))
    }

    @Test("建档内容可以更正：区划、城乡、档案号")
    func registrationCanBeCorrected() {
        var family = Family()
        let right = HouseholdRegistered(division: DivisionCode("431003")!, area: .rural, archiveNumber: "A-1")
        family.accept(
            .registerHousehold(RegisterHousehold(household: right, members: [])), on: "2014-08-02",
            correcting: EventReference(sequence: 1))
        #expect(family.state.division(on: Family.today) == right.division)
        #expect(family.state.archiveNumber == "A-1" && family.state.members.count == 3)
        #expect(family.state.registeredOn == Family.day("2014-08-02"))
    }

    @Test("在原处检查：前任配偶的信息可以更正，尽管现在另有配偶")
    func correctionIsCheckedInItsPlace() {
        var family = Family()
        family.accept(.removePerson(PersonLeft(person: Family.wife, reason: Family.code("divorce"))), on: "2014-10-01")
        family.accept(.addPerson(PersonJoined(person: Family.person(9), role: .wife)), on: "2014-12-01")
        var wife = Family.members()[0]
        wife.birthDate = Family.day("1965-09-11")
        family.accept(.addPerson(wife), on: "2014-08-01", correcting: EventReference(sequence: 2))
        #expect(family.state.member(Family.wife)?.birthDate == wife.birthDate)
        #expect(family.state.member(Family.wife)?.leftOn == Family.day("2014-10-01"))
    }

    @Test("更正不得使后来的正确记录变成错误")
    func correctionMustNotBreakWhatFollows() {
        var family = Family()
        family.accept(.assign("cadre", 20), on: "2014-09-01")
        let cadre = family.last
        family.accept(.assign("volunteer", 21), on: "2014-09-02")
        family.refuse(.helperOverlap, .assign("cadre", 21), on: "2014-09-01", correcting: cadre)
        family.accept(.handOver("cadre", 20, 22), on: "2014-10-01")
        family.refuse(.notPaired, .assign("cadre", 23), on: "2014-09-01", correcting: cadre)
        family.accept(.assign("cadre", 20), on: "2014-09-05", correcting: cadre)
        family.refuse(
            .roleTaken, .addPerson(member(Family.husband, .wife)), on: "2014-08-01", correcting: .init(sequence: 3))
    }

    private func member(_ person: PersonID, _ role: MemberRole) -> PersonJoined {
        PersonJoined(person: person, role: role, sex: .male, birthDate: Family.day("1963-02-03"))
    }

    @Test("需求的更正保留它的编号，答复仍然挂在上面")
    func correctedNeedKeepsItsPlace() {
        var family = Family()
        family.accept(.raiseNeed(NeedRaised(kind: Family.code("need_other"))), on: "2015-01-01")
        let need = family.last
        family.accept(.answerNeed(NeedAnswered(need: need, outcome: Family.code("relayed"))), on: "2015-01-05")
        family.accept(.raiseNeed(NeedRaised(kind: Family.code("need_farming"))), on: "2015-01-02", correcting: need)
        #expect(family.state.needs.map(\.reference) == [need])
        #expect(family.state.needs[0].raised.kind == Family.code("need_farming"))
        #expect(family.state.needs[0].answers.count == 1)
    }

    @Test("走访改了日子，当时提出的需求跟着走；另行登记的、已单独改过的不动；答复不早于需求")
    func needsFollowTheirVisit() {
        var family = Family()
        family.accept(.visit(needs: ["need_other", "need_farming", "need_visit"]), on: "2015-01-10")
        let visit = family.state.visits[0].reference
        let needs = family.state.needs.map(\.reference)
        family.accept(.raiseNeed(NeedRaised(kind: Family.code("need_other"))), on: "2015-01-10")
        family.accept(
            .raiseNeed(NeedRaised(kind: Family.code("need_visit"))), on: "2015-01-12", correcting: needs[2])
        family.accept(.answerNeed(NeedAnswered(need: needs[0], outcome: Family.code("relayed"))), on: "2015-01-20")
        family.refuse(.dayOrder, .visit(), on: "2015-01-21", correcting: visit)
        family.accept(.visit(), on: "2015-01-15", correcting: visit)
        func days() -> [String] { family.state.needs.map(\.raisedOn.description) }
        #expect(family.state.visits.map(\.day) == [Family.day("2015-01-15")])
        #expect(days() == ["2015-01-15", "2015-01-15", "2015-01-12", "2015-01-10"])
        #expect(family.state.needs[0].answers.count == 1 && family.state.needs.map(\.reference).prefix(3) == needs[...])
        // Once more, from the correction; the number of items was put right in between.
        let second = family.bench.history.events.first { $0.proposed.correction?.corrects == visit }
        family.accept(
            .raiseNeed(NeedRaised(kind: Family.code("need_farming"), items: 2)), on: "2015-01-15",
            correcting: family.bench.history.events.first { $0.proposed.correction?.corrects == needs[1] }?.reference)
        family.accept(.visit(needs: ["need_visit"]), on: "2015-01-05", correcting: second?.reference)
        #expect(days() == ["2015-01-05", "2015-01-05", "2015-01-12", "2015-01-10", "2015-01-05"])
        #expect(family.state.needs[1].raised.items == 2)
        let last = family.bench.history.events.last { if case .visitRecorded = $0.event { true } else { false } }
        family.accept(.visit(), on: "2015-01-06", correcting: last?.reference)
        #expect(days() == ["2015-01-06", "2015-01-06", "2015-01-12", "2015-01-10", "2015-01-06"])
    }

    @Test("某一时刻所知：精确到那一条，更正不影响更早的回答")
    func knownAtCutsExactly() {
        var family = Family()
        family.accept(.assess(Family.child, grade: 3), on: "2014-09-01")
        let wrong = family.last
        let before = family.state
        let moment = family.bench.history.events.last!.recordedAt
        family.accept(.assess(Family.child, grade: 4), on: "2014-09-01", correcting: wrong)
        let after = family.state
        let later = family.bench.history.events.last!.recordedAt
        let history = family.bench.history
        #expect(history.household(knownAt: moment) == before)
        #expect(history.household(knownAt: Moment(microseconds: later.microseconds - 1)) == before)
        #expect(history.household(knownAt: later) == after)
        #expect(
            history.household(knownAt: Moment(microseconds: moment.microseconds - 1)).members[2].disabilities.isEmpty)
        #expect(history.household(knownAt: Moment(microseconds: 0)) == Household(id: Family.household))
    }

    @Test("按获知日期折叠：迟报的死亡在获知之前不存在")
    func learnedByCutsByDay() {
        var family = Family()
        var command = family.command(.death(Family.child), on: "2014-09-01", number: 5)
        command.learnedOn = Family.day("2014-12-01")
        family.bench.carryOut(command)
        let history = family.bench.history
        func diedOn(_ day: String) -> CivilDay?? {
            history.household(learnedBy: Family.day(day)).member(Family.child).map(\.diedOn)
        }
        #expect(diedOn("2015-07-01") == .some(Family.day("2014-09-01")))
        #expect(history.household(learnedBy: Family.day("2014-11-30")).member(Family.child) == nil)
    }
}
