import CareDomain
import Foundation
import RuleEngine
import RulePacks
import RuleReplay
import Testing

/// 郴州：北湖区 431002，苏仙区 431003，都在本市；长沙 430102 在市外。
@Suite("迁移过的家庭：每地只算在本地的那一段")
struct MovedFamilyTests {
    private static let id = HouseholdID(Identifier128(high: 7, low: 7))
    private static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    /// A bereaved couple that lives in the first place, and from each day on in the next.
    private static func couple(
        _ first: String, _ moves: [(on: String, to: String)], since: String = "1900-01-01"
    ) -> FactBase {
        var sequence: UInt64 = 0
        func state(_ fact: String, _ subject: RuleSubject, _ value: FactValue, from: CivilDay = day("1900-01-01"))
            -> FactStatement
        {
            sequence += 1
            return FactStatement(
                fact: FactID(fact)!, subject: subject, value: value, period: DayPeriod(start: from),
                recordedAt: Moment(microseconds: Int64(sequence)), source: EventReference(sequence: sequence))
        }
        func person(_ number: UInt64) -> RuleSubject { .person(PersonID(Identifier128(high: 0, low: number))) }
        return FactBase(
            statements: [
                state("household.division", .household, .reference(first), from: day(since)),
                state("person.role", person(1), .code(Code("wife")!)),
                state("person.birth_date", person(1), .day(day("1960-05-05"))),
                state("person.role", person(2), .code(Code("husband")!)),
                state("person.birth_date", person(2), .day(day("1960-01-01"))),
                state("person.role", person(3), .code(Code("only_child")!)),
                state("person.birth_date", person(3), .day(day("1985-01-01"))),
                state("person.death_date", person(3), .day(day("2010-01-01"))),
            ] + moves.map { state("household.division", .household, .reference($0.to), from: day($0.on)) })
    }

