import CareDomain
import CareProjections
import CareWire
import MessageBus

/// 幸福工程 in a run: two funds with little money lend to the same mothers, level by level; the last money is asked for by
/// two at a time, instalments are paid, missed and written off, and balances are handed over.
final class Lender {
    static let scopes = [1, 2].map { FundScope(division: People.division, mode: .revolvingLoan, number: $0) }
    /// Well before the first family was registered.
    private static let opening = CivilDay(microsecondsUTC: World.beginning) - 200

    private(set) var commands: [CommandID: LendingCommand] = [:]
    private let errands: Errands
    private let idSeed: UInt64
    private let limit: Int

    init(random: SeededRandom, errands: Errands) {
        var random = random
        self.errands = errands
        idSeed = random.next()
        limit = random.chance(500) ? random.number(20...70) : 0
    }

    /// The next command of a clerk, or one that was answered before; nil when there is nothing to do for it.
    /// - Parameters:
    ///   - families: Those that were registered.
    ///   - read: Funds and loans as the log has them now; nil while nobody can be asked.
    func next(
        for clerk: MachineName, _ families: [HouseholdCommand], today: CivilDay, _ random: inout SeededRandom,
        read: () -> LendingBooks?
    ) -> Errands.Entry? {
        guard commands.count < limit, !families.isEmpty else { return nil }
        // Of the own ones: another level may not even be told that it is there.
        let own = commands.keys.compactMap(errands.entry).filter { $0.clerk == clerk && $0.answer != nil }.map(\.id)
        if random.chance(50), !own.isEmpty { return errands.entry(random.one(of: own.sorted())) }
        guard let books = read(), let (stream, action, day) = act(of: clerk, books, families, today, &random) else {
            return nil
        }
        let command = LendingCommand(
            id: CommandID(Identifier128(high: idSeed, low: UInt64(commands.count + 1))), stream: stream,
            occurredOn: day, action: action)
        guard let bytes = try? LendingCodec.encode(command) else { return nil }
        let entry = Errands.Entry(
            id: command.id, method: .submitLoan, bytes: bytes, clerk: clerk, label: Self.label(action))
        commands[command.id] = command
        errands.add(entry)
        return entry
    }

