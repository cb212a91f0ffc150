import CareTestKit
import Testing

@testable import CareDomain

/// Given money that did not arrive, came back or was reversed, then nothing is taken back of it, and what was taken back already is
/// owed: what the family has in the end is what is due.
@Suite("没收到的不追回")
struct ReceivedMoneyTests {
    private static let april = CivilMonth(year: 2015, month: 4)
    private static let reason = Code(unchecked: "closed_account")

    /// Paid 900 for April to June; then it is told that she had died on 20 April.
    private static func died(failing: Bool = false) throws -> (money: ReceivedMoney, paid: BatchID) {
        var money = ReceivedMoney(from: "2015-04-01", through: "2015-06", today: "2015-07-20")
        let paid = try money.batch(.regular, "2015-Q2")
        try money.bench.say(.issue, to: paid)
        try money.answer(paid, failing: failing ? [1] : [])
        #expect(money.received == (failing ? .zero : .yuan(900)))
        money.bench.record(
            .personDied(PersonDied(person: money.person)), on: CivilDay(parsing: "2015-04-20")!, of: money.family)
        money.determine(until: april + 1, through: april + 2)
        #expect(money.standing == ["recovery 2015-05…2015-06 600.00"])
        return (money, paid)
    }

    @Test("列了应退清单以前钱退回：追回的暂缓，原来那一笔和追回都冲销，只补四月的 300", arguments: [true, false])
    func returnedBeforeItIsListed(isReversedFirst: Bool) throws {
        var (money, paid) = try Self.died()
        #expect(money.decideAll().isEmpty)
        let recovery = try money.batch(.recovery, "2015-Q2")
        #expect(money.bench.batches[recovery]?.total == -.yuan(600))
        try money.bench.say(.recordReturn(line: 1, reason: Self.reason), to: paid)
        #expect(money.objections(recovery) == [.recoveryUnreceived] && money.objections(paid) == [.lineHeld])
        try money.bench.say(.issue, to: recovery)
        #expect(money.bench.batches[recovery]?.files.isEmpty == true)
        for batch in isReversedFirst ? [paid, recovery] : [recovery, paid] {
            try money.bench.say(.reverse(line: 1, reason: Self.reason), to: batch)
            #expect(money.unfounded == (isReversedFirst && batch == paid ? 1 : 0))
        }
        #expect(money.standing.isEmpty)
        try money.settle("2015-Q2")
        #expect(money.received == .yuan(300) && money.standing.isEmpty && money.unfounded == 0)
    }

    @Test("收了 600 以后 900 退回、冲销：600 列为应补，决定后还给家庭，四月的 300 照发")
    func collectedAndReversed() throws {
        var (money, paid) = try Self.died()
        #expect(money.decideAll().isEmpty)
        let recovery = try money.batch(.recovery, "2015-Q2")
        try money.bench.say(.issue, to: recovery)
        try money.answer(recovery)
        #expect(money.received == .yuan(300))
        try money.bench.say(.recordReturn(line: 1, reason: Self.reason), to: paid)
        #expect(money.received == -.yuan(600))
        #expect(money.objections(paid) == [.payeeDied], "sent again it makes the family whole")
        try money.bench.say(.reverse(line: 1, reason: Self.reason), to: paid)
        #expect(money.standing == ["arrears 2015-05…2015-06 600.00"] && money.unfounded == 1)
        let april = try money.batch(.regular, "2015-Q2")
        #expect(money.bench.batches[april]?.total == .yuan(300))
        #expect(money.decideAll().isEmpty)
        let back = try money.batch(.arrears, "2015-Q2")
        #expect(money.bench.batches[back]?.total == .yuan(600) && money.unfounded == 0)
        #expect(money.objections(back) == [.payeeDied])
        try money.settle("2015-Q2")
        #expect(money.received == .yuan(300) && money.standing.isEmpty)
    }

