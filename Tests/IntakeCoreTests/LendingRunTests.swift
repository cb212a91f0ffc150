import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import Testing

/// Several intakes, lost calls and kills between any two appends: a mother gets one loan, a fund pays its last money once,
/// and the books of the fund always say what the cases say.
@Suite("受理：幸福工程")
struct LendingRunTests {
    private static let scope = FundScope(division: IntakeWorldTests.division, mode: .revolvingLoan)
    private static let fund = FundID.derived(from: scope)
    private static let today = IntakeWorldTests.today
    private static let amount = Fen.yuan(20_000)

    private static func code(_ text: String) -> Code { Code(unchecked: text) }

    private static func caller(_ actor: String) -> Caller {
        var caller = IntakeWorldTests.clerk
        caller.principal.actor = code(actor)
        // Each level reviews and signs by itself.
        if let department = levels[actor] {
            caller.principal.divisions = [IntakeWorldTests.division]
            caller.principal.department = DepartmentID(unchecked: department)
        }
        return caller
    }

    private static let levels = ["village": "org.community", "township": "org.township", "district": "dept.fp"]

    private static func person(_ number: UInt64) -> PersonID {
        PersonID.derived(from: IntakeWorldTests.identifier(number), place: 0)
    }

    private static func household(_ number: UInt64) -> HouseholdID {
        HouseholdID.derived(from: IntakeWorldTests.identifier(number))
    }

    private static func loan(_ number: UInt64) -> LoanID {
        LoanID.derived(of: person(number), .revolvingLoan, number: 1)
    }

    private static func command(_ stream: LendingStream, _ word: String, _ action: LendingAction) -> LendingCommand {
        LendingCommand(
            id: CommandID.derived(CommandID(stream.value), word), stream: stream, occurredOn: today, action: action)
    }

    private static func application(_ number: UInt64) -> LoanAction {
        .apply(
            LoanApplied(
                fund: fund, household: household(number), mother: person(number), number: 1, amount: amount,
                purpose: code("shop")))
    }

    /// Sends a command until it is recorded, each time to the next intake.
    private static func insist(
        _ command: LendingCommand, _ world: inout IntakeWorld, intakes: Int, as actor: String = "office"
    ) throws {
        for attempt in 0..<60 {
            let token = try world.send(command, to: attempt % intakes, as: caller(actor))
            try world.run(steps: 300)
            switch world.answers[token] {
            case .recorded?: return
            case .refused(let refusal)?: throw refusal
            default: continue
            }
        }
        Issue.record("never recorded: \(command.action)")
    }

    /// A world with a fund and families, each with a mother.
    private static func world(
        _ intakes: Int, seed: UInt64, families: UInt64, capital: Fen, weather: IntakeWorld.Weather = .init()
    ) throws -> IntakeWorld {
        var world = try IntakeWorldTests.ready(intakes, seed: seed)
        for number in 1...families {
            try world.send(
                IntakeWorldTests.registration(number, tokens: [number]), to: 0, as: IntakeWorldTests.clerk)
            try world.run(steps: 120)
        }
        try insist(command(.fund(fund), "open", .fund(.open(scope))), &world, intakes: 1)
        let deposited = FundDeposited(payer: code("city"), amount: capital, receipt: code("c-1"))
        try insist(command(.fund(fund), "deposit", .fund(.deposit(deposited))), &world, intakes: 1)
        world.weather = weather
        return world
    }

    /// Everything up to the payout.
    private static func prepare(_ number: UInt64, _ world: inout IntakeWorld, intakes: Int) throws {
        let schedule = [LoanInstalment(dueOn: today + 100, amount: amount)]
        let steps: [(String, LoanAction)] =
            [("apply", application(number))]
            + LoanLevel.allCases.map { ($0.rawValue, .review(LoanReviewed(level: $0, isPassed: true))) }
            + [
                ("helper", .nameHelper(code("cadre"))),
                ("guarantee", .guarantee(committee: DivisionCode("431002001001")!, paper: code("g"))),
                ("sign-1", .sign(.applicant, schedule)), ("sign-2", .sign(.projectLead, [])),
                ("sign-3", .sign(.township, [])), ("inform", .inform),
            ]
        for (word, action) in steps {
            let actor = word == "sign-3" ? "township" : levels[word] == nil ? "office" : word
            try insist(command(.loan(loan(number)), word, .loan(action)), &world, intakes: intakes, as: actor)
        }
    }

