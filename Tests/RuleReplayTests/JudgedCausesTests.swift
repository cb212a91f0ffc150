import CareDomain
import Foundation
import RuleEngine
import RulePacks
import RuleReplay
import Testing

/// Chenzhou's sum of 300; from 2016 on 350 for new cases only (新人新办法); the candidate gives 400.
@Suite("差异的缘由与当时判定的版本相比，不与最新的版本相比")
struct JudgedCausesTests {
    private static let id = HouseholdID(Identifier128(high: 7, low: 7))
    private static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    /// A couple whose only child lives with a disability of grade three, but on some days of grade four, which gives no right.
    private static func couple(wifeBorn: String, withoutRight days: DayPeriod? = nil) -> FactBase {
        var sequence: UInt64 = 0
        func state(
            _ fact: String, _ subject: RuleSubject, _ value: FactValue,
            _ period: DayPeriod = DayPeriod(start: day("1900-01-01"))
        ) -> FactStatement {
            sequence += 1
            return FactStatement(
                fact: FactID(fact)!, subject: subject, value: value, period: period,
                recordedAt: Moment(microseconds: 0), source: EventReference(sequence: sequence))
        }
        func person(_ number: UInt64) -> RuleSubject { .person(PersonID(Identifier128(high: 0, low: number))) }
        var statements = [
            state("household.division", .household, .reference("431002")),
            state("person.role", person(1), .code(Code("wife")!)),
            state("person.birth_date", person(1), .day(day(wifeBorn))),
            state("person.role", person(2), .code(Code("husband")!)),
            state("person.birth_date", person(2), .day(day("1960-01-01"))),
            state("person.role", person(3), .code(Code("only_child")!)),
            state("person.birth_date", person(3), .day(day("1985-01-01"))),
        ]
        if let days {
            let first = DayPeriod(start: day("1900-01-01"), end: days.start)
            statements += [
                state("person.disability_grade", person(3), .int(3), first),
                state("person.disability_grade", person(3), .int(4), days),
                state("person.disability_grade", person(3), .int(3), DayPeriod(start: days.end!)),
            ]
        } else {
            statements.append(state("person.disability_grade", person(3), .int(3)))
        }
        return FactBase(statements: statements)
    }

    private static func pack(_ sum: Int, age: Int = 49) throws -> RulePack {
        let original = String(decoding: try PackLibrary.bundled.packFiles(of: "chenzhou-2014")[0].bytes, as: UTF8.self)
        #expect(original.contains("care.age(m) >= 49"))
        let text = original.replacingOccurrences(
            of: "amount: {type: exact, value: 300, unit: yuan}",
            with: "amount: {type: exact, value: \(sum), unit: yuan}"
        ).replacingOccurrences(of: "care.age(m) >= 49", with: "care.age(m) >= \(age)")
        return try RulePack.load(bytes: Array(text.utf8), name: "candidate.yaml")
    }

    /// Causes of CZ-2.1 as what the sum and the conditions were and become, by both ways of asking.
    private static func causes(
        _ facts: FactBase, from: String, age: Int = 49, second: TransitionClause = .newCases,
        candidate transition: TransitionClause = .all
    ) throws -> [String] {
        let registry = PackRegistry(versions: [
            PublishedPack(pack: try pack(300), publishedAt: Moment(microseconds: 1)),
            PublishedPack(
                pack: try pack(350), publishedAt: Moment(microseconds: 2), effectiveFrom: day("2016-01-01"),
                transition: second),
        ])
        let district = DistrictReplay(
            RuleReplay(
                current: Evaluator(registry: registry), candidate: try pack(400, age: age), effectiveFrom: day(from),
                period: DayPeriod(start: day(from), end: day("2018-01-01")), today: day("2017-06-15"),
                transition: transition))
        #expect(district.obstacle == nil)
        let found = try [district.compare([(id, facts)]), district.compareOneByOne([(id, facts)])].map { found in
            let rights = try #require(found.first?.difference).rights.filter { $0.clause.rawValue == "CZ-2.1" }
            return rights.map { right in
                right.causes.map { change in
                    func number(_ text: String?) -> String { text.map { $0.filter(\.isNumber) } ?? "" }
                    return change.field == "amount"
                        ? "\(number(change.before))>\(number(change.after))" : change.field
                }
            }
        }
        #expect(found[0] == found[1])
        let first = try #require(found[0].first)
        #expect(found[0].allSatisfy { $0 == first })
        return first
    }

    @Test("一直按旧版判定的，与旧版相比", arguments: ["2017-01-01", "2016-01-01"])
    func judgedByTheFirst(from: String) throws {
        // Taking the second version's day, the candidate leaves no version for new cases only.
        #expect(try Self.causes(Self.couple(wifeBorn: "1960-05-05"), from: from) == ["300>400"])
    }

    @Test("作为新个案按新版判定的，与新版相比")
    func judgedByTheSecond() throws {
        #expect(try Self.causes(Self.couple(wifeBorn: "1967-06-10"), from: "2017-01-01") == ["350>400"])
    }

    @Test("所比的月份里先按旧版、中断后按新版判定的，两样都说")
    func judgedByBoth() throws {
        let broken = DayPeriod(start: Self.day("2016-05-01"), end: Self.day("2016-08-01"))
        let facts = Self.couple(wifeBorn: "1960-05-05", withoutRight: broken)
        #expect(try Self.causes(facts, from: "2016-01-01") == ["300>400", "350>400"])
        // From 2017 on, what judged before counts no longer.
        #expect(try Self.causes(facts, from: "2017-01-01") == ["350>400"])
    }

    @Test("几项改动中分辨这一户的，也以判定它的版本为准")
    func toldApart() throws {
        #expect(try Self.causes(Self.couple(wifeBorn: "1960-05-05"), from: "2017-01-01", age: 47) == ["300>400"])
        // Forty-seven in 2016 and no right before: by the age, and the sum that comes with it.
        let young = try Self.causes(Self.couple(wifeBorn: "1969-02-10"), from: "2017-01-01", age: 47)
        #expect(Set(young) == ["350>400", "conditions.wife_49"])
    }

    @Test("候选只对新个案、取代对所有人的一版：已享受的回到旧版，缘由是新版与旧版之差")
    func backToTheFirst() throws {
        let facts = Self.couple(wifeBorn: "1960-05-05")
        let found = try Self.causes(facts, from: "2016-01-01", second: .all, candidate: .newCases)
        #expect(found == ["350>300"])
    }

    @Test("改动太多的不逐项分辨：同一参数的许多值算一项，许多条款各算一项")
    func tooMany() {
        func right(_ changes: [PackDifference.Change]) -> RightDifference {
            RightDifference(
                clause: ClauseID("CZ-2.1")!, subject: .household, kind: .changed, department: nil, cadence: .month,
                statusBefore: .entitled, statusAfter: .entitled, standingBefore: nil, standingAfter: nil, months: [],
                sums: (.zero, .zero, .zero), present: CivilMonth(year: 2016, month: 6), payers: [], causes: changes)
        }
        func change(_ number: Int, _ part: PackDifference.Part) -> PackDifference.Change {
            PackDifference.Change(
                part: part, id: part == .parameter ? "cz.sum" : "item.\(number)",
                field: part == .parameter ? "value \(number)" : "", before: "1", after: "2")
        }
        #expect(!right((0..<40).map { change($0, .parameter) }).hasTooManyCauses)
        #expect(!right((0..<16).map { change($0, .definition) }).hasTooManyCauses)
        #expect(right((0..<17).map { change($0, .definition) }).hasTooManyCauses)
    }
}
