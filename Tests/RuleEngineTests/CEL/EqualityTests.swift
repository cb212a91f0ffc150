import Testing

@testable import RuleEngine

@Suite("CEL：相等与次序")
struct EqualityTests {
    @Test(
        "成立的相等",
        arguments: [
            "3 == 3", "3u == 3u", "-0.0 == 0.0", "'户' == '户'", "b'\\x01' == b'\\001'", "true == true", "null == null",
            "dyn(3) == 3u", "dyn(3) == 3.0", "dyn(3u) == 3", "dyn(3u) == 3.0", "dyn(3.0) == 3", "dyn(3.0) == 3u",
            "dyn(3) != 3.5", "dyn(-1) != 18446744073709551615u", "dyn(9007199254740991) != 9007199254740992.0",
            "0.0 / 0.0 != 0.0 / 0.0", "dyn(1) != 0.0 / 0.0", "[1, 2] == [1, 2]", "[1, 2] != [2, 1]", "[1] != [1, 1]",
            "[] == []", "[[]] == [[]]", "[1, 2u, 3.0] == [1.0, 2, 3u]", "[null, 1] != [1, null]", "{} == {}",
            "{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", "{'a': 1} != {'a': 2}", "{'a': 1} != {'b': 1}",
            "{'a': 1} != {'a': 1, 'b': 1}", "{1: 'x', 2u: 'y'} == {1u: 'x', 2: 'y'}", "dyn({'a': null}) != {'a': 0}",
            "dyn(1) != 'a'", "dyn([1]) != {1: 1}", "dyn(false) != 0", "dyn('') != null", "dyn(b'a') != 'a'",
            "[1, 'a', true] != [1, 'a', false]", "type(1) == int", "int != uint",
        ])
    func holds(_ source: String) { #expect(Expressions.value(source) == .bool(true)) }

    @Test("同形而编码不同的文字不相等")
    func spelling() {
        #expect(Expressions.value(#"'\u00e9' == 'e\u0301'"#) == .bool(false))
        #expect(Expressions.value(#"'\u00e9' in ['e\u0301']"#) == .bool(false))
        #expect(Expressions.value(#"'\u212b' == '\u00c5'"#) == .bool(false))
        #expect(Expressions.value(#"{'\u00e9': 1}['e\u0301']"#) == .error(.noSuchKey))
    }

    @Test(
        "成立的次序",
        arguments: [
            "1 < 2", "!(2 < 2)", "2 <= 2", "3 > -3", "2 >= 2", "1u < 2u", "1.5 < 1.6", "!(-0.0 < 0.0)", "'a' < 'b'",
            "'' < 'a'", "'ab' < 'abc'", "'Z' < 'a'", "'z' < '中'", #"'\uffff' < '\U00010000'"#, #"'e\u0301' < '\u00e9'"#,
            "b'' < b'\\x00'", "b'\\x00\\xff' < b'\\x01'", "b'\\x7f' < b'\\x80'", "false < true", "!(true < true)",
            "dyn(1) < 2u", "dyn(-1) < 0u", "dyn(1) < 1.5", "dyn(2u) > 1", "dyn(2u) > 1.5", "dyn(2.5) > 2",
            "dyn(2.5) >= 2u", "dyn(9223372036854775807) < 18446744073709551615u",
            "!(dyn(9223372036854775807) < 9223372036854775808.0)",
            "dyn(9223372036854775807) < 9223372036854780000.0", "dyn(-9223372036854775808) > -1e30",
            "dyn(18446744073709551615u) < 1e30", "!(dyn(1) < 0.0 / 0.0)", "!(dyn(1u) >= 0.0 / 0.0)",
            "!(0.0 / 0.0 <= 0.0 / 0.0)", "dyn(1.0 / 0.0) > 9223372036854775807",
        ])
    func ordered(_ source: String) { #expect(Expressions.value(source) == .bool(true)) }

    @Test(
        "没有次序的类型在求值时是错误",
        arguments: [
            "null < null", "[1] < [2]", "{1: 1} >= {0: 0}", "'a' < 1", "1 > true", "type(1) < type(2)", "b'a' < 'b'",
        ])
    func unordered(_ source: String) {
        #expect(Expressions.value(source, checksTypes: false) == .error(.noSuchOverload))
        guard case .string(let text) = Expressions.value(source) else {
            Issue.record("\(source) was accepted")
            return
        }
        #expect(text.hasPrefix("refused: expression.type"))
    }
}
