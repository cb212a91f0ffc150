import CareTestKit
import Testing

@testable import CareDomain

/// Given a person who went on in another household's file after months were paid, when both files were determined anew, then
/// no month stands as owed that the other file paid, and none to be taken back that is due there.
@Suite("应补与多发：分户与并户")
struct SharedDuesTests {
    private static let half = "2014-09..2015-01"
    private static let last = CivilMonth(year: 2015, month: 1)

    private static func paid(_ period: String) throws -> MovingBench {
        var moving = MovingBench(today: CivilDay(year: 2015, month: 2, day: 20)!)
        try moving.bench.run(BatchID(Identifier128(high: 8, low: 1)), PaymentsBatchTests.scope(.regular, period))
        return moving
    }

    @Test("老户已经发过的月份：老户不追，新户不补")
    func paidInTheOldFile() throws {
        var moving = try Self.paid(Self.half)
        let new = try moving.split(on: "2014-10-15")
        moving.judge(through: Self.last)
        #expect(moving.standing(in: moving.family).isEmpty && moving.standing(in: new).isEmpty)
        // Each file by itself sees November to January taken back, and October to January owed.
        #expect(moving.entries(in: moving.family) == ["recovery 2014-11…2015-01 900.00"])
        #expect(moving.entries(in: new) == ["arrears 2014-10…2015-01 1200.00"])
    }

    @Test("没有发过的月份：迁出当月归老户，以后的在新户待补")
    func unpaid() throws {
        var moving = try Self.paid("2014-09")
        let new = try moving.split(on: "2014-10-15")
        moving.judge(through: Self.last)
        #expect(moving.standing(in: moving.family).isEmpty)
        #expect(
            moving.standing(in: new) == [
                "arrears 2014-11": .yuan(300), "arrears 2014-12": .yuan(300), "arrears 2015-01": .yuan(300),
            ])
    }

    @Test("新户的标准不同：只有差额待补或者待追", arguments: [(Int64(200), "recovery"), (400, "arrears")])
    func otherRate(yuan: Int64, kind: String) throws {
        var moving = try Self.paid(Self.half)
        let new = try moving.split(on: "2014-10-15")
        moving.judge(through: Self.last, rates: [new: yuan])
        let months = ["2014-11", "2014-12", "2015-01"]
        let expected = Dictionary(uniqueKeysWithValues: months.map { ("\(kind) \($0)", Fen.yuan(100)) })
        #expect(moving.standing(in: kind == "recovery" ? moving.family : new) == expected)
        #expect(moving.standing(in: kind == "recovery" ? new : moving.family).isEmpty)
    }

    @Test("新户不享受：老户多发的三个月全部待追")
    func noRightThere() throws {
        var moving = try Self.paid(Self.half)
        let new = try moving.split(on: "2014-10-15")
        moving.judge(through: Self.last, rates: [new: 0])
        #expect(moving.standing(in: moving.family).values.reduce(.zero, +) == .yuan(900))
        #expect(moving.standing(in: new).isEmpty)
    }

    @Test("全被抵掉的一条不能再决定；抵掉一部分的，说明还剩多少")
    func decided() throws {
        var moving = try Self.paid(Self.half)
        let new = try moving.split(on: "2014-10-15")
        moving.judge(through: Self.last)
        for (file, kind) in [(new, DueStanding.Kind.arrears), (moving.family, .recovery)] {
            for isCarriedOut in [true, false] {
                guard case .refused(let refusal) = try moving.decide(kind, in: file, isCarriedOut) else {
                    Issue.record("decided")
                    continue
                }
                #expect(refusal.code == "CARE-1430" && refusal.clause == ClauseID("CZ-2.1"))
            }
        }
        var other = try Self.paid(Self.half)
        let raised = try other.split(on: "2014-10-15")
        other.judge(through: Self.last, rates: [raised: 400])
        // October to January by itself, of which the old file paid October and 300 of each later month.
        #expect(other.entries(in: raised) == ["arrears 2014-10…2015-01 1600.00"])
        guard case .events(_, let warnings) = try other.decide(.arrears, in: raised, true) else {
            Issue.record("refused")
            return
        }
        #expect(warnings.map(\.reason) == [.duePartlyNetted] && warnings.first?.detail == "300.00 / 1600.00")
    }

    @Test("随机分户、并户、批次：同一人同一月不既追又补，也不补两次", arguments: 0..<80)
    func random(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        var moving = MovingBench(today: CivilDay(year: 2015, month: 9, day: 1)!)
        var (home, day) = (moving.family, CivilDay(year: 2014, month: 9, day: 15)!)
        for step in 0..<16 {
            if pick(2) == 0 {
                // One move after the other, each told when later months were paid already.
                day = day + Int32(pick(45) + 1)
                guard day < CivilDay(year: 2015, month: 8, day: 20)! else { continue }
                if home == moving.family {
                    home = try moving.split(on: "\(day)")
                } else {
                    try moving.merge(home, on: "\(day)")
                    home = moving.family
                }
            } else {
                let start = CivilMonth(year: 2014, month: 9) + Int32(pick(12))
                let end = min(start + Int32(pick(6)), CivilMonth(year: 2015, month: 8))
                let period = try #require(PaymentPeriod(first: start, last: end))
                try moving.bench.run(
                    BatchID(Identifier128(high: 7, low: UInt64(step))),
                    BatchScope(division: DivisionCode("431000")!, period: period, number: step + 1))
            }
            moving.judge(through: CivilMonth(year: 2015, month: 8))
            var owed: [String: Fen] = [:]
            for (line, sum) in moving.bench.households.keys.flatMap({ moving.standing(in: $0) }) {
                #expect(line.hasPrefix("arrears "), "step \(step): \(line)")
                owed[String(line.dropFirst(8)), default: .zero] += sum
            }
            let paid = Set(moving.months(of: moving.husband).values.joined())
            // What was paid is not owed, and what is owed is owed once.
            #expect(owed.allSatisfy { !paid.contains($0.key) && $0.value == .yuan(300) }, "step \(step): \(owed)")
        }
    }
}

