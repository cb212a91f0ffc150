import CareDomain
import Testing

@testable import RuleEngine

/// What lint says of conditions that look at the members of a family and at derived facts of them.
@Suite("规则包检查：家庭成员和推导事实上的矛盾")
struct LintMembersTests {
    private static let definition =
        "  - {id: person.alive, zh: 健在, en: alive, expr: \"!has(self.death_date)\"}\n"
    private static let more = [
        ("person.old", "care.age(self) >= 60"), ("person.young", "care.age(self) < 60"),
        ("person.of_age", "self.old || care.age(self) >= 49"), ("household.some_old", "members.exists(m, m.old)"),
        ("household.none_old", "members.all(m, !m.old)"), ("household.roomy", "household.rooms > 4"),
        ("household.cramped", "household.rooms < 6"),
        ("person.band", "has(self.grade) ? (self.grade <= 2 ? 'severe' : 'light') : 'none'"),
        ("household.step", "household.poor ? 1 : household.rooms > 4 ? 2 : 3"), ("household.level", "household.step"),
        ("household.count_old", "size(members.filter(m, m.old))"),
        ("household.couple_at_60", "members.exists(m, m.role == 'wife') && members.all(m, m.role != 'wife' || m.old)"),
    ].map { "  - {id: \($0), zh: 推导, en: derived, expr: \"\($1)\"}\n" }.joined()

    private static func text(_ conditions: [String]) -> String {
        let lines = conditions.enumerated().map {
            "      - {id: c\($0), zh: 条件, en: condition, expr: \"\($1)\"}"
        }
        return SmallPack.text.replacing(definition, with: definition + more)
            .replacing(
                "      - {id: poor, zh: 困难, en: poor, expr: household.poor}", with: lines.joined(separator: "\n"))
    }

    private static func mistakes(_ conditions: String...) throws -> [String] {
        let pack = try RulePack.load(bytes: Array(text(conditions).utf8), name: "small.yaml")
        return PackLint(pack).findings.filter(\.isMistake).map(\.code)
    }

    @Test(
        "夫妻、成员的年龄和身份互相矛盾：永不成立",
        arguments: [
            "members.all(m, care.age(m) >= 60) && members.exists(m, m.role == 'wife' && care.age(m) < 49)",
            "members.exists(m, m.role == 'wife' && m.old) && members.all(m, m.role != 'wife' || care.age(m) < 49)",
            "household.some_old && members.all(m, care.age(m) < 49)", "household.some_old && household.none_old",
            "household.couple_at_60 && members.all(m, care.age(m) < 60)",
            "members.exists(m, m.old && m.young)", "members.exists(m, !m.old && !m.young)",
            "members.exists(m, m.old && !m.of_age)", "!members.exists(m, m.old) && members.exists(m, care.age(m) > 60)",
            "members.all(m, m.grade in [1, 2]) && members.exists_one(m, m.grade == 3)",
            "members.exists(m, m.alive && household.poor) && !household.poor",
            "!members.all(m, m.old) && members.all(n, care.age(n) >= 60)",
            "members.filter(m, m.role == 'wife' && m.old).exists(m, care.age(m) < 49)",
            "members.filter(m, m.old).all(m, m.role == 'wife') && members.exists(m, m.old && m.role == 'only_child')",
        ])
    func never(_ condition: String) throws {
        #expect(try Self.mistakes(condition) == ["lint.unreachable"], "\(condition)")
    }

