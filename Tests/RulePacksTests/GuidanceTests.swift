import CareDomain
import RuleEngine
import RulePacks
import Testing

/// The Wenzhou pack's table of guidance numbers and its settlement: sums of the document, and the settlement in the domain
/// against the pack's own rules.
@Suite("温州：指导数与结算")
struct GuidanceTests {
    private static func pack() throws -> RulePack {
        try #require(try PackLibrary.bundled.packs(of: "wenzhou-2021").first)
    }

    private static func terms() throws -> GuidanceTerms { try #require(try pack().guidanceTerms([])) }

    /// The guidance numbers that the document prints, by unit and project.
    private static func numbers() throws -> [String: [ClauseID: Int64]] {
        let declaration = try #require(try pack().declarations.first { $0.clause.rawValue == "WZ-A1" })
        var numbers: [String: [ClauseID: Int64]] = [:]
        for target in declaration.targets {
            if let unit = target.unit, let clause = target.counted {
                numbers[unit, default: [:]][clause] = target.value
            }
        }
        return numbers
    }

    @Test("13个单位、6列；标准金额照条款；五个部分合计100分；指导数不是上限")
    func table() throws {
        let terms = try Self.terms()
        #expect(terms.units.count == 13 && terms.years == 2021...2021 && !terms.isCap)
        #expect(terms.projects.map(\.standard) == [3500, 3000, 2000, 4000, 1500, 5000].map { .yuan($0) })
        #expect(terms.projects.map(\.column) == ["健康促进", "关怀救助", "助学高中", "助学大学", "关注三留守", "致富发展"])
        #expect(terms.parts.map(\.most) == [20, 25, 25, 10, 20].map { Points($0) })
        #expect(terms.reduction == ReductionTerms(fullFrom: Points(90), mode: .percentagePoint, step: .wholePoints))
        #expect(Set(terms.units.map(\.division.rawValue)) == Set(try Self.numbers().keys))
    }

    @Test("满额：1500户、4226000元；90分市级补助318750元，四个单位各得其数")
    func fullGrid() throws {
        let terms = try Self.terms()
        let numbers = try Self.numbers()
        var (places, cost, share): (Int64, Fen, Fen) = (0, .zero, .zero)
        var shares: [String: Fen] = [:]
        for unit in terms.units {
            let row = try #require(numbers[unit.division.rawValue])
            let money = terms.projects.reduce(Fen.zero) { $0 + $1.standard * (row[$1.clause] ?? 0) }
            let result = Settlement.Result(
                cost: money, score: Points(90), shares: unit.shares, terms: terms.reduction, budget: nil)
            places += row.values.reduce(0, +)
            cost += money
            share += result.settled
            if result.settled > .zero { shares[unit.title] = result.settled }
        }
        #expect(places == 1500 && cost == .yuan(4_226_000) && share == .yuan(318_750))
        #expect(
            shares == [
                "鹿城区": .yuan(152_750), "龙湾区": .yuan(56_500), "瓯海区": .yuan(78_500), "浙南产业集聚区 (经济开发区)": .yuan(31_000),
            ])
    }

    @Test("任取经费、得分、限额和口径：与政策包自己的条款（A3.5、A3.5a、A3.5b、A3.5c）算得一样")
    func againstTheRules() throws {
        let pack = try Self.pack()
        let terms = try Self.terms()
        var random = Seeded(state: 20_211_210)
        for round in 0..<120 {
            let unit = terms.units[random.next(terms.units.count)]
            let cost = Fen(Int64(random.next(60_000_000)))
            let score = Points(thousandths: Int64(50 + random.next(50)) * 1000 + [0, 125, 500, 999][random.next(4)])
            let budget = random.next(2) == 0 ? nil : Fen(Int64(random.next(20_000_000)))
            let mode = ReductionTerms.Mode.allCases[random.next(2)]
            let step = ReductionTerms.Step.allCases[random.next(2)]
            let advance = Fen(Int64(random.next(20_000_000)))
            let outcomes = Self.evaluate(
                pack, unit.division, cost, score, budget: budget, advance: advance, mode: mode, step: step)
            let result = Settlement.Result(
                cost: cost, score: score, shares: unit.shares,
                terms: ReductionTerms(fullFrom: terms.reduction.fullFrom, mode: mode, step: step), budget: budget)
            let note = "round \(round): \(unit.division) \(cost) \(score) \(mode) \(step)"
            let isShared = unit.shares.city > 0
            #expect(outcomes["WZ-A3.5b"] ?? .zero == (isShared ? result.settled : .zero), "\(note)")
            let byScore = outcomes[score >= Points(90) ? "WZ-A3.5" : "WZ-A3.5a"]
            #expect(byScore ?? .zero == (isShared ? result.share : .zero), "\(note)")
            let over = max(.zero, advance - result.settled)
            #expect(outcomes["WZ-A3.5c"] ?? .zero == (isShared ? over : .zero), "\(note)")
        }
    }

