import Testing

@testable import RuleEngine

@Suite("CEL：逻辑")
struct LogicTests {
    /// `E` stands for an error, `U` for unknown. Both operators are commutative in everything.
    static let rows: [(String, String)] = [
        ("true && true", "true"), ("true && false", "false"), ("false && false", "false"), ("true || false", "true"),
        ("false || false", "false"), ("E && false", "false"), ("E && true", "E"), ("E || true", "true"),
        ("E || false", "E"), ("U && false", "false"), ("U && true", "U"), ("U || true", "true"), ("U || false", "U"),
        ("U && E", "U"), ("U || E", "U"), ("E && E", "E"), ("U && U", "U"),
    ]

    @Test("真值表，左右对调结果不变", arguments: rows)
    func table(_ row: String, _ expected: String) {
        let sides = row.split(separator: " ")
        for source in [row, "\(sides[2]) \(sides[1]) \(sides[0])"] {
            let text = source.replacing("E", with: "(1 / 0 == 1)").replacing("U", with: "unknown_fact")
            #expect(Self.letter(Expressions.value(text)) == expected, "\(source)")
        }
    }

    private static func letter(_ value: Value) -> String {
        switch value {
        case .bool(let flag): "\(flag)"
        case .unknown: "U"
        case .error: "E"
        default: "\(value)"
        }
    }

    @Test("连着很多项时，定下来的一项吸收所有错误")
    func chains() {
        let errors = Array(repeating: "1 / 0 == 1", count: 40).joined(separator: " || ")
        #expect(Expressions.value(errors + " || true") == .bool(true))
        #expect(Expressions.value("true || " + errors) == .bool(true))
        #expect(Expressions.value(errors) == .error(.divideByZero))
    }

    static let conditionals: [(String, Value)] = [
        ("true ? 1 : 2", .int(1)), ("false ? 1 : 2", .int(2)), ("true ? 1 : 1 / 0", .int(1)),
        ("false ? 1 / 0 : 2", .int(2)),
        ("1 / 0 == 1 ? 1 : 2", .error(.divideByZero)), ("false ? 1 : false ? 2 : 3", .int(3)),
        ("true ? false ? 1 : 2 : 3", .error(.noSuchOverload)), ("(true ? 'a' : 'b') + 'c'", .string("ac")),
        ("unknown_fact ? 1 : 2", .unknown(Expressions.missing)), ("dyn(true) ? 1 : 'a'", .int(1)),
    ]

    @Test("条件运算只算选中的一边", arguments: conditionals)
    func conditional(_ source: String, _ expected: Value) {
        // CEL wants brackets around a conditional between `?` and `:`.
        if source == "true ? false ? 1 : 2 : 3" {
            #expect(throws: ExpressionIssue.self) { try Parser.parse(source) }
        } else {
            #expect(Expressions.value(source) == expected)
        }
    }

    static let unchecked: [(String, Value)] = [
        ("false && 7", .bool(false)), ("'a' && false", .bool(false)), ("'a' || true", .bool(true)),
        ("'a' && true", .error(.noSuchOverload)), ("'a' || 'b'", .error(.noSuchOverload)),
        ("1 ? 2 : 3", .error(.noSuchOverload)), ("!'a'", .error(.noSuchOverload)),
        ("nobody", .error(.undeclaredReference)),
        ("nobody || true", .bool(true)), ("nothing(1, nobody)", .error(.unboundFunction)),
        ("nothing(1) || true", .bool(true)), ("x.nothing() || true", .bool(true)),
        ("size(1, 2)", .error(.noSuchOverload)),
        ("true ? 'a' : 7", .string("a")), ("1 == 1.0", .bool(true)), ("2u != 2", .bool(false)),
        ("[1] == [1u]", .bool(true)),
        ("dyn", .error(.undeclaredReference)), ("has(x.a)", .error(.noSuchOverload)), ("x.a", .error(.noSuchOverload)),
    ]

    @Test("不检查类型时，错误到求值才出现，也会被吸收", arguments: unchecked)
    func withoutChecking(_ source: String, _ expected: Value) {
        #expect(Expressions.value(source, checksTypes: false) == expected)
    }
}
