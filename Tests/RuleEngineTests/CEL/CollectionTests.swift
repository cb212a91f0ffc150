import Testing

@testable import RuleEngine

@Suite("CEL：列表和映射")
struct CollectionTests {
    @Test(
        "成立",
        arguments: [
            "[5, 6][0] == 5", "[5, 6][dyn(1u)] == 6", "[5, 6][dyn(1.0)] == 6", "[[1, 2], [3]][0][1] == 2",
            "{'a': 1}['a'] == 1", "{1: 'x', 2u: 'y'}[dyn(1.0)] == 'x'", "{1: 'x', 2u: 'y'}[dyn(2)] == 'y'",
            "{true: 1}[true] == 1", "{'a': {'b': [7]}}.a.b[0] == 7", "{'if': 1}.if == 1",
            "{'a-b/c.d e': 1}.`a-b/c.d e` == 1",
            "{'a': null}.a == null", "has({'a': null}.a)", "!has({'a': 1}.b)", "has({'a': {'b': 1}}.a.b)",
            "has({'a b': 1}.`a b`)", "!has({}.a)", "2 in [1, 2]", "!(3 in [1, 2])", "!(1 in [])", "dyn(2.0) in [1, 2]",
            "dyn(2) in [2u]", "'a' in ['b', 'a']", "null in [1, null]", "[1] in [[1], [2]]", "'a' in {'a': 1}",
            "!('b' in {'a': 1})", "dyn(1.0) in {1: 'x'}", "dyn(1u) in {1: 'x'}", "!(dyn(1.5) in {1: 'x'})",
            "!(dyn(b'a') in {'a': 1})", "!(0.0 / 0.0 in [0.0 / 0.0])", "size([]) == 0", "size({'a': 1, 'b': 2}) == 2",
            "'你好'.contains('好')", "'abc'.startsWith('ab')", "'abc'.endsWith('bc')", "''.contains('')",
            "!''.startsWith('a')", "'aab'.contains('ab')", "!'e\\u0301'.contains('\\u00e9')",
            "'e\\u0301'.startsWith('e')",
        ])
    func holds(_ source: String) { #expect(Expressions.value(source) == .bool(true)) }

    static let errors: [(String, EvaluationError)] = [
        ("[1][1]", .indexOutOfRange), ("[1][-1]", .indexOutOfRange), ("[][0]", .indexOutOfRange),
        ("[1][dyn(9223372036854775807)]", .indexOutOfRange), ("[1][dyn(18446744073709551615u)]", .indexOutOfRange),
        ("[1][dyn(0.5)]", .invalidArgument), ("[1][dyn('0')]", .noSuchOverload), ("{'a': 1}['b']", .noSuchKey),
        ("{1: 1}[dyn('1')]", .noSuchKey), ("{1: 1}[dyn(1.5)]", .noSuchKey), ("{'a': 1}.b", .noSuchKey),
        ("{1: 1, 1u: 2}", .repeatedKey), ("{'a': 1, 'a': 1}", .repeatedKey), ("{1.5: 1}", .invalidArgument),
        ("{null: 1}", .invalidArgument), ("{[1]: 1}", .invalidArgument), ("[1 / 0]", .divideByZero),
        ("{'a': 1 / 0}", .divideByZero), ("dyn(1).a", .noSuchOverload), ("has(dyn([1]).a)", .noSuchOverload),
        ("1 in dyn('a')", .noSuchOverload), ("size(dyn(1))", .noSuchOverload),
    ]

    @Test("错误", arguments: errors)
    func fails(_ source: String, _ expected: EvaluationError) { #expect(Expressions.value(source) == .error(expected)) }
}
