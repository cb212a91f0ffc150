import CareTestKit
import Testing

@testable import CareDomain

/// Given a file that went on as part of the family's by a merge, then what is given once is not given a second time.
@Suite("并来的一户已经有过的")
struct AbsorbedFilesTests {
    private static let other = HouseholdID(Identifier128(high: 7, low: 71))
    private static let mother = Family.person(70)
    private static let once = ClauseID("CZ-2.10d")!
    private static let day = Family.day("2015-03-01")

    /// The family with a file that it took in on 1 March 2015; the events after the first two are given.
    private static func family(_ events: [HouseholdEvent]) -> Family {
        var file = HouseholdWorkbench(other, today: Family.today)
        file.record(
            .registered(HouseholdRegistered(division: DivisionCode("431002001")!)), on: Family.day("2014-08-01"))
        file.record(.personJoined(PersonJoined(person: mother, role: .other)), on: Family.day("2014-08-01"))
        for event in events { file.record(event, on: Family.day("2014-12-05")) }
        file.record(.merged(HouseholdMerged(other: Family.household, side: .absorbed)), on: day)
        var family = Family()
        family.bench.record(.merged(HouseholdMerged(other: other, side: .absorbing)), on: day)
        family.bench.record(.personJoined(PersonJoined(person: mother, role: .other)), on: day)
        family.bench.context.others = [file.history]
        return family
    }

    @Test("同一事件在并来的档案里报过：不再报第二次；别的事件照报")
    func incident() {
        let victim = IncidentReported.Victim(person: Self.mother, outcome: Family.code("disability"), grade: 2)
        let accident = IncidentReported(kind: Family.code("accident"), victims: [victim])
        var family = Self.family([.incidentReported(accident)])
        guard case .refused(let refusal) = family.say(.reportIncident(accident), on: "2014-12-05") else {
            Issue.record("reported twice")
            return
        }
        #expect(refusal.reason == .incidentReported && refusal.detail == "\(Self.other) #3")
        family.accept(.reportIncident(accident), on: "2015-04-01")
    }

    @Test("一次为限的，同一人在并来的档案里批过：不再批；例外须明说")
    func grantedOnce() {
        func awarded(_ outcome: AwardDecided.Outcome) -> AwardDecided {
            AwardDecided(
                clause: Self.once, subject: .person(Self.mother), outcome: outcome,
                period: DayPeriod(start: Family.day("2014-09-01")), reason: Family.code("admitted"))
        }
        var family = Self.family([.awardDecided(awarded(.granted(.yuan(3000))))])
        family.bench.context.policy.clauses[Self.once] = .init(
            clause: Self.once, title: "升学奖励", subject: .person, amountType: .floor)
        let interval = DeterminationMade.Interval(
            period: DayPeriod(start: Family.day("2014-09-01")), status: .proposed, amount: .yuan(3000))
        family.bench.record(
            .determinationMade(
                DeterminationMade(
                    clause: Self.once, subject: .person(Self.mother), pack: PackID(unchecked: "chenzhou-2014"),
                    packVersion: Family.day("2014-07-16"), packHash: Array(repeating: 1, count: 32),
                    cadence: Family.code("once"), amountType: .floor, intervals: [interval], facts: [],
                    readThrough: family.last)), on: Self.day)
        guard case .refused(let refusal) = family.say(.decideAward(awarded(.granted(.yuan(3000)))), on: "2015-03-05")
        else {
            Issue.record("granted twice")
            return
        }
        #expect(refusal.code == "CARE-1432" && refusal.detail == "\(Self.other) #3 2014-12-05")
        family.accept(.decideAward(awarded(.excepted(.yuan(3000)))), on: "2015-03-05")
    }

    /// A yearly sum of the household, 1,200 yuan, as a batch would pay it.
    private static func determination(_ cadence: String, from day: String) -> HouseholdEvent {
        var made = PaymentBench.determination(
            mother, [(day, nil, 1200)], [PayerShare(payer: Code(unchecked: "finance"), parts: 1)], readThrough: 1)
        made.subject = .household
        made.cadence = Code(unchecked: cadence)
        return .determinationMade(made)
    }

    @Test("户的按年款项：并来的一户当年发过的，并户以后同一年不再发；按月的各发各的到并户为止", arguments: ["year", "month"])
    func yearly(cadence: String) throws {
        let month = CivilMonth(year: 2015, month: 3)
        var bench = PaymentBench(today: CivilDay(year: 2015, month: 6, day: 20)!)
        let family = bench.family(1)
        let file = bench.family(2)
        for home in [family, file] { bench.record(Self.determination(cadence, from: "2015-03-01"), of: home) }
        let line = OrderedLine(
            clause: ClauseID("CZ-2.1")!, subject: .household, first: month, last: month,
            parts: [PayerPart(payer: Code(unchecked: "finance"), amount: .yuan(1200))])
        bench.record(
            .paymentOrdered(
                PaymentOrdered(
                    batch: BatchID(Identifier128(high: 4, low: 1)), kind: .regular,
                    knownThrough: EventReference(sequence: 5), lines: [line])), of: file)
        let day = CivilDay(year: 2015, month: 3, day: 20)!
        bench.record(.merged(HouseholdMerged(other: file, side: .absorbing)), on: day, of: family)
        bench.record(.merged(HouseholdMerged(other: family, side: .absorbed)), on: day, of: file)
        let batch = BatchID(Identifier128(high: 8, low: 1))
        try bench.run(batch, PaymentsBatchTests.scope(.regular, "2015-03"))
        let lines = bench.households[family]?.household.payments.orders.flatMap(\.standing) ?? []
        #expect(lines.contains { $0.subject == .household } == (cadence == "month"))
    }
}
