import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import Testing

/// Several intakes, lost calls and kills between any two appends: a run that is sent again goes on, and every month of a
/// right is ordered once.
@Suite("受理：发放")
struct PaymentRunTests {
    static let families = 9
    private static let clause = ClauseID("CZ-2.1")!
    private static let finance = [PayerShare(payer: Code(unchecked: "finance"), parts: 1)]

    static func scope(_ months: ClosedRange<Int>, number: Int = 1) -> BatchScope {
        BatchScope(
            division: DivisionCode("431000")!,
            period: PaymentPeriod(
                first: CivilMonth(year: 2024, month: months.lowerBound),
                last: CivilMonth(year: 2024, month: months.upperBound))!, number: number)
    }

    /// A world with families that have a right of 300 yuan a month from February 2024 on.
    /// - Parameter unborne: of which of them, from 1, nobody is known to bear it; nil = of none.
    static func world(
        _ intakes: Int, seed: UInt64, weather: IntakeWorld.Weather = .init(), unborne: UInt64? = nil
    ) throws -> (world: IntakeWorld, households: [HouseholdID]) {
        var world = try IntakeWorldTests.ready(intakes, seed: seed)
        var households: [HouseholdID] = []
        for number in 1...UInt64(families) {
            let command = IntakeWorldTests.registration(number, tokens: [number])
            try world.send(command, to: 0, as: IntakeWorldTests.clerk)
            try world.run(steps: 120)
            let history = try world.household(command.household)
            let person = try #require(history.household.members.first?.id)
            var made = PaymentBench.determination(
                person, [("2024-02-10", nil, 300)], number == unborne ? [] : finance,
                readThrough: history.lastSequence)
            made.packHash = Array(repeating: 7, count: 32)
            let id = CommandID.derived(command.id, "determination")
            let account = FactStated(
                fact: FactID(unchecked: "person.account_ref"), subject: .person(person),
                value: .reference("acc-\(number)"), source: Code(unchecked: "form"))
            try world.record(
                HouseholdAppend(
                    household: command.household, expected: history.lastSequence, id: id, contentDigest: id.value,
                    context: EventContext(principal: IntakeWorldTests.clerk.principal, command: id),
                    events: [
                        ProposedEvent(occurredOn: IntakeWorldTests.today, event: .factStated(account)),
                        ProposedEvent(occurredOn: IntakeWorldTests.today, event: .determinationMade(made)),
                    ]))
            households.append(command.household)
        }
        world.weather = weather
        return (world, households)
    }

    static func command(_ scope: BatchScope, _ step: String, _ action: PaymentAction) -> PaymentCommand {
        let batch = BatchID.derived(from: scope)
        return PaymentCommand(
            id: CommandID.derived(CommandID(batch.value), step), batch: batch, occurredOn: IntakeWorldTests.today,
            action: action)
    }

