import CareTestKit
import Testing

@testable import CareDomain

/// Given a person who goes on in another household's file, also on a day for which the old file had paid already, when
/// batches run, then each month of the person is paid once.
@Suite("发放：分户与并户")
struct PaymentsMovesTests {
    private static let first = BatchID(Identifier128(high: 8, low: 1))
    private static let second = BatchID(Identifier128(high: 8, low: 2))
    private static let third = BatchID(Identifier128(high: 8, low: 3))
    private static let half = "2014-09..2015-01"

    private static func bench() -> MovingBench { MovingBench(today: CivilDay(year: 2015, month: 2, day: 20)!) }

    private static func scope(_ period: String, number: Int = 1, _ kind: BatchKind = .regular) -> BatchScope {
        PaymentsBatchTests.scope(kind, period, number: number)
    }

    @Test("老户已经发过的月份，倒填日期分户后在新户不再发；以后的月份两户各发各的")
    func backdatedSplit() throws {
        var moving = Self.bench()
        try moving.bench.run(Self.first, Self.scope(Self.half))
        #expect(moving.bench.batches[Self.first]?.total == .yuan(3000))
        let new = try moving.split(on: "2014-10-15")
        moving.assess()
        try moving.bench.run(Self.second, Self.scope(Self.half, number: 2))
        #expect(moving.bench.batches[Self.second]?.lines == [])
        try moving.bench.run(Self.third, Self.scope("2015-02"))
        #expect(moving.bench.batches[Self.third]?.total == .yuan(600))
        #expect(moving.bench.batches[Self.third]?.lines.count { $0.ordered.household == new } == 1)
    }

    @Test("没有发过的月份：迁出的当月归老户，以后归新户，老户的认定还没有重新作出也一样", arguments: [true, false])
    func unpaidMonths(isAssessed: Bool) throws {
        var moving = Self.bench()
        try moving.bench.run(Self.first, Self.scope("2014-09"))
        let new = try moving.split(on: "2014-10-15")
        moving.assess(isAssessed ? nil : new)
        try moving.bench.run(Self.second, Self.scope(Self.half))
        let months = moving.months(of: moving.husband)
        #expect(months[moving.family] == ["2014-09", "2014-10"])
        #expect(months[new] == ["2014-11", "2014-12", "2015-01"])
    }

    @Test("月初第一天分户、并户：这个月归新到的一户，不漏也不重")
    func onTheFirst() throws {
        var moving = Self.bench()
        let new = try moving.split(on: "2014-10-01")
        moving.assess()
        try moving.bench.run(Self.first, Self.scope("2014-09..2014-11"))
        #expect(moving.months(of: moving.husband)[moving.family] == ["2014-09"])
        #expect(moving.months(of: moving.husband)[new] == ["2014-10", "2014-11"])
        try moving.merge(new, on: "2014-12-01")
        moving.assess()
        try moving.bench.run(Self.second, Self.scope(Self.half))
        #expect(moving.months(of: moving.husband)[moving.family] == ["2014-09", "2014-12", "2015-01"])
        #expect(moving.timesPaid.count == 10 && moving.timesPaid.values.allSatisfy { $0 == 1 })
    }

    @Test("按年发的款项：年中第一天分户不为同一年再发一次")
    func yearly() throws {
        var moving = Self.bench()
        moving.cadence = Code(unchecked: "year")
        moving.assess()
        try moving.bench.run(Self.first, Self.scope("2014-09"))
        let new = try moving.split(on: "2014-11-01")
        moving.assess()
        try moving.bench.run(Self.second, Self.scope("2014-10..2014-11"))
        #expect(moving.months(of: moving.husband)[new] == nil)
    }

