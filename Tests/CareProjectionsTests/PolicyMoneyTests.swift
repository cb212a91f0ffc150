import CareDomain
import RuleEngine
import Testing

@testable import CareProjections

@Suite("补助照顾资金的人均和占比")
struct PolicyMoneyTests {
    private static func fact(_ name: String) -> FactID { FactID(unchecked: "city.\(name)") }

    private static func figures(
        _ change: [String: FactValue] = [:], leaving: Set<String> = [], paid: (Int64?, Int64?) = (80, 40),
        aims: PolicyMoney.Aims = .init(floor: .yuan(800), rural: 10_000, urban: 5_000, earmark: 80)
    ) -> [String: Int64] {
        var values: [FactID: FactValue] = [
            fact("fp_money_rural"): .money(.yuan(80_000)), fact("fp_persons_rural"): .int(100),
            fact("rural_net_income"): .money(.yuan(8_000)), fact("fp_money_urban"): .money(.yuan(50_000)),
            fact("fp_persons_urban"): .int(50), fact("urban_disposable_income"): .money(.yuan(20_000)),
            fact("fp_funds"): .money(.yuan(1_000_000)), fact("fp_earmark"): .money(.yuan(80_000)),
        ]
        for (name, value) in change { values[fact(name)] = value }
        for name in leaving { values[fact(name)] = nil }
        let money = PolicyMoney(values, personsPaid: (rural: paid.0, urban: paid.1), aims: aims)
        return Dictionary(uniqueKeysWithValues: money.figures.map { ($0.name.rawValue, $0.value) })
    }

    @Test("800 元与收入的 10 %、5 %：取高者，两个分母都给")
    func whole() {
        let found = Self.figures()
        #expect(found["rural_per_head_fen"] == 80_000 && found["rural_per_head_paid_fen"] == 100_000)
        #expect(found["rural_share_bp"] == 1_000 && found["rural_required_fen"] == 80_000)
        #expect(found["urban_per_head_fen"] == 100_000 && found["urban_per_head_paid_fen"] == 125_000)
        #expect(found["urban_share_bp"] == 500 && found["urban_required_fen"] == 100_000)
        #expect(found["per_head_fen"] == 86_667 && found["per_head_paid_fen"] == 108_333)
        #expect(found["earmark_required_fen"] == 8_000_000 && found["earmark_share_bp"] == 800)
    }

    @Test("收入过 8000、16000 元后占比起作用，零头只进不舍")
    func bounds() {
        #expect(Self.figures(["rural_net_income": .money(Fen(800_001))])["rural_required_fen"] == 80_001)
        #expect(Self.figures(["rural_net_income": .money(Fen(799_999))])["rural_required_fen"] == 80_000)
        #expect(Self.figures(["urban_disposable_income": .money(Fen(1_600_020))])["urban_required_fen"] == 80_001)
        #expect(Self.figures(["fp_funds": .money(Fen(101))])["earmark_required_fen"] == 9)
    }

    @Test("差一分也读得出没有达到：人均四舍五入但不凑到应给的数，占比只舍不进")
    func neverTowardsTheAim() {
        // 79,999.99 yuan of 1,000,000; 49,999.99 for 50 persons are 999.9998 a head, and just below 5 % of 20,000.
        let found = Self.figures(["fp_earmark": .money(Fen(7_999_999)), "fp_money_urban": .money(Fen(4_999_999))])
        #expect(found["earmark_share_bp"] == 799)
        #expect(found["urban_per_head_fen"] == 99_999 && found["urban_share_bp"] == 499)
    }

    @Test("人均四舍五入到分：1200 元 7 人是 171.43 元，不是 171.42 元")
    func halfUp() {
        let found = Self.figures(["fp_money_rural": .money(.yuan(1_200)), "fp_persons_rural": .int(7)], paid: (7, 40))
        #expect(found["rural_per_head_fen"] == 17_143 && found["rural_per_head_paid_fen"] == 17_143)
    }

    /// 104,999.90 yuan for 100 persons are 1,049.999 a head, a tenth of 10,499.99 yuan.
    private static func close(_ fen: Int64, isMissed: Bool) -> (figures: [String: Int64], reasons: [String]) {
        var values: [FactID: FactValue] = [
            fact("fp_money_rural"): .money(Fen(fen)), fact("fp_persons_rural"): .int(100),
            fact("rural_net_income"): .money(Fen(1_049_999)),
        ]
        values[fact("fp_money_urban")] = .money(.yuan(1))
        let money = PolicyMoney(
            values, personsPaid: (nil, nil), aims: .init(floor: .yuan(800), rural: 10_000, urban: 5_000, earmark: 80))
        let line = money.judged(
            Indicators.Line(
                clause: ClauseID("GY-2.2")!, title: Wording("人均", "per head"), state: isMissed ? .missed : .reached,
                measure: 1, unit: "元/人", reasons: []))
        return (
            Dictionary(uniqueKeysWithValues: money.figures.map { ($0.name.rawValue, $0.value) }),
            line.reasons.map(\.chinese)
        )
    }

