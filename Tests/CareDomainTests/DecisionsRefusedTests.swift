import CareDomain
import CareTestKit
import Testing

@Suite("命令被拒绝：原因与字段")
struct DecisionsRefusedTests {
    @Test("档案状态：没有、已有、已停用、已放弃、画面过时")
    func standing() {
        var none = Family(registered: false)
        none.refuse(.householdNotFound, .visit(), on: "2015-01-01")
        none.refuse(.householdNotFound, Family.registration([]), on: "2014-08-01", correcting: none.last)
        var family = Family()
        family.refuse(.householdExists, Family.registration(), on: "2014-08-01")
        var stale = family.command(.visit(), on: "2015-01-01")
        stale.seen = EventReference(sequence: 1)
        #expect(family.bench.history.decide(stale, in: family.bench.context).reason == .staleView)
        stale.seen = family.last
        #expect(family.bench.history.decide(stale, in: family.bench.context).reason == nil)
        family.accept(.closeHousehold(HouseholdClosed(reason: Family.code("moved_away"))), on: "2015-02-01")
        family.refuse(.householdNotActive, .visit(), on: "2015-03-01")
        family.accept(.withdraw, on: "2015-02-01", correcting: family.last)
        family.accept(.visit(), on: "2015-03-01")
        var abandoned = family.bench.history
        let late = family.command(.visit(), on: "2015-01-01", number: 77)
        abandoned.append(
            KnownEvent(
                reference: EventReference(sequence: abandoned.lastSequence + 1),
                recordedAt: Moment(microseconds: .max / 2), command: late.id,
                proposed: ProposedEvent(
                    occurredOn: Family.today, event: .commandAbandoned(CommandAbandoned(command: late.id)))))
        #expect(abandoned.decide(late, in: family.bench.context).reason == .commandAbandoned)
    }