    private static func evaluate(
        _ pack: RulePack, _ unit: DivisionCode, _ cost: Fen, _ score: Points, budget: Fen?, advance: Fen,
        mode: ReductionTerms.Mode, step: ReductionTerms.Step
    ) -> [String: Fen] {
        let from = CivilDay(parsing: "2021-01-01")!
        func statement(_ fact: String, _ value: FactValue, _ sequence: UInt64) -> FactStatement {
            FactStatement(
                fact: FactID(unchecked: fact), subject: .household, value: value, period: DayPeriod(start: from),
                recordedAt: Moment(microseconds: 0), source: EventReference(sequence: sequence))
        }
        let facts = FactBase(
            root: .unit,
            statements: [
                statement("unit.division", .reference(unit.rawValue), 1),
                statement("unit.confirmed_cost", .money(cost), 2),
                statement("unit.score", .decimal(thousandths: score.thousandths), 3),
            ])
        let sums = [("wz.municipal_budget", budget), ("wz.advance", Optional(advance))]
        let parameters = sums.compactMap { name, sum in
            sum.map {
                ParameterValue(
                    parameter: ParameterID(unchecked: name), keys: [unit.rawValue], value: .money($0),
                    period: DayPeriod(start: from))
            }
        }
        let evaluator = Evaluator(
            registry: PackRegistry(versions: [PublishedPack(pack: pack)]), parameters: parameters,
            choices: [
                Code(unchecked: "reduction_mode"): .code(Code(unchecked: mode.rawValue)),
                Code(unchecked: "reduction_step"): .code(Code(unchecked: step.rawValue)),
            ])
        var sumsOn: [String: Fen] = [:]
        let outcomes = evaluator.evaluate(facts, over: DayPeriod(start: pack.validFrom))
        for outcome in outcomes {
            let piece = outcome.piece(on: CivilDay(parsing: "2021-06-01")!)
            if let piece, piece.status == .entitled, let amount = piece.amount {
                sumsOn[outcome.clause.rawValue] = amount
            }
        }
        return sumsOn
    }

    @Test("参数 wz.municipal_budget、wz.advance 是结算的限额和预拨")
    func setSums() throws {
        let unit = try #require(DivisionCode("330302"))
        let from = try #require(CivilDay(parsing: "2021-01-01"))
        func value(_ name: String, _ yuan: Int64) -> ParameterValue {
            ParameterValue(
                parameter: ParameterID(unchecked: name), keys: [unit.rawValue], value: .money(.yuan(yuan)),
                period: DayPeriod(start: from))
        }
        let registry = PackRegistry(versions: [PublishedPack(pack: try Self.pack())])
        let set = registry.policyCatalog(
            parameters: [
                value("wz.municipal_budget", 5000), value("wz.advance", 7000), value("wz.municipal_budget", 3000),
            ])
        let terms = try #require(set.guidance(in: 2021))
        #expect(terms.budget(of: unit, in: 2021) == .yuan(3000) && terms.advance(of: unit, in: 2021) == .yuan(7000))
        #expect(terms.budget(of: unit, in: 2020) == nil)
        #expect(registry.policyCatalog.guidance(in: 2021)?.budget(of: unit, in: 2021) == nil)
    }

    @Test("互斥：上年受助为软，可例外；同一户当年一项为硬；口径改成“若干”时两名学生各可一项")
    func exclusions() throws {
        let exclusions = try Self.pack().exclusions
        #expect(exclusions.map(\.clause.rawValue) == ["WZ-3.7", "WZ-3.8"])
        #expect(exclusions.map(\.isSoft) == [true, false] && exclusions.map(\.kind) == [.priorYear, .onePerYear])
        #expect(exclusions.allSatisfy { $0.letsPass.isEmpty && !$0.onlySameItem })
        let catalog = PackRegistry(versions: [PublishedPack(pack: try Self.pack())]).policyCatalog
        #expect(catalog.exclusions == exclusions && catalog.takesPlaces(ClauseID("WZ-3.1")!, in: 2021))
        #expect(!catalog.takesPlaces(ClauseID("WZ-3.1")!, in: 2020) && catalog.guidance(in: 2022) == nil)
    }

    @Test("写坏的 guidance 整包拒绝，说明哪里：没有的口径、金额不固定的条款、加起来为零的份数")
    func refused() throws {
        let file = try #require(try PackLibrary.bundled.packFiles(of: "wenzhou-2021").first)
        let text = String(decoding: file.bytes, as: UTF8.self)
        let wrong = [
            ("  mode: reduction_mode", "  mode: reduction_step", "pack.bad_value"),
            ("- {clause: WZ-3.1, column: 健康促进}", "- {clause: WZ-A3.5, column: 健康促进}", "pack.bad_value"),
            ("zh: 龙港市, city: 0, unit: 1", "zh: 龙港市, city: 0, unit: 0", "pack.cost_shares"),
            ("  full_from: 90\n", "", "pack.missing_key"),
        ]
        for (old, new, code) in wrong {
            let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
            #expect(parts.count == 2, "\(old)")
            do {
                _ = try RulePack.load(bytes: Array(parts.joined(separator: new).utf8), name: "broken.yaml")
                Issue.record("accepted: \(new)")
            } catch {
                #expect(error.issues.map(\.code).contains(code), "\(error.issues.map(\.english))")
            }
        }
    }
}

/// The same numbers on every machine.
private struct Seeded {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}