    private static func disburse(_ number: UInt64, _ word: String = "disburse") -> LendingCommand {
        command(.loan(loan(number)), word, .loan(.disburse))
    }

    private static func state(_ number: UInt64, _ world: IntakeWorld) throws -> LoanCase {
        var state = LoanCase(id: loan(number))
        for event in try world.lending(.loan(state.id)) { state.evolve(event) }
        return state
    }

    /// The fund as the log has it; every event is balanced and nothing is ever below zero.
    private static func books(_ world: IntakeWorld, _ id: FundID = fund) throws -> Fund {
        var state = Fund(id: id)
        for event in try world.lending(.fund(id)) {
            state.evolve(event)
            #expect(state.isBalanced && state.ledger.sum == .zero && state.available >= .zero)
            #expect(state.ledger.balance(.transit) >= .zero)
        }
        return state
    }

    @Test("两个单位同时给一位母亲申请：一个登记，一个被拒", arguments: UInt64(0)..<20)
    func oneLoanForOneMother(seed: UInt64) throws {
        var world = try Self.world(2, seed: seed, families: 1, capital: .yuan(50_000))
        let tokens = try ["east", "west"].enumerated().map { place, office in
            try world.send(
                Self.command(.loan(Self.loan(1)), office, .loan(Self.application(1))), to: place,
                as: Self.caller(office))
        }
        try world.run(steps: 400)
        let results = tokens.compactMap { world.answers[$0] }
        let refused = results.compactMap { if case .refused(let refusal) = $0 { refusal.reason } else { nil } }
        #expect(results.count == 2 && refused == [.loanExists])
        #expect(try world.lending(.loan(Self.loan(1))).count == 1)
    }

    @Test("前一件在办，第二件被拒；错编号被拒；还清后可以", arguments: UInt64(0)..<3)
    func numbersFollow(seed: UInt64) throws {
        var world = try Self.world(1, seed: seed, families: 1, capital: .yuan(50_000))
        try Self.prepare(1, &world, intakes: 1)
        var next = LoanApplied(
            fund: Self.fund, household: Self.household(1), mother: Self.person(1), number: 2, amount: Self.amount,
            purpose: Self.code("shop"))
        let second = LoanID.derived(of: Self.person(1), .revolvingLoan, number: 2)
        func refusal(_ word: String, _ loan: LoanID) throws -> Refusal.Reason? {
            do {
                try Self.insist(Self.command(.loan(loan), word, .loan(.apply(next))), &world, intakes: 1)
                return nil
            } catch { return (error as? Refusal)?.reason }
        }
        #expect(try refusal("a", second) == .loanRunning)
        try Self.insist(Self.disburse(1), &world, intakes: 1, as: "payer")
        #expect(try refusal("b", second) == .loanRunning)
        next.number = 3
        #expect(try refusal("c", second) == .loanNumber)
        #expect(try refusal("d", LoanID.derived(of: Self.person(1), .revolvingLoan, number: 3)) == .loanNumber)
        let repay = LoanAction.repay(Self.amount, receipt: Self.code("r-1"))
        try Self.insist(Self.command(.loan(Self.loan(1)), "repay", .loan(repay)), &world, intakes: 1)
        next.number = 2
        #expect(try refusal("e", second) == nil)
    }

