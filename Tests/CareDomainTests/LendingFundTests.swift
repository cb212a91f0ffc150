import CareDomain
import Testing

/// Funds, aid that is not repaid, and the indicators; the document's own figures among them.
@Suite("幸福工程：资金与指标")
struct LendingFundTests {
    /// The reason for which something is refused; nil when it is not.
    private static func refusal(_ work: () throws -> Void) -> Refusal.Reason? {
        do {
            try work()
            return nil
        } catch { return (error as? Refusal)?.reason }
    }

    @Test("10万元滚动：借出两笔2万余6万，收回1.5万余7.5万，总额不变；不够的不放")
    func revolves() throws {
        var bench = try LendingBench()
        try bench.lend()
        let fund = bench.fund
        bench = try LendingBench()
        bench.fund = fund
        bench.loan = LoanCase(id: LoanID(Identifier128(high: 4, low: 11)))
        try bench.lend()
        #expect(bench.fund.available == .yuan(60_000))
        #expect(bench.fund.ledger.balance(.lent) == .yuan(40_000))
        try bench.repay(15_000, "r-1", on: "2018-03-01")
        #expect(bench.fund.available == .yuan(75_000))
        #expect(bench.fund.ledger.balance(.lent) == .yuan(25_000))
        #expect(bench.fund.ledger.sum == .zero && bench.fund.isBalanced)
        let other = LoanID(Identifier128(high: 4, low: 12))
        #expect(
            Self.refusal {
                _ = try bench.fund.reserve(other, .yuan(75_000) + Fen(1), on: LendingBench.day("2018-03-02"))
            }
                == .fundShort)
        try bench.act(bench.fund.reserve(other, .yuan(75_000), on: LendingBench.day("2018-03-02")), on: "2018-03-02")
        #expect(bench.fund.available == .zero)
        try bench.act(.released(.releasing(other, .yuan(75_000))), on: "2018-03-03")
        #expect(bench.fund.available == .yuan(75_000) && bench.fund.claims.isEmpty)
    }

    @Test("盘活31.85万元：街道资金上缴区资金，借款留在原资金")
    func handsOver() throws {
        var bench = try LendingBench(capital: 338_500)
        try bench.lend()
        var district = Fund(id: FundID(Identifier128(high: 4, low: 30)))
        let opened = try district.open(FundScope(division: LendingBench.district, mode: .revolvingLoan, number: 2))
        func known(_ event: FundEvent) -> KnownLendingEvent {
            KnownLendingEvent(
                reference: EventReference(sequence: district.lastSequence + 1), recordedAt: Moment(microseconds: 0),
                occurredOn: LendingBench.day("2018-01-05"), command: CommandID(Identifier128(high: 1, low: 1)),
                event: .fund(event))
        }
        #expect(
            Self.refusal { _ = try bench.fund.handOver(.yuan(1), to: district, on: LendingBench.day("2018-01-05")) }
                == .fundScope, "not open yet")
        district.evolve(known(opened))
        #expect(
            Self.refusal {
                _ = try bench.fund.handOver(.yuan(318_501), to: district, on: LendingBench.day("2018-01-05"))
            } == .fundShort)
        #expect(
            Self.refusal { _ = try bench.fund.handOver(.yuan(1), to: bench.fund, on: LendingBench.day("2018-01-05")) }
                == .fundScope)
        try bench.act(
            bench.fund.handOver(.yuan(318_500), to: district, on: LendingBench.day("2018-01-05")), on: "2018-01-05")
        let (cause, event) = try #require(bench.fund.handedOver.first)
        district.evolve(known(.takenOver(FundTakenOver(from: bench.fund.id, cause: cause, amount: event.amount))))
        #expect(district.hasTaken(cause, from: bench.fund.id))
        #expect(district.available == Fen(31_850_000) && bench.fund.available == .zero)
        #expect(bench.fund.ledger.balance(.lent) == .yuan(20_000), "the loan stays where it was given")
        #expect(bench.fund.ledger.balance(.handover) + district.ledger.balance(.handover) == .zero)
        #expect(bench.fund.ledger.sum == .zero && district.ledger.sum == .zero)
    }

    @Test("一张注资凭证只记一次；一笔资金只设一次")
    func depositsOnce() throws {
        let bench = try LendingBench()
        let again = FundDeposited(
            payer: LendingBench.code("city"), amount: .yuan(5), receipt: LendingBench.code("cap-1"))
        #expect(Self.refusal { _ = try bench.fund.deposit(again, on: LendingBench.day("2018-01-05")) } == .receiptTwice)
        let scope = FundScope(division: LendingBench.district, mode: .revolvingLoan)
        #expect(Self.refusal { _ = try bench.fund.open(scope) } == .fundExists)
        #expect(
            Self.refusal { _ = try Fund(id: LendingBench.fundID).deposit(again, on: LendingBench.day("2018-01-05")) }
                == .unknownFund)
    }

    @Test("一张凭证、一笔银行贷款在一笔资金里只归一件；钱没到账之前、设立之前不能用")
    func referencesAndDays() throws {
        var bench = try LendingBench(capital: 0)
        let (one, other) = (LoanID(Identifier128(high: 4, low: 20)), LoanID(Identifier128(high: 4, low: 21)))
        func reference(_ loan: LoanID, _ kind: FundReference.Kind, _ text: String) -> FundReference {
            FundReference(loan: loan, kind: kind, reference: LendingBench.code(text))
        }
        func deposit(_ receipt: String, on day: String) throws -> FundEvent {
            try bench.fund.deposit(
                FundDeposited(
                    payer: LendingBench.code("city"), amount: .yuan(100), receipt: LendingBench.code(receipt)),
                on: LendingBench.day(day))
        }
        try bench.act(#require(try bench.fund.take(reference(one, .receipt, "r-1"))), on: "2018-01-05")
        #expect(try bench.fund.take(reference(one, .receipt, "r-1")) == nil, "it has it already")
        #expect(Self.refusal { _ = try bench.fund.take(reference(other, .receipt, "r-1")) } == .receiptTwice)
        #expect(Self.refusal { _ = try deposit("r-1", on: "2018-01-05") } == .receiptTwice)
        try bench.act(#require(try bench.fund.take(reference(one, .lender, "r-1"))), on: "2018-01-05")
        #expect(Self.refusal { _ = try bench.fund.take(reference(other, .lender, "r-1")) } == .lenderTwice)
        try bench.act(.referenceFreed(reference(one, .lender, "r-1")), on: "2018-01-06")
        #expect(try bench.fund.take(reference(other, .lender, "r-1")) != nil)

        #expect(Self.refusal { _ = try deposit("r-2", on: "2016-12-31") } == .dayOrder, "not open yet")
        try bench.act(deposit("r-2", on: "2018-03-01"), on: "2018-03-01")
        #expect(Self.refusal { _ = try deposit("r-2", on: "2018-03-02") } == .receiptTwice)
        let before = LendingBench.day("2018-02-28")
        #expect(Self.refusal { _ = try bench.fund.reserve(one, .yuan(100), on: before) } == .fundShort)
        try bench.act(bench.fund.reserve(one, .yuan(60), on: LendingBench.day("2018-03-05")), on: "2018-03-05")
        // What later days need is not there on earlier ones either.
        #expect(bench.fund.available(from: LendingBench.day("2018-03-01")) == .yuan(40))
        #expect(bench.fund.available(from: before) == .zero)
    }

    @Test("还款率算例：四期各5000元，截至9月30日")
    func repaymentRate() throws {
        var onTime = try LendingBench()
        try onTime.lend()
        #expect(onTime.figures(through: "2018-03-01").repaymentRate == nil, "nothing due: not applicable, not 100 %")
        for (place, day) in ["2018-03-31", "2018-06-30"].enumerated() {
            try onTime.repay(5_000, "r-\(place)", on: day)
        }
        var part = onTime
        try onTime.repay(5_000, "r-3", on: "2018-09-30")
        #expect(onTime.figures(through: "2018-09-30").repaymentRate == 10_000)
        try part.repay(3_000, "r-3", on: "2018-09-30")
        let figures = part.figures(through: "2018-09-30")
        #expect(figures.dueTotal == .yuan(15_000) && figures.repaidOfDueTotal == .yuan(13_000))
        #expect(figures.repaymentRate == 8_667)
        try onTime.repay(5_000, "r-4", on: "2018-09-30")
        #expect(onTime.figures(through: "2018-09-30").repaidOfDueTotal == .yuan(15_000), "early counts at its due day")
        var grant = try LendingBench(mode: .grant)
        try grant.act(.apply(LendingBench.application(5_000)))
        try grant.review()
        try grant.act(.nameHelper(LendingBench.code("cadre")))
        try grant.act(.disburse, by: grant.payer)
        #expect(grant.loan.latest == .given)
        #expect(grant.fund.ledger.balance(.given(.grant)) == .yuan(5_000))
        let both = LendingFigures(
            cases: [part.loan, grant.loan], funds: [], from: LendingBench.day("2017-10-01"),
            through: LendingBench.day("2018-09-30"))
        #expect(both.repaymentRate == 8_667, "a grant does not enter the rate")
        #expect(both.disbursedTotal == .yuan(25_000))
    }

    @Test("原文的数字：3567÷3605=98.95%，2401.43万元户均6661.39元，慰问40.63万元人均404.68元")
    func figuresOfTheDocument() throws {
        var bench = try LendingBench(capital: 0)
        let history = FundHistory(
            through: LendingBench.day("2017-09-30"), helped: 3605, out: 3567, completed: 3600,
            disbursed: .yuan(24_014_300), capital: .yuan(9_000_000), due: .yuan(1_000_000), repaid: .yuan(1_000_000))
        try bench.act(bench.fund.state(history), on: "2017-10-08")
        let figures = bench.figures(through: "2017-09-30", from: "2017-07-01")
        #expect(figures.exitRate == 9_895)
        #expect(LendingFigures.rate(3568, of: 3605) == 9_897, "the printed figures fit 3567 exits alone")
        #expect(figures.exitRateOfCompleted == 9_908, "the other denominator")
        #expect(figures.disbursedTotal == Fen(2_401_430_000))
        #expect(figures.mean == Fen(666_139))
        #expect(figures.repaymentRate == 10_000)
        #expect(figures.capitalTotal == .yuan(9_000_000))
        let comfort = Fen(36_910_000) + Fen(3_720_000)
        #expect(comfort == Fen(40_630_000) && (comfort.amount * 2 + 1004) / 2008 == 40_468)
        #expect(bench.figures(through: "2017-09-29", from: "2017-07-01").exitRate == nil, "not yet covered")
        var wrong = history
        wrong.out = 3606
        #expect(Self.refusal { _ = try bench.fund.state(wrong) } == .fundHistory)
    }

    @Test("历史数据到台账第一笔账的前一天为止，之后的账不能再记在它算过的日子里；不还款的资金没有应还")
    func historyBeforeTheRecord() throws {
        var bench = try LendingBench(capital: 100)
        func history(_ day: String, due: Int64 = 0) -> FundHistory {
            FundHistory(
                through: LendingBench.day(day), helped: 100, out: 50, completed: 50, disbursed: .yuan(500),
                capital: .yuan(500), due: .yuan(due), repaid: .zero)
        }
        for day in ["2017-01-02", "2018-12-31"] {
            #expect(Self.refusal { _ = try bench.fund.state(history(day)) } == .fundHistoryOverlaps)
        }
        try bench.act(bench.fund.state(history("2017-01-01", due: 10)), on: "2017-10-08")
        let late = FundDeposited(
            payer: LendingBench.code("city"), amount: .yuan(5), receipt: LendingBench.code("c-2"))
        #expect(
            Self.refusal { _ = try bench.fund.deposit(late, on: LendingBench.day("2017-01-01")) }
                == .fundHistoryOverlaps)
        #expect(Self.refusal { _ = try bench.fund.deposit(late, on: LendingBench.day("2017-01-02")) } == nil)
        let grants = try LendingBench(mode: .grant, capital: 0)
        #expect(Self.refusal { _ = try grants.fund.state(history("2017-01-01", due: 10)) } == .fundHistory)
        #expect(Self.refusal { _ = try grants.fund.state(history("2017-01-01")) } == nil)
    }

    @Test("贴息=本金×年利率×年数×比例，四舍五入一次到分；本金不入账")
    func subsidies() throws {
        func terms(_ yuan: Int64, rate: Int, years: Int, days: Int, share: Int) -> SubsidyTerms {
            SubsidyTerms(
                lender: LendingBench.code("bank"), principal: .yuan(yuan), rateThousandths: rate, years: years,
                days: days, shareThousandths: share)
        }
        #expect(terms(100_000, rate: 4_350, years: 1, days: 0, share: 100_000).subsidy == Fen(435_000))
        #expect(terms(100_000, rate: 4_350, years: 1, days: 73, share: 50_000).subsidy == Fen(261_000))
        // 100 000 × 4.35 % × 100 / 365 = 1191.780…; half of it 595.890…
        #expect(terms(100_000, rate: 4_350, years: 0, days: 100, share: 50_000).subsidy == Fen(59_589))
        // 1 yuan × 1 % × 1 year × 50 % = 0.5 fen, rounded up.
        #expect(terms(1, rate: 1_000, years: 1, days: 0, share: 50_000).subsidy == Fen(1))
        #expect(terms(1, rate: 1_000, years: 1, days: 0, share: 49_999).subsidy == .zero)
        var bench = try LendingBench(mode: .interestSubsidy)
        let subsidy = terms(100_000, rate: 4_350, years: 1, days: 0, share: 100_000)
        #expect(bench.refusal(.apply(LendingBench.application(4_350))) == .loanAmount, "a subsidy has terms")
        #expect(bench.refusal(.apply(LendingBench.application(4_351, subsidy: subsidy))) == .loanAmount)
        try bench.act(.apply(LendingBench.application(4_350, subsidy: subsidy)))
        try bench.review()
        try bench.act(.nameHelper(LendingBench.code("cadre")))
        try bench.act(.disburse, by: bench.payer)
        #expect(bench.fund.ledger.balance(.given(.interestSubsidy)) == .yuan(4_350))
        #expect(bench.fund.ledger.balance(.lent) == .zero && bench.fund.available == .yuan(95_650))
        #expect(bench.figures(through: "2018-12-31").repaymentRate == nil)
    }

    @Test("报表上报即冻结：更正是新版，须有变化、写原因，旧版不动；期未满不报")
    func reportsAreFrozen() throws {
        let scope = LoanReportScope(
            kind: .quarter, division: LendingBench.district, firstDay: LendingBench.day("2018-07-01"),
            lastDay: LendingBench.day("2018-09-30"))
        var report = LoanReport(id: LoanReportID(Identifier128(high: 1, low: 1)))
        func sent(_ version: Int, _ value: Int64, reason: String? = nil) -> LoanReportSent {
            LoanReportSent(
                scope: scope, version: version, knownAt: Moment(microseconds: Int64(version)),
                figures: [LoanFigure(LendingBench.code("due_fen"), value)], reason: reason.map(LendingBench.code))
        }
        let early = LendingBench.day("2018-09-30")
        let day = LendingBench.day("2018-10-08")
        #expect(Self.refusal { _ = try report.send(sent(1, 5), on: early) } == .reportTooEarly)
        #expect(Self.refusal { _ = try report.send(sent(2, 5), on: day) } == .reportVersion)
        func take(_ event: LendingEvent) {
            report.evolve(
                KnownLendingEvent(
                    reference: EventReference(sequence: report.lastSequence + 1), recordedAt: Moment(microseconds: 0),
                    occurredOn: day, command: CommandID(Identifier128(high: 1, low: 1)), event: event))
        }
        take(try report.send(sent(1, 5), on: day))
        #expect(Self.refusal { _ = try report.send(sent(2, 5, reason: "x"), on: day) } == .nothingToDo)
        #expect(Self.refusal { _ = try report.send(sent(2, 6), on: day) } == .reportReason)
        take(try report.send(sent(2, 6, reason: "late"), on: day))
        #expect(report.versions.map(\.sent.version) == [1, 2])
        #expect(report.versions.first?.sent.figures.first?.value == 5)
    }
}
