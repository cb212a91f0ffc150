import Testing

@testable import RuleEngine

@Suite("CEL：名字")
struct NameTests {
    static let variables = [
        Expressions.Variable("y", .string, .string("y")),
        Expressions.Variable("a.b", .map(.string, .int), .map([entry])),
        Expressions.Variable("a.b.c", .string, .string("a.b.c")),
        Expressions.Variable("p.q.y", .string, .string("p.q.y")),
        Expressions.Variable("p.z", .string, .string("p.z")), Expressions.Variable("m.k", .string, .string("m.k")),
        Expressions.Variable("true", .bool, .bool(false)), Expressions.Variable("int", .int, .int(3)),
    ]
    static let entry = Value.MapEntry(key: .string("d"), value: .int(4))

    /// Expression, container, what it means.
    static let rows: [(String, String, Value)] = [
        ("y", "", .string("y")), (".y", "", .string("y")), ("y", "p.q", .string("p.q.y")), (".y", "p.q", .string("y")),
        ("y", "p", .string("y")), ("q.y", "p", .string("p.q.y")), ("z", "p.q", .string("p.z")),
        ("p.z", "p.q", .string("p.z")),
        ("a.b.c", "", .string("a.b.c")), ("a.b.d", "", .int(4)), ("has(a.b.d)", "", .bool(true)),
        ("has(a.b.e)", "", .bool(false)),
        ("a . b\n. c", "", .string("a.b.c")), (".a.b.c", "p", .string("a.b.c")), ("a.b['d']", "p", .int(4)),
        ("['v'].exists(y, y == 'v')", "p.q", .bool(true)), ("['v'].exists(y, .y == 'y')", "p.q", .bool(true)),
        ("[{'k': 'v'}].exists(m, m.k == 'v')", "", .bool(true)),
        ("[{'k': 'v'}].exists(m, .m.k == 'm.k')", "", .bool(true)),
        ("['v'].exists(y, ['w'].exists(y, y == 'w'))", "", .bool(true)), ("true", "", .bool(true)),
        ("int", "", .int(3)),
        ("int('5')", "", .int(5)), (".size([1])", "p", .int(1)),
    ]

    @Test("最长的名字优先，容器从内到外，宏的变量在先", arguments: rows)
    func resolves(_ source: String, _ container: String, _ expected: Value) {
        for checksTypes in [true, false] {
            let value = Expressions.value(source, Self.variables, container: container, checksTypes: checksTypes)
            #expect(value == expected, "\(source) in \(container)")
        }
    }

    @Test("没有的名字被拒绝", arguments: ["z", "a", "a.c", "p", "q.y", ".q.y", "m"])
    func unknown(_ source: String) {
        guard case .string(let text) = Expressions.value(source, Self.variables) else {
            Issue.record("\(source) was accepted")
            return
        }
        #expect(text.hasPrefix("refused: expression.unknown_name"))
    }

    static let reserved = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ]

    @Test("保留字不能作名字，可以作字段和方法", arguments: reserved)
    func reservedWords(_ word: String) {
        for source in [word, ".\(word)", "\(word)(1)", "\(word).a"] {
            #expect(throws: ExpressionIssue.self) { try Parser.parse(source) }
        }
        #expect(Expressions.value("{'\(word)': 1}.\(word)") == .int(1))
        #expect(Expressions.value("x.\(word)() || true", checksTypes: false) == .bool(true))
    }

    @Test("关键字连字段也不能作", arguments: ["in", "true", "false", "null"])
    func keywords(_ word: String) {
        #expect(throws: ExpressionIssue.self) { try Parser.parse("x.\(word)") }
        #expect(Expressions.value("{'\(word)': 1}.`\(word)`") == .int(1))
    }

    @Test(
        "子集之外的写法被拒绝",
        arguments: [
            "A{}", "A{a: 1}", "a.B{a: 1}", ".a.B{}", "x.?a", "x[?0]", "[?x]", "{?'a': x}", "x.`a`()", "`a`", "x.`a\"`",
            "x.``",
            "a in", "1 = 1", "1 & 1", "a ?: b", "f(1,)", "x..a", "x.1", ".", "..a", "[,]", "{,}", "{1}", "()", "1 +* 2",
        ])
    func outside(_ source: String) { #expect(throws: ExpressionIssue.self) { try Parser.parse(source) } }
}
