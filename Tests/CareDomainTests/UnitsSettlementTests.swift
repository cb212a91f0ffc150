import CareDomain
import CareTestKit
import Testing

/// The city's share against the worked cases of the catalogue, and against a reckoning of its own kind: fen by fen.
@Suite("结算：市级补助")
struct UnitsSettlementTests {
    private static func result(
        _ yuan: Int64, _ score: Points, _ city: Int64, _ unit: Int64, _ mode: ReductionTerms.Mode = .percentagePoint,
        _ step: ReductionTerms.Step = .wholePoints, budget: Fen? = nil
    ) throws -> Settlement.Result {
        Settlement.Result(
            cost: .yuan(yuan), score: score, shares: try #require(CostShares(city: city, unit: unit)),
            terms: ReductionTerms(fullFrom: Points(90), mode: mode, step: step), budget: budget)
    }

    @Test("目录所列的例子，两种口径")
    func worked() throws {
        #expect(try Self.result(305_500, Points(90), 1, 1).settled == .yuan(152_750))
        #expect(try Self.result(305_500, Points(85), 1, 1).settled == .yuan(137_475))
        #expect(try Self.result(305_500, Points(85), 1, 1, .relative).settled == Fen(14_511_250))
        #expect(try Self.result(282_500, Points(85), 2, 8).settled == .yuan(42_375))
        #expect(try Self.result(282_500, Points(85), 2, 8, .relative).settled == .yuan(53_675))
        #expect(try Self.result(282_500, Points(thousandths: 89_500), 2, 8).settled == .yuan(56_500))
        #expect(
            try Self.result(282_500, Points(thousandths: 89_500), 2, 8, .percentagePoint, .proRata).settled
                == Fen(5_508_750))
        #expect(try Self.result(392_500, Points(70), 2, 8).settled == .zero)
        #expect(try Self.result(392_500, Points(60), 2, 8).settled == .zero)
        #expect(try Self.result(392_500, Points(70), 2, 8, .relative).settled == .yuan(62_800))
        #expect(try Self.result(555_500, Points(95), 0, 1).settled == .zero)
        #expect(try Self.result(282_500, Points(90), 2, 8, budget: .yuan(50_000)).settled == .yuan(50_000))
    }

    /// A reckoning of another kind: the points are counted off one by one, and the share is laid down fen by fen.
    private static func counted(
        _ fen: Int64, _ score: Int64, _ city: Int64, _ unit: Int64, _ mode: ReductionTerms.Mode,
        _ step: ReductionTerms.Step
    ) -> Int64 {
        var lost: Int64 = 0
        var at = score
        let stride: Int64 = step == .wholePoints ? 1000 : 1
        while at + stride <= 90_000 {
            at += stride
            lost += stride
        }
        // In hundred-thousandths of the parts.
        var parts = city * 100_000
        for _ in 0..<lost {
            parts -= mode == .relative ? city : city + unit
            if parts < 0 { parts = 0 }
        }
        var (share, rest): (Int64, Int64) = (0, 0)
        for _ in 0..<fen {
            rest += parts
            if rest >= (city + unit) * 100_000 {
                rest -= (city + unit) * 100_000
                share += 1
            }
        }
        return rest * 2 >= (city + unit) * 100_000 ? share + 1 : share
    }

    @Test("任取经费、得分、分担和口径，与逐分逐分钱数出来的一致；各档结果不超过经费，分数高的不会少")
    func againstCounting() throws {
        var random = SeededGenerator(seed: 20_210_427)
        for _ in 0..<120 {
            let fen = Int64.random(in: 0...3_000, using: &random)
            let score =
                Int64.random(in: 0...100, using: &random) * 1000 + [0, 1, 125, 500, 999].randomElement(using: &random)!
            let (city, unit) =
                [(1, 1), (2, 8), (0, 1), (1, 2), (3, 4)].randomElement(using: &random)! as (Int64, Int64)
            let shares = try #require(CostShares(city: city, unit: unit))
            for mode in ReductionTerms.Mode.allCases {
                for step in ReductionTerms.Step.allCases {
                    let terms = ReductionTerms(fullFrom: Points(90), mode: mode, step: step)
                    let found = Settlement.Result(
                        cost: Fen(fen), score: Points(thousandths: min(score, 100_000)), shares: shares, terms: terms,
                        budget: nil)
                    let counted = Self.counted(fen, min(score, 100_000), city, unit, mode, step)
                    #expect(found.share.amount == counted, "\(fen) \(score) \(city):\(unit) \(mode) \(step)")
                    #expect(found.settled <= Fen(fen) && found.settled >= .zero)
                    let better = Settlement.Result(
                        cost: Fen(fen), score: Points(thousandths: min(score + 700, 100_000)), shares: shares,
                        terms: terms, budget: nil)
                    #expect(better.share >= found.share)
                }
            }
        }
    }

    @Test("限额、预拨也可由参数设置：照它结算；与单位登记的不一致就不结算，也不登记；别的单位、别的年度的不算")
    func parameters() throws {
        func sum(_ unit: DivisionCode, _ from: String, _ until: String?, _ yuan: Int64) -> GuidanceTerms.SetSum {
            .init(
                division: unit, period: DayPeriod(start: Family.day(from), end: until.map(Family.day)),
                amount: .yuan(yuan))
        }
        var bench = UnitBench(UnitSample.even)
        bench.grant(4)
        bench.score(95)
        var terms = UnitSample.terms()
        terms.budgets = [
            sum(UnitSample.twoEight, "2021-01-01", nil, 10), sum(UnitSample.even, "2021-01-01", nil, 5000),
            sum(UnitSample.even, "2021-01-01", nil, 3000), sum(UnitSample.even, "2022-01-01", nil, 20),
        ]
        terms.advances = [sum(UnitSample.even, "2021-01-01", "2022-01-01", 7000)]
        bench.context.policy.guidance = [terms]
        bench.refuse(.sumSetTwice, .setBudget(UnitSum(year: 2021, amount: .yuan(4000))))
        bench.accept(.setBudget(UnitSum(year: 2021, amount: .yuan(3000))))
        bench.accept(.compute(year: 2021, reason: nil))
        let made = try bench.settled()
        #expect(made.budget == .yuan(3000) && made.result.share == .yuan(7000) && made.result.settled == .yuan(3000))
        #expect(made.advance == .yuan(7000) && made.carriedOut == .yuan(4000))

        bench.context.policy.guidance[0].budgets.append(sum(UnitSample.even, "2021-06-01", nil, 2000))
        bench.refuse(.sumSetTwice, .compute(year: 2021, reason: Family.code("cut")))
        bench.context.policy.guidance[0].advances = []
        bench.accept(.setBudget(UnitSum(year: 2021, amount: .yuan(2000), reason: Family.code("cut"))))
        bench.accept(.compute(year: 2021, reason: Family.code("cut")))
        #expect(try bench.settled().result.settled == .yuan(2000) && bench.settled().advance == .zero)
    }

    @Test("大额不溢出：百亿元也精确到分")
    func large() throws {
        #expect(try Self.result(10_000_000_000, Points(85), 1, 1).share == .yuan(4_500_000_000))
        #expect(
            Settlement.Result(
                cost: Fen(999_999_999_999), score: Points(thousandths: 89_999),
                shares: CostShares(city: 333, unit: 667)!,
                terms: ReductionTerms(fullFrom: Points(90), mode: .relative, step: .proRata), budget: nil
            ).share == Fen(332_996_670_000))
    }

    @Test("分数写成十进制")
    func points() {
        #expect("\(Points(thousandths: 89_500)) \(Points(-2)) \(Points(thousandths: 125))" == "89.5 -2 0.125")
    }
}