    @Test("两笔放款争最后的钱：一笔放出，一笔余额不足", arguments: UInt64(0)..<20)
    func lastMoneyOnce(seed: UInt64) throws {
        var world = try Self.world(2, seed: seed, families: 2, capital: Self.amount)
        for number in 1...UInt64(2) { try Self.prepare(number, &world, intakes: 1) }
        let tokens = try (1...UInt64(2)).map { number in
            try world.send(Self.disburse(number), to: Int(number) - 1, as: Self.caller("payer"))
        }
        try world.run(steps: 600)
        let results = tokens.compactMap { world.answers[$0] }
        let refused = results.compactMap { if case .refused(let refusal) = $0 { refusal.reason } else { nil } }
        #expect(results.count == 2 && refused == [.fundShort])
        let fund = try Self.books(world)
        #expect(fund.available == .zero && fund.ledger.balance(.lent) == Self.amount && fund.claims.isEmpty)
        #expect(try (1...UInt64(2)).count { try Self.state($0, world).latest == .running } == 1)
    }

    @Test("丢失、中断、重发：每笔放款、还款记一次，账与个案相符", arguments: UInt64(0)..<16)
    func storms(seed: UInt64) throws {
        let families: UInt64 = 3
        var world = try Self.world(
            2, seed: seed, families: families, capital: .yuan(50_000),
            weather: .init(callsLost: 25, answersLost: 25, kills: 6))
        for number in 1...families { try Self.prepare(number, &world, intakes: 2) }
        // Two persons pay the same loan at both intakes, and all loans at once.
        for attempt in 0..<4 {
            for number in 1...families {
                let payer = (attempt + Int(number)) % 2
                try world.send(Self.disburse(number, "d\(payer)"), to: payer, as: Self.caller("payer-\(payer)"))
            }
            try world.run(steps: 60)
        }
        for number in 1...families {
            for payer in 0..<2 {
                do {
                    try Self.insist(Self.disburse(number, "d\(payer)"), &world, intakes: 2, as: "payer-\(payer)")
                } catch let refusal as Refusal {
                    #expect([.loanState, .fundShort].contains(refusal.reason))
                }
            }
        }
        let running = try (1...families).filter { try Self.state($0, world).latest == .running }
        #expect(running.count == 2, "50 000 are enough for two")
        for number in running {
            for part in 0..<2 {
                let repay = LoanAction.repay(.yuan(10_000), receipt: Self.code("r-\(number)-\(part)"))
                let stream = LendingStream.loan(Self.loan(number))
                try Self.insist(Self.command(stream, "repay-\(part)", .loan(repay)), &world, intakes: 2)
            }
        }
        let withdrawn = try #require(try (1...families).first { try Self.state($0, world).latest == .approved })
        let withdraw = LoanAction.withdraw(Self.code("short"))
        try Self.insist(
            Self.command(.loan(Self.loan(withdrawn)), "withdraw", .loan(withdraw)), &world, intakes: 2)
        try world.calm()
        let fund = try Self.books(world)
        #expect(fund.available == .yuan(50_000) && fund.ledger.balance(.lent) == .zero && fund.claims.isEmpty)
        for number in running {
            let state = try Self.state(number, world)
            #expect(state.latest == .settled && state.movements.count == 3)
            #expect(state.movements.allSatisfy { fund.hasPosted($0, of: state.id) })
        }
        #expect(fund.lastSequence == 2 + 2 * 2 + 2 * 2 * 2, "reserved and booked once each; receipts and repayments")
    }

    @Test("两笔借款同时拿同一张凭证还款：一笔入账，一笔被拒", arguments: UInt64(0)..<20)
    func oneReceiptOnce(seed: UInt64) throws {
        var world = try Self.world(2, seed: seed, families: 2, capital: .yuan(50_000))
        for number in 1...UInt64(2) {
            try Self.prepare(number, &world, intakes: 1)
            try Self.insist(Self.disburse(number), &world, intakes: 1, as: "payer")
        }
        let repay = LoanAction.repay(.yuan(5_000), receipt: Self.code("r-1"))
        let tokens = try (1...UInt64(2)).map { number in
            try world.send(
                Self.command(.loan(Self.loan(number)), "repay", .loan(repay)), to: Int(number) - 1,
                as: Self.caller("office"))
        }
        try world.run(steps: 600)
        let results = tokens.compactMap { world.answers[$0] }
        let refused = results.compactMap { if case .refused(let refusal) = $0 { refusal.reason } else { nil } }
        #expect(results.count == 2 && refused == [.receiptTwice], "\(results)")
        #expect(try Self.books(world).ledger.balance(.lent) == .yuan(35_000))
    }

