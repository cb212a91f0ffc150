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

    @Test("突发事件记受益人已死、去世未登记：照送，说出是谁；收款人是这样的人也说；遮着的、看不到收款人的不说；登记去世后不再说")
    func toldByAnAccident() throws {
        var bench = PaymentBench(today: PaymentsBatchTests.today)
        let family = bench.family(0, persons: 2)
        try bench.run(Self.batch, PaymentsBatchTests.scope(.regular, "2014-09"))
        let lines = try #require(bench.batches[Self.batch]?.lines).map(\.ordered.line)
        let people = try #require(bench.households[family]?.household.members).map(\.id)
        let victim = IncidentReported.Victim(person: people[1], outcome: IncidentReported.death)
        bench.record(
            .incidentReported(IncidentReported(kind: Code(unchecked: "accident"), victims: [victim])),
            on: CivilDay(year: 2014, month: 9, day: 20)!, of: family)
        func told(
            _ subject: FactSubject, keeping kept: Set<EventReference> = [], seesReceiver: Bool = true
        ) throws -> PersonID? {
            var line = try #require(lines.first)
            line.subject = subject
            return bench.households[family]?.unrecordedDeath(
                behind: line, on: bench.today, keeping: kept, seesReceiver: seesReceiver)?.person
        }
        let incident = try #require(bench.households[family]?.household.incidents.first?.reference)
        #expect(try told(.person(people[1])) == people[1] && told(.person(people[0])) == nil)
        #expect(try told(.person(people[1]), keeping: [incident]) == nil)
        // What is due to the family goes to the wife, and to the husband where hers is not known.
        #expect(try told(.household) == nil)
        bench.record(
            .factStated(
                FactStated(
                    fact: .accountReference, subject: .person(people[0]), value: nil, source: Code(unchecked: "form"))),
            of: family)
        #expect(try told(.household) == people[1] && told(.household, seesReceiver: false) == nil)
        let objections = bench.batches[Self.batch]?.lines.map { bench.objection(to: $0) }
        #expect(objections == [nil, nil], "nothing is held back")
        bench.record(
            .personDied(PersonDied(person: people[1])), on: CivilDay(year: 2014, month: 9, day: 21)!, of: family)
        #expect(try told(.person(people[1])) == nil && told(.household) == nil)
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

    @Test(
        "截止后缺了事实、规则出错、金额改由人决定：暂缓，不说多于应发；补上或决定以后照送",
        arguments: [
            (DeterminationMade.Status.needsFact, Refusal.Reason.lineNeedsFact), (.needsParameter, .lineNeedsFact),
            (.failed, .lineRuleFails), (.proposed, .lineAwaitsDecision),
        ])
    func unknown(_ status: DeterminationMade.Status, _ reason: Refusal.Reason) throws {
        var bench = try PaymentsBatchTests.closed(1)
        let line = try #require(bench.batches[Self.batch]?.lines.first)
        let family = line.ordered.household
        let person = try Self.person(bench, family)
        let september = CivilMonth(year: 2014, month: 9)
        func determine(_ status: DeterminationMade.Status, _ before: Int64, _ after: Int64) {
            var made = PaymentBench.determination(
                person, [("2014-09-10", nil, 300)], [PayerShare(payer: Code(unchecked: "finance"), parts: 1)],
                readThrough: 5,
                changes: [DueChange(first: september, last: september, before: .yuan(before), after: .yuan(after))])
            made.intervals = made.intervals.map { interval in
                DeterminationMade.Interval(
                    period: interval.period, status: status, amount: status == .entitled ? interval.amount : nil,
                    payers: interval.payers)
            }
            bench.record(.determinationMade(made), of: family)
        }
        determine(status, 300, 0)
        #expect(bench.objection(to: line) == reason)
        guard case .refused(let refusal) = try bench.say(.issue, to: Self.batch) else {
            Issue.record("sent")
            return
        }
        #expect(refusal.detail == "1 笔待补事实、待查规则或待决定、应发多少还不知道而暂缓：第 1 笔")
        determine(.entitled, 0, 300)
        #expect(bench.objection(to: line) == nil)
        try bench.say(.issue, to: Self.batch)
        #expect(bench.batches[Self.batch]?.files.first?.entries.map(\.line) == [1])
    }
}
