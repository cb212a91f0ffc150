import Testing

@testable import RuleEngine

@Suite("表达式语法")
struct ParserTests {
    @Test(
        "值与运算按 CEL 得出",
        arguments: [
            ("1 + 2 * 3", Value.int(7)), ("(1 + 2) * 3", .int(9)), ("7 / 2", .int(3)), ("-7 / 2", .int(-3)),
            ("-7 % 3", .int(-1)), ("0x1F", .int(31)), ("-9223372036854775808", .int(.min)), ("3u + 4u", .uint(7)),
            ("1.5 * 2.0", .double(3)), ("1e3", .double(1000)), ("'a' + \"b\"", .string("ab")),
            ("r'\\n'", .string("\\n")),
            ("'\\u4e2d\\x41\\101'", .string("中AA")), ("'''a'b'''", .string("a'b")), ("b'\\xff'", .bytes([255])),
            ("size('中文')", .int(2)), ("'中文'.size()", .int(2)), ("[1, 2, 3][1]", .int(2)), ("{'a': 1}['a']", .int(1)),
            ("{'a': 1}.a", .int(1)), ("has({'a': 1}.b)", .bool(false)), ("1 in [1, 2]", .bool(true)),
            ("'k' in {'k': 1}", .bool(true)), ("true ? 1 : 2", .int(1)), ("false ? 1 : true ? 2 : 3", .int(2)),
            ("!true || true", .bool(true)), ("!!true", .bool(true)), ("--1", .int(1)), ("1 < 2 == true", .bool(true)),
            ("[1, 2].all(i, i > 0)", .bool(true)), ("[1, 2].exists(i, i == 2)", .bool(true)),
            ("[1, 2, 2].exists_one(i, i == 2)", .bool(false)), ("[1, 2].map(i, i * 2)", .list([.int(2), .int(4)])),
            ("[1, 2, 3].filter(i, i != 2)", .list([.int(1), .int(3)])),
            ("[1, 2, 3].map(i, i > 1, i * 10)", .list([.int(20), .int(30)])),
            ("{'a': 1, 'b': 2}.exists(k, k == 'b')", .bool(true)), ("type(1) == int", .bool(true)),
            ("string(12) + '3'", .string("123")), ("int('42')", .int(42)), ("double(2)", .double(2)),
            ("dyn(1) == 1.0", .bool(true)), ("dyn(1) == 'a'", .bool(false)),
            ("dyn([1, 2u, 3.0]) == [1, 2, 3]", .bool(true)),
            ("'abc'.contains('bc') && 'abc'.startsWith('a') && 'abc'.endsWith('c')", .bool(true)),
            ("null == null", .bool(true)), ("x == 7", .bool(true)), ("1 + 1 // 注释", .int(2)),
        ])
    func evaluates(_ source: String, _ expected: Value) {
        #expect(Expressions.value(source) == expected)
    }

    @Test(
        "错误在求值时得出，不会变成真假",
        arguments: [
            ("1 / 0", EvaluationError.divideByZero), ("1 % 0", .modulusByZero), ("9223372036854775807 + 1", .overflow),
            ("[1][5]", .indexOutOfRange), ("{'a': 1}['b']", .noSuchKey), ("x + 'a'", .noSuchOverload),
            ("int('a')", .invalidArgument), ("{1: 1, 1: 2}", .repeatedKey), ("-(-9223372036854775808)", .overflow),
            ("int(1e30)", .overflow), ("uint(-1)", .overflow), ("1 / 0 == 1", .divideByZero),
            ("[1].exists_one(i, i / 0 == 1)", .divideByZero),
        ])
    func fails(_ source: String, _ expected: EvaluationError) {
        #expect(Expressions.value(source) == .error(expected))
    }

