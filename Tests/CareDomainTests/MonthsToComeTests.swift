import CareTestKit
import Testing

@testable import CareDomain

/// Given a batch whose period goes on beyond the day on which it is closed, then it pays no month that has not begun.
@Suite("没开始的月份不发")
struct MonthsToComeTests {
    @Test(
        "十一月二十九日：本季只发十月、十一月；当月最后一天也只到当月；过了照发整季",
        arguments: [("2026-11-29", 2), ("2026-11-30", 2), ("2026-12-01", 3), ("2026-10-01", 1), ("2027-02-01", 3)])
    func quarter(_ today: String, _ months: Int64) throws {
        var bench = PaymentBench(today: CivilDay(parsing: today)!)
        bench.family(1, from: "2026-01-10")
        try bench.run(PaymentsBatchTests.batch, PaymentsBatchTests.scope(.regular, "2026-Q4"))
        #expect(bench.batches[PaymentsBatchTests.batch]?.total == .yuan(300 * months))
        // Another batch of the months that are left pays them once they have begun.
        bench.today = CivilDay(parsing: "2027-03-01")!
        try bench.run(PaymentsBatchTests.other, PaymentsBatchTests.scope(.regular, "2026-12"))
        #expect(bench.batches[PaymentsBatchTests.other]?.total == (months == 3 ? .zero : .yuan(300)))
    }

    @Test("截止那天以后才继续办的，仍照截止那天")
    func asOfTheClosing() throws {
        var bench = PaymentBench(today: CivilDay(parsing: "2026-11-29")!)
        bench.family(1, from: "2026-01-10")
        let (batch, scope) = (PaymentsBatchTests.batch, PaymentsBatchTests.scope(.regular, "2026-Q4"))
        try bench.say(.prepare(scope, households: Array(bench.households.keys)), to: batch)
        _ = try bench.decide(.close, batch)
        bench.today = CivilDay(parsing: "2026-12-02")!
        try bench.goOn(batch)
        #expect(bench.batches[batch]?.total == .yuan(600))
    }

    @Test("追回和补发照决定的月份，不看截止那天")
    func decided() {
        for kind in [BatchKind.arrears, .recovery] {
            let scope = PaymentsBatchTests.scope(kind, "2026-Q4")
            #expect(scope.begun(by: CivilDay(parsing: "2026-11-29")!) == scope)
        }
    }
}