    @Test("还款记错了户：冲销后同一张凭证记到对的人名下；放款冲销后可以再放；中断重发都只一次", arguments: UInt64(0)..<8)
    func whatWasTypedWrong(seed: UInt64) throws {
        var world = try Self.world(
            2, seed: seed, families: 2, capital: .yuan(50_000),
            weather: .init(callsLost: 25, answersLost: 25, kills: 6))
        for number in 1...UInt64(2) {
            try Self.prepare(number, &world, intakes: 2)
            try Self.insist(Self.disburse(number), &world, intakes: 2, as: "payer")
        }
        let (wrong, right) = (LendingStream.loan(Self.loan(1)), LendingStream.loan(Self.loan(2)))
        let repay = LoanAction.repay(.yuan(5_000), receipt: Self.code("r-1"))
        try Self.insist(Self.command(wrong, "repay", .loan(repay)), &world, intakes: 2)
        func reversal(_ kind: LoanMovement.Kind, _ word: String, of entries: [LoanCase.Entry]) throws -> LendingCommand
        {
            let entry = try #require(entries.last { $0.kind == kind }).reference
            return Self.command(wrong, word, .loan(.reverse(entry, reason: Self.code("wrong_case"))))
        }
        let entries = try Self.state(1, world).entries
        do {
            try Self.insist(try reversal(.repaid, "own", of: entries), &world, intakes: 2)
            Issue.record("whoever entered it reversed it")
        } catch let refusal as Refusal { #expect(refusal.reason == .reversedBySame) }
        let undo = try reversal(.repaid, "undo", of: entries)
        for _ in 0..<2 { try Self.insist(undo, &world, intakes: 2, as: "director") }
        try Self.insist(Self.command(right, "repay", .loan(repay)), &world, intakes: 2)
        try Self.insist(try reversal(.disbursed, "undo-payout", of: entries), &world, intakes: 2, as: "director")
        #expect(try Self.state(1, world).latest == .approved)
        try Self.insist(Self.disburse(1, "again"), &world, intakes: 2, as: "payer")
        try world.calm()
        let (first, second) = (try Self.state(1, world), try Self.state(2, world))
        let end = CivilDay(dayNumber: .max)
        #expect(first.outstanding(on: end) == Self.amount && first.movements.count == 5)
        #expect(second.outstanding(on: end) == Self.amount - .yuan(5_000))
        let fund = try Self.books(world)
        #expect((first.movements).allSatisfy { fund.hasPosted($0, of: first.id) })
        #expect(fund.references.first { $0.key.code == Self.code("r-1") }?.value == second.id)
        #expect(fund.claims.isEmpty && fund.available == .yuan(15_000) && fund.ledger.balance(.lent) == .yuan(35_000))
    }

    @Test("别人登记过的，按职能不该办的人再发：照样退回，不答此前已登记；本人、该办的同事再发，答已登记")
    func repeatedByOthers() throws {
        var world = try Self.world(1, seed: 11, families: 1, capital: .yuan(50_000))
        try Self.prepare(1, &world, intakes: 1)
        let stream = LendingStream.loan(Self.loan(1))
        func answer(_ command: LendingCommand, _ actor: String) throws -> CommandResult? {
            let token = try world.send(command, to: 0, as: Self.caller(actor))
            try world.run(steps: 300)
            return world.answers[token]
        }
        func reason(_ command: LendingCommand, _ actor: String) throws -> Refusal.Reason? {
            guard case .refused(let refusal)? = try answer(command, actor) else { return nil }
            #expect(refusal.isOfRepeat, "\(actor) \(command.action)")
            return refusal.reason
        }
        func isRepeated(_ command: LendingCommand, _ actor: String) throws -> Bool {
            guard case .recorded(let recorded)? = try answer(command, actor) else { return false }
            return recorded.isRepeated
        }
        let repay = Self.command(
            stream, "repay", .loan(.repay(.yuan(5_000), receipt: Self.code("r-1"))))
        let propose = Self.command(stream, "propose", .loan(.proposeWriteOff(Self.code("died"))))
        let writeOff = Self.command(stream, "off", .loan(.writeOff))
        try Self.insist(Self.disburse(1), &world, intakes: 1, as: "payer")
        try Self.insist(repay, &world, intakes: 1, as: "treasurer")
        try Self.insist(propose, &world, intakes: 1, as: "treasurer")
        try Self.insist(writeOff, &world, intakes: 1, as: "director")
        for actor in ["district", "treasurer", "director"] {
            #expect(try reason(Self.disburse(1), actor) == .functionHeld, "\(actor)")
        }
        for actor in ["payer", "district"] {
            for command in [repay, propose, writeOff] {
                #expect(try reason(command, actor) == .functionHeld, "\(actor)")
            }
        }
        #expect(try reason(writeOff, "treasurer") == .secondApproverSame, "who proposed it")
        let entry = try #require(try Self.state(1, world).entries.last { $0.kind == .writtenOff }).reference
        let undo = Self.command(stream, "undo", .loan(.reverse(entry, reason: Self.code("wrong_case"))))
        try Self.insist(undo, &world, intakes: 1, as: "treasurer")
        #expect(try reason(undo, "director") == .reversedBySame && reason(undo, "payer") == .functionHeld)
        let deposit = FundDeposited(payer: Self.code("city"), amount: .yuan(1), receipt: Self.code("c-2"))
        let money = Self.command(.fund(Self.fund), "more", .fund(.deposit(deposit)))
        try Self.insist(money, &world, intakes: 1, as: "treasurer")
        let last = EventReference(sequence: try Self.books(world).lastSequence)
        let back = Self.command(.fund(Self.fund), "back", .fund(.reverse(last, reason: Self.code("wrong_fund"))))
        try Self.insist(back, &world, intakes: 1, as: "director")
        #expect(try reason(back, "treasurer") == .reversedBySame)
        for (command, own) in [
            (repay, "treasurer"), (propose, "treasurer"), (writeOff, "director"), (undo, "treasurer"),
            (money, "treasurer"), (back, "director"), (Self.disburse(1), "payer"),
        ] {
            #expect(try isRepeated(command, own) && isRepeated(command, own == "payer" ? "payer-2" : "third"))
        }
    }

    @Test("核销后收回：告诉登记的人记成了什么，资金入账，再发只一次")
    func recovery() throws {
        var world = try Self.world(1, seed: 12, families: 1, capital: .yuan(50_000))
        try Self.prepare(1, &world, intakes: 1)
        let stream = LendingStream.loan(Self.loan(1))
        try Self.insist(Self.disburse(1), &world, intakes: 1, as: "payer")
        let propose = LoanAction.proposeWriteOff(Self.code("died"))
        try Self.insist(Self.command(stream, "propose", .loan(propose)), &world, intakes: 1, as: "treasurer")
        try Self.insist(Self.command(stream, "off", .loan(.writeOff)), &world, intakes: 1, as: "director")
        let receipt = LoanAction.repay(.yuan(3_000), receipt: Self.code("r-1"))
        for _ in 0..<2 {
            let token = try world.send(
                Self.command(stream, "in", .loan(receipt)), to: 0, as: Self.caller("treasurer"))
            try world.run(steps: 300)
            guard case .recorded(let recorded)? = world.answers[token] else {
                Issue.record("not booked: \(String(describing: world.answers[token]))")
                return
            }
            #expect(recorded.warnings.map(\.code) == ["CARE-1817"])
        }
        let (loan, fund) = (try Self.state(1, world), try Self.books(world))
        #expect(loan.latest == .writtenOff && loan.recovered(by: Self.today) == .yuan(3_000))
        #expect(loan.movements.allSatisfy { fund.hasPosted($0, of: loan.id) } && loan.movements.count == 3)
        #expect(fund.available == .yuan(33_000) && fund.ledger.balance(.writtenOff) == Self.amount)
        #expect(fund.references.first { $0.key.code == Self.code("r-1") }?.value == loan.id)
    }

    @Test("盘活冲销：由接收的资金退回，中断重发也只退一次", arguments: UInt64(0)..<8)
    func handsBackOnce(seed: UInt64) throws {
        var world = try Self.world(
            2, seed: seed, families: 1, capital: .yuan(1_000),
            weather: .init(callsLost: 60, answersLost: 60, kills: 10))
        let scope = FundScope(division: Self.scope.division, mode: .revolvingLoan, number: 2)
        let target = FundID.derived(from: scope)
        try Self.insist(Self.command(.fund(target), "open", .fund(.open(scope))), &world, intakes: 2)
        let order = Self.command(.fund(Self.fund), "hand", .fund(.handOver(to: target, .yuan(600))))
        try Self.insist(order, &world, intakes: 2)
        let entry = try #require(try Self.books(world, target).takenOver.keys.first)
        let back = Self.command(
            .fund(target), "back", .fund(.reverse(entry, reason: Self.code("wrong_fund"))))
        for _ in 0..<2 { try Self.insist(back, &world, intakes: 2, as: "director") }
        // Whoever sends the transfer once more is told that it was recorded: nothing moves again.
        try Self.insist(order, &world, intakes: 2)
        try world.calm()
        let (source, taker) = (try Self.books(world), try Self.books(world, target))
        #expect(source.available == .yuan(1_000) && source.lastSequence == 4)
        #expect(taker.available == .zero && taker.lastSequence == 3)
    }

    @Test("盘活：中断后重发，转出一次，转入一次", arguments: UInt64(0)..<10)
    func handsOverOnce(seed: UInt64) throws {
        var world = try Self.world(
            2, seed: seed, families: 1, capital: Fen(31_850_000),
            weather: .init(callsLost: 60, answersLost: 60, kills: 10))
        let scope = FundScope(division: Self.scope.division, mode: .revolvingLoan, number: 2)
        let target = FundID.derived(from: scope)
        try Self.insist(Self.command(.fund(target), "open", .fund(.open(scope))), &world, intakes: 2)
        let order = Self.command(.fund(Self.fund), "hand", .fund(.handOver(to: target, Fen(31_850_000))))
        try Self.insist(order, &world, intakes: 2)
        try Self.insist(order, &world, intakes: 2)
        try world.calm()
        let source = try Self.books(world)
        #expect(source.available == .zero && source.lastSequence == 3)
        let taken = try Self.books(world, target)
        #expect(taken.available == Fen(31_850_000) && taken.lastSequence == 2)
    }

    @Test("外区划的人看不到资金和个案，动不了钱")
    func rights() throws {
        var world = try Self.world(1, seed: 3, families: 1, capital: .yuan(50_000))
        try Self.insist(
            Self.command(.loan(Self.loan(1)), "apply", .loan(Self.application(1))), &world, intakes: 1)
        var stranger = Self.caller("stranger")
        stranger.principal.divisions = [DivisionCode("430100")!]
        let inform = try world.send(
            Self.command(.loan(Self.loan(1)), "i", .loan(.inform)), to: 0, as: stranger)
        let deposit = FundDeposited(payer: Self.code("city"), amount: Fen(1), receipt: Self.code("x"))
        let money = try world.send(
            Self.command(.fund(Self.fund), "m", .fund(.deposit(deposit))), to: 0, as: stranger)
        let open = try world.send(
            Self.command(.fund(Self.fund), "o", .fund(.open(Self.scope))), to: 0, as: stranger)
        try world.run(steps: 300)
        #expect(world.answers[inform] == .refused(Refusal(.unknownLoan)))
        #expect(world.answers[money] == .refused(Refusal(.unknownFund)))
        #expect(world.answers[open] == .refused(Refusal(.notYourDivision, field: "division")))
    }
}
