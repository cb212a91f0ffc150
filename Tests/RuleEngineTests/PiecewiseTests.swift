import CareDomain
import Testing

@testable import RuleEngine

/// Piecewise evaluation must say on every day what asking that day alone says.
@Suite("分段求值与逐日求值一致")
struct PiecewiseTests {
    private static let base = CivilDay(year: 2015, month: 1, day: 20)!
    private static let span: Int32 = 70

    @Test("三千个随机历史、随机表达式逐日相同", arguments: [1, 2, 3])
    func randomExpressions(_ seed: UInt64) throws {
        let pack = try SmallPack.load()
        let scope = CheckScope(
            vocabulary: pack.vocabulary,
            derived: pack.definitions.map {
                CheckScope.Derived(id: $0.id, subject: .person, type: $0.expression.type)
            }, readings: pack.readings, parameters: pack.parameters, subject: .household)
        var random = SeededRandom(seed: seed)
        for _ in 0..<1_000 {
            let facts = Self.facts(&random)
            let source = Self.expression(&random, depth: 3)
            let expression = try Checker.check(source, in: scope, expected: .bool)
            var run = PackRun(pack, facts: facts, knownAt: .latest, parameters: [], choices: [:])
            let period = DayPeriod(start: Self.base - 5, end: Self.base + Self.span + 5)
            let pieces = run.timeline(expression, 0, over: period)
            #expect(Self.isPartition(pieces.map(\.period), of: period), "\(source)")
            var day = period.start
            while let end = period.end, day < end {
                let alone = run.evaluate(expression, 0, on: day).value
                let piece = try #require(pieces.first { $0.period.contains(day) })
                let told: Value? = piece.value.map(Value.bool)
                let isSame =
                    switch alone {
                    case .bool: told == alone
                    case .unknown(let set): told == nil && piece.missing == set.items
                    default: told == nil && piece.missing.isEmpty
                    }
                #expect(isSame, "seed \(seed): \(source) on \(day): \(alone), piecewise \(piece)")
                if !isSame { return }
                day = day + 1
            }
        }
    }

    static func isPartition(_ parts: [DayPeriod], of whole: DayPeriod) -> Bool {
        guard parts.first?.start == whole.start, parts.last?.end == whole.end else { return false }
        return zip(parts, parts.dropFirst()).allSatisfy { $0.end == $1.start } && parts.allSatisfy { !$0.isEmpty }
    }

    private static func day(_ random: inout SeededRandom) -> CivilDay { base + Int32(random.next(below: Int(span))) }

    private static func facts(_ random: inout SeededRandom) -> FactBase {
        var statements: [FactStatement] = []
        func add(
            _ id: String, _ subject: RuleSubject, _ value: FactValue?, _ random: inout SeededRandom, early: Bool = false
        ) {
            let start = early ? base - 400 : day(&random)
            let end = random.chance(40) ? start + Int32(random.next(below: 40)) : nil
            statements.append(
                FactStatement(
                    fact: FactID(unchecked: id), subject: subject, value: value,
                    period: DayPeriod(start: start, end: end),
                    recordedAt: Moment(microseconds: Int64(random.next(below: 1_000_000))),
                    source: EventReference(sequence: UInt64(statements.count + 1))))
        }
        for number in 0..<random.next(below: 3) {
            let person = RuleSubject.person(PersonID(Identifier128(high: 0, low: UInt64(number))))
            let role = random.chance(50) ? "wife" : "only_child"
            add("person.role", person, .code(Code(unchecked: role)), &random, early: random.chance(70))
            if random.chance(70) {
                let years = [18, 49, 60][random.next(below: 3)]
                add("person.birth_date", person, .day(day(&random).adding(months: -12 * years)), &random)
            }
            if random.chance(30) { add("person.death_date", person, .day(day(&random)), &random) }
            for _ in 0..<random.next(below: 3) {
                add("person.grade", person, .int(Int64(1 + random.next(below: 4))), &random)
            }
        }
        for _ in 0..<random.next(below: 4) { add("household.poor", .household, .bool(random.chance(60)), &random) }
        for _ in 0..<random.next(below: 3) {
            add("household.near", .household, random.chance(20) ? nil : .bool(random.chance(50)), &random)
        }
        for _ in 0..<random.next(below: 2) { add("household.moved_on", .household, .day(day(&random)), &random) }
        for _ in 0..<random.next(below: 3) {
            add("household.until", .household, .day(day(&random)), &random, early: true)
        }
        for _ in 0..<random.next(below: 3) {
            add("household.rooms", .household, .int(Int64(random.next(below: 9))), &random)
        }
        return FactBase(statements: statements)
    }

    private static func expression(_ random: inout SeededRandom, depth: Int) -> String {
        if depth == 0 || random.chance(25) { return leaf(&random) }
        let left = expression(&random, depth: depth - 1)
        let right = expression(&random, depth: depth - 1)
        switch random.next(below: 7) {
        case 0, 1: return "(\(left) && \(right))"
        case 2, 3: return "(\(left) || \(right))"
        case 4: return "!(\(left))"
        case 5: return "(\(left) ? \(right) : \(leaf(&random)))"
        default: return "care.at(care.add_days(household.until, \(random.next(below: 20) - 10)), \(left))"
        }
    }

    private static func leaf(_ random: inout SeededRandom) -> String {
        let years = [17, 18, 49, 50, 60][random.next(below: 5)]
        let sign = ["<", "<=", ">", ">=", "==", "!="][random.next(below: 6)]
        let leaves = [
            "household.poor", "household.near", "has(household.moved_on)",
            "(has(household.moved_on) && care.days_since(household.moved_on) \(sign) \(random.next(below: 30)))",
            "care.on_or_after(household.until)", "care.before(household.until)", "household.rooms \(sign) 4",
            "care.months_since(household.until) \(sign) \(random.next(below: 3))",
            "care.month_of_year() \(sign) 2", "care.quarter_of_year() == 1", "care.year() == 2015",
            "members.exists(m, m.role == 'wife' && m.alive && care.age(m) \(sign) \(years))",
            "members.all(m, m.alive)", "family.exists(f, !f.alive)", "size(members) \(sign) 1",
            "family.exists(f, f.grade in [1, 2])", "members.exists_one(m, has(m.grade) && m.grade \(sign) 3)",
            "care.parameter('p.rate') \(sign) care.yuan(15)", "readings.strict",
            "\(years) \(sign) care.years_since(household.until)",
        ]
        return leaves[random.next(below: leaves.count)]
    }
}