    /// 300 becomes 400 in 2016, asked in mid-June 2017.
    private static func replay(division: String? = nil) throws -> RuleReplay {
        let bytes = try PackLibrary.bundled.packFiles(of: "chenzhou-2014")[0].bytes
        let text = String(decoding: bytes, as: UTF8.self)
        func pack(_ text: String) throws -> RulePack {
            try RulePack.load(bytes: Array(text.utf8), name: "candidate.yaml")
        }
        return RuleReplay(
            current: Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: try pack(text))])),
            candidate: try pack(
                text.replacingOccurrences(
                    of: "amount: {type: exact, value: 300, unit: yuan}",
                    with: "amount: {type: exact, value: 400, unit: yuan}")),
            effectiveFrom: day("2016-01-01"),
            period: DayPeriod(start: day("2016-01-01"), end: day("2017-01-01")), today: day("2017-06-15"),
            scope: ReplayScope(asked: division))
    }

    /// Both ways of computing, which must agree.
    private static func find(_ facts: FactBase, division: String? = nil) throws -> DistrictReplay.Found {
        let district = DistrictReplay(try replay(division: division))
        #expect(district.obstacle == nil)
        let found = try #require(district.compare([(id, facts)]).first)
        let other = try #require(district.compareOneByOne([(id, facts)]).first)
        #expect(found.isWanted == other.isWanted && found.division == other.division)
        #expect(found.difference?.arrears == other.difference?.arrears)
        return found
    }

    private static func months(_ found: DistrictReplay.Found) -> [Int] {
        found.difference?.rights.first?.months.map(\.month.month) ?? []
    }

    @Test("去年六月十日迁走：旧县算到五月，新县自六月起（月末所在地发放），两县合起来正好全年")
    func bothCounties() throws {
        let facts = Self.couple("431002", [("2016-06-10", "431003")])
        let old = try Self.find(facts, division: "431002")
        #expect(old.isWanted && Self.months(old) == Array(1...5))
        #expect(old.difference?.arrears == .yuan(1000) && old.division == DivisionCode("431002"))
        let new = try Self.find(facts, division: "431003")
        #expect(Self.months(new) == Array(6...12) && new.difference?.arrears == .yuan(1400))
        let all = try Self.find(facts)
        #expect(all.difference?.arrears == .yuan(2400) && Self.months(all) == Array(1...12))
        let prefecture = try Self.find(facts, division: "431000")
        #expect(prefecture.difference?.arrears == .yuan(2400))
        let elsewhere = try Self.find(facts, division: "431021")
        #expect(!elsewhere.isWanted && elsewhere.difference == nil)
    }

    @Test("所在地从所比的日子以后才知道的，按那里的算")
    func placeKnownLater() throws {
        let facts = Self.couple("431002", [], since: "2018-03-01")
        #expect(try Self.find(facts).division == DivisionCode("431002"))
        #expect(try Self.find(facts, division: "431002").isWanted)
        #expect(try !Self.find(facts, division: "431003").isWanted)
    }

    @Test("区划合计按各地的月份分开，条款与全体合计不重复计")
    func totalsByDivision() throws {
        let facts = Self.couple("431002", [("2016-06-10", "431003")])
        var totals = ReplayTotals()
        totals.add(try Self.find(facts).difference)
        #expect(totals.byDivision.mapValues(\.arrears) == ["431002": .yuan(1000), "431003": .yuan(1400)])
        #expect(totals.byDivision.mapValues(\.changed) == ["431002": 2, "431003": 2])
        #expect(totals.all.changed == 2 && totals.all.arrears == .yuan(2400) && totals.affected == 1)
    }

    @Test("月初当天迁走的，当月算新县；迁出又迁回的，各段都算")
    func firstDayAndBack() throws {
        let onFirst = Self.couple("431002", [("2016-06-01", "431003")])
        #expect(try Self.months(Self.find(onFirst, division: "431002")) == Array(1...5))
        let back = Self.couple("431002", [("2016-03-01", "431003"), ("2016-10-01", "431002")])
        #expect(try Self.months(Self.find(back, division: "431002")) == [1, 2, 10, 11, 12])
        #expect(try Self.months(Self.find(back, division: "431003")) == Array(3...9))
    }

    @Test("同一天记了两次迁移的，后记的算数，当月归它；先记的一天也没有")
    func twiceOnOneDay() throws {
        let facts = Self.couple("431002", [("2016-06-01", "431003"), ("2016-06-01", "431021")])
        #expect(try Self.months(Self.find(facts, division: "431002")) == Array(1...5))
        #expect(try Self.find(facts, division: "431003").difference == nil)
        #expect(try Self.months(Self.find(facts, division: "431021")) == Array(6...12))
        let out = Self.couple("431002", [("2016-06-01", "431003"), ("2016-06-01", "430102")])
        #expect(try Self.months(Self.find(out, division: "431002")) == Array(1...5))
        #expect(try Self.find(out, division: "431003").difference == nil)
    }

    @Test("月中自市外迁入的，当月算迁入地；迁出市外的，走前的算旧县")
    func acrossTheBorder() throws {
        let into = Self.couple("430102", [("2016-06-10", "431002")])
        #expect(try Self.months(Self.find(into, division: "431002")) == Array(6...12))
        #expect(try Self.find(into, division: "430102").difference == nil)
        let out = Self.couple("431002", [("2016-06-10", "430102")])
        let found = try Self.find(out, division: "431002")
        #expect(Self.months(found) == Array(1...6) && found.difference?.rights.count == 2)
        #expect(try Self.find(out, division: "430102").difference == nil)
    }

    /// The wife's right is granted by a unit for 2016.
    private static func granted(_ facts: FactBase, by unit: String) -> FactBase {
        var facts = facts
        facts.awards = [
            Award(
                clause: ClauseID("CZ-2.1")!, subject: .person(PersonID(Identifier128(high: 0, low: 1))),
                outcome: .excepted(nil), period: DayPeriod(start: day("2016-03-01"), end: day("2016-09-01")),
                recordedAt: Moment(microseconds: 90), source: EventReference(sequence: 90), unit: DivisionCode(unit))
        ]
        return facts
    }

    @Test("单位资助的权利，全年算该单位的，不论户籍在哪里；别的权利仍归户籍地")
    func grantedByAUnit() throws {
        let facts = Self.granted(Self.couple("431002", []), by: "431021")
        let home = try Self.find(facts, division: "431002")
        #expect(home.difference?.rights.count == 1 && home.difference?.arrears == .yuan(1200))
        let unit = try Self.find(facts, division: "431021")
        #expect(unit.isWanted && unit.division == DivisionCode("431021"))
        #expect(Self.months(unit) == Array(1...12) && unit.difference?.rights.count == 1)
        var totals = ReplayTotals()
        totals.add(try Self.find(facts).difference)
        #expect(totals.byDivision.mapValues(\.arrears) == ["431002": .yuan(1200), "431021": .yuan(1200)])
        #expect(totals.all.arrears == .yuan(2400) && totals.affected == 1)
        // The family moves: the grant stays where it stands.
        let moved = Self.granted(Self.couple("431002", [("2016-06-10", "431003")]), by: "431021")
        #expect(try Self.find(moved, division: "431002").difference?.arrears == .yuan(500))
        #expect(try Self.find(moved, division: "431003").difference?.arrears == .yuan(700))
        #expect(try Self.find(moved, division: "431021").difference?.arrears == .yuan(1200))
        #expect(try Self.find(moved, division: "431022").isWanted == false)
    }

    @Test("预测：单位资助的也算该单位的预算")
    func forecastOfAUnit() throws {
        let evaluator = try Self.replay().current
        let facts = Self.granted(Self.couple("431002", []), by: "431021")
        for (scope, expected) in [
            (ReplayScope.everywhere, ["431002": Fen.yuan(300), "431021": .yuan(300)]),
            (ReplayScope(asked: "431021"), ["431021": .yuan(300)]),
            (ReplayScope(asked: "431002"), ["431002": .yuan(300)]),
        ] {
            var forecast = Forecast(evaluator, from: CivilMonth(year: 2016, month: 6), months: 1, scope: scope)
            forecast.add(Self.id, facts)
            let budget = forecast.budget.filter { $0.key.payer == "finance" }
            #expect(Dictionary(uniqueKeysWithValues: budget.map { ($0.key.division, $0.value) }) == expected)
            #expect(forecast.households == 1)
        }
    }
}