    @Test("人均取到元相同、取到分不同：按总额到分判断，达到的读着达到，差一分的读着差一分")
    func toTheFen() {
        let reached = Self.close(10_499_990, isMissed: false)
        #expect(reached.figures["rural_per_head_fen"] == 105_000 && reached.figures["rural_required_fen"] == 105_000)
        #expect(reached.figures["rural_required_money_fen"] == 10_499_990)
        #expect(reached.reasons == ["农村共付 104999.90 元（100 人），应不少于 104999.90 元，多 0.00 元"])
        let missed = Self.close(10_499_989, isMissed: true)
        #expect(missed.figures["rural_per_head_fen"] == 104_999 && missed.figures["rural_required_fen"] == 105_000)
        #expect(missed.reasons == ["农村共付 104999.89 元（100 人），应不少于 104999.90 元，差 0.01 元"])
    }

    @Test("只看 800 元的口径：收入不起作用，没有收入也说得出应付多少")
    func floorAlone() {
        var aims = PolicyMoney.Aims(floor: .yuan(800), rural: 10_000, urban: 5_000, earmark: 80)
        aims.sharesBind = false
        let found = Self.figures(
            ["urban_disposable_income": .money(.yuan(90_000))], leaving: ["rural_net_income"], aims: aims)
        #expect(found["rural_required_fen"] == 80_000 && found["urban_required_fen"] == 80_000)
        #expect(found["urban_required_money_fen"] == 4_000_000)
    }

    private static func judged(
        _ earmark: Fen?, funds: Fen = .yuan(1_000_000), share: Int64? = 80
    ) -> Indicators.Line {
        var values: [FactID: FactValue] = [fact("fp_funds"): .money(funds)]
        if let earmark { values[fact("fp_earmark")] = .money(earmark) }
        let money = PolicyMoney(
            values, personsPaid: (nil, nil), aims: .init(floor: nil, rural: nil, urban: nil, earmark: share))
        return money.judged(
            Indicators.Line(
                clause: ClauseID("GY-3.12g")!, title: Wording("专项经费8%", "8 % earmark"), state: .computed,
                measure: 1, unit: "元", reasons: []))
    }

    @Test("专项经费：整到分比较，差一分未达到并说出差多少；没有登记的不下结论")
    func earmark() {
        #expect(Self.judged(.yuan(80_000)).state == .reached && Self.judged(.yuan(80_000)).reasons.isEmpty)
        let short = Self.judged(Fen(7_999_999))
        #expect(short.state == .missed && short.measure == 80_000_000)
        #expect(short.reasons.map(\.chinese) == ["已提取 79999.99 元，应提取不少于 80000.00 元，差 0.01 元"])
        // Eight percent of 1.01 yuan are 8.08 fen: eight are not enough.
        #expect(Self.judged(Fen(8), funds: Fen(101)).state == .missed)
        #expect(Self.judged(Fen(9), funds: Fen(101)).state == .reached)
        #expect(Self.judged(nil).state == .computed && Self.judged(nil).reasons.count == 1)
        #expect(Self.judged(.yuan(1), share: nil).state == .computed && Self.judged(.yuan(1), share: nil).measure == 1)
    }

    @Test("下限和比例改了，要求就跟着改；政策包没有的不出数")
    func otherAims() {
        let other = Self.figures(aims: .init(floor: .yuan(900), rural: 12_500, urban: 5_000, earmark: 100))
        #expect(other["rural_required_fen"] == 100_000 && other["urban_required_fen"] == 100_000)
        #expect(other["earmark_required_fen"] == 10_000_000)
        let none = Self.figures(aims: .init(floor: nil, rural: 10_000, urban: nil, earmark: nil))
        #expect(none["rural_required_fen"] == nil && none["urban_required_fen"] == nil)
        #expect(none["earmark_required_fen"] == nil && none["earmark_share_bp"] == 800)
    }

    @Test("没有分母就没有比率；没有数就不出数")
    func missing() {
        let nobody = Self.figures(["fp_persons_rural": .int(0)], paid: (0, 0))
        #expect(nobody["rural_per_head_fen"] == nil && nobody["rural_share_bp"] == nil)
        #expect(nobody["rural_per_head_paid_fen"] == nil && nobody["rural_money_fen"] == 8_000_000)
        let unknown = Self.figures(leaving: ["rural_net_income", "fp_money_urban", "fp_earmark"], paid: (nil, nil))
        #expect(unknown["rural_required_fen"] == nil && unknown["rural_share_bp"] == nil)
        #expect(unknown["per_head_fen"] == nil && unknown["urban_per_head_fen"] == nil)
        #expect(unknown["earmark_share_bp"] == nil && unknown["earmark_required_fen"] == 8_000_000)
        #expect(unknown["rural_persons_paid"] == nil)
    }
}
