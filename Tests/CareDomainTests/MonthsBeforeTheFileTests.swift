import CareTestKit
import Testing

@testable import CareDomain

/// Given a couple whose rights began months before their file was opened, when one of them goes on in another file, the file is
/// merged, or they leave or die, then those months are owed and paid by the file with which they came, and none of them vanishes.
@Suite("建档日以前的月份：分户、并户、离户、去世以后仍归建档的那一户")
struct MonthsBeforeTheFileTests {
    private static let today = CivilDay(year: 2015, month: 9, day: 1)!
    private static let opened = "2015-03-01"
    private static let last = CivilMonth(year: 2015, month: 8)
    private static let whole = "2014-09..2015-08"

    private static func bench(yuan: Int64 = 300) -> MovingBench {
        MovingBench(today: today, fileOn: opened, yuan: yuan)
    }

    /// A bench where everything since September is owed, for nothing was determined in time.
    private static func owing() -> MovingBench {
        var moving = bench(yuan: 0)
        moving.judge(through: last)
        return moving
    }

    private static func pay(
        _ moving: inout MovingBench, _ period: String = whole, number: Int = 1, _ kind: BatchKind = .regular
    ) throws {
        try moving.bench.run(
            BatchID(Identifier128(high: 8, low: UInt64(number))),
            PaymentsBatchTests.scope(kind, period, number: number))
    }

    private static func months(_ period: String) throws -> [String] {
        let period = try #require(PaymentPeriod(parsing: period))
        return (period.first...period.last).months.map(\.description)
    }

    /// What is owed in some months.
    private static func arrears(_ period: String) throws -> [String: Fen] {
        Dictionary(uniqueKeysWithValues: try months(period).map { ("arrears \($0)", .yuan(300)) })
    }

    @Test(
        "分户：以前的月份由老户应补、由老户发；建档当天、当月、以后分户都一样",
        arguments: [
            ("2015-03-01", "2014-09..2015-02", "2015-03..2015-08"),
            ("2015-03-02", "2014-09..2015-03", "2015-04..2015-08"),
            ("2015-04-01", "2014-09..2015-03", "2015-04..2015-08"),
            ("2015-05-10", "2014-09..2015-05", "2015-06..2015-08"),
        ])
    func split(day: String, old: String, new: String) throws {
        var moving = Self.owing()
        let other = try moving.split(on: day)
        moving.judge(through: Self.last)
        #expect(try moving.standing(in: moving.family) == Self.arrears(old))
        #expect(try moving.standing(in: other) == Self.arrears(new))

        var paying = Self.bench()
        let paid = try paying.split(on: day)
        paying.assess()
        try Self.pay(&paying)
        #expect(try paying.months(of: paying.husband)[paying.family] == Self.months(old))
        #expect(try paying.months(of: paying.husband)[paid] == Self.months(new))
        #expect(paying.timesPaid.count == 24 && paying.timesPaid.values.allSatisfy { $0 == 1 })
    }

    @Test("分户又并回：以前的月份仍归老户，每月一次")
    func andBack() throws {
        var moving = Self.owing()
        let other = try moving.split(on: "2015-04-10")
        moving.judge(through: Self.last)
        try moving.merge(other, on: "2015-06-20")
        moving.judge(through: Self.last)
        let own = try Self.arrears("2014-09..2015-04").merging(Self.arrears("2015-07..2015-08")) { first, _ in first }
        #expect(moving.standing(in: moving.family) == own)
        #expect(try moving.standing(in: other) == Self.arrears("2015-05..2015-06"))

        var paying = Self.bench()
        let paid = try paying.split(on: "2015-04-10")
        try paying.merge(paid, on: "2015-06-20")
        paying.assess()
        try Self.pay(&paying)
        #expect(try paying.months(of: paying.husband)[paid] == Self.months("2015-05..2015-06"))
        #expect(paying.timesPaid.count == 24 && paying.timesPaid.values.allSatisfy { $0 == 1 })
    }

    @Test("并户：并出的一户仍应补、应发以前的月份，在世的、已故的都是", arguments: [false, true])
    func merge(isDead: Bool) throws {
        func absorbed(_ moving: inout MovingBench) throws -> HouseholdID {
            let other = moving.bench.family(2, persons: 0)
            if isDead {
                moving.bench.record(
                    .personDied(PersonDied(person: moving.husband)), on: CivilDay(parsing: "2015-04-05")!,
                    of: moving.family)
            }
            try moving.absorb(into: other, on: "2015-05-10")
            return other
        }
        let (old, new) = isDead ? ("2014-09..2015-04", nil) : ("2014-09..2015-05", "2015-06..2015-08")
        var moving = Self.owing()
        let other = try absorbed(&moving)
        moving.judge(through: Self.last)
        #expect(try moving.standing(in: moving.family) == Self.arrears(old))
        #expect(try moving.standing(in: other) == new.map(Self.arrears) ?? [:])

        var paying = Self.bench()
        let paid = try absorbed(&paying)
        paying.assess()
        try Self.pay(&paying)
        #expect(try paying.months(of: paying.husband)[paying.family] == Self.months(old))
        #expect(try paying.months(of: paying.husband)[paid] == new.map(Self.months))
    }

