import CareDomain
import CareTestKit
import Testing

/// What was typed into a loan or a fund and should not stand: it is reversed by an entry of its own and counts on no day.
@Suite("幸福工程：冲销")
struct LendingReversalTests {
    private static let treasurer = LendingBench.code("treasurer")
    private static let director = LendingBench.code("director")
    private static let wrong = LendingBench.code("wrong_amount")

    private static func day(_ text: String) -> CivilDay { LendingBench.day(text) }

    /// The latest entry of a kind, and what asks for its reversal.
    private static func undo(_ kind: LoanMovement.Kind, of loan: LoanCase) throws -> LoanAction {
        .reverse(try #require(loan.entries.last { $0.kind == kind }).reference, reason: wrong)
    }

    private static func refusal<T>(_ work: () throws -> T) -> Refusal.Reason? {
        do {
            _ = try work()
            return nil
        } catch { return (error as? Refusal)?.reason }
    }

    @Test("还款 2000 误记成 7000.01：由另一人冲销，凭证可再用；欠款、逾期、余额自始照实")
    func wrongAmount() throws {
        var bench = try LendingBench()
        try bench.lend()
        let mistaken = LoanAction.repay(Fen(700_001), receipt: LendingBench.code("r-1"))
        try bench.act(mistaken, on: "2018-03-31", by: Self.treasurer)
        #expect(bench.loan.overdue(on: Self.day("2018-04-01")) == .zero)
        let undo = try Self.undo(.repaid, of: bench.loan)
        #expect(bench.refusal(undo, on: "2018-04-10", by: Self.treasurer) == .reversedBySame)
        #expect(bench.refusal(undo, on: "2018-04-10") == .reversedBySame, "nobody is not another person")
        #expect(bench.refusal(undo, on: "2018-03-30", by: Self.director) == .dayOrder)
        #expect(bench.refusal(undo, on: "2018-04-10", by: bench.payer) == .functionHeld)
        #expect(bench.refusal(undo, on: "2018-04-10", by: LendingBench.reviewer) == .functionHeld)
        try bench.act(undo, on: "2018-04-10", by: Self.director)
        // On every day, also on those before it was reversed.
        for day in ["2018-04-01", "2018-04-10", "2018-12-31"].map(Self.day) {
            #expect(bench.loan.outstanding(on: day) == .yuan(20_000))
        }
        #expect(bench.loan.overdue(on: Self.day("2018-04-01")) == .yuan(5_000))
        #expect(bench.fund.available(from: Self.day("2018-03-31")) == .yuan(80_000))
        #expect(bench.refusal(undo, on: "2018-04-11", by: Self.director) == .entryReversed)
        let own = EventReference(sequence: bench.loan.lastSequence)
        let again = LoanAction.reverse(own, reason: Self.wrong)
        #expect(
            bench.refusal(again, on: "2018-04-11", by: Self.treasurer) == .unknownEntry, "no reversal of a reversal")
        try bench.act(
            .repay(.yuan(2_000), receipt: LendingBench.code("r-1")), on: "2018-03-31", by: Self.treasurer)
        #expect(bench.loan.outstanding(on: Self.day("2018-04-01")) == .yuan(18_000))
        #expect(bench.fund.available == .yuan(82_000) && bench.fund.ledger.balance(.lent) == .yuan(18_000))
        #expect(bench.fund.ledger.sum == .zero && bench.fund.isBalanced)
        #expect(bench.figures(through: "2018-03-31").repaid == .yuan(2_000))
        #expect(bench.loan.holders(of: .fund) == [Self.treasurer, Self.director], "done all the same")
    }

