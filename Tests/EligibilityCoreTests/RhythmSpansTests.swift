import RuleEngine
import Testing

@testable import CareDomain

/// Given months that are counted together while the rhythm changes again and again, then at any time what was paid of them and is not
/// due is listed or decided about, and nothing else is: what stood together once stands together, in the list as in the batches.
@Suite("合并计算的月份，列的正好是差的")
struct RhythmSpansTests {
    private static func month(_ year: Int, _ number: Int) -> CivilMonth { CivilMonth(year: year, month: number) }

    @Test("随机改周期：每一步，多发的都列了，合并计算的月份没有多列的", arguments: 0..<4)
    func listedIsOwed(_ part: UInt64) throws {
        for seed in 2_000 + part * 60..<2_000 + (part + 1) * 60 {
            var money = RhythmMoney(seed: seed)
            let found = try money.run { $0.unlisted() }
            #expect(found.isEmpty, "种子 \(seed)：\(found.joined(separator: "\n"))")
        }
    }

    @Test(
        "曾经有多发没列出的",
        arguments: [21540, 21825, 21911, 22571, 23556, 24723, 24738, 26338, 27392, 27887, 29486, 31457] as [UInt64])
    func foundOnce(_ seed: UInt64) throws {
        var money = RhythmMoney(seed: seed)
        let found = try money.run { $0.unlisted() }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test("曾经因缺事实而列为多发的")
    func takenOnce() {
        var money = RhythmMoney(seed: 53_899)
        #expect(money.runWithGaps() == [])
    }

    @Test("全年一笔九月起，八月前又改回：年内已发的仍与年内应发的合算，多出的 20 元列出")
    func yearNeverReached() {
        var money = RhythmMoney(seed: 0)
        money.determine(.init(.month, [("2023-02-01", nil, 160)], .periodEnd), on: "2023-01-10")
        for month in 2...3 { money.pay(Self.month(2023, month)) }
        // Nothing is over-paid while the year's sum is still to come.
        let year = (cadence: Cadence.year, yuan: Int64(1200), until: "2024-04-01")
        money.determine(.init(.month, [("2023-09-01", nil, 220)], before: year), on: "2023-05-10")
        #expect(money.standing.isEmpty)
        money.determine(.init(.quarter, [("2023-01-01", nil, 300)], .nextMonth), on: "2023-07-10")
        #expect(money.standing == ["arrears 2023-07 280.00"])
        money.determine(.init(.month, [("2023-01-01", "2023-04-01", 100)]), on: "2023-09-10")
        #expect(money.standing.count == 1 && money.standing.allSatisfy { $0.hasPrefix("recovery") })
        money.decideAll()
        #expect(money.standing.isEmpty && money.ordered(2023, 1...12) == .yuan(300))
    }

    @Test("按年判定而年内没有一笔到期：年内的多发与应补仍先相抵")
    func yearWithoutASum() {
        var money = RhythmMoney(seed: 0)
        money.determine(.init(.quarter, [("2023-01-01", nil, 480)], .periodEnd), on: "2023-01-10")
        for month in [3, 6] { money.pay(Self.month(2023, month)) }
        money.determine(.init(.year, [("2023-05-01", nil, 1920)], .nextMonth), on: "2023-08-10")
        #expect(money.standing == ["recovery 2023-03 480.00", "recovery 2023-06 480.00"])
        money.determine(.init(.quarter, [("2023-06-01", nil, 480)]), on: "2024-04-10")
        #expect(money.listed(in: 2023) == ["arrears 2023-10 480.00"])
        money.decideAll()
        #expect(money.standing.isEmpty && money.ordered(2023, 1...12) == .yuan(1440))
    }

    @Test("列为应补的，正常批次不在别的月份发；两样合起来正好是差的")
    func owedOfAnotherMonth() {
        var money = RhythmMoney(seed: 0)
        money.determine(.init(.quarter, [("2023-07-01", nil, 480)], .nextMonth), on: "2023-06-10")
        money.determine(.init(.month, [("2023-07-01", nil, 220)]), on: "2023-08-10")
        money.pay(Self.month(2023, 8))
        #expect(money.standing == ["arrears 2023-07 220.00"])
        money.determine(.init(.month, [("2023-07-01", nil, 100)]), on: "2023-09-10")
        #expect(money.standing == ["arrears 2023-07 80.00"])
        money.pay(Self.month(2023, 9))
        #expect(money.standing == ["arrears 2023-07 80.00"] && money.ordered(2023, 7...9) == .yuan(220))
        money.decideAll()
        #expect(money.standing.isEmpty && money.ordered(2023, 7...9) == .yuan(300))
    }

    @Test("后开早月份的批次：后面月份列着应补，不妨碍早月份照发")
    func laterMonthsOwed() {
        var money = RhythmMoney(seed: 0)
        money.determine(.init(.year, [("2024-01-01", nil, 1200)], .periodEnd), on: "2023-12-10")
        money.determine(.init(.month, [("2024-01-01", nil, 100)]), on: "2024-04-10")
        #expect(money.standing == (1...4).map { "arrears 2024-0\($0) 100.00" })
        money.pay(Self.month(2024, 1))
        #expect(money.standing == (2...4).map { "arrears 2024-0\($0) 100.00" })
        #expect(money.ordered(2024, 1...1) == .yuan(100))
    }

    @Test("一批发几个月：先发列为应补的月份，发了的不再列")
    func listedMonthsFirst() throws {
        for period in ["2022-02..2022-12", "2022-06..2023-02"] {
            var money = RhythmMoney(seed: 0)
            money.determine(.init(.year, [("2022-01-01", "2023-01-01", 3600)]), on: "2021-12-10")
            money.pay(Self.month(2022, 1))
            #expect(money.ordered(2022, 1...12) == .yuan(3600))
            money.determine(.init(.month, [("2022-01-01", "2023-01-01", 350)]), on: "2023-03-10")
            #expect(money.standing == ["arrears 2022-11 250.00", "arrears 2022-12 350.00"])
            money.batch(.regular, try #require(PaymentPeriod(parsing: period)))
            #expect(money.standing.isEmpty && money.ordered(2022, 11...12) == .yuan(600))
            #expect(money.ordered(2022, 1...12) == .yuan(4200))
        }
    }

    @Test("先抵最早的应补：到了的月份，正常批次照发")
    func earliestFirst() {
        var money = RhythmMoney(seed: 0)
        money.determine(.init(.quarter, [("2024-01-01", nil, 300)], .periodEnd), on: "2023-12-10")
        money.pay(Self.month(2024, 3))
        money.determine(.init(.year, [("2024-01-01", nil, 1200)], .periodEnd), on: "2024-04-10")
        money.determine(.init(.month, [("2024-01-01", nil, 100)]), on: "2024-08-10")
        #expect(money.standing == (4...8).map { "arrears 2024-0\($0) 100.00" })
        money.pay(Self.month(2024, 8))
        #expect(money.standing == (4...7).map { "arrears 2024-0\($0) 100.00" })
        #expect(money.ordered(2024, 8...8) == .yuan(100))
        money.decideAll()
        #expect(money.standing.isEmpty && money.ordered(2024, 1...8) == .yuan(800))
    }
}

extension RhythmMoney {
    /// What stands in the months of a year.
    fileprivate func listed(in year: Int) -> [String] { standing.filter { $0.contains(" \(year)-") } }

    /// Where the list does not say what is paid and not due: what is neither listed nor decided about, and, of months that are counted
    /// together, what is listed and not so.
    fileprivate func unlisted() -> [String] {
        guard let made = history.household.determinations.first?.made else { return [] }
        let present = CivilMonth(containing: today)
        let money = history.household.money(of: Self.clause, .household)
        var due: [CivilMonth: Fen] = [:]
        for sum in Determination(made).dues(through: present + 24) where sum.isDue {
            due[sum.month, default: .zero] += sum.amount ?? .zero
        }
        let together = history.household.together(made, due.keys)
        let spans = Set(money.months.union(due.keys).map(together.span)).filter { $0.lowerBound <= present }
        return spans.sorted { $0.lowerBound < $1.lowerBound }.flatMap { span -> [String] in
            func sum(_ value: (CivilMonth) -> Fen?) -> Fen { span.months.reduce(.zero) { $0 + (value($1) ?? .zero) } }
            let paid = sum { money.ordered[$0] }
            let over = max(.zero, paid - sum { due[$0] })
            let owed = max(.zero, sum { $0 <= present ? due[$0] : nil } - paid)
            let less = sum { money.standing[$0].map { max(.zero, -$0) } }
            let more = sum { money.standing[$0].map { max(.zero, $0) } }
            let named = "\(today) \(span.lowerBound)…\(span.upperBound)"
            var wrong: [String] = []
            if over > less + sum({ money.decidedLess[$0] }) { wrong.append("\(named) 多发 \(over)，只列 \(less)") }
            guard span.isOfSeveral else { return wrong }
            if less > over { wrong.append("\(named) 多发 \(over)，列了 \(less)") }
            if more > owed { wrong.append("\(named) 应补 \(owed)，列了 \(more)") }
            return wrong
        }
    }
}
