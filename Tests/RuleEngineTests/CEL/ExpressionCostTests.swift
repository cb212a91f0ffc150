import CareDomain
import Testing

@testable import RuleEngine

/// What an expression can cost is known before anybody waits for it.
@Suite("表达式的步数")
struct ExpressionCostTests {
    /// Three macros within one another over a list of so many ones.
    private static func nested(_ count: Int) -> String {
        let list = "[\(Array(repeating: "1", count: count).joined(separator: ","))]"
        return "\(list).all(a, \(list).all(b, \(list).all(c, a + b + c > 0)))"
    }

    private static func issues(_ condition: String) -> [PackIssue] {
        SmallPack.issues(replacing: "expr: household.poor}", with: "expr: \"\(condition)\"}")
    }

    /// Of n elements 2 + n(2 + n(2 + 7n)) steps: 190,862 of thirty, 210,523 of thirty-one.
    @Test("读包时数出的步数正是计算要用的步数：三十个的三层循环可以用，三十一个的整包不收")
    func asEvaluated() throws {
        #expect(Self.issues(Self.nested(30)).isEmpty)
        let refused = Self.issues(Self.nested(31))
        #expect(refused.map(\.code) == ["expression.too_costly"])
        #expect(refused.first?.line == 38 && refused.first?.problem.chinese.contains("210523") ?? false)
        let fits = try Checker.check(Self.nested(30), in: CheckScope(), expected: .bool)
        #expect(fits.value() == .bool(true))
        let tooMany = try Checker.check(Self.nested(31), in: CheckScope(), expected: .bool)
        #expect(tooMany.value() == .error(.stepLimit))
    }

    @Test("事实的列表按大户计：两层可以，三层不收")
    func ofHouseholds() {
        let two = "members.all(a, members.all(b, care.age(a) >= 1 || care.age(b) >= 1))"
        #expect(Self.issues(two).isEmpty)
        #expect(Self.issues("members.all(c, \(two))").map(\.code) == ["expression.too_costly"])
    }

    /// A derived fact of 18,122 steps, asked of thirty-two people.
    @Test("推导事实按问到的人数计，绕到推导事实里也不收；问一次的可以")
    func behindDerivedFacts() {
        let list = "[\(Array(repeating: "1", count: 60).joined(separator: ","))]"
        let heavy = "\(list).all(a, \(list).all(b, a + b > 0))"
        let definition = "  - {id: person.alive, zh: 健在, en: alive, expr: \"!has(self.death_date)\"}\n"
        func issues(_ subject: String, _ condition: String) -> [String] {
            let more = definition + "  - {id: \(subject).heavy, zh: 重, en: heavy, expr: \"\(heavy)\"}\n"
            let text = SmallPack.text.replacing(definition, with: more)
                .replacing("expr: household.poor}", with: "expr: \"\(condition)\"}")
            do {
                _ = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
                return []
            } catch { return error.issues.map(\.code) }
        }
        #expect(issues("person", "members.exists(m, m.heavy)") == ["expression.too_costly"])
        #expect(issues("household", "members.exists(m, household.heavy && m.alive)").isEmpty)
    }
}
