import CareDomain
import Testing

@testable import RuleEngine

/// The worked example of GY-3.0; index values are invented.
@Suite("动态调整：触发、复合、换基")
struct IndexationTests {
    private static let indexation = Indexation(
        clause: ClauseID("GY-3.0")!, title: Wording("动态增长机制", "dynamic adjustment"), words: "",
        department: DepartmentID("dept.finance")!, index: ParameterID("gy.index_series")!, thresholdPercent: 30,
        baseYear: 0,
        standards: [
            Indexation.Standard(
                id: Code("small")!, clause: ClauseID("GY-3.12c")!, title: Wording("小额", "small"), figure: .yuan(500),
                series: "all"),
            Indexation.Standard(
                id: Code("large")!, clause: ClauseID("GY-3.12b")!, title: Wording("大额", "large"), figure: .yuan(20_000),
                series: "all"),
            Indexation.Standard(
                id: Code("rural")!, clause: ClauseID("GY-3.12d")!, title: Wording("农村", "rural"), figure: .yuan(1_000),
                series: "rural"),
        ])

    private static func levels(_ values: [(Int, Int64)]) -> [Indexation.Level] {
        values.map { Indexation.Level(year: $0.0, value: $0.1) }
    }

    @Test("逐年28%也触发，因为按水平之比是30.7869%；新标准取到分；只动绑定这一序列的标准")
    func workedExample() throws {
        let (lines, proposals) = Self.indexation.sheet(
            series: "all",
            levels: Self.levels([
                (2011, 10_000_000), (2012, 11_000_000), (2013, 11_990_000), (2014, 12_949_200), (2015, 13_078_690),
            ]), base: 2011)
        #expect(lines.map(\.growthTenThousandths) == [100_000, 199_000, 294_920, 307_869])
        #expect(lines.map(\.isTrigger) == [false, false, false, true])
        let proposal = try #require(proposals.first)
        #expect(proposals.count == 1 && proposal.validFrom == CivilDay(year: 2016, month: 1, day: 1)!)
        #expect(proposal.changes.map(\.standard.rawValue) == ["small", "large"])
        #expect(proposal.changes.map(\.after) == [Fen(65_393), Fen(2_615_738)])
    }