    @Test("列户、截止、回盘第二天再发一遍：都答此前已登记，批次不变；同一编号换了内容才拒绝")
    func repeatedOnAnotherDay() throws {
        var (world, households) = try Self.world(1, seed: 9)
        let scope = Self.scope(2...3)
        let batch = BatchID.derived(from: scope)
        var payer = IntakeWorldTests.clerk
        payer.principal.actor = Code(unchecked: "payer-1")
        func repeated(_ action: PaymentAction, as caller: Caller) throws -> Bool? {
            let before = try world.batch(batch).lastSequence
            let command = try PaymentCommand.said(action, about: batch, on: IntakeWorldTests.today - 1)
            let token = try world.send(command, to: 0, as: caller)
            try world.run(steps: 600)
            guard case .recorded(let recorded)? = world.answers[token] else { return nil }
            #expect(try world.batch(batch).lastSequence == before)
            return recorded.isRepeated
        }
        let some = Array(households.dropLast())
        try Self.insist(
            .said(.prepare(scope, households: some), about: batch, on: IntakeWorldTests.today), &world, intakes: 1)
        #expect(try repeated(.prepare(scope, households: some), as: IntakeWorldTests.clerk) == true)
        // One family more is new, on whichever day.
        try Self.insist(
            .said(.prepare(scope, households: households), about: batch, on: IntakeWorldTests.today - 1), &world,
            intakes: 1)
        #expect(try world.batch(batch).members == households)
        try Self.insist(.said(.close, about: batch, on: IntakeWorldTests.today), &world, intakes: 1)
        #expect(try repeated(.close, as: IntakeWorldTests.clerk) == true)
        #expect(try repeated(.prepare(scope, households: some), as: IntakeWorldTests.clerk) == true)
        try Self.insist(
            .said(.issue, about: batch, on: IntakeWorldTests.today, number: 1), &world, intakes: 1, as: payer)
        let file = try #require(try world.batch(batch).files.first)
        // Typed again it is another command, about the same file.
        func issued(again number: Int) throws -> CommandResult? {
            let command = try PaymentCommand.said(.issue, about: batch, on: IntakeWorldTests.today, number: number)
            let token = try world.send(command, to: 0, as: payer)
            try world.run(steps: 600)
            return world.answers[token]
        }
        guard case .recorded(let again)? = try issued(again: 2) else { throw Refusal(.nothingToIssue) }
        #expect(again.isRepeated && again.warnings.isEmpty)
        #expect(try world.batch(batch).files == [file], "nothing is sent anew")
        let answer = BankAnswer(
            file: 1,
            lines: file.entries.enumerated().map { place, entry in
                .init(
                    row: place + 2, reference: BankReference(batch: batch, file: 1, line: entry.line).description,
                    amount: entry.amount, failure: nil)
            }, declaredCount: file.entries.count, declaredTotal: file.total)
        try Self.insist(
            .said(.takeAnswer(answer), about: batch, on: IntakeWorldTests.today), &world, intakes: 1, as: payer)
        #expect(try repeated(.takeAnswer(answer), as: payer) == true)
        guard case .refused(let refusal)? = try issued(again: 2) else { throw Refusal(.nothingToIssue) }
        #expect(refusal.reason == .nothingToIssue && refusal.detail?.hasPrefix("已有 1 个文件：第 1 个") == true)
        #expect(try world.batch(batch).ledger.balance(.bank) == -.yuan(600 * Int64(Self.families)))

        var changed = try PaymentCommand.said(.close, about: batch, on: IntakeWorldTests.today)
        changed.occurredOn = IntakeWorldTests.today - 1
        let token = try world.send(changed, to: 0, as: IntakeWorldTests.clerk)
        try world.run(steps: 300)
        #expect(world.answers[token] == .failed(.idReused))
    }

    /// Sends a command until it is recorded, each time to the next intake.
    /// - Returns: What was noted then.
    @discardableResult
    static func insist(
        _ command: PaymentCommand, _ world: inout IntakeWorld, intakes: Int, as caller: Caller = IntakeWorldTests.clerk
    ) throws -> [Refusal] {
        for attempt in 0..<60 {
            let token = try world.send(command, to: attempt % intakes, as: caller)
            try world.run(steps: 400)
            switch world.answers[token] {
            case .recorded(let recorded)?: return recorded.warnings
            case .refused(let refusal)?: throw refusal
            default: continue
            }
        }
        Issue.record("never recorded: \(command.action)")
        return []
    }

    private static func months(_ world: IntakeWorld, _ households: [HouseholdID]) throws -> [String: Int] {
        var months: [String: Int] = [:]
        for household in households {
            for order in try world.household(household).household.payments.orders {
                for line in order.ordered.lines {
                    for offset in 0..<Int32(line.months) {
                        months["\(household) \(line.first + offset)", default: 0] += 1
                    }
                }
            }
        }
        return months
    }

    @Test("一户记录损坏：说出是哪一户，不列入，其余八户照发")
    func oneDamagedFamily() throws {
        var (world, households) = try Self.world(1, seed: 6)
        let scope = Self.scope(2...3)
        try Self.insist(Self.command(scope, "p", .prepare(scope, households: households)), &world, intakes: 1)
        try world.fence(households[3])
        let token = try world.send(Self.command(scope, "c", .close), to: 0, as: IntakeWorldTests.clerk)
        try world.run(steps: 600)
        guard case .recorded(let recorded)? = world.answers[token] else {
            Issue.record("not closed: \(String(describing: world.answers[token]))")
            return
        }
        #expect(recorded.warnings == [Refusal(.householdDamaged, detail: households[3].description)])
        let batch = try world.batch(BatchID.derived(from: scope))
        #expect(batch.isFrozen && batch.total == .yuan(600 * Int64(Self.families - 1)))
        #expect(!batch.lines.contains { $0.ordered.household == households[3] })
    }

