import CareTestKit
import Testing

@testable import CareDomain

/// Given families with rights, when a batch is prepared, closed, sent and answered, then each is paid once.
@Suite("发放批次")
struct PaymentsBatchTests {
    static let today = CivilDay(year: 2014, month: 10, day: 8)!
    static let batch = BatchID(Identifier128(high: 9, low: 9))
    static let other = BatchID(Identifier128(high: 9, low: 8))
    static let finance = Code(unchecked: "finance")

    static func scope(
        _ kind: BatchKind = .regular, _ period: String = "2014-09", division: String = "431002", number: Int = 1
    ) -> BatchScope {
        BatchScope(
            kind: kind, division: DivisionCode(division)!, period: PaymentPeriod(parsing: period)!, number: number)
    }

    /// A bench with a closed batch over all its families.
    static func closed(_ families: Int, period: String = "2014-09", today: CivilDay = today) throws -> PaymentBench {
        var bench = PaymentBench(today: today)
        for number in 0..<families { bench.family(UInt64(number)) }
        try bench.run(batch, scope(.regular, period))
        return bench
    }

    static func refusal(_ decision: BatchDecision) -> Refusal.Reason? {
        if case .refused(let refusal) = decision { refusal.reason } else { nil }
    }

    static func answer(
        _ bench: PaymentBench, failing: Set<Int> = [], _ change: (inout BankAnswer) -> Void = { _ in }
    ) throws -> BankAnswer {
        let file = try #require(bench.batches[batch]?.files.last)
        var answer = BankAnswer(
            file: file.number,
            lines: file.entries.enumerated().map { place, entry in
                .init(
                    row: place + 2,
                    reference: BankReference(batch: batch, file: file.number, line: entry.line).description,
                    amount: entry.amount, failure: failing.contains(entry.line) ? Code(unchecked: "no_account") : nil)
            }, declaredCount: file.entries.count, declaredTotal: file.total)
        change(&answer)
        return answer
    }

    @Test("三户各一人：截止后锁定三笔共 900 元，借支出、贷应付，合计为零")
    func freezes() throws {
        let bench = try Self.closed(3)
        let state = try #require(bench.batches[Self.batch])
        #expect(state.isFrozen)
        #expect(state.lines.map(\.amount) == [.yuan(300), .yuan(300), .yuan(300)])
        #expect(state.total == .yuan(900))
        #expect(state.ledger.balance(.expense(Self.finance)) == .yuan(900))
        #expect(state.ledger.balance(.payable) == -.yuan(900))
        #expect(state.ledger.sum == .zero)
    }

    @Test("季度批次：三个月一笔")
    func quarter() throws {
        let bench = try Self.closed(1, period: "2014-Q4", today: CivilDay(year: 2014, month: 12, day: 20)!)
        let line = try #require(bench.batches[Self.batch]?.lines.first?.ordered.line)
        #expect(line.months == 3)
        #expect(line.amount == .yuan(900))
    }

