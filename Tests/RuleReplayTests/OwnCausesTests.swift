import CareDomain
import Foundation
import RuleEngine
import RulePacks
import RuleReplay
import Testing

/// One candidate, three changes: 300 becomes 350, forty-nine becomes forty-seven, grade three counts no longer.
@Suite("差异的缘由是这一户自己的")
struct OwnCausesTests {
    private static let id = HouseholdID(Identifier128(high: 7, low: 7))
    private static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    /// A couple whose only child died in 2010, or lives with a disability of the grade.
    private static func couple(wifeBorn: String, grade: Int64? = nil) -> FactBase {
        var sequence: UInt64 = 0
        func state(_ fact: String, _ subject: RuleSubject, _ value: FactValue) -> FactStatement {
            sequence += 1
            return FactStatement(
                fact: FactID(fact)!, subject: subject, value: value, period: DayPeriod(start: day("1900-01-01")),
                recordedAt: Moment(microseconds: 0), source: EventReference(sequence: sequence))
        }
        func person(_ number: UInt64) -> RuleSubject { .person(PersonID(Identifier128(high: 0, low: number))) }
        let child = grade.map { state("person.disability_grade", person(3), .int($0)) }
        return FactBase(statements: [
            state("household.division", .household, .reference("431002")),
            state("person.role", person(1), .code(Code("wife")!)),
            state("person.birth_date", person(1), .day(day(wifeBorn))),
            state("person.role", person(2), .code(Code("husband")!)),
            state("person.birth_date", person(2), .day(day("1960-01-01"))),
            state("person.role", person(3), .code(Code("only_child")!)),
            state("person.birth_date", person(3), .day(day("1985-01-01"))),
            child ?? state("person.death_date", person(3), .day(day("2010-01-01"))),
        ])
    }

    private static func district() throws -> DistrictReplay {
        let original = String(decoding: try PackLibrary.bundled.packFiles(of: "chenzhou-2014")[0].bytes, as: UTF8.self)
        var text = original
        for (old, new) in [
            ("amount: {type: exact, value: 300, unit: yuan}", "amount: {type: exact, value: 350, unit: yuan}"),
            ("care.age(m) >= 49", "care.age(m) >= 47"),
            ("self.disability_grade in [1, 2, 3]", "self.disability_grade in [1, 2]"),
        ] {
            #expect(text.contains(old))
            text = text.replacingOccurrences(of: old, with: new)
        }
        func pack(_ text: String) throws -> RulePack {
            try RulePack.load(bytes: Array(text.utf8), name: "candidate.yaml")
        }
        return DistrictReplay(
            RuleReplay(
                current: Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: try pack(original))])),
                candidate: try pack(text), effectiveFrom: day("2016-01-01"),
                period: DayPeriod(start: day("2016-01-01"), end: day("2017-01-01")), today: day("2016-06-15")))
    }

    /// What CZ-2.1 of a family is told to come from, both ways of computing being the same.
    private static func causes(_ facts: FactBase) throws -> [String] {
        let district = try district()
        #expect(district.obstacle == nil)
        let found = try [district.compare([(id, facts)]), district.compareOneByOne([(id, facts)])].map { found in
            let rights = try #require(found.first?.difference).rights.filter { $0.clause.rawValue == "CZ-2.1" }
            #expect(rights.count == 2)
            return rights.map { right in right.causes.map { "\($0.id) \($0.field)" } }
        }
        #expect(found[0] == found[1] && found[0][0] == found[0][1])
        return found[0][0]
    }

    @Test("只因金额变动的，缘由只有金额")
    func sumAlone() throws {
        #expect(try Self.causes(Self.couple(wifeBorn: "1960-05-05")) == ["CZ-2.1 amount"])
    }

    @Test("因年龄新增的，缘由是年龄和所得的金额，不是等级")
    func ageAndSum() throws {
        #expect(
            try Self.causes(Self.couple(wifeBorn: "1968-03-10")) == ["CZ-2.1 amount", "CZ-2.1 conditions.wife_49"])
    }

    @Test("只因等级失去的，缘由只有等级")
    func gradeAlone() throws {
        let lost = try Self.causes(Self.couple(wifeBorn: "1960-05-05", grade: 3))
        #expect(lost == ["person.severely_disabled expr"])
    }

    @Test("几项改动各自都足以造成的，全都列出")
    func eachEnough() throws {
        // Lost by the age as by the grade; the sum of what is lost does not count.
        let original = try PackLibrary.bundled.packs(of: "chenzhou-2014")[0]
        let text = String(decoding: original.bytes, as: UTF8.self)
            .replacingOccurrences(of: "care.age(m) >= 49", with: "care.age(m) >= 60")
            .replacingOccurrences(of: "self.disability_grade in [1, 2, 3]", with: "self.disability_grade in [1, 2]")
        let replay = RuleReplay(
            current: Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: original)])),
            candidate: try RulePack.load(bytes: Array(text.utf8), name: "candidate.yaml"),
            effectiveFrom: Self.day("2016-01-01"),
            period: DayPeriod(start: Self.day("2016-01-01"), end: Self.day("2017-01-01")),
            today: Self.day("2016-06-15"))
        let facts = Self.couple(wifeBorn: "1960-05-05", grade: 3)
        let found = try #require(DistrictReplay(replay).compare([(Self.id, facts)]).first?.difference)
        let right = try #require(found.rights.first { $0.clause.rawValue == "CZ-2.1" })
        #expect(right.kind == .lost && Set(right.causes.map(\.id)) == ["CZ-2.1", "person.severely_disabled"])
    }
}