    @Test("一户的款项没有出资方：列户、截止时都说出是哪一户，不列入，其余八户照发")
    func oneSumWithoutPayer() throws {
        var (world, households) = try Self.world(1, seed: 7, unborne: 4)
        let scope = Self.scope(2...3)
        let prepared = try Self.insist(
            Self.command(scope, "p", .prepare(scope, households: households)), &world, intakes: 1)
        #expect(prepared == [Refusal(.sumWithoutPayer, detail: households[3].description)])
        let token = try world.send(Self.command(scope, "c", .close), to: 0, as: IntakeWorldTests.clerk)
        try world.run(steps: 600)
        guard case .recorded(let recorded)? = world.answers[token] else {
            Issue.record("not closed: \(String(describing: world.answers[token]))")
            return
        }
        #expect(recorded.warnings == [Refusal(.sumWithoutPayer, detail: households[3].description)])
        let batch = try world.batch(BatchID.derived(from: scope))
        #expect(batch.isFrozen && batch.total == .yuan(600 * Int64(Self.families - 1)))
    }

    /// Gives a person a right of 300 yuan a month from a day on, as eligibility would.
    private static func entitle(
        _ person: PersonID, from day: String, in household: HouseholdID, _ world: inout IntakeWorld
    ) throws {
        let history = try world.household(household)
        var made = PaymentBench.determination(person, [(day, nil, 300)], finance, readThrough: history.lastSequence)
        made.packHash = Array(repeating: 7, count: 32)
        let id = CommandID.derived(CommandID(household.value), "determination")
        try world.record(
            HouseholdAppend(
                household: household, expected: history.lastSequence, id: id, contentDigest: id.value,
                context: EventContext(principal: IntakeWorldTests.clerk.principal, command: id),
                events: [ProposedEvent(occurredOn: IntakeWorldTests.today, event: .determinationMade(made))]))
    }

    @Test("分户以后：老户发过的月份新户不再发，并说出是哪一户")
    func paidInTheOldFile() throws {
        var world = try IntakeWorldTests.ready(1, seed: 8)
        var register = IntakeWorldTests.registration(1, tokens: [1, 2])
        register.occurredOn = CivilDay(year: 2024, month: 5, day: 2)!
        let old = register.household
        try world.send(register, to: 0, as: IntakeWorldTests.clerk)
        try world.run(steps: 120)
        let husband = try #require(try world.household(old).household.members.last?.id)
        try Self.entitle(husband, from: "2024-05-02", in: old, &world)
        let first = Self.scope(5...6)
        try Self.insist(Self.command(first, "p", .prepare(first, households: [old])), &world, intakes: 1)
        try Self.insist(Self.command(first, "c", .close), &world, intakes: 1)
        #expect(try world.batch(BatchID.derived(from: first)).total == .yuan(600))

        let home = HouseholdRegistered(division: IntakeWorldTests.division)
        let split = HouseholdCommand(
            id: IntakeWorldTests.identifier(90), household: old, occurredOn: CivilDay(year: 2024, month: 5, day: 15)!,
            action: .splitHousehold(SplitHousehold(persons: [husband], household: home)))
        let new = HouseholdID.derived(from: split.id)
        try world.send(split, to: 0, as: IntakeWorldTests.clerk)
        try world.run(steps: 400)
        #expect(try world.household(new).household.member(husband)?.cameFromFile == true)
        try Self.entitle(husband, from: "2024-05-15", in: new, &world)
        let second = Self.scope(5...6, number: 2)
        try Self.insist(Self.command(second, "p", .prepare(second, households: [old, new])), &world, intakes: 1)
        let token = try world.send(Self.command(second, "c", .close), to: 0, as: IntakeWorldTests.clerk)
        try world.run(steps: 600)
        guard case .recorded(let recorded)? = world.answers[token] else {
            Issue.record("not closed: \(String(describing: world.answers[token]))")
            return
        }
        #expect(recorded.warnings == [Refusal(.paidInOtherFile, detail: new.description)])
        let batch = try world.batch(BatchID.derived(from: second))
        #expect(batch.isFrozen && batch.lines.isEmpty)
    }