    @Test("在清单上时 900 冲销：收到了就应还，没收到就从清单上冲销")
    func reversedWhileListed() throws {
        for isCollected in [true, false] {
            var (money, paid) = try Self.died()
            #expect(money.decideAll().isEmpty)
            let recovery = try money.batch(.recovery, "2015-Q2")
            try money.bench.say(.issue, to: recovery)
            try money.bench.say(.recordReturn(line: 1, reason: Self.reason), to: paid)
            try money.bench.say(.reverse(line: 1, reason: Self.reason), to: paid)
            try money.answer(recovery, failing: isCollected ? [] : [1])
            try money.settle("2015-Q2")
            #expect(money.received == .yuan(300) && money.standing.isEmpty && money.unfounded == 0)
        }
    }

    @Test("发放失败：不能决定追回；照提示冲销以后，没有多发，也不列追回")
    func failed() throws {
        var (money, paid) = try Self.died(failing: true)
        #expect(money.decideAll() == [.nothingReceived])
        try money.bench.say(.reverse(line: 1, reason: Self.reason), to: paid)
        #expect(money.standing.isEmpty && money.decideAll().isEmpty)
        try money.settle("2015-Q2")
        #expect(money.received == .yuan(300))
    }

    @Test("先冲销、后得知去世：没有发过的月份不成多发")
    func reversedBeforeTheDeathIsKnown() throws {
        var money = ReceivedMoney(from: "2015-04-01", through: "2015-06", today: "2015-07-20")
        let paid = try money.batch(.regular, "2015-Q2")
        try money.bench.say(.reverse(line: 1, reason: Self.reason), to: paid)
        money.determine(until: Self.april + 1, through: Self.april + 2)
        #expect(money.standing.isEmpty)
        try money.settle("2015-Q2")
        #expect(money.received == .yuan(300) && money.standing.isEmpty)
    }

    @Test("随机发放、失败、退回、冲销、迟到的去世、追回收到或收不到：收到的等于应得的", arguments: 0..<6)
    func madeWhole(_ part: UInt64) throws {
        for seed in part * 25..<(part + 1) * 25 {
            var money = ReceivedMoney(from: "2015-01-01", through: "2015-12", today: "2015-12-20")
            let found = try money.random(seed)
            #expect(found.isEmpty, "种子 \(seed)：\(found.joined(separator: "\n"))")
        }
    }
}

/// One right of 300 yuan a month, the batches that pay it and take it back, and what the family has of it.
struct ReceivedMoney {
    var bench: PaymentBench
    let family: HouseholdID
    let person: PersonID
    private let from: String
    private var until: CivilMonth?
    private(set) var batches: [BatchID] = []
    private var decisions: UInt64 = 0

    /// - Parameter through: The last month of which the first determination says what is due.
    init(from: String, through last: String, today: String) {
        bench = PaymentBench(today: CivilDay(parsing: today)!)
        family = bench.family(1, from: from)
        person = bench.households[family]!.household.members[0].id
        self.from = from
        let first = CivilMonth(parsing: from.prefix(7))!
        record(
            nil, [DueChange(first: first, last: CivilMonth(parsing: last)!, before: .zero, after: .yuan(300))])
    }

    private var history: HouseholdHistory { bench.households[family]! }

    /// A determination by which the right ends with a month; nil = it does not.
    mutating func determine(until end: CivilMonth?, through last: CivilMonth) {
        var changes: [DueChange] = []
        for month in (CivilMonth(parsing: from.prefix(7))!...last).months {
            let sums = [until, end].map { $0.map { month < $0 } ?? true ? Fen.yuan(300) : .zero }
            if sums[0] != sums[1] {
                changes.append(DueChange(first: month, last: month, before: sums[0], after: sums[1]))
            }
        }
        guard !changes.isEmpty else { return }
        record(end, changes)
        until = end
    }

    private mutating func record(_ end: CivilMonth?, _ changes: [DueChange]) {
        let made = PaymentBench.determination(
            person, [(from, end?.firstDay.description, 300)], [PayerShare(payer: Code(unchecked: "finance"), parts: 1)],
            readThrough: history.lastSequence, changes: changes)
        bench.record(.determinationMade(made), of: family)
    }

    mutating func batch(_ kind: BatchKind, _ period: String) throws -> BatchID {
        let id = BatchID(Identifier128(high: 9, low: UInt64(batches.count + 1)))
        batches.append(id)
        try bench.run(id, PaymentsBatchTests.scope(kind, period, number: batches.count))
        return id
    }

