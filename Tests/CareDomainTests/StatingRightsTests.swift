import CareTestKit
import Testing

@testable import CareDomain

/// Given what packs say of who sees, states and keeps what, when somebody of another department says something of a family, then
/// it is refused with whom to tell, and nothing is left behind.
@Suite("谁可以登记什么：看不到的不登记，事实各有其主，档案归管档案的部门")
struct StatingRightsTests {
    private static let dibao = "household.dibao"
    private static let hardship = "household.economic_hardship"
    private static let kept = "person.care_dependency"
    private static let everyone =
        KnownOffices.departments.map(\.id) + [KnownOffices.none, KnownOffices.house]
    private static let standing: Set<String> = ["org.community", "org.township", "dept.fp", "dept.health_commission"]

    private static func department(_ code: String) -> DepartmentID { DepartmentID(unchecked: code) }

    /// A family of 431002, where civil affairs states 低保 and finance sees 失能程度 but does not state it.
    private static func family() -> Family {
        var family = Family()
        var place = PolicyPlace(
            pack: PackID(unchecked: "chenzhou-2014"), title: "郴州", territory: DivisionCode("431000"))
        place.factOwners[FactID(unchecked: dibao)] = (standing.sorted() + ["dept.civil_affairs"]).map(department)
        family.bench.context.policy.places = [place]
        let facts = [dibao, hardship, kept].map { FactID(unchecked: $0) }
        let incident = FactID(unchecked: "incident.kind")
        family.bench.context.policy.sight.add(
            FactRestrictions.Version(
                territory: DivisionCode("431000"), inForce: DayPeriod(start: Family.day("2014-07-16")),
                facts: Set(facts + [incident]),
                shownTo: [
                    FactID(unchecked: kept): Set((standing.sorted() + ["dept.finance"]).map(department)),
                    incident: Set(standing.map(department)),
                ]), of: PackID(unchecked: "chenzhou-2014"))
        return family
    }

    /// Why an office is refused; nil = it is not.
    private static func refusal(
        _ family: Family, _ action: HouseholdAction, by code: String?, correcting: EventReference? = nil
    ) -> Refusal? {
        var family = family
        family.bench.context.department = code.map(department)
        let before = family.bench.history
        guard case .refused(let refusal) = family.say(action, on: "2015-01-06", correcting: correcting) else {
            return nil
        }
        #expect(family.bench.history == before)
        return refusal
    }

    private static func dependency(_ code: String = "full") -> HouseholdAction {
        .fact(kept, .code(Family.code(code)), .person(Family.wife))
    }