    @Test("六月三日截止六至八月的批次：只发六月，说出七、八月没有列入；到时另列一批")
    func monthsToCome() throws {
        var (world, households) = try Self.world(1, seed: 6)
        let scope = Self.scope(6...8)
        try Self.insist(Self.command(scope, "p", .prepare(scope, households: households)), &world, intakes: 1)
        let token = try world.send(Self.command(scope, "c", .close), to: 0, as: IntakeWorldTests.clerk)
        try world.run(steps: 3000)
        guard case .recorded(let recorded)? = world.answers[token] else {
            Issue.record("not closed: \(String(describing: world.answers[token]))")
            return
        }
        #expect(recorded.warnings == [Refusal(.monthsToCome, detail: "2024-07..2024-08")])
        let batch = try world.batch(BatchID.derived(from: scope))
        #expect(batch.isFrozen && batch.total == .yuan(300 * Int64(Self.families)))
    }

    @Test("编制、截止、送银行、回盘：九户各一笔，各户档案都记下结果")
    func fromEndToEnd() throws {
        var (world, households) = try Self.world(1, seed: 5)
        let scope = Self.scope(2...3)
        var payer = IntakeWorldTests.clerk
        payer.principal.actor = Code(unchecked: "payer-1")
        try Self.insist(Self.command(scope, "p", .prepare(scope, households: households)), &world, intakes: 1)
        try Self.insist(Self.command(scope, "c", .close), &world, intakes: 1)
        let batch = BatchID.derived(from: scope)
        #expect(try world.batch(batch).total == .yuan(600 * Int64(Self.families)))
        let same = try world.send(Self.command(scope, "x", .issue), to: 0, as: IntakeWorldTests.clerk)
        try world.run(steps: 300)
        guard case .refused(let refusal)? = world.answers[same] else {
            Issue.record("whoever closed the batch sends it to the bank")
            return
        }
        #expect(refusal.reason == .functionHeld)
        try Self.insist(Self.command(scope, "i", .issue), &world, intakes: 1, as: payer)
        let file = try #require(try world.batch(batch).files.first)
        #expect(Set(file.entries.map(\.account)) == Set((1...Self.families).map { "acc-\($0)" }))
        let answer = BankAnswer(
            file: 1,
            lines: file.entries.enumerated().map { place, entry in
                .init(
                    row: place + 2, reference: BankReference(batch: batch, file: 1, line: entry.line).description,
                    amount: entry.amount, failure: place == 0 ? Code(unchecked: "no_account") : nil)
            }, declaredCount: file.entries.count, declaredTotal: file.total)
        try Self.insist(Self.command(scope, "a", .takeAnswer(answer)), &world, intakes: 1, as: payer)
        let outcomes = try households.map {
            try world.household($0).household.payments.orders[0].outcomes[0]?.outcome
        }
        #expect(outcomes.count { $0 == .paid } == Self.families - 1)
        #expect(outcomes.count { $0 == .failed } == 1)
        let state = try world.batch(batch)
        #expect(state.work == nil)
        #expect(state.ledger.sum == .zero)
    }

    @Test("丢失、中断、两个受理服务、两个批次同时：每月只列入一次", arguments: UInt64(0)..<12)
    func storms(seed: UInt64) throws {
        var (world, households) = try Self.world(
            2, seed: seed, weather: .init(callsLost: 15, answersLost: 15, kills: 4))
        let scopes = [Self.scope(2...4), Self.scope(3...5, number: 2)]
        for scope in scopes {
            try Self.insist(Self.command(scope, "p", .prepare(scope, households: households)), &world, intakes: 2)
        }
        // Both runs at once, at both intakes.
        for attempt in 0..<4 {
            for (place, scope) in scopes.enumerated() {
                try world.send(
                    Self.command(scope, "c", .close), to: (place + attempt) % 2, as: IntakeWorldTests.clerk)
            }
            try world.run(steps: 150)
        }
        for scope in scopes { try Self.insist(Self.command(scope, "c", .close), &world, intakes: 2) }
        try world.calm()
        let months = try Self.months(world, households)
        #expect(months.count == Self.families * 4)
        #expect(months.values.allSatisfy { $0 == 1 })
        let total = try scopes.map { try world.batch(BatchID.derived(from: $0)) }
        #expect(total.allSatisfy { $0.isFrozen })
        #expect(total.reduce(Fen.zero) { $0 + $1.total } == .yuan(300 * 4 * Int64(Self.families)))
        #expect(total.allSatisfy { $0.ledger.sum == .zero })
    }

