import CareDomain
import Testing

/// Loans of the Happiness Project: what must be there before the payout, the schedule, the repayments, the fund.
@Suite("幸福工程：借款")
struct LendingLoanTests {
    @Test("缺担保、缺任一签字、没讲清回笼或没有责任人，都不放款，一次说全")
    func payoutNeedsAllPapers() throws {
        var bench = try LendingBench()
        try bench.act(.apply(LendingBench.application()))
        try bench.review()
        #expect(
            bench.loan.missing.map(\.rawValue) == [
                "helper", "guarantee", "signature_applicant", "signature_project_lead", "signature_township",
                "informed",
            ])
        let steps: [LoanAction] = [
            .nameHelper(LendingBench.code("cadre")),
            .guarantee(committee: LendingBench.home, paper: LendingBench.code("g")),
            .sign(.applicant, LendingBench.quarters), .sign(.projectLead, []), .inform,
        ]
        for step in steps {
            #expect(bench.refusal(.disburse, by: bench.payer) == .loanIncomplete)
            try bench.act(step)
        }
        #expect(bench.refusal(.sign(.township, []), in: bench.own(.village)) == .actorLevelOwn)
        #expect(bench.refusal(.disburse, by: bench.payer) == .loanIncomplete)
        try bench.act(.sign(.township, []), in: bench.own(.township))
        #expect(bench.loan.missing.isEmpty)
        // On the day before the first of these it was all missing, whatever is known today.
        let before = try #require(bench.loan.application).on - 1
        #expect(bench.loan.missing(on: before).count == 3 + 6 && bench.loan.helper(on: before) == nil)
        #expect(
            bench.refusal(.disburse, by: LendingBench.reviewer) == .functionHeld, "who reviewed it does not pay it out")
        try bench.act(.disburse, by: bench.payer)
        #expect(bench.loan.latest == .running)
        #expect(bench.refusal(.disburse, by: bench.payer) == .loanState)
        let repay = LoanAction.repay(.yuan(1_000), receipt: LendingBench.code("r-1"))
        #expect(
            bench.refusal(repay, on: "2018-03-31", by: bench.payer) == .functionHeld, "who paid it out books nothing")
        #expect(bench.refusal(repay, on: "2018-03-31", by: LendingBench.reviewer) == .functionHeld)
        try bench.act(repay, on: "2018-03-31", by: LendingBench.code("treasurer"))
        #expect(bench.loan.holders(of: .fund) == [LendingBench.code("treasurer")])
        #expect(bench.loan.holders(of: .payment) == [bench.payer] && bench.loan.holders(of: .review).count == 3)
    }

    @Test("手续不全、状态不对、先后不对：中文不出代码，代码留给程序")
    func refusalsInWords() throws {
        var bench = try LendingBench()
        func refusal(_ action: LoanAction, on day: String = "2017-12-01") -> Refusal? {
            do {
                _ = try bench.loan.decide(action, on: LendingBench.day(day), in: bench.context())
                return nil
            } catch { return error }
        }
        let early = try #require(refusal(.apply(LendingBench.application()), on: "2015-12-31"))
        #expect(early.reason == .loanBeforeFile && early.chinese.contains("2016-01-01"))
        try bench.act(.apply(LendingBench.application()))
        let order = try #require(refusal(.review(LoanReviewed(level: .district, isPassed: true))))
        #expect(order.detail == "village" && order.chinese.contains("下一级：村（居）"))
        let missing = try #require(refusal(.disburse))
        #expect(missing.chinese.contains("村（居）审核、镇（街）审核、区审核、帮扶责任人、村（居）委会担保"))
        #expect(missing.detail?.hasPrefix("review_village, ") == true && missing.english.contains("review_village"))
        let state = try #require(refusal(.proposeWriteOff(LendingBench.code("gone"))))
        #expect(state.detail == "reviewing" && state.chinese.contains("（审核中）"))
        for refusal in [order, missing, state] {
            #expect(!refusal.chinese.contains("review") && !refusal.chinese.contains("helper"))
        }
    }

    @Test("审核须逐级、由本级的不同的人，一级不通过即止")
    func reviewsGoInOrder() throws {
        var bench = try LendingBench()
        try bench.act(.apply(LendingBench.application()))
        func passed(_ level: LoanLevel) -> LoanAction { .review(LoanReviewed(level: level, isPassed: true)) }
        #expect(bench.refusal(passed(.township), in: bench.own(.township)) == .loanReviewOrder)
        for other in [LoanLevel.township, .district] {
            #expect(bench.refusal(passed(.village), in: bench.own(other)) == .actorLevelOwn, "not even one above")
        }
        var community = bench.own(.district)
        community.department = KnownOffices.community
        try bench.act(passed(.village), on: "2017-12-05", by: community.actor, in: community)
        #expect(bench.refusal(passed(.township), on: "2017-12-05", in: bench.own(.village)) == .actorLevelOwn)
        let same = bench.own(.township, by: "district-1")
        #expect(bench.refusal(passed(.township), on: "2017-12-05", in: same) == .reviewedBefore)
        #expect(bench.refusal(passed(.township), on: "2017-12-04", in: bench.own(.township)) == .dayOrder)
        let wordless = LoanReviewed(level: .township, isPassed: false)
        #expect(bench.refusal(.review(wordless), on: "2017-12-05", in: bench.own(.township)) == .loanReason)
        let turnedDown = LoanReviewed(level: .township, isPassed: false, reason: LendingBench.code("income"))
        try bench.act(.review(turnedDown), on: "2017-12-05", in: bench.own(.township))
        #expect(bench.loan.latest == .rejected && bench.loan.isOver)
        #expect(bench.refusal(.inform) == .loanState)
    }

    @Test("担保的须是她本村的村（居）委会；审核通过以后才签协议，签字不早于审核")
    func guaranteeAndSignatures() throws {
        var bench = try LendingBench()
        try bench.act(.apply(LendingBench.application()))
        let paper = LendingBench.code("g")
        for other in ["350203001002", "350206001001", "350203001"] {
            let committee = DivisionCode(other)!
            #expect(bench.refusal(.guarantee(committee: committee, paper: paper)) == .loanGuarantee)
        }
        #expect(bench.refusal(.sign(.applicant, LendingBench.quarters)) == .loanState, "not before the reviews")
        try bench.review(on: "2017-12-05")
        #expect(bench.refusal(.sign(.applicant, LendingBench.quarters), on: "2017-12-04") == .dayOrder)
        try bench.act(.sign(.applicant, LendingBench.quarters), on: "2017-12-05")
        try bench.act(.guarantee(committee: LendingBench.home, paper: paper))
    }

    @Test("按规则没有资格的不放款，说明缺哪一条；核销不早于放款")
    func noRightNoPayout() throws {
        var bench = try LendingBench()
        try bench.prepare()
        var context = bench.context(by: bench.payer)
        context.noRight = ("XM-2.1a certified hardship", "XM-2.1a 计生困难（认定）")
        #expect(bench.refusal(.disburse, by: bench.payer, in: context) == .noRightToAid)
        try bench.act(.disburse, on: "2017-12-15", by: bench.payer)
        let propose = LoanAction.proposeWriteOff(LendingBench.code("died"))
        let keeper = LendingBench.code("keeper")
        #expect(bench.refusal(propose, on: "2017-12-15", by: bench.payer) == .functionHeld)
        #expect(bench.refusal(propose, on: "2017-12-14", by: keeper) == .dayOrder)
        #expect(bench.refusal(propose, on: "2017-12-15", by: keeper) == nil)
    }

    @Test("超过上限即退回，不自动减；没有设上限的不限")
    func ceilingRefuses() throws {
        var bench = try LendingBench()
        bench.ceiling = .yuan(50_000)
        var over = LendingBench.application(50_000)
        over.amount += Fen(1)
        #expect(bench.refusal(.apply(over)) == .loanCeiling)
        try bench.act(.apply(LendingBench.application(50_000)))
        var free = try LendingBench()
        #expect(free.refusal(.apply(LendingBench.application(90_000))) == nil)
    }

    @Test("前一件未还清不能再借，还清、退回之后可以；一件一件连着编号")
    func oneAtATime() throws {
        var bench = try LendingBench()
        try bench.lend()
        var second = try LendingBench()
        let next = LendingBench.application(number: 2)
        #expect(second.refusal(.apply(next), in: second.context(previous: bench.loan)) == .loanRunning)
        #expect(second.refusal(.apply(next)) == .loanNumber)
        try bench.repay(20_000, "r-1", on: "2018-01-05")
        #expect(bench.loan.latest == .settled)
        // On the day before it was repaid it still ran, whatever is known today.
        let context = second.context(previous: bench.loan)
        for day in ["2017-12-01", "2018-01-04"] {
            #expect(second.refusal(.apply(next), on: day, in: context) == .loanRunning)
        }
        #expect(second.refusal(.apply(next), on: "2018-01-05", in: context) == nil)
        #expect(second.refusal(.apply(next), on: "2018-01-05", in: context) == .loanExists)
    }

    @Test("档案销了，个案不再往下办，可以不通过、撤回；已放的照旧还款")
    func closedFile() throws {
        var bench = try LendingBench()
        try bench.act(.apply(LendingBench.application()))
        var closed = bench.context(by: bench.payer)
        closed.household?.status = .closed(on: LendingBench.day("2017-12-10"), reason: LendingBench.code("moved_away"))
        var village = bench.own(.village)
        village.household = closed.household
        let steps: [LoanAction] = [
            .guarantee(committee: LendingBench.home, paper: LendingBench.code("g")), .inform,
            .nameHelper(LendingBench.code("cadre")), .sign(.applicant, LendingBench.quarters), .disburse,
            .review(LoanReviewed(level: .village, isPassed: true)),
        ]
        for step in steps {
            #expect(bench.refusal(step, on: "2017-12-11", in: village) == .loanOfClosedFile, "\(step)")
        }
        var other = bench
        try other.act(.withdraw(LendingBench.code("moved")), on: "2017-12-11", in: closed)
        let turnedDown = LoanReviewed(level: .village, isPassed: false, reason: LendingBench.code("moved"))
        try bench.act(.review(turnedDown), on: "2017-12-11", in: village)
        #expect(other.loan.latest == .withdrawn && bench.loan.latest == .rejected)
        var lent = try LendingBench()
        try lent.lend()
        let repay = LoanAction.repay(.yuan(1_000), receipt: LendingBench.code("r-1"))
        closed.actor = nil
        #expect(lent.refusal(repay, on: "2018-01-05", in: closed) == nil)
        #expect(lent.refusal(.nameHelper(LendingBench.code("other")), on: "2018-01-05", in: closed) == nil)
    }

    @Test("宽限月数、到期后天数按所问之日的设定：到期 3 月 31 日，30 天的到 4 月 30 日都算按时")
    func graceAsSet() throws {
        var bench = try LendingBench()
        try bench.lend()
        func period(_ start: String, _ end: String? = nil) -> DayPeriod {
            DayPeriod(start: LendingBench.day(start), end: end.map(LendingBench.day))
        }
        let days = OverdueTerms(graceMonths: [], afterDays: [.init(30, in: period("2017-01-01"))])
        #expect(bench.loan.overdue(on: LendingBench.day("2018-04-30"), by: days) == .zero)
        #expect(bench.loan.overdue(on: LendingBench.day("2018-05-01"), by: days) == .yuan(5_000))
        let months = OverdueTerms(graceMonths: [.init(1, in: period("2017-01-01"))], afterDays: [])
        #expect(bench.loan.overdue(on: LendingBench.day("2018-04-30"), by: months) == .zero, "a month ends with April")
        #expect(bench.loan.overdue(on: LendingBench.day("2018-05-01"), by: months) == .yuan(5_000))
        let until = OverdueTerms(graceMonths: [], afterDays: [.init(30, in: period("2017-01-01", "2018-04-10"))])
        #expect(bench.loan.overdue(on: LendingBench.day("2018-04-09"), by: until) == .zero)
        #expect(bench.loan.overdue(on: LendingBench.day("2018-04-10"), by: until) == .yuan(5_000))
        func late(_ terms: OverdueTerms) -> Fen {
            LendingFigures(
                cases: [bench.loan], funds: [], from: LendingBench.day("2018-04-01"),
                through: LendingBench.day("2018-04-20"), overdueBy: terms
            ).overdue
        }
        #expect(late(days) == .zero && late(.standard) == .yuan(5_000))
    }

    @Test("还款率的分母只有借款的区：不借款的区已经登记的借款不进分母，别的数照计")
    func lendingDistrictsAlone() throws {
        var bench = try LendingBench()
        try bench.lend()
        try bench.repay(5_000, "r-1", on: "2018-03-30")
        func figures(lentIn districts: [DivisionCode]) -> LendingFigures {
            LendingFigures(
                cases: [bench.loan], funds: [bench.fund], from: LendingBench.day("2018-01-01"),
                through: LendingBench.day("2018-06-30"),
                lentIn: LendingPlaces(
                    territory: DivisionCode(String(LendingBench.home.rawValue.prefix(4)) + "00"),
                    districts: [.revolvingLoan: districts]))
        }
        let own = DivisionCode(String(LendingBench.home.rawValue.prefix(6)))!
        let lends = figures(lentIn: [own])
        #expect(lends.dueTotal == .yuan(10_000) && lends.repaymentRate == 5_000)
        let gives = figures(lentIn: [])
        #expect(gives.dueTotal == .zero && gives.repaidOfDueTotal == .zero && gives.repaymentRate == nil)
        #expect(gives.outstanding == lends.outstanding && gives.disbursedTotal == lends.disbursedTotal)
        #expect(gives.due == lends.due && gives.repaid == lends.repaid)
    }

    @Test("只借给该户在世的母亲，户在资金的辖区")
    func onlyMothers() throws {
        var bench = try LendingBench()
        let applied = LoanAction.apply(LendingBench.application())
        let husband = bench.context(household: LendingBench.family(role: .husband))
        #expect(bench.refusal(applied, in: husband) == .notAMother)
        let dead = bench.context(household: LendingBench.family(died: "2017-11-30"))
        #expect(bench.refusal(applied, in: dead) == .notAMother)
        #expect(bench.refusal(applied, in: bench.context(household: nil)) == .householdNotFound)
        var elsewhere = bench.context()
        elsewhere.fund = Fund(id: LendingBench.fundID)
        #expect(bench.refusal(applied, in: elsewhere) == .unknownFund)
    }

    @Test("她去世以后不再审核通过、担保、签字、告知，只能不通过或撤回；去世以前的照旧")
    func deadMother() throws {
        var bench = try LendingBench()
        try bench.act(.apply(LendingBench.application()))
        let family = LendingBench.family(died: "2017-12-10")
        func at(_ level: LoanLevel) -> LendingContext {
            var context = bench.own(level)
            context.household = family
            return context
        }
        let passed = LoanAction.review(LoanReviewed(level: .village, isPassed: true))
        #expect(bench.refusal(passed, on: "2017-12-10", in: at(.village)) == .notAMother)
        try bench.act(passed, on: "2017-12-09", in: at(.village))
        for level in [LoanLevel.township, .district] {
            try bench.act(.review(LoanReviewed(level: level, isPassed: true)), on: "2017-12-09", in: at(level))
        }
        let steps: [LoanAction] = [
            .guarantee(committee: LendingBench.home, paper: LendingBench.code("g")),
            .sign(.applicant, LendingBench.quarters), .sign(.projectLead, LendingBench.quarters), .inform,
        ]
        for step in steps {
            #expect(bench.refusal(step, on: "2017-12-10", in: bench.context(household: family)) == .notAMother)
            try bench.act(step, on: "2017-12-09", in: bench.context(household: family))
        }
        try bench.act(.nameHelper(LendingBench.code("cadre")), on: "2017-12-09")
        #expect(bench.refusal(.sign(.township, []), on: "2017-12-10", in: at(.township)) == .notAMother)
        try bench.act(.sign(.township, []), on: "2017-12-09", in: at(.township))
        let paying = bench.context(by: bench.payer, household: family)
        #expect(bench.refusal(.disburse, on: "2017-12-10", in: paying) == .notAMother)
        try bench.act(.withdraw(LendingBench.code("died")), on: "2017-12-11", in: bench.context(household: family))
    }

    @Test("还款计划：到期日递增、合计等于借款，首签定下，后签不得改")
    func schedule() throws {
        var bench = try LendingBench()
        try bench.act(.apply(LendingBench.application()))
        try bench.review()
        #expect(bench.refusal(.sign(.applicant, [])) == .loanSchedule)
        #expect(bench.refusal(.sign(.applicant, Array(LendingBench.quarters.dropLast()))) == .loanSchedule)
        #expect(bench.refusal(.sign(.applicant, LendingBench.quarters.reversed())) == .loanSchedule)
        #expect(bench.refusal(.sign(.applicant, LendingBench.quarters), on: "2018-03-31") == .loanSchedule)
        try bench.act(.sign(.applicant, LendingBench.quarters))
        let other = [LoanInstalment(dueOn: LendingBench.day("2019-01-01"), amount: .yuan(20_000))]
        #expect(bench.refusal(.sign(.township, other), in: bench.own(.township)) == .loanSchedule)
        #expect(bench.refusal(.sign(.applicant, [])) == .nothingToDo)
    }

    @Test("到期日当天算按时，次日起未还部分逾期；一张凭证只记一次，多还的退回")
    func overdueTheDayAfter() throws {
        var bench = try LendingBench()
        try bench.lend()
        try bench.repay(3_000, "r-1", on: "2018-03-31")
        #expect(bench.loan.overdue(on: LendingBench.day("2018-03-31")) == .zero)
        #expect(bench.loan.overdue(on: LendingBench.day("2018-04-01")) == .yuan(2_000))
        #expect(bench.loan.next(on: LendingBench.day("2018-04-01"))?.rest == .yuan(2_000))
        let again = LoanAction.repay(.yuan(3_000), receipt: LendingBench.code("r-1"))
        #expect(bench.refusal(again, on: "2018-04-02") == .receiptTwice)
        let tooMuch = LoanAction.repay(.yuan(17_000) + Fen(1), receipt: LendingBench.code("r-2"))
        #expect(bench.refusal(tooMuch, on: "2018-04-02") == .repaidTooMuch)
        try bench.repay(17_000, "r-3", on: "2018-04-02")
        #expect(bench.loan.state(on: LendingBench.day("2018-04-01")) == .running)
        #expect(bench.loan.state(on: LendingBench.day("2018-04-02")) == .settled)
        #expect(bench.loan.overdue(on: LendingBench.day("2018-12-31")) == .zero)
    }

    @Test("核销由第二个人决定，余款记作核销，不算已还")
    func writeOffTakesTwo() throws {
        var bench = try LendingBench()
        try bench.lend()
        try bench.repay(5_000, "r-1", on: "2018-03-31")
        let keeper = LendingBench.code("keeper")
        #expect(bench.refusal(.writeOff, on: "2018-07-01", by: keeper) == .writeOffNotProposed)
        try bench.act(.proposeWriteOff(LendingBench.code("died")), on: "2018-07-01", by: keeper)
        #expect(bench.refusal(.writeOff, on: "2018-07-02", by: keeper) == .secondApproverSame)
        try bench.act(.writeOff, on: "2018-07-02", by: LendingBench.code("director"))
        #expect(bench.loan.latest == .writtenOff && bench.loan.isOver)
        #expect(bench.fund.ledger.balance(.lent) == .zero)
        #expect(bench.fund.ledger.balance(.writtenOff) == .yuan(15_000))
        let figures = bench.figures(through: "2018-12-31")
        #expect(figures.dueTotal == .yuan(20_000) && figures.repaidOfDueTotal == .yuan(5_000))
        #expect(figures.repaymentRate == 2_500, "a write-off counts as unpaid")
        #expect(figures.overdue == .zero && figures.writtenOff == .yuan(15_000))
    }

    @Test("撤回只在放款之前；阶段和脱贫认定带日期，可以撤回认定")
    func stagesAndExits() throws {
        var bench = try LendingBench()
        try bench.lend()
        #expect(bench.refusal(.withdraw(LendingBench.code("moved"))) == .loanState)
        try bench.act(.stage(.povertyExit), on: "2018-01-01")
        try bench.act(.stage(.startUp), on: "2018-05-01")
        #expect(bench.loan.stage(on: LendingBench.day("2018-04-30")) == .povertyExit)
        #expect(bench.refusal(.stage(.startUp), on: "2018-06-01") == .nothingToDo)
        try bench.act(.assessExit(isOut: true, basis: LendingBench.code("income")), on: "2018-09-01")
        #expect(bench.figures(through: "2018-09-30").exitRate == 10_000)
        try bench.act(.assessExit(isOut: false, basis: LendingBench.code("illness")), on: "2018-10-01")
        #expect(bench.figures(through: "2018-09-30").exitRate == 10_000, "as of the day, not of today")
        #expect(bench.figures(through: "2018-12-31").exitRate == 0)
    }
}