    @Test("依次分户、并户多次，最后一批补齐：每人每月恰好一次", arguments: 0..<20)
    func complete(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var moving = MovingBench(today: CivilDay(year: 2015, month: 9, day: 1)!)
        var (day, home) = (CivilDay(year: 2014, month: 9, day: 12)!, moving.family)
        for step in 0..<6 {
            // Now and then on the first day of a month.
            day = day + Int32.random(in: 1...50, using: &random)
            if Int.random(in: 0..<3, using: &random) == 0 { day = (CivilMonth(containing: day) + 1).firstDay }
            if home == moving.family {
                home = try moving.split(on: "\(day)")
            } else {
                try moving.merge(home, on: "\(day)")
                home = moving.family
            }
            moving.assess()
            let period = Int.random(in: 0..<2, using: &random) == 0 ? "2014-09..2015-02" : "2015-01..2015-08"
            try moving.bench.run(
                BatchID(Identifier128(high: 7, low: UInt64(step))), Self.scope(period, number: step + 1))
        }
        try moving.bench.run(Self.first, Self.scope("2014-09..2015-08", number: 9))
        #expect(moving.timesPaid.count == 24 && moving.timesPaid.values.allSatisfy { $0 == 1 })
    }

    @Test("两户都发过以后倒填日期并回：一个月也不重发")
    func backdatedMerge() throws {
        var moving = Self.bench()
        let other = try moving.split(on: "2014-10-15")
        moving.assess()
        try moving.bench.run(Self.first, Self.scope(Self.half))
        try moving.merge(other, on: "2014-12-09")
        moving.assess()
        try moving.bench.run(Self.second, Self.scope(Self.half, number: 2))
        #expect(moving.bench.batches[Self.second]?.lines == [])
        try moving.bench.run(Self.third, Self.scope("2015-02"))
        #expect(moving.bench.batches[Self.third]?.total == .yuan(600))
        #expect(moving.bench.batches[Self.third]?.lines.allSatisfy { $0.ordered.household == moving.family } == true)
    }

    @Test("分户登记到一半：老户还不知道时新户一分不发；补完以后也不重发")
    func halfway() throws {
        var moving = Self.bench()
        let new = try moving.split(on: "2014-10-15", isTold: false)
        moving.assess(new)
        try moving.bench.run(Self.first, Self.scope(Self.half))
        #expect(moving.months(of: moving.husband)[new] == nil)
        #expect(moving.months(of: moving.husband)[moving.family]?.count == 5)
        moving.tell()
        moving.assess()
        try moving.bench.run(Self.second, Self.scope(Self.half, number: 2))
        #expect(moving.bench.batches[Self.second]?.lines == [])
    }

    @Test("截止在分户以前、列入在分户以后：老户只列到迁出的当月，其余归新户的下一批")
    func closedBeforeTheMove() throws {
        var moving = Self.bench()
        _ = try moving.bench.decide(.prepare(Self.scope(Self.half), households: [moving.family]), Self.first)
        _ = try moving.bench.decide(.close, Self.first)
        let new = try moving.split(on: "2014-10-15")
        moving.assess()
        try moving.bench.goOn(Self.first)
        try moving.bench.run(Self.second, Self.scope(Self.half, number: 2))
        let months = moving.months(of: moving.husband)
        #expect(months[moving.family] == ["2014-09", "2014-10"])
        #expect(months[new] == ["2014-11", "2014-12", "2015-01"])
    }

    @Test("决定追回老户多发的月份：新户应享的留下不追，新户不享的照追", arguments: [true, false])
    func recovery(isDueThere: Bool) throws {
        var moving = Self.bench()
        try moving.bench.run(Self.first, Self.scope(Self.half))
        let new = try moving.split(on: "2014-10-15")
        if isDueThere { moving.assess(new) }
        let change = DueChange(
            first: CivilMonth(year: 2014, month: 11), last: CivilMonth(year: 2015, month: 1), before: .yuan(300),
            after: .zero)
        moving.assess(moving.family, changes: [change])
        let made = try #require(moving.bench.households[moving.family]?.lastSequence)
        moving.bench.record(
            .dueDecided(
                DueDecided(
                    determination: EventReference(sequence: made), clause: ClauseID("CZ-2.1")!,
                    subject: .person(moving.husband), kind: .recovery, isCarriedOut: true,
                    reason: Code(unchecked: "left"))), of: moving.family)
        try moving.bench.run(Self.second, Self.scope("2015-01", .recovery))
        #expect(moving.bench.batches[Self.second]?.total == (isDueThere ? .zero : -.yuan(900)))
    }