    /// The bank, or the office that collects, answers all that is under way.
    mutating func answer(_ batch: BatchID, failing: Set<Int> = []) throws {
        guard let state = bench.batches[batch] else { return }
        for file in state.files {
            let open = file.entries.filter { state.lines[$0.line - 1].state == .inTransit(file: file.number) }
            guard !open.isEmpty else { continue }
            let lines = open.enumerated().map { row, entry in
                BankAnswer.Line(
                    row: row + 2,
                    reference: BankReference(batch: batch, file: file.number, line: entry.line).description,
                    amount: entry.amount, failure: failing.contains(entry.line) ? Code(unchecked: "no_account") : nil)
            }
            let total = open.reduce(Fen.zero) { $0 + $1.amount }
            let answer = BankAnswer(
                file: file.number, lines: lines, declaredCount: lines.count, declaredTotal: total)
            try bench.say(.takeAnswer(answer), to: batch)
        }
    }

    /// Somebody decides to carry out all that stands.
    /// - Returns: why not.
    mutating func decideAll() -> [Refusal.Reason] {
        var refused: [Refusal.Reason] = []
        for entry in history.household.dueStandings.flatMap(\.entries) {
            decisions += 1
            let decided = DueDecided(
                determination: entry.cause.determination, clause: entry.clause, subject: entry.subject,
                kind: entry.kind, isCarriedOut: true, reason: Code(unchecked: "died"))
            let command = HouseholdCommand(
                id: CommandID(Identifier128(high: 5, low: decisions)), household: family, occurredOn: bench.today,
                action: .decideDue(decided))
            let decision = history.decide(
                command,
                in: DecisionContext(
                    today: bench.today, policy: .empty, rights: [.command], newHousehold: family))
            switch decision {
            case .refused(let refusal): refused.append(refusal.reason)
            case .events(let events, _): for event in events { bench.record(event.event, of: family) }
            }
        }
        return refused
    }

    /// All that is left is done as the program says: what is held is reversed, what waits is sent and arrives, what stands is
    /// decided and carried out.
    mutating func settle(_ period: String) throws {
        for _ in 0..<6 {
            for batch in batches {
                try answer(batch)
                for line in bench.batches[batch]?.lines ?? [] where line.isToBeSent && isHeld(line) {
                    try bench.say(.reverse(line: line.number, reason: Code(unchecked: "died")), to: batch)
                }
                try bench.say(.issue, to: batch)
                try answer(batch)
            }
            _ = decideAll()
            for kind in [BatchKind.regular, .arrears, .recovery] { _ = try batch(kind, period) }
        }
    }

    private func isHeld(_ line: BatchLine) -> Bool {
        [.lineHeld, .recoveryUnreceived].contains(bench.objection(to: line))
    }

    // MARK: What is looked at

    var standing: [String] {
        history.household.dueStandings.flatMap(\.entries).map {
            "\($0.kind.rawValue) \($0.first)…\($0.last) \($0.sum)"
        }
    }

    /// What the bank paid less what was collected.
    var received: Fen {
        bench.batches.values.flatMap(\.lines).filter { line in
            if case .paid = line.state { true } else { false }
        }.reduce(.zero) { $0 + $1.amount }
    }

    /// What speaks against the lines of a batch that wait.
    func objections(_ batch: BatchID) -> [Refusal.Reason?] {
        (bench.batches[batch]?.lines ?? []).filter(\.isToBeSent).map { bench.objection(to: $0) }
    }

    /// How many lines take back more than stands paid.
    var unfounded: Int {
        history.household.payments.orders.flatMap(\.standing).count { history.household.isUnfounded($0) }
    }

    // MARK: Chance

