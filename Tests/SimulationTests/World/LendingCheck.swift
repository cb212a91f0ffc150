import CareDomain
import CareProjections
import EventLog

extension Check {
    /// What was acknowledged about funds and loans stands where it was said to, once, and nothing that nobody asked for; each
    /// fund holds what the acknowledged commands come to, agrees with its loans and never spends what it has not; a mother
    /// has one loan at a time.
    mutating func lent() throws {
        guard let reader = try log?.makeReader() else { return }
        defer { reader.close() }
        var books = LendingBooks()
        try books.catchUp(reader)
        for command in world.lender.commands.values.sorted(by: { $0.id < $1.id }) {
            guard case .recorded(let first, let last, _)? = world.errands.entry(command.id)?.answer else { continue }
            let own = (books.events[command.stream] ?? []).filter { $0.command == command.id }
            let found = own.map(\.reference.sequence)
            if found != Array(first...last) {
                world.fail("\(command.action) \(command.id) was acknowledged at \(first)...\(last), stands at \(found)")
            }
        }
        asked(books)
        for id in books.fundOrder {
            guard let fund = books.funds[id] else { continue }
            let findings = books.findings(of: fund)
            if !findings.isEmpty { world.fail("fund \(id): \(findings)") }
            balances(fund, books)
        }
        oneAtATime(books)
        for loan in books.loans.values {
            standings.insert(loan.latest.rawValue)
            if loan.overdue(on: world.today) > .zero { standings.insert("overdue") }
        }
    }

    /// Nothing stands that neither was asked for nor follows from something that was.
    private func asked(_ books: LendingBooks) {
        for (stream, events) in books.events {
            for event in events {
                switch event.event {
                case .fund(.posted), .fund(.reserved), .fund(.released), .fund(.takenOver), .fund(.referenceTaken),
                    .fund(.referenceFreed), .loan(.noticeRaised), .loan(.noticeDelivered):
                    continue
                default: break
                }
                // A care-archive that was started anew has forgotten refusals: late attempts may be carried out.
                if world.errands.entry(event.command)?.answer == nil {
                    world.fail("\(event.event) of \(event.command) stands in \(stream), and nobody was told anything")
                }
            }
        }
    }

    /// Whether a command was carried out: as clerks were told, or after a refusal by an attempt that was late on its way.
    private func isDone(_ command: LendingCommand, _ books: LendingBooks) -> Bool {
        switch world.errands.entry(command.id)?.answer {
        case .recorded?: true
        case .refused?: books.events[command.stream]?.contains { $0.command == command.id } ?? false
        case nil: false
        }
    }

    /// The fund's money by the checker's own reckoning: from what was asked for and done alone.
    private func balances(_ fund: Fund, _ books: LendingBooks) {
        var bank = Fen.zero
        var lent = Fen.zero
        for command in world.lender.commands.values where isDone(command, books) {
            switch (command.action, command.stream) {
            case (.fund(.deposit(let deposited)), .fund(fund.id)): bank += deposited.amount
            case (.fund(.handOver(let to, let amount)), .fund(let from)):
                if from == fund.id { bank = bank - amount }
                if to == fund.id { bank += amount }
            case (.loan(let action), .loan(let loan)):
                guard let applied = application(loan, books), applied.fund == fund.id else { continue }
                switch action {
                case .disburse:
                    bank = bank - applied.amount
                    lent += applied.amount
                case .repay(let amount, let receipt):
                    bank += amount
                    // What comes in after a write-off pays no debt back.
                    let recoveries = books.loans[loan]?.recoveries ?? []
                    if !recoveries.contains(where: { $0.content.receipt == receipt }) { lent = lent - amount }
                case .writeOff:
                    // The only figure that no command names: what was left.
                    lent = lent - (books.loans[loan]?.writeOff?.content ?? .zero)
                default: continue
                }
            default: continue
            }
        }
        let aside = fund.claims.filter { books.loans[$0.key]?.latest == .approved }.values.reduce(Fen.zero, +)
        if fund.claims.values.reduce(Fen.zero, +) != aside {
            world.fail("fund \(fund.id) keeps money aside for nothing")
        }
        if fund.ledger.balance(.bank) + aside != bank {
            world.fail("fund \(fund.id) has \(fund.ledger.balance(.bank)) and \(aside) aside, and should have \(bank)")
        }
        if fund.ledger.balance(.lent) != lent {
            world.fail("fund \(fund.id) has lent \(fund.ledger.balance(.lent)), and should have lent \(lent)")
        }
        if fund.available(from: CivilDay(dayNumber: .min)) < .zero {
            world.fail("fund \(fund.id) spent what it had not")
        }
    }

    /// What was asked for in the application of a loan that was taken down.
    private func application(_ loan: LoanID, _ books: LendingBooks) -> LoanApplied? {
        for command in world.lender.commands.values where command.stream == .loan(loan) {
            if case .loan(.apply(let applied)) = command.action, isDone(command, books) { return applied }
        }
        return nil
    }

    private func oneAtATime(_ books: LendingBooks) {
        var open: [PersonID: Int] = [:]
        for id in books.loanOrder {
            guard let loan = books.loans[id], let applied = loan.application?.content else { continue }
            if !loan.isOver { open[applied.mother, default: 0] += 1 }
            if open[applied.mother] ?? 0 > 1 { world.fail("mother \(applied.mother) has two loans at a time") }
            let reviewers = loan.reviews.compactMap(\.by)
            if Set(reviewers).count != reviewers.count { world.fail("loan \(id) was reviewed twice by one person") }
            if let payer = loan.payout?.by, reviewers.contains(payer) { world.fail("who reviewed \(id) paid it out") }
            if loan.payout != nil, !loan.missing.isEmpty {
                world.fail("loan \(id) was paid out without \(loan.missing)")
            }
            let end = CivilDay(dayNumber: .max)
            if loan.repaid(by: end) + loan.recovered(by: end) > loan.amount {
                world.fail("loan \(id) was repaid twice")
            }
        }
    }
}