    @Test("离户、去世以后并户：此人以前的月份一个也不少", arguments: [false, true])
    func leftBefore(isDead: Bool) throws {
        var moving = Self.owing()
        let day = CivilDay(parsing: "2015-04-20")!
        let event: HouseholdEvent =
            isDead
            ? .personDied(PersonDied(person: moving.husband))
            : .personLeft(PersonLeft(person: moving.husband, reason: Code(unchecked: "divorce")))
        moving.bench.record(event, on: day, of: moving.family)
        moving.judge(through: Self.last)
        #expect(moving.entries(in: moving.family) == ["arrears 2014-09…2015-04 2400.00"])
        let other = moving.bench.family(2, persons: 0)
        try moving.absorb(into: other, on: "2015-06-15")
        moving.judge(through: Self.last)
        #expect(try moving.standing(in: moving.family) == Self.arrears("2014-09..2015-04"))
        #expect(moving.standing(in: other).isEmpty)
    }

    @Test("并入的人：并入那一户建档以前的月份不由它发")
    func cameFromFile() throws {
        var moving = Self.bench()
        let other = try moving.split(on: "2015-05-01")
        moving.assess()
        // The new file's rules give more than its time there.
        var made = moving.determination(try #require(moving.bench.households[other]), 300)
        made.intervals =
            PaymentBench.determination(
                moving.husband, [("2014-09-10", nil, 300)], [PayerShare(payer: Code(unchecked: "finance"), parts: 1)],
                readThrough: 1
            ).intervals
        moving.bench.record(.determinationMade(made), of: other)
        try Self.pay(&moving)
        #expect(try moving.months(of: moving.husband)[other] == Self.months("2015-05..2015-08"))
        #expect(moving.timesPaid.values.allSatisfy { $0 == 1 })
    }

    @Test("随机分户、并户、批次：每个月要么已发，要么应补，不丢也不重", arguments: 0..<60)
    func random(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        var moving = Self.owing()
        var (home, day) = (moving.family, CivilDay(parsing: Self.opened)!)
        for step in 0..<12 {
            if pick(2) == 0 {
                day = pick(4) == 0 ? (CivilMonth(containing: day) + 1).firstDay : day + Int32(pick(40))
                guard day < CivilDay(year: 2015, month: 8, day: 20)! else { continue }
                if home == moving.family {
                    home = try moving.split(on: "\(day)")
                } else {
                    try moving.merge(home, on: "\(day)")
                    home = moving.family
                }
            } else {
                let start = CivilMonth(year: 2014, month: 9) + Int32(pick(12))
                let period = try #require(PaymentPeriod(first: start, last: min(start + Int32(pick(6)), Self.last)))
                try Self.pay(&moving, "\(period.first)..\(period.last)", number: step + 1)
            }
            moving.judge(through: Self.last)
            let paid = moving.months(of: moving.husband).values.flatMap { $0 }
            let owed = moving.bench.households.keys.flatMap { moving.standing(in: $0) }
            let all = paid + owed.map { String($0.key.dropFirst("arrears ".count)) }
            #expect(
                try all.sorted() == Self.months(Self.whole),
                "step \(step): paid \(paid.sorted()), owed \(owed.map(\.key).sorted())")
            #expect(owed.allSatisfy { $0.value == .yuan(300) }, "step \(step)")
        }
        // What is owed can be paid: once somebody decides about all of it, every month is paid once.
        try Self.decideArrears(&moving)
        try Self.pay(&moving, number: 90, .arrears)
        #expect(try moving.months(of: moving.husband).values.flatMap { $0 }.sorted() == Self.months(Self.whole))
        #expect(moving.bench.households.keys.allSatisfy { moving.standing(in: $0).isEmpty })
    }

    /// Somebody decides that all arrears which the lists have are paid.
    private static func decideArrears(_ moving: inout MovingBench) throws {
        for (file, history) in moving.bench.households.sorted(by: { $0.key < $1.key }) {
            for entry in history.household.dueStandings.flatMap(\.entries) where entry.kind == .arrears {
                moving.bench.record(
                    .dueDecided(
                        DueDecided(
                            determination: entry.cause.determination, clause: entry.clause, subject: entry.subject,
                            kind: entry.kind, isCarriedOut: true, reason: Code(unchecked: "late_certificate"))),
                    of: file)
            }
        }
    }
}
