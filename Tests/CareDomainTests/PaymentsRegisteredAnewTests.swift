import CareTestKit
import Testing

@testable import CareDomain

/// Given a person who came with two files one after the other, each of which has the right from long before its own day, when
/// batches run in either order, then every month is paid once: by the file in which the person was, and before all of them by the first.
@Suite("发放：一人先后随两户建档")
struct PaymentsRegisteredAnewTests {
    private static let begin = "2014-09-10"
    private static let whole = "2014-09..2015-08"

    /// Came with a file, whose rules give the right from before its day.
    private static func found(
        _ bench: inout LeavingBench, _ file: Int, on day: String, until end: String? = nil
    ) throws {
        try bench.join(file, on: day)
        if let end { try bench.leave(file, on: end) }
        try judge(&bench, file, until: end)
    }

    private static func judge(
        _ bench: inout LeavingBench, _ file: Int, until end: String? = nil, owing period: String? = nil
    ) throws {
        let history = try #require(bench.bench.households[bench.files[file]])
        var made = PaymentBench.determination(
            bench.man(file), [(begin, end, 300)], [PayerShare(payer: Code(unchecked: "finance"), parts: 1)],
            readThrough: history.lastSequence)
        if let period = period.flatMap({ PaymentPeriod(parsing: $0) }) {
            made.changes = [DueChange(first: period.first, last: period.last, before: .zero, after: .yuan(300))]
        }
        bench.bench.record(.determinationMade(made), of: bench.files[file])
    }

    /// A batch for each file, one after the other.
    private static func pay(_ bench: inout LeavingBench, _ order: [Int]) throws {
        for (place, file) in order.enumerated() {
            let batch = BatchID(Identifier128(high: 7, low: UInt64(place)))
            let scope = PaymentsBatchTests.scope(.regular, whole, number: place + 1)
            _ = try bench.bench.decide(.prepare(scope, households: [bench.files[file]]), batch)
            try bench.bench.say(.close, to: batch)
        }
    }

    private static func months(_ period: String) throws -> [String] {
        let period = try #require(PaymentPeriod(parsing: period))
        return (period.first...period.last).months.map(\.description)
    }

    @Test("离开一户以后随另一户建档：两户建档以前的月份由先建档的一户发，离开以后的由后一户发", arguments: [[0, 1], [1, 0]])
    func leftAndRegistered(order: [Int]) throws {
        var bench = LeavingBench(files: 2)
        try Self.found(&bench, 0, on: "2015-01-01", until: "2015-05-10")
        try Self.found(&bench, 1, on: "2015-08-01")
        try Self.pay(&bench, order)
        #expect(try bench.months == [0: Self.months("2014-09..2015-05"), 1: Self.months("2015-06..2015-08")])
    }

    @Test("销档以后重新建档：销档当月及以前由原来的档案发，以后由新的档案发", arguments: [[0, 1], [1, 0]])
    func registeredAnew(order: [Int]) throws {
        var bench = LeavingBench(files: 2)
        try Self.found(&bench, 0, on: "2015-01-01")
        bench.bench.record(
            .closed(HouseholdClosed(reason: Code(unchecked: "other"))), on: CivilDay(parsing: "2015-04-10")!,
            of: bench.files[0])
        try Self.judge(&bench, 0, until: "2015-04-10")
        try Self.found(&bench, 1, on: "2015-07-01")
        try Self.pay(&bench, order)
        #expect(try bench.months == [0: Self.months("2014-09..2015-04"), 1: Self.months("2015-05..2015-08")])
    }

    @Test("后一户的建档日早于离开前一户之日：重叠的月份由先建档的一户发", arguments: [[0, 1], [1, 0]])
    func contradictingDays(order: [Int]) throws {
        var bench = LeavingBench(files: 2)
        try Self.found(&bench, 0, on: "2015-01-01", until: "2015-05-10")
        try Self.found(&bench, 1, on: "2015-02-01")
        try Self.pay(&bench, order)
        #expect(try bench.months == [0: Self.months("2014-09..2015-05"), 1: Self.months("2015-06..2015-08")])
    }

    @Test("登记在后的一户建档日更早：全由它发", arguments: [[0, 1], [1, 0]])
    func openedEarlier(order: [Int]) throws {
        var bench = LeavingBench(files: 2)
        try Self.found(&bench, 0, on: "2015-01-01", until: "2015-05-10")
        try Self.found(&bench, 1, on: "2014-12-01")
        try Self.pay(&bench, order)
        #expect(try bench.months == [1: Self.months(Self.whole)])
    }

    @Test("先建档的一户已经发过的月份：后来另一户的建档日再早，也不重发")
    func paidBefore() throws {
        var bench = LeavingBench(files: 2)
        try Self.found(&bench, 0, on: "2015-01-01")
        try Self.pay(&bench, [0])
        try bench.leave(0, on: "2015-05-10")
        try Self.found(&bench, 1, on: "2014-12-01")
        try bench.bench.run(
            BatchID(Identifier128(high: 8, low: 1)), PaymentsBatchTests.scope(.regular, Self.whole, number: 9))
        #expect(try bench.months == [0: Self.months(Self.whole)])
    }

    @Test("后一户的应补：先在的一户应发的月份不能再决定补发，余下的可以")
    func decided() throws {
        for (period, expected) in [("2014-09..2015-05", nil), (Self.whole, "900.00 / 3600.00")] {
            var bench = LeavingBench(files: 2)
            try Self.found(&bench, 0, on: "2015-01-01", until: "2015-05-10")
            try bench.join(1, on: "2015-08-01")
            try Self.judge(&bench, 1, owing: period)
            switch try bench.decide(.arrears, in: 1) {
            case .refused(let refusal): #expect(refusal.code == "CARE-1430" && expected == nil)
            case .events(_, let warnings):
                #expect(warnings.map(\.reason) == [.duePartlyNetted] && warnings.first?.detail == expected)
            }
        }
    }

    @Test("随机的建档、离开的日子，随机的批次：每个应发的月份恰好一次", arguments: 0..<60)
    func random(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        var bench = LeavingBench(files: 3)
        let start = CivilDay(parsing: "2014-09-15")!
        for file in 0..<3 {
            let day = start + Int32(pick(300))
            let end = file == 2 ? nil : day + Int32(pick(120) + 1)
            try Self.found(&bench, file, on: "\(day)", until: end.map { "\($0)" })
        }
        try Self.pay(&bench, (0..<3).filter { _ in pick(2) == 0 }.shuffled(using: &random))
        #expect(bench.timesPaid.values.allSatisfy { $0 == 1 })
        try bench.bench.run(
            BatchID(Identifier128(high: 8, low: 1)), PaymentsBatchTests.scope(.regular, Self.whole, number: 9))
        #expect(try bench.timesPaid.keys.sorted() == Self.months(Self.whole))
        #expect(bench.timesPaid.values.allSatisfy { $0 == 1 })
    }
}