    /// Splits and merges on days that may lie before what was paid, told at once or later, with batches that close before
    /// and order after them, and reversals.
    @Test("随机分户、并户、批次、冲销：一个月不发两次", arguments: 0..<80)
    func random(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        var moving = MovingBench(today: CivilDay(year: 2015, month: 9, day: 1)!)
        var (home, ids, closing): (HouseholdID, [BatchID], [BatchID]) = (moving.family, [], [])
        for step in 0..<24 {
            switch pick(5) {
            case 0:
                moving.tell()
                let day = CivilDay(year: 2014, month: 9, day: 15)! + Int32(pick(340))
                let isTold = pick(3) != 0
                if home == moving.family {
                    home = try moving.split(on: "\(day)", isTold: isTold)
                } else {
                    try moving.merge(home, on: "\(day)", isTold: isTold)
                    home = moving.family
                }
            case 1: moving.tell()
            case 2: moving.assess()
            case 3:
                guard !ids.isEmpty else { continue }
                let batch = ids[pick(ids.count)]
                let line = pick((moving.bench.batches[batch]?.lines.count ?? 0) + 1) + 1
                try moving.bench.say(.reverse(line: line, reason: Code(unchecked: "mistake")), to: batch)
            default:
                let start = CivilMonth(year: 2014, month: 9) + Int32(pick(12))
                let end = min(start + Int32(pick(6)), CivilMonth(year: 2015, month: 8))
                let period = try #require(PaymentPeriod(first: start, last: end))
                let scope = BatchScope(division: DivisionCode("431000")!, period: period, number: step + 1)
                let batch = BatchID(Identifier128(high: 7, low: UInt64(step)))
                ids.append(batch)
                let members = moving.bench.households.keys.sorted()
                _ = try moving.bench.decide(.prepare(scope, households: members), batch)
                _ = try moving.bench.decide(.close, batch)
                if pick(2) == 0 { try moving.bench.goOn(batch) } else { closing.append(batch) }
            }
            #expect(moving.timesPaid.values.allSatisfy { $0 == 1 }, "after step \(step)")
        }
        for batch in closing { try moving.bench.goOn(batch) }
        #expect(moving.timesPaid.values.allSatisfy { $0 == 1 })
    }
}

/// A wife and a husband with a right of 300 yuan a month each from 10 September 2014, of whom the husband goes on in files
/// of his own and comes back.
struct MovingBench {
    var bench: PaymentBench
    let family: HouseholdID
    let husband: PersonID
    /// The rhythm of the husband's right.
    var cadence = Code(unchecked: "month")
    private var files: UInt64 = 0
    /// A file that was not told of a move yet.
    private var untold: (file: HouseholdID, to: HouseholdID, arrival: HouseholdMove.Arrival)?

    /// - Parameters:
    ///   - fileOn: 建档日期; both came with the file.
    ///   - yuan: What is due of the first determinations, which leave nothing to be decided.
    init(today: CivilDay, fileOn: String = "2014-08-01", yuan: Int64 = 300) {
        bench = PaymentBench(today: today)
        family = bench.family(1, yuan: yuan, persons: 2, on: fileOn)
        husband = PersonID(Identifier128(high: 1, low: 1))
    }

