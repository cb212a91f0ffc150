import Testing

@testable import RuleEngine

@Suite("CEL：类型与转换")
struct ConversionTests {
    static let rows: [(String, Value)] = [
        ("int(5)", .int(5)), ("int(5u)", .int(5)), ("int(5.9)", .int(5)), ("int(-5.9)", .int(-5)),
        ("int('-12')", .int(-12)),
        ("uint(5u)", .uint(5)), ("uint(5)", .uint(5)), ("uint(5.9)", .uint(5)), ("uint('12')", .uint(12)),
        ("double(5)", .double(5)), ("double(5u)", .double(5)), ("double('-2.5e3')", .double(-2500)),
        ("double('7')", .double(7)), ("double('-0')", .double(-0.0)), ("double('Infinity')", .double(.infinity)),
        ("string(-5)", .string("-5")), ("string(5u)", .string("5")), ("string(2.5)", .string("2.5")),
        ("string(3.0)", .string("3")), ("string(true)", .string("true")), ("string('中')", .string("中")),
        ("string(b'\\xe4\\xb8\\xad')", .string("中")), ("bytes('中')", .bytes([0xE4, 0xB8, 0xAD])),
        ("bytes(b'a')", .bytes([97])), ("bool(true)", .bool(true)), ("bool('True')", .bool(true)),
        ("bool('f')", .bool(false)),
        ("bool('1') && !bool('0')", .bool(true)), ("size('a中🐱')", .int(3)), ("size(b'a中')", .int(4)),
        ("[1, 2].size() + size({1: 1})", .int(3)), ("dyn('a')", .string("a")),
    ]

    @Test("转换的结果", arguments: rows)
    func converts(_ source: String, _ expected: Value) { #expect(Expressions.value(source) == expected) }

    @Test(
        "装不下的数",
        arguments: [
            "int(9223372036854775808u)", "int(9.3e18)", "int(-9.3e18)", "int(0.0 / 0.0)", "uint(-1)", "uint(-1.0)",
            "uint(1.9e19)", "uint(1.0 / 0.0)",
        ])
    func overflow(_ source: String) { #expect(Expressions.value(source) == .error(.overflow)) }

    @Test(
        "读不懂的文字",
        arguments: [
            "int('')", "int('1.5')", "int('0x1')", "int(' 1')", "uint('-1')", "uint('+1')", "double('')",
            "double('0x1p3')",
            "double('1e999')", "double('nan(1)')", "bool('yes')", "bool('tRUE')", "bool('')", "string(b'\\xff')",
        ])
    func invalid(_ source: String) { #expect(Expressions.value(source) == .error(.invalidArgument)) }

    static let types: [(String, String)] = [
        ("null", "null_type"), ("true", "bool"), ("1", "int"), ("1u", "uint"), ("1.0", "double"), ("''", "string"),
        ("b''", "bytes"), ("[]", "list"), ("{}", "map"), ("int", "type"), ("type(int)", "type"),
        ("care.date('2014-07-16')", "care.date"), ("care.yuan(1)", "care.money"), ("care.decimal(1)", "care.decimal"),
    ]

    @Test("type() 给出类型的名字", arguments: types)
    func typeOf(_ source: String, _ expected: String) {
        #expect(Expressions.value("type(\(source))") == .type(expected))
        #expect(Expressions.value("type(dyn(\(source)))") == .type(expected))
    }

    @Test(
        "类型的名字可以直接写",
        arguments: ["bool", "int", "uint", "double", "string", "bytes", "list", "map", "type", "null_type"])
    func denotation(_ name: String) { #expect(Expressions.value(name) == .type(name)) }

    static let deduced: [(String, String)] = [
        ("1", "int"), ("[1]", "list(int)"), ("[]", "list(dyn)"), ("[[], [1]]", "list(list(int))"),
        ("[[[]], []]", "list(list(list(dyn)))"), ("[1, 'a']", "list(dyn)"), ("[1, dyn(1)]", "list(dyn)"),
        ("{'a': 1}", "map(string, int)"), ("{}", "map(dyn, dyn)"),
        ("{'a': {}, 'b': {'c': 1u}}", "map(string, map(string, uint))"),
        ("[1][0]", "int"), ("[][0]", "dyn"), ("{'a': 1}['a']", "int"), ("{'a': 1}.a", "int"), ("[] + [1]", "list(int)"),
        ("[1].map(i, string(i))", "list(string)"), ("[].map(i, i)[0].a.b", "dyn"), ("[1].filter(i, true)", "list(int)"),
        ("[1].exists(i, i == 1)", "bool"), ("true ? [] : [1]", "list(int)"), ("1 < 2", "bool"), ("x", "dyn"),
        ("x + 1", "int"),
        ("x + x", "dyn"), ("('a' + 'b').contains('a')", "bool"), ("list_value", "list(int)"),
    ]

    @Test("检查得出的类型", arguments: deduced)
    func deduces(_ source: String, _ expected: String) { #expect(Expressions.type(source) == expected) }
}
