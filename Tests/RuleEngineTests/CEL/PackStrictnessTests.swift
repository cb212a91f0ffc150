import CareDomain
import Testing

@testable import RuleEngine

/// What packs are refused although CEL allows it: the forms that Expressions.md lists, each beside what it means in CEL and
/// what a pack writes instead.
@Suite("规则包里比 CEL 严的地方")
struct PackStrictnessTests {
    private static func result(_ source: String, isStrict: Bool) -> String {
        var scope = Expressions.scope
        scope.isStrict = isStrict
        do throws(ExpressionIssue) {
            let expression = try Checker.check(source, in: scope)
            return "\(expression.value(variables: Expressions.variables.map(\.value)) == .bool(true))"
        } catch {
            return error.code
        }
    }

    @Test(
        "CEL 里有值，规则包里不收，写明原因",
        arguments: [
            // Lists of several types.
            ("'elem' in [1, 'elem', 2]", "expression.type"), ("[1.0, 2.0, 3] == [1u, 2, 3u]", "expression.type"),
            ("[1, 2, null] != [1, null, 3]", "expression.type"),
            ("['1', '2', null] != ['1', '2', '3']", "expression.type"),
            ("[1, 'foo', 3].exists(e, e != '1')", "expression.type"), ("size([true, 1]) == 2", "expression.type"),
            // Branches of several types.
            ("(x > 3 ? 1 : 'a') == 1", "expression.type"), ("(x > 3 ? 1 : 2.0) == 1", "expression.type"),
            ("(x > 3 ? 1 : null) == 1", "expression.type"),
            // A divisor that is written as zero, also where the value is never asked for.
            ("true || (2 / 0 > 3 ? false : true)", "expression.divide_by_zero"),
            ("!(false && 2 / 0 > 3)", "expression.divide_by_zero"), ("true || 2 % 0 > 3", "expression.divide_by_zero"),
            ("true || 2u / 0u > 3u", "expression.divide_by_zero"),
        ])
    func refused(_ source: String, _ code: String) {
        #expect(Self.result(source, isStrict: false) == "true", "\(source)")
        #expect(Self.result(source, isStrict: true) == code, "\(source)")
    }

    @Test(
        "写 dyn() 表明有意的、类型相同的、运算得出的零、实数的零，照 CEL 收",
        arguments: [
            "'elem' in [1, dyn('elem'), 2]", "[dyn(1.0), 2.0, 3] == [dyn(1u), 2, 3u]",
            "[dyn(1), 'foo', 3].exists(e, e != '1')", "(x > 3 ? dyn(1) : 'a') == 1",
            "size([[], [1]]) == 2", "{1: 1, 'a': 2}['a'] == 2", "true || 2 / (1 - 1) > 3", "1.0 / 0.0 > 3.0",
        ])
    func taken(_ source: String) {
        #expect(Self.result(source, isStrict: false) == "true", "\(source)")
        #expect(Self.result(source, isStrict: true) == "true", "\(source)")
    }

    @Test("规则包都严；太费步数的也只在规则包里不收")
    func inPacks() {
        let issues = SmallPack.issues(
            replacing: "expr: household.poor}", with: "expr: \"household.poor || 'a' in [1, 'a']\"}")
        #expect(issues.map(\.code) == ["expression.type"])
        #expect(issues.first?.problem.chinese.contains("列表里的类型不同") == true)
        let list = "[\(Array(repeating: "1", count: 31).joined(separator: ","))]"
        let dear = "\(list).all(a, \(list).all(b, \(list).all(c, a + b + c > 0)))"
        #expect(Self.result(dear, isStrict: true) == "expression.too_costly")
        #expect(Self.result(dear, isStrict: false) == "false")
    }
}