    /// A year of payments, failures, returns, reversals, late deaths and corrections of them, then all is settled.
    /// - Returns: what is wrong.
    mutating func random(_ seed: UInt64) throws -> [String] {
        var random = SeededGenerator(seed: seed)
        func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        let january = CivilMonth(year: 2015, month: 1)
        var told: [String] = []
        // Paid, and then taken back: what comes after meets money that has gone both ways.
        let paid = try self.batch(.regular, "2015-01..\(january + Int32(2 + pick(10)))")
        try bench.say(.issue, to: paid)
        try answer(paid, failing: pick(4) == 0 ? [1] : [])
        determine(until: january + Int32(pick(9)), through: january + 11)
        _ = decideAll()
        _ = try self.batch(.recovery, "2015")
        for _ in 0..<40 {
            // Most often it is about the first ones.
            let batch = batches[pick(pick(5) < 3 ? min(3, batches.count) : batches.count)]
            let line = 1 + pick(3)
            switch pick(8) {
            case 0:
                let first = january + Int32(pick(10))
                let period = PaymentPeriod(first: first, last: first + Int32(pick(3)))!
                told.append("发 \(period)")
                _ = try self.batch(.regular, period.description)
            case 1:
                told.append("送 \(batch.value.low)")
                let files = bench.batches[batch]?.files.count ?? 0
                try bench.say(.issue, to: batch)
                let made = bench.batches[batch]?.files.dropFirst(files).flatMap(\.entries).map(\.line) ?? []
                if let wrong = askedTooMuch(batch, Set(made)) { return told + [wrong] }
            case 2:
                let failing = Set((1...3).filter { _ in pick(3) == 0 })
                told.append("回盘 \(batch.value.low) 失败 \(failing.sorted())")
                try answer(batch, failing: failing)
            case 3:
                told.append("退回 \(batch.value.low) 第 \(line) 笔")
                try bench.say(.recordReturn(line: line, reason: Code(unchecked: "closed_account")), to: batch)
            case 4:
                told.append("冲销 \(batch.value.low) 第 \(line) 笔")
                try bench.say(.reverse(line: line, reason: Code(unchecked: "died")), to: batch)
            case 5:
                let end = pick(4) == 0 ? nil : january + Int32(pick(12))
                told.append("应发到 \(end.map { "\($0)" } ?? "以后") 以前")
                determine(until: end, through: january + 11)
            case 6:
                told.append("决定 \(standing)，不能 \(decideAll().map(\.rawValue))")
            default:
                told.append("补发、追回")
                for kind in [BatchKind.arrears, .recovery] { _ = try self.batch(kind, "2015") }
            }
        }
        try settle("2015")
        let due = until.map { Int64($0 - january) } ?? 12
        var wrong: [String] = []
        if received != .yuan(300 * due) { wrong.append("收到 \(received)，应得 \(Fen.yuan(300 * due))") }
        // What was decided both ways before anything was paid of it may stand as due, and no batch pays it twice.
        let left = history.household.dueStandings.flatMap(\.months)
        let isOwedBack = history.household.dueStandings.contains { standing in
            left.contains { standing.owedBack(in: $0.month) > .zero }
        }
        if isOwedBack || left.contains(where: { $0.kind == .recovery }) { wrong.append("还列着 \(standing)") }
        if unfounded > 0 { wrong.append("还有 \(unfounded) 笔追回没有根据") }
        return wrong.isEmpty ? [] : told + wrong
    }

    /// Right after a list of some lines was made: whether it asks for more of a month than the family has.
    private func askedTooMuch(_ batch: BatchID, _ made: Set<Int>) -> String? {
        guard bench.batches[batch]?.scope?.kind == .recovery else { return nil }
        var has: [CivilMonth: Fen] = [:]
        var asked: Set<CivilMonth> = []
        for (id, state) in bench.batches {
            for line in state.lines {
                let ordered = line.ordered.line
                let isListed: Bool
                switch line.state {
                case .paid: isListed = false
                case .inTransit where ordered.isTakenBack: isListed = true
                default: continue
                }
                for month in (ordered.first...ordered.last).months {
                    has[month, default: .zero] += ordered.monthly
                    if isListed, id == batch, made.contains(line.number) { asked.insert(month) }
                }
            }
        }
        let wrong = asked.filter { (has[$0] ?? .zero) < .zero }.sorted()
        return wrong.isEmpty ? nil : "应退清单要收的 \(wrong) 家庭没有收到"
    }
}