    @Test(
        "逻辑运算吸收错误，左右次序无关",
        arguments: [
            ("1 / 0 == 1 || true", true), ("true || 1 / 0 == 1", true), ("1 / 0 == 1 && false", false),
            ("false && 1 / 0 == 1", false), ("[0, 1].exists(i, 1 / i == 1)", true),
            ("[0, 2].all(i, 2 / i == 5)", false),
        ])
    func absorbs(_ source: String, _ expected: Bool) {
        #expect(Expressions.value(source) == .bool(expected))
    }

    @Test(
        "语法与类型错误指明代码和位置",
        arguments: [
            ("1 +", "expression.syntax@3"), ("(1", "expression.syntax@2"), ("1 2", "expression.syntax@2"),
            ("'abc", "expression.lexical@0"), ("1 # 2", "expression.lexical@2"),
            ("99999999999999999999", "expression.lexical@0"),
            ("nobody", "expression.unknown_name@0"), ("1 + 'a'", "expression.type@2"),
            ("1 && true", "expression.type@0"),
            ("foo(1)", "expression.unknown_function@0"), ("if", "expression.reserved@0"),
            ("has(x)", "expression.macro@0"),
            ("[1].all(1, true)", "expression.macro@8"), ("'\\q'", "expression.lexical@1"),
            ("a{b: 1}", "expression.syntax@1"),
            ("care.yuan(1) + 5", "expression.type@13"), ("care.age(x) == 'a'", "expression.type@9"),
            ("care.nonsense(1)", "expression.unknown_function@4"), ("1 == 'a'", "expression.type@2"),
            ("", "expression.syntax@0"),
            ("f(1,)", "expression.syntax@4"), ("1.2.3", "expression.syntax@3"),
        ])
    func refuses(_ source: String, _ expected: String) {
        guard case .string(let text) = Expressions.value(source) else {
            Issue.record("\(source) was accepted")
            return
        }
        #expect(text == "refused: \(expected)", "\(source)")
    }

    @Test("位置按行和列给出，中文按字计")
    func positions() throws {
        do throws(ExpressionIssue) {
            _ = try Parser.parse("'中文' == 'x' &&\n  ??")
            Issue.record("accepted")
        } catch {
            let place = error.position(in: "'中文' == 'x' &&\n  ??")
            #expect(place.line == 2 && place.column == 3)
        }
    }

    @Test("表达式炸弹在限度内被拒绝或停下")
    func bombs() {
        let deep = String(repeating: "(", count: 5_000) + "1" + String(repeating: ")", count: 5_000)
        let chain = Array(repeating: "1", count: 3_000).joined(separator: "+")
        let long = "'" + String(repeating: "a", count: 20_000) + "'"
        let nots = String(repeating: "!", count: 5_000) + "true"
        let lists = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        let ternaries = String(repeating: "true ? 1 : ", count: 500) + "1"
        for bomb in [deep, chain, long, nots, lists, ternaries] {
            guard case .string(let text) = Expressions.value(bomb) else {
                Issue.record("accepted a bomb of \(bomb.count) characters")
                continue
            }
            #expect(text.hasPrefix("refused: expression.too"), "\(text)")
        }
        let items = (0..<90).map(String.init).joined(separator: ",")
        let nested = "[\(items)].all(a, [\(items)].all(b, [\(items)].all(c, a + b + c >= 0)))"
        #expect(Expressions.value(nested) == .error(.stepLimit))
    }

    @Test("任意字节都不会使解析器崩溃")
    func fuzz() {
        var random = SeededRandom(seed: 20_140_716)
        let pieces = [
            "x", "1", "'a'", "(", ")", "[", "]", "{", "}", "&&", "||", "!", "-", "+", "*", "?", ":", ",", ".", "all",
            "has(",
            "care.at(", "in", " ", "\n", "==", "<", "true", "null", "\\", "\"", "中", "9", "e", "0x", "u", ".map(i,",
        ]
        for _ in 0..<4_000 {
            let source = (0..<random.next(below: 24)).map { _ in pieces[random.next(below: pieces.count)] }.joined()
            _ = Expressions.value(source)
        }
    }
}