    @Test("先冲其后的：有还款、核销在，放款不能冲；有核销在，还款不能冲")
    func inOrder() throws {
        var bench = try LendingBench()
        try bench.lend()
        try bench.act(.repay(.yuan(5_000), receipt: LendingBench.code("r-1")), on: "2018-03-31", by: Self.treasurer)
        try bench.act(.proposeWriteOff(LendingBench.code("died")), on: "2018-07-01", by: Self.treasurer)
        try bench.act(.writeOff, on: "2018-07-02", by: Self.director)
        let (payout, repayment) = (try Self.undo(.disbursed, of: bench.loan), try Self.undo(.repaid, of: bench.loan))
        for action in [payout, repayment] {
            #expect(bench.refusal(action, on: "2018-08-01", by: LendingBench.code("third")) == .entryRestedOn)
        }
        let writeOff = try Self.undo(.writtenOff, of: bench.loan)
        #expect(bench.refusal(writeOff, on: "2018-08-01", by: Self.director) == .reversedBySame)
        try bench.act(writeOff, on: "2018-08-01", by: Self.treasurer)
        #expect(bench.loan.latest == .running && bench.fund.ledger.balance(.writtenOff) == .zero)
        #expect(bench.loan.overdue(on: Self.day("2018-07-15")) == .yuan(5_000))
        #expect(bench.refusal(.writeOff, on: "2018-08-01", by: Self.director) == .writeOffNotProposed, "asked anew")
        #expect(bench.refusal(payout, on: "2018-08-01", by: Self.director) == .entryRestedOn)
        try bench.act(repayment, on: "2018-08-01", by: Self.director)
        try bench.act(payout, on: "2018-08-01", by: Self.director)
        #expect(bench.loan.latest == .approved && bench.loan.payout == nil && bench.loan.movements.count == 6)
        #expect(bench.fund.available == .yuan(100_000) && bench.fund.claims.isEmpty)
        #expect(bench.fund.available(from: Self.day("2017-01-02")) == .yuan(100_000))
        #expect(bench.fund.ledger.sum == .zero && bench.fund.ledger.balance(.lent) == .zero)
        #expect(bench.figures(through: "2018-12-31").helpedTotal == 0)
        try bench.act(.disburse, on: "2017-12-20", by: LendingBench.code("payer-2"))
        #expect(bench.loan.latest == .running && bench.fund.available == .yuan(80_000))
        #expect(bench.loan.holders(of: .payment) == [bench.payer, LendingBench.code("payer-2")])
    }

