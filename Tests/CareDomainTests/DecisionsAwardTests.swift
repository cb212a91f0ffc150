import CareDomain
import CareTestKit
import Testing

/// Given a determination, when a named person decides, then the decision is recorded or refused.
@Suite("待遇决定")
struct DecisionsAwardTests {
    private static let admission = ClauseID("CZ-2.10d")!
    private static let supplement = ClauseID("CZ-2.1")!
    private static let relief = ClauseID("CZ-2.2")!
    private static let ceiling = ClauseID("XM-2.2")!
    private static let child = FactSubject.person(Family.child)

    /// A family whose child was admitted: at least 5000 yuan are proposed from 2014-09-01 on.
    private static func family(
        _ status: DeterminationMade.Status = .proposed, figure: Fen? = .yuan(5000), until: String? = nil
    ) -> Family {
        var family = Family()
        let clauses: [PolicyCatalog.Clause] = [
            .init(clause: admission, title: "升学奖励", subject: .person, amountType: .floor),
            .init(clause: supplement, title: "提高扶助标准", subject: .person, amountType: .exact),
            .init(clause: relief, title: "实施紧急救助", subject: .incident, amountType: .floor),
            .init(clause: ceiling, title: "借款", subject: .household, amountType: .ceiling),
        ]
        for clause in clauses { family.bench.context.policy.clauses[clause.clause] = clause }
        family.determine(admission, child, .floor, status, figure, from: "2014-09-01", until: until)
        family.determine(supplement, .person(Family.wife), .exact, .entitled, .yuan(300), from: "2014-09-10")
        family.determine(ceiling, .household, .ceiling, .proposed, .yuan(20_000), from: "2014-09-01")
        return family
    }

