import CareDomain
import CareTestKit
import Testing

/// Random loans and repayments against a bookkeeper who does everything by hand, day by day and yuan by yuan.
@Suite("幸福工程：随机账目")
struct LendingPropertyTests {
    /// What the bookkeeper wrote down.
    private struct Book {
        var lentOn: CivilDay
        var schedule: [LoanInstalment]
        var paid: [(day: CivilDay, fen: Int64)] = []
        var writtenOffOn: CivilDay?
        var total: Int64 { schedule.reduce(0) { $0 + $1.amount.amount } }

        /// Pays each instalment fen by fen in order of days: how much of those due by the day was paid by the day.
        func repaidOfDue(by day: CivilDay) -> (due: Int64, repaid: Int64, late: Int64) {
            var money = paid.filter { $0.day <= day }.reduce(0) { $0 + $1.fen }
            var (due, repaid, late) = (Int64(0), Int64(0), Int64(0))
            for instalment in schedule {
                let part = min(money, instalment.amount.amount)
                money -= part
                guard instalment.dueOn <= day, lentOn <= day else { continue }
                due += instalment.amount.amount
                repaid += part
                if instalment.dueOn < day { late += instalment.amount.amount - part }
            }
            let isOff = writtenOffOn.map { $0 <= day } ?? false
            return (due, repaid, isOff ? 0 : late)
        }
    }

    @Test("任意顺序的借款、还款、核销：账平、不为负，还款率与逐日手算相同", arguments: 1...40)
    func agreesWithBruteForce(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bench = try LendingBench(capital: 60_000)
        var cases: [LoanCase] = []
        var books: [Book] = []
        let start = LendingBench.day("2018-01-01")
        for number in 0..<Int.random(in: 1...8, using: &generator) {
            bench.loan = LoanCase(id: LoanID(Identifier128(high: 40, low: UInt64(number))))
            let parts = Int.random(in: 1...5, using: &generator)
            let first = Int32.random(in: 20...200, using: &generator)
            let schedule = (0..<parts).map { part in
                LoanInstalment(
                    dueOn: start + first + Int32(part) * 30,
                    amount: .yuan(Int64.random(in: 1...4_000, using: &generator)))
            }
            let total = schedule.reduce(Fen.zero) { $0 + $1.amount }
            try bench.prepare(schedule, yuan: total.amount / 100)
            let fits = total <= bench.fund.available(from: LendingBench.day("2017-12-01"))
            let refusal = bench.refusal(.disburse, by: bench.payer)
            #expect(refusal == (fits ? nil : .fundShort))
            guard fits else { continue }
            var book = Book(lentOn: LendingBench.day("2017-12-01"), schedule: schedule)
            try repay(&bench, &book, &generator, start)
            cases.append(bench.loan)
            books.append(book)
            #expect(bench.fund.ledger.sum == .zero && bench.fund.isBalanced)
            #expect(bench.fund.available >= .zero && bench.fund.ledger.balance(.transit) == .zero)
        }
        let end = CivilDay(dayNumber: .max)
        #expect(bench.fund.ledger.balance(.lent) == cases.reduce(.zero) { $0 + $1.outstanding(on: end) })
        for offset in stride(from: Int32(0), through: 400, by: 7) {
            let day = start + offset
            let figures = LendingFigures(cases: cases, funds: [bench.fund], from: day, through: day)
            let expected = books.map { $0.repaidOfDue(by: day) }
            let due = expected.reduce(0) { $0 + $1.due }
            let repaid = expected.reduce(0) { $0 + $1.repaid }
            #expect(figures.dueTotal.amount == due && figures.repaidOfDueTotal.amount == repaid)
            #expect(figures.overdue.amount == expected.reduce(0) { $0 + $1.late })
            let rate = due == 0 ? nil : Int64((Double(repaid) / Double(due) * 10_000).rounded())
            #expect(figures.repaymentRate == rate)
        }
    }

    private func repay(
        _ bench: inout LendingBench, _ book: inout Book, _ generator: inout SeededGenerator, _ start: CivilDay
    ) throws {
        var day = start
        for receipt in 0..<Int.random(in: 0...6, using: &generator) {
            day = day + Int32.random(in: 0...60, using: &generator)
            let open = book.total - book.paid.reduce(0) { $0 + $1.fen }
            let sum = Int64.random(in: 1...(book.total / 2 + 2), using: &generator)
            let action = LoanAction.repay(Fen(sum), receipt: LendingBench.code("r-\(receipt)"))
            let refusal = bench.refusal(action, on: day.description)
            #expect(refusal == (open == 0 ? .loanState : sum > open ? .repaidTooMuch : nil))
            if refusal == nil { book.paid.append((day, sum)) }
        }
        guard bench.loan.latest == .running, Int.random(in: 0..<4, using: &generator) == 0 else { return }
        try bench.act(.proposeWriteOff(LendingBench.code("died")), on: day.description, by: LendingBench.code("keeper"))
        try bench.act(.writeOff, on: day.description, by: LendingBench.code("director"))
        book.writtenOffOn = day
    }
}
