import CareDomain
import CareProjections
import RuleEngine
import RulePacks
import Testing

/// What a report says of figures that are missing, and of those that cannot both be right, with Guiyang's pack.
@Suite("指标报表：缺哪一年的数，哪些数互相矛盾")
struct IndicatorFigureTests {
    private static let pack = PackID(unchecked: "guiyang-2013")
    private static let now = Moment(microseconds: 1_420_000_000_000_000)

    private static func evaluator() throws -> Evaluator {
        Evaluator(
            registry: PackRegistry(
                versions: try PackLibrary.bundled.packs(of: pack.rawValue).map { PublishedPack(pack: $0) }))
    }

    /// Figures as a duty book holds them: fact, value, period, department.
    private static func figures(
        _ told: [(String, FactValue, String, String)], in division: String = "520100", of pack: PackID = pack
    ) -> [DutyBook.Figure] {
        var book = DutyBook(division: DivisionCode(division)!)
        for (place, one) in told.enumerated() {
            book.evolve(
                KnownDutyEvent(
                    reference: EventReference(sequence: UInt64(place + 1)), recordedAt: Moment(microseconds: 1),
                    occurredOn: CivilDay(parsing: "2014-12-31")!,
                    command: CommandID(Identifier128(high: 1, low: UInt64(place))),
                    department: DepartmentID(unchecked: one.3),
                    event: .figureStated(
                        FigureStated(
                            pack: pack, fact: FactID(unchecked: one.0), value: one.1, period: Code(unchecked: one.2),
                            source: Code(unchecked: "list")))))
        }
        return book.figures
    }

    private static func line(
        _ clause: String, _ told: [(String, FactValue, String, String)], on day: String = "2014-12-31",
        of root: EntityKind = .city
    ) throws -> Indicators.Line {
        let found = Indicators(
            try evaluator(), pack: pack, figures: figures(told), counted: [:], on: CivilDay(parsing: day)!,
            knownAt: now, of: root)
        return try #require(found?.lines.first { $0.clause.rawValue == clause })
    }

