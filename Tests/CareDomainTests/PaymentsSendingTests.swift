import CareTestKit
import Testing

@testable import CareDomain

/// Given a closed batch, when something becomes known before it goes to the bank, then nothing is sent that is not due.
@Suite("发放：送银行以前得知的事")
struct PaymentsSendingTests {
    private static let batch = PaymentsBatchTests.batch

    private static func person(_ bench: PaymentBench, _ family: HouseholdID) throws -> PersonID {
        try #require(bench.households[family]?.household.members.first?.id)
    }

    @Test("截止后得知本月以前已故：这一笔暂缓，说出是第几笔；别人的照送；冲销后不再等")
    func diedBefore() throws {
        var bench = try PaymentsBatchTests.closed(2)
        let line = try #require(bench.batches[Self.batch]?.lines.first)
        let family = line.ordered.household
        bench.record(
            .personDied(PersonDied(person: try Self.person(bench, family))),
            on: CivilDay(year: 2014, month: 8, day: 20)!, of: family)
        #expect(bench.objection(to: line) == .lineHeld)
        try bench.say(.issue, to: Self.batch)
        #expect(bench.batches[Self.batch]?.files.first?.entries.map(\.line) == [2])
        guard case .refused(let refusal) = try bench.say(.issue, to: Self.batch) else {
            Issue.record("sent")
            return
        }
        #expect(refusal.reason == .nothingToIssue)
        let files = "已有 1 个文件：第 1 个（\(PaymentsBatchTests.today)，1 笔 300.00 元），用 --file 再次取得"
        #expect(refusal.detail == "1 笔多于现在应发而暂缓：第 1 笔；\(files)")
        try bench.say(.reverse(line: 1, reason: Code(unchecked: "died")), to: Self.batch)
        #expect(bench.batches[Self.batch]?.total == .yuan(300))
    }

    @Test("当月去世的，当月仍应发：照送，并说明受益人已故")
    func diedInTheMonth() throws {
        var bench = try PaymentsBatchTests.closed(1)
        let line = try #require(bench.batches[Self.batch]?.lines.first)
        let family = line.ordered.household
        bench.record(
            .personDied(PersonDied(person: try Self.person(bench, family))),
            on: CivilDay(year: 2014, month: 9, day: 20)!, of: family)
        #expect(bench.objection(to: line) == .payeeDied)
        try bench.say(.issue, to: Self.batch)
        #expect(bench.batches[Self.batch]?.files.first?.entries.map(\.line) == [1])
    }

    @Test("截止后不再应发：暂缓；决定免追的照送，决定追回的仍不送", arguments: [nil, false, true])
    func lessIsDue(isTakenBack: Bool?) throws {
        var bench = try PaymentsBatchTests.closed(1)
        let line = try #require(bench.batches[Self.batch]?.lines.first)
        let family = line.ordered.household
        let person = try Self.person(bench, family)
        let september = CivilMonth(year: 2014, month: 9)
        let change = DueChange(first: september, last: september, before: .yuan(300), after: .zero)
        bench.record(
            .determinationMade(PaymentBench.determination(person, [], [], readThrough: 5, changes: [change])),
            of: family)
        let made = try #require(bench.households[family]?.lastSequence)
        if let isTakenBack {
            bench.record(
                .dueDecided(
                    DueDecided(
                        determination: EventReference(sequence: made), clause: ClauseID("CZ-2.1")!,
                        subject: .person(person), kind: .recovery, isCarriedOut: isTakenBack,
                        reason: Code(unchecked: "moved"))), of: family)
        }
        #expect(bench.objection(to: line) == (isTakenBack == false ? nil : .lineHeld))
        try bench.say(.issue, to: Self.batch)
        #expect(bench.batches[Self.batch]?.files.count == (isTakenBack == false ? 1 : 0))
    }
}