    @Test("前一件的还款冲销后又未还清：后一件不放款，也不能再申请")
    func reopened() throws {
        var first = try LendingBench()
        try first.lend()
        try first.act(
            .repay(.yuan(20_000), receipt: LendingBench.code("r-1")), on: "2018-01-02", by: Self.treasurer)
        var second = try LendingBench()
        second.loan = LoanCase(id: LoanID(Identifier128(high: 4, low: 11)))
        let on = "2018-01-05"
        let settled = second.context(previous: first.loan)
        try second.act(.apply(LendingBench.application(number: 2)), on: on, in: settled)
        try second.review(on: on)
        let steps: [LoanAction] = [
            .nameHelper(LendingBench.code("cadre")),
            .guarantee(committee: LendingBench.home, paper: LendingBench.code("g")),
            .sign(.applicant, LendingBench.quarters), .sign(.projectLead, []), .inform,
        ]
        for step in steps { try second.act(step, on: on) }
        try second.act(.sign(.township, []), on: on, in: second.own(.township))
        try first.act(Self.undo(.repaid, of: first.loan), on: "2018-01-06", by: Self.director)
        #expect(first.loan.latest == .running)
        let context = second.context(by: second.payer, previous: first.loan)
        #expect(second.refusal(.disburse, on: "2018-01-07", by: second.payer, in: context) == .earlierReopened)
        let third = LoanCase(id: LoanID(Identifier128(high: 4, low: 12)))
        var both = second.context(previous: first.loan)
        both.earlier.append(second.loan)
        let apply = LoanAction.apply(LendingBench.application(number: 3))
        #expect(
            Self.refusal { try third.decide(apply, on: Self.day("2018-01-07"), in: both) } == .loanRunning)
    }

    @Test("注资冲销：资金哪一天都不能少于零；凭证可再用；记错的早年一笔不再挡历史数据")
    func deposits() throws {
        var bench = try LendingBench(capital: 20_000)
        try bench.lend()
        // The deposit of the bench is the fund's second event.
        func reversal(of entry: UInt64 = 2, by actor: Code? = Self.director) throws -> FundEvent {
            try bench.fund.reverse(
                EventReference(sequence: entry), Self.wrong, on: Self.day("2018-02-01"), by: actor)
        }
        #expect(Self.refusal { try reversal() } == .fundShort)
        func deposit(_ receipt: String, on day: String) throws {
            let deposited = FundDeposited(
                payer: LendingBench.code("district"), amount: .yuan(20_000), receipt: LendingBench.code(receipt))
            try bench.act(bench.fund.deposit(deposited, on: Self.day(day)), on: day, by: Self.treasurer)
        }
        try deposit("late", on: "2018-01-15")
        #expect(Self.refusal { try reversal() } == .fundShort, "between payout and deposit it would be below zero")
        try deposit("early", on: "2017-01-03")
        #expect(Self.refusal { try reversal(by: nil) } == .reversedBySame)
        let early = bench.fund.lastSequence
        #expect(Self.refusal { try reversal(of: early, by: Self.treasurer) } == .reversedBySame)
        #expect(Self.refusal { try reversal(of: 1) } == .unknownEntry)
        try bench.act(reversal(), on: "2018-02-01", by: Self.director)
        #expect(Self.refusal { try reversal() } == .entryReversed)
        #expect(bench.fund.available == .yuan(20_000) && bench.fund.ledger.sum == .zero && bench.fund.isBalanced)
        #expect(bench.fund.available(from: Self.day("2017-12-01")) == .zero)
        #expect(bench.figures(through: "2018-12-31").capitalTotal == .yuan(40_000))
        #expect(bench.figures(through: "2017-01-02", from: "2017-01-01").capitalTotal == .zero, "on no day")
        let again = FundDeposited(
            payer: LendingBench.code("district"), amount: .yuan(1), receipt: LendingBench.code("cap-1"))
        #expect(Self.refusal { try bench.fund.deposit(again, on: Self.day("2018-02-02")) } == nil)
        let history = FundHistory(
            through: Self.day("2017-01-02"), helped: 1, out: 0, completed: 0, disbursed: .yuan(1), capital: .yuan(1),
            due: .zero, repaid: .zero)
        #expect(Self.refusal { try bench.fund.state(history) } == nil)
        var later = history
        later.through = Self.day("2017-01-03")
        #expect(Self.refusal { try bench.fund.state(later) } == .fundHistoryOverlaps)
    }

    @Test("划转由接收的资金冲销，钱回到原资金，一次")
    func transfers() throws {
        var bench = try LendingBench(capital: 1_000)
        var other = Fund(id: FundID(Identifier128(high: 4, low: 30)))
        func known(_ event: FundEvent, on day: String) -> KnownLendingEvent {
            KnownLendingEvent(
                reference: EventReference(sequence: other.lastSequence + 1), recordedAt: Moment(microseconds: 0),
                occurredOn: Self.day(day), command: CommandID(Identifier128(high: 1, low: 1)), actor: Self.treasurer,
                event: .fund(event))
        }
        let scope = FundScope(division: LendingBench.district, mode: .revolvingLoan, number: 2)
        other.evolve(known(try other.open(scope), on: "2017-01-01"))
        let on = "2018-01-05"
        try bench.act(bench.fund.handOver(.yuan(600), to: other, on: Self.day(on)), on: on, by: Self.treasurer)
        let (cause, given) = try #require(bench.fund.handedOver.first)
        let taken = FundTakenOver(from: bench.fund.id, cause: cause, amount: given.amount)
        other.evolve(known(.takenOver(taken), on: on))
        let (there, later) = (EventReference(sequence: 2), Self.day("2018-01-09"))
        #expect(
            Self.refusal { try bench.fund.reverse(cause, Self.wrong, on: later, by: Self.director) }
                == .reversedAtReceiver)
        #expect(
            Self.refusal { try other.reverse(there, Self.wrong, on: later, by: Self.treasurer) } == .reversedBySame)
        other.evolve(known(try other.reverse(there, Self.wrong, on: later, by: Self.director), on: "2018-01-09"))
        #expect(other.hasReturned(cause, to: bench.fund.id) && other.available == .zero)
        #expect(other.hasTaken(cause, from: bench.fund.id), "it is not taken over once more")
        let back = FundReversed(
            entry: cause, kind: .handedOver, amount: given.amount, reason: Self.wrong, reversing: given.postings)
        try bench.act(.reversed(back), on: "2018-01-09")
        #expect(bench.fund.handedOver.isEmpty && bench.fund.available(from: Self.day(on)) == .yuan(1_000))
        #expect(bench.fund.ledger.balance(.handover) == .zero && other.ledger.balance(.handover) == .zero)
        #expect(
            Self.refusal { try bench.fund.reverse(cause, Self.wrong, on: later, by: Self.director) } == .entryReversed)
    }

    // MARK: After a reversal

    @Test("放款冲销、到期日已过：三方重新签还款计划才能再放；没有冲销、没有过期的不能换计划")
    func agreedAnew() throws {
        var bench = try LendingBench()
        try bench.lend()
        let late = ["2019-06-30", "2019-12-31"].map {
            LoanInstalment(dueOn: Self.day($0), amount: .yuan(10_000))
        }
        try bench.act(Self.undo(.disbursed, of: bench.loan), on: "2018-04-05", by: Self.director)
        #expect(bench.loan.missing.isEmpty, "the old agreement stands while nobody signs another")
        let payer = LendingBench.code("payer-2")
        #expect(bench.refusal(.disburse, on: "2018-04-05", by: payer) == .loanSchedule)
        #expect(bench.refusal(.sign(.applicant, []), on: "2018-04-06") == .nothingToDo)
        #expect(bench.refusal(.sign(.applicant, LendingBench.quarters), on: "2017-12-02") == .nothingToDo)
        #expect(bench.refusal(.sign(.applicant, Array(late.dropLast())), on: "2018-04-06") == .loanSchedule)
        try bench.act(.sign(.applicant, late), on: "2018-04-06")
        #expect(bench.loan.missing.map(\.rawValue) == ["signature_project_lead", "signature_township"])
        #expect(bench.refusal(.disburse, on: "2018-04-06", by: payer) == .loanIncomplete)
        let other = [LoanInstalment(dueOn: Self.day("2019-07-01"), amount: .yuan(20_000))]
        #expect(bench.refusal(.sign(.projectLead, other), on: "2018-04-06") == .loanSchedule, "one schedule for all")
        #expect(bench.refusal(.sign(.applicant, other), on: "2018-04-06") == .nothingToDo)
        try bench.act(.sign(.projectLead, late), on: "2018-04-06")
        try bench.act(.sign(.township, []), on: "2018-04-07", in: bench.own(.township))
        #expect(bench.refusal(.disburse, on: "2018-04-06", by: payer) == .dayOrder, "not before the last signature")
        try bench.act(.disburse, on: "2018-04-07", by: payer)
        #expect(bench.loan.instalments == late && bench.loan.overdue(on: Self.day("2018-12-31")) == .zero)
        #expect(bench.refusal(.sign(.applicant, other), on: "2018-04-08") == .loanState, "paid out, it stands")
    }

    @Test("签了没放，第一期到期日已过：三方重新签还款计划")
    func agreedAnewUnpaid() throws {
        var bench = try LendingBench()
        try bench.prepare()
        let other = [LoanInstalment(dueOn: Self.day("2019-07-01"), amount: .yuan(20_000))]
        #expect(bench.refusal(.sign(.projectLead, other), on: "2018-03-30") == .nothingToDo, "nothing is over yet")
        try bench.act(.sign(.projectLead, other), on: "2018-03-31")
        #expect(bench.loan.missing.map(\.rawValue) == ["signature_applicant", "signature_township"])
        try bench.act(.sign(.applicant, []), on: "2018-03-31")
        try bench.act(.sign(.township, other), on: "2018-03-31", in: bench.own(.township))
        try bench.act(.disburse, on: "2018-04-01", by: bench.payer)
        #expect(bench.loan.next(on: Self.day("2018-04-01"))?.instalment == other[0])
    }

    @Test("提请核销 8000，另一人冲销一笔还款后成 10000：不能照决定，须按现在的数重新提请")
    func writtenOffAsProposed() throws {
        var bench = try LendingBench()
        try bench.lend()
        for (receipt, yuan) in [("r-1", Int64(10_000)), ("r-2", 2_000)] {
            try bench.act(
                .repay(.yuan(yuan), receipt: LendingBench.code(receipt)), on: "2018-03-31", by: Self.treasurer)
        }
        let died = LoanAction.proposeWriteOff(LendingBench.code("died"))
        try bench.act(died, on: "2018-07-01", by: Self.treasurer)
        #expect(bench.loan.writeOffProposal?.content.rest == .yuan(8_000))
        #expect(bench.refusal(died, on: "2018-07-01", by: LendingBench.code("third")) == .nothingToDo)
        try bench.act(Self.undo(.repaid, of: bench.loan), on: "2018-07-02", by: Self.director)
        #expect(bench.refusal(.writeOff, on: "2018-07-03", by: Self.director) == .writeOffSumChanged)
        #expect(bench.refusal(.writeOff, on: "2018-07-03", by: LendingBench.code("third")) == .writeOffSumChanged)
        try bench.act(died, on: "2018-07-03", by: Self.director)
        #expect(bench.refusal(.writeOff, on: "2018-07-04", by: Self.director) == .secondApproverSame)
        try bench.act(.writeOff, on: "2018-07-04", by: Self.treasurer)
        #expect(bench.loan.writeOff?.content == .yuan(10_000))
        #expect(bench.loan.holders(of: .fund) == [Self.treasurer, Self.director])
        let said = Refusal(.writeOffSumChanged, words: "提请时 8000.00 元，现在 10000.00 元")
        #expect(
            said.chinese == "提请核销以后，未还本金变了（提请时 8000.00 元，现在 10000.00 元）；请按现在的数重新提请（loan write-off --reason），再由另一人决定")
    }

    @Test("核销以后收回的：资金收钱，仍是已核销，不算还款；记错的照样由另一人冲销，先于核销")
    func recovered() throws {
        var bench = try LendingBench()
        try bench.lend()
        try bench.act(.repay(.yuan(5_000), receipt: LendingBench.code("r-1")), on: "2018-03-31", by: Self.treasurer)
        try bench.act(.proposeWriteOff(LendingBench.code("died")), on: "2018-07-01", by: Self.treasurer)
        try bench.act(.writeOff, on: "2018-07-02", by: Self.director)
        let before = bench.figures(through: "2018-12-31")
        func receipt(_ yuan: Int64, _ code: String) -> LoanAction {
            .repay(.yuan(yuan), receipt: LendingBench.code(code))
        }
        #expect(bench.refusal(receipt(3_000, "r-2"), on: "2018-07-01", by: Self.treasurer) == .repaidBeforeWriteOff)
        #expect(bench.refusal(receipt(3_000, "r-1"), on: "2018-08-01", by: Self.treasurer) == .receiptTwice)
        #expect(bench.refusal(receipt(15_001, "r-2"), on: "2018-08-01", by: Self.treasurer) == .repaidTooMuch)
        try bench.act(receipt(3_000, "r-2"), on: "2018-08-01", by: Self.treasurer)
        #expect(bench.refusal(receipt(12_001, "r-3"), on: "2018-08-02", by: Self.treasurer) == .repaidTooMuch)
        let end = Self.day("2018-12-31")
        #expect(bench.loan.latest == .writtenOff && bench.loan.outstanding(on: end) == .zero)
        #expect(bench.loan.repaid(by: end) == .yuan(5_000) && bench.loan.recovered(by: end) == .yuan(3_000))
        #expect(bench.loan.recovered(by: Self.day("2018-07-31")) == .zero)
        let ledger = bench.fund.ledger
        #expect(ledger.sum == .zero && bench.fund.isBalanced && bench.fund.available == .yuan(88_000))
        #expect(ledger.balance(.writtenOff) == .yuan(15_000) && ledger.balance(.recovered) == .zero - .yuan(3_000))
        #expect(ledger.balance(.lent) == .zero)
        let after = bench.figures(through: "2018-12-31")
        #expect(after.recovered == .yuan(3_000) && after.repaid == before.repaid)
        #expect(after.writtenOff == before.writtenOff && after.repaymentRate == before.repaymentRate)
        #expect(after.figures.filter { $0.name.rawValue != "recovered_fen" } == before.figures)
        #expect(!before.figures.contains { $0.name.rawValue == "recovered_fen" }, "reports sent before are reproduced")
        let third = LendingBench.code("third")
        let writeOff = try Self.undo(.writtenOff, of: bench.loan)
        let recovery = try Self.undo(.recovered, of: bench.loan)
        #expect(bench.refusal(writeOff, on: "2018-09-01", by: third) == .entryRestedOn)
        #expect(bench.refusal(recovery, on: "2018-09-01", by: Self.treasurer) == .reversedBySame)
        try bench.act(recovery, on: "2018-09-01", by: third)
        #expect(bench.fund.ledger.balance(.recovered) == .zero && bench.fund.available == .yuan(85_000))
        try bench.act(writeOff, on: "2018-09-01", by: third)
        try bench.act(receipt(3_000, "r-2"), on: "2018-09-02", by: Self.treasurer)
        #expect(bench.loan.latest == .running && bench.loan.repaid(by: end) == .yuan(8_000))
    }

    // MARK: Random ledgers

    /// One thing that was done and still stands at the end.
    private struct Deed {
        let reference: EventReference
        let play: (inout LendingBench) throws -> Void
    }

    @Test("任意账目加任意冲销：哪一天看，都与没有那些账目时一样", arguments: 1...60)
    func asIfNeverMade(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bench = try LendingBench(capital: 30_000)
        var plain = try LendingBench(capital: 30_000)
        try bench.prepare()
        try plain.prepare()
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
            try bench.act(.disburse, by: bench.payer)
            try bench.act(Self.undo(.disbursed, of: bench.loan), on: "2017-12-05", by: Self.director)
        }
        try bench.act(.disburse, by: bench.payer)
        try plain.act(.disburse, by: plain.payer)
        var (onLoan, onFund): ([Deed], [Deed]) = ([], [])
        for step in 0..<Int.random(in: 1...25, using: &generator) {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5: try Self.repay(step, &bench, &onLoan, &generator)
            case 5..<8: try Self.undoOne(&bench, &onLoan, &generator)
            case 8: try Self.deposit(step, &bench, &onFund, &generator)
            default: try Self.writeOff(&bench, &onLoan, &generator)
            }
        }
        if let deed = onFund.first, Bool.random(using: &generator) {
            let event = try? bench.fund.reverse(
                deed.reference, Self.wrong, on: Self.day("2018-12-31"), by: Self.director)
            if let event {
                try bench.act(event, on: "2018-12-31")
                onFund.removeFirst()
            }
        }
        for deed in onLoan + onFund { try deed.play(&plain) }
        #expect(bench.fund.ledger.sum == .zero && bench.fund.isBalanced)
        for account in [
            Account.bank, .lent, .transit, .writtenOff, .recovered, .capital(LendingBench.code("district")),
        ] {
            #expect(bench.fund.ledger.balance(account) == plain.fund.ledger.balance(account))
        }
        let start = Self.day("2017-12-01")
        for offset in stride(from: Int32(0), through: 420, by: 5) {
            let day = start + offset
            #expect(bench.loan.state(on: day) == plain.loan.state(on: day))
            #expect(bench.loan.outstanding(on: day) == plain.loan.outstanding(on: day))
            #expect(bench.loan.overdue(on: day) == plain.loan.overdue(on: day))
            #expect(bench.loan.next(on: day)?.rest == plain.loan.next(on: day)?.rest)
            #expect(bench.fund.available(from: day) == plain.fund.available(from: day))
            let figures = LendingFigures(cases: [bench.loan], funds: [bench.fund], from: day, through: day + 30)
            let expected = LendingFigures(cases: [plain.loan], funds: [plain.fund], from: day, through: day + 30)
            #expect(figures == expected)
        }
    }

    private static func someDay(_ generator: inout SeededGenerator) -> String {
        (day("2017-12-05") + Int32.random(in: 0...380, using: &generator)).description
    }

    private static func repay(
        _ step: Int, _ bench: inout LendingBench, _ deeds: inout [Deed], _ generator: inout SeededGenerator
    ) throws {
        let action = LoanAction.repay(
            Fen(Int64.random(in: 1...900_000, using: &generator)), receipt: LendingBench.code("r-\(step)"))
        let on = someDay(&generator)
        guard bench.refusal(action, on: on, by: treasurer) == nil else { return }
        deeds.append(
            Deed(reference: EventReference(sequence: bench.loan.lastSequence)) {
                try $0.act(action, on: on, by: treasurer)
            })
    }

    private static func undoOne(
        _ bench: inout LendingBench, _ deeds: inout [Deed], _ generator: inout SeededGenerator
    ) throws {
        guard let place = deeds.indices.randomElement(using: &generator) else { return }
        let action = LoanAction.reverse(deeds[place].reference, reason: wrong)
        guard bench.refusal(action, on: "2018-12-31", by: LendingBench.code("third")) == nil else { return }
        deeds.remove(at: place)
    }

    private static func deposit(
        _ step: Int, _ bench: inout LendingBench, _ deeds: inout [Deed], _ generator: inout SeededGenerator
    ) throws {
        let deposited = FundDeposited(
            payer: LendingBench.code("district"), amount: Fen(Int64.random(in: 1...500_000, using: &generator)),
            receipt: LendingBench.code("cap-\(step + 2)"))
        let on = someDay(&generator)
        try bench.act(bench.fund.deposit(deposited, on: day(on)), on: on)
        deeds.append(
            Deed(reference: EventReference(sequence: bench.fund.lastSequence)) {
                try $0.act($0.fund.deposit(deposited, on: day(on)), on: on)
            })
    }

    private static func writeOff(
        _ bench: inout LendingBench, _ deeds: inout [Deed], _ generator: inout SeededGenerator
    ) throws {
        // Nothing is written off before what came back.
        let on =
            ([bench.loan.repayments.map(\.on).max(), bench.loan.writeOffProposal?.on].compactMap { $0 } + [
                day("2017-12-05")
            ]).max().map(\.description) ?? "2018-12-31"
        _ = bench.refusal(.proposeWriteOff(LendingBench.code("died")), on: on, by: treasurer)
        guard bench.refusal(.writeOff, on: on, by: director) == nil else { return }
        deeds.append(
            Deed(reference: EventReference(sequence: bench.loan.lastSequence)) { bench in
                _ = bench.refusal(.proposeWriteOff(LendingBench.code("died")), on: on, by: treasurer)
                try bench.act(.writeOff, on: on, by: director)
            })
    }
}
