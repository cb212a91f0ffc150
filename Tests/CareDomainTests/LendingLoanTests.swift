import CareDomain
import Testing

/// Loans of the Happiness Project: what must be there before the payout, the schedule, the repayments, the fund.
@Suite("幸福工程：借款")
struct LendingLoanTests {
    @Test("缺担保、缺任一签字、没讲清回笼或没有责任人，都不放款，一次说全")
    func payoutNeedsAllPapers() throws {
        var bench = try LendingBench()
        try bench.act(.apply(LendingBench.application()))
        for level in LoanLevel.allCases {
            try bench.act(.review(LoanReviewed(level: level, isPassed: true)), by: bench.reviewer)
        }
        #expect(
            bench.loan.missing.map(\.rawValue) == [
                "helper", "guarantee", "signature_applicant", "signature_project_lead", "signature_township",
                "informed",
            ])
        let steps: [LoanAction] = [
            .nameHelper(LendingBench.code("cadre")),
            .guarantee(committee: LendingBench.home, paper: LendingBench.code("g")),
            .sign(.applicant, LendingBench.quarters), .sign(.projectLead, []), .sign(.township, []), .inform,
        ]
        for step in steps {
            #expect(bench.refusal(.disburse, by: bench.payer) == .loanIncomplete)
            try bench.act(step)
        }
        #expect(bench.loan.missing.isEmpty)
        #expect(bench.refusal(.disburse, by: bench.reviewer) == .functionHeld, "who reviewed it does not pay it out")
        try bench.act(.disburse, by: bench.payer)
        #expect(bench.loan.latest == .running)
        #expect(bench.refusal(.disburse, by: bench.payer) == .loanState)
    }

    @Test("审核须逐级，一级不通过即止")
    func reviewsGoInOrder() throws {
        var bench = try LendingBench()
        try bench.act(.apply(LendingBench.application()))
        let passed = LoanReviewed(level: .township, isPassed: true)
        #expect(bench.refusal(.review(passed)) == .loanReviewOrder)
        var villager = bench.context()
        villager.actsFor = [LendingBench.home]
        try bench.act(.review(LoanReviewed(level: .village, isPassed: true)), in: villager)
        #expect(bench.refusal(.review(passed), in: villager) == .actorLevel)
        #expect(bench.refusal(.review(LoanReviewed(level: .township, isPassed: false))) == .loanReason)
        try bench.act(
            .review(LoanReviewed(level: .township, isPassed: false, reason: LendingBench.code("income"))))
        #expect(bench.loan.latest == .rejected && bench.loan.isOver)
        #expect(bench.refusal(.inform) == .loanState)
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
        #expect(second.refusal(.apply(next), in: second.context(previous: bench.loan)) == nil)
        #expect(second.refusal(.apply(next), in: second.context(previous: bench.loan)) == .loanExists)
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

    @Test("还款计划：到期日递增、合计等于借款，首签定下，后签不得改")
    func schedule() throws {
        var bench = try LendingBench()
        try bench.act(.apply(LendingBench.application()))
        #expect(bench.refusal(.sign(.applicant, [])) == .loanSchedule)
        #expect(bench.refusal(.sign(.applicant, Array(LendingBench.quarters.dropLast()))) == .loanSchedule)
        #expect(bench.refusal(.sign(.applicant, LendingBench.quarters.reversed())) == .loanSchedule)
        #expect(bench.refusal(.sign(.applicant, LendingBench.quarters), on: "2018-03-31") == .loanSchedule)
        try bench.act(.sign(.applicant, LendingBench.quarters))
        let other = [LoanInstalment(dueOn: LendingBench.day("2019-01-01"), amount: .yuan(20_000))]
        #expect(bench.refusal(.sign(.township, other)) == .loanSchedule)
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
        #expect(bench.refusal(.writeOff, on: "2018-07-01", by: bench.payer) == .writeOffNotProposed)
        try bench.act(.proposeWriteOff(LendingBench.code("died")), on: "2018-07-01", by: bench.payer)
        #expect(bench.refusal(.writeOff, on: "2018-07-02", by: bench.payer) == .secondApproverSame)
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
