import CareTestKit
import Testing

@testable import CareDomain

/// Random batches, answers, returns, reversals, crashes and repeats: the books add up to nothing after every event, and
/// nobody holds more than is due.
@Suite("发放：随机")
struct PaymentsPropertyTests {
    private struct Run {
        var random: SeededGenerator
        var bench: PaymentBench
        var persons: [HouseholdID: Int] = [:]
        var ids: [BatchID] = []

        mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

        /// Does it, perhaps with a crash after some appends, and then goes on until everything is done.
        mutating func withCrashes(_ batch: BatchID, _ body: (inout PaymentBench) throws -> Void) throws {
            bench.appendsLeft = pick(3) == 0 ? pick(9) : nil
            do { try body(&bench) } catch is PaymentBench.Stopped {}
            while true {
                bench.appendsLeft = pick(2) == 0 ? pick(6) : nil
                do {
                    try bench.goOn(batch)
                    break
                } catch is PaymentBench.Stopped {}
            }
            bench.appendsLeft = nil
        }

        mutating func act() throws {
            if ids.isEmpty || pick(5) == 0 { return try newBatch() }
            let batch = ids[pick(ids.count)]
            switch pick(4) {
            case 0: try withCrashes(batch) { try $0.say(.issue, to: batch) }
            case 1: try answer(batch)
            default:
                let lines = bench.batches[batch]?.lines.count ?? 0
                let line = pick(lines + 2)
                let isReturn = pick(2) == 0
                let action: PaymentAction =
                    isReturn
                    ? .recordReturn(line: line, reason: Code(unchecked: "came_back"))
                    : .reverse(line: line, reason: Code(unchecked: "mistake"))
                try withCrashes(batch) { try $0.say(action, to: batch) }
            }
        }

        private mutating func newBatch() throws {
            let first = CivilMonth(year: 2014, month: 9) + Int32(pick(5))
            let period = try #require(PaymentPeriod(first: first, last: first + Int32(pick(4))))
            let division = DivisionCode(["431000", "431002", "431003"][pick(3)])!
            let batch = BatchID(Identifier128(high: 1, low: UInt64(ids.count)))
            ids.append(batch)
            let scope = BatchScope(division: division, period: period, number: ids.count)
            let members = bench.households.keys.sorted().filter { _ in pick(6) != 0 }
            try withCrashes(batch) { bench in
                try bench.say(.prepare(scope, households: members), to: batch)
            }
            try withCrashes(batch) { try $0.say(.close, to: batch) }
        }

        private mutating func answer(_ batch: BatchID) throws {
            guard let state = bench.batches[batch], let file = state.files.last else { return }
            var lines: [BankAnswer.Line] = []
            for (row, entry) in file.entries.enumerated() where pick(8) != 0 {
                guard case .inTransit(file.number) = state.lines[entry.line - 1].state else { continue }
                lines.append(
                    .init(
                        row: row + 2,
                        reference: BankReference(batch: batch, file: file.number, line: entry.line).description,
                        amount: entry.amount, failure: pick(4) == 0 ? Code(unchecked: "no_account") : nil))
            }
            var total = lines.reduce(Fen.zero) { $0 + $1.amount }
            // Now and then the bank makes a mistake.
            switch pick(6) {
            case 0: total += Fen(1)
            case 1 where !lines.isEmpty: lines.append(lines[0])
            case 2 where !lines.isEmpty: lines[0].amount += Fen(1)
            default: break
            }
            let answer = BankAnswer(file: file.number, lines: lines, declaredCount: lines.count, declaredTotal: total)
            try withCrashes(batch) { try $0.say(.takeAnswer(answer), to: batch) }
        }

        /// Every event is balanced; balances are those of the lines; no month is ordered twice or beyond what is due.
        func check() {
            for (id, events) in bench.events {
                #expect(events.allSatisfy { $0.event.postings.isBalanced })
                guard let state = bench.batches[id] else { continue }
                func sum(_ states: Set<String>) -> Fen {
                    state.lines.filter { states.contains($0.state.code) }.reduce(.zero) { $0 + $1.amount }
                }
                #expect(state.ledger.sum == .zero)
                #expect(state.ledger.balance(.payable) == -sum(["open", "failed", "returned"]))
                #expect(state.ledger.balance(.transit) == -sum(["in_transit"]))
                #expect(state.ledger.balance(.bank) == -sum(["paid"]))
                var again = PaymentBatch(id: id)
                for event in events { again.evolve(event) }
                #expect(again == state, "the state is the fold of the stream")
            }
            for (id, history) in bench.households {
                var paid: [String: Int] = [:]
                for order in history.household.payments.orders {
                    for line in order.standing {
                        for offset in 0..<Int32(line.months) {
                            paid["\(line.subject) \(line.first + offset)", default: 0] += 1
                        }
                    }
                }
                #expect(paid.values.allSatisfy { $0 == 1 }, "a month of a right is ordered once: \(id)")
            }
            // What the families' files say is what the batches say.
            for state in bench.batches.values where state.steps.isEmpty {
                for line in state.lines {
                    let orders = bench.households[line.ordered.household]?.household.payments.orders
                    let order = orders?.first { $0.reference == line.ordered.order }
                    let said = order?.outcomes[line.ordered.place]?.outcome.rawValue
                    switch line.state {
                    case .open: #expect(said == nil)
                    case .inTransit: #expect(said != "paid" && said != "reversed")
                    default: #expect(said == line.state.code)
                    }
                }
            }
        }
    }

    @Test("账总是平的，没有人为同一个月领两次", arguments: 0..<60)
    func random(seed: Int) throws {
        var run = Run(
            random: SeededGenerator(seed: UInt64(seed)),
            bench: PaymentBench(today: CivilDay(year: 2015, month: 9, day: 1)!))
        for number in 0..<run.pick(9) + 1 {
            run.bench.family(
                UInt64(number), yuan: Int64(run.pick(500) + 1), persons: run.pick(3) + 1,
                division: ["431002", "431003"][run.pick(2)], account: run.pick(5) != 0,
                shares: [
                    PayerShare(payer: Code(unchecked: "city"), parts: Int64(run.pick(3) + 1)),
                    PayerShare(payer: Code(unchecked: "province"), parts: Int64(run.pick(7) + 1)),
                ])
        }
        for _ in 0..<30 {
            try run.act()
            run.check()
        }
    }
}
