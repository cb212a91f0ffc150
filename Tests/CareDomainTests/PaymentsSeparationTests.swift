import CareTestKit
import Testing

@testable import CareDomain

/// Given who decided, closed and paid, when the same person asks for another function on the case, then it is refused.
@Suite("职能分离")
struct PaymentsSeparationTests {
    private static let batch = PaymentsBatchTests.batch

    private static func say(
        _ bench: inout PaymentBench, _ action: PaymentAction, _ actor: String, reviewers: Set<Code> = [],
        holders: [CaseFunction: Set<Code>] = [:]
    ) throws -> BatchDecision {
        let state = try #require(bench.batches[batch])
        let command = PaymentCommand(
            id: CommandID(Identifier128(high: 8, low: state.lastSequence)), batch: batch,
            occurredOn: PaymentsBatchTests.today, action: action)
        let accounts = Dictionary(uniqueKeysWithValues: state.lines.map { ($0.number, "acc") })
        let decision = state.decide(
            command,
            in: BatchContext(
                today: PaymentsBatchTests.today, accounts: accounts, actor: Code(unchecked: actor),
                holders: holders.merging([.review: reviewers]) { $0.union($1) }))
        if case .events = decision { try bench.say(action, to: batch, by: actor) }
        return decision
    }

    @Test("截止的人不能送银行，送银行的人不能截止下一步；不同的人可以")
    func fundAndPayment() throws {
        var bench = PaymentBench(today: PaymentsBatchTests.today)
        let family = bench.family(1)
        try bench.say(.prepare(PaymentsBatchTests.scope(), households: [family]), to: Self.batch, by: "a")
        _ = try Self.say(&bench, .close, "fund-1")
        #expect(PaymentsBatchTests.refusal(try Self.say(&bench, .issue, "fund-1")) == .functionHeld)
        #expect(PaymentsBatchTests.refusal(try Self.say(&bench, .issue, "payer-1")) == nil)
        let answer = try PaymentsBatchTests.answer(bench)
        #expect(PaymentsBatchTests.refusal(try Self.say(&bench, .takeAnswer(answer), "fund-1")) == .functionHeld)
        #expect(PaymentsBatchTests.refusal(try Self.say(&bench, .takeAnswer(answer), "payer-2")) == nil)
        #expect(bench.batches[Self.batch]?.holders(of: .fund) == [Code(unchecked: "fund-1")])
        #expect(
            bench.batches[Self.batch]?.holders(of: .payment) == [
                Code(unchecked: "payer-1"), Code(unchecked: "payer-2"),
            ])
    }

    @Test("登记过其中一户收款账户的人不能送银行、回盘、退回、冲销，可以截止；别人照样办")
    func accounts() throws {
        var bench = PaymentBench(today: PaymentsBatchTests.today)
        let family = bench.family(1)
        try bench.say(.prepare(PaymentsBatchTests.scope(), households: [family]), to: Self.batch, by: "a")
        func ask(_ action: PaymentAction, _ actor: String) throws -> Refusal.Reason? {
            let state = try #require(bench.batches[Self.batch])
            let command = PaymentCommand(
                id: CommandID(Identifier128(high: 8, low: 99)), batch: Self.batch, occurredOn: PaymentsBatchTests.today,
                action: action)
            let context = BatchContext(
                today: PaymentsBatchTests.today, accounts: [1: "acc"], actor: Code(unchecked: actor),
                accountsBy: [Code(unchecked: "clerk-1")])
            return PaymentsBatchTests.refusal(state.decide(command, in: context))
        }
        #expect(try ask(.close, "clerk-1") == nil)
        try bench.say(.close, to: Self.batch, by: "fund-1")
        let reason = Code(unchecked: "x")
        for action in [.issue, .recordReturn(line: 1, reason: reason), .reverse(line: 1, reason: reason)]
            as [PaymentAction]
        {
            #expect(try ask(action, "clerk-1") == .accountPayer)
            #expect(try ask(action, "payer-1") != .accountPayer)
        }
        try bench.say(.issue, to: Self.batch, by: "payer-1")
        let answer = try PaymentsBatchTests.answer(bench)
        #expect(try ask(.takeAnswer(answer), "clerk-1") == .accountPayer)
        #expect(try ask(.takeAnswer(answer), "payer-2") == nil)
    }

    @Test("认定过其中一户的人，既不能截止也不能发放")
    func reviewer() throws {
        var bench = PaymentBench(today: PaymentsBatchTests.today)
        let family = bench.family(1)
        try bench.say(.prepare(PaymentsBatchTests.scope(), households: [family]), to: Self.batch, by: "a")
        let reviewers: Set<Code> = [Code(unchecked: "judge-1")]
        #expect(
            PaymentsBatchTests.refusal(try Self.say(&bench, .close, "judge-1", reviewers: reviewers)) == .functionHeld)
        #expect(PaymentsBatchTests.refusal(try Self.say(&bench, .close, "fund-1", reviewers: reviewers)) == nil)
        #expect(
            PaymentsBatchTests.refusal(try Self.say(&bench, .issue, "judge-1", reviewers: reviewers)) == .functionHeld)
    }

    @Test("拒绝时写明已办的是哪项职能：发放过的写资金发放，监督过的写监督评估，都有的都写")
    func namesTheFunctionHeld() throws {
        var bench = PaymentBench(today: PaymentsBatchTests.today)
        let family = bench.family(1)
        try bench.say(.prepare(PaymentsBatchTests.scope(), households: [family]), to: Self.batch, by: "a")
        let who = Code(unchecked: "x")
        let cases: [([CaseFunction: Set<Code>], String?)] = [
            ([.payment: [who]], "x payment"), ([.supervision: [who]], "x supervision"),
            ([.review: [who], .payment: [who]], "x review, payment"), ([.review: [Code(unchecked: "y")]], nil),
        ]
        for (holders, detail) in cases {
            var copy = bench
            switch try Self.say(&copy, .close, "x", holders: holders) {
            case .refused(let refusal): #expect(refusal.reason == .functionHeld && refusal.detail == detail)
            case .events: #expect(detail == nil)
            }
        }
    }

    @Test("经手过发放的人不能再对同一待遇作决定；别人可以")
    func payerDoesNotReview() throws {
        let bench = try PaymentsBatchTests.closed(1)
        let family = try #require(bench.households.keys.first)
        var history = try #require(bench.households[family])
        let member = try #require(history.household.members.first?.id)
        let september = CivilMonth(year: 2014, month: 9)
        // The order again, this time with the account of whoever closed the batch.
        let orders = history.events.map { known -> KnownEvent in
            var known = known
            if case .paymentOrdered = known.event { known.actor = Code(unchecked: "fund-1") }
            return known
        }
        history = HouseholdHistory(id: family, events: orders)
        let made = PaymentBench.determination(
            member, [("2014-09-10", nil, 400)], [PayerShare(payer: PaymentsBatchTests.finance, parts: 1)],
            readThrough: 5,
            changes: [DueChange(first: september, last: september, before: .yuan(300), after: .yuan(400))])
        history.append(
            KnownEvent(
                reference: EventReference(sequence: history.lastSequence + 1),
                recordedAt: Moment(microseconds: .max / 2), command: CommandID(Identifier128(high: 3, low: 3)),
                proposed: ProposedEvent(occurredOn: PaymentsBatchTests.today, event: .determinationMade(made))))
        let decided = DueDecided(
            determination: EventReference(sequence: history.lastSequence), clause: made.clause, subject: made.subject,
            kind: .arrears, isCarriedOut: true, reason: Code(unchecked: "late"))
        let command = HouseholdCommand(
            id: CommandID(Identifier128(high: 4, low: 4)), household: family, occurredOn: PaymentsBatchTests.today,
            action: .decideDue(decided))
        func context(_ actor: String) -> DecisionContext {
            DecisionContext(
                today: PaymentsBatchTests.today, policy: .empty, rights: [.command], newHousehold: family,
                actor: Code(unchecked: actor))
        }
        func decide(_ actor: String) -> Decision { history.decide(command, in: context(actor)) }
        guard case .refused(let refusal) = decide("fund-1") else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.reason == .functionHeld)
        guard case .events = decide("judge-1") else {
            Issue.record("refused")
            return
        }
        // Recorded by one who may, it is not told to one who may not.
        var recorded = KnownEvent(
            reference: EventReference(sequence: history.lastSequence + 1),
            recordedAt: Moment(microseconds: .max / 2 + 1), command: command.id,
            proposed: ProposedEvent(occurredOn: PaymentsBatchTests.today, event: .dueDecided(decided)))
        recorded.actor = Code(unchecked: "judge-1")
        history.append(recorded)
        func repeated(_ actor: String) -> Refusal.Reason? {
            do throws(Refusal) {
                try history.checkRepeat(of: command, recordedAs: command.id, in: context(actor))
                return nil
            } catch { return error.reason }
        }
        #expect(repeated("fund-1") == .functionHeld && repeated("judge-2") == nil && repeated("judge-1") == nil)
    }

    /// One family's line, closed by fund-1, sent by payer-1; the bank refuses it the first time if wanted, payer-2 sends it
    /// again; payer-3 takes the answer in that pays it.
    private static func paid(failsFirst: Bool = false) throws -> (history: HouseholdHistory, line: OrderedLine) {
        var bench = PaymentBench(today: PaymentsBatchTests.today)
        let family = bench.family(1)
        try bench.say(.prepare(PaymentsBatchTests.scope(), households: [family]), to: batch, by: "a")
        try bench.say(.close, to: batch, by: "fund-1")
        try bench.say(.issue, to: batch, by: "payer-1")
        if failsFirst {
            try bench.say(.takeAnswer(PaymentsBatchTests.answer(bench, failing: [1])), to: batch, by: "payer-1")
            try bench.say(.issue, to: batch, by: "payer-2")
        }
        try bench.say(.takeAnswer(PaymentsBatchTests.answer(bench)), to: batch, by: "payer-3")
        let history = try #require(bench.households[family])
        return (history, try #require(history.household.payments.orders.first?.ordered.lines.first))
    }

    private static func accounts(_ names: String...) -> Set<Code> { Set(names.map { Code(unchecked: $0) }) }

    @Test("办结的一笔，本户档案自己说得出谁截止、谁送银行、谁录回盘：不必再看那一批")
    func ownFileNamesThem() throws {
        let (history, line) = try Self.paid()
        let named: [CaseFunction: Set<Code>] = [
            .fund: Self.accounts("fund-1"), .payment: Self.accounts("payer-1", "payer-3"),
        ]
        let household = history.household
        let order = try #require(household.payments.orders.first)
        #expect(order.holders(ofLine: 0) == named && order.holders(ofLine: 1) == nil)
        let other = PaymentsBatchTests.other
        #expect(household.batches(besides: other, paying: [line]).isEmpty)
        #expect(household.holders(besides: other, paying: [line]) == named)
        #expect(household.holders(besides: Self.batch, paying: [line]).isEmpty)
        #expect(household.holdersByBatch(of: line.clause, line.subject) == [Self.batch: named])
        #expect(household.lines([line], paidByNoneOf: [Self.batch]) == [line])
        for (actor, function) in [("fund-1", CaseFunction.fund), ("payer-1", .payment), ("payer-3", .payment)] {
            #expect(household.functions(of: Code(unchecked: actor), on: line.clause, line.subject) == [function])
        }
    }

    @Test("没有办结的、旧程序没有写明的，还得看那一批；失败重送的，两次送银行的人都算")
    func untold() throws {
        let (whole, line) = try Self.paid(failsFirst: true)
        #expect(
            whole.household.holdersByBatch(of: line.clause, line.subject)[Self.batch]
                == [.fund: Self.accounts("fund-1"), .payment: Self.accounts("payer-1", "payer-2", "payer-3")])
        // Until the bank has paid it, somebody may have sent it again of whom the file knows nothing.
        let last = try #require(whole.events.last)
        let failed = HouseholdHistory(id: whole.id, events: whole.events.dropLast()).household
        #expect(last.event.kindName == "PaymentConcluded")
        #expect(failed.payments.orders.first?.outcomes.first??.outcome == .failed)
        #expect(failed.batches(besides: PaymentsBatchTests.other, paying: [line]) == [Self.batch])
        #expect(failed.holdersByBatch(of: line.clause, line.subject).isEmpty)
        #expect(failed.lines([line], paidByNoneOf: [Self.batch]).isEmpty)
        // As an earlier program told it: nobody named, and whoever let the run go on stands for them.
        let old = try Self.paid().history.events.map { known -> KnownEvent in
            var known = known
            guard case .paymentConcluded(var concluded) = known.event else { return known }
            (concluded.closedBy, concluded.issuedBy, concluded.bookedBy) = (nil, nil, nil)
            known.proposed.event = .paymentConcluded(concluded)
            known.actor = Code(unchecked: "payer-3")
            return known
        }
        let before = HouseholdHistory(id: whole.id, events: old).household
        #expect(before.batches(besides: PaymentsBatchTests.other, paying: [line]) == [Self.batch])
        #expect(before.functions(of: Code(unchecked: "payer-3"), on: line.clause, line.subject) == [.payment])
        #expect(before.functions(of: Code(unchecked: "payer-1"), on: line.clause, line.subject).isEmpty)
    }
}