    private static func label(_ action: LendingAction) -> String {
        switch action {
        case .fund(let action): "fund \(String("\(action)".prefix { $0 != "(" }))"
        case .loan(let action): "loan \(String("\(action)".prefix { $0 != "(" }))"
        case .report: "report"
        }
    }

    private func act(
        of clerk: MachineName, _ books: LendingBooks, _ families: [HouseholdCommand], _ today: CivilDay,
        _ random: inout SeededRandom
    ) -> (LendingStream, LendingAction, CivilDay)? {
        let fund = FundID.derived(from: random.one(of: Self.scopes))
        if clerk == .districtClerk || random.chance(50), let action = act(on: fund, books, &random) {
            return (.fund(fund), .fund(action), Self.opening + Int32(random.number(0...3)))
        }
        let lent = books.loanOrder.compactMap { books.loans[$0] }.filter {
            [.running, .writtenOff].contains($0.latest)
        }
        if clerk == .fundClerk, !lent.isEmpty {
            let loan = random.one(of: lent)
            return act(of: clerk, on: loan, books, today, &random).map { (.loan(loan.id), .loan($0.0), $0.1) }
        }
        guard books.funds[fund]?.scope != nil,
            let (family, mother) = mother(random.one(of: families))
        else { return nil }
        var number = 1
        func id() -> LoanID { LoanID.derived(of: mother, .revolvingLoan, number: number) }
        while books.loans[id()]?.isOver ?? false { number += 1 }
        let loan = books.loans[id()] ?? LoanCase(id: id())
        guard loan.application != nil, !random.chance(20) else {
            let applied = LoanApplied(
                fund: fund, household: family.household, mother: mother, number: number,
                amount: .yuan(Int64(random.number(1...3)) * 4_000), purpose: Code(unchecked: "nursing"))
            // Not before the day on which the one before was over.
            let earlier = LoanID.derived(of: mother, .revolvingLoan, number: number - 1)
            let over = books.events[.loan(earlier)]?.map(\.occurredOn).max() ?? family.occurredOn
            return (.loan(id()), .loan(.apply(applied)), max(over, family.occurredOn))
        }
        guard let (action, day) = act(of: clerk, on: loan, books, today, &random) else { return nil }
        return (.loan(loan.id), .loan(action), day)
    }

    private func mother(_ family: HouseholdCommand) -> (HouseholdCommand, PersonID)? {
        guard case .registerHousehold(let register) = family.action,
            let mother = register.members.first(where: { $0.role == .wife })
        else { return nil }
        return (family, mother.person)
    }

    private func act(on id: FundID, _ books: LendingBooks, _ random: inout SeededRandom) -> FundAction? {
        guard let fund = books.funds[id], let scope = fund.scope else {
            return Self.scopes.first { FundID.derived(from: $0) == id }.map { .open($0) }
        }
        if fund.deposits.count < 2, random.chance(500) {
            // Sometimes the same voucher once more.
            let receipt = Code(unchecked: "capital-\(scope.number)-\(random.number(1...3))")
            return .deposit(
                FundDeposited(
                    payer: Code(unchecked: "finance"), amount: .yuan(Int64(random.number(1...2)) * 8_000),
                    receipt: receipt))
        }
        guard random.chance(60), let other = books.funds.keys.sorted().first(where: { $0 != id }) else { return nil }
        return .handOver(to: other, .yuan(Int64(random.number(1...4)) * 1_000))
    }

    private func act(
        of clerk: MachineName, on loan: LoanCase, _ books: LendingBooks, _ today: CivilDay,
        _ random: inout SeededRandom
    ) -> (LoanAction, CivilDay)? {
        let last = books.events[.loan(loan.id)]?.map(\.occurredOn).max() ?? today
        let reason = Code(unchecked: "played")
        switch loan.latest {
        case .reviewing, .approved:
            if random.chance(15) { return (.withdraw(reason), last) }
            return preparation(clerk, loan, last, &random).map { ($0, last) }
        case .running:
            let day = min(today, last + Int32(random.number(0...6)))
            let isTheirs = clerk == .secondClerk || clerk == .fundClerk
            let rest = loan.outstanding(on: CivilDay(dayNumber: .max))
            if loan.writeOffProposal?.content.rest != rest {
                if random.chance(120) { return (.proposeWriteOff(reason), day) }
            } else if random.chance(isTheirs ? 400 : 20) {
                return (.writeOff, day)
            }
            guard isTheirs || random.chance(20) else { return nil }
            // Vouchers of few numbers: two mothers name the same one now and then.
            let receipt = Code(unchecked: "receipt-\(random.number(1...40))")
            return (.repay(random.chance(250) ? rest : .yuan(1_000), receipt: receipt), day)
        case .writtenOff:
            // Now and then something comes in all the same.
            guard random.chance(200) else { return nil }
            let receipt = Code(unchecked: "receipt-\(random.number(1...40))")
            return (.repay(.yuan(500), receipt: receipt), min(today, last))
        default: return nil
        }
    }

    /// What is missing before the payout; of what anybody may do, whoever comes.
    private func preparation(
        _ clerk: MachineName, _ loan: LoanCase, _ day: CivilDay, _ random: inout SeededRandom
    ) -> LoanAction? {
        guard loan.latest == .approved else {
            let levels: [LoanLevel: MachineName] = [
                .village: .villageClerk, .township: .townshipClerk, .district: .districtClerk,
            ]
            let next = LoanLevel.allCases.first { level in !loan.reviews.contains { $0.content.level == level } }
            guard let next, levels[next] == clerk || random.chance(20) else { return nil }
            let isPassed = !random.chance(30)
            return .review(
                LoanReviewed(level: next, isPassed: isPassed, reason: isPassed ? nil : Code(unchecked: "played")))
        }
        guard let missing = loan.missing.first?.rawValue else {
            // Both pay at a time, now and then out of the last money.
            return clerk == .clerk || clerk == .secondClerk || random.chance(50) ? .disburse : nil
        }
        switch missing {
        case "helper": return .nameHelper(Code(unchecked: "cadre-1"))
        case "guarantee": return .guarantee(committee: People.home, paper: Code(unchecked: "paper-1"))
        case "signature_applicant":
            let first = Int32(random.number(2...9))
            let rest = loan.amount - .yuan(2_000)
            return .sign(
                .applicant,
                [
                    LoanInstalment(dueOn: day + first, amount: .yuan(2_000)),
                    LoanInstalment(dueOn: day + first + 30, amount: rest),
                ])
        case "signature_project_lead": return .sign(.projectLead, [])
        case "signature_township": return clerk == .townshipClerk ? .sign(.township, []) : nil
        case "informed": return .inform
        default: return nil
        }
    }
}