    @Test("发放过一批的人不能截止同一户同一待遇的另一批，截止过的不能发放另一批；四个人照样办一年")
    func functionsAcrossBatches() throws {
        var (world, households) = try Self.world(1, seed: 8)
        func caller(_ actor: String) -> Caller {
            var caller = IntakeWorldTests.clerk
            caller.principal.actor = Code(unchecked: actor)
            return caller
        }
        func refusal(_ command: PaymentCommand, _ actor: String) throws -> Refusal.Reason? {
            let token = try world.send(command, to: 0, as: caller(actor))
            try world.run(steps: 600)
            guard case .refused(let refusal)? = world.answers[token] else { return nil }
            return refusal.reason
        }
        for month in 2...4 {
            let scope = Self.scope(month...month)
            try Self.insist(Self.command(scope, "p", .prepare(scope, households: households)), &world, intakes: 1)
            if month > 2 { #expect(try refusal(Self.command(scope, "c1", .close), "payer-1") == .functionHeld) }
            try Self.insist(Self.command(scope, "c", .close), &world, intakes: 1, as: caller("fund-1"))
            #expect(try refusal(Self.command(scope, "i1", .issue), "fund-1") == .functionHeld)
            // Whoever said where the money goes does not send it.
            #expect(try refusal(Self.command(scope, "i2", .issue), "clerk-1") == .accountPayer)
            try Self.insist(Self.command(scope, "i", .issue), &world, intakes: 1, as: caller("payer-1"))
        }
        // Somebody else's batch: who closed the others does not pay this one either.
        let last = Self.scope(5...5)
        try Self.insist(Self.command(last, "p", .prepare(last, households: households)), &world, intakes: 1)
        try Self.insist(Self.command(last, "c", .close), &world, intakes: 1, as: caller("fund-2"))
        #expect(try refusal(Self.command(last, "i1", .issue), "fund-1") == .functionHeld)
        // Sent once more by somebody else it is asked of them as one of their own, by this batch and by the families' files.
        let closing = Self.command(last, "c", .close)
        #expect(try refusal(closing, "payer-1") == .functionHeld, "paid the same rights by other batches")
        #expect(try refusal(closing, "fund-1") == nil && refusal(closing, "fund-2") == nil)
        let sent = Self.command(Self.scope(4...4), "i", .issue)
        #expect(try refusal(sent, "fund-1") == .functionHeld && refusal(sent, "clerk-1") == .accountPayer)
        #expect(try refusal(sent, "payer-2") == nil && refusal(sent, "payer-1") == nil)
    }

    /// Sends a command once, and gives what was noted when it was recorded.
    static func noted(
        _ command: PaymentCommand, _ world: inout IntakeWorld, as caller: Caller = IntakeWorldTests.clerk
    ) throws -> [Refusal] {
        let token = try world.send(command, to: 0, as: caller)
        try world.run(steps: 3000)
        guard case .recorded(let recorded)? = world.answers[token] else {
            Issue.record("not recorded: \(String(describing: world.answers[token]))")
            return []
        }
        return recorded.warnings
    }

    @Test("外区划的人既看不到也动不了批次；没有权限的被拒")
    func rights() throws {
        var (world, households) = try Self.world(1, seed: 3)
        let scope = Self.scope(2...2)
        var stranger = IntakeWorldTests.clerk
        stranger.principal.divisions = [DivisionCode("430100")!]
        let prepare = Self.command(scope, "p", .prepare(scope, households: households))
        let first = try world.send(prepare, to: 0, as: stranger)
        try world.run(steps: 200)
        #expect(world.answers[first] == .refused(Refusal(.notYourDivision, field: "scope.division")))
        try Self.insist(prepare, &world, intakes: 1)
        let second = try world.send(Self.command(scope, "c", .close), to: 0, as: stranger)
        var mute = IntakeWorldTests.clerk
        mute.principal.rights = [.query]
        let third = try world.send(Self.command(scope, "c", .close), to: 0, as: mute)
        try world.run(steps: 200)
        #expect(world.answers[second] == .refused(Refusal(.unknownBatch)))
        #expect(world.answers[third] == .refused(Refusal(.missingRight, detail: "command")))
    }
}