    @Test("不低于5000元：5000元与6000元接受，4999.99元拒绝并说明条款与下限")
    func floor() {
        for amount in [Fen.yuan(5000), .yuan(6000)] {
            var family = Self.family()
            family.accept(.decide(Self.admission, Self.child, .granted(amount)), on: "2014-10-08")
            #expect(family.state.awards.map(\.decided.outcome) == [.granted(amount)])
            #expect(family.state.awards.first?.period == DayPeriod(start: Family.day("2014-09-01")))
        }
        var family = Self.family()
        let decision = family.say(
            .decide(Self.admission, Self.child, .granted(Fen(499_999))), on: "2014-10-08")
        guard case .refused(let refusal) = decision else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.code == "CARE-1713" && refusal.field == "amount_fen")
        #expect(refusal.clause == Self.admission && refusal.detail == "≥ 5000.00")
    }

    @Test("不超过2万元：多一分也拒绝")
    func ceiling() {
        var family = Self.family()
        family.refuse(
            .awardOutOfBounds, .decide(Self.ceiling, .household, .granted(Fen(2_000_001))), on: "2014-10-08")
        family.accept(.decide(Self.ceiling, .household, .granted(.yuan(20_000))), on: "2014-10-08")
    }

    @Test("所在单位承担的：批准时开出跟进事项，办妥后登记完成；资金承担的不开", arguments: ["employer", "fund"])
    func borneByEmployer(payer: String) throws {
        var family = Self.family()
        family.determine(
            Self.admission, Self.child, .floor, .proposed, .yuan(5000), from: "2014-09-01", payer: payer)
        family.accept(.decide(Self.admission, Self.child, .granted(.yuan(5000))), on: "2014-10-08")
        let items = family.state.planItems
        #expect(items.map(\.opened.clause) == (payer == "employer" ? [Self.admission] : []))
        guard let item = items.first else { return }
        #expect(item.opened.department == DepartmentID(unchecked: "dept.fp") && item.doneOn == nil)
        family.accept(.completePlanItem(PlanItemDone(item: item.reference)), on: "2014-11-03")
        #expect(family.state.planItems.first?.doneOn == Family.day("2014-11-03"))
        // With the decision goes the ground of what it opened.
        #expect(HouseholdHistory.itemsWithoutGround(family.bench.history.events).isEmpty)
        let award = EventReference(sequence: item.reference.sequence - 1)
        family.accept(.withdraw, on: "2014-12-01", correcting: award)
        #expect(HouseholdHistory.itemsWithoutGround(family.bench.history.events) == [item.reference])
    }

    @Test("标准固定、正在享受的条款：说明金额由条款确定，不说没有待遇；日子不对的仍说没有待决定的", arguments: [200, 300])
    func amountIsFixed(yuan: Int64) {
        var family = Self.family()
        let wife = FactSubject.person(Family.wife)
        let decision = family.say(.decide(Self.supplement, wife, .granted(.yuan(yuan))), on: "2014-10-08")
        guard case .refused(let refusal) = decision else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.code == "CARE-1070" && refusal.field == "clause" && refusal.clause == Self.supplement)
        #expect(refusal.chinese.contains("CZ-2.1 = 300.00") && refusal.chinese.contains("由条款确定"))
        family.accept(.decide(Self.supplement, wife, .held), on: "2014-10-08")
    }

    @Test("没有待决定的待遇：尚无认定、当日没有权利、对象不对、条款不存在")
    func nothingToDecide() {
        var none = Self.family(.notEntitled, figure: nil)
        none.refuse(.nothingToDecide, .decide(Self.admission, Self.child, .granted(.yuan(5000))), on: "2014-10-08")
        none.refuse(.nothingToDecide, .decide(Self.admission, Self.child, .refused), on: "2014-10-08")
        var past = Self.family(until: "2014-09-02")
        past.refuse(
            .nothingToDecide, .decide(Self.admission, Self.child, .granted(.yuan(5000)), from: "2014-09-02"),
            on: "2014-10-08")
        var family = Self.family()
        let wife = FactSubject.person(Family.wife)
        family.refuse(.nothingToDecide, .decide(Self.admission, wife, .granted(.yuan(5000))), on: "2014-10-08")
        family.refuse(.unknownClause, .decide(Self.admission, .household, .granted(.yuan(1))), on: "2014-10-08")
        family.refuse(
            .unknownClause, .decide(ClauseID("CZ-9.9")!, .household, .granted(.yuan(1))), on: "2014-10-08")
        family.refuse(
            .unknownClause, .decide(Self.relief, .incident(EventReference(sequence: 1)), .refused), on: "2014-10-08")
        family.refuse(
            .personUnknown, .decide(Self.admission, .person(Family.person(99)), .refused), on: "2014-10-08")
    }

    @Test("没有止日的不予批准挡着：说明是哪个事件、谁决定、自何日起，怎样撤销；撤销之后照批")
    func refusalStands() {
        var family = Self.family()
        family.bench.context.actor = Family.code("clerk-7")
        family.accept(.decide(Self.admission, Self.child, .refused), on: "2014-10-08")
        let refusal = family.last
        family.determine(
            Self.admission, Self.child, .floor, .notEntitled, nil, from: "2014-09-01", decision: refusal)
        let grant = HouseholdAction.decide(Self.admission, Self.child, .granted(.yuan(5000)), from: "2014-11-03")
        guard case .refused(let told) = family.say(grant, on: "2014-11-03") else {
            Issue.record("accepted")
            return
        }
        #expect(told.code == "CARE-1495" && told.field == "period" && told.clause == Self.admission)
        #expect(told.chinese.contains("事件 \(refusal.sequence)，决定人 clerk-7，自 2014-09-01 起，没有止日"))
        #expect(
            told.chinese.contains("decide_award")
                && told.english.contains("event \(refusal.sequence), decided by clerk-7"))
        family.accept(
            .decide(Self.admission, Self.child, .revoked(refusal), from: "2014-11-03"), on: "2014-11-03")
        // Taken back, it is told no longer, also where the determination is older.
        family.refuse(.nothingToDecide, grant, on: "2014-11-03")
        family.determine(Self.admission, Self.child, .floor, .proposed, .yuan(5000), from: "2014-11-03")
        family.accept(grant, on: "2014-11-03")
    }

    @Test("一次性待遇条件具备过两次的：批准只对照最先的一次，不对照以后更高的标准")
    func grantsOneOfTwo() throws {
        func interval(_ from: String, _ until: String?, _ yuan: Int64) -> DeterminationMade.Interval {
            .init(
                period: DayPeriod(start: Family.day(from), end: until.map(Family.day)), status: .proposed,
                amount: .yuan(yuan))
        }
        let made = DeterminationMade(
            clause: Self.admission, subject: Self.child, pack: PackID(unchecked: "chenzhou-2014"),
            packVersion: Family.day("2014-07-16"), packHash: Array(repeating: 1, count: 32),
            cadence: Family.code("once"), amountType: .floor, department: DepartmentID(unchecked: "dept.fp"),
            intervals: [interval("2014-09-01", "2017-07-01", 3000), interval("2017-09-01", nil, 5000)], facts: [],
            readThrough: EventReference(sequence: 1))
        let basis = DecisionBasis(made: made, amountType: .floor)
        func refusal(_ yuan: Int64, from: String) -> Refusal.Reason? {
            let decided = AwardDecided(
                clause: Self.admission, subject: Self.child, outcome: .granted(.yuan(yuan)),
                period: DayPeriod(start: Family.day(from)), reason: Family.code("eligible"))
            do throws(Refusal) {
                try basis.check(decided)
                return nil
            } catch { return error.reason }
        }
        #expect(refusal(3000, from: "2014-09-01") == nil)
        #expect(refusal(2999, from: "2014-09-01") == .awardOutOfBounds)
        #expect(refusal(3000, from: "2017-09-01") == .awardOutOfBounds)
        #expect(refusal(5000, from: "2017-08-01") == nil)
    }

    @Test("不予批准、暂缓有期限；同样的决定不重复登记；空的期间拒绝")
    func refusedAndHeld() {
        var family = Self.family()
        family.accept(.decide(Self.admission, Self.child, .refused), on: "2014-10-08")
        family.refuse(.nothingToDo, .decide(Self.admission, Self.child, .refused), on: "2014-10-09")
        let wife = FactSubject.person(Family.wife)
        family.accept(
            .decide(Self.supplement, wife, .held, from: "2014-10-01", until: "2015-01-01"), on: "2014-10-08")
        family.refuse(
            .dayOrder, .decide(Self.supplement, wife, .held, from: "2014-10-01", until: "2014-10-01"),
            on: "2014-10-08")
        #expect(family.state.awards.map(\.decided.outcome.code) == ["refused", "held"])
    }

    @Test("例外：没有认定也可以决定；金额仍受条款约束")
    func excepted() {
        var family = Self.family(.notEntitled, figure: nil)
        family.accept(.decide(Self.admission, Self.child, .excepted(nil)), on: "2014-10-08")
        var bounded = Self.family()
        bounded.refuse(
            .awardOutOfBounds, .decide(Self.admission, Self.child, .excepted(.yuan(10))), on: "2014-10-08")
        bounded.accept(.decide(Self.admission, Self.child, .excepted(.yuan(5500))), on: "2014-10-08")
    }

    @Test("撤销：只撤一次，只撤自己这一条款的，自撤销日起不再有效")
    func revoked() throws {
        var family = Self.family()
        family.accept(.decide(Self.admission, Self.child, .granted(.yuan(6000))), on: "2014-10-08")
        let decided = family.last
        family.refuse(
            .unknownDecision, .decide(Self.ceiling, .household, .revoked(decided), from: "2014-11-01"),
            on: "2014-11-01")
        family.refuse(
            .unknownDecision,
            .decide(Self.admission, Self.child, .revoked(EventReference(sequence: 1)), from: "2014-11-01"),
            on: "2014-11-01")
        family.refuse(
            .dayOrder, .decide(Self.admission, Self.child, .revoked(decided), from: "2014-08-31"), on: "2014-11-01")
        family.accept(.decide(Self.admission, Self.child, .revoked(decided), from: "2014-11-01"), on: "2014-11-01")
        let award = try #require(family.state.awards.first)
        #expect(award.period == DayPeriod(start: Family.day("2014-09-01"), end: Family.day("2014-11-01")))
        #expect(award.revokedBy == family.last && family.state.awards.count == 1)
        family.refuse(
            .unknownDecision, .decide(Self.admission, Self.child, .revoked(decided), from: "2014-12-01"),
            on: "2014-12-01")
    }

    @Test("决定可以更正、撤回，与事实一样")
    func corrected() {
        var family = Self.family()
        family.accept(.decide(Self.admission, Self.child, .granted(.yuan(6000))), on: "2014-10-08")
        let decided = family.last
        family.refuse(
            .awardOutOfBounds, .decide(Self.admission, Self.child, .granted(.yuan(600))), on: "2014-10-08",
            correcting: decided)
        family.accept(
            .decide(Self.admission, Self.child, .granted(.yuan(6600))), on: "2014-10-08", correcting: decided)
        #expect(family.state.awards.map(\.decided.outcome) == [.granted(.yuan(6600))])
        family.accept(.withdraw, on: "2014-10-09", correcting: family.last)
        #expect(family.state.awards.isEmpty)
    }

    // MARK: The second person

    /// The family of `family`, decided on by clerk-7 under a pack that asks for a second person.
    @Test("决定和撤回决定都只由审核部门办")
    func onlyReviewingDepartments() {
        var family = Self.family()
        let finance = DepartmentID(unchecked: "dept.finance")
        let planning = DepartmentID(unchecked: "dept.fp")
        family.bench.context.policy.places = [
            PolicyPlace(
                pack: PackID(unchecked: "chenzhou-2014"), title: "", territory: nil, functions: [.review: [planning]])
        ]
        let action = HouseholdAction.decide(Self.admission, Self.child, .granted(.yuan(5000)))
        family.bench.context.department = finance
        family.refuse(.functionOffice, action, on: "2014-10-08")
        family.bench.context.department = planning
        family.accept(action, on: "2014-10-08")
        family.bench.context.department = finance
        family.refuse(.functionOffice, .withdraw, on: "2014-10-09", correcting: family.last)
        family.bench.context.department = planning
        family.accept(.withdraw, on: "2014-10-09", correcting: family.last)
    }

    private static func guarded(_ need: SecondApproval) -> Family {
        var family = Self.family()
        family.bench.context.actor = Family.code("clerk-7")
        family.bench.context.policy.clauses[admission]?.secondApproval = need
        return family
    }

    private static func award(_ outcome: AwardDecided.Outcome, second: String?) -> HouseholdAction {
        guard case .decideAward(var decided) = HouseholdAction.decide(admission, child, outcome) else {
            preconditionFailure("DecisionsAwardTests.award: decide makes a decision")
        }
        decided.secondApprover = second.map(Family.code)
        return .decideAward(decided)
    }

    @Test("例外须另有一人复核：没写拒绝，写自己拒绝，写另一人接受并记下")
    func exceptionNeedsTwo() {
        var family = Self.guarded(.exception)
        family.refuse(.secondApproverMissing, Self.award(.excepted(nil), second: nil), on: "2014-10-08")
        family.refuse(.secondApproverSame, Self.award(.excepted(nil), second: "clerk-7"), on: "2014-10-08")
        family.accept(Self.award(.excepted(nil), second: "head-2"), on: "2014-10-08")
        #expect(family.state.awards.map(\.decided.secondApprover) == [Family.code("head-2")])
    }

    @Test("批准高于下限须复核，等于下限、不予批准、暂缓不须")
    func aboveTheFloor() {
        var family = Self.guarded(.aboveFloor)
        family.refuse(.secondApproverMissing, Self.award(.granted(.yuan(5001)), second: nil), on: "2014-10-08")
        family.refuse(.secondApproverMissing, Self.award(.excepted(.yuan(5001)), second: nil), on: "2014-10-08")
        family.accept(Self.award(.granted(.yuan(5000)), second: nil), on: "2014-10-08")
        family.accept(Self.award(.granted(.yuan(5001)), second: "head-2"), on: "2014-10-08")
        family.accept(Self.award(.held, second: nil), on: "2014-10-08")
        family.accept(Self.award(.refused, second: nil), on: "2014-10-08")
    }

    @Test("政策包没有要求复核的照旧；写了复核人就不能是自己；代码稳定")
    func withoutNeed() {
        var family = Self.guarded([])
        family.accept(Self.award(.excepted(nil), second: nil), on: "2014-10-08")
        family.refuse(.secondApproverSame, Self.award(.granted(.yuan(6000)), second: "clerk-7"), on: "2014-10-08")
        #expect(Refusal(.secondApproverMissing).code == "CARE-1716" && Refusal(.secondApproverSame).code == "CARE-1717")
    }
}