    @Test("恰好30%触发，差一分钱不触发", arguments: [(12_999_990, 0), (13_000_000, 1)])
    func threshold(level: Int64, proposals: Int) {
        let sheet = Self.indexation.sheet(
            series: "all", levels: Self.levels([(2011, 10_000_000), (2012, level)]), base: 2011)
        #expect(sheet.proposals.count == proposals)
        if proposals == 1 { #expect(sheet.proposals[0].changes[0].after == .yuan(650)) }
    }

    @Test("触发之后以当年为新基期，第二次调整建立在第一次之上")
    func baseMoves() {
        let (lines, proposals) = Self.indexation.sheet(
            series: "all",
            levels: Self.levels([(2011, 10_000), (2012, 14_000), (2013, 17_000), (2014, 18_200)]), base: 2011)
        #expect(lines.map(\.base.year) == [2011, 2012, 2012])
        #expect(proposals.map(\.level.year) == [2012, 2014])
        // 500 × 1.4 = 700, 700 × 1.3 = 910.
        #expect(proposals.map { $0.changes[0].after } == [.yuan(700), .yuan(910)])
        #expect(proposals.map { $0.changes[0].before } == [.yuan(500), .yuan(700)])
    }

    @Test("批准之后：以批准的数为现标准，基期移到触发的那年；没批准的，后一次写明是假定")
    func approved() {
        let levels = Self.levels([(2011, 10_000), (2012, 13_000), (2013, 15_000), (2014, 16_900)])
        let known = Array(levels.prefix(2))
        let sheet = Self.indexation.sheet(
            series: "all", levels: levels, base: 2011,
            approvals: [
                .init(standard: Code("small")!, value: .yuan(700), levels: known),
                .init(standard: Code("large")!, value: .yuan(26_000), levels: known),
            ])
        #expect(sheet.lines.map(\.base.year) == [2011, 2012, 2012])
        #expect(sheet.proposals.map(\.state) == [.approved, .open])
        #expect(sheet.proposals[1].changes.map(\.before) == [.yuan(700), .yuan(26_000)])
        #expect(sheet.proposals[1].changes.map(\.after) == [.yuan(910), .yuan(33_800)])
        let open = Self.indexation.sheet(series: "all", levels: levels, base: 2011)
        #expect(open.proposals.map(\.state) == [.open, .hypothetical])
    }

    @Test("触发之前另定的标准不移基期，只是现标准")
    func setBeforeAnyTrigger() {
        let levels = Self.levels([(2011, 10_000), (2012, 11_000), (2013, 13_000)])
        let sheet = Self.indexation.sheet(
            series: "all", levels: levels, base: 2011,
            approvals: [.init(standard: Code("small")!, value: .yuan(600), levels: Array(levels.prefix(2)))])
        #expect(sheet.lines.map(\.level.year) == [2012, 2013] && sheet.lines.map(\.base.year) == [2011, 2011])
        #expect(sheet.proposals.map(\.state) == [.open])
        #expect(sheet.proposals[0].changes.map(\.after) == [.yuan(780), .yuan(26_000)])
    }

    @Test("批准之后统计数修订：不撤销，增长从批准所据的数算起，不重复计")
    func revisedAfterApproval() {
        let then = Self.levels([(2011, 10_000), (2015, 13_100)])
        let now = Self.levels([(2011, 10_000), (2015, 12_900), (2016, 13_500), (2018, 17_030)])
        let sheet = Self.indexation.sheet(
            series: "all", levels: now, base: 2011,
            approvals: [.init(standard: Code("small")!, value: .yuan(655), levels: then)])
        // The other standard follows the figures as they are now.
        #expect(sheet.proposals.map(\.level.year) == [2015, 2016, 2018])
        #expect(sheet.proposals.map { $0.changes.map(\.standard.rawValue) } == [["small"], ["large"], ["small"]])
        #expect(sheet.proposals.map(\.state) == [.approved, .open, .open])
        #expect(sheet.proposals[2].base == Indexation.Level(year: 2015, value: 13_100))
        #expect(sheet.proposals[2].changes[0].before == .yuan(655))
        #expect(sheet.proposals[2].changes[0].after == Fen(85_150))
    }

    @Test("只批准了一部分：逐项有各自的状态，没批准的不丢增长；后来补批的从原来的基期接着算")
    func partlyApproved() {
        let levels = Self.levels([(2011, 10_000_000), (2015, 13_078_690), (2019, 17_002_297)])
        let known = Array(levels.prefix(2))
        let large = Indexation.Approval(standard: Code("large")!, value: Fen(2_615_738), levels: known)
        func told(_ levels: [Indexation.Level], _ approvals: Indexation.Approval...) -> [String] {
            Self.indexation.sheet(series: "all", levels: levels, base: 2011, approvals: approvals).proposals.flatMap {
                proposal in
                proposal.changes.map {
                    "\(proposal.level.year) \($0.standard.rawValue) \($0.state.rawValue) \($0.before) \($0.after)"
                }
            }
        }
        #expect(
            told(known, large) == ["2015 small open 500.00 653.93", "2015 large approved 20000.00 26157.38"])
        let approved = "2015 large approved 20000.00 26157.38"
        #expect(
            told(levels, large) == [
                "2015 small open 500.00 653.93", approved, "2019 small hypothetical 653.93 850.11",
                "2019 large open 26157.38 34004.59",
            ])
        let small = Indexation.Approval(standard: Code("small")!, value: Fen(65_393), levels: levels)
        #expect(
            told(levels, large, small) == [
                "2015 small approved 500.00 653.93", approved, "2019 small open 653.93 850.11",
                "2019 large open 26157.38 34004.59",
            ])
        // As much as both figures ask for answers both: growth is not paid twice.
        let both = Indexation.Approval(standard: Code("small")!, value: Fen(85_011), levels: levels)
        #expect(
            told(levels, large, both) == [
                "2015 small approved 500.00 653.93", approved, "2019 small approved 653.93 850.11",
                "2019 large open 26157.38 34004.59",
            ])
    }

    @Test("批准之后又有后一年的数、又修订：批准只答它所据的建议，后一次从批准的数和批准所据的水平算起，待批准；增长不丢也不重复")
    func nextAfterRevision() {
        let then = Self.levels([(2011, 10_000), (2012, 11_000), (2013, 13_000)])
        for revised: Int64 in [12_500, 13_400] {
            let now = Self.levels([(2011, 10_000), (2012, 11_000), (2013, revised), (2014, 17_600)])
            let sheet = Self.indexation.sheet(
                series: "all", levels: now, base: 2011,
                approvals: [
                    .init(standard: Code("small")!, value: .yuan(650), levels: then),
                    .init(standard: Code("large")!, value: .yuan(24_000), levels: then),
                ])
            #expect(sheet.proposals.map(\.state) == [.approved, .open])
            #expect(sheet.proposals.map(\.base.value) == [10_000, 13_000])
            // 650 is 500 × 1.3: with 17600 ÷ 13000 it comes to 500 × 1.76, as if the figure had never been another.
            #expect(sheet.proposals[1].changes.map(\.before) == [.yuan(650), .yuan(24_000)])
            #expect(sheet.proposals[1].changes.map(\.after) == [.yuan(880), Fen(3_249_231)])
        }
    }

    @Test("修订之后重新批准：换下原来批准的数，基期按修订后的水平，不算作对后一次建议的答复；低于现标准的数也不算")
    func approvedAnew() {
        let then = Self.levels([(2011, 10_000), (2013, 13_000)])
        let small = Code("small")!
        func told(_ levels: [Indexation.Level], _ values: (Int64, [Indexation.Level])...) -> [String] {
            Self.indexation.sheet(
                series: "all", levels: levels, base: 2011,
                approvals: values.map { .init(standard: small, value: .yuan($0.0), levels: $0.1) }
            ).proposals.flatMap { proposal in
                proposal.changes.filter { $0.standard == small }.map {
                    "\(proposal.level.year) \(proposal.level.value) \($0.state.rawValue) \($0.before) \($0.after) "
                        + ($0.approved?.description ?? "-")
                }
            }
        }
        let down = Self.levels([(2011, 10_000), (2013, 12_500), (2014, 17_500)])
        #expect(
            told(down, (650, then), (625, down)) == [
                "2013 12500 approved 500.00 625.00 625.00", "2014 17500 open 625.00 875.00 -",
            ])
        let up = Self.levels([(2011, 10_000), (2013, 14_000), (2014, 18_200)])
        #expect(
            told(up, (650, then), (700, up)) == [
                "2013 14000 approved 500.00 700.00 700.00", "2014 18200 open 700.00 910.00 -",
            ])
        // More than the revision makes of it answers the next year's proposal: 650 × 18200 ÷ 13000.
        #expect(
            told(up, (650, then), (910, up)) == [
                "2013 13000 approved 500.00 650.00 650.00", "2014 18200 approved 650.00 910.00 910.00",
            ])
        // Without a revision a lower sum puts the approved one right.
        let later = Self.levels([(2011, 10_000), (2013, 13_000), (2014, 16_900)])
        #expect(
            told(later, (650, then), (640, later)) == [
                "2013 13000 approved 500.00 650.00 640.00", "2014 16900 open 640.00 832.00 -",
            ])
    }

    @Test("次年公布的数自再下一年起算；没有基期的数就没有计算表")
    func publication() {
        let late = [
            Indexation.Level(year: 2011, value: 100), Indexation.Level(year: 2015, value: 140, published: 2016),
        ]
        let sheet = Self.indexation.sheet(series: "all", levels: late, base: 2011)
        #expect(sheet.proposals.first?.validFrom == CivilDay(year: 2017, month: 1, day: 1)!)
        #expect(Self.indexation.sheet(series: "all", levels: late, base: 2010).lines.isEmpty)
    }

    @Test("很大的数不会溢出成错的数")
    func large() {
        let sheet = Self.indexation.sheet(
            series: "all", levels: Self.levels([(2011, 1), (2012, .max)]), base: 2011,
            approvals: [.init(standard: Code("small")!, value: Fen(.max), levels: [])])
        #expect(sheet.proposals[0].changes[0].after == Fen(.max))
    }

    @Test("只有年增长率时连乘：四年10%、9%、8%、1%在第四年触发，500元得653.93元；取整到元得654元")
    func chainedRates() throws {
        let growth: [Int: (thousandths: Int64, published: Int?)] = [
            2012: (10_000, nil), 2013: (9_000, nil), 2014: (8_000, nil), 2015: (1_000, 2016),
        ]
        let levels = Indexation.chained([], growth, base: 2011)
        // Nothing was published but growth: no level is told as if it had been.
        #expect(levels.map(\.origin) == [.assumed, .growth(10_000), .growth(9_000), .growth(8_000), .growth(1_000)])
        let (lines, proposals) = Self.indexation.sheet(series: "all", levels: levels, base: 2011)
        #expect(lines.map(\.growthTenThousandths) == [100_000, 199_000, 294_920, 307_869])
        #expect(proposals.first?.validFrom == CivilDay(year: 2017, month: 1, day: 1)!)
        #expect(proposals.first?.changes.map(\.after) == [Fen(65_393), Fen(2_615_738)])
        let whole = Self.indexation.sheet(series: "all", levels: levels, base: 2011, unit: .yuan(1))
        #expect(whole.proposals.first?.changes.map(\.after) == [Fen(65_400), Fen(2_615_700)])
        // A published level leads; a year without level and growth ends the chain.
        let mixed = Indexation.chained(
            [.init(year: 2011, value: 10_000_000)], [2012: (30_000, nil), 2014: (1_000, nil)], base: 2011)
        #expect(mixed.map(\.year) == [2011, 2012] && mixed.last?.value == 13_000_000)
        #expect(mixed.map(\.origin) == [.published, .growth(30_000)])
    }
}
