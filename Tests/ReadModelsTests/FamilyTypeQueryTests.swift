import CareDomain
import CareProjections
import CareTestKit
import CareWire
import EventLog
import ReadModels
import RuleEngine
import RulePacks
import Testing

/// A family of Chenzhou and one elsewhere in the province; two of Wenzhou, one certified as a hardship family and one not;
/// and one of Guiyang, certified as a one-daughter family, of which nobody said whether it lives in the country.
@Suite("按类别找户：以所在地的文件为准", .timeLimit(.minutes(10)))
struct FamilyTypeQueryTests {
    private let bench: Bench
    private let file: ReadModelFile
    private let others: [InventedStream]
    private let rules: Evaluator

    init() throws {
        bench = try Bench()
        let stated = [
            ("330302", "household.fp_hardship", true), ("330302", "household.fp_hardship", false),
            ("520103", "household.one_daughter", true),
        ]
        others = stated.enumerated().map { number, family in
            var stream = InventedStream(UInt64(11 + number))
            stream.add(.registered(HouseholdRegistered(division: DivisionCode(family.0)!)), on: "2021-05-01")
            stream.add(
                .factStated(
                    FactStated(
                        fact: FactID(unchecked: family.1), subject: .household, value: .bool(family.2),
                        source: Code(unchecked: "certificate"))), on: "2021-05-01")
            return stream
        }
        file = try bench.filled(
            [InventedFamily(number: 1).stream, InventedFamily(number: 2, division: "430102").stream] + others)
        var registry = PackRegistry()
        for pack in try PackLibrary.bundled.packs() { registry.add(pack) }
        rules = Evaluator(registry: registry)
    }

    private func find(
        _ type: String, on day: String, size: UInt32 = 0, after: String = "", divisions: [String] = ["0"],
        status: String = ""
    ) throws -> Care_V1_HouseholdList {
        var surroundings = QueryEngine.Surroundings()
        surroundings.rules = rules
        let allowed = divisions == ["0"] ? [.everywhere] : divisions.compactMap { DivisionCode($0) }
        let engine = QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: .sample,
            principal: Principal(
                peer: "carectl", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
                department: DepartmentID(unchecked: "dept.fp"), divisions: allowed, rights: [.query]),
            today: .invented("2022-01-05"), surroundings: surroundings)
        var query = Care_V1_Query()
        query.findHouseholds.asOf = CivilDay.invented(day).dayNumber
        query.findHouseholds.familyType = type
        query.findHouseholds.status = status
        query.findHouseholds.withFamilyTypes = true
        query.findHouseholds.page.size = size
        query.findHouseholds.page.after = after
        return try engine.answer(query).reply.households
    }

    @Test("没有的情形退回，说明可填哪些；大小写、中文名都不猜", arguments: ["lost", "Bereaved", "失独", " any"])
    func unknownStatus(_ status: String) {
        let refusal = #expect(throws: QueryRefusal.self) { try find("", on: "2021-06-01", status: status) }
        #expect(refusal?.code == "CARE-7269")
        for word in ["bereaved", "disabled_child", "any", "none", "closed"] {
            #expect(refusal?.chinese.contains(word) == true && refusal?.english.contains(word) == true)
        }
    }

    @Test("各地的类别用各地的名称；别处的文件不算；文件没有生效的日子没有类别")
    func wordsOfThePlace() throws {
        let all = try find("", on: "2021-06-01").households
        func types(_ stream: InventedStream) -> [String]? {
            all.first { Array($0.household) == stream.id.value.bytes }?.familyTypes.map(\.textZh)
        }
        #expect(types(InventedFamily(number: 1).stream) == ["特殊困难家庭", "失独"])
        #expect(types(InventedStream(2)) == [])
        #expect(others.map(types) == [["计生困难"], [], ["独生子女户"]])
        #expect(all.filter(\.familyTypesOpen).map { Array($0.household) } == [others[2].id.value.bytes])
        let later = try find("", on: "2022-01-01").households
        #expect(
            later.flatMap(\.familyTypes).map(\.code).sorted() == [
                "bereaved", "only_child_family", "special_hardship_family",
            ])
    }

    @Test("按类别筛选：成立的列出，缺事实的另计，逐页取得同样的名单，看不到的区划不算")
    func filter() throws {
        let hardship = try find("fp_hardship", on: "2021-06-01")
        #expect(hardship.households.map { Array($0.household) } == [others[0].id.value.bytes])
        #expect(hardship.total == 1 && hardship.openCount == 0)
        let rural = try find("rural_one_daughter", on: "2021-06-01")
        #expect(rural.total == 0 && rural.openCount == 1)
        #expect(try find("bereaved", on: "2021-06-01").total == 1)
        #expect(try find("bereaved", on: "2014-09-01").total == 0)
        #expect(try find("special_hardship_family", on: "2014-09-01").total == 1)
        #expect(try find("bereaved", on: "2021-06-01", divisions: ["330300"]).total == 0)
        let first = try find("fp_hardship", on: "2021-06-01", size: 1)
        #expect(first.nextPage.isEmpty && first.total == 1)
    }

    @Test("没有的类别：拒绝，列出有的")
    func unknownType() throws {
        do {
            _ = try find("rich", on: "2021-06-01")
            Issue.record("answered")
        } catch let refusal as QueryRefusal {
            #expect(refusal.code == "CARE-6588" && refusal.chinese.contains("fp_model 计划生育模范家庭"))
        }
    }
}