    @Test("同一月份只发一次：另一批次、上级区划的批次都不再列入")
    func onceOnly() throws {
        var bench = try Self.closed(2)
        try bench.run(Self.other, Self.scope(.regular, "2014-08..2014-10", division: "431000"))
        let lines = try #require(bench.batches[Self.other]?.lines)
        #expect(
            lines.map(\.ordered.line.first) == [CivilMonth(year: 2014, month: 10), CivilMonth(year: 2014, month: 10)])
    }

    private static func months(_ bench: PaymentBench) throws -> [String] {
        let lines = try #require(bench.batches[batch]?.lines.map(\.ordered.line))
        return lines.flatMap { line in (0..<Int32(line.months)).map { "\(line.first + $0)" } }
    }

    @Test("季度中间迁出辖区：迁出前的月份和当月仍在原地这一批里发")
    func movedAwayWithinTheQuarter() throws {
        var bench = PaymentBench(today: CivilDay(year: 2014, month: 12, day: 20)!)
        let family = bench.family(1)
        let moved = CivilDay(year: 2014, month: 11, day: 10)!
        bench.record(
            .moved(HouseholdMoved(kind: .registration, division: DivisionCode("110105")!)), on: moved, of: family)
        let person = try #require(bench.households[family]?.household.members.first?.id)
        let made = PaymentBench.determination(
            person, [("2014-09-10", "2014-11-10", 300)], [PayerShare(payer: Self.finance, parts: 1)],
            readThrough: bench.households[family]?.lastSequence ?? 0)
        bench.record(.determinationMade(made), of: family)
        try bench.run(Self.batch, Self.scope(.regular, "2014-Q4", division: "431000"))
        #expect(try Self.months(bench) == ["2014-10", "2014-11"])
        // Where it went nobody pays for the time before.
        try bench.run(Self.other, Self.scope(.regular, "2014-Q4", division: "110105"))
        #expect(bench.batches[Self.other]?.lines.isEmpty ?? true)
    }

    @Test("离户又回来的人：在户的月份、离开的当月在这里发，回来的当月由另一户的档案发")
    func leftAndCameBack() throws {
        var bench = PaymentBench(today: CivilDay(year: 2015, month: 2, day: 20)!)
        let family = bench.family(1)
        let person = try #require(bench.households[family]?.household.members.first?.id)
        let other = HouseholdID(Identifier128(high: 5, low: 5))
        bench.record(
            .split(HouseholdSplit(other: other, side: .remaining, persons: [person])),
            on: CivilDay(year: 2014, month: 10, day: 15)!, of: family)
        let back = CivilDay(year: 2014, month: 12, day: 9)!
        bench.record(.merged(HouseholdMerged(other: other, side: .absorbing)), on: back, of: family)
        bench.record(.personJoined(PersonJoined(person: person, role: .wife)), on: back, of: family)
        let household = try #require(bench.households[family]?.household)
        #expect(household.members.count == 2 && household.member(person)?.joinedOn == back)
        try bench.run(Self.batch, Self.scope(.regular, "2014-09..2015-01"))
        #expect(try Self.months(bench) == ["2014-09", "2014-10", "2015-01"])
    }

    @Test("两边档案都有的已故子女并回时不成为第二个人")
    func theDeadComeBackOnce() throws {
        var bench = PaymentBench(today: CivilDay(year: 2015, month: 2, day: 20)!)
        let family = bench.family(1)
        let child = PersonID(Identifier128(high: 6, low: 6))
        let other = HouseholdID(Identifier128(high: 5, low: 5))
        bench.record(.personJoined(PersonJoined(person: child, role: .onlyChild)), of: family)
        bench.record(.personDied(PersonDied(person: child)), of: family)
        bench.record(.merged(HouseholdMerged(other: other, side: .absorbing)), of: family)
        bench.record(.personJoined(PersonJoined(person: child, role: .onlyChild)), of: family)
        let household = try #require(bench.households[family]?.household)
        #expect(household.members.count { $0.id == child } == 1)
        #expect(household.member(child)?.diedOn != nil)
    }

    @Test("截止以后才知道的事不改变批次")
    func asKnownAtClosing() throws {
        var bench = PaymentBench(today: Self.today)
        let family = bench.family(1)
        _ = try bench.decide(.prepare(Self.scope(), households: [family]), Self.batch)
        _ = try bench.decide(.close, Self.batch)
        let person = try #require(bench.households[family]?.household.members.first?.id)
        bench.record(
            .determinationMade(
                PaymentBench.determination(
                    person, [("2014-09-10", nil, 500)], [PayerShare(payer: Self.finance, parts: 1)], readThrough: 4)),
            of: family)
        try bench.goOn(Self.batch)
        #expect(bench.batches[Self.batch]?.total == .yuan(300))
    }

    @Test("截止以后冲销的月份归下一批：早看和晚看的人得到同样的答复", arguments: [true, false])
    func reversedAfterClosing(orderedBefore: Bool) throws {
        var bench = PaymentBench(today: Self.today)
        let family = bench.family(1)
        let second = Self.scope(number: 2)
        if orderedBefore { try bench.run(Self.batch, Self.scope()) }
        _ = try bench.decide(.prepare(second, households: [family]), Self.other)
        _ = try bench.decide(.close, Self.other)
        if !orderedBefore { try bench.run(Self.batch, Self.scope()) }
        let closedAt = try #require(bench.batches[Self.other]?.closedAt)
        func answer() -> OrderDecision? {
            bench.households[family]?.decideOrder(Self.other, second, closedAt: closedAt, rules: .monthly)
        }
        #expect(answer() == .nothing)
        try bench.say(.reverse(line: 1, reason: Code(unchecked: "died")), to: Self.batch)
        #expect(bench.households[family]?.household.payments.orders.first?.standing == [])
        #expect(answer() == .nothing)
        try bench.goOn(Self.other)
        #expect(bench.batches[Self.other]?.lines == [])
        let third = BatchID(Identifier128(high: 9, low: 7))
        try bench.run(third, Self.scope(number: 3))
        #expect(bench.batches[third]?.total == .yuan(300))
    }

    @Test("分担：7 分按 2:8 由市、省分担，加起来还是 7 分")
    func shares() throws {
        var bench = PaymentBench(today: Self.today)
        let shares = [
            PayerShare(payer: Code(unchecked: "city"), parts: 2),
            PayerShare(payer: Code(unchecked: "province"), parts: 8),
        ]
        let family = bench.family(1, shares: shares)
        let person = try #require(bench.households[family]?.household.members.first?.id)
        var made = PaymentBench.determination(person, [("2014-09-10", nil, 1)], shares, readThrough: 4)
        made.intervals[0].amount = Fen(7)
        bench.record(.determinationMade(made), of: family)
        try bench.run(Self.batch, Self.scope())
        let state = try #require(bench.batches[Self.batch])
        #expect(state.ledger.balance(.expense(Code(unchecked: "city"))) == Fen(2))
        #expect(state.ledger.balance(.expense(Code(unchecked: "province"))) == Fen(5))
        #expect(state.total == Fen(7))
    }

    @Test("送银行、回盘：成功的记已发放，失败的重新送，账平")
    func answers() throws {
        var bench = try Self.closed(3)
        try bench.say(.issue, to: Self.batch)
        #expect(bench.batches[Self.batch]?.ledger.balance(.transit) == -.yuan(900))
        try bench.say(.takeAnswer(Self.answer(bench, failing: [2])), to: Self.batch)
        #expect(bench.batches[Self.batch]?.lines.map(\.state.code) == ["paid", "failed", "paid"])
        try bench.say(.issue, to: Self.batch)
        let second = try #require(bench.batches[Self.batch]?.files.last)
        #expect(second.number == 2)
        #expect(second.entries.map(\.line) == [2])
        try bench.say(.takeAnswer(Self.answer(bench)), to: Self.batch)
        let state = try #require(bench.batches[Self.batch])
        #expect(state.lines.map(\.state.code) == ["paid", "paid", "paid"])
        #expect(state.ledger.balance(.bank) == -.yuan(900))
        #expect(state.ledger.balance(.payable) == .zero)
        #expect(state.ledger.balance(.transit) == .zero)
        let told = bench.households.values.map { $0.household.payments.orders[0].outcomes[0]?.outcome }
        #expect(told == [.paid, .paid, .paid])
        guard case .refused(let refusal) = try bench.say(.issue, to: Self.batch) else {
            Issue.record("sent")
            return
        }
        #expect(refusal.reason == .nothingToIssue)
        let (day, which) = ("\(Self.today)", "用 --file 再次取得")
        #expect(refusal.detail == "已有 2 个文件：第 1 个（\(day)，3 笔 900.00 元）、第 2 个（\(day)，1 笔 300.00 元），\(which)")
    }

    @Test("再要文件指哪些：最后一次生成的，直到全部回盘；更早的不算")
    func openIssue() throws {
        var bench = try Self.closed(3)
        #expect(bench.batches[Self.batch]?.openIssue == nil)
        try bench.say(.issue, to: Self.batch)
        let first = try #require(bench.batches[Self.batch])
        #expect(first.openIssue == first.files[0].by && first.unanswered(in: first.files[0]) == 3)
        try bench.say(.takeAnswer(Self.answer(bench, failing: [2])), to: Self.batch)
        #expect(bench.batches[Self.batch]?.openIssue == nil, "the bank has answered all of it")
        try bench.say(.issue, to: Self.batch)
        let second = try #require(bench.batches[Self.batch])
        #expect(second.openIssue == second.files[1].by && second.files[0].by != second.files[1].by)
        #expect(second.files.map(second.unanswered) == [0, 1] && second.files.map(second.firstOfRun) == [1, 2])
    }

    @Test(
        "回盘有误：金额不符、同一笔两次、参考号不认识、合计不符、已答过，都整份拒绝并指明行",
        arguments: [
            ("amount", Refusal.Reason.lineSum), ("twice", .lineTwice), ("unknown", .unknownReference),
            ("other_batch", .unknownReference), ("padded", .unknownReference), ("total", .answerTotals),
            ("count", .answerTotals), ("file", .unknownBankFile), ("again", .lineState),
        ])
    func badAnswers(what: String, reason: Refusal.Reason) throws {
        var bench = try Self.closed(3)
        try bench.say(.issue, to: Self.batch)
        if what == "again" { try bench.say(.takeAnswer(Self.answer(bench)), to: Self.batch) }
        let before = bench.batches
        let answer = try Self.answer(bench) { answer in
            switch what {
            case "amount": answer.lines[1].amount = .yuan(30)
            case "twice": answer.lines[2].reference = answer.lines[0].reference
            case "unknown": answer.lines[1].reference = String(answer.lines[1].reference.dropLast()) + "9"
            case "other_batch": answer.lines[1].reference = "zzzzzzzz-1-2"
            case "padded": answer.lines[1].reference = String(answer.lines[1].reference.dropLast()) + "02"
            case "total": answer.declaredTotal = .yuan(901)
            case "count": answer.declaredCount = 4
            case "file": answer.file = 7
            default: break
            }
        }
        let decision = try bench.say(.takeAnswer(answer), to: Self.batch)
        guard case .refused(let refusal) = decision else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.reason == reason)
        if ["amount", "unknown", "padded"].contains(what) { #expect(refusal.detail?.contains("第 3 行") == true) }
        #expect(bench.batches == before, "nothing is booked")
    }

    @Test("迟到的回盘：说明参考号是哪个文件的、那一笔已由哪个文件重送；状态用中文说，不写代码")
    func lateAnswer() throws {
        var bench = try Self.closed(3)
        try bench.say(.issue, to: Self.batch)
        let early = try Self.answer(bench) { answer in
            answer.lines = [answer.lines[1]]
            (answer.declaredCount, answer.declaredTotal) = (1, answer.lines[0].amount)
        }
        try bench.say(.takeAnswer(Self.answer(bench, failing: [2])), to: Self.batch)
        try bench.say(.issue, to: Self.batch)
        func refused(_ answer: BankAnswer) throws -> Refusal? {
            guard case .refused(let refusal) = try bench.say(.takeAnswer(answer), to: Self.batch) else { return nil }
            return refusal
        }
        let again = try #require(try refused(early))
        #expect(again.code == "CARE-1762")
        #expect(again.chinese.contains("这一笔已由第 2 个文件重送（在途）"))
        var late = early
        late.file = 2
        let other = try #require(try refused(late))
        #expect(other.code == "CARE-1476")
        #expect(other.chinese.contains("属第 1 个文件；这一笔已由第 2 个文件重送（在途）"))
        #expect(other.english.contains("is of file 1; file 2 replaced this line (with the bank)"))
        guard
            case .refused(let paid) = try bench.say(.reverse(line: 1, reason: Code(unchecked: "died")), to: Self.batch)
        else {
            Issue.record("a paid line was reversed")
            return
        }
        #expect(paid.chinese.contains("第 1 笔 已发放") && paid.english.contains("line 1 paid"))
    }

    @Test("退回后重新送；冲销只在未送时；冲销过的月份可以再列入")
    func returnAndReverse() throws {
        var bench = try Self.closed(1)
        #expect(
            Self.refusal(try bench.say(.recordReturn(line: 1, reason: Code(unchecked: "closed")), to: Self.batch))
                == .lineState)
        try bench.say(.issue, to: Self.batch)
        #expect(
            Self.refusal(try bench.say(.reverse(line: 1, reason: Code(unchecked: "died")), to: Self.batch))
                == .lineState)
        try bench.say(.takeAnswer(Self.answer(bench)), to: Self.batch)
        try bench.say(.recordReturn(line: 1, reason: Code(unchecked: "account_closed")), to: Self.batch)
        #expect(bench.batches[Self.batch]?.ledger.balance(.bank) == .zero)
        #expect(bench.batches[Self.batch]?.ledger.balance(.payable) == -.yuan(300))
        try bench.say(.reverse(line: 1, reason: Code(unchecked: "died")), to: Self.batch)
        let state = try #require(bench.batches[Self.batch])
        #expect(state.ledger.balances.values.allSatisfy { $0 == .zero })
        #expect(
            Self.refusal(try bench.say(.reverse(line: 1, reason: Code(unchecked: "died")), to: Self.batch))
                == .lineState)
        try bench.run(Self.other, Self.scope(number: 2))
        #expect(bench.batches[Self.other]?.total == .yuan(300))
    }

    @Test("没有账户的不送银行，也不丢失：有了账户再送")
    func withoutAccount() throws {
        var bench = PaymentBench(today: Self.today)
        let family = bench.family(1, account: false)
        try bench.run(Self.batch, Self.scope())
        #expect(Self.refusal(try bench.say(.issue, to: Self.batch)) == .nothingToIssue)
        let person = try #require(bench.households[family]?.household.members.first?.id)
        bench.record(
            .factStated(
                FactStated(
                    fact: .accountReference, subject: .person(person), value: .reference("acc-1"),
                    source: Code(unchecked: "form"))), of: family)
        try bench.say(.issue, to: Self.batch)
        #expect(bench.batches[Self.batch]?.files.first?.entries.first?.account == "acc-1")
    }

    @Test("夫妇一方没有账户：等到有了才送，不送到另一方的账户")
    func othersAccount() throws {
        var bench = PaymentBench(today: Self.today)
        let family = bench.family(1, persons: 2, account: false)
        let people = try #require(bench.households[family]?.household.members.map(\.id))
        func tell(_ person: PersonID, _ reference: String) {
            bench.record(
                .factStated(
                    FactStated(
                        fact: .accountReference, subject: .person(person), value: .reference(reference),
                        source: Code(unchecked: "form"))), of: family)
        }
        tell(people[0], "acc-wife")
        try bench.run(Self.batch, Self.scope())
        try bench.say(.issue, to: Self.batch)
        #expect(bench.batches[Self.batch]?.files.first?.entries.map(\.account) == ["acc-wife"])
        tell(people[1], "acc-wife")
        try bench.say(.issue, to: Self.batch)
        #expect(bench.batches[Self.batch]?.files.last?.entries.map(\.account) == ["acc-wife"])
        #expect(bench.batches[Self.batch]?.files.count == 2)
    }

    @Test("先后不对的都拒绝：未编制、重复截止、未锁定就送、截止后加户、范围不符、将来的月份")
    func order() throws {
        var bench = PaymentBench(today: Self.today)
        let family = bench.family(1)
        #expect(Self.refusal(try bench.say(.close, to: Self.batch)) == .unknownBatch)
        #expect(Self.refusal(try bench.say(.prepare(Self.scope(), households: []), to: Self.batch)) == .batchEmpty)
        #expect(
            Self.refusal(try bench.say(.prepare(Self.scope(.regular, "2014-11"), households: [family]), to: Self.batch))
                == .dayInFuture)
        try bench.say(.prepare(Self.scope(), households: [family]), to: Self.batch)
        #expect(Self.refusal(try bench.say(.issue, to: Self.batch)) == .batchState)
        #expect(
            Self.refusal(try bench.say(.prepare(Self.scope(), households: [family]), to: Self.batch)) == .nothingToDo)
        #expect(
            Self.refusal(try bench.say(.prepare(Self.scope(number: 2), households: [family]), to: Self.batch))
                == .batchScope)
        try bench.say(.close, to: Self.batch)
        #expect(Self.refusal(try bench.say(.close, to: Self.batch)) == .batchState)
        #expect(
            Self.refusal(try bench.say(.prepare(Self.scope(), households: [bench.family(2)]), to: Self.batch))
                == .batchState)
        #expect(
            Self.refusal(try bench.say(.reverse(line: 9, reason: Code(unchecked: "x")), to: Self.batch))
                == .unknownPaymentLine)
    }

    @Test("做过的步骤不论哪天再来都认得：列过的户、截止、同一份回盘；多一户、另一份回盘是新的")
    func carriedOutBefore() throws {
        var bench = PaymentBench(today: Self.today)
        let (first, other) = (bench.family(1), bench.family(2))
        func command(_ action: PaymentAction) -> CommandID? { bench.batches[Self.batch]?.carriedOut(action) }
        try bench.say(.prepare(Self.scope(), households: [first]), to: Self.batch)
        let named = try #require(command(.prepare(Self.scope(), households: [first])))
        #expect(command(.prepare(Self.scope(), households: [first, other])) == nil)
        #expect(command(.prepare(Self.scope(), households: [])) == nil)
        #expect(command(.prepare(Self.scope(number: 2), households: [first])) == nil)
        #expect(command(.close) == nil)
        try bench.say(.prepare(Self.scope(), households: [other]), to: Self.batch)
        try bench.say(.close, to: Self.batch)
        let state = try #require(bench.batches[Self.batch])
        #expect(command(.close) == state.closedBy && state.closedBy != nil)
        // It stays the command that named them, whoever was named after them.
        #expect(command(.prepare(Self.scope(), households: [first])) == named)
        let both = try #require(command(.prepare(Self.scope(), households: [first, other])))
        #expect(both != named && both == command(.prepare(Self.scope(), households: [other])))
        #expect(command(.issue) == nil)

        try bench.say(.issue, to: Self.batch)
        let answer = try Self.answer(bench, failing: [2])
        #expect(command(.takeAnswer(answer)) == nil)
        try bench.say(.takeAnswer(answer), to: Self.batch)
        let taken = try #require(bench.batches[Self.batch]?.answers.first)
        #expect(command(.takeAnswer(answer)) == taken.by)
        var turned = answer
        turned.lines.reverse()
        #expect(command(.takeAnswer(turned)) == taken.by)
        for change: (inout BankAnswer) -> Void in [
            { $0.lines[0].failure = Code(unchecked: "no_account") }, { $0.lines[0].amount = Fen(1) },
            { $0.lines[1] = $0.lines[0] }, { $0.lines.removeLast() }, { $0.declaredCount = 1 },
            { $0.declaredTotal = Fen(1) }, { $0.file = 2 },
        ] {
            var changed = answer
            change(&changed)
            #expect(command(.takeAnswer(changed)) == nil)
        }
        // The line that failed goes out again; the first file's answer is still the same.
        try bench.say(.issue, to: Self.batch)
        #expect(command(.takeAnswer(answer)) == taken.by)
        let second = try Self.answer(bench)
        #expect(command(.takeAnswer(second)) == nil)
    }

    @Test(
        "期间的写法",
        arguments: [
            ("2014-09", "2014-09"), ("2014-Q3", "2014-07..2014-09"), ("2014-H2", "2014-07..2014-12"),
            ("2014", "2014-01..2014-12"), ("2014-09..2015-01", "2014-09..2015-01"), ("2014-13", nil), ("2014-Q5", nil),
            ("2014-10..2014-09", nil), ("", nil), ("2014-9", nil), ("1990-01..2014-01", nil),
        ])
    func periods(text: String, expected: String?) {
        #expect(PaymentPeriod(parsing: text)?.description == expected)
    }

    @Test("过长的期间说得出有几个月；写错的不算过长")
    func tooLong() {
        #expect(PaymentPeriod.excess(in: "2015-01..2026-12") == 144)
        #expect(PaymentPeriod.excess(in: "2015-01..2025-01") == 121)
        #expect(PaymentPeriod.excess(in: "2015-01..2024-12") == nil)
        #expect(PaymentPeriod(parsing: "2015-01..2024-12") != nil)
        for text in ["2014-10..2014-09", "2014-13..2026-12", "2014", ""] {
            #expect(PaymentPeriod.excess(in: text) == nil, "\(text)")
        }
    }
}

extension PaymentBench {
    /// Prepares a batch over all families and closes it.
    mutating func run(_ batch: BatchID, _ scope: BatchScope) throws {
        let members = households.keys.sorted()
        try say(.prepare(scope, households: members), to: batch)
        try say(.close, to: batch)
    }
}
