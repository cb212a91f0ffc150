import CareTestKit
import Testing

@testable import CareDomain

/// Given a revised determination after a payment, then only what a person decides is paid later or taken back.
@Suite("补发与追回")
struct PaymentsDecisionTests {
    private static let shares = [PayerShare(payer: Code(unchecked: "finance"), parts: 1)]
    private static let september = CivilMonth(year: 2014, month: 9)
    private static let second = BatchID(Identifier128(high: 9, low: 2))

    /// A family that was paid 300 yuan for September 2014, after which September becomes another sum.
    private static func revised(to yuan: Int64) throws -> (
        bench: PaymentBench, family: HouseholdID, made: EventReference
    ) {
        var bench = try PaymentsBatchTests.closed(1)
        let family = try #require(bench.households.keys.first)
        let person = try #require(bench.households[family]?.household.members.first?.id)
        let change = DueChange(first: september, last: september, before: .yuan(300), after: .yuan(yuan))
        let stretches: [(from: String, until: String?, yuan: Int64)] = yuan == 0 ? [] : [("2014-09-10", nil, yuan)]
        bench.record(
            .determinationMade(
                PaymentBench.determination(person, stretches, shares, readThrough: 5, changes: [change])), of: family)
        return (bench, family, EventReference(sequence: try #require(bench.households[family]?.lastSequence)))
    }

    private static func decide(
        _ bench: inout PaymentBench, _ family: HouseholdID, _ made: EventReference, _ kind: DueStanding.Kind,
        _ yes: Bool
    ) throws {
        let history = try #require(bench.households[family])
        let person = try #require(history.household.members.first?.id)
        let decided = DueDecided(
            determination: made, clause: ClauseID("CZ-2.1")!, subject: .person(person), kind: kind, isCarriedOut: yes,
            reason: Code(unchecked: "late_certificate"))
        let command = HouseholdCommand(
            id: CommandID(Identifier128(high: 5, low: made.sequence)), household: family,
            occurredOn: PaymentsBatchTests.today, action: .decideDue(decided))
        let decision = history.decide(
            command,
            in: DecisionContext(
                today: PaymentsBatchTests.today, policy: .empty, rights: [.command], newHousehold: family))
        guard case .events(let events, _) = decision else {
            if case .refused(let refusal) = decision { throw refusal }
            return
        }
        for event in events { bench.record(event.event, of: family) }
    }

    @Test("补发 100 元：决定前一分不发，决定后只发 100 元，再跑一次不再发")
    func arrears() throws {
        var (bench, family, made) = try Self.revised(to: 400)
        try bench.run(Self.second, PaymentsBatchTests.scope(.arrears))
        #expect(bench.batches[Self.second]?.lines.isEmpty == true)
        try Self.decide(&bench, family, made, .arrears, true)
        #expect(bench.households[family]?.household.dueStandings.flatMap(\.entries).isEmpty == true)
        try bench.run(BatchID(Identifier128(high: 9, low: 3)), PaymentsBatchTests.scope(.arrears, number: 2))
        #expect(bench.batches[BatchID(Identifier128(high: 9, low: 3))]?.total == .yuan(100))
        try bench.run(BatchID(Identifier128(high: 9, low: 4)), PaymentsBatchTests.scope(.arrears, number: 3))
        #expect(bench.batches[BatchID(Identifier128(high: 9, low: 4))]?.lines.isEmpty == true)
    }

    @Test("追回 300 元：金额为负，追回后不再欠")
    func recovery() throws {
        var (bench, family, made) = try Self.revised(to: 0)
        try Self.decide(&bench, family, made, .recovery, true)
        try bench.run(Self.second, PaymentsBatchTests.scope(.recovery))
        let state = try #require(bench.batches[Self.second])
        #expect(state.total == -.yuan(300))
        #expect(state.ledger.balance(.payable) == .yuan(300))
        #expect(state.ledger.sum == .zero)
        try bench.run(BatchID(Identifier128(high: 9, low: 4)), PaymentsBatchTests.scope(.recovery, number: 2))
        #expect(bench.batches[BatchID(Identifier128(high: 9, low: 4))]?.lines.isEmpty == true)
    }

    @Test("决定不补、免追：什么也不发、不收，不再列为待决定")
    func letGo() throws {
        for (yuan, kind) in [(Int64(400), DueStanding.Kind.arrears), (0, .recovery)] {
            var (bench, family, made) = try Self.revised(to: yuan)
            try Self.decide(&bench, family, made, kind, false)
            #expect(bench.households[family]?.household.dueStandings.flatMap(\.entries).isEmpty == true)
            try bench.run(Self.second, PaymentsBatchTests.scope(kind == .arrears ? .arrears : .recovery))
            #expect(bench.batches[Self.second]?.lines.isEmpty == true)
        }
    }

    @Test("没有的、方向不对的、已决定的，都拒绝")
    func refused() throws {
        var (bench, family, made) = try Self.revised(to: 400)
        #expect(throws: Refusal.self) { try Self.decide(&bench, family, made, .recovery, true) }
        #expect(throws: Refusal.self) {
            try Self.decide(&bench, family, EventReference(sequence: made.sequence + 1), .arrears, true)
        }
        try Self.decide(&bench, family, made, .arrears, true)
        #expect(throws: Refusal.self) { try Self.decide(&bench, family, made, .arrears, true) }
    }

    @Test("还没发过的月份先改了标准：正常批次按截止时的标准全额发，不再列为待决定")
    func changedBeforeFirstPayment() throws {
        var bench = PaymentBench(today: PaymentsBatchTests.today)
        let family = bench.family(1)
        let person = try #require(bench.households[family]?.household.members.first?.id)
        let change = DueChange(first: Self.september, last: Self.september, before: .yuan(300), after: .yuan(400))
        bench.record(
            .determinationMade(
                PaymentBench.determination(
                    person, [("2014-09-10", nil, 400)], Self.shares, readThrough: 4, changes: [change])), of: family)
        try bench.run(PaymentsBatchTests.batch, PaymentsBatchTests.scope())
        #expect(bench.batches[PaymentsBatchTests.batch]?.total == .yuan(400))
        #expect(bench.households[family]?.household.dueStandings.flatMap(\.entries).isEmpty == true)
    }
}
