import Testing

@testable import RuleEngine

@Suite("CEL：宏")
struct MacroTests {
    @Test(
        "成立",
        arguments: [
            "[1, 2].all(i, i > 0)", "![1, 2].all(i, i > 1)", "[].all(i, i > 1)", "[1, 2].exists(i, i > 1)",
            "![1, 2].exists(i, i > 2)", "![].exists(i, true)", "[1, 2, 3].exists_one(i, i > 2)",
            "![1, 2, 3].exists_one(i, i > 1)", "![].exists_one(i, true)", "[1, 2].map(i, i + 1) == [2, 3]",
            "[1, 2, 3].map(i, i != 2, -i) == [-1, -3]", "[].map(i, 1 / 0) == []",
            "[1, 2, 3].filter(i, i % 2 == 1) == [1, 3]",
            "{'a': 1, 'b': 2}.all(k, k < 'c')", "{'a': 1}.exists(k, k == 'a')",
            "{'a': 1, 'b': 2}.filter(k, k > 'a') == ['b']",
            "{'a': 1}.map(k, k + k) == ['aa']", "{1: 'x'}.exists_one(k, k == 1)",
            "[[1], [2, 3]].all(l, l.exists(i, i > 0))", "[1, 2].map(i, [3, 4].map(j, i * j)) == [[3, 4], [6, 8]]",
            "[1, 2].map(i, i).filter(i, i > 1).exists_one(i, i == 2)", "[1].exists(i, [2].exists(i, i == 2) && i == 1)",
            "[1, 'a', null].exists(v, v == null)", "[1, 'a'].all(v, v != 2.0)",
        ])
    func holds(_ source: String) { #expect(Expressions.value(source) == .bool(true)) }

    /// An element that decides makes up for errors of others before and after it; where none does, the error stands.
    static let errors: [(String, Value)] = [
        ("[0, 1, 2].exists(i, 2 / i == 1)", .bool(true)), ("[2, 0].exists(i, 2 / i == 1)", .bool(true)),
        ("[0, 1].exists(i, 2 / i == 1)", .error(.divideByZero)), ("[0, 3].all(i, 3 / i == 2)", .bool(false)),
        ("[3, 0].all(i, 3 / i == 2)", .bool(false)), ("[0, 1].all(i, 3 / i == 3)", .error(.divideByZero)),
        ("[1, 'a', 3].all(i, i % 2 == 0)", .bool(false)), ("[2, 'a'].all(i, i % 2 == 0)", .error(.noSuchOverload)),
        ("[1, 1, 0].exists_one(i, 1 / i == 1)", .error(.divideByZero)), ("[0, 1].map(i, 1 / i)", .error(.divideByZero)),
        ("[0, 1].filter(i, 1 / i == 1)", .error(.divideByZero)), ("[0].map(i, i != 0, 1 / i)", .list([])),
        ("dyn(7).all(i, true)", .error(.noSuchOverload)),
        ("(1 / 0 == 1 ? [1] : [2]).all(i, true)", .error(.divideByZero)),
        ("[unknown_number].all(i, i == i)", .unknown(Expressions.other)),
        ("[0, 1].exists(i, 1 / i == 2 || unknown_fact)", .unknown(Expressions.missing)),
    ]

    @Test("错误与未知", arguments: errors)
    func aggregates(_ source: String, _ expected: Value) { #expect(Expressions.value(source) == expected) }

    @Test("不检查类型时，不是真假的判断是错误", arguments: ["all", "exists", "exists_one", "filter"])
    func notBool(_ macro: String) {
        #expect(Expressions.value("[1].\(macro)(i, i)", checksTypes: false) == .error(.noSuchOverload))
    }

    @Test(
        "宏的变量必须是一个简单的名字",
        arguments: [
            "[1].all(a.b, true)", "[1].all(.a, true)", "[1].all('a', true)", "[1].map(1, 1)", "[1].all(if, true)",
        ])
    func badVariable(_ source: String) { #expect(throws: ExpressionIssue.self) { try Parser.parse(source) } }

    @Test("参数个数不对的不是宏，也没有这样的函数")
    func otherArity() {
        for source in ["[1].all(true)", "[1].exists(a, b, true)", "[1].map(i)", "all([1], true)"] {
            #expect(Expressions.value(source, checksTypes: false) == .error(.unboundFunction), "\(source)")
        }
    }

    @Test("has() 的参数必须是字段")
    func hasNeedsField() {
        for source in ["has(x)", "has(x['a'])", "has(1)", "has(x.a, x.b)", "has()"] {
            #expect(throws: ExpressionIssue.self) { try Parser.parse(source) }
        }
    }
}