    @Test("事实 × 部门：低保民政也登记，家庭经济困难只由村、乡镇和管档案的部门登记；没有部门的密钥照抄")
    func owners() {
        let family = Self.family()
        for office in Self.everyone {
            let isFree =
                [KnownOffices.none, KnownOffices.house].contains(office) || Self.standing.contains(office.rawValue)
            let hardship = Self.refusal(family, .fact(Self.hardship, .bool(true)), by: office.rawValue)
            #expect(hardship?.reason == (isFree ? nil : .factOwner), "\(office)")
            let dibao = Self.refusal(family, .fact(Self.dibao, .bool(true)), by: office.rawValue)
            #expect(
                dibao?.reason == (isFree || office.rawValue == "dept.civil_affairs" ? nil : .factOwner), "\(office)")
            let kept = Self.refusal(family, Self.dependency(), by: office.rawValue)
            let expected: Refusal.Reason? = isFree ? nil : office.rawValue == "dept.finance" ? .factOwner : .factKept
            #expect(kept?.reason == expected, "\(office)")
        }
        #expect(Self.refusal(family, .fact(Self.hardship, .bool(true)), by: nil) == nil)
    }

    @Test("退回的话说明是哪一项、该告诉谁，不用代码")
    func words() {
        let family = Self.family()
        let kept = Self.refusal(family, Self.dependency(), by: "dept.water")
        #expect(kept?.code == "CARE-1496")
        #expect(kept?.chinese.contains("失能程度，请告诉人口计生、卫生健康、乡镇（街道）、村（居）；您是水利") == true)
        #expect(kept?.english.contains("you are water resources") == true)
        let owner = Self.refusal(family, .fact(Self.hardship, .bool(true)), by: "dept.civil_affairs")
        #expect(owner?.code == "CARE-1488")
        #expect(owner?.chinese.contains("家庭经济困难由村（居）、乡镇（街道）、人口计生、卫生健康登记，您是民政") == true)
        #expect([kept, owner].allSatisfy { $0?.chinese.contains("dept.") == false })
    }

    @Test("遮着的一条不能由看不到的部门撤回、更正，也不说它是什么；不归它登记的看得到也不能改；看得到又能登记的可以")
    func corrections() {
        var family = Self.family()
        family.bench.context.department = KnownOffices.township
        family.accept(Self.dependency("partial"), on: "2015-01-05")
        let mark = family.last
        for action in [.withdraw, Self.dependency(), .fact(Self.dibao, .bool(true))] as [HouseholdAction] {
            #expect(Self.refusal(family, action, by: "dept.civil_affairs", correcting: mark)?.reason == .factKept)
        }
        let blind = Self.refusal(family, .withdraw, by: "dept.civil_affairs", correcting: mark)
        #expect(blind?.detail == "#\(mark.sequence)" && blind?.chinese.contains("失能程度") == false)
        #expect(Self.refusal(family, .withdraw, by: "dept.finance", correcting: mark)?.reason == .factOwner)
        #expect(Self.refusal(family, .withdraw, by: "org.community", correcting: mark) == nil)
        #expect(Self.refusal(family, Self.dependency(), by: "dept.fp", correcting: mark) == nil)
        family.accept(.fact(Self.hardship, .bool(true)), on: "2015-01-05")
        #expect(
            Self.refusal(family, .withdraw, by: "dept.civil_affairs", correcting: family.last)?.reason == .factOwner)
    }

    @Test("突发事件整件遮着：看不到的部门也不登记")
    func incidents() {
        let family = Self.family()
        let victim = IncidentReported.Victim(person: Family.wife, outcome: Family.code("disability"), grade: 2)
        let reported = HouseholdAction.reportIncident(
            IncidentReported(kind: Family.code("accident"), victims: [victim]))
        let said = Self.refusal(family, reported, by: "dept.water")
        #expect(said?.reason == .factKept && said?.chinese.contains("突发事件，请告诉人口计生") == true)
        #expect(Self.refusal(family, reported, by: "dept.fp") == nil)
    }

    @Test("档案和家庭成员的变动只由村、乡镇和管档案的部门登记，撤回也是")
    func file() {
        var family = Self.family()
        let moved = HouseholdMoved(kind: .registration, division: DivisionCode("330302")!)
        let joined = PersonJoined(person: Family.person(9), role: .other)
        let actions: [HouseholdAction] = [
            .recordDeath(PersonDied(person: Family.husband)), .moveHousehold(moved), .addPerson(joined),
            .closeHousehold(HouseholdClosed(reason: Family.code("moved_away"))),
            .removePerson(PersonLeft(person: Family.husband, reason: Family.code("moved_out"))),
            .mergeHousehold(MergeHousehold(into: HouseholdID(Identifier128(high: 7, low: 8)))),
            .splitHousehold(
                SplitHousehold(
                    persons: [Family.husband], household: HouseholdRegistered(division: DivisionCode("431002")!))),
        ]
        for action in actions {
            for office in Self.everyone {
                let isOther = !Self.standing.contains(office.rawValue) && office.rawValue.contains(".")
                let said = Self.refusal(family, action, by: office.rawValue)
                #expect((said?.reason == .fileOwner) == isOther, "\(office) \(action)")
            }
        }
        let said = Self.refusal(family, actions[0], by: "dept.water")
        #expect(said?.code == "CARE-1489" && said?.chinese.contains("您是水利") == true)
        family.accept(actions[0], on: "2015-01-06")
        #expect(Self.refusal(family, .withdraw, by: "dept.water", correcting: family.last)?.reason == .fileOwner)
        var fresh = Family(registered: false)
        fresh.bench.context.policy = family.bench.context.policy
        #expect(Self.refusal(fresh, Family.registration(), by: "dept.water")?.reason == .fileOwner)
        #expect(Self.refusal(fresh, Family.registration(), by: "org.community") == nil)
        let marked = Family.registration(
            Family.members(),
            [ProposedEvent(occurredOn: Family.day("2015-01-06"), event: Self.dependency().singleEvent!)])
        #expect(Self.refusal(fresh, marked, by: "dept.fp") == nil)
    }

    @Test("帮扶计划由承办的部门报完成，管档案的部门也可以；乡镇可以替村办")
    func plan() {
        var family = Self.family()
        family.accept(.openPlanItem(PlanItemOpened(department: Self.department("dept.hrss"))), on: "2015-01-05")
        let item = family.last
        let done = HouseholdAction.completePlanItem(PlanItemDone(item: item))
        let said = Self.refusal(family, done, by: "dept.civil_affairs")
        #expect(said?.code == "CARE-1498")
        #expect(said?.chinese.contains("第 \(item.sequence) 条由人力资源社会保障承办，您是民政") == true)
        for office in ["dept.hrss", "dept.fp", "dept.health_commission", "none", "guanhuai"] {
            #expect(Self.refusal(family, done, by: office) == nil, "\(office)")
        }
        family.accept(.openPlanItem(PlanItemOpened(department: KnownOffices.community)), on: "2015-01-05")
        let own = HouseholdAction.completePlanItem(PlanItemDone(item: family.last))
        #expect(Self.refusal(family, own, by: "org.township") == nil)
        #expect(Self.refusal(family, own, by: "dept.hrss")?.reason == .planItemOwner)
        family.accept(done, on: "2015-01-06")
        #expect(
            Self.refusal(family, .withdraw, by: "dept.civil_affairs", correcting: family.last)?.reason == .planItemOwner
        )
    }

    @Test("发放过这一户的人、只有发放角色的密钥，不登记也不撤回收款账户；别人可以")
    func accounts() throws {
        var bench = PaymentBench(today: PaymentsBatchTests.today)
        let home = bench.family(1)
        let batch = PaymentsBatchTests.batch
        try bench.say(.prepare(PaymentsBatchTests.scope(), households: [home]), to: batch, by: "a")
        try bench.say(.close, to: batch, by: "fund-1")
        try bench.say(.issue, to: batch, by: "payer-1")
        try bench.say(.takeAnswer(try PaymentsBatchTests.answer(bench)), to: batch, by: "payer-2")
        let history = try #require(bench.households[home])
        let person = try #require(history.household.members.first?.id)
        let known = try #require(history.household.facts.last { $0.stated.fact == .accountReference }).reference
        func refusal(
            _ action: HouseholdAction, _ actor: String, role: String = "clerk", _ target: EventReference? = nil
        )
            -> Refusal.Reason?
        {
            let context = DecisionContext(
                today: PaymentsBatchTests.today, policy: .chenzhouSample, rights: [.command], newHousehold: home,
                actor: Family.code(actor), roles: [Family.code(role)], department: Self.department("dept.fp"))
            let command = HouseholdCommand(
                id: CommandID(Identifier128(high: 5, low: 5)), household: home, occurredOn: PaymentsBatchTests.today,
                correction: target.map { Correction(corrects: $0, reason: Family.code("typing_error")) }, action: action
            )
            guard case .refused(let refusal) = history.decide(command, in: context) else { return nil }
            return refusal.reason
        }
        let account = HouseholdAction.fact(FactID.accountReference.rawValue, .reference("acc-x"), .person(person))
        for actor in ["payer-1", "payer-2"] {
            #expect(refusal(account, actor) == .accountPayer)
            #expect(refusal(.withdraw, actor, known) == .accountPayer)
        }
        #expect(refusal(account, "clerk-1", role: "payer") == .accountPayer)
        #expect(refusal(account, "clerk-1") != .accountPayer && refusal(.withdraw, "clerk-1", known) == nil)
        #expect(refusal(.fact(Self.hardship, .bool(true)), "payer-1") == nil)
    }
}
