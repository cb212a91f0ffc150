import CareDomain
import CareProjections
import CareTestKit
import CareWire
import Foundation
import ReadModels
import RuleEngine
import RulePacks
import RuleReplay
import Testing

/// A family that lived in 431002 until 10 January 2016 and lives in 431003 since.
@Suite("迁走家庭的重放与预测：各地只听到自己的月份")
struct QueryRulesTests {
    private static let today = CivilDay.invented("2016-06-15")
    private let bench: Bench
    private let file: ReadModelFile
    private let family: InventedFamily
    private let text: String
    private let rules: Evaluator

    init() throws {
        var family = InventedFamily(number: 1)
        family.stream.add(
            .factStated(
                FactStated(
                    fact: FactID(unchecked: "household.tekun"), subject: .household, value: .bool(true),
                    source: Code(unchecked: "certificate"))), on: "2014-01-01", recorded: "2014-08-01")
        family.stream.add(
            .moved(HouseholdMoved(kind: .registration, division: DivisionCode("431003")!)), on: "2016-01-10")
        self.family = family
        bench = try Bench()
        file = try bench.filled([family.stream, InventedFamily(number: 2, division: "431021").stream])
        let bytes = try PackLibrary.bundled.packFiles(of: "chenzhou-2014")[0].bytes
        text = String(decoding: bytes, as: UTF8.self)
        let pack = try RulePack.load(bytes: bytes, name: "chenzhou.yaml")
        rules = Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: pack)]))
    }

    /// - Parameter withheld: facts that are kept from the asker's department.
    private func answer(
        _ key: String, _ query: Care_V1_Query, withheld: Set<FactID> = []
    ) throws -> Care_V1_QueryReply {
        var words = CarePolicyWords.sample
        if !withheld.isEmpty {
            words.restrictions.add(
                .init(
                    territory: nil, inForce: DayPeriod(start: .invented("2014-01-01")), facts: withheld,
                    shownTo: Dictionary(uniqueKeysWithValues: withheld.map { ($0, []) })),
                of: PackID(unchecked: "chenzhou-2014"))
        }
        var surroundings = QueryEngine.Surroundings()
        surroundings.rules = rules
        let engine = QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: words,
            principal: Principal(
                peer: "x", actor: Code(unchecked: "x"), role: Code(unchecked: "none"),
                department: DepartmentID(unchecked: "none"), divisions: [DivisionCode(key)!], rights: [.query]),
            today: Self.today, surroundings: surroundings)
        return try engine.answer(query).reply
    }

    private var candidate: [UInt8] {
        Array(
            text.replacingOccurrences(
                of: "amount: {type: exact, value: 300, unit: yuan}",
                with: "amount: {type: exact, value: 400, unit: yuan}"
            ).utf8)
    }

    private func replay(
        _ key: String, division: String = "", of households: [Data] = [], pack: [UInt8]? = nil,
        withheld: Set<FactID> = []
    ) throws -> Care_V1_ReplayList {
        let query = Care_V1_Query.with {
            $0.replay.pack = Data(pack ?? candidate)
            $0.replay.effectiveFrom = CivilDay.invented("2015-11-01").dayNumber
            $0.replay.firstDay = CivilDay.invented("2015-11-01").dayNumber
            $0.replay.lastDay = CivilDay.invented("2016-05-31").dayNumber
            $0.replay.transition = "all"
            $0.replay.asOf = Self.today.dayNumber
            $0.replay.families.division = division
            $0.replay.families.households = households
        }
        return try answer(key, query, withheld: withheld).replay
    }

    @Test("重放：旧县听到迁走以前的月份，与不限区划的按县重放一致；今天的县自己读档案，别的县什么也听不到")
    func movedAway() throws {
        let list = try replay("431002")
        let found = try #require(list.households.first)
        #expect(list.households.count == 1 && list.next.isEmpty && list.omittedHouseholds.isEmpty)
        #expect(found.household == family.stream.id.wireData && found.division == "431002")
        let months = Set(found.rights.flatMap(\.months).map { CivilMonth(wireIndex: $0.month).description })
        #expect(months == ["2015-11", "2015-12"])
        // What a key of every division is told of the county.
        let whole = RuleReplay(
            current: rules, candidate: try RulePack.load(bytes: candidate, name: "candidate.yaml"),
            effectiveFrom: .invented("2015-11-01"),
            period: DayPeriod(start: .invented("2015-11-01"), end: .invented("2016-06-01")), today: Self.today,
            scope: ReplayScope(asked: "431002"))
        let events = family.history.events.filter(\.event.bearsOnRules)
        let expected = try #require(
            whole.compare(family.stream.id, FactBase(events: events), division: DivisionCode("431002")))
        let sum = found.rights.flatMap(\.months).reduce(0) { $0 + $1.afterFen - $1.beforeFen }
        #expect(Fen(sum) == expected.arrears && expected.arrears > .zero)
        #expect(found.rights.map(\.clause) == expected.rights.map(\.clause.rawValue))
        #expect(try replay("431003").households.isEmpty && replay("431021").households.isEmpty)
        #expect(try replay("000000").households.isEmpty)
        // Another place is not answered as if nobody lived there; of one around its own, the own part is.
        #expect(throws: QueryRefusal.notYourDivision) { try replay("431002", division: "431003") }
        #expect(throws: QueryRefusal.field("division")) { try replay("431002", division: "4310a2") }
        #expect(try replay("431002", division: "4310").households.map(\.division) == ["431002"])
    }

    @Test("候选要看现行规则不看的事实：迁走的家庭按未知算，不能借此读别人的档案；自己读得到的照算")
    func newFacts() throws {
        // 400 instead of 300 yuan for whom a fact holds on which nothing rests in the rules in force.
        let asking = Array(
            text.replacingOccurrences(
                of: "amount: {type: exact, value: 300, unit: yuan}",
                with: "amount: {type: exact, expr: \"household.tekun ? care.yuan(400) : care.yuan(300)\"}"
            ).utf8)
        func sums(_ list: Care_V1_ReplayList) -> Set<Int64> {
            Set(list.households.flatMap(\.rights).filter { $0.clause == "CZ-2.1" }.flatMap(\.months).map(\.afterFen))
        }
        let away = try replay("431002", pack: asking)
        let rights = try #require(away.households.first).rights.filter { $0.clause == "CZ-2.1" }
        #expect(rights.map(\.kind).allSatisfy { $0 == "needs_fact" } && !rights.isEmpty)
        #expect(sums(away) == [0] && rights.allSatisfy { $0.leftOutFacts == ["household.tekun"] })
        let months = rights.flatMap(\.months)
        #expect(months.allSatisfy { $0.open == "needs_fact" && $0.beforeFen == 30_000 })
        #expect(Set(months.map { CivilMonth(wireIndex: $0.month).description }) == ["2015-11", "2015-12"])
        #expect(rights.allSatisfy { $0.arrearsFen == 0 && $0.overpaymentFen == 0 })
        // Of a condition, too: a state of which nothing is told is not taken for one that does not hold.
        let barring = Array(
            text.replacingOccurrences(
                of: "{id: shf, zh: 属特殊困难家庭, en: a special-hardship family, expr: household.special_hardship_family}\n"
                    + "      - id: couple_or_single",
                with: "{id: shf, zh: 属特殊困难家庭, en: a special-hardship family, expr: "
                    + "\"household.special_hardship_family && !household.tekun\"}\n      - id: couple_or_single"
            ).utf8)
        let barred = try #require(try replay("431002", pack: barring).households.first).rights
        #expect(!barred.isEmpty && barred.allSatisfy { $0.kind == "needs_fact" && $0.clause == "CZ-2.1" })
        #expect(sums(try replay("431003", of: [family.stream.id.wireData], pack: asking)) == [40_000])
    }

    @Test("所看的事实不给本部门看：这些条款不作答，不当作没有；有没有登记都一样；不看它的条款照答")
    func withheldFacts() throws {
        let tekun = FactID(unchecked: "household.tekun")
        let asking = Array(
            text.replacingOccurrences(
                of: "amount: {type: exact, value: 300, unit: yuan}",
                with: "amount: {type: exact, expr: \"household.tekun ? care.yuan(400) : care.yuan(300)\"}"
            ).utf8)
        let id = family.stream.id.wireData
        func clauses(_ list: Care_V1_ReplayList) -> Set<String> { Set(list.households.flatMap(\.rights).map(\.clause)) }
        #expect(clauses(try replay("431003", of: [id], pack: asking)).contains("CZ-2.1"))
        for key in ["431002", "431003"] {
            let told = try replay(key, of: key == "431003" ? [id] : [], pack: asking, withheld: [tekun])
            #expect(!clauses(told).contains("CZ-2.1"))
        }
        #expect(clauses(try replay("431002", withheld: [tekun])).contains("CZ-2.1"))
        // A forecast, too: the sum of such a clause is in no budget.
        let query = Care_V1_Query.with {
            $0.forecast.firstMonth = CivilMonth(year: 2015, month: 12).wireIndex
            $0.forecast.monthCount = 3
        }
        func due(_ withheld: Set<FactID>) throws -> Int64 {
            try answer("431002", query, withheld: withheld).forecast.budgets.reduce(0) { $0 + $1.dueFen }
        }
        let (whole, part, other) = (try due([]), try due([FactVocabulary.birthDate]), try due([tekun]))
        #expect(whole > 0 && part < whole && other == whole)
    }

    @Test("点名问的家庭，须是自己读得到的：不是自己的，和没有一样")
    func named() throws {
        let id = family.stream.id.wireData
        let today = try replay("431003", of: [id])
        #expect(today.households.map(\.household) == [id])
        let months = Set(today.households[0].rights.flatMap(\.months).map { CivilMonth(wireIndex: $0.month) })
        #expect(months.min()?.description == "2016-01" && months.max()?.description == "2016-05")
        #expect(try replay("431002", of: [id]).households.isEmpty)
    }

    @Test("预测：迁走以前的月份已过，旧县没有预算；看不懂的版本、月数，拒绝")
    func forecast() throws {
        let query = Care_V1_Query.with {
            $0.forecast.firstMonth = CivilMonth(year: 2015, month: 12).wireIndex
            $0.forecast.monthCount = 3
        }
        let list = try answer("431002", query).forecast
        #expect(list.householdCount == 1)
        #expect(Set(list.budgets.map { CivilMonth(wireIndex: $0.month).description }) == ["2015-12"])
        #expect(list.budgets.allSatisfy { $0.division == "431002" })
        #expect(throws: QueryRefusal.field("month_count")) {
            try answer("431002", .with { $0.forecast.firstMonth = 552 })
        }
        #expect(throws: QueryRefusal.notYourDivision) {
            try answer(
                "431002",
                .with {
                    $0.forecast.firstMonth = CivilMonth(year: 2015, month: 12).wireIndex
                    $0.forecast.monthCount = 3
                    $0.forecast.families.division = "431003"
                })
        }
        #expect(throws: QueryRefusal.field("pack")) {
            try answer("431002", .with { $0.replay.pack = Data("pack: 1".utf8) })
        }
    }
}
