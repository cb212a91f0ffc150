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
        try bench.say(.issue, to: PaymentsBatchTests.batch)
        try bench.say(.takeAnswer(PaymentsBatchTests.answer(bench)), to: PaymentsBatchTests.batch)
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

    @Test("追回的列应退清单：不写账户，也不等账户；受益人已故的说明；收到一笔记一笔，账平")
    func recoveryGoesToNoBank() throws {
        var (bench, family, made) = try Self.revised(to: 0)
        try Self.decide(&bench, family, made, .recovery, true)
        try bench.run(Self.second, PaymentsBatchTests.scope(.recovery))
        let line = try #require(bench.batches[Self.second]?.lines.first)
        #expect(line.ordered.line.isTakenBack && bench.objection(to: line) == nil)
        guard case .person(let person) = line.ordered.line.subject else {
            Issue.record("not a person's")
            return
        }
        bench.record(.personDied(PersonDied(person: person)), of: family)
        #expect(bench.objection(to: line) == .debtorDied)
        try bench.say(.issue, to: Self.second)
        let file = try #require(bench.batches[Self.second]?.files.first)
        #expect(file.entries == [BankFileIssued.Entry(line: 1, account: "", amount: -.yuan(300))])
        let answer = BankAnswer(
            file: 1,
            lines: [
                .init(
                    row: 1, reference: BankReference(batch: Self.second, file: 1, line: 1).description,
                    amount: -.yuan(300), failure: nil)
            ], declaredCount: 1, declaredTotal: -.yuan(300))
        try bench.say(.takeAnswer(answer), to: Self.second)
        let state = try #require(bench.batches[Self.second])
        #expect(state.ledger.balance(.bank) == .yuan(300) && state.ledger.balance(.transit) == .zero)
        #expect(state.ledger.balance(.payable) == .zero && state.ledger.sum == .zero)
        #expect(bench.households[family]?.household.payments.orders.last?.outcomes.first??.outcome == .paid)
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

    /// Takes in that the right began in August 2014 already.
    private static func begunEarlier(_ bench: inout PaymentBench, _ family: HouseholdID) throws -> EventReference {
        let person = try #require(bench.households[family]?.household.members.first?.id)
        let august = september + -1
        let change = DueChange(first: august, last: august, before: .zero, after: .yuan(300))
        bench.record(
            .determinationMade(
                PaymentBench.determination(
                    person, [("2014-08-10", nil, 300)], shares, readThrough: 4, changes: [change])), of: family)
        return EventReference(sequence: try #require(bench.households[family]?.lastSequence))
    }

    @Test("还没发过的月份已决定：不补的正常批次也不发，补发的只由补发批次发", arguments: [true, false])
    func decidedBeforeFirstPayment(isCarriedOut: Bool) throws {
        var bench = PaymentBench(today: PaymentsBatchTests.today)
        let family = bench.family(1)
        let made = try Self.begunEarlier(&bench, family)
        try Self.decide(&bench, family, made, .arrears, isCarriedOut)
        try bench.run(PaymentsBatchTests.batch, PaymentsBatchTests.scope(.regular, "2014-08..2014-09"))
        let lines = try #require(bench.batches[PaymentsBatchTests.batch]?.lines.map(\.ordered.line))
        #expect(lines.map(\.first) == [Self.september] && lines.map(\.amount) == [.yuan(300)])
        try bench.run(Self.second, PaymentsBatchTests.scope(.arrears))
        #expect(bench.batches[Self.second]?.total == (isCarriedOut ? .yuan(300) : .zero))
        let again = BatchID(Identifier128(high: 9, low: 4))
        try bench.run(again, PaymentsBatchTests.scope(.regular, "2014-08..2014-09", number: 2))
        #expect(bench.batches[again]?.lines == [])
    }

    @Test("正常批次走过以后才知道的月份等人决定；走过以前知道的，先发的批次没带上也还由正常批次发", arguments: [true, false])
    func knownInTime(isInTime: Bool) throws {
        var bench = PaymentBench(today: PaymentsBatchTests.today)
        let family = bench.family(1)
        var made: EventReference?
        if isInTime { made = try Self.begunEarlier(&bench, family) }
        try bench.run(PaymentsBatchTests.batch, PaymentsBatchTests.scope())
        if !isInTime { made = try Self.begunEarlier(&bench, family) }
        try bench.run(Self.second, PaymentsBatchTests.scope(.regular, "2014-08"))
        #expect(bench.batches[Self.second]?.total == (isInTime ? .yuan(300) : .zero))
        let closedAt = try #require(bench.batches[Self.second]?.closedAt)
        let reasons = bench.households[family]?.omissions(
            PaymentsBatchTests.scope(.regular, "2014-08"), closedAt: closedAt, rules: .monthly, others: [])
        #expect(reasons == (isInTime ? [] : [.arrearsWait]))
        #expect((bench.households[family]?.household.dueStandings.flatMap(\.entries).isEmpty == true) == isInTime)
        guard !isInTime else { return }
        try Self.decide(&bench, family, try #require(made), .arrears, true)
        let third = BatchID(Identifier128(high: 9, low: 4))
        try bench.run(third, PaymentsBatchTests.scope(.arrears))
        #expect(bench.batches[third]?.total == .yuan(300))
    }

    @Test("一批也没进过的家庭：同月份的首批截止以后才知道的等人决定，以前知道的、不是补跑的照发", arguments: [0, 1, 2])
    func neverPaid(known: Int) throws {
        var bench = PaymentBench(today: PaymentsBatchTests.today)
        let family = bench.family(1)
        _ = try Self.begunEarlier(&bench, family)
        let events = try #require(bench.households[family]?.events)
        let through = try #require(events.last?.recordedAt)
        // Closed at the last event or just before it; or there is no earlier batch.
        let passedAt: Moment? = [nil, through, Moment(microseconds: through.microseconds - 1)][known]
        let scope = PaymentsBatchTests.scope(.regular, "2014-08", number: 2)
        let history = try #require(bench.households[family])
        let decision = history.decideOrder(
            Self.second, scope, closedAt: through, rules: .monthly, passedAt: passedAt)
        let reasons = history.omissions(scope, closedAt: through, rules: .monthly, others: [], passedAt: passedAt)
        if known == 2 {
            #expect(decision == .nothing && reasons == [.arrearsWait])
        } else if case .order(let ordered) = decision {
            #expect(ordered.lines.map(\.amount) == [.yuan(300)] && reasons == [])
        } else {
            Issue.record("nothing is ordered")
        }
    }

    @Test("同月份的首批截止以后才批准的资助：批准就是决定，后一批正常批次照发；批准在前、后来才认定的仍等人决定", arguments: [true, false])
    func awardedAfterTheFirstBatch(isLater: Bool) throws {
        var bench = PaymentBench(today: PaymentsBatchTests.today)
        let family = bench.family(1)
        let before = try #require(bench.households[family]?.events.last)
        let person = try #require(bench.households[family]?.household.members.first?.id)
        let august = Self.september + -1
        var made = PaymentBench.determination(
            person, [("2014-08-10", nil, 300)], Self.shares, readThrough: before.reference.sequence,
            changes: [DueChange(first: august, last: august, before: .zero, after: .yuan(300))])
        let award = EventReference(sequence: before.reference.sequence + (isLater ? 1 : 0))
        for place in made.intervals.indices { made.intervals[place].decision = award }
        // Stands where the award does: only that it came after the first batch counts.
        let said = FactStated(
            fact: .accountReference, subject: .person(person), value: .reference("acc-2"),
            source: Code(unchecked: "form"))
        bench.record(.factStated(said), of: family)
        bench.record(.determinationMade(made), of: family)
        let history = try #require(bench.households[family])
        let scope = PaymentsBatchTests.scope(.regular, "2014-08", number: 2)
        let closedAt = try #require(history.events.last?.recordedAt)
        let decision = history.decideOrder(
            Self.second, scope, closedAt: closedAt, rules: .monthly, passedAt: before.recordedAt)
        let reasons = history.omissions(
            scope, closedAt: closedAt, rules: .monthly, others: [], passedAt: before.recordedAt)
        guard isLater else {
            #expect(decision == .nothing && reasons == [.arrearsWait])
            return
        }
        guard case .order(let ordered) = decision else {
            Issue.record("nothing is ordered")
            return
        }
        #expect(ordered.lines.map(\.amount) == [.yuan(300)] && reasons == [])
    }

    @Test("这一条已经给这户发过的：以后再批准的也等人决定，与名单上写的一样")
    func awardedAfterTheFamilyWasPaid() throws {
        var (bench, family, _) = try Self.passedAndAhead()
        let history = try #require(bench.households[family])
        let entry = try #require(history.household.determinations.last)
        let last = try #require(history.events.last)
        var made = entry.made
        for place in made.intervals.indices {
            made.intervals[place].decision = EventReference(sequence: last.reference.sequence + 1)
        }
        bench.record(.determinationMade(made), of: family)
        let now = try #require(bench.households[family])
        let closedAt = try #require(now.events.last?.recordedAt)
        let decision = now.decideOrder(
            Self.second, PaymentsBatchTests.scope(.regular, "2014-08", number: 2), closedAt: closedAt, rules: .monthly,
            passedAt: last.recordedAt)
        #expect(decision == .nothing)
    }

    /// A family that was paid September 2014 alone; then August, and October to December, become more by 300 yuan.
    private static func passedAndAhead() throws -> (bench: PaymentBench, family: HouseholdID, made: EventReference) {
        var bench = try PaymentsBatchTests.closed(1, today: CivilDay(year: 2015, month: 1, day: 20)!)
        let family = try #require(bench.households.keys.first)
        let person = try #require(bench.households[family]?.household.members.first?.id)
        let changes = [(september + -1, september + -1), (september + 1, september + 3)].map {
            DueChange(first: $0, last: $1, before: .zero, after: .yuan(300))
        }
        bench.record(
            .determinationMade(
                PaymentBench.determination(
                    person, [("2014-08-10", nil, 300)], shares, readThrough: 4, changes: changes)), of: family)
        return (bench, family, EventReference(sequence: try #require(bench.households[family]?.lastSequence)))
    }

    /// Lets arrears go, and takes the event in.
    /// - Returns: The months decided about, and the remarks; or why it is refused.
    private static func letGo(
        _ bench: inout PaymentBench, _ family: HouseholdID, _ made: EventReference,
        _ months: [ClosedRange<CivilMonth>] = []
    ) throws -> String {
        let history = try #require(bench.households[family])
        let person = try #require(history.household.members.first?.id)
        let decided = DueDecided(
            determination: made, clause: ClauseID("CZ-2.1")!, subject: .person(person), kind: .arrears,
            isCarriedOut: false, reason: Code(unchecked: "late_certificate"), months: months)
        let command = HouseholdCommand(
            id: CommandID(Identifier128(high: 6, low: made.sequence)), household: family, occurredOn: bench.today,
            action: .decideDue(decided))
        func text(_ remark: Refusal) -> String { "\(remark.code) \(remark.detail ?? "")" }
        switch history.decide(
            command,
            in: DecisionContext(today: bench.today, policy: .empty, rights: [.command], newHousehold: family))
        {
        case .refused(let refusal): return text(refusal)
        case .events(let events, let warnings):
            for event in events { bench.record(event.event, of: family) }
            guard case .dueDecided(let taken)? = events.first?.event else { return "" }
            return ([taken.monthTexts.joined(separator: " ")] + warnings.map(text)).joined(separator: "; ")
        }
    }

    @Test("不写月份：只决定正常批次走过的，其余的照旧由正常批次发；都没走过的不必决定")
    func monthsAhead() throws {
        var (bench, family, made) = try Self.passedAndAhead()
        #expect(try Self.letGo(&bench, family, made) == "2014-08; CARE-1481 2014-10…2014-12")
        let left = bench.households[family]?.household.dueStandings.flatMap(\.entries)
        #expect(left?.map { "\($0.first)…\($0.last) \($0.sum)" } == ["2014-10…2014-12 900.00"])
        #expect(try Self.letGo(&bench, family, made) == "CARE-1480 2014-10…2014-12")
        try bench.run(Self.second, PaymentsBatchTests.scope(.regular, "2014-08..2014-12"))
        #expect(bench.batches[Self.second]?.total == .yuan(900))
        #expect(bench.households[family]?.household.dueStandings.flatMap(\.entries).isEmpty == true)
    }

    @Test("写明没走过的月份：可以决定，并说正常批次也不再发")
    func monthsAheadNamed() throws {
        var (bench, family, made) = try Self.passedAndAhead()
        let october = Self.september + 1
        #expect(try Self.letGo(&bench, family, made, [october...october]) == "2014-10; CARE-1482 2014-10")
        try bench.run(Self.second, PaymentsBatchTests.scope(.regular, "2014-09..2014-12"))
        #expect(bench.batches[Self.second]?.total == .yuan(600))
        // September is not among what stands.
        #expect(try Self.letGo(&bench, family, made, [Self.september...Self.september]).hasPrefix("CARE-1105"))
    }

    @Test("一次也没发过的家庭：不写月份就全部决定，不补的说正常批次也不再发")
    func monthsOfTheUnpaid() throws {
        var bench = PaymentBench(today: PaymentsBatchTests.today)
        let family = bench.family(1)
        let made = try Self.begunEarlier(&bench, family)
        #expect(try Self.letGo(&bench, family, made) == "2014-08; CARE-1482 2014-08")
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