    @Test(
        "数人数的、数值和文字的推导事实：与别的条件矛盾，或一个值也对不上",
        arguments: [
            "size(members.filter(m, care.age(m) >= 60 && care.age(m) < 49)) > 0",
            "size(members.filter(m, m.role == 'wife')) > 0 && !members.exists(m, m.role == 'wife')",
            "size(members.filter(m, m.old)) == 0 && members.exists(m, care.age(m) > 60)",
            "size(members.filter(m, m.old)) >= 2 && members.all(m, m.young)",
            "size(members.filter(m, m.old).filter(m, m.young)) != 0", "size(members.map(m, m.grade == 1)) < 0",
            "!(size(members.filter(m, m.old)) < 1) && members.all(m, care.age(m) < 49)",
            "size(members) == 0 && members.exists(m, m.alive)",
            "size(members.map(m, m.old)) == 0 && household.some_old",
            "size(members.filter(m, m.old)) > 3 && size(members.filter(m, m.old)) < 2",
            "household.count_old > 0 && household.count_old < 1",
            "members.exists(m, m.band == 'sever')", "members.exists(m, m.band == 'severe' && m.grade == 3)",
            "members.exists(m, m.band in ['light', 'middle'] && m.grade in [1, 2])", "household.level == 4",
            "household.step == 1 && !household.poor", "household.level > 2 && household.rooms > 5",
            "household.level != 1 && household.poor", "(household.poor ? 1 : 2) == 3",
            "(household.poor ? 1 : 2) == 1 && !household.poor",
        ])
    func neverCounted(_ condition: String) throws {
        #expect(try Self.mistakes(condition) == ["lint.unreachable"], "\(condition)")
    }

    @Test(
        "数人数的和推导事实可能成立的，不报",
        arguments: [
            "size(members.filter(m, m.old)) > 0 && size(members.filter(m, m.young)) > 0",
            "size(members.filter(m, m.old)) <= 1 && members.exists(m, m.old)",
            "size(members.filter(m, m.old)) != 1 && members.all(m, m.young)",
            "size(family) == 0 && members.exists(m, m.alive)", "size(members) == 0 && members.all(m, m.old)",
            "household.count_old > 0 && household.rooms > 5", "members.exists(m, m.band == 'none')",
            "household.level == 3 && household.rooms < 5", "household.level != 3 && !household.poor",
            "members.exists(m, m.role != 'wife' && !has(m.role))",
        ])
    func possibleCounted(_ condition: String) throws {
        #expect(try Self.mistakes(condition).isEmpty, "\(condition)")
    }

    @Test("两个推导事实都不要，而两者合起来什么都包括：永不同时成立")
    func neitherOfTwo() throws {
        #expect(try Self.mistakes("!household.roomy && !household.cramped") == ["lint.unreachable"])
        #expect(try Self.mistakes("!household.roomy", "!household.cramped") == ["lint.never_together"])
        #expect(try Self.mistakes("!household.some_old", "!household.none_old") == ["lint.never_together"])
        // Nine choices of two, asked for and against: more ways than are looked at one by one.
        let many = (0..<9).map { "(household.rooms > \($0) || care.days_since(household.until) > \($0))" }
            .joined(separator: " && ")
        #expect(try Self.mistakes(many, "!household.poor && !(\(many))") == ["lint.never_together"])
        // What all of too many ways say still counts.
        #expect(try Self.mistakes("household.poor && \(many)", "!household.poor") == ["lint.never_together"])
        #expect(try Self.mistakes("\(many)", "household.poor && \(many)", "!household.poor") == ["lint.never_together"])
        #expect(try Self.mistakes("household.poor || (\(many))", "!household.poor").isEmpty)
    }

    @Test(
        "可能成立的不报：不同的人、没有成员的家庭、不同的名单",
        arguments: [
            "members.exists(m, m.old) && members.exists(m, m.young)",
            "members.all(m, m.old) && members.all(m, m.young)",
            "family.exists(m, m.old) && members.all(m, m.young)", "household.none_old && !household.some_old",
            "members.exists(m, !m.old) && members.exists(m, !m.young)",
            "!members.all(m, m.old) && members.exists(m, m.old)",
            "household.couple_at_60 && members.exists(m, m.role == 'only_child' && care.age(m) < 49)",
            "members.exists(m, m.alive && household.poor) || !household.poor", "household.roomy && household.cramped",
            "members.filter(m, m.old).all(m, m.role == 'wife') && members.exists(m, m.role == 'only_child')",
        ])
    func possible(_ condition: String) throws {
        #expect(try Self.mistakes(condition).isEmpty, "\(condition)")
    }

    // MARK: Against random families