    @Test("部分大于总数：不下结论，两个数连同登记的部门和编号都说出来")
    func contradictions() throws {
        let list = ("city.fp_relapsed", FactValue.int(10), "2014", "dept.agriculture")
        let lifted = ("city.fp_relapsed_lifted", FactValue.int(10), "2014", "dept.fp")
        let served = ("city.fp_relapsed_served", FactValue.int(12), "2014", "dept.fp")
        let line = try Self.line("GY-2.3", [list, served, lifted])
        #expect(line.state == .contradicted)
        #expect(
            line.reasons.map(\.chinese)
                == ["数字矛盾：其中已服务的 12（#2 人口计生）大于返贫名单上的计划生育家庭 10（#1 农业）"])
        let right = ("city.fp_relapsed_served", FactValue.int(10), "2014", "dept.fp")
        #expect(try Self.line("GY-2.3", [list, right, lifted]).state == .reached)
        // What is set aside cannot be more than there is; other clauses are judged.
        let money: [(String, FactValue, String, String)] = [
            ("city.fp_funds", .money(.yuan(100)), "2014", "dept.finance"),
            ("city.fp_earmark", .money(.yuan(101)), "2014", "dept.fp"), list, right, lifted,
        ]
        #expect(try Self.line("GY-3.12g", money).state == .contradicted)
        #expect(try Self.line("GY-2.3", money).state == .reached)
    }

    @Test("缺的数说出是哪一年的：对市的目标是考核那一年，对村的条款是它往回看的每一年")
    func missingYears() throws {
        let city = try Self.line("GY-3.12g", [])
        #expect(city.state == .needsFact && city.reasons.allSatisfy { $0.chinese.hasSuffix("（2014 年）") })
        func births(_ years: [Int]) -> [(String, FactValue, String, String)] {
            years.map { ("village.births_outside_policy", .int(0), "\($0)", "dept.fp") }
        }
        let poor: [(String, FactValue, String, String)] = [
            ("village.is_poor", .bool(true), "2014", "dept.agriculture"),
            ("village.support_standard", .money(.yuan(10_000)), "2014", "dept.agriculture"),
        ]
        let line = try Self.line("GY-3.18c", births([2012, 2013]) + poor, on: "2014-06-01", of: .village)
        #expect(line.state == .needsFact)
        #expect(line.reasons.contains { $0.chinese.hasSuffix("当年政策外生育数（2011 年）") }, "\(line.reasons)")
        #expect(line.reasons.contains { $0.english.hasSuffix("(2011)") })
        let more = try Self.line("GY-3.18c", births([2013]) + poor, on: "2014-06-01", of: .village)
        #expect(more.reasons.contains { $0.chinese.hasSuffix("（2011、2012 年）") }, "\(more.reasons)")
        let whole = try Self.line("GY-3.18c", births([2011, 2012, 2013]) + poor, on: "2014-06-01", of: .village)
        #expect(whole.state == .entitled)
        // Of the year that is judged, too.
        let now = try Self.line("GY-3.1", births([2012, 2013]), on: "2014-06-01", of: .village)
        #expect(now.reasons.contains { $0.chinese.hasSuffix("（2014 年）") }, "\(now.reasons)")
    }

    @Test("厦门：没有到期本金、没有受助户是不适用，不是未达到；脱贫率两个分母都说")
    func rates() throws {
        let id = PackID(unchecked: "xiamen-2017")
        let evaluator = Evaluator(
            registry: PackRegistry(
                versions: try PackLibrary.bundled.packs(of: id.rawValue).map { PublishedPack(pack: $0) }))
        func line(
            _ clause: String, _ counts: [String: Int64], stated: [(String, FactValue, String, String)] = [],
            _ readings: LendingRates.Readings = .init()
        ) throws -> Indicators.Line {
            var counted: [FactID: FactValue] = [
                FactID(unchecked: "city.principal_due"): .money(.zero),
                FactID(unchecked: "city.principal_repaid_of_due"): .money(.zero),
            ]
            for (name, count) in counts { counted[FactID(unchecked: "city.\(name)")] = .int(count) }
            let found = try #require(
                Indicators(
                    evaluator, pack: id, figures: Self.figures(stated, in: "350200", of: id), counted: counted,
                    on: CivilDay(parsing: "2017-09-30")!, knownAt: Self.now))
            return LendingRates(found.inputs, readings).told(
                try #require(found.lines.first { $0.clause.rawValue == clause }))
        }
        let households: [String: Int64] = [
            "households_helped": 3605, "households_completed": 3600, "households_out_of_poverty": 3567,
            "households_ever_out": 3567,
        ]
        let nothing = try line("XM-6.2", households)
        #expect(nothing.state == .notApplicable && nothing.reasons.map(\.chinese) == ["尚无到期本金"])
        let exits = try line("XM-6.3", households)
        #expect(exits.state == .reached && exits.measure == 98_950)
        #expect(
            exits.reasons.map(\.chinese) == ["全部受助户 3567/3605 98.95%", "帮扶结束户 3567/3600 99.08%"])
        let nobody = try line("XM-6.3", households.mapValues { _ in 0 })
        #expect(nobody.state == .notApplicable)
        let more = households.merging(["households_out_of_poverty": 3606]) { $1 }
        #expect(try line("XM-6.3", more).state == .contradicted)
        // Stated figures are divided by stated ones, counted by counted, and never one by the other.
        let stated: [(String, FactValue, String, String)] = [
            ("city.households_helped", .int(100_000), "2017", "dept.fp_association"),
            ("city.households_out_of_poverty", .int(98_946), "2017", "dept.fp_association"),
        ]
        let mixed = try line("XM-6.3", ["households_completed": 3, "households_ever_out": 3], stated: stated)
        #expect(mixed.state == .reached)
        #expect(
            mixed.reasons.map(\.chinese).suffix(2) == [
                "全部受助户 98946/100000 98.95%",
                "帮扶结束户：口径不同，不相除：认定脱贫户数（现状） 98946（#2 登记），帮扶结束户数 3（档案计得）",
            ])
        let completed = try line(
            "XM-6.3", ["households_completed": 3, "households_ever_out": 3], stated: stated, .init(ofCompleted: true))
        #expect(completed.state == .needsFact && completed.measure == nil)
        let due: [(String, FactValue, String, String)] = [
            ("city.principal_due", .money(.yuan(1000)), "2017", "dept.fp_association")
        ]
        let repayment = try line("XM-6.2", households, stated: due)
        #expect(repayment.state == .needsFact && repayment.measure == nil)
        #expect(repayment.reasons.first?.chinese.hasPrefix("口径不同，不相除：已到期本金中已还 0.00（档案计得）") ?? false)
    }

    @Test("村的每个数带着它的年份")
    func periods() throws {
        let told: [(String, FactValue, String, String)] = [
            ("village.births_outside_policy", .int(0), "2012", "dept.fp"),
            ("village.births_outside_policy", .int(1), "2013", "dept.fp"),
        ]
        let found = Indicators(
            try Self.evaluator(), pack: Self.pack, figures: Self.figures(told, in: "520111001001"), counted: [:],
            on: CivilDay(parsing: "2014-06-01")!, knownAt: Self.now, of: .village)
        #expect(found?.inputs.map(\.title.chinese) == ["当年政策外生育数（2012）", "当年政策外生育数（2013）"])
    }
}
