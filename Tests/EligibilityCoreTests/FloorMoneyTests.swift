import CareDomain
import RuleEngine
import Testing

/// Given months that were paid by a clause that says the sum, when a version leaves the sum to people (不低于), then nothing of them
/// is over-paid before somebody decides; what a grant gave and somebody took back is.
@Suite("改为不低于：等人决定的不是多发")
struct FloorMoneyTests {
    private static func rule(_ yuan: Int64, _ people: RhythmMoney.People? = nil) -> RhythmMoney.Rule {
        var rule = RhythmMoney.Rule(.month, [("2024-01-01", nil, yuan)])
        rule.people = people
        return rule
    }

    /// January to March paid with 300 yuan each, by the clause itself or by a grant.
    private static func paid(_ people: RhythmMoney.People? = nil) -> RhythmMoney {
        var money = RhythmMoney(seed: 0)
        money.determine(rule(300, people), on: "2023-12-01")
        for number in 1...3 { money.pay(CivilMonth(year: 2024, month: number)) }
        return money
    }

    private static func months(_ kind: String, _ sum: String) -> [String] {
        (1...3).map { "\(kind) 2024-0\($0) \(sum)" }
    }

    @Test("已发的高于、等于、低于新的下限：都待决定", arguments: [Int64(200), 300, 400])
    func open(_ floor: Int64) {
        var money = Self.paid()
        money.determine(Self.rule(floor, .undecided), on: "2024-03-20")
        #expect(money.listed == Self.months("awaiting_decision", "300.00"))
        // No batch pays or takes back anything of it.
        money.pay(CivilMonth(year: 2024, month: 4))
        #expect(money.ordered(2024, 1...4) == .yuan(900))
        // Granted: the difference is owed, or nothing is.
        var granted = money
        granted.determine(Self.rule(max(floor, 300), .granted), on: "2024-03-25")
        #expect(granted.listed == (floor > 300 ? Self.months("arrears", "100.00") : []))
        // Refused: a person says that nothing was due.
        money.determine(Self.rule(floor, .refused), on: "2024-03-25")
        #expect(money.listed == Self.months("recovery", "300.00"))
    }

    @Test("按批准发的，批准撤销：是多发")
    func grantTakenBack() {
        var money = Self.paid(.granted)
        money.determine(Self.rule(300, .undecided), on: "2024-03-20")
        #expect(money.listed == Self.months("recovery", "300.00"))
    }

    @Test("按批准、过了暂缓期补发的，批准撤销：也是多发")
    func grantHeldAndTakenBack() {
        var money = RhythmMoney(seed: 0)
        var held = Self.rule(300, .granted)
        held.held = ("2024-01-01", "2024-03-01")
        money.determine(held, on: "2023-12-01")
        for number in 1...3 { money.pay(CivilMonth(year: 2024, month: number)) }
        #expect(money.ordered(2024, 1...3) == .yuan(900))
        money.determine(Self.rule(300, .undecided), on: "2024-03-20")
        #expect(money.listed == Self.months("recovery", "300.00"))
    }

    @Test("条款本身发的，后来批准更多又撤销：条款发的仍待决定")
    func raisedAndTakenBack() {
        var money = Self.paid()
        money.determine(Self.rule(300, .undecided), on: "2024-03-20")
        money.determine(Self.rule(400, .granted), on: "2024-03-22")
        #expect(money.listed == Self.months("arrears", "100.00"))
        money.determine(Self.rule(300, .undecided), on: "2024-03-24")
        #expect(money.listed == Self.months("awaiting_decision", "300.00"))
    }

    @Test("没发的应补月份改由人决定：不再应补，列为待决定；批准了又应补；批准撤销的不列")
    func owed() {
        var money = RhythmMoney(seed: 0)
        money.determine(Self.rule(300), on: "2024-03-10")
        #expect(money.listed == Self.months("arrears", "300.00"))
        money.determine(Self.rule(300, .undecided), on: "2024-03-20")
        #expect(money.listed.isEmpty && money.onceOwed == Self.months("awaiting_decision", "300.00"))
        money.determine(Self.rule(350, .granted), on: "2024-03-22")
        #expect(money.listed == Self.months("arrears", "350.00") && money.onceOwed.isEmpty)
        money.determine(Self.rule(300, .undecided), on: "2024-03-24")
        #expect(money.listed.isEmpty && money.onceOwed.isEmpty)
    }

    @Test("已开单未送出的一笔：待决定时不送，批准了照送，不予批准的是多于应发")
    func lineToSend() {
        var money = RhythmMoney(seed: 0)
        money.determine(Self.rule(300), on: "2023-12-01")
        money.pay(CivilMonth(year: 2024, month: 1))
        money.determine(Self.rule(300, .undecided), on: "2024-01-20")
        #expect(money.objection(on: "2024-01-25") == .lineAwaitsDecision)
        var refused = money
        refused.determine(Self.rule(300, .refused), on: "2024-01-22")
        #expect(refused.objection(on: "2024-01-25") == .lineHeld)
        money.determine(Self.rule(300, .granted), on: "2024-01-22")
        #expect(money.objection(on: "2024-01-25") == nil)
    }

    @Test("一次性的：已发的一笔改由人决定，待决定；不予批准的是多发")
    func once() {
        var money = RhythmMoney(seed: 0)
        money.determine(.init(.once, [("2024-03-10", nil, 1000)]), on: "2024-03-10")
        money.pay(CivilMonth(year: 2024, month: 3))
        var floor = RhythmMoney.Rule(.once, [("2024-03-10", nil, 1000)])
        floor.people = .undecided
        money.determine(floor, on: "2024-03-20")
        #expect(money.listed == ["awaiting_decision 2024-03 1000.00"])
        floor.people = .refused
        money.determine(floor, on: "2024-03-22")
        #expect(money.listed == ["recovery 2024-03 1000.00"])
    }

    @Test("按季的：一季中有等人决定的日子，整季待决定")
    func quarter() {
        var money = RhythmMoney(seed: 0)
        money.determine(.init(.quarter, [("2024-01-01", nil, 900)]), on: "2023-12-01")
        money.pay(CivilMonth(year: 2024, month: 1))
        money.determine(Self.rule(300, .undecided), on: "2024-03-20")
        #expect(money.listed == ["awaiting_decision 2024-01 900.00"])
    }
}