    @Test("报永不成立的，随机的家庭没有一家能满足", arguments: [1, 2, 3])
    func neverGranted(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let pack = try RulePack.load(bytes: Array(Self.text(["household.poor"]).utf8), name: "small.yaml")
        let scope = CheckScope(
            vocabulary: pack.vocabulary,
            derived: pack.definitions.map {
                CheckScope.Derived(
                    id: $0.id, subject: $0.id.rawValue.hasPrefix("person.") ? .person : .household,
                    type: $0.expression.type)
            }, subject: .household)
        let families = (0..<60).map { _ in Self.family(&random) }
        var never = 0
        for _ in 0..<600 {
            let source = Self.condition(&random, depth: 3, "household")
            let expression = try Checker.check(source, in: scope, expected: .bool)
            guard ConditionLogic(pack).excludes([expression]) else { continue }
            never += 1
            for facts in families {
                var run = PackRun(pack, facts: facts, knownAt: .latest, parameters: [], choices: [:])
                let value = run.evaluate(expression, 0, on: SmallPack.day("2015-06-01")).value
                #expect(value != .bool(true), "seed \(seed): \(source)")
            }
        }
        #expect(never > 10)
    }

    private static func family(_ random: inout SeededRandom) -> FactBase {
        var statements: [FactStatement] = []
        func add(_ id: String, _ value: FactValue, _ subject: RuleSubject = .household) {
            statements.append(SmallPack.fact(id, value, subject, sequence: UInt64(statements.count + 1)))
        }
        for number in 0..<random.next(below: 4) {
            let person = RuleSubject.person(PersonID(Identifier128(high: 0, low: UInt64(number + 1))))
            add("person.role", .code(Code(unchecked: random.chance(60) ? "wife" : "only_child")), person)
            if random.chance(90) {
                let age = [5, 48, 49, 50, 59, 60, 61][random.next(below: 7)]
                add("person.birth_date", .day(SmallPack.day("\(2015 - age)-05-01")), person)
            }
            if random.chance(40) { add("person.grade", .int(Int64(1 + random.next(below: 4))), person) }
            if random.chance(20) { add("person.death_date", .day(SmallPack.day("2014-01-01")), person) }
        }
        if random.chance(80) { add("household.poor", .bool(random.chance(50))) }
        if random.chance(80) { add("household.rooms", .int(Int64(random.next(below: 10)))) }
        return FactBase(statements: statements)
    }

    /// A condition over a household, or inside a macro over its member `m`.
    private static func condition(_ random: inout SeededRandom, depth: Int, _ about: String) -> String {
        if depth == 0 || random.chance(20) { return leaf(&random, about) }
        switch random.next(below: about == "m" ? 4 : 7) {
        case 0, 1:
            return "(\(condition(&random, depth: depth - 1, about)) && \(condition(&random, depth: depth - 1, about)))"
        case 2:
            return "(\(condition(&random, depth: depth - 1, about)) || \(condition(&random, depth: depth - 1, about)))"
        case 3: return "!(\(condition(&random, depth: depth - 1, about)))"
        default:
            let macro = ["exists", "all", "exists_one"][random.next(below: 3)]
            let filter = random.chance(30) ? ".filter(m, \(leaf(&random, "m")))" : ""
            if random.chance(30) {
                let sign = ["==", "!=", "<", "<=", ">", ">="][random.next(below: 6)]
                let counted = "members\(filter).filter(m, \(condition(&random, depth: depth - 1, "m")))"
                return "size(\(counted)) \(sign) \(random.next(below: 3))"
            }
            return "members\(filter).\(macro)(m, \(condition(&random, depth: depth - 1, "m")))"
        }
    }

    private static func leaf(_ random: inout SeededRandom, _ about: String) -> String {
        let sign = ["<", "<=", ">", ">="][random.next(below: 4)]
        guard about == "m" else {
            return [
                "household.some_old", "household.none_old", "household.roomy", "household.cramped", "household.poor",
                "household.couple_at_60", "household.rooms \(sign) 5", "household.level \(sign) 2",
                "household.step != 1",
                "size(members) \(sign) 1", "household.count_old \(sign) 1",
            ][random.next(below: 11)]
        }
        return [
            "m.old", "m.young", "m.of_age", "m.role == 'wife'", "m.alive", "m.grade in [1, 2]", "household.poor",
            "care.age(m) \(sign) \([49, 60][random.next(below: 2)])", "m.band == 'severe'", "m.band != 'none'",
            "m.grade != 2",
        ][random.next(below: 11)]
    }
}
