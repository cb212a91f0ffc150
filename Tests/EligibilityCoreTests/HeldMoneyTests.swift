import CareDomain
import RuleEngine
import Testing

/// Given months that a person's decision holds back (暂缓), then nothing that was paid of them is too much, and what was not is paid
/// with the month in which the hold ends.
@Suite("暂缓：已发的不算多发，未发的期满时发")
struct HeldMoneyTests {
    private static func month(_ number: Int) -> CivilMonth { CivilMonth(year: 2024, month: number) }

    private static func rule(held from: String? = nil, _ until: String? = nil) -> RhythmMoney.Rule {
        var rule = RhythmMoney.Rule(.month, [("2024-01-01", nil, 300)])
        rule.held = from.map { ($0, until) }
        return rule
    }

    @Test("已发一至三月，之后暂缓一至三月：没有多发；四月照发，一至三月不重发")
    func paidBefore() {
        var money = RhythmMoney(seed: 0)
        money.determine(Self.rule(), on: "2023-12-01")
        for number in 1...3 { money.pay(Self.month(number)) }
        money.determine(Self.rule(held: "2024-01-01", "2024-04-01"), on: "2024-03-15")
        #expect(money.standing.isEmpty)
        money.pay(Self.month(4))
        #expect(money.ordered(2024, 1...3) == .yuan(900) && money.ordered(2024, 4...4) == .yuan(300))
    }

    @Test("暂缓二至四月：当月的批次不发，五月的批次补发，再开一批不重发")
    func paidAtTheEnd() {
        var money = RhythmMoney(seed: 0)
        money.determine(Self.rule(), on: "2023-12-01")
        money.pay(Self.month(1))
        money.determine(Self.rule(held: "2024-02-01", "2024-05-01"), on: "2024-02-01")
        for number in 2...4 { money.pay(Self.month(number)) }
        #expect(money.ordered(2024, 2...4) == .zero && money.standing.isEmpty)
        for _ in 0..<2 {
            money.pay(Self.month(5))
            #expect(money.ordered(2024, 2...4) == .yuan(900) && money.ordered(2024, 5...5) == .yuan(300))
        }
    }

    @Test("没有期限的暂缓：不发也不算多发；撤销后随撤销之月的批次补发")
    func withoutEnd() {
        var money = RhythmMoney(seed: 0)
        money.determine(Self.rule(), on: "2023-12-01")
        for number in 1...2 { money.pay(Self.month(number)) }
        money.determine(Self.rule(held: "2024-02-01"), on: "2024-02-20")
        for number in 3...5 { money.pay(Self.month(number)) }
        #expect(money.ordered(2024, 2...2) == .yuan(300) && money.ordered(2024, 3...5) == .zero)
        money.determine(Self.rule(held: "2024-02-01", "2024-06-01"), on: "2024-05-28")
        money.pay(Self.month(6))
        #expect(money.ordered(2024, 2...6) == .yuan(1500) && money.standing.isEmpty)
    }

    @Test("应补的月份被暂缓：仍在应补之列，决定了也要等期满才发")
    func arrears() {
        var money = RhythmMoney(seed: 0)
        money.determine(Self.rule(), on: "2024-03-10")
        let owed = (1...3).map { "arrears 2024-0\($0) 300.00" }
        #expect(money.standing == owed)
        money.determine(Self.rule(held: "2024-01-01", "2024-06-01"), on: "2024-03-20")
        #expect(money.standing == owed)
        money.decideAll()
        #expect(money.ordered(2024, 1...3) == .zero)
        money.pay(Self.month(6), .arrears)
        #expect(money.ordered(2024, 1...3) == .yuan(900))
    }

    @Test("已开单未送出的一笔：暂缓期间不送，期满送")
    func lineToSend() {
        var money = RhythmMoney(seed: 0)
        money.determine(Self.rule(), on: "2023-12-01")
        money.pay(Self.month(2))
        money.determine(Self.rule(held: "2024-02-01", "2024-05-01"), on: "2024-02-10")
        #expect(money.objection(on: "2024-03-01") == .lineOnHold)
        #expect(
            money.hold(on: "2024-03-01")
                == LineHold(
                    months: [Self.month(2)], until: CivilDay(year: 2024, month: 4, day: 30)!, sentFrom: Self.month(5)))
        #expect(money.objection(on: "2024-05-02") == nil && money.hold(on: "2024-05-02") == nil)
    }

    @Test("一笔里只有几个月暂缓：说是哪几个月、到哪天；没有期限的不说哪天；权利没有了的是多发，不是暂缓")
    func partOfALine() {
        func ordered() -> RhythmMoney {
            var money = RhythmMoney(seed: 0)
            money.determine(Self.rule(), on: "2024-03-01")
            money.batch(.regular, PaymentPeriod(parsing: "2024-Q1")!)
            return money
        }
        var money = ordered()
        money.determine(Self.rule(held: "2024-02-01", "2024-05-16"), on: "2024-03-20")
        #expect(
            money.hold(on: "2024-04-10")
                == LineHold(
                    months: [Self.month(2), Self.month(3)], until: CivilDay(year: 2024, month: 5, day: 15)!,
                    sentFrom: Self.month(5)))
        #expect(money.standing.isEmpty)
        money.determine(Self.rule(held: "2024-03-01"), on: "2024-03-21")
        #expect(money.hold(on: "2024-04-10") == LineHold(months: [Self.month(3)], until: nil, sentFrom: nil))
        money = ordered()
        money.determine(.init(.month, [("2024-01-01", "2024-03-01", 300)]), on: "2024-03-20")
        #expect(money.objection(on: "2024-04-10") == .lineHeld && money.hold(on: "2024-04-10") == nil)
    }

    @Test("不予批准不是暂缓：已发的是多发")
    func refused() {
        var money = RhythmMoney(seed: 0)
        money.determine(Self.rule(), on: "2023-12-01")
        for number in 1...2 { money.pay(Self.month(number)) }
        money.determine(.init(.month, [("2024-03-01", nil, 300)]), on: "2024-02-20")
        #expect(money.standing == ["recovery 2024-01 300.00", "recovery 2024-02 300.00"])
    }

    @Test("随机的暂缓，早知道晚知道、有期限没期限：期间不发，从无多发，年底每月正好一笔", arguments: 0..<120 as Range<Int>)
    func eachMonthOnce(_ seed: Int) {
        var (state, money) = (UInt64(seed) &* 2_654_435_761 &+ 7, RhythmMoney(seed: 0))
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let first = 1 + next(10)
        let end = first + 1 + next(12 - first)
        let isOpen = next(2) == 0
        let known = isOpen ? 1 + next(end - 1) : 1 + next(12)
        let days = (from: Self.month(first).firstDay.description, until: Self.month(end).firstDay.description)
        money.determine(Self.rule(), on: "2023-12-01")
        for number in 1...12 {
            let day = "\(Self.month(number).firstDay + 4)"
            if number == known { money.determine(Self.rule(held: days.from, isOpen ? nil : days.until), on: day) }
            if isOpen, number == end { money.determine(Self.rule(held: days.from, days.until), on: day) }
            money.pay(Self.month(number))
            let isHeld = known <= number && first <= number && number < end
            #expect(money.ordered(2024, number...number) == (isHeld ? .zero : .yuan(300)), "seed \(seed) \(number)")
            #expect(money.standing.isEmpty, "seed \(seed) \(number)")
        }
        for number in 1...12 {
            // Held months that were known as such only after the batch of the month in which the hold ended were paid before.
            #expect(money.ordered(2024, number...number) == .yuan(300), "seed \(seed) \(number)")
        }
    }
}