    @Test("日期：将来、过早、先后矛盾、无权填写获知日期")
    func days() {
        var family = Family()
        family.refuse(.dayInFuture, .visit(), on: "2015-07-01")
        family.refuse(.dayTooEarly, .visit(), on: "1899-12-31")
        family.refuse(.dayOrder, .death(Family.child), on: "1990-05-05")
        let moved = HouseholdMoved(kind: .registration, division: DivisionCode("431003")!)
        family.refuse(.dayOrder, .moveHousehold(moved), on: "2014-07-31")
        family.refuse(.dayOrder, .assess(Family.child, grade: 2, through: "2014-08-31"), on: "2014-09-01")
        family.refuse(.dayOrder, .fact("household.dibao", .bool(true), until: "2015-01-01"), on: "2015-01-01")
        family.refuse(
            .dayOrder,
            .openPlanItem(
                PlanItemOpened(department: DepartmentID(unchecked: "dept.fp"), dueOn: Family.day("2014-12-31"))),
            on: "2015-01-01")
        var command = family.command(.visit(), on: "2015-01-01")
        command.learnedOn = Family.day("2015-07-01")
        #expect(family.bench.history.decide(command, in: family.bench.context).reason == .dayInFuture)
        let refusal = Refusal.future(Family.day("2026-11-28"), today: Family.day("2026-11-27"), field: "occurred_on")
        #expect(refusal.code == "CARE-1201" && refusal.detail == "2026-11-28")
        #expect(refusal.chinese == "日期在今天之后（2026-11-28；本服务的今天是 2026-11-27，如不对请校准时钟），请核对")
        #expect(
            refusal.english
                == "the day lies in the future (2026-11-28; this service's today is 2026-11-27, if that is wrong set its "
                + "clock); check it")
        family.bench.context.rights = [.command]
        #expect(family.bench.history.decide(command, in: family.bench.context).reason == .learnedOnNotAllowed)
    }

    @Test("成员：没有成员、不认识、已在户、身份重复、已死亡、已离户")
    func persons() {
        var none = Family(registered: false)
        none.refuse(.noMembers, Family.registration([]), on: "2014-08-01")
        var family = Family()
        family.refuse(.personUnknown, .death(Family.person(99)), on: "2015-01-01")
        family.refuse(
            .personUnknown, .reportIncident(IncidentReported(kind: Family.code("accident"), victims: [])),
            on: "2015-01-01")
        family.refuse(
            .personInHousehold, .addPerson(PersonJoined(person: Family.wife, role: .other)), on: "2015-01-01")
        family.refuse(.roleTaken, .addPerson(PersonJoined(person: Family.person(9), role: .wife)), on: "2015-01-01")
        family.accept(.death(Family.child), on: "2015-01-01")
        family.refuse(.alreadyDead, .death(Family.child), on: "2015-01-02")
        family.accept(
            .removePerson(PersonLeft(person: Family.husband, reason: Family.code("divorce"))), on: "2015-01-01")
        family.refuse(
            .personNotPresent, .removePerson(PersonLeft(person: Family.husband, reason: Family.code("divorce"))),
            on: "2015-02-01")
        family.refuse(.gradeOutOfRange, .assess(Family.child, grade: 5), on: "2015-01-01")
    }

    @Test("身份证号：校验位、与出生日期不符（含档案里已有的）、与性别不符")
    func idNumbers() {
        func joined(_ number: String, birth: String?, sex: Sex?) -> HouseholdAction {
            .addPerson(
                PersonJoined(
                    person: Family.person(8), role: .other, sex: sex, birthDate: birth.map(Family.day),
                    sealed: [SealedPart(subject: Family.person(8), details: PersonalDetails(idNumber: number))]))
        }
        var family = Family()
        let right = "43100219650910002" + Self.check("43100219650910002")
        family.refuse(.idNumberInvalid, joined(String(right.dropLast()) + "Y", birth: nil, sex: nil), on: "2015-01-01")
        family.refuse(.idNumberDisagrees, joined(right, birth: "1965-09-11", sex: nil), on: "2015-01-01")
        family.refuse(.idNumberDisagrees, joined(right, birth: nil, sex: .male), on: "2015-01-01")
        func learn(_ person: PersonID) -> HouseholdAction {
            .changePersonDetails(
                PersonDetailsChanged(
                    person: person, sealed: [SealedPart(subject: person, details: PersonalDetails(idNumber: right))]))
        }
        family.refuse(.idNumberDisagrees, learn(Family.child), on: "2015-01-01")
        family.accept(learn(Family.wife), on: "2015-01-01")
    }

    static func check(_ digits: String) -> String {
        String(UnicodeScalar(ResidentIDNumber.checkCharacter(digits.utf8.map { Int($0) - 48 })))
    }

    @Test("事实：词汇、形式、代码、对象")
    func facts() {
        var family = Family()
        family.refuse(.unknownFact, .fact("household.lottery", .bool(true)), on: "2015-01-01")
        family.refuse(.factForm, .fact("household.dibao", .int(1)), on: "2015-01-01")
        family.refuse(
            .factCode, .fact("person.care_dependency", .code(Family.code("maybe")), .person(Family.wife)),
            on: "2015-01-01")
        family.refuse(.factSubject, .fact("household.dibao", .bool(true), .person(Family.wife)), on: "2015-01-01")
        family.refuse(
            .personUnknown, .fact("person.care_dependency", nil, .person(Family.person(99))), on: "2015-01-01")
    }

    @Test("突发事件：此前已死亡的、写了两次的不算受害人；监护人与被监护人都要在世")
    func theDead() {
        func accident(_ persons: PersonID...) -> HouseholdAction {
            .reportIncident(
                IncidentReported(
                    kind: Family.code("accident"),
                    victims: persons.map { .init(person: $0, outcome: Family.code("death")) }))
        }
        var family = Family()
        family.accept(.death(Family.child), on: "2015-01-01")
        family.refuse(.alreadyDead, accident(Family.child), on: "2015-01-02")
        family.accept(accident(Family.child), on: "2014-12-31")
        family.refuse(.nothingToDo, accident(Family.wife, Family.wife), on: "2015-02-01")
        family.refuse(.alreadyDead, .guardian(of: Family.child), on: "2015-01-02")
        family.refuse(.alreadyDead, .guardian(3), on: "2015-01-02")
        family.accept(.guardian(), on: "2015-01-02")
        family.accept(.death(Family.wife), on: "2015-02-01")
        family.refuse(.alreadyDead, .consent(), on: "2015-02-02")
    }

    @Test("建档、迁入没有规则适用的地方时提醒核对区划代码；住到别处、没有公布任何规则时不提；当日没有的代码拒绝")
    func placesWithoutRules() {
        func register(_ division: String) -> HouseholdAction {
            .registerHousehold(
                RegisterHousehold(
                    household: HouseholdRegistered(division: DivisionCode(division)!, area: .urban),
                    members: Family.members()))
        }
        func move(_ kind: HouseholdMoved.Kind, _ division: String) -> HouseholdAction {
            .moveHousehold(HouseholdMoved(kind: kind, division: DivisionCode(division)!))
        }
        func remarks(_ decision: Decision) -> [Refusal] {
            guard case .events(_, let warnings) = decision else { return [] }
            return warnings.filter { $0.reason == .noRulesHere }
        }
        var elsewhere = Family(registered: false)
        let told = remarks(elsewhere.say(register("120101"), on: "2014-08-01"))
        #expect(told.map(\.detail) == ["120101 和平区"] && told.first?.field == "household.division")
        #expect(told.first?.chinese.contains("请核对区划代码") == true)
        var unruled = Family(registered: false)
        unruled.bench.context.policy.places = []
        #expect(remarks(unruled.say(register("120101"), on: "2014-08-01")).isEmpty)
        var family = Family()
        #expect(remarks(family.say(move(.residence, "120101"), on: "2015-01-01")).isEmpty)
        #expect(remarks(family.say(move(.registration, "431003"), on: "2015-02-01")).isEmpty)
        #expect(remarks(family.say(move(.registration, "120101"), on: "2015-03-01")).count == 1)
        family.refuse(.unknownDivision, move(.registration, "413002"), on: "2015-04-01")
        family.refuse(.unknownDivision, move(.residence, "522228"), on: "2015-04-01")
    }

    @Test("同一起事件只登记一次，后报的被告知第一条；同日同人的另一类事件提醒核对；早于出生的拒绝，早于建档的提醒")
    func incidentsOnce() {
        func incident(_ kind: String, _ outcome: String, _ persons: PersonID...) -> HouseholdAction {
            let victims = persons.map { IncidentReported.Victim(person: $0, outcome: Family.code(outcome)) }
            return .reportIncident(IncidentReported(kind: Family.code(kind), victims: victims))
        }
        func warnings(_ family: Family, _ action: HouseholdAction, on day: String) -> [Refusal.Reason] {
            var family = family
            guard case .events(_, let warnings) = family.say(action, on: day) else { return [] }
            return warnings.map(\.reason)
        }
        var family = Family()
        family.accept(incident("accident", "disability", Family.wife), on: "2015-02-01")
        let first = family.last
        family.refuse(.incidentReported, incident("accident", "disability", Family.wife), on: "2015-02-01")
        let again = incident("accident", "disability", Family.wife, Family.child)
        guard case .refused(let refusal) = family.say(again, on: "2015-02-01") else {
            Issue.record("told twice")
            return
        }
        #expect(refusal.detail == "#\(first.sequence)" && refusal.chinese.contains("请更正那一条"))
        let flood = incident("natural_disaster", "disability", Family.wife)
        #expect(warnings(family, flood, on: "2015-02-01") == [.incidentAlike])
        #expect(warnings(family, incident("accident", "disability", Family.wife), on: "2015-03-01").isEmpty)
        family.accept(incident("accident", "death", Family.child), on: "2015-04-01")
        family.refuse(.incidentReported, incident("sudden_event", "death", Family.child), on: "2015-03-31")
        family.refuse(.unknownCode, incident("quarrel", "death", Family.wife), on: "2015-04-01")
        family.refuse(.unknownCode, incident("accident", "fright", Family.wife), on: "2015-04-01")
        #expect(warnings(family, flood, on: "2014-01-01") == [.incidentBeforeFile])
        family.refuse(.dayOrder, incident("accident", "disability", Family.child), on: "1950-01-01")
    }

    @Test("监护：指定单位、关系、职责只有文件规定的几种，拒绝时列出来")
    func guardianTerms() {
        var family = Family()
        func named(by body: String, _ relation: String) -> HouseholdAction {
            .nameGuardian(
                GuardianNamed(
                    person: Family.wife, guardian: Family.person(50), namedBy: DepartmentID(unchecked: body),
                    relation: Family.code(relation)))
        }
        family.refuse(.guardianNamer, named(by: "dept.fp", "relative"), on: "2014-09-01")
        family.refuse(.guardianRelation, named(by: "org.employer", "neighbour"), on: "2014-09-01")
        guard case .refused(let refusal) = family.say(named(by: "org.employer", "neighbour"), on: "2014-09-01") else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.detail == "neighbour → relative 亲属, staff 工作人员")
        family.accept(named(by: "org.employer", "staff"), on: "2014-09-01")
        family.accept(.consent(), on: "2014-09-10")
        let notarised = GuardianNotarised(
            person: Family.wife, guardian: Family.person(50), certificate: "1", scope: [Family.code("shopping")])
        family.refuse(.guardianScope, .recordNotarisation(notarised), on: "2014-10-01")
        // Where no document speaks of guardians, nobody has laid down who may: another place's document does not count.
        family.bench.context.policy.places[0].territory = DivisionCode("370304")
        family.accept(.recordNotarisation(notarised), on: "2014-10-01")
    }

    @Test(
        "收款账户只记编号，不记银行账号、卡号、姓名",
        arguments: ["6222021234567890123", "6222 0212 3456 7890", "123456-789012", "王丽", "王丽 的卡"])
    func accountNumbers(_ number: String) {
        var family = Family()
        family.bench.context.policy.facts[.accountReference] = PolicyCatalog.FactDefinition(
            fact: .accountReference, title: "收款账户", form: .reference, subject: .person)
        func stated(_ text: String) -> HouseholdAction {
            .fact(FactID.accountReference.rawValue, .reference(text), .person(Family.wife))
        }
        family.refuse(.factForm, stated(number), on: "2015-01-01")
        family.accept(stated("acc-622202123456"), on: "2015-01-01")
        family.accept(stated("账户-0031"), on: "2015-01-02")
    }

    @Test("监护：次序、本人、已有监护人")
    func guardians() {
        var family = Family()
        family.refuse(.guardianIsSelf, .guardian(1), on: "2014-09-01")
        family.refuse(.guardianState, .consent(), on: "2014-09-01")
        family.accept(.guardian(), on: "2014-09-01")
        family.refuse(.guardianState, .guardian(51), on: "2014-09-02")
        family.refuse(.guardianState, .notarise(), on: "2014-09-02")
        family.refuse(.dayOrder, .consent(), on: "2014-08-31")
        family.accept(.consent(), on: "2014-09-10")
        family.refuse(.dayOrder, .notarise(), on: "2014-09-09")
        family.refuse(.dayOrder, .endGuardian(), on: "2014-08-31")
    }

    @Test("结对：种类、重复、不在岗、兼任、本户成员")
    func pairings() {
        var family = Family()
        family.accept(.assign("cadre", 20), on: "2014-08-10")
        family.refuse(.unknownPairingKind, .assign("friend", 21), on: "2014-08-10")
        family.refuse(.alreadyPaired, .assign("cadre", 20), on: "2014-08-11")
        family.refuse(.notPaired, .endPairing("cadre", 21), on: "2014-08-11")
        family.refuse(.notPaired, .handOver("cadre", 20, 21), on: "2014-08-09")
        family.refuse(.helperOverlap, .assign("volunteer", 20), on: "2014-08-11")
        family.refuse(.helperOverlap, .assign("department", 20), on: "2014-08-11")
        family.refuse(.helperIsMember, .assign("volunteer", 1), on: "2014-08-11")
        family.refuse(.handoverToSelf, .handOver("cadre", 20, 20), on: "2014-08-11")
        // Where no document of the place says otherwise, the rule is the same.
        family.bench.context.policy.places = []
        family.refuse(.helperOverlap, .assign("volunteer", 20), on: "2014-08-11")
        // An entry for a day in the past stands beside what came after it, also when that has ended.
        family.accept(.endPairing("cadre", 20), on: "2014-10-01")
        family.refuse(.helperOverlap, .assign("volunteer", 20), on: "2014-09-30")
        family.refuse(.alreadyPaired, .assign("cadre", 20), on: "2014-08-01")
        family.accept(.assign("volunteer", 20), on: "2014-10-01")
    }

    @Test("来源不在规则包之列的事实不收，拒绝时列出可用的；没有规则包排来源的，不问")
    func sources() {
        var family = Family()
        let stated = FactStated(
            fact: FactID(unchecked: "household.dibao"), subject: .household, value: .bool(true),
            source: Family.code("registration_form"))
        family.bench.context.policy.sources = [
            PolicyCatalog.Word(code: Family.code("certificate"), title: "证件"),
            PolicyCatalog.Word(code: Family.code("form"), title: "登记表"),
        ]
        family.refuse(.unknownCode, .stateFact(stated), on: "2015-01-01")
        if case .refused(let refusal) = family.say(.stateFact(stated), on: "2015-01-01", correcting: nil) {
            #expect(refusal.field?.hasSuffix("source") == true)
            #expect(refusal.detail == "registration_form → certificate 证件, form 登记表")
        }
        family.bench.context.policy.sources = []
        family.accept(.stateFact(stated), on: "2015-01-01")
    }

    @Test("走访与需求：表、栏目、代码、项数、已办结、计划项")
    func casework() {
        var family = Family()
        family.refuse(.unknownCode, .visit("party"), on: "2015-01-01")
        family.refuse(.unknownCode, .visit(needs: ["need_car"]), on: "2015-01-01")
        let wrongForm = VisitRecorded(form: Family.code("none"), kind: Family.code("needs"))
        family.refuse(.unknownVisitForm, .recordVisit(RecordVisit(visit: wrongForm)), on: "2015-01-01")
        let wrongField = VisitRecorded(
            form: Family.code("needs-2021"), kind: Family.code("needs"),
            answers: [FormAnswer(field: Family.code("shoe_size"), value: .int(40))])
        family.refuse(.unknownVisitForm, .recordVisit(RecordVisit(visit: wrongField)), on: "2015-01-01")
        family.refuse(
            .itemsOutOfRange, .raiseNeed(NeedRaised(kind: Family.code("need_other"), items: 0)), on: "2015-01-01")
        family.refuse(
            .unknownNeed, .closeNeed(NeedClosed(need: family.last, reason: Family.code("settled"))), on: "2015-01-01")
        family.accept(.raiseNeed(NeedRaised(kind: Family.code("need_other"))), on: "2015-01-01")
        let need = family.last
        let close = HouseholdAction.closeNeed(NeedClosed(need: need, reason: Family.code("settled")))
        family.refuse(.dayOrder, close, on: "2014-12-31")
        family.accept(close, on: "2015-01-02")
        family.refuse(.needClosed, close, on: "2015-01-03")
        family.refuse(.unknownPlanItem, .completePlanItem(PlanItemDone(item: need)), on: "2015-01-03")
    }

    @Test("更正：目标、种类、没有变化、附带内容")
    func corrections() {
        var family = Family()
        family.accept(.visit(), on: "2015-01-01")
        let visit = family.last
        let nowhere = EventReference(sequence: 900)
        family.refuse(.correctionTarget, .withdraw, on: "2015-01-01", correcting: nowhere)
        family.refuse(.correctionTarget, .withdraw, on: "2015-01-01")
        family.refuse(.correctionTarget, .withdraw, on: "2014-08-01", correcting: EventReference(sequence: 1))
        family.refuse(.correctionKind, .death(Family.child), on: "2015-01-01", correcting: visit)
        family.refuse(.correctionKind, Family.registration(), on: "2014-08-01", correcting: EventReference(sequence: 1))
        family.refuse(.nothingToDo, .visit(), on: "2015-01-01", correcting: visit)
        family.refuse(.dayInFuture, .visit(), on: "2015-07-01", correcting: visit)
        family.accept(.visit(), on: "2015-01-02", correcting: visit)
        family.refuse(.correctionTarget, .visit(), on: "2015-01-03", correcting: visit)
        family.refuse(
            .correctionKind, .addPerson(PersonJoined(person: Family.person(77), role: .wife)), on: "2014-08-01",
            correcting: EventReference(sequence: 2))
    }

    @Test("每个拒绝原因都有中英文说明和编号，互不相同")
    func everyReasonHasItsText() {
        let refusals = Refusal.Reason.allCases.map { Refusal($0, detail: "某") }
        #expect(Set(refusals.map(\.code)).count == refusals.count)
        #expect(Set(refusals.map(\.chinese)).count == refusals.count)
        #expect(refusals.allSatisfy { !$0.english.isEmpty && !$0.chinese.contains("*") && !$0.english.contains("*") })
    }
}

extension Decision {
    /// The reason of a refusal; nil when accepted.
    var reason: Refusal.Reason? {
        if case .refused(let refusal) = self { refusal.reason } else { nil }
    }
}
