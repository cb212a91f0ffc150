import CareTestKit
import Testing

@testable import CareDomain

/// Given what packs say of departments, when somebody of another department asks for an act of a function, then it is
/// refused with the departments that hold it; and no family applies under another place's pack.
@Suite("四项职能由哪些部门办")
struct OfficeRightsTests {
    private static let finance = DepartmentID(unchecked: "dept.finance")
    private static let planning = DepartmentID(unchecked: "dept.fp")

    /// A pack of 431000 in which each function but supervision has one department.
    private static func place(_ pack: String = "chenzhou-2014", _ territory: String = "431000") -> PolicyPlace {
        PolicyPlace(
            pack: PackID(unchecked: pack), title: pack, territory: DivisionCode(territory),
            functions: [.review: [planning], .fund: [finance], .payment: [finance]])
    }

    private static var policy: PolicyCatalog {
        var policy = PolicyCatalog.empty
        policy.places = [place(), place("wenzhou-2021", "330300")]
        return policy
    }

    private static func refusal(_ body: () throws(Refusal) -> Void) -> Refusal? {
        do throws(Refusal) {
            try body()
            return nil
        } catch { return error }
    }

    @Test(
        "各项职能只由列明的部门办；没有列明的、辖区外的不限",
        arguments: [
            (CaseFunction.fund, "dept.finance", "431002", true), (.fund, "dept.fp", "431002", false),
            (.fund, "dept.fp", "431002001001", false), (.fund, "dept.fp", "430000", false),
            (.payment, "org.township", "431000", false), (.review, "dept.fp", "431002", true),
            (.supervision, "org.township", "431002", true), (.fund, "dept.fp", "110101", true),
        ])
    func table(function: CaseFunction, department: String, division: String, isAllowed: Bool) {
        let said = Self.refusal { () throws(Refusal) in
            try Self.policy.checkOffice(
                function, of: DepartmentID(unchecked: department), in: DivisionCode(division))
        }
        #expect(said?.reason == (isAllowed ? nil : .functionOffice))
        if !isAllowed { #expect(said?.chinese.contains(function.chinese) == true) }
    }

    @Test("批次的截止、送盘、回盘、退回、冲销都问部门；列户不问")
    func payments() throws {
        var bench = PaymentBench(today: PaymentsBatchTests.today)
        let family = bench.family(1)
        let batch = PaymentsBatchTests.batch
        let prepare = PaymentAction.prepare(PaymentsBatchTests.scope(), households: [family])
        try bench.say(prepare, to: batch, by: "a")
        func ask(_ action: PaymentAction, _ department: DepartmentID) throws -> Refusal.Reason? {
            let state = try #require(bench.batches[batch])
            let command = PaymentCommand(
                id: CommandID(Identifier128(high: 9, low: 1)), batch: batch, occurredOn: PaymentsBatchTests.today,
                action: action)
            return PaymentsBatchTests.refusal(
                state.decide(
                    command,
                    in: BatchContext(
                        today: PaymentsBatchTests.today, accounts: [1: "acc"], actor: Code(unchecked: "x"),
                        department: department, policy: Self.policy)))
        }
        let reason = Code(unchecked: "x")
        let answer = BankAnswer(file: 1, lines: [], declaredCount: 0, declaredTotal: .zero)
        for action in [.close, .issue, .takeAnswer(answer), .recordReturn(line: 1, reason: reason)] + [
            PaymentAction.reverse(line: 1, reason: reason)
        ] {
            #expect(try ask(action, Self.planning) == .functionOffice)
            #expect(try ask(action, Self.finance) != .functionOffice)
        }
        #expect(try ask(prepare, Self.planning) != .functionOffice)
    }

    @Test("审核只由审核部门办，申报不限部门；别处的条款不受理，并说明该户适用哪个政策包")
    func applications() {
        var family = ApplicationSample.family()
        var policy = family.bench.context.policy
        policy.workflows[0].pack = PackID(unchecked: "chenzhou-2014")
        policy.places = Self.policy.places
        family.bench.context.policy = policy
        family.bench.context.department = Self.finance
        family.apply()
        family.refuse(.functionOffice, .forward(family.application.reference, "village"), on: "2015-01-06")
        guard case .refused(let told) = family.say(.forward(family.application.reference, "village"), on: "2015-01-06")
        else {
            Issue.record("accepted")
            return
        }
        #expect(told.english.contains("you are finance") && !told.english.contains("dept."))
        family.bench.context.department = Self.planning
        family.accept(.forward(family.application.reference, "village"), on: "2015-01-06")

        policy.workflows[0].pack = PackID(unchecked: "wenzhou-2021")
        family.bench.context.policy = policy
        let foreign = HouseholdAction.submit(.household, ["form"], clause: ApplicationSample.household)
        family.refuse(.foreignClause, foreign, on: "2015-01-07")
    }

    @Test(
        "有自己条款的部门只审自己的条款；卫生健康（人口计生）、乡镇、村审各部门的；没有条款的、没写主管的不问",
        arguments: [
            ("dept.education", "CZ-2.1", false), ("dept.education", "CZ-2.9", true), ("dept.education", "WZ-3.1", true),
            ("dept.civil_affairs", "CZ-2.1", true), ("dept.fp", "CZ-2.9", true),
            ("dept.health_commission", "CZ-2.9", true),
            ("org.township", "CZ-2.1", true), ("org.community", "CZ-2.9", true), ("dept.education", "CZ-2.10", true),
        ])
    func clausesOfOthers(department: String, clause: String, isAllowed: Bool) throws {
        let education = DepartmentID(unchecked: "dept.education")
        var policy = PolicyCatalog.empty
        for (name, own, pack) in [
            ("CZ-2.1", Self.planning, "chenzhou-2014"), ("CZ-2.9", education, "chenzhou-2014"),
            ("CZ-2.10", nil, "chenzhou-2014"), ("WZ-3.1", Self.planning, "wenzhou-2021"),
        ] {
            let clause = try #require(ClauseID(name))
            policy.clauses[clause] = .init(
                clause: clause, title: name, subject: .household, amountType: .none, department: own,
                pack: PackID(unchecked: pack))
        }
        let asked = try #require(ClauseID(clause))
        let said = Self.refusal { () throws(Refusal) in
            try policy.checkDepartment(of: asked, DepartmentID(unchecked: department))
        }
        #expect(said?.reason == (isAllowed ? nil : .clauseDepartment))
        if !isAllowed { #expect(said?.chinese.contains("CZ-2.1由人口计生主管，您是教育") == true) }
    }

    @Test("别的部门的条款，不作决定、不审申报")
    func awardsOfOthers() {
        var family = ApplicationSample.family()
        var policy = family.bench.context.policy
        policy.clauses[ApplicationSample.clause]?.department = Self.planning
        policy.clauses[ApplicationSample.household]?.department = DepartmentID(unchecked: "dept.education")
        family.bench.context.policy = policy
        family.bench.context.department = DepartmentID(unchecked: "dept.education")
        family.apply()
        family.refuse(.clauseDepartment, .forward(family.application.reference, "village"), on: "2015-01-06")
        family.bench.context.department = DepartmentID(unchecked: "org.township")
        family.accept(.forward(family.application.reference, "village"), on: "2015-01-06")
    }

    @Test(
        "伤残鉴定、借款申请、档案等只由列明的部门登记，没有列明的档案、事实归村、乡镇和管档案的部门：每件事 × 每个部门 × 辖区内外",
        arguments: OwnedAct.allCases)
    func owners(act: OwnedAct) {
        var place = Self.place()
        let owners = ["org.township", "dept.fp", "dept.health_commission"].map { DepartmentID(unchecked: $0) }
        place.owners = [act: owners]
        var policy = PolicyCatalog.empty
        policy.places = [place]
        let keys = KnownOffices.departments.map(\.id) + [KnownOffices.none, KnownOffices.house]
        for department in keys {
            for asked in OwnedAct.allCases {
                for (division, isInside) in [("431002", true), ("431002001001", true), ("110101", false)] {
                    let said = Self.refusal { () throws(Refusal) in
                        try policy.checkOwner(of: asked, department, in: DivisionCode(division))
                    }
                    let isDocumentary = KnownOffices.departments.contains { $0.id == department }
                    let isNamed = asked == act && isInside
                    let allowed = isNamed ? owners : asked.standing
                    let isRefused = isDocumentary && allowed?.contains(department) == false
                    let reason: Refusal.Reason = asked == .file ? .fileOwner : .actOwner
                    #expect(said?.reason == (isRefused ? reason : nil), "\(department) \(asked) \(division)")
                    guard isRefused, isNamed else { continue }
                    #expect(said?.chinese.contains("\(act.chinese)由乡镇（街道）、人口计生、卫生健康登记") == true)
                    #expect(said?.english.contains("dept.") == false)
                }
            }
        }
    }

    @Test("住建不登记伤残鉴定，乡镇登记；户里不留下被拒的")
    func assessments() {
        var family = ApplicationSample.family()
        var place = Self.place()
        place.owners = [.disabilityAssessment: [KnownOffices.township]]
        family.bench.context.policy.places = [place]
        family.bench.context.department = DepartmentID(unchecked: "dept.housing")
        let assessed = HouseholdAction.assessDisability(DisabilityAssessed(person: Family.wife, grade: 2))
        family.refuse(.actOwner, assessed, on: "2015-01-06")
        family.bench.context.department = KnownOffices.township
        family.accept(assessed, on: "2015-01-06")
    }

    @Test("管钱的财政不登记借款申请、帮扶责任人、脱贫认定，计生协会登记")
    func loans() throws {
        var bench = try LendingBench()
        let association = DepartmentID(unchecked: "dept.fp_association")
        var place = Self.place("xiamen-2017", "350200")
        place.functions = [:]
        place.owners = [.loanApplication: [association], .loanExit: [association], .loanHelper: [association]]
        func context(_ department: DepartmentID) -> LendingContext {
            var context = bench.context(by: LendingBench.code("a"))
            context.policy.places = [place]
            context.department = department
            return context
        }
        let apply = LoanAction.apply(LendingBench.application())
        let helper = LoanAction.nameHelper(LendingBench.code("cadre-3"))
        let exit = LoanAction.assessExit(isOut: true, basis: LendingBench.code("income"))
        #expect(bench.refusal(apply, in: context(Self.finance)) == .actOwner)
        #expect(bench.refusal(apply, in: context(association)) == nil)
        // Who is not told of cases does nothing about one.
        var kept = context(DepartmentID(unchecked: "dept.civil_affairs"))
        let principal = FactID(unchecked: "loan.principal")
        kept.policy.sight.add(
            FactRestrictions.Version(
                territory: place.territory, inForce: DayPeriod(start: CivilDay(year: 2017, month: 1, day: 1)!),
                facts: [principal], shownTo: [principal: [association]]), of: place.pack)
        for action in [helper, .inform, .withdraw(LendingBench.code("x"))] {
            #expect(bench.refusal(action, in: kept) == .factKept)
        }
        kept.department = association
        #expect(bench.refusal(.inform, in: kept) != .factKept)
        for action in [helper, exit] { #expect(bench.refusal(action, in: context(Self.finance)) == .actOwner) }
        #expect(bench.refusal(helper, in: context(association)) == nil)
        #expect(bench.refusal(exit, in: context(association)) == .loanState)
    }

    @Test("单位的指导数、限额、预拨、结算归资金管理，评分归监督评估")
    func units() {
        let year = 2021
        let reason = Code(unchecked: "x")
        let sum = UnitSum(year: year, amount: .yuan(1))
        #expect(UnitAction.setBudget(sum).function == .fund && UnitAction.setAdvance(sum).function == .fund)
        #expect(UnitAction.compute(year: year, reason: reason).function == .fund)
        #expect(LoanAction.disburse.function == .payment && LoanAction.writeOff.function == .fund)
        #expect(LoanAction.review(.init(level: .village, isPassed: true)).function == .review)
    }

    @Test("部门、角色的代码都不重复")
    func codes() {
        #expect(Set(KnownOffices.departments.map(\.id)).count == KnownOffices.departments.count)
        #expect(Set(KnownOffices.roles.map(\.id)).count == KnownOffices.roles.count)
    }
}