extension MovingBench {
    /// Makes the husband's determinations anew in all files, each with the months up to one that it changes.
    /// - Parameter rates: Yuan a month in a file; 300 where it is not named, and 0 without a right.
    mutating func judge(through last: CivilMonth, rates: [HouseholdID: Int64] = [:]) {
        for (file, history) in bench.households.sorted(by: { $0.key < $1.key }) {
            let earlier = history.household.determinations.map(\.made).last { $0.subject == .person(husband) }
            let before = earlier.map { PaymentRules.monthly.dues($0, last) } ?? []
            var made = determination(history, rates[file] ?? 300)
            if rates[file] == 0 { made.intervals = [] }
            let after = PaymentRules.monthly.dues(made, last)
            let months = Set((before + after).map(\.month)).sorted()
            let changes = months.compactMap { month -> DueChange? in
                let sums = [before, after].map { dues in dues.first { $0.month == month }?.amount ?? .zero }
                return sums[0] == sums[1] ? nil : DueChange(first: month, last: month, before: sums[0], after: sums[1])
            }
            made.changes = changes
            bench.record(.determinationMade(made), of: file)
        }
    }

    private func shared(_ file: HouseholdID) -> SharedDues {
        SharedDues(bench.households[file]?.household ?? Household(id: file), .monthly)
    }

    /// What stands in a file beside the others, such as `arrears 2014-11`.
    func standing(in file: HouseholdID) -> [String: Fen] {
        let others = bench.households.keys.filter { $0 != file }.map(shared)
        var result: [String: Fen] = [:]
        // Of whoever was in no other file all that the list has stands: nothing is held against it.
        if let alone = bench.households[file]?.household, !alone.isShared(husband) {
            let standing = alone.dueStandings.filter { $0.subject == .person(husband) }
            for left in standing.flatMap(\.months) {
                result["\(left.kind.rawValue) \(left.month)", default: .zero] += left.amount
            }
        }
        for left in shared(file).lefts where left.stands(beside: others) > .zero {
            result["\(left.left.kind.rawValue) \(left.left.month)", default: .zero] += left.stands(beside: others)
        }
        return result
    }

    /// Decides about what the latest determination left in a file, beside all others.
    fileprivate func decide(
        _ kind: DueStanding.Kind, in file: HouseholdID, _ isCarriedOut: Bool
    ) throws -> Decision {
        let history = try #require(bench.households[file])
        let left = try #require(history.household.dueStandings.flatMap(\.entries).last { $0.kind == kind })
        let decided = DueDecided(
            determination: left.cause.determination, clause: left.clause, subject: left.subject, kind: kind,
            isCarriedOut: isCarriedOut, reason: Code(unchecked: "late_certificate"))
        var context = DecisionContext(today: bench.today, policy: .empty, rights: [.command], newHousehold: file)
        context.paymentRules = .monthly
        context.others = bench.households.values.filter { $0.id != file }
        let command = HouseholdCommand(
            id: CommandID(Identifier128(high: 5, low: 1)), household: file, occurredOn: bench.today,
            action: .decideDue(decided))
        return history.decide(command, in: context)
    }

    /// What stands in a file by itself.
    func entries(in file: HouseholdID) -> [String] {
        bench.households[file]?.household.dueStandings.flatMap(\.entries).map {
            "\($0.kind.rawValue) \($0.first)…\($0.last) \($0.sum)"
        } ?? []
    }
}