extension Family {
    /// What eligibility would append: nothing before `from`, then this until `until`, then nothing.
    mutating func determine(
        _ clause: ClauseID, _ subject: FactSubject, _ type: AmountType, _ status: DeterminationMade.Status,
        _ figure: Fen?, from: String, until: String? = nil, payer: String? = nil, decision: EventReference? = nil
    ) {
        let payers = payer.map { [PayerShare(payer: Family.code($0), parts: 1)] } ?? []
        let start = Family.day(from)
        let end = until.map(Family.day)
        var intervals: [DeterminationMade.Interval] = [
            .init(period: DayPeriod(start: Family.day("2014-07-16"), end: start), status: .notEntitled),
            .init(
                period: DayPeriod(start: start, end: end), status: status, amount: figure, payers: payers,
                decision: decision),
        ]
        if let end { intervals.append(.init(period: DayPeriod(start: end), status: .notEntitled)) }
        bench.record(
            .determinationMade(
                DeterminationMade(
                    clause: clause, subject: subject, pack: PackID(unchecked: "chenzhou-2014"),
                    packVersion: Family.day("2014-07-16"), packHash: Array(repeating: 1, count: 32),
                    cadence: Family.code("once"), amountType: type, department: DepartmentID(unchecked: "dept.fp"),
                    intervals: intervals, facts: [],
                    readThrough: last)), on: start)
    }
}

extension HouseholdAction {
    static func decide(
        _ clause: ClauseID, _ subject: FactSubject, _ outcome: AwardDecided.Outcome, from: String = "2014-09-01",
        until: String? = nil
    ) -> HouseholdAction {
        .decideAward(
            AwardDecided(
                clause: clause, subject: subject, outcome: outcome,
                period: DayPeriod(start: Family.day(from), end: until.map(Family.day)),
                reason: Family.code("meeting")))
    }
}