    private func day(_ text: String) throws -> CivilDay { try #require(CivilDay(parsing: text)) }

    /// 分户: the husband goes on in a new file.
    mutating func split(on text: String, isTold: Bool = true) throws -> HouseholdID {
        let day = try day(text)
        files += 1
        let new = HouseholdID(Identifier128(high: 78, low: files))
        let history = try #require(bench.households[family])
        let home = HouseholdRegistered(division: DivisionCode("431002")!, area: .urban)
        let arrival = history.separating(
            SplitHousehold(persons: [husband], household: home), on: day, learnedOn: nil)
        for event in arrival { bench.record(event.event, on: event.occurredOn, of: new) }
        untold = (family, new, .init(source: family, persons: [husband], isMerge: false, occurredOn: day))
        if isTold { tell() }
        return new
    }

    /// 并户: he comes back from that file.
    mutating func merge(_ file: HouseholdID, on text: String, isTold: Bool = true) throws {
        let day = try day(text)
        let (from, into) = (try #require(bench.households[file]), try #require(bench.households[family]))
        let arrival = try from.merging(into: into.household, on: day, learnedOn: nil)
        for event in arrival { bench.record(event.event, on: event.occurredOn, of: family) }
        untold = (file, family, .init(source: file, persons: [husband], isMerge: true, occurredOn: day))
        if isTold { tell() }
    }

    /// 并户: the whole family goes on in a file of which nobody is left.
    mutating func absorb(into other: HouseholdID, on text: String) throws {
        let day = try day(text)
        let (from, into) = (try #require(bench.households[family]), try #require(bench.households[other]))
        let arrival = try from.merging(into: into.household, on: day, learnedOn: nil)
        for event in arrival { bench.record(event.event, on: event.occurredOn, of: other) }
        bench.record(.merged(HouseholdMerged(other: other, side: .absorbed)), on: day, of: family)
    }

    /// Tells the file that was left.
    mutating func tell() {
        guard let (file, other, arrival) = untold else { return }
        untold = nil
        guard let event = bench.households[file]?.departure(to: other, of: arrival) else { return }
        bench.record(event, on: arrival.occurredOn, of: file)
    }

    /// Makes the husband's determinations anew, in one file or in all.
    mutating func assess(_ only: HouseholdID? = nil, changes: [DueChange] = []) {
        for (file, history) in bench.households.sorted(by: { $0.key < $1.key }) where only.map({ $0 == file }) ?? true {
            var made = determination(history, 300)
            made.changes = changes
            bench.record(.determinationMade(made), of: file)
        }
    }

    /// What a file makes of the husband's right.
    func determination(_ history: HouseholdHistory, _ yuan: Int64) -> DeterminationMade {
        var absorbedOn: CivilDay?
        if case .absorbed(_, let on) = history.household.status { absorbedOn = on }
        let begin = CivilDay(year: 2014, month: 9, day: 10)!
        let stretches = history.household.members.filter { $0.id == husband }.compactMap {
            member -> (from: String, until: String?, yuan: Int64)? in
            // The rights of whoever came with the file begin before its day.
            let start = member.cameFromFile ? max(member.joinedOn, begin) : begin
            let end = [member.leftOn, member.diedOn, absorbedOn].compactMap { $0 }.min()
            guard end.map({ $0 > start }) ?? true else { return nil }
            return ("\(start)", end.map { "\($0)" }, yuan)
        }
        var made = PaymentBench.determination(
            husband, stretches, [PayerShare(payer: Code(unchecked: "finance"), parts: 1)],
            readThrough: history.lastSequence)
        made.cadence = cadence
        return made
    }

    /// The months that were ordered for a person, by file.
    func months(of person: PersonID) -> [HouseholdID: [String]] {
        var months: [HouseholdID: [String]] = [:]
        for (file, history) in bench.households {
            for line in history.household.payments.orders.flatMap(\.standing) where line.subject == .person(person) {
                for offset in 0..<Int32(line.months) { months[file, default: []].append("\(line.first + offset)") }
            }
        }
        return months.mapValues { $0.sorted() }
    }

    /// How often each month of each person was ordered, in all files together.
    var timesPaid: [String: Int] {
        var times: [String: Int] = [:]
        for history in bench.households.values {
            for line in history.household.payments.orders.flatMap(\.standing) {
                for offset in 0..<Int32(line.months) {
                    times["\(line.subject) \(line.first + offset)", default: 0] += 1
                }
            }
        }
        return times
    }
}
